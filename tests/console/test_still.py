"""What the console ships of others is what it says it is, and its own files are found under addresses that change."""

import hashlib
import re
from pathlib import Path

import pytest

from console import still
from tests.console.desk import Desk

ROOT = Path(__file__).parents[2]
VENDOR = ROOT / "console" / "static" / "vendor"
PACKAGES = Path(__file__).parent / "browser" / "node_modules"
FROM = {
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "uplot.min.js": "uplot/dist/uPlot.iife.min.js",
    "uplot.min.css": "uplot/dist/uPlot.min.css",
}


@pytest.mark.parametrize("name", FROM)
def test_a_library_is_the_one_that_the_readme_names(name: str) -> None:
    digest = hashlib.sha256((VENDOR / name).read_bytes()).hexdigest()
    (row,) = [line for line in (VENDOR / "README.md").read_text("utf-8").splitlines() if f"`{name}`" in line]
    assert digest in row
    licence = re.search(r"\(`([^`]+)`\)", row)
    assert licence is not None
    assert (VENDOR / licence[1]).is_file()


@pytest.mark.parametrize("name", FROM)
def test_a_library_is_the_one_that_npm_installs(name: str) -> None:
    installed = PACKAGES / FROM[name]
    if not installed.exists():
        pytest.skip("npm ci has not been run in tests/console/browser")
    assert installed.read_bytes() == (VENDOR / name).read_bytes()


def test_nothing_is_fetched_from_elsewhere() -> None:
    for folder in ("static", "templates"):
        for path in (ROOT / "console" / folder).rglob("*"):
            if path.suffix in {".css", ".js", ".html"} and path.parent != VENDOR:
                text = path.read_text("utf-8")
                assert not re.search(r"""(src|href|url\(|import|from)\s*=?\s*["'(]?(https?:)?//""", text), path.name


def test_pages_hold_no_scripts_or_styles_of_their_own() -> None:
    for path in (ROOT / "console" / "templates").rglob("*.html"):
        text = path.read_text("utf-8")
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:", text), path.name


async def test_a_file_is_kept_under_the_address_of_its_version(desk: Desk) -> None:
    browser = await desk.stranger()
    found = await browser.get(still.address("console.css"))
    assert found.status == 200
    assert "immutable" in found.headers["Cache-Control"]
    assert found.headers["Content-Type"].startswith("text/css")
    other = await browser.get("/console/static/000000000000/console.css")
    assert other.headers["Cache-Control"] == "no-store"
    for path in ("../app.py", "vendor/README.md", "..%2fapp.py", "nothing.css"):
        assert (await browser.get(f"/console/static/{still.version()}/{path}")).status == 404
