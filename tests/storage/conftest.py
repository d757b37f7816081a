"""Every test that asks for `url` or `store` runs on SQLite and on PostgreSQL."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.sealing import Vault
from storage.store import Store
from tests.databases import KINDS, url_of
from tests.storage.said import KEY


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return url_of(request.param, tmp_path)


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    opened = await Store.open(url, Vault([KEY]))
    yield opened
    await opened.close()
