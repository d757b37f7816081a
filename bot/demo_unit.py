"""The unit behind the demo's HR admin: two branches with their people, this year's and last year's hours in any state.

Everything is entered as people and reviewers would have, turn by turn, a while ago: the rooms of the console then show
what they show after a year of use. Nobody of these has a phone on the page, so nothing is sent to them.
"""

import asyncio
import io
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

import documents
from bot.photos import Photos
from domain.ledger import OF_THIS, Activity, EntryKind, NewEntry
from domain.message import Channel, Message, MessageKind
from domain.person import Role
from domain.proof import Objection
from domain.review import Decision, Join, returned_note
from domain.vocabulary import Category, Mode, Unit, WorkField
from handlers.precheck import marks
from nlp.proofs.proof import Activity as Read
from nlp.proofs.proof import Proof, record_of
from outreach.standings import after, decided, stand
from rules.book import Book
from storage.members import Employee
from storage.store import Change, Store

REGION = "neimenggu"
BRANCHES = {
    "演示单位设计院": ("建筑所", "结构所", "设备所", "总工办"),
    "演示单位检测中心": ("材料室", "现场室", "综合室"),
}
SURNAMES = "".join(("王李张刘陈杨赵黄周吴", "徐孙胡朱高林何郭马罗", "梁宋郑谢韩唐冯于董萧", "程曹袁邓许傅沈曾彭吕"))
GIVEN = (
    "海波",
    "晓燕",
    "建军",
    "丽娜",
    "文博",
    "雪梅",
    "志强",
    "春花",
    "宇航",
    "静怡",
    "国庆",
    "敏",
    "磊",
    "倩",
    "浩然",
)
COUNT, UNBOUND = 40, 6
PARTS = ((30, 24), (30, 52), (20, 60), (10, 32), (30, 36))  # hours of who lacks some: public, professional
PROFESSIONAL = ("绿色建筑设计", "装配式混凝土结构", "检测新标准宣贯", "建筑节能改造", "岩土工程勘察")
PUBLIC = ("铸牢共同体意识", "专业技术人员诚信", "数字经济与人工智能")
EVENT, ORGANIZER, PROVIDER = "安全生产继续教育", "自治区建设厅", "专业技术继续教育基地"
EVENT_HOURS, ATTENDED, WITH_PROOF = 16, 26, 8
_FONT = Path(documents.__file__).parent / "fonts" / "NotoSansCJKsc-Regular.otf"


@dataclass
class Somebody:
    """An employee of the demo. `step` numbers what they have said."""

    name: str
    unit: str
    department: str
    sender: str
    phone: str
    id: str = ""
    step: int = 0
    claims: list[str] = field(default_factory=list)


class Filling:
    """Fills the branches of `unit`. `account` is the official account's appid, `now` the time at which it is done."""

    def __init__(self, store: Store, book: Book, photos: Photos, account: str, unit: str, now: datetime) -> None:
        self._store = store
        self._book = book
        self._photos = photos
        self._account = account
        self._unit = unit
        self._now = now
        self._draw = random.Random(20)  # noqa: S311 - the same unit at every start

    async def fill(self) -> int:
        """Enters everybody; how many people the branches then have."""
        people = self._people()
        heads = await self._branches(people)
        for number, one in enumerate(people):
            await self._join(one)
            await self._year(one, heads[one.unit], self._now.year - 1, full=number % 6 != 5)
            await self._year(one, heads[one.unit], self._now.year, full=number % 5 in (0, 2), part=number % 7 != 3)
            await asyncio.sleep(0)  # the phones of the page go first
        await self._event(people[:ATTENDED])
        await self._place(people)
        return len(people) + UNBOUND

    def _people(self) -> list[Somebody]:
        names = [f"{surname}{self._draw.choice(GIVEN)}" for surname in SURNAMES[:COUNT]]
        places = [(unit, department) for unit, departments in BRANCHES.items() for department in departments]
        return [
            Somebody(name, *places[number % len(places)], f"oDemoUnit{number:018d}", f"138{number:08d}")
            for number, name in enumerate(names)
        ]

    async def _branches(self, people: Sequence[Somebody]) -> dict[str, Somebody]:
        """The units below the demo's, each with somebody who has reviewed; and names that nobody has bound."""
        heads = {}
        for place, unit in enumerate(BRANCHES):
            await self._store.console.place_unit(unit, self._unit)
            head = Somebody(("钱慧", "郝明")[place], unit, "人事科", f"oDemoHead{place:018d}", f"139{place:08d}")
            await self._join(head)
            await self._store.grant(head.id, unit, Role.REVIEWER)
            heads[unit] = head
            waiting = [f"{surname}{self._draw.choice(GIVEN)}" for surname in "贺龙万段雷钱"[place * 3 : place * 3 + 3]]
            rows = [Employee(name, f"137{place}{at:07d}", department="综合室") for at, name in enumerate(waiting)]
            await self._store.desk.import_roster(unit, rows, self._now - timedelta(days=200))
        return heads

    async def _join(self, one: Somebody) -> None:
        then = self._now.replace(year=self._now.year - 1, month=1, day=10, hour=9)
        person = {
            "name": one.name,
            "region": REGION,
            "work_field": WorkField.ENGINEERING,
            "profile": {"unit": one.unit, "department": one.department},
            "consented_at": then,
        }
        await self._turn(one, then, person=person, joins=(Join(one.unit, one.department, one.name, one.phone),))

    async def _year(self, one: Somebody, head: Somebody, year: int, *, full: bool, part: bool = True) -> None:
        """A year's records: all of them verified, some of them, one that waits or was returned, or none."""
        if not part:
            return
        last = self._now.date() - timedelta(days=20) if year == self._now.year else date(year, 12, 1)
        days = max(1, (last - date(year, 1, 1)).days)
        done = [date(year, 1, 1) + timedelta(days=self._draw.randrange(days)) for _ in range(3)]
        public, professional = (30, 32) if full else self._draw.choice(PARTS)
        told = [
            _course(Category.PUBLIC, self._draw.choice(PUBLIC), public, done[0]),
            _course(Category.PROFESSIONAL, self._draw.choice(PROFESSIONAL), professional, done[1]),
        ]
        if full:
            told.append(_course(Category.PROFESSIONAL, self._draw.choice(PROFESSIONAL), 28, done[2]))
        then = datetime.combine(max(done), self._now.timetz()) + timedelta(days=2)
        fate = self._draw.random()
        verified = full or year != self._now.year or fate < 0.55
        returned = not verified and fate < 0.7
        if not verified and not returned:
            then = self._now - timedelta(days=3 + 12 * self._draw.random())  # what waits has not waited for ever
        await self._turn(one, then, entries=tuple(told))
        if verified or returned:
            objection = Objection.NO_PROOF if returned else None
            await self._review(one, head, then + timedelta(days=2 + 3 * self._draw.random()), objection)

    async def _event(self, attended: Sequence[Somebody]) -> None:
        """Many were at the same course; some have sent their certificate along. All of it waits."""
        end = max(date(self._now.year, 1, 2), self._now.date() - timedelta(days=9))
        course = _course(Category.PROFESSIONAL, EVENT, EVENT_HOURS, end, ORGANIZER)
        course.activity = (
            course.activity.model_copy(update={"start": end - timedelta(days=1)}) if course.activity else None
        )
        for number, one in enumerate(attended):
            then = self._now - timedelta(days=6, minutes=-7 * number)
            entries = [course]
            if number < WITH_PROOF:
                entries.append(await self._proof(one, end, number, then))
            await self._turn(one, then, entries=tuple(entries))

    async def _place(self, people: Sequence[Somebody]) -> None:
        """Standings know their unit from the next look on; here it is said at once."""
        placed = []
        for one in people:
            own = {"unit": one.unit, "department": one.department}
            placed += [each.model_copy(update=own) for each in await self._store.outreach.standings(one.id)]
        await self._store.outreach.put_standings(placed)

    async def _proof(self, one: Somebody, end: date, number: int, then: datetime) -> NewEntry:
        """The certificate of the course, kept and read as if it had been sent."""
        code = f"NJ{end:%Y%m}{4100 + number}"
        hours = EVENT_HOURS - 4 * (number == 3)  # one certificate says something else than its claim
        picture = await asyncio.to_thread(_certificate, one.name, end, hours, code)
        photo = await self._photos.keep(one.id, picture)
        await self._store.desk.keep_photo(one.id, photo, "image/jpeg", len(picture), then)
        read = Read(
            title=EVENT,
            organizer=ORGANIZER,
            category=Category.PROFESSIONAL,
            hours=hours,
            start=(end - timedelta(days=1)).isoformat(),
            end=end.isoformat(),
            certificate_no=code,
            confidence={"title": 0.97, "hours": 0.95, "certificate_no": 0.91},
        )
        proof = Proof((read,), name=one.name)
        await self._store.desk.save_reading(one.id, photo, record_of(proof), "", marks(proof, photo), then)
        return NewEntry(kind=EntryKind.PROOF_ATTACHED, year=end.year, refers_to=f"{OF_THIS}0", note=photo)

    async def _review(self, one: Somebody, head: Somebody, then: datetime, objection: Objection | None) -> None:
        desk = await self._store.desk.desk(
            head.id, lambda waiting: [each for each in waiting if each.person_id == one.id]
        )
        decisions = []
        for file in desk.files:
            kind = EntryKind.HOURS_VERIFIED if objection is None else EntryKind.HOURS_RETURNED
            note = "" if objection is None else returned_note(objection, "")
            entry = NewEntry(kind=kind, year=file.claim.year, refers_to=file.claim.id, note=note)
            decisions.append(
                Decision(
                    person_id=one.id,
                    claim_id=file.waiting.claim_id,
                    chain=file.chain,
                    entry=entry,
                    unit=one.unit,
                    since=file.waiting.since,
                    code=objection,
                    address=None,
                    told="",
                )
            )
        standings = decided(desk.files, decisions, then.date(), self._book)
        await self._turn(head, then, decisions=tuple(decisions), standings=standings)

    async def _turn(self, one: Somebody, then: datetime, **change: Any) -> None:
        """One turn of somebody at a time, with where they stand after it."""
        one.step += 1
        message = Message(
            key=f"official:{self._account}:{one.sender}:msg:{one.step}",
            channel=Channel.OFFICIAL,
            account=self._account,
            sender=one.sender,
            kind=MessageKind.TEXT,
            text="",
            sent_at=then,
        )
        entries = change.get("entries", ())
        years = sorted({entry.year for entry in entries})
        opened = await self._store.open_turn(message, then, years or (then.year,), "demo")
        one.id = opened.person.id
        person = opened.person.model_copy(update=change.get("person", {}))
        claims = after(opened.entries, entries, person.id, then)
        stood = tuple(stand(person, claims, year, self._now.date(), self._book) for year in years)
        change.setdefault("standings", tuple(one for one in stood if one is not None))
        made = Change(message, one.id, opened.dialog.version, None, opened.head, **change)
        await self._store.settle(made, then, durable=False)


def _course(category: Category, title: str, hours: float, on: date, organizer: str = PROVIDER) -> NewEntry:
    activity = Activity(
        start=on,
        end=on,
        category=category,
        mode=Mode.DISTANCE if category is Category.PUBLIC else Mode.TRAINING_CLASS,
        quantity=hours,
        unit=Unit.CLASS_HOUR,
        title=title,
        organizer=organizer,
    )
    return NewEntry(kind=EntryKind.HOURS_CLAIMED, year=on.year, activity=activity)


def _certificate(name: str, end: date, hours: float, code: str) -> bytes:
    """A certificate as somebody would photograph it: words on paper with a seal, as JPEG."""
    paper = Image.new("RGB", (1200, 850), "#fbf7ec")
    pen = ImageDraw.Draw(paper)
    pen.rectangle((40, 40, 1160, 810), outline="#b08a3c", width=6)
    pen.rectangle((56, 56, 1144, 794), outline="#d8bf86", width=2)
    start = end - timedelta(days=1)
    lines = (
        (150, 64, "结 业 证 书"),
        (300, 34, f"{name} 同志："),
        (370, 34, f"于{start:%Y年%m月%d日}至{end:%d日}参加"),
        (440, 34, f"《{EVENT}》培训班"),
        (510, 34, f"专业科目，共 {hours} 学时，考核合格"),
        (640, 28, f"证书编号：{code}"),
        (690, 28, ORGANIZER),
        (735, 28, f"{end:%Y年%m月%d日}"),
    )
    for top, size, words in lines:
        font = ImageFont.truetype(_FONT, size)
        width = pen.textlength(words, font=font)
        left = (1200 - width) / 2 if top < 200 else 150 if top < 640 else 1060 - width
        pen.text((left, top), words, "#2b2b2b", font=font)
    pen.ellipse((840, 590, 1020, 770), outline="#c8352b", width=7)
    turned = paper.rotate(1.2, Image.Resampling.BICUBIC, fillcolor="#d9d4c7")
    written = io.BytesIO()
    turned.save(written, "JPEG", quality=82)
    return written.getvalue()
