"""A small unit for the tests of the console: an institute with a branch, and another employer.

Everything is entered as people and reviewers would have: turns settled in the store, standings and reviews following.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from domain.ledger import Activity, EntryKind, NewEntry
from domain.message import Channel, Message, MessageKind
from domain.person import Role
from domain.proof import Objection
from domain.review import Decision, Join, returned_note
from domain.vocabulary import Category, Mode, Unit, WorkField
from outreach.standings import after, decided, stand
from rules.book import Book
from storage.store import Change, Store

INSTITUTE = "江河设计院"
BRANCH = "江河设计院勘察分院"  # under the institute
HOSPITAL = "市第二医院"  # somebody else's


@dataclass
class Known:
    """Somebody of the test units. `claims` are the ids of their records by title."""

    id: str
    sender: str
    name: str
    unit: str
    department: str
    claims: dict[str, str] = field(default_factory=dict)


@dataclass
class People:
    """Who there is, by name; admins by the role and unit that they have."""

    known: dict[str, Known] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Known:
        return self.known[name]


ADMINS = (  # name, department, roles
    ("王芳", "人事处", ((INSTITUTE, Role.HR_ADMIN),)),
    ("赵敏", "人事处", ((INSTITUTE, Role.REVIEWER),)),
    ("陈静", "院办", ((INSTITUTE, Role.APPROVER),)),
    ("运维老周", "", (("运维", Role.OPERATOR),)),
    ("钱进", "办公室", ((BRANCH, Role.HR_ADMIN),)),
    ("何院长", "院办", ((HOSPITAL, Role.HR_ADMIN),)),
)
REVIEWER_OF = {INSTITUTE: "赵敏", BRANCH: "钱进", HOSPITAL: "何院长"}
EMPLOYEES = (  # name, unit, department, hours public, hours professional, state
    ("张伟", INSTITUTE, "结构一所", 30, 60, "verified"),
    ("李娜", INSTITUTE, "结构一所", 30, 20, "waiting"),
    ("刘洋", INSTITUTE, "结构二所", 0, 40, "verified"),
    ("杨帆", INSTITUTE, "结构二所", 0, 0, "verified"),
    ("孙丽", BRANCH, "钻探队", 30, 30, "waiting"),
    ("周强", BRANCH, "钻探队", 12, 0, "returned"),
    ("吴迪", HOSPITAL, "内科", 30, 60, "waiting"),
    ("郑华", HOSPITAL, "外科", 0, 8, "verified"),
)


def message(sender: str, number: int, now: datetime) -> Message:
    return Message(
        key=f"official:wx1:{sender}:msg:{number}",
        channel=Channel.OFFICIAL,
        account="wx1",
        sender=sender,
        kind=MessageKind.TEXT,
        text="记一下",
        sent_at=now,
    )


def course(category: Category, hours: float, on: date) -> NewEntry:
    title = "公需科目网络课" if category is Category.PUBLIC else "专业技术研修班"
    activity = Activity(
        start=on,
        end=on,
        category=category,
        mode=Mode.DISTANCE if category is Category.PUBLIC else Mode.TRAINING_CLASS,
        quantity=hours,
        unit=Unit.CLASS_HOUR,
        title=title,
        organizer="省人社厅",
    )
    return NewEntry(kind=EntryKind.HOURS_CLAIMED, year=on.year, activity=activity)


async def settle(store: Store, sender: str, number: int, now: datetime, book: Book, **change: Any) -> Known:
    """One turn of somebody, with their standing in the years that it changes."""
    said = message(sender, number, now)
    opened = await store.open_turn(said, now, (now.year - 1, now.year), "tests")
    person = opened.person.model_copy(update=change.get("person", {}))
    entries = change.get("entries", ())
    years = {entry.year for entry in entries}
    claims = after(opened.entries, entries, person.id, now)
    stood = [stand(person, claims, year, now.date(), book) for year in sorted(years)]
    made = Change(
        message=said,
        person_id=opened.person.id,
        dialog_version=opened.dialog.version,
        dialog=None,
        head=opened.head,
        standings=tuple(one for one in stood if one is not None),
        **change,
    )
    settled = await store.settle(made, now, durable=False)
    known = Known(person.id, sender, person.name or "", "", "")
    known.claims = {e.activity.title: e.id for e in settled.entries if e.activity is not None}
    return known


async def joined(store: Store, name: str, unit: str, department: str, now: datetime, book: Book) -> Known:
    """Somebody who follows the account, has said who they are, and is on a roster when a unit is named."""
    sender = f"o{name.encode().hex()}"
    person = {
        "name": name,
        "region": "sichuan",
        "work_field": WorkField.ENGINEERING,
        "profile": {"unit": unit, "department": department} if unit else {},
        "consented_at": now,
    }
    joins = (Join(unit, department, name, "13900000001"),) if unit else ()
    known = await settle(store, sender, 1, now, book, person=person, joins=joins)
    return replace(known, unit=unit, department=department)


async def seed(store: Store, now: datetime, book: Book) -> People:
    """The whole small world. It began a month ago."""
    began = now - timedelta(days=30)
    people = People()
    for name, department, roles in ADMINS:
        unit = next((unit for unit, role in roles if role is not Role.OPERATOR), "")
        people.known[name] = await joined(store, name, unit, department, began, book)
        for unit, role in roles:
            await store.grant(people[name].id, unit, role)
    for name, unit, department, public, professional, state in EMPLOYEES:
        known = await joined(store, name, unit, department, began, book)
        people.known[name] = known
        hours = ((Category.PUBLIC, public), (Category.PROFESSIONAL, professional))
        entries = tuple(course(category, amount, date(now.year, 6, 3)) for category, amount in hours if amount)
        if entries:
            known.claims = (await settle(store, known.sender, 2, began, book, entries=entries)).claims
        if state != "waiting":
            await review(store, people[REVIEWER_OF[unit]], known, state, began + timedelta(days=1), book)
    await store.console.place_unit(BRANCH, INSTITUTE)
    return people


async def review(store: Store, reviewer: Known, known: Known, state: str, now: datetime, book: Book) -> None:
    """A reviewer decides all that waits of somebody, as in chat."""
    if not known.claims:
        return
    desk = await store.desk.desk(reviewer.id, lambda waiting: [one for one in waiting if one.person_id == known.id])
    decisions = []
    for file in desk.files:
        waiting = file.waiting
        kind = EntryKind.HOURS_VERIFIED if state == "verified" else EntryKind.HOURS_RETURNED
        code = None if state == "verified" else Objection.HOURS_MISSING
        note = "" if code is None else returned_note(code, "证书上没有学时")
        entry = NewEntry(kind=kind, year=file.claim.year, refers_to=file.claim.id, note=note)
        decisions.append(
            Decision(
                person_id=known.id,
                claim_id=waiting.claim_id,
                chain=file.chain,
                entry=entry,
                unit=known.unit,
                since=waiting.since,
                code=code,
                address=file.address,
                told="已处理",
            )
        )
    said = message(reviewer.sender, 10 + int(known.id[:6], 16), now)
    opened = await store.open_turn(said, now, (now.year,), "tests")
    change = Change(
        message=said,
        person_id=opened.person.id,
        dialog_version=opened.dialog.version,
        dialog=None,
        head=opened.head,
        decisions=tuple(decisions),
        standings=decided(desk.files, decisions, now.date(), book),
    )
    await store.settle(change, now, durable=False)
