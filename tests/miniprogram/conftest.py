"""The mini program's preview, built from its source, and a browser; skipped with the reason where one is missing."""

import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright

from tests.simulator.screens import CHROMIUM

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "miniprogram"


@pytest.fixture(scope="session")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the preview of the mini program as it stands."""
    node = shutil.which("node")
    if node is None or not (SOURCE / "node_modules" / "miniprogram-simulate").is_dir():
        pytest.skip("Node or the mini program's tools are not installed: make preview")
    built = tmp_path_factory.mktemp("preview")
    subprocess.run([node, "tools/copy-kit.js"], cwd=SOURCE, check=True, capture_output=True)
    build = str(ROOT / "simulator" / "preview" / "build.js")
    subprocess.run([node, build, str(SOURCE), str(built)], check=True, capture_output=True)
    return built


HAS_BROWSER = Path(CHROMIUM).exists()


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    if not HAS_BROWSER:
        pytest.skip("Debian's chromium is not installed")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        await browser.close()
