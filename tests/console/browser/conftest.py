"""`screens`: browsers on the console of the `desk`."""

from collections.abc import AsyncIterator

import pytest

from tests.console.browser.screens import CHROMIUM, Screens, open_screens
from tests.console.desk import Desk


@pytest.fixture
async def screens(desk: Desk) -> AsyncIterator[Screens]:
    if not CHROMIUM.exists():
        pytest.skip("Debian's chromium is not installed")
    async with open_screens(desk) as opened:
        yield opened
