"""What HR takes out, opened again: figures, names that are no formulas, forms whose codes verify."""

import io
import zipfile
from typing import Any

from python_calamine import CalamineWorkbook

from storage.members import Employee
from tests.console.desk import Desk
from tests.console.imports.test_rooms import done
from tests.console.people import BRANCH, HOSPITAL, INSTITUTE


def sheets(content: bytes) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


async def test_statistics_count_people_and_hours_and_leave_funds_to_the_unit(desk: Desk) -> None:
    hr = await desk.as_("王芳")
    before = sheets((await hr.get("/console/exports/statistics?year=2026")).body)["统计表"]
    told = {row[0]: row[1] for row in before if len(row) > 1}
    assert told["专业技术人员人数（名册）"] == 10
    assert told["学时合计（已审核）"] == 130
    assert told["学时合计（待审核）"] == 110
    assert told["继续教育经费支出合计"] == ""
    assert any("不掌握经费" in str(row[2]) for row in before if len(row) > 2)
    assert any("第二十八条" in str(row[0]) for row in before)
    wrong = await hr.post("/console/exports/figures", {"year": "2026", "spent": "十万"})
    assert wrong.status == 422
    less = await hr.post("/console/exports/figures", {"year": "2026", "spent": "100", "from_unit": "200"})
    assert less.status == 422
    await hr.post("/console/exports/figures", {"year": "2026", "spent": "120,000.50", "filled_by": "=王芳"})
    after = sheets((await hr.get("/console/exports/statistics?year=2026")).body)["统计表"]
    told = {row[0]: row[1] for row in after if len(row) > 1}
    assert told["继续教育经费支出合计"] == 120000.5
    assert told["填报人"] == "=王芳"


async def test_the_workbook_holds_people_records_and_rulings_of_my_units_only(desk: Desk) -> None:
    await desk.store.desk.import_roster(
        INSTITUTE, [Employee("李四光", "13711112222", "", "=cmd|'/C calc'!A0")], desk.clock.now()
    )
    hr = await desk.as_("王芳")
    begun = await hr.post("/console/exports/workbook", {"year": "2026"})
    await done(desk)
    page = await hr.get(begun.goes_to)
    assert f"{begun.goes_to}/file" in page.text
    taken = await hr.get(f"{begun.goes_to}/file")
    book = sheets(taken.body)
    people = {row[2]: row for row in book["人员"][1:]}
    assert {"张伟", "孙丽", "李四光"} <= set(people)
    assert "吴迪" not in people
    assert people["张伟"][9] == 90
    assert people["李四光"][1] == "=cmd|'/C calc'!A0"
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(taken.body)).read("xl/worksheets/sheet2.xml")
    assert {row[2] for row in book["记录"][1:]} == {"张伟", "李娜", "刘洋", "孙丽", "周强"}
    assert any("第" in str(row[-1]) for row in book["认定"][1:])
    assert "Content-Security-Policy" in taken.headers
    for other in ("何院长", "钱进"):
        assert (await (await desk.as_(other)).get(begun.goes_to)).status == 404
        assert (await (await desk.as_(other)).get(f"{begun.goes_to}/file")).status == 404


async def test_forms_of_a_department_come_as_one_zip(desk: Desk) -> None:
    hr = await desk.as_("王芳")
    begun = await hr.post("/console/exports/forms", {"year": "2026", "department": "结构一所"})
    await done(desk)
    taken = await hr.get(f"{begun.goes_to}/file")
    with zipfile.ZipFile(io.BytesIO(taken.body)) as archive:
        names = archive.namelist()
        assert archive.testzip() is None
        assert sorted(name.split("-")[0] for name in names) == ["结构一所/张伟", "结构一所/李娜"]
        assert all(archive.read(name).startswith(b"%PDF") for name in names)
    code = names[0].partition("-")[2].removesuffix(".pdf").replace("-", "")
    assert await desk.store.papers.find(code) is not None
    nobody = await hr.post("/console/exports/forms", {"year": "2026", "department": "没有的部门"})
    assert nobody.goes_to.startswith("/console/exports?")


async def test_a_batch_over_two_units_is_for_who_has_both(desk: Desk) -> None:
    from domain.person import Role

    both = desk.people["钱进"]
    await desk.store.grant(both.id, HOSPITAL, Role.HR_ADMIN)
    browser = await desk.as_("钱进")
    begun = await browser.post("/console/exports/workbook", {"year": "2026"})
    await done(desk)
    batch = await desk.store.sheets.find(begun.goes_to.rpartition("/")[2], (BRANCH, HOSPITAL))
    assert batch is not None
    assert set(batch.content["units"]) == {BRANCH, HOSPITAL}
    for other in ("王芳", "何院长"):
        assert (await (await desk.as_(other)).get(f"{begun.goes_to}/file")).status == 404
