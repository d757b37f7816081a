"""Broadcasts to rows and back: a page of deliveries at a time, verdicts, and what became of them.

A page of deliveries, its recipients and the cursor behind it are one bundle: a crash between two pages loses nobody and
doubles nobody, and of two processes at the same page one is refused.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import bindparam, literal_column, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT reads the same on SQLite

from domain.broadcast import (
    Act,
    BroadcastState,
    NewBroadcast,
    Noticing,
    Recipient,
    Verdict,
)
from domain.delivery import Purpose, Reply
from storage import mass, outbox
from storage.sealing import Vault
from storage.statements import Statement, Step
from storage.tables import WORDS_KEPT, DeliveryRow, GrantRow, IdentityRow, columns, table
from storage.tables_broadcasts import BroadcastRow, RecipientRow
from storage.tables_marks import MassSendRow, NoticeActRow
from storage.tables_proofs import MemberRow

Written = Callable[[str, str, str, Recipient], Reply]  # of unit, id and text of a notice, for somebody

PAGE = 50  # roster rows of one bundle
LATEST = 5
NAMES = 30  # of those not reached

_BROADCASTS, _RECIPIENTS, _DELIVERIES = table(BroadcastRow), table(RecipientRow), table(DeliveryRow)
_MEMBERS, _IDENTITIES, _GRANTS = table(MemberRow), table(IdentityRow), table(GrantRow)
_MASS, _ACTS = table(MassSendRow), table(NoticeActRow)

_NEW = Statement(insert(_BROADCASTS).values(columns(BroadcastRow, decided_by=None, cursor=0)).on_conflict_do_nothing())
_JUDGE = Statement(
    update(_BROADCASTS)
    .where(_BROADCASTS.c.id == bindparam("of"), _BROADCASTS.c.unit == bindparam("of_unit"))
    .where(or_(_BROADCASTS.c.state == bindparam("was"), _BROADCASTS.c.state == bindparam("or_was")))
    .where(_BROADCASTS.c.author_id != bindparam("but"))
    .values(state=bindparam("becomes"), decided_by=bindparam("by"))
)
BY_MASS = "mass"  # instead of a delivery's key: the mass message is to reach them
MASS_REFUSED = "mass_refused"  # instead of a delivery's key: it was to reach them, and the platform did not take it
_READ = Statement(
    update(_RECIPIENTS)
    .where(_RECIPIENTS.c.person_id == bindparam("of_person"), _RECIPIENTS.c.broadcast_id == bindparam("of"))
    .where(_RECIPIENTS.c.read_at.is_(None))
    .values(read_at=bindparam("now"))
)
_CANCEL = Statement(
    update(_DELIVERIES)
    .where(
        _DELIVERIES.c.key.in_(select(_RECIPIENTS.c.delivery_key).where(_RECIPIENTS.c.broadcast_id == bindparam("of")))
    )
    .where(_DELIVERIES.c.state == literal_column("'waiting'"))
    .values(state="silent", reason="stopped")
)
_TAKE_UP = Statement(
    update(_DELIVERIES)
    .where(
        _DELIVERIES.c.key.in_(select(_RECIPIENTS.c.delivery_key).where(_RECIPIENTS.c.broadcast_id == bindparam("of")))
    )
    .where(_DELIVERIES.c.state == literal_column("'silent'"), _DELIVERIES.c.reason == literal_column("'stopped'"))
    .where(text(WORDS_KEPT))
    .values(state="waiting", reason="")
)
_ACT = Statement(insert(_ACTS).values(columns(NoticeActRow)))


def new(vault: Vault, author_id: str, wanted: NewBroadcast, now: datetime) -> list[Step]:
    """The steps that keep a notice; refused when one with its id is there already."""
    audience = wanted.audience
    state = BroadcastState.DUE if wanted.approved else BroadcastState.APPROVAL
    steps = [mass.wanted(wanted.id, wanted.mass_account)] if wanted.mass_account else []
    keeping = Step(
        _NEW,
        {
            "id": wanted.id,
            "unit": audience.unit,
            "author_id": author_id,
            "whom": audience.whom.value,
            "year": audience.year,
            "department": audience.department,
            "region": audience.region,
            "state": state.value,
            "size": wanted.size,
            "due_at": wanted.due_at,
            "created_at": now,
            "content": vault.seal(wanted.text.encode(), sealed_at(wanted.id)),
        },
        must=True,
    )
    return [keeping, *steps, _acted(wanted.id, author_id, Act.WRITTEN, now)]


def _acted(broadcast_id: str, actor_id: str, act: Act, now: datetime) -> Step:
    return Step(_ACT, {"broadcast_id": broadcast_id, "actor_id": actor_id, "act": act.value, "at": now})


def judge(person_id: str, unit: str, verdict: Verdict, now: datetime) -> list[Step]:
    """The steps of a verdict; the bundle is refused when the notice does not stand as it was seen, and when somebody
    would be the second person for a notice of their own.
    """
    act = _ACTS_OF[verdict.state, verdict.was[0]]
    first, *others = verdict.was
    values = {
        "of": verdict.broadcast_id,
        "of_unit": unit,
        "was": first.value,
        "or_was": (others[0] if others else first).value,
        "becomes": verdict.state.value,
        "by": person_id,
        "but": person_id if act in (Act.APPROVED, Act.REJECTED) else "",
    }
    steps = [Step(_JUDGE, values, must=True), _acted(verdict.broadcast_id, person_id, act, now)]
    if act is Act.STOPPED:
        steps.append(Step(_CANCEL, {"of": verdict.broadcast_id}))
    if act is Act.RESUMED:
        steps.append(Step(_TAKE_UP, {"of": verdict.broadcast_id}))
    return steps


_ACTS_OF = {
    (BroadcastState.DUE, BroadcastState.APPROVAL): Act.APPROVED,
    (BroadcastState.REJECTED, BroadcastState.APPROVAL): Act.REJECTED,
    (BroadcastState.DUE, BroadcastState.STOPPED): Act.RESUMED,
    **{(BroadcastState.STOPPED, was): Act.STOPPED for was in BroadcastState},
}


def act(vault: Vault, person_id: str, message_key: str, wanted: Noticing, now: datetime) -> list[Step]:
    """The steps of what a turn does with notices."""
    steps: list[Step] = []
    if wanted.new is not None:
        steps += new(vault, person_id, wanted.new, now)
    if wanted.verdict is not None:
        steps += judge(person_id, wanted.unit, wanted.verdict, now)
    if wanted.read:
        steps.append(Step(_READ, {"of_person": person_id, "of": wanted.read, "now": now}))
    for place, (to, reply) in enumerate(wanted.told):
        key = f"{message_key}#notice:{place}"
        steps.append(outbox.notice(vault, key, to.person_id, to.channel, to.sender, reply, Purpose.ANSWER, now))
    return steps


def sealed_at(broadcast_id: str) -> str:
    return f"broadcasts/{broadcast_id}"
