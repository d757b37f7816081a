"""A copy of one's data, and its deletion: asked for in the chat, told what it means, done after a second word."""

from dataclasses import replace
from datetime import timedelta

from domain.dialog import Dialog
from domain.task import NewTask, TaskKind
from handlers import show
from handlers.turn import Outcome, Turn
from nlp.reading import Intent
from wording import say

TOPIC = "privacy.delete"
OPEN_FOR = timedelta(minutes=10)  # a deletion is not confirmed by a word said the next day


def export(turn: Turn) -> Outcome:
    return replace(show.answer(say("privacy.making")), tasks=(NewTask(TaskKind.COPY_DATA),))


def copy_ready(turn: Turn) -> Outcome:
    made = turn.message.details
    if "failed" in made:
        return show.answer(say("privacy.failed"))
    if not made["link"]:
        return show.answer(say("privacy.no_link", entries=made["entries"], photos=made["photos"]))
    return show.answer(say("privacy.ready", **{name: made[name] for name in ("entries", "photos", "link")}))


def delete(turn: Turn) -> Outcome:
    """Says what goes and what stays, and waits for the very words."""
    told = show.text(say("privacy.what_goes", count=len(turn.claims), word=say("privacy.word")))
    dialog = Dialog(topic=TOPIC, expecting="confirm", expires_at=turn.now + OPEN_FOR)
    return Outcome(replies=(told,), dialog=dialog)


def continued(turn: Turn) -> Outcome | None:
    """Only the words themselves delete. A no ends it; anything else is a message of its own."""
    if turn.message.text.strip() == say("privacy.word"):
        return replace(show.closed(say("privacy.deleted")), tasks=(NewTask(TaskKind.ERASE),))
    if turn.reading.intent in (Intent.ANSWER_NO, Intent.ANSWER_CANCEL):
        return show.closed(say("privacy.kept"))
    return None


def not_erased(turn: Turn) -> Outcome:
    """The deletion kept failing; when it succeeds there is nobody left to tell."""
    return show.answer(say("privacy.not_erased"))
