"""Lists through the console: handed in, rehearsed, run, and what became of them in roster and ledger."""

from pathlib import Path

from domain.ledger import EntryKind, fold
from domain.vocabulary import EntryState
from tests.console.desk import Desk, Page
from tests.console.people import BRANCH, INSTITUTE
from tests.console.sheets.lists import posted, workbook


async def done(desk: Desk) -> None:
    while await desk.service.batches.work():
        pass


async def hand_in(desk: Desk, name: str, kind: str, path: Path, **fields: str) -> tuple[str, Page]:
    """The address of the batch and its page, rehearsed."""
    browser = await desk.as_(name)
    sent = await browser.post(f"/console/imports/{kind}", posted(path, **fields))
    assert sent.status == 303, sent.text
    await done(desk)
    return sent.goes_to, await browser.get(sent.goes_to)


async def test_a_roster_is_rehearsed_and_then_imported_once(desk: Desk, tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "名册.xlsx",
        ["姓名", "手机号", "身份证号", "部门"],
        ["新来的", 13912345678, "11010119900101123X", "结构一所"],
        ["新人甲", "13912345679", "", "结构一"],
        ["张伟", "13900000001", "", "结构一所"],
        ["李娜", "13900000001", "", "结构二所"],
        ["", "13900000009", "", ""],
    )
    before = {one.name for one in await desk.store.desk.roster(INSTITUTE)}
    address, page = await hand_in(desk, "王芳", "roster", path, unit=INSTITUTE)
    assert page.status == 200
    for said in ("A6", "没有姓名", "C2", "按前 17 位算应是 7", "D3", "结构一所"):
        assert said in page.text, said
    assert {one.name for one in await desk.store.desk.roster(INSTITUTE)} == before
    hr = await desk.as_("王芳")
    refused = await hr.post(f"{address}/go", {})
    assert "need" not in refused.goes_to
    assert {one.name for one in await desk.store.desk.roster(INSTITUTE)} == before
    await hr.post(f"{address}/go", {"partial": "1", "mend": "1"})
    await done(desk)
    roster = {one.name: one for one in await desk.store.desk.roster(INSTITUTE)}
    assert set(roster) == before | {"新人甲"}
    assert roster["新人甲"].department == "结构一所"
    assert roster["李娜"].department == "结构二所"
    assert roster["李娜"].person_id == desk.people["李娜"].id
    again, page = await hand_in(desk, "王芳", "roster", path, unit=INSTITUTE, once="2")
    batch = await desk.store.sheets.find(again.rpartition("/")[2], (INSTITUTE,))
    assert batch is not None
    assert batch.tally.get("new", 0) == 0


async def test_a_list_records_hours_once_and_proves_what_people_told(desk: Desk, tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "签到.xlsx",
        ["姓名", "部门", "学时"],
        ["张伟", "结构一所", 8],
        ["刘洋", "结构二所", "８学时"],
        ["王芳", "人事处", 8],
        ["刘样", "结构二所", 8],
    )
    shared = {"title": "消防安全培训", "start": "2026-11-03", "category": "professional", "mode": "training_class"}
    address, page = await hand_in(desk, "王芳", "attendance", path, unit=INSTITUTE, **shared)
    assert "可能是“刘洋”" in page.text
    hr = await desk.as_("王芳")
    await hr.post(f"{address}/go", {"partial": "1"})
    await done(desk)
    zhang = desk.people["张伟"].id
    entries = await desk.store.load_entries(zhang, None)
    claim = fold(entries)[-1]
    assert claim.activity.title == "消防安全培训"
    assert claim.state is EntryState.VERIFIED
    batch = await desk.store.sheets.find(address.rpartition("/")[2], (INSTITUTE,))
    assert batch is not None
    assert claim.proofs == (batch.digest,)
    assert "凭培训名单" in claim.note
    own = fold(await desk.store.load_entries(desk.people["王芳"].id, None))[-1]
    assert own.state is EntryState.CLAIMED, "nobody verifies their own hours"
    count = len(entries)
    again, _ = await hand_in(desk, "王芳", "attendance", path, unit=INSTITUTE, once="2", **shared)
    await hr.post(f"{again}/go", {"partial": "1"})
    await done(desk)
    assert len(await desk.store.load_entries(zhang, None)) == count
    assert [entry.kind for entry in entries[-3:]] == [
        EntryKind.HOURS_CLAIMED,
        EntryKind.PROOF_ATTACHED,
        EntryKind.HOURS_VERIFIED,
    ]


async def test_another_units_list_is_not_there(desk: Desk, tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", ["姓名", "手机号"], ["新来的", "13912345678"])
    address, _ = await hand_in(desk, "王芳", "roster", path, unit=BRANCH)
    stranger = await desk.as_("何院长")
    for where in (address, f"{address}/problems", f"{address}/progress"):
        assert (await stranger.get(where)).status == 404
    assert (await stranger.post(f"{address}/go", {})).status == 404
    other = await stranger.post("/console/imports/roster", posted(path, unit=INSTITUTE))
    assert other.status == 404


async def test_a_form_sent_twice_is_one_batch_and_goes_once(desk: Desk, tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", ["姓名", "手机号"], ["新来的", "13912345678"])
    hr = await desk.as_("王芳")
    first = await hr.post("/console/imports/roster", posted(path, unit=INSTITUTE, once="same"))
    second = await hr.post("/console/imports/roster", posted(path, unit=INSTITUTE, once="same"))
    assert first.goes_to == second.goes_to
    await done(desk)
    for _ in range(2):
        assert (await hr.post(f"{first.goes_to}/go", {})).status == 303
    await done(desk)
    assert [one.name for one in await desk.store.desk.roster(INSTITUTE)].count("新来的") == 1
    assert (await hr.get(f"{first.goes_to}/progress", **{"HX-Request": "true"})).headers["HX-Redirect"] == first.goes_to
    assert "太晚" not in (await hr.post(f"{first.goes_to}/stop", {})).text


async def test_files_that_are_none_or_too_large_are_told_so_and_keep_what_was_typed(desk: Desk, tmp_path: Path) -> None:
    hr = await desk.as_("王芳")
    rubbish = tmp_path / "a.xlsx"
    rubbish.write_bytes(b"PK\x03\x04 not a workbook")
    told = await hr.post("/console/imports/attendance", posted(rubbish, unit=INSTITUTE, title="消防安全培训"))
    assert told.status == 422
    assert "打不开" in told.text
    assert "消防安全培训" in told.text
    rubbish.write_bytes(bytes(22 << 20))
    assert (await hr.post("/console/imports/roster", posted(rubbish, unit=INSTITUTE))).status == 413
    wrong = await hr.post("/console/imports/attendance", posted(workbook(tmp_path / "b.xlsx", ["姓名"]), hours="很多"))
    assert wrong.status == 422
    assert (await hr.get("/console/imports")).text.count("/console/imports/") == 4, "nothing but forms and templates"


async def test_templates_can_be_filled_in_and_read_back(desk: Desk, tmp_path: Path) -> None:
    hr = await desk.as_("王芳")
    for kind in ("roster", "attendance"):
        taken = await hr.get(f"/console/imports/template/{kind}")
        path = tmp_path / f"{kind}.xlsx"
        path.write_bytes(taken.body)
        told = await hr.post(f"/console/imports/{kind}", posted(path, unit=INSTITUTE))
        assert (told.status, "标题行下面没有内容" in told.text) == (422, True), kind
    assert (await hr.get("/console/imports/template/official")).status == 404
