"""Whom a notice is for: a unit's roster with where each person stands and how they can be reached now."""

from datetime import datetime, timedelta, timezone
from typing import Any

from sqlalchemy import and_, bindparam, case, false, func, literal_column, or_, select, true

from domain.broadcast import Audience, Forecast, Recipient, Whom
from domain.reach import MASS_A_MONTH
from storage.members import opened
from storage.sealing import Vault
from storage.statements import Row, Statement, Step, Values, Visit
from storage.tables import IdentityRow, table
from storage.tables_proofs import MemberRow
from storage.tables_reminders import ConsentRow, ReachRow, StandingRow

EXAMPLES = 3
_BEIJING = timezone(timedelta(hours=8))

_MEMBERS, _STANDINGS, _IDENTITIES = table(MemberRow), table(StandingRow), table(IdentityRow)
_REACH, _CONSENTS = table(ReachRow), table(ConsentRow)

_GAP: Any = literal_column("' '")
# One identity of each person, so that nobody is written to twice: the chat's before the mini program's.
_CHAT_FIRST = case(
    (_IDENTITIES.c.channel == literal_column("'mini'"), literal_column("'2 '")), else_=literal_column("'1 '")
)
_PLACE = _CHAT_FIRST + _IDENTITIES.c.channel + _GAP + _IDENTITIES.c.account + _GAP + _IDENTITIES.c.sender
_FIRST = (
    select(func.min(_PLACE))
    .where(_IDENTITIES.c.person_id == _MEMBERS.c.person_id)
    .correlate(_MEMBERS)
    .scalar_subquery()
)
_IS_FIRST = _PLACE == _FIRST
_KEY = ("channel", "account", "sender")
_BEHIND = or_(_STANDINGS.c.person_id.is_(None), and_(_STANDINGS.c.missing > 0, _STANDINGS.c.complete.is_not(true())))
_FILTERS = {
    Whom.ALL: true(),
    Whom.UNFINISHED: _BEHIND,
    Whom.PUBLIC_UNFINISHED: or_(_STANDINGS.c.person_id.is_(None), _STANDINGS.c.public_missing > 0),
    Whom.PENDING: _STANDINGS.c.pending > 0,
}
# The last message of a window is kept for answers (`outreach.ways`).
_OPEN = and_(_REACH.c.left > 1, _REACH.c.until > bindparam("now", type_=_REACH.c.until.type))
_AGREED = (
    select(func.max(_CONSENTS.c.left))
    .where(*(_CONSENTS.c[name] == _IDENTITIES.c[name] for name in _KEY))
    .correlate(_IDENTITIES)
    .scalar_subquery()
)

_NOTHING: Any = literal_column("-1.0")
_CLOSED: Any = func.coalesce(_REACH.c.closed, literal_column("''"))
_THERE = and_(_IDENTITIES.c.sender.is_not(None), literal_column("''") == _CLOSED)
_MASSED: Any = case((_REACH.c.massed_month == bindparam("month"), _REACH.c.massed), else_=literal_column("0"))


def _taken_in(whom: Whom, *selected: Any) -> Any:
    """The roster rows of an audience, with where each person stands and how they can be reached."""
    joined = (
        _MEMBERS.outerjoin(
            _STANDINGS, and_(_STANDINGS.c.person_id == _MEMBERS.c.person_id, _STANDINGS.c.year == bindparam("of_year"))
        )
        .outerjoin(_IDENTITIES, and_(_IDENTITIES.c.person_id == _MEMBERS.c.person_id, _IS_FIRST))
        .outerjoin(_REACH, and_(*(_REACH.c[name] == _IDENTITIES.c[name] for name in _KEY)))
    )
    return (
        select(*selected)
        .select_from(joined)
        .where(
            _MEMBERS.c.unit == bindparam("of_unit"),
            _MEMBERS.c.active,
            _is_or_any(_MEMBERS.c.department, "of_department"),
            _is_or_any(_STANDINGS.c.region, "of_region"),
            _FILTERS[whom],
        )
    )


def _is_or_any(column: Any, name: str) -> Any:
    wanted = bindparam(name, type_=column.type)
    return or_(wanted == literal_column("''"), column == wanted)


def _page_of(whom: Whom) -> Any:
    return (
        _taken_in(
            whom,
            _MEMBERS.c.id,
            _MEMBERS.c.identity,
            _MEMBERS.c.name,
            _MEMBERS.c.person_id,
            _IDENTITIES.c.channel,
            _IDENTITIES.c.sender,
            func.coalesce(_STANDINGS.c.missing, literal_column("-1.0")),
            func.coalesce(_STANDINGS.c.public_missing, literal_column("-1.0")),
            case((_OPEN, literal_column("1")), else_=literal_column("0")),
            func.coalesce(_AGREED, literal_column("0")),
            func.coalesce(_REACH.c.closed, literal_column("''")),
            _IDENTITIES.c.account,
            _MASSED,
        )
        .where(_MEMBERS.c.id > bindparam("after"))
        .limit(bindparam("most", type_=_MEMBERS.c.id.type))
    )


def _count_of(whom: Whom) -> Statement:
    by_message = and_(_THERE, _OPEN)
    by_consent = and_(_THERE, ~func.coalesce(_OPEN, false()), func.coalesce(_AGREED, literal_column("0")) > 0)
    unbound = _IDENTITIES.c.sender.is_(None)
    closed = and_(_IDENTITIES.c.sender.is_not(None), literal_column("''") != _CLOSED)
    by_mass = and_(_THERE, literal_column(str(MASS_A_MONTH)) > _MASSED)
    parts = (by_message, by_consent, unbound, closed, by_mass)
    return Statement(_taken_in(whom, func.count(), *(_how_many(part) for part in parts)))


def _how_many(part: Any) -> Any:
    one: Any = literal_column("1")
    none: Any = literal_column("0")
    return func.coalesce(func.sum(case((part, one), else_=none)), none)


_PAGES = {whom: Statement(_page_of(whom).order_by(_MEMBERS.c.id)) for whom in Whom}
_COUNTS = {whom: _count_of(whom) for whom in Whom}
_WORST = {
    whom: Statement(_page_of(whom).order_by(func.coalesce(_STANDINGS.c.missing, _NOTHING).desc(), _MEMBERS.c.id))
    for whom in Whom
}
_ODD = {
    whom: Statement(_page_of(whom).where(or_(_IDENTITIES.c.sender.is_(None), ~_THERE)).order_by(_MEMBERS.c.id))
    for whom in Whom
}


def _asked(audience: Audience, now: datetime) -> Values:
    return {
        "of_unit": audience.unit,
        "of_year": audience.year,
        "of_department": audience.department,
        "of_region": audience.region,
        "now": now,
        "month": month(now),
    }


def month(now: datetime) -> str:
    """The month of the platform's day, in which mass messages are counted."""
    return f"{now.astimezone(_BEIJING):%Y-%m}"


def page(vault: Vault, audience: Audience, after: int, limit: int, now: datetime) -> Visit[list[Recipient]]:
    """Up to `limit` roster rows of an audience behind `after`, in the order of the roster."""
    (rows,) = yield (Step(_PAGES[audience.whom], {**_asked(audience, now), "after": after, "most": limit}),)
    return [_recipient(vault, row) for row in rows]


def _recipient(vault: Vault, row: Row) -> Recipient:
    member_id, identity, name, person_id, channel, sender, missing, public_missing, *reach = row
    is_open, agreed, closed, account, massed = reach
    return Recipient(
        member_id,
        opened(vault, identity, "name", name),
        person_id if sender else None,
        channel or "",
        sender or "",
        missing,
        public_missing,
        bool(is_open),
        agreed > 0,
        bool(closed),
        account or "",
        massed,
    )


def forecast(vault: Vault, audience: Audience, now: datetime) -> Visit[Forecast]:
    """How many it takes in, and three of them: the furthest behind, one that cannot be reached, a usual one."""
    asked = _asked(audience, now)
    (counted,) = yield (Step(_COUNTS[audience.whom], asked),)
    people, by_message, by_consent, unbound, closed, by_mass = (int(value) for value in counted[0])
    one = {**asked, "after": 0, "most": 1}
    (worst,) = yield (Step(_WORST[audience.whom], one),)
    (odd,) = yield (Step(_ODD[audience.whom], one),)
    usual = yield from page(vault, audience, 0, EXAMPLES, now)
    picked = [*(_recipient(vault, row) for row in (*worst, *odd)), *usual]
    examples = tuple({each.member_id: each for each in picked}.values())[:EXAMPLES]
    return Forecast(people, by_message, by_consent, examples, unbound, closed, by_mass)
