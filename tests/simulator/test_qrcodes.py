"""Scene QR codes: made by the API, scanned by phones, drawn as a picture that scans."""

import hashlib
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient

from simulator.errors import NotPossible
from simulator.platform import Platform
from simulator.qrpicture import picture
from tests.simulator.conftest import Api
from tests.simulator.service import Service

DIGESTS = {"a": "4872754cc36d03c5", "x" * 53: "4dc4879398690deb"}


def code(action: str = "QR_STR_SCENE", expires: object = 60, **scene: Any) -> dict[str, Any]:
    return {"action_name": action, "expire_seconds": expires, "action_info": {"scene": scene}}


async def test_following_by_a_code_and_scanning_it_again(api: Api, platform: Platform, service: Service) -> None:
    ticket = (await api("qrcode/create", code(scene_str="unit-7")))["ticket"]
    await platform.phone("zhao").scan(ticket)
    await platform.phone("zhao").scan(ticket)
    first, second = (received.message for received in service.received)
    assert (first.value("Event"), first.value("EventKey")) == ("subscribe", "qrscene_unit-7")
    assert (second.value("Event"), second.value("EventKey")) == ("SCAN", "unit-7")
    assert {first.value("Ticket"), second.value("Ticket")} == {ticket}
    assert (await api("user/info", openid=platform.phone("zhao").person.openid))["qr_scene_str"] == "unit-7"
    platform.clock.advance(60)
    with pytest.raises(NotPossible):
        platform.phone("zhao").scan(ticket)


async def test_a_permanent_code_does_not_expire(api: Api, platform: Platform) -> None:
    made = await api("qrcode/create", code("QR_LIMIT_SCENE", scene_id=7))
    assert "expire_seconds" not in made
    platform.clock.advance(365 * 86400)
    assert (await platform.phone("wang").scan(made["ticket"])).fields["EventKey"] == "7"


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        ({}, 47001),
        (code("QR_HOLOGRAM", scene_id=1), 47001),
        (code(expires="x", scene_str="a"), 47001),
        (code(expires=0, scene_str="a"), 47001),
        (code(scene_str=""), 40053),
        (code(scene_str="x" * 65), 40053),
        (code("QR_SCENE", scene_id=0), 40053),
        (code("QR_LIMIT_SCENE", scene_id=100_001), 40053),
    ],
)
async def test_refuses(api: Api, body: dict[str, Any], errcode: int) -> None:
    assert (await api("qrcode/create", body))["errcode"] == errcode


async def test_the_picture_is_served_without_a_token(
    api: Api, client: TestClient[web.Request, web.Application]
) -> None:
    made = await api("qrcode/create", code(scene_str="a"))
    async with client.get("/cgi-bin/showqrcode", params={"ticket": made["ticket"]}) as response:
        assert response.content_type == "image/png"
        assert await response.read() == picture(made["url"])
    async with client.get("/cgi-bin/showqrcode", params={"ticket": "x"}) as response:
        assert response.status == 404


def test_the_picture_is_the_one_that_was_scanned() -> None:
    """These digests are of pictures that a reader (zxing-cpp) read back as the same text, level L."""
    digests = {text: hashlib.sha256(picture(text)).hexdigest()[:16] for text in ("a", "x" * 53)}
    assert digests == DIGESTS
    with pytest.raises(ValueError, match="53 bytes"):
        picture("x" * 54)
