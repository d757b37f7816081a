"""Lists and papers as HR sees them: rehearsed cell by cell, watched while they run, compared with official records."""

from pathlib import Path

import pytest

from tests.console.browser.screens import NARROW, WIDE, Screen, Screens
from tests.console.imports.test_rooms import done
from tests.console.people import INSTITUTE
from tests.console.reconciliation.test_rooms import HEAD, ROWS
from tests.console.sheets.lists import workbook

SIZES = pytest.mark.parametrize("size", [WIDE, NARROW], ids=["desk", "phone"])


async def arrived(screen: Screen, screens: Screens) -> None:
    """Waits until the progress bar has given way to the page, which htmx fetches by itself."""
    await screen.page.locator("#moving").wait_for()
    await done(screens.desk)
    await screen.page.locator("#moving").wait_for(state="detached")


@SIZES
async def test_a_roster_is_rehearsed_run_and_done(screens: Screens, size: tuple[int, int], tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "2026年在职人员.xlsx",
        ["姓名", "手机号", "身份证号", "部门"],
        ["韩梅", 13912345678, "11010119900101123X", "结构一所"],
        ["陶然", "13912345679", "", "结构一"],
        ["张伟", "13900000001", "", "结构二所"],
        ["<script>alert(1)</script>", "13912345671", "", "=1+1"],
        ["", "13900000009", "", ""],
    )
    screen = await screens.open("王芳", size, unit=INSTITUTE)
    await screen.go("/console/imports")
    await screen.check("imports")
    await screen.page.locator("#file-roster").set_input_files(path)
    await (
        screen.page.locator("#file-roster")
        .locator("xpath=ancestor::form")
        .get_by_role("button", name="上传并预演")
        .click()
    )
    await screen.page.wait_for_url("**/console/imports/*")
    await screen.check("imports-moving")
    await arrived(screen, screens)
    assert await screen.page.get_by_text("按前 17 位算应是 7").count()
    await screen.check("imports-rehearsed")
    await screen.page.get_by_label("按建议更正").check()
    await screen.page.get_by_label("只导入没有问题的").check()
    await screen.page.get_by_role("button", name="正式导入").click()
    await arrived(screen, screens)
    assert await screen.page.get_by_role("heading", name="没有导入的行").count()
    await screen.check("imports-done")


@SIZES
async def test_what_hr_takes_out(screens: Screens, size: tuple[int, int]) -> None:
    screen = await screens.open("王芳", size)
    await screen.go("/console/exports")
    await screen.page.get_by_label("继续教育经费支出合计").fill("125000.50")
    await screen.page.get_by_role("button", name="保存填写的内容").click()
    await screen.page.get_by_text("已保存。").wait_for()
    await screen.check("exports")
    await screen.page.get_by_role("button", name="年度明细表").click()
    await screen.page.wait_for_url("**/console/exports/*")
    await arrived(screen, screens)
    await screen.check("exports-done")
    async with screen.page.expect_download() as downloading:
        await screen.page.get_by_role("link", name="下载文件").click()
    assert (await downloading.value).suggested_filename == "2026年度继续教育单位明细表.xlsx"


@SIZES
async def test_an_official_record_beside_ours(screens: Screens, size: tuple[int, int], tmp_path: Path) -> None:
    path = workbook(tmp_path / "平台导出.xlsx", HEAD, *ROWS)
    screen = await screens.open("王芳", size, unit=INSTITUTE)
    await screen.go("/console/reconciliation")
    await screen.check("reconciliation")
    await screen.page.get_by_label("平台名称").fill("省继续教育平台")
    await screen.page.locator("#f-file").set_input_files(path)
    await screen.page.get_by_role("button", name="上传并对照").click()
    await arrived(screen, screens)
    await screen.page.get_by_role("link", name="学时不同").click()
    await screen.check("reconciliation-hours")
    await screen.page.get_by_role("button", name="以官方记录为准").click()
    await screen.page.get_by_text("已按官方记录办理 1 条。").wait_for()
    await screen.page.get_by_role("link", name="这里缺少").click()
    await screen.check("reconciliation-missing")
