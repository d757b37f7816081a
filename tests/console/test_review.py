"""The review pages: what waits, one claim, one event, second looks; only of one's units, never one's own, once."""

import re
from datetime import date, timedelta

import pytest

from domain.ledger import EntryKind, fold
from domain.proof import Objection
from domain.unit import Reason, UnitSettings
from domain.vocabulary import Category, EntryState
from tests.console.desk import Desk
from tests.console.people import BRANCH, HOSPITAL, INSTITUTE, course, settle

PUBLIC, PROFESSIONAL = "公需科目网络课", "专业技术研修班"


def address(claim_id: str, what: str = "") -> str:
    return f"/console/review/claims/{claim_id}{what}"


async def states(desk: Desk, name: str) -> dict[str, EntryState]:
    entries = await desk.store.load_entries(desk.people[name].id, None)
    return {claim.activity.title: claim.state for claim in fold(entries)}


async def test_the_queue_shows_what_waits_by_event(desk: Desk) -> None:
    page = await (await desk.as_("王芳")).get("/console/review")
    assert page.status == 200
    assert "待审核 4" in page.text
    assert PUBLIC in page.text
    assert "李娜" in page.text
    assert "孙丽" in page.text
    assert "吴迪" not in page.text


async def test_a_reviewer_of_the_unit_sees_its_own_alone(desk: Desk) -> None:
    page = await (await desk.as_("赵敏", INSTITUTE)).get("/console/review")
    assert "李娜" in page.text
    assert "吴迪" not in page.text


async def test_approving_writes_the_entry_the_standing_and_the_message(desk: Desk) -> None:
    browser = await desk.as_("王芳")
    claim_id = desk.people["李娜"].claims[PUBLIC]
    page = await browser.get(address(claim_id))
    assert "30学时" in page.text
    done = await browser.post(address(claim_id, "/approve"))
    assert done.status == 303
    assert (await states(desk, "李娜"))[PUBLIC] is EntryState.VERIFIED
    shown = await browser.follow(done)
    assert "已通过 李娜 的记录" in shown.text
    overview = await desk.store.overview.of(INSTITUTE, desk.clock.now().year, name="李娜")
    assert overview.found[0].standing is not None
    assert overview.found[0].standing.public_verified == 30
    told = [one for one in await desk.store.take_deliveries(desk.clock.now(), 50, "t") if "审核通过" in one.reply.text]
    assert [one.person_id for one in told] == [desk.people["李娜"].id]


async def test_a_form_posted_again_decides_nothing_twice(desk: Desk) -> None:
    browser = await desk.as_("王芳")
    claim_id = desk.people["李娜"].claims[PUBLIC]
    for _ in range(2):
        done = await browser.post(address(claim_id, "/approve"), {"once": "same"})
        assert done.status == 303
    entries = await desk.store.load_entries(desk.people["李娜"].id, None)
    assert [one.kind for one in entries].count(EntryKind.HOURS_VERIFIED) == 1
    assert "没有重复处理" in (await browser.follow(done)).text


async def test_a_return_carries_code_and_sentence(desk: Desk) -> None:
    browser = await desk.as_("王芳")
    claim_id = desk.people["李娜"].claims[PUBLIC]
    refused = await browser.post(address(claim_id, "/return"), {"words": "  "})
    assert "请选一个退回原因" in (await browser.follow(refused)).text
    done = await browser.post(address(claim_id, "/return"), {"code": "name_differs", "words": "证书上是李那"})
    assert "已退回 李娜" in (await browser.follow(done)).text
    (entry,) = [
        one
        for one in await desk.store.load_entries(desk.people["李娜"].id, None)
        if one.kind is EntryKind.HOURS_RETURNED
    ]
    assert entry.note == "name_differs|证书上是李那"


async def test_another_units_claim_is_not_found(desk: Desk) -> None:
    browser = await desk.as_("王芳")
    theirs = desk.people["吴迪"].claims[PUBLIC]
    for what in ("", "/event", "/pictures/" + "a" * 64):
        assert (await browser.get(address(theirs, what))).status == 404
    for what in ("/approve", "/return", "/event"):
        assert (await browser.post(address(theirs, what), {"code": "no_proof", "claim": theirs})).status == 404
    assert (await states(desk, "吴迪"))[PUBLIC] is EntryState.CLAIMED


async def test_nobody_decides_about_themselves(desk: Desk) -> None:
    now = desk.clock.now()
    known = desk.people["王芳"]
    entries = (course(Category.PUBLIC, 12, date(now.year, 5, 4)),)
    claims = (await settle(desk.store, known.sender, 5, now, desk.service.book, entries=entries)).claims
    browser = await desk.as_("王芳")
    page = await browser.get("/console/review")
    assert "您自己的 1 条" in page.text
    assert (await browser.get(address(claims[PUBLIC]))).status == 404
    assert (await browser.post(address(claims[PUBLIC], "/approve"))).status == 404
    assert (await (await desk.as_("赵敏")).post(address(claims[PUBLIC], "/approve"))).status == 303


async def many(desk: Desk, names: tuple[str, ...]) -> dict[str, str]:
    """The same course told by several people of the institute."""
    now, found = desk.clock.now(), {}
    for name in names:
        entries = (course(Category.PROFESSIONAL, 8, date(now.year, 9, 9)),)
        known = await settle(desk.store, desk.people[name].sender, 7, now, desk.service.book, entries=entries)
        found[name] = known.claims[PROFESSIONAL]
    return found


async def test_one_event_is_approved_together_but_for_those_left_out(desk: Desk) -> None:
    claims = await many(desk, ("张伟", "刘洋", "杨帆"))
    browser = await desk.as_("赵敏")
    assert "张伟 等 3 人" in (await browser.get("/console/review")).text
    page = await browser.get(address(claims["张伟"], "/event"))
    event = re.search(r'name="event" value="(\w+)"', page.text)
    assert event is not None
    form = browser_form(claims, "张伟", "刘洋") | {"event": event[1]}
    done = await browser.post(address(claims["张伟"], "/event"), form)
    assert "已一起通过 2 条" in (await browser.follow(done)).text
    for name, state in (("张伟", EntryState.VERIFIED), ("刘洋", EntryState.VERIFIED), ("杨帆", EntryState.CLAIMED)):
        entries = fold(await desk.store.load_entries(desk.people[name].id, None))
        assert entries[-1].state is state, name


def browser_form(claims: dict[str, str], *names: str) -> dict[str, str | list[str]]:
    return {"claim": [claims[name] for name in names]}


async def drawn(desk: Desk) -> str:
    """A claim of 李娜 that 王芳 has approved and that was drawn for a second look."""
    browser = await desk.as_("王芳")
    await browser.post("/console/review/second/share", {"unit": INSTITUTE, "percent": "100"})
    claim_id = desk.people["李娜"].claims[PUBLIC]
    await browser.post(address(claim_id, "/approve"))
    return claim_id


async def test_a_second_look_is_somebody_elses_and_an_objection_an_entry(desk: Desk) -> None:
    claim_id = await drawn(desk)
    first, second = await desk.as_("王芳"), await desk.as_("赵敏")
    assert (await first.get(f"/console/review/second/{claim_id}")).status == 404
    assert (await first.post(f"/console/review/second/{claim_id}/agree")).status == 404
    page = await second.get(f"/console/review/second/{claim_id}")
    assert page.status == 200
    assert "不同意会另记一笔" in page.text
    done = await second.post(f"/console/review/second/{claim_id}/object", {"code": "unreadable"})
    assert "两次结论都留在记录里" in (await second.follow(done)).text
    kinds = [one.kind for one in await desk.store.load_entries(desk.people["李娜"].id, None)][-2:]
    assert kinds == [EntryKind.HOURS_VERIFIED, EntryKind.HOURS_RETURNED]
    assert (await second.get(f"/console/review/second/{claim_id}")).status == 404


async def test_an_agreement_is_counted(desk: Desk) -> None:
    claim_id = await drawn(desk)
    second = await desk.as_("赵敏")
    done = await second.post(f"/console/review/second/{claim_id}/agree")
    assert "已复核 1 条，其中同意 1 条" in (await second.follow(done)).text


async def test_the_share_is_set_by_the_units_hr_alone(desk: Desk) -> None:
    path, fields = "/console/review/second/share", {"unit": HOSPITAL, "percent": "10"}
    assert (await (await desk.as_("王芳")).post(path, fields)).status == 404
    assert (await (await desk.as_("赵敏")).post(path, fields | {"unit": INSTITUTE})).status == 403
    browser = await desk.as_("王芳")
    bad = await browser.post(path, fields | {"unit": BRANCH, "percent": "150"})
    assert "0 到 100" in (await browser.follow(bad)).text
    assert await desk.store.reviewing.share(BRANCH) == 0


async def test_a_look_at_somebody_is_written_down(desk: Desk) -> None:
    browser = await desk.as_("王芳")
    await browser.get(address(desk.people["李娜"].claims[PUBLIC]))
    seen = await desk.store.accesses.of_person(desk.people["李娜"].id)
    assert [one.viewer for one in seen] == ["王芳"]


@pytest.mark.parametrize("asked", ["?from=abc", "?from=99999", "?department=%27%22%3E", "?department=" + "长" * 300])
async def test_odd_questions_are_answered(desk: Desk, asked: str) -> None:
    assert (await (await desk.as_("王芳")).get("/console/review" + asked)).status == 200


async def test_how_long_it_usually_takes_is_shown(desk: Desk) -> None:
    desk.clock.advance(int(timedelta(hours=1).total_seconds()))
    page = await (await desk.as_("王芳", INSTITUTE)).get("/console/review")
    assert "本单位通常 24小时 审完一条" in page.text


async def test_a_units_own_reasons_are_offered(desk: Desk) -> None:
    own = UnitSettings(reasons=(Reason(Objection.YEAR_DIFFERS, "不是本年度的"), Reason(Objection.NO_PROOF)))
    await desk.store.settings.put(INSTITUTE, own, desk.clock.now())
    browser, claim_id = await desk.as_("王芳"), desk.people["李娜"].claims[PUBLIC]
    page = await browser.get(address(claim_id))
    assert re.findall(r'name="code" value="(\w+)"', page.text) == ["year_differs", "no_proof", "other"]
    await browser.post(address(claim_id, "/return"), {"code": "year_differs"})
    notes = [one.note for one in await desk.store.load_entries(desk.people["李娜"].id, None)]
    assert "year_differs|不是本年度的" in notes
