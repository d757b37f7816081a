"""A sentence that was not understood, as it is kept for learning: without personal data, with the person's consent."""

from dataclasses import dataclass

LONGEST = 200  # characters kept: no more of a message is considered when it is read


@dataclass(frozen=True, slots=True)
class Sentence:
    """`expecting` is what had just been asked (a value of `xueshi parse`), None where nothing was."""

    text: str
    expecting: str | None = None
