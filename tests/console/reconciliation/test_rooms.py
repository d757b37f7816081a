"""An official export beside the ledger: every difference with its cause, and entries behind what was there."""

from pathlib import Path
from typing import Any

from domain.ledger import EntryKind, fold
from domain.vocabulary import EntryState
from tests.console.desk import Desk
from tests.console.imports.test_rooms import done
from tests.console.people import INSTITUTE
from tests.console.sheets.lists import posted, workbook
from tests.storage.said import raw

HEAD = ["姓名", "课程名称", "学时", "科目", "开始日期", "结束日期", "证书编号"]
ROWS: list[list[Any]] = [
    ["张伟", "公需科目网络课", 30, "公需科目", "2026-06-03", "2026-06-03", "A1"],  # agrees
    ["张伟", "专业技术研修班", 72, "专业科目", "2026-06-03", "2026-06-03", "A2"],  # 60 here
    ["李娜", "公需科目网络课", 30, "公需科目", "2026-06-03", "2026-06-03", "A3"],  # waits here
    ["刘洋", "专业技术研修班（第二期）", 40, "专业科目", "2026-06-10", "2026-06-10", "A4"],  # another day
    ["杨帆", "数字素养提升", 10, "公需科目", "2026-03-01", "2026-03-02", "A5"],  # not here
    ["无名氏", "数字素养提升", 10, "公需科目", "2026-03-01", "2026-03-02", "A6"],
    ["杨帆", "旧课程", 10, "公需科目", "2024-03-01", "2024-03-02", "A7"],
    ["杨帆", "没有学时的课程", "", "公需科目", "2026-03-01", "2026-03-02", "A8"],
]


async def compared(desk: Desk, path: Path) -> str:
    hr = await desk.as_("王芳")
    form = posted(path, unit=INSTITUTE, year="2026", source="省继续教育平台", all_people="1")
    sent = await hr.post("/console/reconciliation", form)
    assert sent.status == 303, sent.text
    await done(desk)
    return sent.goes_to


async def causes(desk: Desk, address: str) -> dict[str, list[tuple[str, int]]]:
    found: dict[str, list[tuple[str, int]]] = {}
    listed, _ = await desk.store.sheets.differences(address.rpartition("/")[2])
    for one in listed:
        found.setdefault(one.cause.value, []).append((one.name, one.number))
    return found


async def test_differences_are_shown_both_ways_with_their_cause(desk: Desk, tmp_path: Path) -> None:
    address = await compared(desk, workbook(tmp_path / "平台.xlsx", HEAD, *ROWS))
    found = await causes(desk, address)
    assert {cause: [name for name, _ in some] for cause, some in found.items()} == {
        "hours": ["张伟"],
        "unverified": ["李娜"],
        "missing_there": ["李娜"],
        "dates": ["刘洋"],
        "missing_here": ["杨帆"],
        "unknown": ["无名氏"],
    }
    page = await (await desk.as_("王芳")).get(f"{address}?cause=hours")
    assert all(said in page.text for said in ("72", "60学时", "学时不同", "1 行是别的年度", "1 行读不懂"))
    for stranger in ("何院长", "钱进"):
        assert (await (await desk.as_(stranger)).get(address)).status == 404
        sent = await (await desk.as_(stranger)).post(f"{address}/decide", {"number": "0", "act": "accept"})
        assert sent.status == 404


async def test_the_official_record_wins_by_entries_behind_the_old_ones(desk: Desk, tmp_path: Path) -> None:
    address = await compared(desk, workbook(tmp_path / "平台.xlsx", HEAD, *ROWS))
    found = await causes(desk, address)
    hr = await desk.as_("王芳")
    before = {name: await desk.store.load_entries(desk.people[name].id, None) for name in ("张伟", "杨帆", "李娜")}
    for cause in ("hours", "unverified", "missing_there", "dates", "missing_here"):
        fields = {"cause": cause, "number": str(found[cause][0][1]), "act": "accept", "mode": "distance"}
        for _ in range(2):  # the second finds it decided
            assert (await hr.post(f"{address}/decide", fields)).status == 303
    zhang = await desk.store.load_entries(desk.people["张伟"].id, None)
    assert zhang[: len(before["张伟"])] == before["张伟"]
    kinds = [entry.kind for entry in zhang[len(before["张伟"]) :]]
    assert kinds == [
        EntryKind.HOURS_WITHDRAWN,
        EntryKind.HOURS_CLAIMED,
        EntryKind.PROOF_ATTACHED,
        EntryKind.HOURS_VERIFIED,
    ]
    assert "省继续教育平台" in zhang[-1].note
    assert "A2" in zhang[-1].note
    standing = [claim for claim in fold(zhang) if claim.state is EntryState.VERIFIED]
    assert sorted(claim.activity.quantity for claim in standing) == [30, 72]
    yang = fold(await desk.store.load_entries(desk.people["杨帆"].id, None))
    assert [(claim.activity.title, claim.state, claim.activity.mode) for claim in yang] == [
        ("数字素养提升", EntryState.VERIFIED, "distance")
    ]
    li = {
        claim.activity.title: claim.state for claim in fold(await desk.store.load_entries(desk.people["李娜"].id, None))
    }
    assert li == {"公需科目网络课": EntryState.VERIFIED, "专业技术研修班": EntryState.RETURNED}
    again = await compared_again(desk, tmp_path)
    assert set(await causes(desk, again)) == {"unknown"}


async def compared_again(desk: Desk, tmp_path: Path) -> str:
    hr = await desk.as_("王芳")
    path = workbook(tmp_path / "平台2.xlsx", HEAD, *ROWS)
    form = posted(path, unit=INSTITUTE, year="2026", source="省继续教育平台", all_people="1", once="again")
    sent = await hr.post("/console/reconciliation", form)
    await done(desk)
    return sent.goes_to


async def test_keeping_ours_changes_no_entry_and_facts_that_moved_are_left(desk: Desk, tmp_path: Path) -> None:
    address = await compared(desk, workbook(tmp_path / "平台.xlsx", HEAD, *ROWS))
    found = await causes(desk, address)
    hr = await desk.as_("王芳")
    url = str(desk.service.store._driver._connection.execute("PRAGMA database_list").fetchone()[2])
    count = await raw(f"sqlite+aiosqlite:///{url}", "SELECT count(*) FROM ledger")
    await hr.post(f"{address}/decide", {"cause": "hours", "number": str(found["hours"][0][1]), "act": "keep"})
    assert await raw(f"sqlite+aiosqlite:///{url}", "SELECT count(*) FROM ledger") == count
    first = {"cause": "missing_here", "number": str(found["missing_here"][0][1]), "act": "accept"}
    again = await compared_again(desk, tmp_path)
    await hr.post(f"{address}/decide", first)
    number = (await causes(desk, again))["missing_here"][0][1]
    await hr.post(f"{again}/decide", {**first, "number": str(number)})
    assert len(await desk.store.load_entries(desk.people["杨帆"].id, None)) == 3
    (left,) = await desk.store.sheets.find_differences(again.rpartition("/")[2], [number])
    assert left.state.value == "open"
