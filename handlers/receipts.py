"""What a form of the mini program is answered with: a receipt that the API reads, kept with the message.

The receipt holds what cannot be asked for again (which entry was made, or why nothing was) and the digest of the form,
by which another form under the same key is found out.
"""

from dataclasses import replace
from typing import Any

from domain.delivery import Reply, ReplyKind
from handlers.turn import Outcome, Turn
from wording import say

DIGEST = "digest"  # in the message's details and in the receipt: of the form as it was filled in


class FormRefused(Exception):
    """A form that changes nothing: `code` for machines, a sentence for people, an HTTP `status` for the API."""

    def __init__(self, code: str, text: str, status: int = 409, **fields: str) -> None:
        super().__init__(code)
        self.code = code
        self.text = text
        self.status = status
        self.fields = fields


def refused(code: str, status: int = 409, **fields: str) -> FormRefused:
    """A refusal whose sentence stands in the wording under its code."""
    return FormRefused(code, say(f"api.refused.{code}"), status, **fields)


def with_receipt(turn: Turn, outcome: Outcome, **fields: str) -> Outcome:
    """The outcome, its words replaced by the receipt."""
    kept = {DIGEST: str(turn.message.details.get(DIGEST, "")), **fields}
    return replace(outcome, replies=(Reply(kind=ReplyKind.RECEIPT, fields=kept),))


def with_refusal(turn: Turn, refusal: FormRefused) -> Outcome:
    """Nothing is done, and the receipt says why."""
    told = {"code": refusal.code, "status": str(refusal.status), **refusal.fields}
    kept = {DIGEST: str(turn.message.details.get(DIGEST, "")), **told}
    return Outcome(replies=(Reply(kind=ReplyKind.RECEIPT, text=refusal.text, fields=kept),))


def ready(turn: Turn, details: dict[str, Any]) -> Outcome:
    """A task that a form began is done: its result is kept as the receipt of its message."""
    told = {name: str(details[name]) for name in ("code", "verify", "pages", "entries", "photos") if name in details}
    failed = {"failed": str(details["failed"])} if "failed" in details else {}
    return with_receipt(turn, Outcome(), **told, **failed)
