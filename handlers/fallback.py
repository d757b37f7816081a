"""Small talk, what is not understood, what is not text, and what is not open yet. Always an answer, never silence.

What was not understood leaves a dialog that holds nothing up: {"missed": how many in a row, "said": the words}, with
the likely meanings as options when some are offered.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import nlp
from domain.delivery import Choice, Reply, ReplyKind
from domain.dialog import Dialog
from domain.message import MessageKind
from domain.sentence import LONGEST, Sentence
from handlers import show
from handlers.choices import chosen
from handlers.turn import Outcome, Turn
from nlp.reading import Expecting, Intent
from wording import knows, say

GUESS = "guess"
_PATIENCE = 3  # misunderstandings in a row, after which a person is named
_OFFERED = 3  # likely meanings in one menu
_OPEN_FOR = timedelta(hours=2)
_BARE_ANSWERS = {Intent.ANSWER_YES, Intent.ANSWER_NO, Intent.ANSWER_CANCEL}
_NEVER_GUESSED = {Intent.UNKNOWN, Intent.GREET, Intent.THANKS, *(one for one in Intent if one.startswith("answer."))}


def saying(key: str) -> Callable[[Turn], Outcome]:
    """A handler whose answer is always the same sentence."""

    def answered(_turn: Turn) -> Outcome:
        return show.answer(say(key))

    return answered


nothing_to_answer = saying("talk.nothing_to_answer")  # 对 or 算了 while nothing waits


def unknown(turn: Turn) -> Outcome:
    """Likely meanings to choose from, else three things to try; the third time in a row also whom to ask."""
    if not turn.message.text.strip():
        return show.answer(say("talk.empty"))
    if nlp.read(turn.message.text, turn.now, Expecting.CONFIRM).intent in _BARE_ANSWERS:
        return nothing_to_answer(turn)
    return _offered(turn, list(turn.reading.alternatives))


def unsure(turn: Turn) -> bool:
    """Whether what was understood is too doubtful to act on, so that the person is asked first."""
    reading = turn.reading
    return reading.confidence < nlp.SURE and reading.intent not in _NEVER_GUESSED and _can_be_offered(reading.intent)


def asked_back(turn: Turn) -> Outcome:
    """The doubtful meaning and its alternatives, to choose from."""
    return _offered(turn, [turn.reading.intent, *turn.reading.alternatives])


def _can_be_offered(intent: Intent) -> bool:
    return knows(f"intent.{intent}")


def _offered(turn: Turn, likely: list[Intent]) -> Outcome:
    missed = turn.missed + 1
    guesses = [str(intent) for intent in dict.fromkeys(likely) if _can_be_offered(intent)][:_OFFERED]
    heard = say("talk.heard", text=turn.message.text[:40]) if turn.message.kind is MessageKind.VOICE else ""
    dialog = Dialog(
        topic=GUESS,
        draft={"missed": missed, "said": turn.message.text[:LONGEST]},
        options=guesses,
        expires_at=turn.now + _OPEN_FOR,
    )
    if not guesses or missed >= _PATIENCE:
        told = help_after(missed) or say("talk.unknown")
        return Outcome(replies=(show.text(heard, told),), dialog=dialog, misread=misread(turn))
    choices = [Choice(id=one, label=say(f"intent.{one}")) for one in guesses]
    menu = Reply(kind=ReplyKind.MENU, text=say("talk.guess"), choices=choices)
    return Outcome(replies=(show.text(heard, say("talk.not_sure")), menu), dialog=dialog, misread=misread(turn))


def help_after(missed: int) -> str:
    """What can be done, and a person to turn to, once it has gone wrong three times in a row."""
    return say("talk.lost") if missed >= _PATIENCE else ""


def guessed(turn: Turn) -> Intent | None:
    """The guess that the person picked, if they were offered some."""
    picked = chosen(turn) if turn.dialog.topic == GUESS else None
    return Intent(picked) if picked else None


def as_picked(turn: Turn, beneath: Turn, picked: Intent) -> Turn:
    """What was said before, read as what the person picked."""
    said = str(turn.dialog.draft.get("said", ""))
    message = turn.message.model_copy(update={"text": said}) if said else turn.message
    return replace(beneath, message=message, reading=nlp.read_as(said, turn.now, picked))


def rejected(turn: Turn) -> bool:
    """都不对: none of the offered meanings."""
    if turn.dialog.topic != GUESS or not turn.dialog.options:
        return False
    return nlp.read(turn.message.text, turn.now, Expecting.CHOICE).intent in (Intent.ANSWER_NO, Intent.ANSWER_CANCEL)


def another_way(turn: Turn) -> Outcome:
    """After 都不对: what can be said instead."""
    return Outcome(replies=(show.text(say("talk.another_way")),), dialog=Dialog())


def misread(turn: Turn) -> tuple[Sentence, ...]:
    """The words that were not understood, for learning."""
    expecting = turn.dialog.expecting if turn.dialog.open else None
    return (Sentence(turn.message.text[:LONGEST], expecting),)


def not_text(turn: Turn) -> Outcome:
    match turn.message.kind:
        case MessageKind.VOICE:
            return show.answer(say("media.voice"))
        case MessageKind.LOCATION:
            return show.answer(say("media.location"))
        case _:
            return show.answer(say("media.other"))


def sorry() -> str:
    """The one apology when we are wrong."""
    return say("error.sorry")
