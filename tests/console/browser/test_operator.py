"""The operator's room as it is seen: a bad hour, a failed message run again, the ledger while it is read."""

from datetime import timedelta

import pytest
from playwright.async_api import expect

from domain.vitals import bucket, slot_of
from storage.vitals import Figure, Process
from tests.console.browser.screens import NARROW, PHONE, WIDE, Screens
from tests.console.desk import Desk
from tests.console.test_operator import OPERATOR, failing

FAULTS = {
    "repeats.unheard": Figure(2, 1),
    "faults.busy.message/custom/send": Figure(3, -1),
    "quota.used.message/custom/send": Figure(0, 431_200),
    "quota.allowed.message/custom/send": Figure(0, 500_000),
    "quota.used.message/subscribe/bizsend": Figure(0, 2310),
    "quota.allowed.message/subscribe/bizsend": Figure(0, 100_000),
}


async def a_day(desk: Desk, *, bad: bool) -> None:
    """What two processes have counted over a day."""
    now = slot_of(desk.clock.now())
    for ago in range(0, 1440, 10):
        minute = now - timedelta(minutes=ago)
        slow = bad and 20 <= ago <= 50
        seconds = [0.03 + 0.01 * (ago % 7), 0.08, 0.2 + 0.1 * (ago % 3), *([4.8, 5.6] if slow else [])]
        figures = {
            "answers": Figure(60, max(seconds)),
            "pushes": Figure(60, 0.9),
            "calls.message/custom/send": Figure(40, 0.2),
        }
        for each in seconds:
            known = figures.get(bucket(each), Figure())
            figures[bucket(each)] = Figure(known.total + (1 if each > 4 else 20), each)
        figures["age.outbox"] = Figure(0, 45 if slow else 1 + ago % 3)
        figures["age.inbox"] = Figure(0, 12 if slow else 0.2)
        figures["age.tasks"] = Figure(0, 5 + ago % 11)
        await desk.store.vitals.add(minute, "gateway-1", figures)
    for ago in range(0, 70, 10):
        await desk.store.vitals.add(now - timedelta(minutes=ago), "worker-1", {"sweeps": Figure(10, now.timestamp())})
    if bad:
        await desk.store.vitals.add(now, "worker-1", FAULTS)
    await desk.store.lease_token_refresh("wx1", "worker-1", now, 15)
    await desk.store.save_token("wx1", "token", now + timedelta(minutes=83))
    for delivery in await desk.store.take_deliveries(desk.clock.now(), 99, "worker-1"):
        await desk.store.finish_delivery(delivery.id or 0, "sent", "", now)
    await desk.service.operations.look_now()
    details = (await desk.store.vitals.processes(now))[0].details
    for runner, role in (("gateway-1", "gateway"), ("worker-1", "worker")):
        await desk.store.vitals.beat(
            Process(runner, role, now - timedelta(days=3), now, None, role == "worker", details)
        )
    await desk.service.operations.check_ledger()
    await desk.service.operations.audit.finished()


@pytest.mark.parametrize(("size", "dark"), [(WIDE, False), (PHONE, True)])
async def test_a_bad_hour_is_seen_at_a_glance(screens: Screens, size: tuple[int, int], dark: bool) -> None:
    await a_day(screens.desk, bad=True)
    await failing(screens.desk, "张伟", "我还差多少学时")
    screen = await screens.open(OPERATOR, size, dark=dark)
    await screen.go("/console/operator")
    await expect(screen.page.locator("[data-plot=answers] canvas")).to_be_visible()
    lit = screen.page.locator(".lamp:not(.green)")
    assert await lit.evaluate_all("lamps => lamps.map(lamp => lamp.dataset.lamp).sort()") == sorted(
        ["answers", "unheard", "busy", "quota", "failures"]
    )
    await screen.check("operator-dark" if dark else "operator")


async def test_a_failed_message_is_run_again_by_keyboard(screens: Screens) -> None:
    await failing(screens.desk, "张伟", "我还差多少学时")
    screen = await screens.open(OPERATOR, NARROW)
    page = screen.page
    await screen.go("/console/operator")
    await page.keyboard.press("2")
    await expect(page.get_by_role("heading", level=1)).to_have_text("没处理好的消息")
    await screen.check("operator-turns")
    await page.get_by_role("button", name="再处理一次").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status")).to_contain_text("处理好了")
    await expect(page.get_by_text("没有处理失败的消息")).to_be_visible()
    await screen.check()


@pytest.mark.parametrize("size", [WIDE, PHONE])
async def test_the_ledger_the_rules_and_the_machines(screens: Screens, size: tuple[int, int]) -> None:
    desk = screens.desk
    await a_day(desk, bad=False)
    screen = await screens.open(OPERATOR, size)
    page = screen.page
    number = await desk.store.ledger_checks.begin("night", "worker-1", desk.clock.now())
    assert number is not None
    await desk.store.ledger_checks.advance(number, 9, 21, 0, desk.clock.now())
    await screen.go("/console/operator/ledger")
    await expect(page.get_by_text("正在核对：9 / 14 人")).to_be_visible()
    await screen.check("operator-ledger")
    await desk.store.ledger_checks.advance(number, 14, 40, 0, desk.clock.now())
    await expect(page.get_by_text("正在核对：14 / 14 人")).to_be_visible()
    await desk.store.ledger_checks.end(number, "whole", 14, 40, [], 0, "5e" * 32, desk.clock.now())
    await expect(page.get_by_text("正在核对")).to_be_hidden()
    assert await page.locator("#checks").count() == 1
    await screen.go("/console/operator/machines")
    await screen.check("operator-machines")
    await screen.go("/console/operator/rules")
    await screen.check("operator-rules")
