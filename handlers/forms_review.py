"""HR's two verbs as forms: verified, or returned with a code and words."""

from domain.proof import Objection
from domain.review import Decision, File
from handlers import review
from handlers.receipts import refused, with_receipt
from handlers.turn import Outcome, Turn


def verify(turn: Turn) -> Outcome:
    return _decided(turn, review.verified(turn, _file(turn)))


def send_back(turn: Turn) -> Outcome:
    code, words = Objection(turn.message.details["code"]), str(turn.message.details["words"])
    return _decided(turn, review.sent_back(turn, _file(turn), code, words))


def _file(turn: Turn) -> File:
    """The claim that the form is about, if it (still) waits for this reviewer."""
    desk = turn.facts.desk
    if not desk.units:
        raise refused("no_role", 403)
    found = desk.file(str(turn.message.details["claim"]))
    if found is None:
        raise refused("not_waiting", 404)
    return found


def _decided(turn: Turn, decision: Decision) -> Outcome:
    rest = [one.claim_id for one in turn.facts.desk.waiting if one.claim_id != decision.claim_id]
    return with_receipt(
        turn,
        Outcome(decisions=(decision,)),
        entry=decision.claim_id,
        state="returned" if decision.code else "verified",
        next=rest[0] if rest else "",
        left=str(len(rest)),
    )
