"""The ways to people: what they opened by writing, what they agreed to, what was used, and what the platform refused.

All of it is noted in the commit of the turn that a contact brings, and in the one that begins a send.
"""

from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, case, func, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT reads the same on SQLite

from domain.message import Channel, Message
from domain.reach import ALLOWANCES, Contact, Reach, consents, contact
from storage.statements import Rows, Statement, Step, Values, Visit
from storage.tables import IdentityRow, columns, table
from storage.tables_reminders import ConsentRow, ReachRow

_TABLE = table(ReachRow)
_CONSENTS = table(ConsentRow)
_IDENTITIES = table(IdentityRow)
_KEY = ("channel", "account", "sender")
_OF = [_TABLE.c[name] == bindparam(f"of_{name}") for name in _KEY]
_CONSENT_OF = [
    *(_CONSENTS.c[name] == bindparam(f"of_{name}") for name in _KEY),
    _CONSENTS.c.template_id == bindparam("of_template"),
]

_NEW = insert(_TABLE).values(columns(ReachRow, massed_month="", massed=0))
_IS_OVER = _TABLE.c.until.is_(None) | (_TABLE.c.until <= _NEW.excluded.contact_at)
# Allowances do not add up: each of count and deadline becomes the larger of what is left and what this contact allows.
_OPEN = Statement(
    _NEW.on_conflict_do_update(
        index_elements=list(_KEY),
        set_={
            "contact": _NEW.excluded.contact,
            "contact_at": _NEW.excluded.contact_at,
            "left": case((_IS_OVER | (_TABLE.c.left < _NEW.excluded.left), _NEW.excluded.left), else_=_TABLE.c.left),
            "until": case(
                (_IS_OVER | (_TABLE.c.until < _NEW.excluded.until), _NEW.excluded.until), else_=_TABLE.c.until
            ),
            "closed": literal_column("''"),
        },
    )
)
_NOTHING = {"contact": "", "contact_at": None, "left": 0, "until": None, "massed_month": "", "massed": 0}
_CLOSED = insert(_TABLE).values(columns(ReachRow, **_NOTHING))
_CLOSE = Statement(
    _CLOSED.on_conflict_do_update(
        index_elements=list(_KEY), set_={"closed": _CLOSED.excluded.closed, "left": literal_column("0")}
    )
)
_SHUT_WINDOW = Statement(update(_TABLE).where(*_OF).values(left=literal_column("0")))
_SPEND = Statement(
    update(_TABLE)
    .where(*_OF, _TABLE.c.left > literal_column("0"), _TABLE.c.until > bindparam("now"))
    .values(left=_TABLE.c.left - literal_column("1"))
)
_SPEND_ANSWER = Statement(
    update(_TABLE)
    .where(_TABLE.c.person_id == bindparam("of"), _TABLE.c.channel == bindparam("of_channel"))
    .where(_TABLE.c.sender == bindparam("of_sender"), _TABLE.c.left > literal_column("0"))
    .values(left=_TABLE.c.left - literal_column("1"))
)
_NEW_CONSENT = insert(_CONSENTS).values(columns(ConsentRow))
_JUST_NOW = timedelta(seconds=10)  # the mini program tells of an answer, and so does the platform: that is one answer
_CONSENT = Statement(
    _NEW_CONSENT.on_conflict_do_update(
        index_elements=[*_KEY, "template_id"],
        set_={
            "left": case(
                (
                    _CONSENTS.c.answered_at > bindparam("told_since", type_=_CONSENTS.c.answered_at.type),
                    _CONSENTS.c.left,
                ),
                else_=_CONSENTS.c.left + _NEW_CONSENT.excluded.left,
            ),
            "answered_at": _NEW_CONSENT.excluded.answered_at,
        },
    )
)
_NO_CONSENT = Statement(update(_CONSENTS).where(*_CONSENT_OF).values(left=literal_column("0")))
_SPEND_CONSENT = Statement(
    update(_CONSENTS)
    .where(*_CONSENT_OF, _CONSENTS.c.left > literal_column("0"))
    .values(left=_CONSENTS.c.left - literal_column("1"))
)
_WAYS = (
    select(
        _IDENTITIES.c.channel,
        _IDENTITIES.c.account,
        _IDENTITIES.c.sender,
        func.coalesce(_TABLE.c.left, literal_column("0")),
        _TABLE.c.until,
        func.coalesce(_TABLE.c.closed, literal_column("''")),
        case((_TABLE.c.massed_month == bindparam("month"), _TABLE.c.massed), else_=literal_column("0")),
        _CONSENTS.c.template_id,
        _CONSENTS.c.left,
    )
    .select_from(
        _IDENTITIES.outerjoin(_TABLE, and_(*(_TABLE.c[name] == _IDENTITIES.c[name] for name in _KEY))).outerjoin(
            _CONSENTS, and_(*(_CONSENTS.c[name] == _IDENTITIES.c[name] for name in _KEY))
        )
    )
    .order_by(_IDENTITIES.c.channel, _IDENTITIES.c.account, _IDENTITIES.c.sender)
)
WAYS = Statement(_WAYS.where(_IDENTITIES.c.person_id == bindparam("of")))

_REFUSED_JOBS = {"subscribe_msg_sent_event", "templatesendjobfinish"}  # told later that nothing arrived


def noted(message: Message, person_id: str, now: datetime) -> list[Step]:
    """The steps that note what a message says about the way to its sender: none for most events."""
    who = {"channel": message.channel.value, "account": message.account, "sender": message.sender}
    made = contact(message)
    if made is not None:
        return [_opened(who, person_id, made, now)]
    if message.event == "unsubscribe":
        return [_closed(who, person_id, "not_following")]
    if message.event in _REFUSED_JOBS:
        return [_closed(who, person_id, "receives_nothing")] if _was_refused(message) else []
    steps = []
    named = {f"of_{name}": value for name, value in who.items()}
    for template_id, left in _answers(message).items():
        if left is None:
            steps.append(Step(_NO_CONSENT, {**named, "of_template": template_id}))
        else:
            since = now - _JUST_NOW if message.channel is Channel.MINI else now + _JUST_NOW
            said = {"template_id": template_id, "left": left, "answered_at": now, "told_since": since}
            steps.append(Step(_CONSENT, {**who, **said}))
    return steps


def _opened(who: Values, person_id: str, made: Contact, now: datetime) -> Step:
    count, lasts = ALLOWANCES[made]
    values = {"contact": made.value, "contact_at": now, "left": count, "until": now + lasts, "closed": ""}
    return Step(_OPEN, {**who, "person_id": person_id, **values})


def _closed(who: Values, person_id: str, reason: str) -> Step:
    return Step(_CLOSE, {**who, "person_id": person_id, "closed": reason[:32]})


def _was_refused(message: Message) -> bool:
    templates = message.details.get("templates", [])
    failed = any(item.get("error_code") not in (0, None) for item in templates)
    return failed or str(message.details.get("status", "")).startswith("failed:user block")


def _answers(message: Message) -> dict[str, int | None]:
    """Sends agreed to by template; None where the consent was withdrawn. A mere refusal changes nothing."""
    found: dict[str, int | None] = {}
    for consent in consents(message):
        if consent.withdrawn:
            found[consent.template_id] = None
        elif consent.accepted:
            found[consent.template_id] = (found.get(consent.template_id) or 0) + 1
    return found


def reaches(rows: Rows) -> list[Reach]:
    """The ways of rows (WAYS), by identity."""
    found: dict[tuple[str, str, str], Reach] = {}
    for channel, account, sender, left, until, closed, massed, template_id, consented in rows:
        reach = found.get((channel, account, sender))
        if reach is None:
            reach = Reach(channel, account, sender, left, until, closed, {}, massed)
            found[channel, account, sender] = reach
        if template_id is not None and consented > 0:
            reach.consents[template_id] = consented
    return list(found.values())


def read(person_id: str, now: datetime) -> Visit[list[Reach]]:
    """The ways to a person, one for each identity."""
    (rows,) = yield (Step(WAYS, {"of": person_id, "month": f"{now:%Y-%m}"}),)
    return reaches(rows)


def spend(reach: Reach, template_id: str, now: datetime) -> Step:
    """The step that counts a customer-service message, or a consent when `template_id` is named, as used up."""
    values = {"of_channel": reach.channel, "of_account": reach.account, "of_sender": reach.recipient}
    if template_id:
        return Step(_SPEND_CONSENT, {**values, "of_template": template_id})
    return Step(_SPEND, {**values, "now": now})


def answered(person_id: str, channel: str, recipient: str) -> Step:
    """The step that counts an answer sent as a customer-service message; it never refuses one."""
    return Step(_SPEND_ANSWER, {"of": person_id, "of_channel": channel, "of_sender": recipient})


def learned(reach: Reach, person_id: str, reason: str, template_id: str) -> Visit[None]:
    """What a refusal has taught: no consent is left, the window is shut, or nothing gets through at all."""
    who = {"channel": reach.channel, "account": reach.account, "sender": reach.recipient}
    named = {f"of_{name}": value for name, value in who.items()}
    if reason == "no_grant":
        yield (Step(_NO_CONSENT, {**named, "of_template": template_id}),)
    elif reason in ("window_closed", "allowance_used"):
        yield (Step(_SHUT_WINDOW, named),)
    else:
        yield (_closed(who, person_id, reason),)
