"""The service, the stand-in for the platform, and phones with the mini program."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.api.phone import Phone
from tests.miniprogram.world import World, world


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as one:
        yield one


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as one:
        yield one


@pytest.fixture
async def wang(here: World, http: aiohttp.ClientSession) -> Phone:
    phone = Phone(here, "wang", http)
    await phone.login()
    return phone


@pytest.fixture
async def zhao(here: World, http: aiohttp.ClientSession) -> Phone:
    phone = Phone(here, "zhao", http)
    await phone.login()
    return phone
