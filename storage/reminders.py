"""Agendas and the record of reminders: who is to be looked at when, and what has come due, once for ever.

Whatever changes a person's facts touches their agenda in the same commit; a look reads everything that the next
reminder follows from, and settles at the version of the agenda that it read. A look that another change overtakes
writes nothing and is made again.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, func, literal_column, select, text, update
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT reads the same on SQLite

from domain.delivery import Purpose, Reply
from domain.ledger import Entry
from domain.person import Person
from domain.reach import Reach
from domain.reminder import Fate, Occasion, Reminded, ReminderKind, delivery_key
from domain.standing import Standing
from storage import agendas, ledger, outbox, people, reach, standings
from storage.agendas import Agenda
from storage.refusals import GuardFailed
from storage.sealing import Vault
from storage.statements import Row, Statement, Step, Values, Visit
from storage.tables import NOTICES, DeliveryRow, PersonRow, columns, table
from storage.tables_proofs import MemberRow
from storage.tables_reminders import AWAITED, UNREACHED, AgendaRow, ReminderRow, StandingRow

HEARD_FOR = timedelta(days=7)

_AGENDAS = table(AgendaRow)
_REMINDERS = table(ReminderRow)
_PEOPLE = table(PersonRow)
_STANDINGS = table(StandingRow)
_DELIVERIES = table(DeliveryRow)
_MEMBERS = table(MemberRow)
_DUE = Statement(
    select(_AGENDAS.c.person_id)
    .where(text(AWAITED), _AGENDAS.c.due_at <= bindparam("now"))
    .order_by(_AGENDAS.c.due_at)
    .limit(bindparam("most", type_=_AGENDAS.c.version.type))
)
_SETTLE = Statement(
    update(_AGENDAS)
    .where(_AGENDAS.c.person_id == bindparam("of"), _AGENDAS.c.version == bindparam("seen"))
    .values(due_at=bindparam("next_at"), since=bindparam("from_now"), version=_AGENDAS.c.version + literal_column("1"))
)
_RECORD = Statement(insert(_REMINDERS).values(columns(ReminderRow)))
_AMEND = Statement(
    update(_REMINDERS)
    .where(
        _REMINDERS.c.person_id == bindparam("of"),
        _REMINDERS.c.year == bindparam("of_year"),
        _REMINDERS.c.kind == bindparam("of_kind"),
        _REMINDERS.c.stage == bindparam("of_stage"),
    )
    .values(fate=bindparam("new_fate"), reason=bindparam("why"))
)
_RECORDED = ("person_id", "year", "kind", "stage", "fate", "closes", "at", "reason")
_LOG = Statement(select(*(_REMINDERS.c[name] for name in _RECORDED)).where(_REMINDERS.c.person_id == bindparam("of")))
_HEARD = Statement(
    select(_DELIVERIES.c.due_at).where(
        text(NOTICES), _DELIVERIES.c.person_id == bindparam("of"), _DELIVERIES.c.due_at > bindparam("since")
    )
)
# Where somebody is on several rosters, the first one counts.
_OWN = _MEMBERS.alias("own")
_OWN_IDS = select(func.min(_OWN.c.id)).where(_OWN.c.person_id == _PEOPLE.c.id, _OWN.c.active)
_FIRST = _OWN_IDS.correlate(_PEOPLE).scalar_subquery()
_PLACED = _PEOPLE.outerjoin(_AGENDAS, _AGENDAS.c.person_id == _PEOPLE.c.id).outerjoin(_MEMBERS, _MEMBERS.c.id == _FIRST)
_PLACE = (_MEMBERS.c.unit, _MEMBERS.c.department, _PEOPLE.c.created_at)
_WHO = Statement(
    select(*people.SELECTED, *_PLACE, *agendas.SELECTED).select_from(_PLACED).where(_PEOPLE.c.id == bindparam("of"))
)


@dataclass(frozen=True, slots=True)
class Outlook:
    """All that the next reminder of a person follows from, as read at one version of their agenda.

    `heard` are the times of notices (reminders, broadcasts) of the last week.
    """

    person: Person
    unit: str
    department: str
    known_since: datetime
    agenda: Agenda
    standings: list[Standing]
    entries: list[Entry]
    log: list[Reminded]
    heard: list[datetime]
    ways: list[Reach]


def due(now: datetime, limit: int) -> Visit[list[str]]:
    """Ids of people to be looked at, who has waited longest first."""
    (rows,) = yield (Step(_DUE, {"now": now, "most": limit}),)
    return [row[0] for row in rows]


def outlook(vault: Vault, person_id: str, years: Sequence[int], now: datetime) -> Visit[Outlook | None]:
    """What the next reminder follows from; entries of `years`. None when there is no such person."""
    of = {"of": person_id}
    who, log = yield (Step(_WHO, of), Step(_LOG, of))
    if not who:
        return None
    (heard,) = yield (Step(_HEARD, {**of, "since": now - HEARD_FOR}),)
    wrapped, ways = yield (Step(ledger.READ_KEY, of), Step(reach.WAYS, {**of, "month": f"{now:%Y-%m}"}))
    (rows,) = yield (Step(ledger.read_years(len(years), by_sender=False), {**of, **ledger.year_values(years)}),)
    key = vault.person_key(person_id, wrapped[0][0]) if wrapped else None
    (kept,) = yield (Step(standings.READ, of),)
    *person, unit, department, created_at, due_at, since, version, wishes = who[0]
    return Outlook(
        person=people.person(vault, person),
        unit=unit or "",
        department=department or "",
        known_since=created_at,
        agenda=agendas.agenda(vault, person_id, (due_at, since, version, wishes)),
        standings=[standings.standing(row) for row in kept],
        entries=ledger.entries(rows, key),
        log=[_reminded(row) for row in log],
        heard=[row[0] for row in heard],
        ways=reach.reaches(ways),
    )


@dataclass(frozen=True, slots=True)
class Spoken:
    """A reminder to put into the outbox, to one identity."""

    reminded: Reminded
    channel: str
    recipient: str
    reply: Reply


def settle(
    vault: Vault,
    seen: Outlook,
    next_at: datetime | None,
    since: datetime,
    log: Sequence[Reminded],
    spoken: Sequence[Spoken],
    standing: Sequence[Standing],
    now: datetime,
) -> Visit[bool]:
    """Commits what a look has found, all or nothing; False: the person has changed, or somebody else has looked."""
    person_id = seen.person.id
    move = Step(
        _SETTLE, {"of": person_id, "seen": seen.agenda.version, "next_at": next_at, "from_now": since}, must=True
    )
    steps = [move, *(standings.put(one) for one in standing)]
    steps += [Step(_RECORD, _values(one)) for one in (*log, *(one.reminded for one in spoken))]
    for one in spoken:
        key = delivery_key(person_id, one.reminded.occasion)
        steps.append(outbox.notice(vault, key, person_id, one.channel, one.recipient, one.reply, Purpose.REMINDER, now))
    try:
        yield tuple(steps)
    except GuardFailed:
        return False
    return True


def amend(person_id: str, occasion: Occasion, fate: Fate, reason: str) -> Step:
    """The step that says what became of a reminder after all, when it was its turn to be sent."""
    kind, year, stage = occasion
    values: Values = {"of": person_id, "of_year": year, "of_kind": kind.value, "of_stage": stage}
    return Step(_AMEND, {**values, "new_fate": fate.value, "why": reason[:60]})


def agenda(vault: Vault, person_id: str) -> Visit[Agenda]:
    """What is kept of a person's reminders."""
    (rows,) = yield (Step(_WHO, {"of": person_id}),)
    return agendas.agenda(vault, person_id, rows[0][-len(agendas.SELECTED) :]) if rows else Agenda()


def log(person_id: str) -> Visit[list[Reminded]]:
    """Every reminder that ever came due for a person."""
    (rows,) = yield (Step(_LOG, {"of": person_id}),)
    return [_reminded(row) for row in rows]


def _reminded(row: Row) -> Reminded:
    person_id, year, kind, stage, fate, closes, at, reason = row
    return Reminded.model_construct(
        person_id=person_id,
        kind=ReminderKind(kind),
        year=year,
        stage=stage,
        fate=Fate(fate),
        closes=closes,
        at=at,
        reason=reason,
    )


def _values(one: Reminded) -> dict[str, Any]:
    return {name: getattr(one, name) for name in _RECORDED} | {"kind": one.kind.value, "fate": one.fate.value}


@dataclass(frozen=True, slots=True)
class Seen:
    """A person as planning over many reads them: nothing that is sealed but the wishes; `year` is the one asked for.

    `done` are the occasions that have come due already; `standing` is None while there is none for the year.
    """

    person_id: str
    region: str | None
    work_field: str | None
    profile: dict[str, Any]
    following: bool
    unit: str
    department: str
    known_since: datetime
    agenda: Agenda
    standing: Standing | None
    done: frozenset[Occasion]


def _page() -> Statement:
    this_year = and_(_STANDINGS.c.person_id == _PEOPLE.c.id, _STANDINGS.c.year == bindparam("of_year"))
    joined = _PLACED.outerjoin(_STANDINGS, this_year)
    person = [_PEOPLE.c[name] for name in ("id", "region", "work_field", "profile", "following")]
    return Statement(
        select(*person, *_PLACE, *agendas.SELECTED, *standings.SELECTED)
        .select_from(joined)
        .where(_PEOPLE.c.id > bindparam("after"))
        .order_by(_PEOPLE.c.id)
        .limit(bindparam("most", type_=_AGENDAS.c.version.type))
    )


_PAGE = _page()
_PAGE_LOG = Statement(
    select(_REMINDERS.c.person_id, _REMINDERS.c.kind, _REMINDERS.c.year, _REMINDERS.c.stage).where(
        _REMINDERS.c.person_id > bindparam("after"), _REMINDERS.c.person_id <= bindparam("last")
    )
)
_REPLAN = Statement(
    insert(_AGENDAS)
    .values(columns(AgendaRow, version=1, wishes=None))
    .on_conflict_do_update(
        index_elements=["person_id"],
        set_={"due_at": bindparam("next_at", type_=_AGENDAS.c.due_at.type)},
        where=_AGENDAS.c.version == bindparam("seen"),
    )
)
_UNREACHED = Statement(
    select(*(_REMINDERS.c[name] for name in _RECORDED))
    .where(text(UNREACHED), _REMINDERS.c.at >= bindparam("since"))
    .order_by(_REMINDERS.c.at.desc(), _REMINDERS.c.person_id)
)
_AT_ONCE = 20  # steps of one bundle


def page(vault: Vault, after: str, year: int, limit: int) -> Visit[list[Seen]]:
    """Up to `limit` people after `after`, in the order of their ids, with their standing in `year`."""
    (rows,) = yield (Step(_PAGE, {"after": after, "of_year": year, "most": limit}),)
    if not rows:
        return []
    (log,) = yield (Step(_PAGE_LOG, {"after": after, "last": rows[-1][0]}),)
    done: dict[str, set[Occasion]] = {}
    for person_id, kind, of_year, stage in log:
        done.setdefault(person_id, set()).add(Occasion(ReminderKind(kind), of_year, stage))
    return [_seen(vault, row, frozenset(done.get(row[0], ()))) for row in rows]


def _seen(vault: Vault, row: Row, done: frozenset[Occasion]) -> Seen:
    id_, region, work_field, profile, following, unit, department, created_at = row[:8]
    agenda, standing = row[8 : 8 + len(agendas.SELECTED)], row[8 + len(agendas.SELECTED) :]
    return Seen(
        person_id=id_,
        region=region,
        work_field=work_field,
        profile={} if profile == "{}" else json.loads(profile),
        following=bool(following),
        unit=unit or "",
        department=department or "",
        known_since=created_at,
        agenda=agendas.agenda(vault, id_, agenda),
        standing=None if standing[0] is None else standings.standing(standing),
        done=done,
    )


def replan(changed: Sequence[tuple[Seen, datetime | None]], now: datetime) -> Visit[None]:
    """Moves agendas; whoever has changed since they were read is left: their own look is due."""
    for start in range(0, len(changed), _AT_ONCE):
        yield tuple(_moved(seen, next_at, now) for seen, next_at in changed[start : start + _AT_ONCE])


def _moved(seen: Seen, next_at: datetime | None, now: datetime) -> Step:
    values = {"person_id": seen.person_id, "due_at": next_at, "next_at": next_at, "seen": seen.agenda.version}
    return Step(_REPLAN, {**values, "since": now})


def unreached(since: datetime) -> Visit[list[Reminded]]:
    """Reminders that found no way to their person, the latest first."""
    (rows,) = yield (Step(_UNREACHED, {"since": since}),)
    return [_reminded(row) for row in rows]
