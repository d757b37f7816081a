"""What planning costs: one person (pure), a night over 100,000 people, and a minute's sweep when nobody is due.

Ratios: the night against merely reading the same pages, the sweep over many people against one over few.
"""

import argparse
import asyncio
import tempfile
import time
from datetime import datetime
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

from bot.outreach import Outreach
from domain.message import Channel, Message, MessageKind
from domain.person import Person
from domain.reminder import Courtesy, Wishes
from outreach import looking, reminders
from outreach.calendars import Calendar
from outreach.standings import stand, subject_of
from outreach.ways import Offers
from rules.book import Book, load
from storage import people, reach, standings
from storage.agendas import touch
from storage.schema import migrate
from storage.sealing import Vault
from storage.statements import Visit
from storage.store import Store

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 10, 12, 12, tzinfo=ZONE)
REGIONS = ("neimenggu", "jilin", "jiangxi", "sichuan", "nantong")
AT_ONCE = 20


def one_person(book: Book) -> None:
    """Replanning one person, pure: goals, stages and the next time."""
    known = Calendar(courtesy=Courtesy(verification_days=3))
    person = _person(0)
    subject = subject_of(person)
    planned = reminders.Person(person.id, ZONE, Wishes(), known.courtesy, frozenset(), NOW)
    times = []
    for _ in range(300):
        started = time.perf_counter()
        looking.next_due(planned, looking.towards(subject, NOW.date(), NOW.date(), known, book), NOW)
        times.append(time.perf_counter() - started)
    print(f"replanning one person: {median(times) * 1e6:.0f} µs (at most 500)")


def _person(number: int) -> Person:
    return Person(id=f"{number:032x}", region=REGIONS[number % len(REGIONS)])


async def _fill(store: Store, count: int, book: Book) -> None:
    """People with a region, a standing and an agenda, as turns leave them."""
    for start in range(0, count, 200):
        for number in range(start, min(start + 200, count)):
            await store._driver.run(_make(number, book))


def _make(number: int, book: Book) -> Visit[None]:
    message = Message(
        key=f"official:wx:o{number}:1",
        channel=Channel.OFFICIAL,
        account="wx",
        sender=f"o{number}",
        kind=MessageKind.TEXT,
        sent_at=NOW,
    )
    person = _person(number).model_copy(update={"id": people.person_id_of(message)})
    standing = stand(person, [], NOW.year, NOW.date(), book)
    yield people.create(message, NOW)
    change = people.change(Vault([bytes(32)]), person.id, {"region": person.region})
    yield (
        change,
        touch(person.id, NOW),
        *([standings.put(standing)] if standing else []),
        *reach.noted(message, person.id, NOW),
    )


async def _nights(url: str, count: int, book: Book) -> None:
    store = await Store.open(url, Vault([bytes(32)]))
    started = time.perf_counter()
    await _fill(store, count, book)
    print(f"{count} people made in {time.perf_counter() - started:.0f} s")
    moment = NOW
    outreach = Outreach(store, book, Offers(), lambda: moment, lambda: None)
    started = time.perf_counter()
    after = ""
    while page := await store.outreach.page(after, NOW.year, 500):
        after = page[-1].person_id
    reading = time.perf_counter() - started
    for what in ("first (every agenda moves)", "next (nothing has changed)"):
        started = time.perf_counter()
        await outreach.night()
        took = time.perf_counter() - started
        print(f"night over {count}, {what}: {took:.1f} s, {took / reading:.1f} times the mere reading")
        moment = moment.replace(day=moment.day + 1)
    times = []
    moment = moment.replace(hour=13)
    for _ in range(200):
        started = time.perf_counter()
        assert await outreach.sweep() == 0
        times.append(time.perf_counter() - started)
    print(f"sweep over {count} with nobody due: {median(times) * 1e6:.0f} µs")
    await store.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    given, _ = parser.parse_known_args()
    book = load()
    one_person(book)
    for count in (1_000, given.people):
        with tempfile.TemporaryDirectory(prefix="xueshi-night-") as folder:
            url = f"sqlite+aiosqlite:///{Path(folder) / 'night.db'}"
            migrate(url)
            asyncio.run(_nights(url, count, book))


if __name__ == "__main__":
    main()
