"""The review as reviewers see it: by keyboard on a desk, by thumb on a phone, one event together, a second look."""

from datetime import date
from pathlib import Path

import pytest
from playwright.async_api import expect

from domain.ledger import OF_THIS, EntryKind, NewEntry
from domain.vocabulary import Category
from nlp.proofs.proof import Activity, Proof, record_of
from tests.console.browser.screens import NARROW, PHONE, WIDE, Screen, Screens
from tests.console.desk import Desk
from tests.console.people import INSTITUTE, course, settle

PICTURE = Path(__file__).parents[2] / "bot" / "proofs" / "hours_statement.jpg"


async def with_picture(desk: Desk, name: str, *, holder: str = "", hours: float = 8) -> str:
    """A course that somebody has told with a picture, on which this was read; the claim's id."""
    now, known = desk.clock.now(), desk.people[name]
    photo = await desk.service.photos.keep(known.id, PICTURE.read_bytes())
    await desk.store.desk.keep_photo(known.id, photo, "image/jpeg", PICTURE.stat().st_size, now)
    day = date(now.year, 9, 9)
    claimed = course(Category.PROFESSIONAL, hours, day)
    attached = NewEntry(kind=EntryKind.PROOF_ATTACHED, year=now.year, refers_to=f"{OF_THIS}0", note=photo)
    told = await settle(desk.store, known.sender, 11, now, desk.service.book, entries=(claimed, attached))
    read = Activity(
        title="专业技术研修班",
        organizer="省人社厅",
        hours=8,
        start=day.isoformat(),
        end=day.isoformat(),
        certificate_no="CQ-2026-0419",
        confidence={"organizer": 0.5},
    )
    proof = Proof((read,), name=holder or name)
    await desk.store.desk.save_reading(known.id, photo, record_of(proof), "", (), now)
    return next(iter(told.claims.values()))


async def picture_is_there(screen: Screen) -> None:
    image = screen.page.locator(".frame img").first
    await expect(image).to_be_visible()
    await expect(image).to_have_js_property("complete", True)
    assert await image.evaluate("image => image.naturalWidth") > 0


async def test_a_reviewer_needs_the_keyboard_alone(screens: Screens) -> None:
    desk = screens.desk
    claim_id = await with_picture(desk, "刘洋", holder="刘样", hours=10)
    screen = await screens.open("赵敏")
    page = screen.page
    await screen.go("/console/review")
    await screen.check("review-queue")
    for key, place in (("j", 1), ("j", 2), ("k", 1)):
        await page.keyboard.press(key)
        await expect(page.get_by_text(f"第 {place} 条，共 5 条")).to_be_visible()
    await screen.go(f"/console/review/claims/{claim_id}")
    await expect(page.get_by_role("heading", level=2, name="刘洋")).to_be_visible()
    await expect(page.get_by_text("不一致").first).to_be_visible()
    await picture_is_there(screen)
    await screen.check("review-claim")
    for key in ("+", "+", "o"):
        await page.keyboard.press(key)
    await expect(page.locator(".frame.large")).to_be_visible()
    await screen.shot("review-zoomed")
    await page.keyboard.press("0")
    await page.keyboard.press("r")
    await page.keyboard.press("2")
    await screen.check("review-return")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status")).to_contain_text("已退回 刘洋")
    await page.keyboard.press("a")
    await expect(page.get_by_role("status")).to_contain_text("已通过")
    assert screen.complaints == []
    seen = await desk.store.accesses.of_person(desk.people["刘洋"].id)
    assert {one.what for one in seen} >= {"picture", "record"}


@pytest.mark.parametrize(("size", "dark"), [(PHONE, False), (NARROW, True)])
async def test_a_claim_on_a_phone(screens: Screens, size: tuple[int, int], dark: bool) -> None:
    claim_id = await with_picture(screens.desk, "刘洋")
    screen = await screens.open("王芳", size, dark=dark)
    await screen.go("/console/review")
    await screen.check("review-queue")
    await screen.go(f"/console/review/claims/{claim_id}")
    await picture_is_there(screen)
    await screen.check("review-claim")
    await screen.page.get_by_text("退回", exact=False).first.click()
    await screen.check("review-return")


async def test_one_event_is_approved_with_one_look(screens: Screens) -> None:
    for name in ("张伟", "刘洋", "杨帆"):
        await with_picture(screens.desk, name, hours=12 if name == "杨帆" else 8)
    screen = await screens.open("王芳", unit=INSTITUTE)
    page = screen.page
    await screen.go("/console/review")
    await page.get_by_role("row", name="等 3 人").get_by_role("link", name="一起看").click()
    await expect(page.get_by_role("checkbox", checked=True)).to_have_count(2)
    await screen.check("review-event")
    page.on("dialog", lambda dialog: dialog.accept())
    await page.keyboard.press("a")
    await expect(page.get_by_role("status")).to_contain_text("已一起通过 2 条")
    assert screen.complaints == []


@pytest.mark.parametrize("size", [WIDE, PHONE])
async def test_a_second_look(screens: Screens, size: tuple[int, int]) -> None:
    desk = screens.desk
    claim_id = await with_picture(desk, "刘洋")
    first = await desk.as_("王芳")
    await first.post("/console/review/second/share", {"unit": INSTITUTE, "percent": "100"})
    await first.post(f"/console/review/claims/{claim_id}/approve")
    screen = await screens.open("赵敏", size)
    await screen.go("/console/review/second")
    await screen.check("review-second")
    await screen.page.get_by_role("link", name="审核 刘洋").click()
    await picture_is_there(screen)
    await screen.check("review-look")
    await screen.page.get_by_role("button", name="同意").click()
    await expect(screen.page.get_by_role("status")).to_contain_text("复核同意")
