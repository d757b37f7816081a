"""The set phrases of `nlp.setphrases` in a turn."""

from handlers.turn import Turn
from nlp.setphrases import AGAIN, NAME, Cue, cue_in, parts_of

__all__ = ["AGAIN", "NAME", "Cue", "cue", "parts"]


def cue(turn: Turn) -> Cue | None:
    """The cue that the message is, if it is one."""
    return cue_in(turn.message.text)


def parts(turn: Turn, name: Cue) -> dict[str, str]:
    """What the message says in the places of the cue's pattern."""
    return parts_of(turn.message.text, name)
