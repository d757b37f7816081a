"""Files as people make them and as nobody should: encodings, merged cells, formulas, bombs, and what each is told."""

import io
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from xlsxwriter import Workbook

from console.imports import attendance, roster
from console.sheets.headings import find
from console.sheets.reading import Row, SheetRefused, reading
from tests.console.sheets.lists import workbook


async def rows(path: Path) -> list[Row]:
    async with reading(path) as sheet:
        return [row async for row in sheet.rows]


async def refused(path: Path) -> str:
    with pytest.raises(SheetRefused) as why:
        await rows(path)
    return why.value.key


async def test_rows_keep_the_numbers_of_the_spreadsheet(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [], [], [None, "姓名", "学时"], [], [None, "王建国", 8])
    found = await rows(path)
    assert [(row.number, row.cells) for row in found] == [(3, [None, "姓名", "学时"]), (5, [None, "王建国", 8.0])]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
async def test_text_in_every_encoding(encoding: str, separator: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    lines = [
        ["姓名", "手机号", "备注"],
        ["王建国", '="013900000001"', '"第一行\n第二行"'],
        ["李娜", "'13900000002", ""],
    ]
    path.write_bytes("\r\n".join(separator.join(line) for line in lines).encode(encoding))
    found = await rows(path)
    assert [row.cells[:2] for row in found] == [
        ["姓名", "手机号"],
        ["王建国", "013900000001"],
        ["李娜", "13900000002"],
    ]
    assert found[1].cells[2] == "第一行\n第二行"


async def test_merged_cells_say_what_they_show_and_formulas_what_they_are(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = Workbook(str(path))
    sheet = book.add_worksheet()
    sheet.merge_range("A1:C1", "2026年培训名单")
    sheet.write_row("A2", ["姓名", "部门", "学时"])
    sheet.merge_range("B3:B4", "工程部")
    sheet.write_column("A3", ["甲某", "乙某"])
    sheet.write_formula("C3", "=4+4", None, 8)
    sheet.write_formula("C4", "=4+4")
    book.close()
    found = await rows(path)
    assert found[2].cells == ["甲某", "工程部", {"formula": 8.0}]
    assert found[3].cells == ["乙某", "工程部", {"formula": 0.0}]
    head = find(found, attendance.HEADINGS, attendance.NEEDED)
    assert head.number == 2
    read = [attendance.read(row, head, {}, 2026, date(2026, 11, 21)) for row in found[2:]]
    assert [[one.key for one in each.problems if one.field == "hours"] for each in read] == [
        ["formula"],
        ["formula_empty"],
    ]


def test_a_heading_of_two_rows() -> None:
    head = [
        Row(1, ["序号", "基本信息", "基本信息", "联系方式", "联系方式"]),
        Row(2, ["序号", "姓名", "所在部门", "手机", "邮箱"]),
        Row(3, [1, "王建国", "工程部", "13900000001", ""]),
    ]
    found = find(head, roster.HEADINGS, roster.NEEDED)
    assert found.number == 2
    assert found.columns == {"name": 1, "department": 2, "phone": 3}
    assert found.unread == ("序号", "邮箱")


@pytest.mark.parametrize(
    ("heading", "missing"), [(["工号", "手机号"], "姓名"), (["姓名", "工号"], "手机号"), (["a", "b"], "姓名、手机号")]
)
def test_a_heading_that_lacks_something_names_it(heading: list[Any], missing: str) -> None:
    with pytest.raises(SheetRefused) as why:
        find([Row(1, heading), Row(2, ["x", "y"])], roster.HEADINGS, roster.NEEDED)
    assert why.value.values["missing"] == missing


async def test_hostile_files_are_refused_each_for_its_reason(tmp_path: Path) -> None:
    empty, page, rubbish, cut = (tmp_path / name for name in ("e.csv", "p.xls", "r.xlsx", "c.xlsx"))
    empty.write_bytes(b"")
    page.write_text("<html><table><tr><td>姓名</td></tr></table></html>", "utf-8")
    rubbish.write_bytes(bytes(range(256)) * 40)
    whole = workbook(tmp_path / "w.xlsx", ["姓名"], ["王建国"]).read_bytes()
    cut.write_bytes(whole[: len(whole) // 2])
    assert await refused(empty) == "empty"
    assert await refused(page) == "broken"
    assert await refused(rubbish) == "broken"
    assert await refused(cut) == "broken"
    assert await refused(workbook(tmp_path / "n.xlsx")) == "empty"


async def test_a_cell_far_away_asks_for_no_memory_of_ours(tmp_path: Path) -> None:
    path = tmp_path / "far.xlsx"
    book = Workbook(str(path))
    sheet = book.add_worksheet()
    sheet.write(0, 0, "姓名")
    sheet.write(1_048_575, 16_383, "x")
    book.close()
    assert await refused(path) == "huge"
    long = workbook(tmp_path / "long.xlsx", ["姓名"], *[["王建国"]] * 50_030)
    assert await refused(long) == "rows"


async def test_a_bomb_is_told_by_what_it_holds_not_by_what_it_says(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w") as part,
    ):
        for _ in range(64):
            part.write(b" " * (1 << 20))
    content = bytearray(path.read_bytes())
    for mark, at in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):  # the sizes that the file tells of itself
        place = content.find(mark)
        content[place + at : place + at + 4] = (100).to_bytes(4, "little")
    path.write_bytes(content)
    assert await refused(path) in {"bomb", "broken"}
    honest = tmp_path / "honest.xlsx"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/workbook.xml", "w") as part:
        for _ in range(64):
            part.write(b" " * (1 << 20))
    honest.write_bytes(packed.getvalue())
    assert await refused(honest) == "bomb"
