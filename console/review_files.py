"""Claims as the review pages show them: what is claimed beside what its picture says, hints, what the rules give."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from console.visitor import Visitor
from domain.dialog import Dialog
from domain.message import Channel, Message, MessageKind
from domain.person import Role
from domain.proof import Kept, Objection, Twin
from domain.review import Decision, Desk, File, Waiting
from domain.standing import Standing
from domain.unit import UnitSettings
from handlers import inspection, precheck, show
from handlers.explanation import show_step
from handlers.facts import Facts
from handlers.standing import conversion
from handlers.turn import Turn
from nlp.proofs.proof import Activity as Read
from nlp.proofs.proof import Proof, proof_of
from nlp.reading import Intent, Reading
from outreach.standings import decided
from storage.store import Store
from wording import say

REVIEWERS = (Role.HR_ADMIN, Role.REVIEWER)
TOGETHER = 50  # claims of one event that a page takes


@dataclass(frozen=True, slots=True)
class Line:
    """A field as claimed, as read on the picture ("" when nothing was), and whether the reading is to be looked at."""

    label: str
    claimed: str
    read: str = ""
    differs: bool = False
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """A claim with everything that its page shows. `hints` are sentences; `clear` says that there are none."""

    file: File
    what: str
    hours: str
    steps: tuple[str, ...]
    hints: tuple[str, ...]
    lines: tuple[Line, ...]
    pictures: tuple[str, ...]

    @property
    def waiting(self) -> Waiting:
        return self.file.waiting

    @property
    def clear(self) -> bool:
        return not self.hints


@dataclass(frozen=True, slots=True)
class Event:
    """Claims that wait about one event; one that stands alone is an event of its own."""

    claims: tuple[Waiting, ...]

    @property
    def first(self) -> Waiting:
        return self.claims[0]


def grouped(waiting: Sequence[Waiting]) -> list[Event]:
    """The claims by event, in the order of the oldest of each."""
    found: dict[str, list[Waiting]] = {}
    for one in waiting:
        found.setdefault(f"{one.event} {one.unit}" if one.event else one.claim_id, []).append(one)
    return [Event(tuple(claims)) for claims in found.values()]


def others(waiting: Sequence[Waiting], person_id: str) -> list[Waiting]:
    """What somebody may decide: everything but their own."""
    return [one for one in waiting if one.person_id != person_id]


async def opened(visitor: Visitor, waiting: Sequence[Waiting]) -> list[tuple[Turn, File]]:
    """The files of some claims, each in a turn that rules can be asked in. Those that are gone are left out."""
    store = visitor.office.store
    units = dict.fromkeys(one.unit for one in waiting)
    known = await store.settings.of_units(tuple(units))
    found = []
    for one in waiting:
        file = await store.reviewing.file(one)
        if file is not None:
            whole = replace(file, twins=tuple(await _twins(store, file)))
            found.append((turn_about(visitor, whole, known[one.unit]), whole))
    return found


async def _twins(store: Store, file: File) -> list[Twin]:
    found: list[Twin] = []
    for kept in file.photos:
        if kept.reading is not None:
            found += await store.desk.twins(
                kept.person_id, kept.photo, precheck.marks(proof_of(kept.reading), kept.photo)
            )
    return found


def turn_about(visitor: Visitor, file: File, known: UnitSettings) -> Turn:
    """A turn about somebody's claim, in which nobody has said anything; `known` is what their unit has set."""
    unit, office, now = file.waiting.unit, visitor.office, visitor.now
    nothing = Message(
        key="console", channel=Channel.OFFICIAL, account="", sender="-", kind=MessageKind.EVENT, sent_at=now
    )
    desk = Desk((unit,), files=(file,), organizers={unit: known.organizers}, reasons={unit: known.reasons})
    return Turn(
        message=nothing,
        reading=Reading(Intent.UNKNOWN),
        person=file.person,
        dialog=Dialog(),
        claims=file.claims,
        now=now,
        book=office.book,
        texts=office.texts,
        facts=Facts(desk),
    )


def shown(turn: Turn, file: File) -> Shown:
    activity = file.claim.activity
    found = conversion(turn, activity)
    hints = inspection.objections(turn, file)
    names = "、".join(proof.name for proof in _proofs(file.photos) if proof.name)
    values = {"name": file.waiting.name, "read": names, "year": file.claim.year}
    return Shown(
        file=file,
        what=show.what(activity),
        hours=show.hours(found.hours),
        steps=tuple(step for step in (show_step(one) for one in found.steps) if step),
        hints=tuple(say(f"review.hint.{one}", **values).removeprefix("! ") for one in hints),
        lines=tuple(_lines(turn, file)),
        pictures=tuple(inspection.shown(file)),
    )


def _proofs(photos: Sequence[Kept]) -> list[Proof]:
    return [proof_of(one.reading) for one in photos if one.reading is not None]


def _lines(turn: Turn, file: File) -> list[Line]:
    """Field by field: the claim, and the picture that fits it best."""
    activity, proofs = file.claim.activity, _proofs(file.photos)
    proof = proofs[-1] if proofs else Proof()
    read = precheck.meant(proof, activity)
    amount = precheck.stated(read)
    organizer = activity.organizer
    values: list[tuple[str, str, str, Sequence[str]]] = [
        ("name", file.waiting.name, proof.name or "", ("name",)),
        ("title", activity.title, read.title or "", ("title",)),
        ("organizer", organizer, read.organizer or "", ("organizer",)),
        ("days", show.days(activity.start, activity.end, turn.today), _days(read), ("start", "end")),
        ("amount", show.quantity(activity.quantity, activity.unit), _amount(amount), ("hours", "credits", "days")),
        ("category", show.category(activity.category), show.category(read.category) if read.category else "", ()),
        ("number", "", read.certificate_no or "", ("certificate_no",)),
    ]
    return [
        Line(
            say(f"console.review.field.{name}"),
            claimed,
            found,
            differs=bool(claimed and found and _differs(name, claimed, found, read, file)),
            unsure=any(part in read.unsure for part in parts),
        )
        for name, claimed, found, parts in values
        if claimed or found
    ]


def _days(read: Read) -> str:
    return " – ".join(dict.fromkeys(day for day in (read.start, read.end) if day))


def _amount(amount: tuple[float, Any] | None) -> str:
    return show.quantity(*amount) if amount else ""


def _differs(name: str, claimed: str, found: str, read: Read, file: File) -> bool:
    activity = file.claim.activity
    if name == "days":
        return not {read.start, read.end} & {activity.start.isoformat(), activity.end.isoformat()}
    if name == "amount":
        return Objection.HOURS_DIFFER in precheck.of_claim(read, activity, file.claim.year)
    one, other = precheck.normal(claimed), precheck.normal(found)
    return one not in other and other not in one


def stood(turns: Sequence[tuple[Turn, File]], decisions: Sequence[Decision]) -> tuple[Standing, ...]:
    """Where the people stand of whom something is decided."""
    if not turns:
        return ()
    turn = turns[0][0]
    return decided([file for _, file in turns], decisions, turn.today, turn.book)


def lasting(time: timedelta | None) -> str:
    """A waiting time in words; empty when none is known."""
    return "" if time is None else inspection.lasting(time)
