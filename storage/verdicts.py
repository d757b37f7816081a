"""Verdicts of reviewers: entries in somebody else's chain, with everything that follows from them in one commit.

The guards are those of a person's own entries (the chain is where it was read) and three more: the claim still waits,
nobody decides about themselves, and a second look is not given by the first reviewer.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, text, update

from domain.delivery import Purpose, Reply
from domain.ledger import EntryKind
from domain.review import Decision, ReviewState
from domain.standing import Standing
from storage import ledger, outbox, second_looks, standings
from storage.ledger import Head
from storage.refusals import Conflict, GuardFailed
from storage.sealing import Vault
from storage.statements import Statement, Step, Values, Visit
from storage.tables import table
from storage.tables_proofs import IS_WAITING, ReviewRow

_REVIEWS = table(ReviewRow)

_DECIDE = Statement(
    update(_REVIEWS)
    .where(_REVIEWS.c.claim_id == bindparam("of"), text(IS_WAITING))
    .where(_REVIEWS.c.person_id != bindparam("by"))  # nobody decides about themselves, whoever asks
    .values(
        state=bindparam("new_state"),
        unit=bindparam("in_unit"),
        decided_at=bindparam("now"),
        decided_by=bindparam("by"),
        took=bindparam("seconds"),
        code=bindparam("why"),
    )
)


def decide(
    vault: Vault, reviewer_id: str, message_key: str, decisions: Sequence[Decision], now: datetime
) -> list[Step]:
    """The steps that add a reviewer's decisions; those about one person follow each other in that person's chain."""
    steps: list[Step] = []
    for person_id in dict.fromkeys(decision.person_id for decision in decisions):
        theirs = [decision for decision in decisions if decision.person_id == person_id]
        chain = theirs[0].chain
        head = Head(chain.seq, chain.hash, chain.wrapped_key)
        key = f"{message_key}\ndecisions about {person_id}"  # ids apart from those of the reviewer's own entries
        more, _ = ledger.append(vault, person_id, key, head, [decision.entry for decision in theirs], now)
        steps += [*more, *(_decided(reviewer_id, decision, now) for decision in theirs)]
        steps += [
            second_looks.draw(vault, decision.claim_id, person_id, decision.unit, reviewer_id, now)
            for decision in theirs
            if decision.entry.kind is EntryKind.HOURS_VERIFIED
        ]
    return [*steps, *told(vault, message_key, decisions, now)]


def told(vault: Vault, message_key: str, decisions: Sequence[Decision], now: datetime) -> list[Step]:
    """The steps that tell people what was decided, where they can be written to."""
    return [
        outbox.notice(
            vault,
            f"{message_key}#told:{place}",
            one.person_id,
            one.address.channel,
            one.address.sender,
            Reply(text=one.told),
            Purpose.ANSWER,
            now,
        )
        for place, one in enumerate(decisions)
        if one.address is not None and one.told
    ]


def settle(
    vault: Vault, reviewer_id: str, key: str, decisions: Sequence[Decision], stood: Sequence[Standing], now: datetime
) -> Visit[None]:
    """Decides outside a talk, all or nothing; `key` makes it once. Conflict: a claim or its chain has moved on."""
    steps = decide(vault, reviewer_id, key, decisions, now)
    try:
        yield (*steps, *(standings.put(one, placed=False) for one in stood))
    except GuardFailed:
        raise Conflict("decided meanwhile") from None


def object_to(
    vault: Vault, reviewer_id: str, key: str, decision: Decision, stood: Sequence[Standing], now: datetime
) -> Visit[None]:
    """A second reviewer returns what was approved: an entry behind the first one's. Conflict as above."""
    head = Head(decision.chain.seq, decision.chain.hash, decision.chain.wrapped_key)
    steps, _ = ledger.append(vault, decision.person_id, key, head, [decision.entry], now)
    steps.append(second_looks.end(decision.claim_id, reviewer_id, agrees=False, now=now))
    steps.append(second_looks.returned(decision.claim_id, decision.code.value if decision.code else ""))
    try:
        yield (*steps, *told(vault, key, [decision], now), *(standings.put(one, placed=False) for one in stood))
    except GuardFailed:
        raise Conflict("decided meanwhile") from None


def agree(claim_id: str, reviewer_id: str, now: datetime) -> Visit[None]:
    """A second reviewer has nothing against an approval. Conflict: it is not theirs to say, or was said."""
    try:
        yield (second_looks.end(claim_id, reviewer_id, agrees=True, now=now),)
    except GuardFailed:
        raise Conflict("decided meanwhile") from None


def _decided(reviewer_id: str, decision: Decision, now: datetime) -> Step:
    verified = decision.entry.kind is EntryKind.HOURS_VERIFIED
    state = ReviewState.VERIFIED if verified else ReviewState.RETURNED
    values: Values = {"of": decision.claim_id, "in_unit": decision.unit, "now": now, "by": reviewer_id}
    took = max(0.0, (now - decision.since).total_seconds())
    values |= {"new_state": state.value, "why": decision.code.value if decision.code else "", "seconds": took}
    return Step(_DECIDE, values, must=True)
