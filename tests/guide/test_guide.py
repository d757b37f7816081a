"""The guide: its pictures are there, small and all used, and every room of the console is described."""

import re
from pathlib import Path

import pytest

from console.operator.lamps import GROUPS
from console.rooms import ROOMS
from domain.person import Role
from tests.guide.pictures import FOLDER, MOST_BYTES
from wording import say

GUIDE = Path("docs/guide")
PAGES = sorted(GUIDE.glob("*.md"))
_PICTURE = re.compile(r"!\[[^\]]+\]\((pictures/[^)]+)\)")
_LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)#:]+)\)")


def shown() -> set[Path]:
    return {GUIDE / name for page in PAGES for name in _PICTURE.findall(page.read_text("utf-8"))}


def test_every_picture_is_used_and_every_one_used_is_there() -> None:
    assert shown() == set(FOLDER.glob("*.png"))


@pytest.mark.parametrize("picture", sorted(FOLDER.glob("*.png")), ids=lambda path: path.stem)
def test_a_picture_is_small(picture: Path) -> None:
    assert picture.stat().st_size <= MOST_BYTES


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_links_lead_somewhere(page: Path) -> None:
    for target in _LINK.findall(page.read_text("utf-8")):
        assert (page.parent / target).exists(), target


def test_every_room_is_described() -> None:
    pages = {Role.OPERATOR: "operator.md"}
    for room in ROOMS:
        if room.shown:
            page = GUIDE / pages.get(room.roles[0], "hr.md")
            assert say(f"console.room.{room.name}") in page.read_text("utf-8"), room.name


def test_the_operators_page_explains_every_lamp() -> None:
    page = (GUIDE / "operator.md").read_text("utf-8")
    looks = [look.__name__ for _, looks in GROUPS for look in looks]
    missing = [name for name in looks if say(f"console.operator.name.{name}") not in page]
    assert not missing
