"""What the account may say unasked: 5 in 48 hours, 3 in a minute, through the API as the service uses it."""

from datetime import timedelta

import pytest

from simulator.platform import Platform
from simulator.windows import Trigger, Window
from tests.simulator.conftest import PEOPLE, START, Api, text_for

WANG, LI, ZHAO = PEOPLE
SEND = "message/custom/send"


@pytest.mark.parametrize(
    ("trigger", "left", "lasts"),
    [
        (Trigger.MESSAGE, 5, timedelta(hours=48)),
        (Trigger.MENU, 3, timedelta(minutes=1)),
        (Trigger.FOLLOW, 3, timedelta(minutes=1)),
        (Trigger.SCAN, 3, timedelta(minutes=1)),
    ],
)
def test_each_trigger_opens_its_own_window(trigger: Trigger, left: int, lasts: timedelta) -> None:
    assert Window().opened(trigger, START) == Window(left, START + lasts)


def test_allowances_do_not_add_up_but_the_larger_wins() -> None:
    talked = Window().opened(Trigger.MESSAGE, START)
    used = Window(1, talked.until)
    assert used.opened(Trigger.MENU, START) == Window(3, talked.until)
    assert talked.opened(Trigger.MENU, START) == talked
    late = START + timedelta(hours=49)
    assert talked.opened(Trigger.MENU, late) == Window(3, late + timedelta(minutes=1))


async def errcodes(api: Api, count: int, person: int = 0) -> list[int]:
    return [(await api(SEND, text_for(PEOPLE[person])))["errcode"] for _ in range(count)]


async def test_five_after_a_message_then_45047_then_anew(api: Api, platform: Platform) -> None:
    assert await errcodes(api, 1) == [45015]
    await platform.phone("wang").text("你好")
    assert await errcodes(api, 6) == [0, 0, 0, 0, 0, 45047]
    await platform.phone("wang").text("你好")
    assert await errcodes(api, 1) == [0]


async def test_the_window_closes_after_48_hours(api: Api, platform: Platform) -> None:
    await platform.phone("wang").text("你好")
    platform.clock.advance(48 * 3600 - 1)
    assert await errcodes(api, 1) == [0]
    platform.clock.advance(1)
    assert await errcodes(api, 1) == [45015]


async def test_three_within_a_minute_of_following(api: Api, platform: Platform) -> None:
    assert await errcodes(api, 1, person=2) == [43004]
    await platform.phone("zhao").follow()
    assert await errcodes(api, 4, person=2) == [0, 0, 0, 45047]
    await platform.phone("zhao").unfollow()
    assert await errcodes(api, 1, person=2) == [43004]


async def test_a_click_opens_the_window_and_a_view_does_not(api: Api, platform: Platform) -> None:
    await api("menu/create", {"button": [{"type": "view", "name": "看", "url": "https://example.test/"},
                                         {"type": "click", "name": "问", "key": "ASK"}]})  # fmt: skip
    await platform.phone("wang").tap([0])
    assert await errcodes(api, 1) == [45015]
    await platform.phone("wang").tap([1])
    assert await errcodes(api, 4) == [0, 0, 0, 45047]
    platform.clock.advance(60)
    assert await errcodes(api, 1) == [45015]


async def test_a_tap_on_a_msgmenu_counts_as_menu(api: Api, platform: Platform) -> None:
    menu = {"head_content": "记吗？", "list": [{"id": "yes", "content": "记"}], "tail_content": ""}
    await platform.phone("wang").text("你好")
    assert (await api(SEND, {"touser": WANG.openid, "msgtype": "msgmenu", "msgmenu": menu}))["errcode"] == 0
    platform.clock.advance(49 * 3600)
    bubble = platform.phone("wang").chat.heard()[-1]
    push = await platform.phone("wang").choose(bubble.id, "yes")
    assert push.fields["bizmsgmenuid"] == "yes"
    assert push.fields["Content"] == "记"
    assert await errcodes(api, 4) == [0, 0, 0, 45047]


async def test_a_refused_message_costs_nothing(api: Api, platform: Platform) -> None:
    await platform.phone("wang").text("你好")
    assert (await api(SEND, text_for(WANG, "学" * 683)))["errcode"] == 45002
    assert await errcodes(api, 6) == [0, 0, 0, 0, 0, 45047]


async def test_typing_needs_a_word_within_thirty_seconds(api: Api, platform: Platform) -> None:
    typing = {"touser": WANG.openid, "command": "Typing"}
    assert (await api("message/custom/typing", typing))["errcode"] == 45080
    await platform.phone("wang").text("你好")
    assert (await api("message/custom/typing", typing))["errcode"] == 0
    assert platform.phone("wang").state()["typing"] is True
    assert (await api("message/custom/typing", typing))["errcode"] == 45081
    assert (await api("message/custom/typing", typing | {"command": "CancelTyping"}))["errcode"] == 0
    assert (await api("message/custom/typing", typing | {"command": "Shout"}))["errcode"] == 45072
    platform.clock.advance(31)
    assert (await api("message/custom/typing", typing))["errcode"] == 45080
