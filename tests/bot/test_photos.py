"""Pictures at rest: sealed, named by their hash and person, in a folder or in S3, and gone when they are to be."""

import asyncio
import hashlib
import io
import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web
from PIL import Image

from bot.photos import PhotoGone, Photos
from bot.proofs import SHOWN_SIDE, as_shown, remove_due
from domain.picture import Flaw, PictureRefused
from domain.proof import UNUSED_FOR
from nlp.proofs.proof import Proof
from storage.sealing import SealBroken, Vault
from tests.talk import ZONE, photo, talking

KEY, OTHER = bytes(range(32)), bytes(32)
NOW = datetime(2026, 11, 20, 9, 30, tzinfo=ZONE)


@pytest.fixture
def photos(tmp_path: Path) -> Photos:
    return Photos(f"file:{tmp_path / 'photos'}", Vault([KEY]))


def files(folder: Path) -> list[Path]:
    return [path for path in (folder / "photos").rglob("*") if path.is_file()]


async def test_a_picture_is_kept_by_its_hash_and_sealed(photos: Photos, tmp_path: Path) -> None:
    picture = photo("a")
    for _ in range(2):
        assert await photos.keep("p1", picture) == hashlib.sha256(picture).hexdigest()
    assert await photos.open("p1", await photos.keep("p1", picture)) == picture
    (file,) = files(tmp_path)
    assert picture[:32] not in file.read_bytes()
    assert Image.open(io.BytesIO(picture)).getexif()  # the original is kept as it was sent


async def test_a_picture_belongs_to_one_person_and_one_place(photos: Photos, tmp_path: Path) -> None:
    hash_ = await photos.keep("p1", photo("a"))
    other = await photos.keep("p2", photo("b"))
    with pytest.raises(PhotoGone):
        await photos.open("p2", hash_)
    first, second = sorted(files(tmp_path), key=lambda path: path.name != f"{hash_}.p1")
    second.write_bytes(first.read_bytes())
    with pytest.raises(SealBroken):
        await photos.open("p2", other)
    assert await Photos(f"file:{tmp_path / 'photos'}", Vault([OTHER, KEY])).open("p1", hash_) == photo("a")


async def test_deleting_is_done_once_and_may_be_repeated(photos: Photos, tmp_path: Path) -> None:
    hash_ = await photos.keep("p1", photo("a"))
    for _ in range(2):
        await photos.delete("p1", hash_)
    assert files(tmp_path) == []


def test_what_is_shown_carries_nothing_of_the_camera_and_is_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    exif[0x8825] = {1: "N", 2: (40.0, 50.0, 30.0)}  # where it was taken
    made = io.BytesIO()
    Image.new("RGB", (3000, 2000), "#336699").save(made, "JPEG", exif=exif)
    shown = as_shown(made.getvalue())
    image = Image.open(io.BytesIO(shown))
    assert (image.format, max(image.size)) == ("JPEG", SHOWN_SIDE)
    assert image.width < image.height
    assert not image.getexif()
    assert b"Exif" not in shown
    with pytest.raises(PictureRefused) as refused:
        as_shown(made.getvalue()[:2000])
    assert refused.value.flaw is Flaw.TRUNCATED


async def test_pictures_leave_when_their_time_is_over_and_used_ones_stay(tmp_path: Path) -> None:
    async with talking(tmp_path, NOW) as talk:
        store_of = Photos(f"file:{tmp_path / 'photos'}", Vault([KEY]))
        await talk.say("昨天参加培训班，专业课，6学时")
        await talk.say("跳过")
        await talk.say("对")
        await talk.say("第1条补证明")
        await talk.photograph(Proof(legibility=0.1))
        await talk.photograph(Proof(legibility=0.2))
        assert len(files(tmp_path)) == 2
        assert await remove_due(talk.store, store_of, NOW + UNUSED_FOR - timedelta(seconds=1)) == 0
        assert await remove_due(talk.store, store_of, NOW + UNUSED_FOR) == 1
        assert await remove_due(talk.store, store_of, NOW + UNUSED_FOR) == 0
        assert len(files(tmp_path)) == 1
        assert await remove_due(talk.store, store_of, datetime(2032, 1, 2, tzinfo=ZONE)) == 1
        person = await talk.person_id()
        assert [one.removed for one in await talk.store.desk.photos_of(person)] == [True, True]


@pytest.fixture
async def bucket(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[dict[str, bytes]]:
    """An S3 endpoint over HTTP that keeps objects in memory: puts, gets and deletes, path style, unsigned bodies."""
    kept: dict[str, bytes] = {}

    async def serve(request: web.Request) -> web.Response:
        if not request.headers.get("Authorization", "").startswith("AWS4-HMAC-SHA256"):
            return web.Response(status=403)
        path = request.match_info["path"]
        if request.method == "PUT":
            kept[path] = await request.read()
            return web.Response(headers={"ETag": '"1"'})
        if request.method == "POST" and "delete" in request.query:  # DeleteObjects
            keys = re.findall("<Key>(.*?)</Key>", await request.text())
            for key in keys:
                kept.pop(f"{path.rstrip('/')}/{key}", None)
            gone = "".join(f"<Deleted><Key>{key}</Key></Deleted>" for key in keys)
            return web.Response(text=f"<DeleteResult>{gone}</DeleteResult>", content_type="application/xml")
        if path not in kept:
            return web.Response(status=404)
        headers = {"ETag": '"1"', "Last-Modified": "Sat, 21 Nov 2026 05:00:00 GMT"}
        return web.Response(body=kept[path], headers=headers)

    app = web.Application(client_max_size=1 << 25)
    app.router.add_route("*", "/{path:.*}", serve)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    for name, value in {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ALLOW_HTTP": "true",
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_REGION": "cn-north-1",
    }.items():
        monkeypatch.setenv(name, value)
    yield kept
    await runner.cleanup()


async def test_the_same_in_s3(bucket: dict[str, bytes]) -> None:
    photos = Photos("s3://proofs/photos", Vault([KEY]))
    hash_ = await photos.keep("p1", photo("a"))
    assert list(bucket) == [f"proofs/photos/{hash_[:2]}/{hash_}.p1"]
    assert photo("a")[:32] not in bucket[f"proofs/photos/{hash_[:2]}/{hash_}.p1"]
    assert await photos.open("p1", hash_) == photo("a")
    with pytest.raises(PhotoGone):
        await photos.open("p2", hash_)
    await asyncio.gather(photos.delete("p1", hash_), photos.delete("p1", hash_))
    assert bucket == {}
