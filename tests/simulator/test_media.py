"""Media up, down, and gone after three days; a photo from a phone is one of them."""

import io
from typing import Any

import pytest
from aiohttp import FormData, web
from aiohttp.test_utils import TestClient

from simulator.phones import SILENCE
from simulator.platform import Platform
from simulator.qrpicture import picture
from tests.simulator.conftest import PEOPLE, Api, answered
from tests.simulator.service import Service

PNG = picture("a")
Client = TestClient[web.Request, web.Application]


async def upload(client: Client, platform: Platform, content: bytes, kind: str = "image") -> dict[str, Any]:
    token = platform.tokens.stable(platform.clock.now()).value
    form = FormData()
    form.add_field("media", io.BytesIO(content), filename="x.png", content_type="image/png")
    return await answered(
        await client.post("/cgi-bin/media/upload", params={"access_token": token, "type": kind}, data=form)
    )


async def download(client: Client, platform: Platform, media_id: str) -> tuple[str, bytes]:
    token = platform.tokens.stable(platform.clock.now()).value
    async with client.get("/cgi-bin/media/get", params={"access_token": token, "media_id": media_id}) as response:
        return response.content_type, await response.read()


async def test_comes_back_as_it_went_and_dies_after_three_days(client: Client, platform: Platform, api: Api) -> None:
    stored = await upload(client, platform, PNG)
    assert stored["created_at"] == int(platform.clock.now().timestamp())
    assert await download(client, platform, stored["media_id"]) == ("image/png", PNG)
    platform.clock.advance(3 * 86400 - 1)
    assert (await download(client, platform, stored["media_id"]))[0] == "image/png"
    platform.clock.advance(1)
    kind, body = await download(client, platform, stored["media_id"])
    assert kind == "application/json"
    assert b"40007" in body
    await platform.phone("wang").text("x")
    image = {"touser": PEOPLE[0].openid, "msgtype": "image", "image": {"media_id": stored["media_id"]}}
    assert (await api("message/custom/send", image))["errcode"] == 40007


@pytest.mark.parametrize(
    ("content", "kind", "errcode"),
    [
        (b"", "image", 41005),
        (b"<html>", "image", 40005),
        (PNG, "voice", 40005),
        (PNG, "hologram", 40004),
        (SILENCE, "image", 40005),
        (SILENCE + bytes(2 * 1024 * 1024), "voice", 45001),
        (PNG + bytes(10 * 1024 * 1024), "image", 45001),
    ],
    ids=["empty", "html", "png as voice", "unknown type", "voice as image", "long voice", "large image"],
)
async def test_refuses(client: Client, platform: Platform, content: bytes, kind: str, errcode: int) -> None:
    assert (await upload(client, platform, content, kind))["errcode"] == errcode


async def test_a_body_that_is_no_form_has_no_media(api: Api) -> None:
    assert (await api("media/upload", b"PNG", type="image"))["errcode"] == 41005


async def test_a_photo_from_the_phone_can_be_fetched_by_the_service(
    client: Client, platform: Platform, service: Service
) -> None:
    await platform.phone("wang").image(PNG)
    message = service.received[0].message
    assert await download(client, platform, message.value("MediaId")) == ("image/png", PNG)
    assert message.value("PicUrl").startswith(platform.public_url)
    path = message.value("PicUrl").removeprefix(platform.public_url)
    async with client.get(path) as response:
        assert await response.read() == PNG


async def test_voice_with_and_without_recognition(platform: Platform, service: Service) -> None:
    await platform.phone("wang").voice("我还差多少学时")
    await platform.phone("wang").voice()
    first, second = (received.message for received in service.received)
    assert first.value("Recognition") == "我还差多少学时"
    assert second.child("Recognition") is None
    assert platform.media.get(first.value("MediaId"), platform.clock.now()).content == SILENCE
