"""Rosters: spreadsheets as people make them and as nobody should, rehearsed, imported twice, and never told in full."""

import zipfile
from datetime import datetime
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from bot.roster import import_roster, read_roster
from bot.sheets import SheetRefused
from storage.members import Employee
from storage.sealing import Vault
from storage.store import Store
from tests.databases import sqlite_url
from tests.service.world import settings
from tests.talk import ZONE

UNIT = "呼和浩特市建设集团"
NOW = datetime(2026, 11, 20, 9, 30, tzinfo=ZONE)
VALID = "110101199001011237"  # of nobody: its check digit fits
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def sheet(path: Path, *rows: list[object]) -> Path:
    """The smallest spreadsheet with these rows; numbers stay numbers."""

    def cell(value: object) -> str:
        if isinstance(value, int | float):
            return f"<c><v>{value}</v></c>"
        return f'<c t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'

    told = "".join(f"<row>{''.join(cell(value) for value in row)}</row>" for row in rows)
    files = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>'
        '<sheet name="名册" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN}"><sheetData>{told}</sheetData></worksheet>',
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def test_columns_are_known_by_their_heading_in_any_order(tmp_path: Path) -> None:
    path = sheet(
        tmp_path / "a.xlsx",
        ["2026年在职人员名单"],
        ["序号", "所在部门", "手机号码", "姓 名", "身份证号"],
        [1, "工程部", 13900000001, "王 建国", VALID],
        ["", "", "", "", ""],
        [2, "质检部", "139-0000-0002", "李娜", ""],
        [3, "", "+86 139 0000 0003", "阿依古丽·买买提", ""],
        [4, "财务部", "１３９０００００００４", "赵敏", VALID[:-1] + "x" if VALID[-1] == "X" else VALID],
    )
    found = read_roster(path)
    assert found.employees[:3] == [
        Employee("王建国", "13900000001", VALID, "工程部"),
        Employee("李娜", "13900000002", "", "质检部"),
        Employee("阿依古丽·买买提", "13900000003", "", ""),
    ]
    assert found.employees[3].phone == "13900000004"
    assert found.problems == []


def test_what_is_wrong_is_told_by_row_without_repeating_it(tmp_path: Path) -> None:
    path = sheet(
        tmp_path / "a.xlsx",
        ["姓名", "手机号", "身份证号"],
        ["", "13900000001", ""],
        ["=cmd|' /C calc'!A0", "13900000001", ""],
        ["李娜", "1390000", ""],
        ["李娜", "", "110101199001011230"],
        ["李娜", "", ""],
        ["王建国", "13900000001", ""],
        ["王建国", "13900000001", ""],
    )
    found = read_roster(path)
    assert [number for number, _ in found.problems] == [0, 2, 3, 4, 5, 6]
    assert found.employees == [Employee("王建国", "13900000001")]
    assert not any("李娜" in wrong or "1390000" in wrong for _, wrong in found.problems)


@pytest.mark.parametrize(
    ("content", "why"),
    [(b"", "cannot be read"), (b"PK\x03\x04 not a zip", "cannot be read"), (b"name,phone\n", "cannot be read")],
)
def test_a_file_that_is_no_spreadsheet_is_refused(content: bytes, why: str, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    with pytest.raises(SheetRefused, match=why):
        read_roster(path)
    with pytest.raises(SheetRefused, match="no file"):
        read_roster(tmp_path / "b.xlsx")
    with pytest.raises(SheetRefused, match="姓名"):
        read_roster(sheet(tmp_path / "c.xlsx", ["a", "b"], ["1", "2"]))


async def test_a_rehearsal_changes_nothing_and_importing_twice_nothing_more(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = settings(sqlite_url(tmp_path), 1, 2)
    rows: list[list[object]] = [
        ["姓名", "手机号", "部门"],
        ["王建国", 13900000001, "工程部"],
        ["李娜", 13900000002, ""],
    ]
    path = sheet(tmp_path / "a.xlsx", *rows)

    async def roster() -> list[tuple[str, str]]:
        store = await Store.open(given.database_url, Vault(given.sealing_keys))
        try:
            return [(one.name, one.department) for one in await store.desk.roster(UNIT)]
        finally:
            await store.close()

    await import_roster(given, path, UNIT, NOW, dry_run=True)
    assert "2 employees would be added, 0 would be updated" in capsys.readouterr().out
    assert await roster() == []
    for told in ("2 employees have been added", "0 employees have been added, 2 have been updated"):
        await import_roster(given, path, UNIT, NOW, dry_run=False)
        said = capsys.readouterr().out
        assert told in said
        assert "王建国" not in said
    assert sorted(await roster()) == [("李娜", ""), ("王建国", "工程部")]
    await import_roster(given, sheet(tmp_path / "b.xlsx", *rows[:2]), UNIT, NOW, dry_run=False)
    assert "1 people of the unit are not in the file" in capsys.readouterr().out
    assert len(await roster()) == 2
