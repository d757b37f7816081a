"""The menu: what may be created, and what each kind of button sends."""

from typing import Any

import pytest

from simulator.errors import NotPossible
from simulator.phones import Tap
from simulator.platform import Platform
from simulator.qrpicture import picture
from tests.simulator.conftest import Api
from tests.simulator.service import Service

CLICK = {"type": "click", "name": "问", "key": "ASK"}
VIEW = {"type": "view", "name": "看", "url": "https://example.test/"}


def keyed(kind: str) -> dict[str, Any]:
    return {"type": kind, "name": "n", "key": kind.upper()}


@pytest.mark.parametrize(
    ("menu", "errcode"),
    [
        ({}, 40016),
        ({"button": []}, 40016),
        ({"button": [CLICK] * 4}, 40016),
        ({"button": ["x"]}, 40017),
        ({"button": [CLICK | {"type": "hologram"}]}, 40017),
        ({"button": [CLICK | {"name": "一二三四五六"}]}, 40018),
        ({"button": [CLICK | {"key": "k" * 129}]}, 40019),
        ({"button": [VIEW | {"url": "https://" + "x" * 1017}]}, 40020),
        ({"button": [VIEW | {"url": "javascript:alert(1)"}]}, 40055),
        ({"button": [{"name": "多", "sub_button": [CLICK] * 6}]}, 40023),
        ({"button": [{"name": "多", "sub_button": [CLICK | {"sub_button": [CLICK]}]}]}, 40022),
        ({"button": [{"name": "多", "sub_button": [CLICK | {"name": "字" * 21}]}]}, 40025),
        ({"button": [CLICK | {"name": "一二三四五"}, VIEW, {"name": "多", "sub_button": [CLICK] * 5}]}, 0),
    ],
)
async def test_create(api: Api, menu: dict[str, Any], errcode: int) -> None:
    assert (await api("menu/create", menu))["errcode"] == errcode
    got = await api("menu/get")
    assert got.get("menu", {}).get("button") == (menu["button"] if errcode == 0 else None)


async def test_get_and_delete(api: Api, platform: Platform) -> None:
    assert (await api("menu/get"))["errcode"] == 46003
    await api("menu/create", {"button": [CLICK]})
    assert (await api("menu/delete"))["errcode"] == 0
    with pytest.raises(NotPossible):
        platform.phone("wang").tap([0])


async def test_what_the_buttons_send(api: Api, platform: Platform, service: Service) -> None:
    subs = [keyed("scancode_waitmsg"), keyed("pic_photo_or_album"), keyed("location_select")]
    await api("menu/create", {"button": [CLICK, VIEW, {"name": "多", "sub_button": subs}]})
    phone = platform.phone("wang")
    for path in ([0], [1]):
        await phone.tap(path)
    await phone.tap([2, 0], Tap(scan_result="CODE"))
    await phone.tap([2, 1], Tap(photos=[picture("a"), picture("b")]))
    await phone.tap([2, 2])
    await platform.quiet()
    sent = [
        (m.value("Event") or m.value("MsgType"), m.value("EventKey")) for m in (r.message for r in service.received)
    ]
    assert sent == [
        ("CLICK", "ASK"),
        ("VIEW", "https://example.test/"),
        ("scancode_waitmsg", "SCANCODE_WAITMSG"),
        ("pic_photo_or_album", "PIC_PHOTO_OR_ALBUM"),
        ("image", ""),
        ("image", ""),
        ("location_select", "LOCATION_SELECT"),
        ("location", ""),
    ]


@pytest.mark.parametrize("path", [[], [1], [-1], [0], [0, 5]])
async def test_a_tap_beside_the_buttons(api: Api, platform: Platform, path: list[int]) -> None:
    await api("menu/create", {"button": [{"name": "多", "sub_button": [CLICK]}]})
    with pytest.raises(NotPossible):
        platform.phone("wang").tap(path)
