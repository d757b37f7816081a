"""Notices from the desk: written, previewed, approved by a second person, watched, stopped, resumed, exported."""

import io
import re
from datetime import timedelta

import pytest
from python_calamine import CalamineWorkbook

from console.broadcasts_draft import Draft, mistakes
from domain.broadcast import BroadcastState
from domain.delivery import DeliveryState, Purpose
from domain.reminder import Courtesy
from outreach.broadcasts import notice
from storage.members import Employee
from tests.console.desk import TODAY, Browser, Desk, Page
from tests.console.people import HOSPITAL, INSTITUTE

WRITE = "/console/broadcasts/preview"
SEND = "/console/broadcasts"
TEXT = "【姓名】还差【公需还差】学时，请在12月5日前学完"
FORM = {"unit": INSTITUTE, "whom": "all", "kind": "text", "text": TEXT, "when": "now"}


async def previewed(browser: Browser, **fields: str) -> tuple[dict[str, str], Page]:
    """The form with what the preview adds to it."""
    form = FORM | fields
    page = await browser.post(WRITE, form)
    seen = re.search(r'name="seen" value="(\w+)"', page.text)
    return form | ({"seen": seen[1]} if seen else {}), page


async def sent(desk: Desk, name: str = "王芳", **fields: str) -> str:
    """A notice that has been confirmed; its id."""
    browser = await desk.as_(name)
    form, _ = await previewed(browser, **fields)
    done = await browser.post(SEND, form)
    assert done.status == 303, done.text
    return done.goes_to.rpartition("/")[2]


async def out(desk: Desk) -> None:
    """Everything that is due goes into the outbox, and what stood there before has left."""
    for one in await desk.store.take_deliveries(desk.clock.now(), 50, "t", purposes=(Purpose.ANSWER,)):
        await desk.store.finish_delivery(one.id or 0, DeliveryState.SENT, "", desk.clock.now())
    while await desk.store.broadcasts.send_page(notice, desk.clock.now()):
        pass


async def state(desk: Desk, notice_id: str) -> BroadcastState:
    found = await desk.store.broadcasts.find((INSTITUTE,), notice_id)
    assert found is not None
    return found.state


async def test_a_preview_shows_whom_it_takes_in_how_they_are_reached_and_three_of_them(desk: Desk) -> None:
    _, page = await previewed(await desk.as_("王芳"), whom="unfinished", text="【姓名】还差【还差】学时")
    assert page.status == 200
    assert "刘洋还差50学时" in page.text
    assert "不可达 6 人" in page.text
    assert page.text.count("<figure") == 3


async def test_what_is_wrong_is_said_beside_the_field(desk: Desk) -> None:
    browser = await desk.as_("王芳")
    for fields, told in (
        ({"text": " "}, "请写内容"),
        ({"text": "长" * 601}, "最长600字"),
        ({"when": "later", "at": "2026-11-20T09:00"}, "请选现在起"),
        ({"when": "later", "at": "nonsense"}, "请选现在起"),
        ({"way": "mass"}, "不能写"),
        ({"way": "mass", "text": "通知", "whom": "unfinished"}, "只能发给整个单位"),
    ):
        page = await browser.post(WRITE, FORM | fields)
        assert (page.status, told in page.text) == (422, True), fields


async def test_a_course_notice_says_what_is_still_missing(desk: Desk) -> None:
    fields = {
        "kind": "course",
        "text": "",
        "course_category": "公需科目",
        "course_hours": "30",
        "course_place": "市委党校",
    }
    _, page = await previewed(await desk.as_("王芳"), **fields)
    assert "课程通知还缺：学习方式、课程安排、师资、教学管理要求" in page.text
    whole = fields | {
        "course_mode": "网络学习",
        "course_dates": "12月1日至10日",
        "course_teacher": "省继续教育基地",
        "course_assessment": "在线考核",
    }
    _, page = await previewed(await desk.as_("王芳"), **whole)
    assert "课程通知还缺" not in page.text
    assert "培训科目：公需科目" in page.text


async def test_what_was_not_previewed_is_not_sent(desk: Desk) -> None:
    browser = await desk.as_("王芳")
    form, _ = await previewed(browser)
    page = await browser.post(SEND, form | {"text": "别的"})
    assert (page.status, "三个人会收到的" in page.text) == (200, True)
    page = await browser.post(SEND, FORM)
    assert page.status == 200
    assert await desk.store.broadcasts.listed((INSTITUTE,)) == []


async def test_it_goes_to_everybody_once_however_often_the_form_is_sent(desk: Desk) -> None:
    browser = await desk.as_("王芳")
    form, _ = await previewed(browser)
    first = await browser.post(SEND, form | {"once": "same"})
    second = await browser.post(SEND, form | {"once": "same"})
    assert first.goes_to == second.goes_to
    await out(desk)
    found = await desk.store.take_deliveries(desk.clock.now(), 50, "t", purposes=(Purpose.BROADCAST,))
    assert len({one.person_id for one in found}) == len(found) == 7
    assert "已处理 7 人" in (await browser.get(first.goes_to)).text


async def test_above_the_size_a_second_person_decides_and_never_the_author(desk: Desk) -> None:
    await desk.store.outreach.set_courtesy(INSTITUTE, Courtesy(approved_above=3))
    notice_id = await sent(desk)
    assert await state(desk, notice_id) is BroadcastState.APPROVAL
    author, second = await desk.as_("王芳"), await desk.as_("陈静")
    refused = await author.post(f"{SEND}/{notice_id}/approve")
    assert "由别人批准" in (await author.follow(refused)).text
    assert await state(desk, notice_id) is BroadcastState.APPROVAL
    asked = await desk.store.take_deliveries(desk.clock.now(), 50, "t", purposes=(Purpose.ANSWER,))
    assert [one.person_id for one in asked if "等您批准" in one.reply.text] == [desk.people["陈静"].id]
    done = await second.post(f"{SEND}/{notice_id}/approve")
    assert "已批准" in (await second.follow(done)).text
    assert await state(desk, notice_id) is BroadcastState.DUE
    again = await second.post(f"{SEND}/{notice_id}/reject")
    assert "刚刚变了" in (await second.follow(again)).text


async def test_a_notice_is_put_off_stopped_and_taken_up_again(desk: Desk) -> None:
    notice_id = await sent(desk, when="later", at="2026-12-01T09:00")
    await out(desk)
    browser = await desk.as_("王芳")
    assert "已处理 0 人" in (await browser.get(f"{SEND}/{notice_id}")).text
    await browser.post(f"{SEND}/{notice_id}/stop")
    assert await state(desk, notice_id) is BroadcastState.STOPPED
    await browser.post(f"{SEND}/{notice_id}/resume")
    assert await state(desk, notice_id) is BroadcastState.DUE
    desk.clock.advance(timedelta(days=11).total_seconds())
    await out(desk)
    assert await state(desk, notice_id) is BroadcastState.OUT


async def test_an_approver_watches_and_stops_nothing(desk: Desk) -> None:
    notice_id = await sent(desk)
    browser = await desk.as_("陈静")
    assert (await browser.get(f"{SEND}/{notice_id}")).status == 200
    assert (await browser.post(f"{SEND}/{notice_id}/stop")).status == 403
    assert (await browser.get("/console/broadcasts/new")).status == 403
    assert (await (await desk.as_("赵敏")).get(SEND)).status == 403


async def test_another_units_notice_is_not_found(desk: Desk) -> None:
    notice_id = await sent(desk)
    browser = await desk.as_("何院长")
    for what in ("", "/progress", "/unreached", "/unreached.xlsx"):
        assert (await browser.get(f"{SEND}/{notice_id}{what}")).status == 404
    for what in ("/approve", "/reject", "/stop", "/resume"):
        assert (await browser.post(f"{SEND}/{notice_id}{what}")).status == 404
    form, page = await previewed(browser, unit=INSTITUTE)
    assert page.status == 404
    assert (await browser.post(SEND, form)).status == 404
    assert [one.id for one in await desk.store.broadcasts.listed((INSTITUTE, HOSPITAL))] == [notice_id]


async def test_the_page_that_watches_is_told_when_nothing_moves_any_more(desk: Desk) -> None:
    notice_id = await sent(desk)
    browser = await desk.as_("王芳")
    path = f"{SEND}/{notice_id}/progress"
    page = await browser.get(path, **{"HX-Request": "true"})
    assert (page.status, "hx-get" in page.text, "<html" in page.text) == (200, True, False)
    await out(desk)
    for one in await desk.store.take_deliveries(desk.clock.now(), 50, "t", purposes=(Purpose.BROADCAST,)):
        await desk.store.finish_delivery(one.id or 0, DeliveryState.SENT, "", desk.clock.now())
    page = await browser.get(path, **{"HX-Request": "true"})
    assert (page.status, "hx-get" in page.text, "送达 7" in page.text) == (286, False, True)


async def test_whom_it_did_not_reach_is_a_list_and_a_sheet_of_text(desk: Desk) -> None:
    await desk.store.desk.import_roster(INSTITUTE, [Employee("=HYPERLINK(1)", department="@SUM(1)")], desk.clock.now())
    notice_id = await sent(desk)
    await out(desk)
    browser = await desk.as_("王芳")
    page = await browser.get(f"{SEND}/{notice_id}/unreached")
    assert "=HYPERLINK(1)" in page.text
    assert "没有绑定微信" in page.text
    sheet = await browser.get(f"{SEND}/{notice_id}/unreached.xlsx")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(sheet.body)).get_sheet_by_index(0).to_python()
    assert rows == [["姓名", "部门", "原因"], ["=HYPERLINK(1)", "@SUM(1)", "没有绑定微信"]]
    assert b"<f>" not in sheet.body


@pytest.mark.parametrize("asked", ["?at=1e400&id=x", "?at=nan", "?at=abc", "?at=1&id=" + "a" * 500])
async def test_odd_questions_are_answered(desk: Desk, asked: str) -> None:
    assert (await (await desk.as_("王芳")).get(SEND + asked)).status == 200


def test_a_course_becomes_lines_and_the_text_follows() -> None:
    draft = Draft(INSTITUTE, kind="course", course={"category": "公需", "title": "", "hours": "30"}, text="请按时参加")
    assert draft.content == "培训科目：公需\n培训学时：30\n请按时参加"
    assert mistakes(draft, TODAY) == {}
