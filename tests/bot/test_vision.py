"""Reading pictures in worker processes: real pictures, real workers, hostile bytes, and workers that die."""

import asyncio
import io
import json
import os
import subprocess
import sys
import zlib
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bot import picture, vision
from bot.seals import seals_in, without_seals
from bot.vision import Reader, ReaderClosed
from domain.picture import Flaw, PictureRefused
from nlp.proofs.proof import record_of
from tests.nlp.proofs.scoring import right_and_stated, same

PROOFS = Path(__file__).parent / "proofs"
TRUTH = {row["file"]: row for row in map(json.loads, (PROOFS / "truth.jsonl").read_text("utf-8").splitlines())}
SCREEN = (PROOFS / "course_screen.jpg").read_bytes()


@pytest.fixture
async def reader() -> AsyncIterator[Reader]:
    reader = Reader()
    yield reader
    await reader.close()


async def test_pictures_of_all_kinds_are_read_by_one_worker(reader: Reader) -> None:
    """Turned, upside down, with a seal, with a code, a table of activities, a list of people."""
    for file, truth in TRUTH.items():
        proof = await reader.read((PROOFS / file).read_bytes(), truth.get("holder"))
        judged = right_and_stated(truth["fields"], record_of(proof))
        assert sum(judged.values()) >= len(judged) - 1, (file, judged)
        assert proof.legible
        assert len(set(truth.get("people", ())) - set(proof.people)) <= 1
        for wanted, activity in zip(truth.get("activities", ()), proof.activities, strict=False):
            assert same("title", wanted["title"], activity.title)
            assert same("hours", wanted["hours"], activity.hours)


async def test_a_worker_that_dies_is_replaced_and_the_picture_read(reader: Reader) -> None:
    reading = asyncio.create_task(reader.read(small(SCREEN)))
    await kill_worker(reader)
    assert (await reading).legible


async def test_a_picture_that_kills_two_workers_is_refused(reader: Reader) -> None:
    reading = asyncio.create_task(reader.read(SCREEN))
    first = await kill_worker(reader)
    await kill_worker(reader, not_pid=first)
    with pytest.raises(PictureRefused) as refused:
        await reading
    assert refused.value.flaw is Flaw.CRASHED


async def kill_worker(reader: Reader, not_pid: int = 0) -> int:
    """Kills the reader's worker as soon as there is another than `not_pid`."""
    while True:
        pids = [pid for pid in reader.pids if pid != not_pid]
        if pids:
            os.kill(pids[0], 9)
            return pids[0]
        await asyncio.sleep(0.02)


async def test_a_worker_is_replaced_after_its_pictures(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vision, "PICTURES_EACH", 1)
    await reader.read(small(SCREEN))
    assert reader.pids == []


async def test_a_picture_that_takes_too_long_is_refused(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    await reader.read(small(SCREEN))
    monkeypatch.setattr(vision, "SECONDS", 0.01)
    with pytest.raises(PictureRefused) as refused:
        await reader.read(SCREEN)
    assert refused.value.flaw is Flaw.TIMED_OUT
    assert reader.pids == []


async def test_a_reading_given_up_does_not_answer_the_next(reader: Reader) -> None:
    await reader.read(small(SCREEN))
    given_up = asyncio.create_task(reader.read((PROOFS / "hours_statement.jpg").read_bytes()))
    await asyncio.sleep(0.05)
    given_up.cancel()
    await asyncio.gather(given_up, return_exceptions=True)
    assert same("name", TRUTH["course_screen.jpg"]["fields"]["name"], (await reader.read(SCREEN)).name)


async def test_what_is_being_read_when_the_service_ends_is_not_refused() -> None:
    reader = Reader()
    reading = asyncio.create_task(reader.read(small(SCREEN)))
    await asyncio.sleep(0.05)  # its worker is starting
    await reader.close()
    with pytest.raises(ReaderClosed):
        await reading
    assert reader.pids == []


async def test_a_blank_page_is_illegible(reader: Reader) -> None:
    proof = await reader.read(encoded(Image.new("RGB", (400, 300), "white"), "PNG"))
    assert not proof.legible


def small(jpeg: bytes) -> bytes:
    """The head of a picture: quick to read."""
    return encoded(Image.open(io.BytesIO(jpeg)).crop((0, 0, 500, 160)), "PNG")


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A PNG whose header promises more pixels than its few bytes hold."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)

    head = width.to_bytes(4) + height.to_bytes(4) + bytes([8, 2, 0, 0, 0])
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("sent", "flaw"),
    [
        (b"", Flaw.EMPTY),
        (b"%PDF-1.7 not a picture", Flaw.WRONG_TYPE),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", Flaw.WRONG_TYPE),
        (encoded(Image.new("RGB", (200, 200)), "TIFF"), Flaw.WRONG_TYPE),
        (SCREEN[:3] + bytes(100), Flaw.WRONG_TYPE),
        (SCREEN[: len(SCREEN) // 2], Flaw.TRUNCATED),
        (encoded(Image.new("RGB", (200, 200)), "PNG")[:-30], Flaw.TRUNCATED),
        (bomb(3000, 3000), Flaw.TRUNCATED),
        (bomb(9000, 9000), Flaw.TOO_MANY_PIXELS),
        (bomb(60_000, 60_000), Flaw.TOO_MANY_PIXELS),
        (encoded(Image.new("RGB", (40, 400)), "PNG"), Flaw.TOO_SMALL),
        (SCREEN + bytes(picture.MAX_BYTES), Flaw.TOO_LARGE),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_flaw(sent: bytes, flaw: Flaw) -> None:
    with pytest.raises(PictureRefused) as refused:
        picture.pixels(sent, 2000)
    assert refused.value.flaw is flaw


def test_every_turn_that_a_camera_notes_is_undone() -> None:
    upright = Image.new("RGB", (300, 200), "white")
    upright.paste("red", (0, 0, 100, 100))  # the top left third
    for tag, back in (
        (3, Image.Transpose.ROTATE_180),
        (6, Image.Transpose.ROTATE_90),
        (8, Image.Transpose.ROTATE_270),
        (2, Image.Transpose.FLIP_LEFT_RIGHT),
        (5, Image.Transpose.TRANSPOSE),
    ):
        exif = Image.Exif()
        exif[0x0112] = tag
        seen = picture.pixels(encoded(upright.transpose(back), "JPEG", exif=exif, quality=95), 2000)
        assert seen.shape == (200, 300, 3)
        assert seen[50, 50, 1] < 60
        assert seen[150, 250, 1] > 200


def test_large_pictures_are_made_small_and_strips_stay_readable() -> None:
    assert picture.pixels(encoded(Image.new("RGB", (6000, 4000)), "JPEG"), 2000).shape == (1333, 2000, 3)
    strip = picture.pixels(encoded(Image.new("RGB", (1080, 9000)), "JPEG"), 2000)
    assert strip.shape[1] > 700
    transparent = picture.pixels(encoded(Image.new("RGBA", (200, 200), (0, 0, 0, 0)), "PNG"), 2000)
    assert transparent.min() == 255


def test_a_seal_is_made_pale_and_the_print_under_it_stays() -> None:
    paper = Image.new("RGB", (1000, 700), (250, 248, 240))
    down, across = np.mgrid[0:700, 0:1000]
    away = np.hypot(down - 500, across - 700)
    pixels = np.array(paper)
    pixels[(away > 85) & (away < 95)] = (205, 60, 60)
    pixels[495:505, 640:760] = (30, 25, 28)
    assert len(seals_in(pixels)) == 1
    pale = without_seals(pixels)
    assert pale[500, 700].max() < 60
    assert pale[500 - 90, 700].min() > 200
    stripes = np.array(paper)
    stripes[:, ::7] = (240, 120, 120)
    assert seals_in(stripes) == []


def test_the_service_does_not_load_what_the_workers_need() -> None:
    code = "import sys, bot.vision; sys.exit(bool({'rapidocr', 'onnxruntime', 'cv2'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_read_proof_prints_a_line_for_each_file_in_order(tmp_path: Path) -> None:
    (tmp_path / "no.jpg").write_bytes(b"no picture")
    files = [PROOFS / "course_screen.jpg", tmp_path / "no.jpg", tmp_path / "missing.jpg"]
    ran = subprocess.run(
        [sys.executable, "-m", "bot.commands", "read-proof", *map(str, files)], capture_output=True, check=False
    )
    lines = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [line["file"] for line in lines] == [str(file) for file in files]
    assert same("hours", TRUTH["course_screen.jpg"]["fields"]["hours"], lines[0]["hours"])
    assert ["error" in line for line in lines] == [False, True, True]
    assert ran.returncode == 1
    assert ran.stderr.decode().strip() == "xueshi: 2 of 3 files could not be read"


def test_read_proof_wants_a_file() -> None:
    ran = subprocess.run([sys.executable, "-m", "bot.commands", "read-proof"], capture_output=True, check=False)
    assert ran.returncode == 2
