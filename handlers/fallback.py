"""Small talk, what is not understood, what is not text, and what is not open yet. Always an answer, never silence."""

from collections.abc import Callable

import nlp
from domain.dialog import Dialog
from domain.message import MessageKind
from handlers import show
from handlers.choices import chosen
from handlers.turn import Outcome, Turn
from nlp.reading import Expecting, Intent
from wording import knows, say

GUESS = "guess"
_BARE_ANSWERS = {Intent.ANSWER_YES, Intent.ANSWER_NO, Intent.ANSWER_CANCEL}


def saying(key: str) -> Callable[[Turn], Outcome]:
    """A handler whose answer is always the same sentence."""

    def answered(_turn: Turn) -> Outcome:
        return show.answer(say(key))

    return answered


nothing_to_answer = saying("talk.nothing_to_answer")  # 对 or 算了 while nothing waits


def unknown(turn: Turn) -> Outcome:
    """Likely meanings to choose from, else three things to try."""
    if not turn.message.text.strip():
        return show.answer(say("talk.empty"))
    if nlp.read(turn.message.text, turn.now, Expecting.CONFIRM).intent in _BARE_ANSWERS:
        return nothing_to_answer(turn)
    guesses = [str(intent) for intent in turn.reading.alternatives if knows(f"intent.{intent}")][:3]
    if not guesses:
        return show.answer(say("talk.unknown"))
    listed = show.numbered([say(f"intent.{intent}") for intent in guesses])
    dialog = Dialog(topic=GUESS, expecting="choice", options=guesses)
    return Outcome(replies=(show.text(say("talk.guess", options=listed)),), dialog=dialog)


def guessed(turn: Turn) -> Intent | None:
    """The guess that the person picked, if they were offered some."""
    picked = chosen(turn) if turn.dialog.topic == GUESS else None
    return Intent(picked) if picked else None


def not_text(turn: Turn) -> Outcome:
    match turn.message.kind:
        case MessageKind.VOICE:
            return show.answer(say("media.voice"))
        case MessageKind.LOCATION:
            return show.answer(say("media.location"))
        case _:
            return show.answer(say("media.other"))


def desk(turn: Turn) -> Outcome:
    """What HR admins may ask; refused to everybody else."""
    return show.answer(say("hr.soon") if turn.person.roles else say("hr.refused"))


def sorry() -> str:
    """The one apology when we are wrong."""
    return say("error.sorry")
