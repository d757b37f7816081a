"""What strangers and broken clients send: bodies without end, forms that are none, many knocks."""

import asyncio
import base64
import json
import tempfile
from pathlib import Path

import pytest
from aiohttp import FormData, web
from aiohttp.test_utils import TestClient, TestServer

from bot.console import office
from console import gate, rooms
from console.doors import Door, Room
from console.gate import address_of
from console.paces import Pace
from console.signing import device_of
from console.visitor import Visitor
from domain.person import Role
from tests.console.desk import BROWSER, Browser, Desk
from tests.console.people import INSTITUTE

MEGABYTE = 2**20
NESTED = b"--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\n--c--\r\n--b--"
NOT_OURS = (
    ["console.settings.role_given", {"name": "<script>x</script>"}],
    ["hr.refused", {}],
    ["no.such", {}],
    [1],
    {},
    "x",
)


def left_in(folder: Path) -> list[str]:
    return [one.name for one in folder.glob("xueshi-*")]


def cookies_of(visitor: Browser) -> str:
    return "; ".join(f"{one.key}={one.value}" for one in visitor.session.cookie_jar)


async def connected(desk: Desk) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    host, _, port = desk.url.removeprefix("http://").partition(":")
    return await asyncio.open_connection(host, int(port))


async def upload(desk: Desk, visitor: Browser, size: int) -> tuple[int, str]:
    """Sends `size` bytes as a file, a chunk at a time and as fast as they are taken: the status, and the answer."""
    reader, writer = await connected(desk)
    head = [
        "POST /console/imports/roster HTTP/1.1",
        f"Host: {desk.url.removeprefix('http://')}",
        f"Cookie: {cookies_of(visitor)}",
        f"User-Agent: {BROWSER}",
        f"X-CSRF-Token: {visitor.form_token}",
        "Transfer-Encoding: chunked",
        "Content-Type: multipart/form-data; boundary=b",
    ]
    begin = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.xlsx"\r\n\r\n'
    try:
        writer.write("\r\n".join([*head, "", ""]).encode() + b"%x\r\n%s\r\n" % (len(begin), begin))
        for _ in range(size // MEGABYTE):
            writer.write(b"100000\r\n" + bytes(MEGABYTE) + b"\r\n")
            await asyncio.wait_for(writer.drain(), 20)
    except (ConnectionError, TimeoutError):
        pass  # the service has had enough
    answer = (await asyncio.wait_for(reader.read(65536), 20)).decode("utf-8", "replace")
    writer.close()
    return int(answer.split(" ", 2)[1]), answer


async def test_a_hundred_megabytes_are_refused_and_leave_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    visitor = await desk.as_("王芳")
    status, answer = await upload(desk, visitor, 100 * MEGABYTE)
    assert status == 413
    assert "文件太大" in answer
    await asyncio.sleep(0.1)
    assert left_in(tmp_path) == []


async def test_a_length_that_is_too_large_is_refused_before_anything_is_read(desk: Desk) -> None:
    visitor = await desk.as_("王芳")
    reader, writer = await connected(desk)
    head = [
        "POST /console/imports/roster HTTP/1.1",
        f"Host: {desk.url.removeprefix('http://')}",
        f"Cookie: {cookies_of(visitor)}",
        f"User-Agent: {BROWSER}",
        "Content-Type: multipart/form-data; boundary=b",
        f"Content-Length: {200 * MEGABYTE}",
    ]
    writer.write("\r\n".join([*head, "", ""]).encode())
    assert b" 413 " in await asyncio.wait_for(reader.readline(), 10)
    writer.close()


async def test_a_file_without_the_token_before_it_is_not_written(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    visitor = await desk.as_("王芳")
    late = FormData()
    late.add_field("file", b"x" * 1000, filename="a.csv", content_type="text/csv")
    late.add_field("csrf", visitor.form_token)
    assert (await visitor.post("/console/imports/roster", late, csrf=False)).status == 403


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/plain", b"csrf=1"),
        ("application/json", b"{}"),
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=b", b"--b\r\n\r\nno name\r\n--b--"),
        ("multipart/form-data; boundary=b", b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\ncut'),
        ("multipart/form-data; boundary=b", NESTED),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % number for number in range(6000))),
        ("application/x-www-form-urlencoded", b"csrf=%ff%fe&unit=%00"),
    ],
)
async def test_what_is_no_form_is_refused_with_a_sentence(desk: Desk, kind: str, body: bytes) -> None:
    visitor = await desk.as_("王芳")
    async with visitor.session.post(desk.url + "/console/unit", data=body, headers={"Content-Type": kind}) as answer:
        assert answer.status in (400, 403)
        assert "没有做任何改动" in await answer.text()


async def test_a_room_that_breaks_says_so_without_saying_why(desk: Desk) -> None:
    async def broken(_visitor: Visitor) -> web.StreamResponse:
        raise RuntimeError("张伟 13900000001")

    room = Room("me", (Door("GET", "/broken", broken),), (Role.HR_ADMIN,), shown=False)
    given = office(desk.service, "")
    watched = gate.Gate(given, (*rooms.ROOMS, room))
    app, sub = web.Application(), web.Application(middlewares=[watched.middleware])
    sub.router.add_get("/broken", watched.opened(room, room.doors[0]))
    app.add_subapp("/console/", sub)
    visitor = await desk.as_("王芳")
    cookies = {one.key: one.value for one in visitor.session.cookie_jar}
    async with TestClient(TestServer(app), cookies=cookies) as client:
        answer = await client.get("/console/broken", headers={"User-Agent": visitor.session.headers["User-Agent"]})
        assert answer.status == 500
        assert "13900000001" not in await answer.text()


async def test_the_flash_says_only_our_sentences(desk: Desk) -> None:
    visitor = await desk.as_("王芳")
    for told in NOT_OURS:
        packed = base64.urlsafe_b64encode(json.dumps(told).encode()).decode().rstrip("=")
        page = await visitor.get("/console/me", Cookie=f"xueshi-flash={packed}; {cookies_of(visitor)}")
        assert page.status == 200
        assert "<script>x" not in page.text


async def test_nothing_leads_away_from_the_console(desk: Desk) -> None:
    visitor = await desk.as_("王芳")
    for back in ("//evil.example", "https://evil.example/", "/console/../x", "/console/%0d%0aX: y", "javascript:1", ""):
        gone = await visitor.post("/console/unit", {"unit": INSTITUTE, "back": back})
        assert gone.status == 303
        assert gone.goes_to.startswith("/console/")
        assert ".." not in gone.goes_to
    assert (await visitor.post("/console/unit", {"unit": "别的单位"})).status == 404


async def test_somebody_who_knocks_too_often_is_slowed_and_nobody_else(desk: Desk) -> None:
    busy, calm = await desk.as_("王芳"), await desk.as_("赵敏")
    answers = {(await busy.get("/console/me")).status for _ in range(160)}
    assert answers == {200, 429}
    assert (await calm.get("/console/me")).status == 200
    desk.clock.advance(30)
    assert (await busy.get("/console/me")).status == 200


async def test_a_header_of_anybody_is_no_address() -> None:
    class Request:
        def __init__(self, remote: str, forwarded: str) -> None:
            self.remote = remote
            self.headers = {"X-Forwarded-For": forwarded} if forwarded else {}

    def of(remote: str, forwarded: str) -> str:
        return address_of(Request(remote, forwarded))  # type: ignore[arg-type]

    assert of("127.0.0.1", "9.9.9.9, 8.8.8.8") == "8.8.8.8", "the last one is our proxy's word"
    assert of("114.114.114.114", "9.9.9.9") == "114.114.114.114", "from outside it is anybody's"
    assert of("127.0.0.1", "nonsense") == "127.0.0.1"
    assert of("", "8.8.8.8") == ""


async def test_a_pace_fills_again_and_forgets(desk: Desk) -> None:
    pace = Pace(2, 10, desk.clock.now)
    assert [pace.allows("a") for _ in range(3)] == [True, True, False]
    assert pace.allows("b")
    desk.clock.advance(10)
    assert pace.allows("a")
    assert not pace.allows("a")


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126 Safari/537.36 Edg/126", "Edge · Windows"),
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit Chrome/116 Mobile MicroMessenger/8.0.50", "WeChat · Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17 Safari/604", "Safari · iPhone"),
        ("", "?"),
        ("x" * 5000, "?"),
    ],
)
def test_a_browser_in_a_word(agent: str, said: str) -> None:
    assert device_of(agent) == said
