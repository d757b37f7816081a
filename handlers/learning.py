"""What was not understood may be kept to learn from: only with consent, asked once in one line, taken back in one.

The person's profile says it under "sentences": "asked", "kept" or "refused". What is kept has no personal data in it
(`handlers.anonymous`); whoever takes the consent back has what was kept deleted.
"""

from dataclasses import replace

import nlp
from domain.dialog import Dialog
from domain.sentence import Sentence
from handlers import show
from handlers.fallback import GUESS
from handlers.turn import Outcome, Turn
from nlp.anonymous import cleaned
from nlp.reading import Expecting, Intent
from wording import say

KEY = "sentences"
ASKED, KEPT, REFUSED = "asked", "kept", "refused"


def settled(turn: Turn, outcome: Outcome) -> Outcome:
    """The outcome with only those misread sentences that may be kept; the first time, the question for consent."""
    if not outcome.misread:
        return outcome
    choice = turn.person.profile.get(KEY)
    if choice == KEPT:
        return replace(outcome, misread=_clean(turn, outcome.misread))
    if choice is None and outcome.dialog is not None and _is_the_moment(outcome.dialog):
        return _asked(turn, outcome, outcome.dialog)
    return replace(outcome, misread=())


def _is_the_moment(dialog: Dialog) -> bool:
    """Nothing else is being asked: no choice, no draft beneath."""
    return dialog.topic == GUESS and not dialog.options and "parked" not in dialog.draft


def _asked(turn: Turn, outcome: Outcome, dialog: Dialog) -> Outcome:
    said = outcome.misread[0]
    draft = {**dialog.draft, "offer": {"text": said.text, "expecting": said.expecting}}
    return replace(
        outcome,
        replies=(show.text(outcome.replies[0].text, say("learning.ask")), *outcome.replies[1:]),
        dialog=dialog.model_copy(update={"draft": draft}),
        person=_with(turn, outcome, ASKED),
        misread=(),
    )


def answered(turn: Turn) -> Outcome | None:
    """可以 or 不用 to the question; None: the message is about something else."""
    offer = turn.dialog.draft.get("offer") if turn.dialog.topic == GUESS else None
    if offer is None:
        return None
    text = turn.message.text.strip("。.！!，, ")
    intent = nlp.read(text, turn.now, Expecting.CONFIRM).intent
    if intent is Intent.ANSWER_NO or text in say("learning.no_words").split():
        return _closed(turn, "learning.refused", REFUSED)
    if intent is Intent.ANSWER_YES:
        sentence = Sentence(offer["text"], offer["expecting"])
        return replace(_closed(turn, "learning.kept", KEPT), misread=_clean(turn, (sentence,)))
    return None


def stopped(turn: Turn) -> Outcome:
    """别再收集我的话: from now on nothing, and what was kept goes."""
    told = show.answer(say("learning.stopped"))
    return replace(told, person=_with(turn, told, REFUSED), forgets_words=True)


def allowed(turn: Turn) -> Outcome:
    """可以收集我的话."""
    told = show.answer(say("learning.kept"))
    return replace(told, person=_with(turn, told, KEPT))


def _closed(turn: Turn, key: str, choice: str) -> Outcome:
    told = Outcome(replies=(show.text(say(key)),), dialog=Dialog())
    return replace(told, person=_with(turn, told, choice))


def _with(turn: Turn, outcome: Outcome, choice: str) -> dict[str, object]:
    profile = outcome.person.get("profile", turn.person.profile)
    return {**outcome.person, "profile": {**profile, KEY: choice}}


def _clean(turn: Turn, said: tuple[Sentence, ...]) -> tuple[Sentence, ...]:
    return tuple(replace(one, text=cleaned(one.text, turn.person)) for one in said)
