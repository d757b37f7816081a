"""What waits for the review of a unit: rows derived from entries in the commit that adds them, and files of claims."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from statistics import median
from typing import Any

from sqlalchemy import bindparam, func, literal_column, select, text, update
from sqlalchemy.dialects.postgresql import insert

from domain.ledger import Entry, EntryKind, fold
from domain.person import Person
from domain.review import Address, Chain, File, Membership, Waiting
from storage import ledger, members, people, photos
from storage.sealing import Vault
from storage.statements import Row, Statement, Step, Values, Visit
from storage.tables import HeadRow, IdentityRow, PersonKeyRow, columns, table
from storage.tables_proofs import IS_DECIDED, IS_WAITING, MemberRow, ReviewRow

QUEUE = 500  # waiting claims that a desk is given, oldest first
RECENT_DECISIONS = 50  # of which the usual time is the median

_REVIEWS, _MEMBERS = table(ReviewRow), table(MemberRow)
_HEADS, _KEYS, _IDENTITIES = table(HeadRow), table(PersonKeyRow), table(IdentityRow)

_BEGIN = Statement(
    insert(_REVIEWS)
    .values(
        columns(
            ReviewRow, state="waiting", appealed=False, unit="", decided_at=None, decided_by=None, took=0.0, code=""
        )
    )
    .on_conflict_do_nothing()
)
_END = Statement(update(_REVIEWS).where(_REVIEWS.c.claim_id == bindparam("of")).values(state="withdrawn"))
_APPEAL = Statement(
    update(_REVIEWS)
    .where(_REVIEWS.c.claim_id == bindparam("of"))
    .values(state="waiting", since=bindparam("now"), appealed=True, code="")
)
_OF_MEMBERS = _MEMBERS.join(_REVIEWS, _REVIEWS.c.person_id == _MEMBERS.c.person_id)
_WAITS = (_MEMBERS.c.active, text(IS_WAITING.replace("state", "reviews.state")))
_WAITS_FOR = (
    select(
        *(_REVIEWS.c[name] for name in ("claim_id", "person_id")),
        *(_MEMBERS.c[name] for name in ("unit", "department", "identity", "name")),
        *(_REVIEWS.c[name] for name in ("year", "since", "event", "appealed")),
    )
    .select_from(_OF_MEMBERS)
    .where(*_WAITS)
)
_COUNT: Any = select(func.count(_REVIEWS.c.claim_id.distinct())).select_from(_OF_MEMBERS).where(*_WAITS)
_OLDEST_OWN = Statement(
    select(_REVIEWS.c.since)
    .where(_REVIEWS.c.person_id == bindparam("of"), text(IS_WAITING))
    .order_by(_REVIEWS.c.since)
    .limit(1)
)
_DECIDED = Statement(
    select(_REVIEWS.c.took)
    .where(_REVIEWS.c.unit == bindparam("of"), text(IS_DECIDED))
    .order_by(_REVIEWS.c.decided_at.desc())
    .limit(literal_column(str(RECENT_DECISIONS)))
)
_HEAD = Statement(
    select(_HEADS.c.seq, _HEADS.c.hash, _KEYS.c.wrapped)
    .select_from(_HEADS.outerjoin(_KEYS, _KEYS.c.person_id == _HEADS.c.person_id))
    .where(_HEADS.c.person_id == bindparam("of"))
)
_ADDRESS = Statement(
    select(_IDENTITIES.c.channel, _IDENTITIES.c.account, _IDENTITIES.c.sender)
    .where(_IDENTITIES.c.person_id == bindparam("of"))
    .order_by(_IDENTITIES.c.channel == literal_column("'mini'"))  # the chat before the mini program
    .order_by(_IDENTITIES.c.channel, _IDENTITIES.c.account, _IDENTITIES.c.sender)
    .limit(1)
)


def follow(vault: Vault, person_id: str, added: Sequence[Entry], now: datetime) -> list[Step]:
    """The steps that take what the person's own new entries mean for the review."""
    steps = []
    for entry in added:
        if entry.kind is EntryKind.HOURS_CLAIMED:
            values: Values = {"claim_id": entry.id, "person_id": person_id, "year": entry.year, "since": now}
            steps.append(Step(_BEGIN, {**values, "event": event(vault, entry)}))
        elif entry.kind is EntryKind.HOURS_WITHDRAWN:
            steps.append(Step(_END, {"of": entry.refers_to}))
        elif entry.kind is EntryKind.HOURS_APPEALED:
            steps.append(Step(_APPEAL, {"of": entry.refers_to, "now": now}))
        elif entry.kind is EntryKind.PROOF_ATTACHED and entry.note:
            steps.append(photos.use(person_id, entry.note, entry.year))
    return steps


def event(vault: Vault, entry: Entry) -> str:
    """What is equal for claims about one event; empty for one without a title."""
    activity = entry.activity
    if activity is None or not activity.title:
        return ""
    return vault.digest(f"{members.normal(activity.title)}\n{activity.start}\n{activity.end}", "events")


@dataclass(frozen=True, slots=True)
class Which:
    """Which of the waiting claims of some units: of a department, of one event, one claim; empty means any."""

    department: str = ""
    event: str = ""
    claim_id: str = ""


_ANY = Which()
_BY = {"department": _MEMBERS.c.department, "event": _REVIEWS.c.event, "claim_id": _REVIEWS.c.claim_id}


def _asked(units: Sequence[str], which: Which) -> tuple[int, tuple[str, ...], Values]:
    named = {name: getattr(which, name) for name in _BY if getattr(which, name)}
    values: Values = {f"u{place}": unit for place, unit in enumerate(units)}
    return len(units), tuple(named), values | {f"of_{name}": value for name, value in named.items()}


def _of_units(element: Any, units: int, named: tuple[str, ...]) -> Any:
    wanted = [bindparam(f"u{place}", type_=_MEMBERS.c.unit.type) for place in range(units)]
    found = element.where(_MEMBERS.c.unit.in_(wanted))
    return found.where(*(_BY[name] == bindparam(f"of_{name}", type_=_BY[name].type) for name in named))


@lru_cache(64)
def _waits_for(units: int, named: tuple[str, ...]) -> Statement:
    found = _of_units(_WAITS_FOR, units, named).order_by(_REVIEWS.c.since, _REVIEWS.c.claim_id)
    return Statement(found.limit(literal_column(str(QUEUE))))


@lru_cache(64)
def _counted(units: int, named: tuple[str, ...]) -> Statement:
    return Statement(_of_units(_COUNT, units, named))


def waiting(vault: Vault, units: Sequence[str], which: Which = _ANY) -> Visit[list[Waiting]]:
    """What waits for these units, oldest first."""
    if not units:
        return []
    count, named, values = _asked(units, which)
    (rows,) = yield (Step(_waits_for(count, named), values),)
    found = {row[0]: _waiting(vault, row) for row in reversed(rows)}  # once, for somebody in two of the units
    return sorted(found.values(), key=lambda one: (one.since, one.claim_id))


def count(units: Sequence[str], which: Which = _ANY) -> Visit[int]:
    """How many claims wait for these units."""
    if not units:
        return 0
    units_, named, values = _asked(units, which)
    (rows,) = yield (Step(_counted(units_, named), values),)
    return int(rows[0][0])


@lru_cache(16)
def _whose(units: int) -> Statement:
    found = select(_REVIEWS.c.person_id).select_from(_OF_MEMBERS)
    return Statement(_of_units(found, units, ("claim_id",)).where(_MEMBERS.c.active).limit(1))


def person_of(units: Sequence[str], claim_id: str) -> Visit[str | None]:
    """Whose claim it is, also when it waits no longer; None when it is nobody's of these units."""
    if not units:
        return None
    count, _, values = _asked(units, Which(claim_id=claim_id))
    (rows,) = yield (Step(_whose(count), values),)
    return rows[0][0] if rows else None


def _waiting(vault: Vault, row: Row) -> Waiting:
    claim_id, person_id, unit, department, key, name, year, since, of_event, appealed = row
    return Waiting(
        claim_id=claim_id,
        person_id=person_id,
        unit=unit,
        department=department,
        name=members.opened(vault, key, "name", name),
        year=year,
        since=since,
        event=of_event,
        appealed=bool(appealed),
    )


def file(vault: Vault, one: Waiting) -> Visit[File | None]:
    """A waiting claim with the person, their year and their pictures; None when it is not there any more."""
    found: Person | None = yield from people.find(vault, one.person_id)
    (heads,) = yield (Step(_HEAD, {"of": one.person_id}),)
    if found is None or not heads:
        return None
    seq, hash_, wrapped = heads[0]
    values = {"of": one.person_id, **ledger.year_values([one.year])}
    (rows,) = yield (Step(ledger.read_years(1, by_sender=False), values),)
    key = vault.person_key(one.person_id, wrapped) if wrapped is not None else None
    claims = fold(entry for entry in ledger.entries(rows, key) if entry.seq <= seq)
    claim = next((claim for claim in claims if claim.id == one.claim_id), None)
    if claim is None:
        return None
    pictures = yield from photos.of_person(vault, one.person_id)
    return File(
        waiting=one,
        claim=claim,
        person=found,
        claims=claims,
        chain=Chain(seq, hash_, wrapped),
        address=(yield from address(one.person_id)),
        photos=tuple(kept for kept in pictures if kept.photo in claim.proofs),
    )


def titles(vault: Vault, claims: Sequence[Waiting]) -> Visit[dict[str, str]]:
    """What these claims are about, by their ids; empty words where a claim has no title."""
    found = {}
    for one in claims:
        keys, rows = yield (
            Step(ledger.READ_KEY, {"of": one.person_id}),
            Step(ledger.READ_ONE, {"of": one.person_id, "which": one.claim_id}),
        )
        key = vault.person_key(one.person_id, keys[0][0]) if keys else None
        activity = ledger.entry(rows[0], key).activity if rows else None
        found[one.claim_id] = activity.title if activity is not None else ""
    return found


def address(person_id: str) -> Visit[Address | None]:
    """Where a person is written to."""
    (rows,) = yield (Step(_ADDRESS, {"of": person_id}),)
    return Address(*rows[0]) if rows else None


def usual(unit: str) -> Visit[timedelta | None]:
    """How long a unit's latest reviews took, at the median; None before the first."""
    (rows,) = yield (Step(_DECIDED, {"of": unit}),)
    return timedelta(seconds=median(took for (took,) in rows)) if rows else None


def oldest(person_id: str) -> Visit[datetime | None]:
    """Since when a person's oldest waiting claim has waited."""
    (rows,) = yield (Step(_OLDEST_OWN, {"of": person_id}),)
    return rows[0][0] if rows else None


def waits(vault: Vault, person_id: str) -> Visit[Membership]:
    """For the person who waits: since when, and how long their unit usually takes."""
    mine = yield from members.of_person(vault, person_id)
    return Membership(
        units=tuple(member.unit for member in mine),
        usual=(yield from usual(mine[0].unit)) if mine else None,
        waits=(yield from oldest(person_id)),
    )
