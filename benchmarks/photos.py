"""Photos at once, and what the chat feels of it: how soon all are kept, how soon read, and the turns meanwhile.

The service is the real one in this process with its reading process beside it, the stand-in for WeChat on loopback.
Each figure of the chat stands beside the same one measured just before, without photos.

`python -m benchmarks.photos [--photos N]`
"""

import argparse
import asyncio
import io
import logging
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles

from PIL import Image, ImageDraw, ImageFont

from bot.logs import set_up
from simulator.phones import Phone
from storage.store import Store
from tests.service.world import World, world

QUESTION = "我还差多少学时"
TALKERS = 4
LINES = ("CERTIFICATE No. 2026-{n:05d}", "Name: person {n}", "Course: structural testing", "24 hours, 2026-10-12")


def picture(number: int) -> bytes:
    """A photo with a few lines of text, 1240 by 880 pixels, different for each number."""
    paper = Image.new("RGB", (1240, 880), "#fdf9ec")
    pen, font = ImageDraw.Draw(paper), ImageFont.load_default(48)
    for at, line in enumerate(LINES):
        pen.text((120, 160 + 130 * at), line.format(n=number), "#222", font=font)
    made = io.BytesIO()
    paper.save(made, "JPEG", quality=88)
    return made.getvalue()


async def _asked(phone: Phone, seconds: list[float]) -> None:
    started = time.perf_counter()
    await phone.text(QUESTION)
    seconds.append(time.perf_counter() - started)


async def _talk(phones: list[Phone], seconds: list[float], stop: asyncio.Event) -> None:
    """People ask one after the other until it is enough."""
    while not stop.is_set():
        for phone in phones:
            await _asked(phone, seconds)
        await asyncio.sleep(0.05)


async def _stalls(seconds: list[float], stop: asyncio.Event) -> None:
    """How much later than asked for the event loop comes back."""
    while not stop.is_set():
        started = time.perf_counter()
        await asyncio.sleep(0.01)
        seconds.append(time.perf_counter() - started - 0.01)


async def _kept(store: Store) -> None:
    waiting = {"keep_photo"}
    while waiting & (await store.waiting_tasks()).keys():  # noqa: ASYNC110 - a table, not an event
        await asyncio.sleep(0.02)


async def _answered(phones: list[Phone]) -> None:
    while not all(len(phone.chat.heard()) >= 2 for phone in phones):  # noqa: ASYNC110 - the other side of a wire
        await asyncio.sleep(0.1)


async def measure(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with world(Path(folder), phones=count + TALKERS) as running:
            await _measure(running, count)


async def _measure(running: World, count: int) -> None:
    phones = list(running.platform.phones.values())
    senders, talkers = phones[:count], phones[count:]
    quiet: list[float] = []
    for _ in range(25):
        for phone in talkers:
            await _asked(phone, quiet)
    busy: list[float] = []
    stalls: list[float] = []
    stop = asyncio.Event()
    beside = [asyncio.create_task(_talk(talkers, busy, stop)), asyncio.create_task(_stalls(stalls, stop))]
    pictures = [picture(number) for number in range(count)]
    started = time.perf_counter()
    pushes = [phone.image(content) for phone, content in zip(senders, pictures, strict=True)]
    for push in pushes:
        await push
    acknowledged = time.perf_counter() - started
    await _kept(running.service.store)
    kept = time.perf_counter() - started
    await _answered(senders)
    answered = time.perf_counter() - started
    stop.set()
    await asyncio.gather(*beside)
    _report(count, (acknowledged, kept, answered), quiet, busy, stalls)


def _report(
    count: int, times: tuple[float, float, float], quiet: list[float], busy: list[float], stalls: list[float]
) -> None:
    acknowledged, kept, answered = times
    print(f"{count} photos at once: all acknowledged after {acknowledged:.1f} s, kept after {kept:.1f} s")
    print(f"  all read and answered after {answered:.0f} s, {answered / count:.2f} s each, one reading process")
    for name, share in (("median", 0.5), ("95 %", 0.95)):
        before, during = _at(quiet, share), _at(busy, share)
        print(f"  a question's turn, {name}: {before * 1000:.1f} ms before, {during * 1000:.1f} ms during, ", end="")
        print(f"{during / before:.1f} times")
    print(f"  event loop late by {median(stalls) * 1000:.1f} ms at the median, {max(stalls) * 1000:.0f} ms at most")


def _at(seconds: list[float], share: float) -> float:
    return quantiles(seconds, n=100)[round(share * 100) - 1]


def main(count: int = 200) -> None:
    set_up(logging.WARNING)
    asyncio.run(measure(count))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=int, default=200)
    main(parser.parse_args().photos)
