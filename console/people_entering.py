"""HR enters an activity for somebody: read back with its hours and why, then entered once, and the person is told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from aiohttp import web
from pydantic import ValidationError

from console.doors import Door
from console.people_one import one_of
from console.people_year import Reason, reasons_of
from console.visitor import Missing, Visitor
from domain.census import Record
from domain.entering import entered_note
from domain.ledger import Activity, Claim, EntryKind, NewEntry, fold
from domain.review import Member
from domain.vocabulary import Category, EntryState, Mode, Unit
from handlers import show
from outreach.rulings import case, subject_of
from outreach.standings import after, stand
from rules.book import NATIONAL, Book
from rules.conversion import convert
from rules.plan import NoRuleInForceError
from rules.ruling import Conversion, Step
from storage.entering import Entering
from storage.store import Conflict
from wording import say

OLDEST = 10  # years back
MOST = {Unit.CHAR: 10_000_000, Unit.MINUTE: 100_000}  # of one activity; of other units:
MOST_OTHERWISE = 2_000
TRIES = 3  # the person may be recording at this moment
FACTS = ("planned", "organised", "assessed", "unit_approved")  # what rules ask of self-study, and a unit knows
_FIELDS = ("start", "end", "category", "mode", "quantity", "unit", "title", "organizer", *FACTS)


@dataclass(frozen=True, slots=True)
class Said:
    """What was typed: the activity when it can be one, else the sentence that is wrong with each field."""

    activity: Activity | None
    wrong: Mapping[str, str] = field(default_factory=dict)


def read(fields: Mapping[str, str], categories: tuple[str, ...], today: date) -> Said:
    """Reads the form. Days are ISO dates; what is recorded lies within one year, not in the future."""
    wrong = {}
    start, end = _day(fields.get("start", "")), _day(fields.get("end", "") or fields.get("start", ""))
    if start is None:
        wrong["start"] = say("console.people.enter.day_missing")
    elif end is None or start > end:
        wrong["end"] = say("claim.turned_round")
    elif end > today:
        wrong["end"] = say("claim.future", day=show.day(end, today))
    elif start.year != end.year:
        wrong["end"] = say("claim.across_years")
    elif start.year < today.year - OLDEST:
        wrong["start"] = say("claim.too_old", day=show.day(start, today), year=today.year - OLDEST)
    if fields.get("category") not in categories:
        wrong["category"] = say("console.people.enter.choose")
    if fields.get("mode") not in set(Mode):
        wrong["mode"] = say("console.people.enter.choose")
    quantity, unit = _number(fields.get("quantity", "")), fields.get("unit", "")
    most = MOST.get(Unit(unit), MOST_OTHERWISE) if unit in set(Unit) else 0
    if quantity is None or not 0 < quantity <= most:
        wrong["quantity"] = say("console.people.enter.quantity_wrong", most=most or MOST_OTHERWISE)
    if not fields.get("title", "").strip():
        wrong["title"] = say("console.people.enter.title_missing")
    if wrong:
        return Said(None, wrong)
    words = {name: fields.get(name, "").strip()[:200] for name in ("title", "organizer")}
    attrs = {name: True for name in FACTS if fields.get(name)}
    told = {"start": start, "end": end, "quantity": quantity, "unit": unit, "attrs": attrs, **words}
    try:
        return Said(Activity.model_validate({**told, "category": fields["category"], "mode": fields["mode"]}))
    except ValidationError:
        return Said(None, {"quantity": say("console.people.enter.quantity_wrong", most=most)})


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said.strip())
    except ValueError:
        return None


def _number(said: str) -> float | None:
    try:
        number = float(said.strip())
    except ValueError:
        return None
    return number if number == number and abs(number) < 1e9 else None  # noqa: PLR0124 - not a number


def twin(claims: list[Claim], activity: Activity) -> Claim | None:
    """A record that says the same: it may be the same activity, recorded by the person."""
    for one in claims:
        like = (one.activity.start, one.activity.mode, one.activity.category)
        if one.state is not EntryState.WITHDRAWN and like == (activity.start, activity.mode, activity.category):
            return one
    return None


def converted(record: Record, activity: Activity, on: date, book: Book) -> Conversion:
    """What the activity gives this person; open where the book has no rule for its year."""
    try:
        return convert(case(activity, "asked"), subject_of(record.person), on, book)
    except NoRuleInForceError as none:
        return Conversion(hours=None, steps=(Step(none.key, none.values),))


def _categories(visitor: Visitor, record: Record) -> tuple[str, ...]:
    place = visitor.office.book.place(record.person.region or NATIONAL)
    return tuple(str(category) for category in Category if category in place.categories)


async def _record(visitor: Visitor) -> tuple[Member, Record]:
    member = (await one_of(visitor)).member
    record = await visitor.office.store.entering.record(member.person_id) if member.person_id else None
    if record is None:
        raise Missing
    return member, record


async def form(visitor: Visitor) -> web.StreamResponse:
    """The empty form."""
    member, record = await _record(visitor)
    return _form(visitor, member, record, {"unit": "class_hour"}, Said(None))


def _form(
    visitor: Visitor, member: Member, record: Record, fields: Mapping[str, str], said: Said
) -> web.StreamResponse:
    return visitor.page(
        "people/enter.html",
        status=422 if said.wrong else 200,
        member=member,
        fields={name: fields.get(name, "") for name in _FIELDS},
        wrong=said.wrong,
        categories=_categories(visitor, record),
        modes=[str(mode) for mode in Mode],
        units=[str(unit) for unit in Unit],
        facts=FACTS,
        today=visitor.now.date(),
        oldest=date(visitor.now.year - OLDEST, 1, 1),
    )


async def enter(visitor: Visitor) -> web.StreamResponse:
    """Reads the form; shows what would be entered; enters it when that was confirmed."""
    member, record = await _record(visitor)
    fields, today = visitor.form, visitor.now.date()
    said = read(fields, _categories(visitor, record), today)
    if said.activity is None or fields.get("again"):
        return _form(visitor, member, record, fields, Said(None, said.wrong))
    book = visitor.office.book
    found = converted(record, said.activity, today, book)
    if not fields.get("confirmed"):
        return visitor.page(
            "people/confirm.html",
            member=member,
            fields={name: fields.get(name, "") for name in _FIELDS},
            what=f"{show.days(said.activity.start, said.activity.end, today)} {show.what(said.activity)}",
            category=show.category(said.activity.category),
            hours=found.hours,
            reasons=_reasons(visitor, record, found),
            twin=twin(fold(record.entries), said.activity),
        )
    new = await _enter(visitor, member, record, said.activity, found)
    key = "console.people.enter.done" if new else "console.people.enter.done_before"
    path = f"/console/people/{member.id}?year={said.activity.end.year}"
    return visitor.say_and_go(key, path, name=member.name)


def _reasons(visitor: Visitor, record: Record, found: Conversion) -> tuple[Reason, ...]:
    region = record.person.region or NATIONAL
    return reasons_of(found.steps, visitor.office.book, visitor.office.texts, region)


async def _enter(visitor: Visitor, member: Member, record: Record, activity: Activity, found: Conversion) -> bool:
    """Enters the activity, again when the person has just recorded something themselves. False: entered before."""
    office, today = visitor.office, visitor.now.date()
    note = entered_note(member.unit, visitor.person.name)
    entry = NewEntry(kind=EntryKind.HOURS_CLAIMED, year=activity.end.year, activity=activity, note=note)
    told = say(
        "console.people.enter.told",
        unit=member.unit,
        by=visitor.person.name,
        what=show.counted(activity, found.hours),
        day=show.days(activity.start, activity.end, today),
    )
    latest: Record | None = record
    for _ in range(TRIES):
        if latest is None:
            raise Missing
        claims = after(latest.entries, [entry], latest.person.id, visitor.now)
        stood = stand(latest.person, claims, entry.year, today, office.book, member.unit, member.department)
        what = Entering(latest, (entry,), () if stood is None else (stood,), told)
        try:
            entered = await office.store.entering.enter(visitor.once, what, visitor.now)
        except Conflict:
            latest = await office.store.entering.record(latest.person.id)
            continue
        office.wake()
        return entered
    raise Conflict


DOORS = (
    Door("GET", "/people/{member}/enter", form),
    Door("POST", "/people/{member}/enter", enter),
)
