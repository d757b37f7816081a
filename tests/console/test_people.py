"""People in the console: found, filtered, one whole, entered for, moved, invited; only of the visitor's units."""

import re
from datetime import date
from html import unescape

import pytest

from console.people_entering import read
from console.people_links import people_link, wanted_of
from domain.census import Group, Order
from domain.delivery import Delivery
from domain.ledger import fold
from domain.message import Channel, Message, MessageKind
from domain.vocabulary import EntryState
from storage.members import Employee
from tests.console.desk import Browser, Desk, Page
from tests.console.people import BRANCH, HOSPITAL, INSTITUTE

TODAY = date(2026, 11, 21)
TYPED = {
    "title": "岩土工程新技术",
    "start": "2026-10-12",
    "end": "",
    "category": "professional",
    "mode": "training_class",
    "quantity": "8",
    "unit": "class_hour",
    "organizer": "省勘察设计协会",
}


async def member_id(desk: Desk, name: str) -> int:
    known = desk.people[name]
    (row,) = [one for one in await desk.store.desk.memberships(known.id) if one.active]
    return row.id


async def delivered(desk: Desk) -> list[Delivery]:
    """What is on its way, sent."""
    taken = await desk.store.take_deliveries(desk.clock.now(), 50, "test")
    for one in taken:
        await desk.store.begin_delivery(one.id or 0, desk.clock.now())
        await desk.store.finish_delivery(one.id or 0, "sent", "", desk.clock.now())
    return taken


def named(page: Page) -> list[str]:
    return re.findall(r'<tr data-member="\d+">\s*<th scope="row"><a [^>]*>([^<]*)</a>', page.text)


# Addresses


def test_an_address_says_the_filter_and_nonsense_says_nothing() -> None:
    address = people_link(2026, "甲", "", "behind", "public", 2)
    asked = dict(pair.split("=") for pair in address.partition("?")[2].split("&"))
    assert asked["department"] == "-"
    wanted = wanted_of({**asked, "unit": "甲", "order": "missing"}, ("甲", "乙"), 2026)
    assert (wanted.units, wanted.department, wanted.group) == (("甲",), "", Group.BEHIND)
    assert (wanted.lacks, wanted.gap, wanted.order) == ("public", 2, Order.MISSING)
    strange = {"unit": "丙", "group": "x'", "lacks": "elective", "gap": "9", "order": "?", "year": "1e3"}
    plain = wanted_of(strange, ("甲",), 2026)
    assert (plain.units, plain.year, plain.group, plain.lacks, plain.gap) == ((), 2026, Group.ALL, "", None)


# The list


async def test_the_list_is_of_ones_own_units_with_those_below(desk: Desk) -> None:
    page = await (await desk.as_("王芳")).get("/console/people")
    assert {"张伟", "孙丽", "周强", "王芳"} <= set(named(page))
    assert not {"吴迪", "郑华", "何院长"} & set(named(page))
    assert set(named(await (await desk.as_("钱进")).get("/console/people"))) == {"孙丽", "周强", "钱进"}
    chosen = await (await desk.as_("王芳", BRANCH)).get("/console/people")
    assert set(named(chosen)) == {"孙丽", "周强", "钱进"}


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("department=结构一所", {"张伟", "李娜"}),
        ("group=returned", {"周强"}),
        ("group=pending", {"李娜", "孙丽"}),
        ("group=done", {"张伟"}),
        ("group=unbound", {"没绑定"}),
        ("group=behind&department=结构二所", {"刘洋", "杨帆"}),
        ("lacks=professional&department=结构二所", {"刘洋", "杨帆"}),
        ("q=张伟", {"张伟"}),
        ("q=伟", {"张伟"}),
        ("q=吴迪", set()),
    ],
)
async def test_filters_and_search(desk: Desk, asked: str, expected: set[str]) -> None:
    await desk.store.desk.import_roster(INSTITUTE, [Employee("没绑定", phone="13800000000")], desk.clock.now())
    assert set(named(await (await desk.as_("王芳")).get(f"/console/people?{asked}"))) == expected


async def test_every_number_of_the_overview_leads_to_so_many_people(desk: Desk) -> None:
    await desk.service.outreach.sweep()
    browser = await desk.as_("王芳", INSTITUTE)
    page = await browser.get("/console/overview")
    link = r'<a href="(/console/people\?[^"]*)"'
    found = re.findall(link + r' class="figure[^"]*"><span class="value">([\d,]+)</span>', page.text)
    found += re.findall(rf'<td class="num" data-label="(?!待审核)[^"]*">{link}>([\d,]+)</a>', page.text)
    assert len(found) > 5
    for href, number in found:
        listed = await browser.get(unescape(href))
        assert len(named(listed)) == int(number), href
        total = await browser.get(unescape(href).replace("/people?", "/people/count?"), **{"HX-Request": "true"})
        assert f"共{number}人" in total.text


async def test_a_long_list_is_leafed_through_and_back(desk: Desk) -> None:
    many = [Employee(f"同事{at:03d}", phone=f"1370000{at:04d}", department="大部门") for at in range(120)]
    await desk.store.desk.import_roster(INSTITUTE, many, desk.clock.now())
    browser = await desk.as_("王芳")
    path, seen = "/console/people?department=大部门", []
    while path:
        page = await browser.get(path)
        seen.append(named(page))
        path = "".join(unescape(one) for one in re.findall(r'rel="next" href="([^"]*)"', page.text))
    assert [len(names) for names in seen] == [50, 50, 20]
    assert len({name for names in seen for name in names}) == 120
    back = unescape(re.findall(r'rel="prev" href="([^"]*)"', page.text)[0])
    assert named(await browser.get(back)) == seen[1]
    for strange in ("after=999999", "after=x", "before=99999999999", "before=-1"):
        assert named(await browser.get(f"/console/people?department=大部门&{strange}")) == seen[0]


async def test_names_are_shown_as_text_whatever_they_are(desk: Desk) -> None:
    odd = "<img src=x onerror=alert(1)>\"'"
    await desk.store.desk.import_roster(
        INSTITUTE, [Employee(odd, phone="13800000000", department="{{7*7}}")], desk.clock.now()
    )
    browser = await desk.as_("王芳")
    page = await browser.get("/console/people?department={{7*7}}&q=" + "<script>")
    assert "<script>alert" not in page.text
    listed = await browser.get("/console/people?department=%7B%7B7*7%7D%7D")
    assert "<img src=x" not in listed.text
    assert odd in unescape(listed.text)


# One person


async def test_a_person_with_their_year_and_why(desk: Desk) -> None:
    id_ = await member_id(desk, "张伟")
    page = await (await desk.as_("王芳")).get(f"/console/people/{id_}")
    for words in (
        "张伟",
        "结构一所",
        "139****0001",
        "专业技术研修班",
        "公需科目网络课",
        "已通过",
        "怎么算的",
        "职称评审的学时",
    ):
        assert words in page.text
    assert "第" in page.text
    assert "<blockquote>" in page.text, "an article can be read where it is cited"
    assert "13900000001" not in page.text
    returned = await (await desk.as_("王芳")).get(f"/console/people/{await member_id(desk, '周强')}")
    assert "退回原因：证书上没有学时" in returned.text
    other = await (await desk.as_("王芳")).get(f"/console/people/{id_}?year=2024")
    assert "这一年还没有记录" in other.text


async def test_each_look_can_be_seen_by_the_person(desk: Desk) -> None:
    browser = await desk.as_("王芳")
    await browser.get(f"/console/people/{await member_id(desk, '张伟')}")
    (look,) = await desk.store.accesses.of_person(desk.people["张伟"].id)
    assert (look.viewer, look.unit, look.what) == ("王芳", INSTITUTE, "record")


async def test_people_of_other_units_are_not_found(desk: Desk) -> None:
    id_ = await member_id(desk, "张伟")
    browser = await desk.as_("何院长")
    photo = "ab" * 32
    for path in ("", "/enter", "/move", f"/proof/{photo}"):
        assert (await browser.get(f"/console/people/{id_}{path}")).status == 404
    for path in ("/enter", "/move", "/leave"):
        assert (await browser.post(f"/console/people/{id_}{path}", {"unit": HOSPITAL, **TYPED})).status == 404
    assert await desk.store.accesses.of_person(desk.people["张伟"].id) == []
    for strange in ("0", "999999", "99999999999", "x", "-1", "1%00"):
        assert (await browser.get(f"/console/people/{strange}")).status in (400, 404)
    assert len(await desk.store.load_entries(desk.people["张伟"].id, None)) == 4


async def test_who_is_not_bound_has_a_page_without_a_record(desk: Desk) -> None:
    await desk.store.desk.import_roster(INSTITUTE, [Employee("没绑定", phone="13800000000")], desk.clock.now())
    (row,) = [one for one in await desk.store.desk.roster(INSTITUTE) if one.person_id is None]
    browser = await desk.as_("王芳")
    assert "还没有在微信里绑定" in (await browser.get(f"/console/people/{row.id}")).text
    assert (await browser.get(f"/console/people/{row.id}/enter")).status == 404


# Entering for somebody


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"start": ""}, "start"),
        ({"start": "2026-13-40"}, "start"),
        ({"start": "2010-01-01"}, "start"),
        ({"start": "2026-11-20", "end": "2026-11-22"}, "end"),
        ({"start": "2026-10-12", "end": "2026-10-11"}, "end"),
        ({"start": "2025-12-30", "end": "2026-01-02"}, "end"),
        ({"category": "elective"}, "category"),
        ({"mode": "sleeping"}, "mode"),
        *(({"quantity": typed}, "quantity") for typed in ("", "0", "-1", "nan", "inf", "1e99", "九", "2001")),
        ({"unit": "furlong"}, "quantity"),
        ({"title": "  "}, "title"),
    ],
)
def test_what_cannot_be_an_activity_says_which_field_is_wrong(changed: dict[str, str], field: str) -> None:
    said = read({**TYPED, **changed}, ("public", "professional"), TODAY)
    assert said.activity is None
    assert set(said.wrong) == {field}


async def _confirmed(browser: Browser, id_: int, **fields: str) -> Page:
    return await browser.post(f"/console/people/{id_}/enter", {**TYPED, "confirmed": "1", **fields})


async def test_hr_enters_for_somebody_after_reading_it_back_and_they_are_told_once(desk: Desk) -> None:
    id_, person = await member_id(desk, "刘洋"), desk.people["刘洋"].id
    before = len(await desk.store.load_entries(person, None))
    browser = await desk.as_("王芳")
    assert (await browser.get(f"/console/people/{id_}/enter")).status == 200
    checked = await browser.post(f"/console/people/{id_}/enter", TYPED)
    assert checked.status == 200
    assert "8学时" in checked.text
    assert "确认登记" in checked.text
    assert len(await desk.store.load_entries(person, None)) == before
    while await delivered(desk):
        pass
    for _ in range(2):  # the same form, sent twice
        done = await _confirmed(browser, id_, once="same")
        assert (done.status, done.goes_to) == (303, f"/console/people/{id_}?year=2026")
    entries = await desk.store.load_entries(person, None)
    assert len(entries) == before + 1
    claim = fold(entries)[-1]
    assert (claim.activity.title, claim.state) == ("岩土工程新技术", EntryState.CLAIMED)
    shown = await browser.get(done.goes_to)
    assert "王芳代录" in shown.text
    told = await delivered(desk)
    assert [one.person_id for one in told] == [person]
    assert "王芳" in told[0].reply.text
    assert "岩土工程新技术" in told[0].reply.text
    (standing,) = [one for one in await desk.store.outreach.standings(person) if one.year == 2026]
    assert (standing.professional_claimed, standing.pending) == (8, 1)
    again = await browser.post(f"/console/people/{id_}/enter", TYPED)
    assert "已经有一条同一天" in again.text


async def test_what_the_unit_knows_of_self_study_makes_it_count(desk: Desk) -> None:
    browser, id_ = await desk.as_("王芳"), await member_id(desk, "刘洋")
    study = {**TYPED, "mode": "self_study", "quantity": "10000", "unit": "char"}
    without = await browser.post(f"/console/people/{id_}/enter", study)
    assert "还不知道有没有" in without.text
    known = await browser.post(f"/console/people/{id_}/enter", {**study, "unit_approved": "1", "assessed": "1"})
    assert "10学时" in known.text
    await _confirmed(browser, id_, **{**study, "unit_approved": "1", "assessed": "1"})
    claim = fold(await desk.store.load_entries(desk.people["刘洋"].id, None))[-1]
    assert claim.activity.attrs == {"unit_approved": True, "assessed": True}


async def test_a_wrong_form_comes_back_as_it_was_typed(desk: Desk) -> None:
    browser = await desk.as_("王芳")
    page = await _confirmed(browser, await member_id(desk, "刘洋"), quantity="-3", title='"><script>x</script>')
    assert page.status == 422
    assert "有1处要改" in page.text
    assert "<script>x" not in page.text
    assert 'value="-3"' in page.text


# Moving


async def test_somebody_is_moved_with_the_record_and_both_units_see_it(desk: Desk) -> None:
    id_, person = await member_id(desk, "张伟"), desk.people["张伟"].id
    browser = await desk.as_("王芳")
    done = await browser.post(f"/console/people/{id_}/move", {"unit": BRANCH, "department": "钻探队"})
    assert done.status == 303
    branch = await desk.as_("钱进")
    page = await branch.get(done.goes_to)
    assert "调动记录" in page.text
    assert "专业技术研修班" in page.text
    assert "张伟" in named(await branch.get("/console/people"))
    again = await browser.post(f"/console/people/{id_}/move", {"unit": BRANCH, "department": "钻探队"})
    assert again.status == 303
    assert len(await desk.store.placing.history(id_, person)) == 1
    for side in (branch, browser):
        assert "钻探队" in (await side.get("/console/people/moves")).text
    assert "张伟" not in (await (await desk.as_("何院长")).get("/console/people/moves")).text
    elsewhere = await browser.post(f"/console/people/{id_}/move", {"unit": HOSPITAL, "department": ""})
    assert elsewhere.status == 404, "not into a unit that the admin does not have"


async def test_who_leaves_is_off_the_list(desk: Desk) -> None:
    browser = await desk.as_("王芳")
    done = await browser.post(f"/console/people/{await member_id(desk, '杨帆')}/leave")
    assert (done.status, done.goes_to) == (303, "/console/people")
    assert "杨帆" not in named(await browser.get("/console/people"))


# Invitations


async def _invited(desk: Desk, unit: str = INSTITUTE) -> tuple[Browser, str, str]:
    browser = await desk.as_("王芳")
    made = await browser.post("/console/people/invitations", {"unit": unit, "department": "测量队", "once": "a"})
    again = await browser.post("/console/people/invitations", {"unit": unit, "department": "测量队", "once": "a"})
    assert made.goes_to == again.goes_to
    page = await browser.get(made.goes_to)
    code = re.findall(r"加入 ([A-Z2-9]{8})", page.text)[0]
    return browser, made.goes_to, code


async def test_an_invitation_is_made_once_printed_again_and_ended(desk: Desk) -> None:
    browser, path, code = await _invited(desk)
    assert "测量队" in (await browser.get("/console/people/invitations")).text
    assert (await (await desk.as_("何院长")).get(path)).status == 404
    assert (await (await desk.as_("何院长")).post(f"{path}/end")).status == 404
    assert (await desk.store.desk.membership("x" * 32, code, "", "", desk.clock.now())).invited == INSTITUTE
    assert (await browser.post(f"{path}/end")).status == 303
    assert (await desk.store.desk.membership("x" * 32, code, "", "", desk.clock.now())).invited is None
    assert "已经过期或作废" in (await browser.get(path)).text
    refused = await browser.post("/console/people/invitations", {"unit": HOSPITAL, "department": ""})
    assert refused.status == 404


def _event(desk: Desk, event: str, key: str, number: int) -> Message:
    return Message(
        key=f"official:wx1:oNew:evt:{number}",
        channel=Channel.OFFICIAL,
        account="wx1",
        sender="oNew",
        kind=MessageKind.EVENT,
        event=event,
        event_key=key,
        sent_at=desk.clock.now(),
    )


@pytest.mark.parametrize("event", ["subscribe_scan", "scan"])
async def test_who_scans_the_poster_is_asked_for_their_name_and_joins(desk: Desk, event: str) -> None:
    await desk.store.desk.import_roster(
        INSTITUTE, [Employee("马超", phone="13800000000", department="测量队")], desk.clock.now()
    )
    _, _, code = await _invited(desk)
    asked = await desk.service.turns.run(_event(desk, event, f"join-{code}", 1))
    assert asked is not None
    spoken = asked.text + "".join(one.reply.text for one in await desk.store.take_deliveries(desk.clock.now(), 50, "t"))
    assert f"加入{INSTITUTE}" in spoken
    named_ = _event(desk, "", "", 2).model_copy(update={"kind": MessageKind.TEXT, "text": "马超"})
    joined = await desk.service.turns.run(named_)
    assert joined is not None
    assert "您已加入" in joined.text
    (row,) = [one for one in await desk.store.desk.roster(INSTITUTE) if one.name == "马超"]
    assert row.person_id is not None


async def test_a_strange_scene_invites_to_nothing(desk: Desk) -> None:
    assert await desk.service.turns.run(_event(desk, "scan", "shop-1", 1)) is None
    unknown = await desk.service.turns.run(_event(desk, "scan", "join-AAAAAAAA", 2))
    assert unknown is not None
    assert "不对或已过期" in unknown.text
