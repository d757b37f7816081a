"""A ledger of a given size: people who talk, each with a year of records, and others who fill it up."""

import random
import sys
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from domain.ledger import Activity, EntryKind, NewEntry
from domain.message import Channel, Message, MessageKind
from domain.vocabulary import Category, Mode, Unit
from storage.schema import migrate
from storage.sealing import Vault
from storage.store import Change, Store

PEOPLE = 1000  # who talk
YEARLY = 20  # records of each in this year
BATCH = 500  # entries in one commit
APPID = "wx00000000000000a1"
REGIONS = ("neimenggu", "jilin", "jiangxi", "sichuan", "nantong")


def sender(number: int) -> str:
    return f"oBench{number:022d}"


async def seed(url: str, entries: int) -> None:
    """Migrates `url` and fills its ledger up to about `entries`, at least a year for everybody who talks."""
    migrate(url)
    store = await Store.open(url, Vault([bytes(range(32))]))
    now = datetime.now(ZoneInfo("Asia/Shanghai"))
    yearly = min(YEARLY, max(1, entries // PEOPLE))
    for number in range(PEOPLE):
        await _tell(store, sender(number), REGIONS[number % len(REGIONS)], _activities(number, yearly, now), now)
    left = entries - PEOPLE * yearly
    others = 0
    while left > 0:
        await _tell(store, f"oOther{others:022d}", "jilin", _activities(others, min(BATCH, left), now), now)
        left -= BATCH
        others += 1
        if others % 100 == 0:
            sys.stderr.write(f"\rseeding: {max(left, 0):,} entries to go ")
    sys.stderr.write("\n")
    await store.close()


async def _tell(store: Store, who: str, region: str, activities: list[Activity], now: datetime) -> None:
    message = Message(
        key=f"official:{APPID}:{who}:seed",
        channel=Channel.OFFICIAL,
        account=APPID,
        sender=who,
        kind=MessageKind.TEXT,
        text="seed",
        sent_at=now.astimezone(UTC),
    )
    opened = await store.open_turn(message, now, (now.year,), "seeding")
    change = Change(
        message=message,
        person_id=opened.person.id,
        dialog_version=opened.dialog.version,
        dialog=None,
        head=opened.head,
        entries=tuple(NewEntry(kind=EntryKind.HOURS_CLAIMED, year=one.end.year, activity=one) for one in activities),
        person={"region": region, "consented_at": now},
        replies=(),
    )
    await store.settle(change, now, durable=False)


def _activities(number: int, count: int, now: datetime) -> list[Activity]:
    draw = random.Random(number)
    return [_activity(draw, now) for _ in range(count)]


def _activity(draw: random.Random, now: datetime) -> Activity:
    first = date(now.year, 1, 1)
    day = first + timedelta(days=draw.randrange(max(1, (now.date() - first).days)))
    return Activity(
        start=day,
        end=day,
        category=draw.choice([Category.PUBLIC, Category.PROFESSIONAL, Category.PROFESSIONAL]),
        mode=draw.choice([Mode.TRAINING_CLASS, Mode.DISTANCE, Mode.ACADEMIC_LECTURE]),
        quantity=draw.randint(1, 4),
        unit=Unit.CLASS_HOUR,
        title="继续教育课程",
    )
