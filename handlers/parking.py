"""One dialog over another: a digression is answered and the open question repeated; a dialog begun in the middle parks
the open one in its draft and gives it back when it ends.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from domain.delivery import Reply, ReplyKind
from domain.dialog import Dialog
from handlers import claim, correction, fallback, pages, profile, show
from handlers.turn import Outcome, Turn

STILL_OPEN: dict[str, Callable[[Turn], str]] = {  # what is repeated under the answer to a question in the middle
    claim.TOPIC: claim.open_reminder,
    correction.CORRECT: correction.open_reminder,
    correction.WITHDRAW: correction.open_reminder,
    profile.TOPIC: profile.open_reminder,
}
_PASSING = {pages.TOPIC, fallback.GUESS}  # ask nothing that would hold a talk up


def beneath(turn: Turn) -> Turn:
    """The turn on the dialog under one that asks nothing (pages to read, guesses): that one never holds a talk up."""
    if turn.dialog.topic not in _PASSING:
        return turn
    missed = int(turn.dialog.draft.get("missed", 0))
    return replace(turn, dialog=Dialog.model_validate(turn.dialog.draft.get("parked") or {}), missed=missed)


def reminded(turn: Turn, outcome: Outcome) -> Outcome:
    """The answer to a digression, with what still waits; a dialog that it begins parks the open one."""
    reminder = _reminder(turn)
    if reminder is None:
        return outcome
    if outcome.dialog is None:
        return replace(outcome, replies=joined(outcome.replies, reminder))
    if outcome.dialog.open:
        passing = outcome.dialog.topic in _PASSING
        replies = joined(outcome.replies, reminder) if passing else outcome.replies
        return replace(outcome, dialog=over(outcome.dialog, turn.dialog.model_dump(mode="json")), replies=replies)
    return replace(outcome, dialog=turn.dialog, replies=joined(outcome.replies, reminder))


def resumed(turn: Turn, outcome: Outcome) -> Outcome:
    """When a dialog ends, the one that it had parked goes on; while it lasts, it keeps it parked."""
    parked = turn.dialog.draft.get("parked")
    if parked is None or outcome.dialog is None:
        return outcome
    if outcome.dialog.open:
        return replace(outcome, dialog=over(outcome.dialog, parked))
    dialog = Dialog.model_validate(parked)
    reminder = _reminder(replace(turn, dialog=dialog))
    replies = joined(outcome.replies, reminder) if reminder else outcome.replies
    return replace(outcome, dialog=dialog, replies=replies)


def over(dialog: Dialog, parked: dict[str, Any]) -> Dialog:
    """`dialog` on top of a parked one; a passing one leaves short answers to read as the parked one expects, and ends
    when that one does.
    """
    changes: dict[str, Any] = {"draft": dialog.draft | {"parked": parked}}
    if dialog.topic in _PASSING:
        beneath = Dialog.model_validate(parked)
        changes |= {"expecting": beneath.expecting, "expires_at": beneath.expires_at}
    return dialog.model_copy(update=changes)


def _reminder(turn: Turn) -> str | None:
    """The question that the open dialog still asks; None when it needs no answer."""
    asks = STILL_OPEN.get(turn.dialog.topic or "")
    return asks(turn) if asks else None


def joined(replies: tuple[Reply, ...], reminder: str) -> tuple[Reply, ...]:
    """The reminder under the first bubble when it fits, else as a bubble of its own."""
    if replies and replies[0].kind is ReplyKind.TEXT:
        whole = f"{replies[0].text}\n\n{reminder}"
        if show.fit(whole) == whole:
            return (Reply(text=whole), *replies[1:])
    return (*replies, show.text(reminder))
