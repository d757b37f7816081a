"""The running text of a page: lines that continue each other put together, and what its sentences say."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nlp.proofs.labels import label_at
from nlp.proofs.page import Line
from nlp.proofs.spelling import fold


@dataclass(frozen=True, slots=True)
class Prose:
    """Paragraphs as one text, folded, and the same as printed; a line break stays where a sentence may have ended."""

    text: str
    printed: str
    sureness: tuple[float, ...]  # of each letter's line

    def slice(self, start: int, end: int) -> str:
        """As printed between two positions."""
        return self.printed[start:end].replace("\n", "").strip()

    def sure(self, start: int, end: int) -> float:
        """How sure the recogniser was of the lines between two positions."""
        return min(self.sureness[start:end], default=0.0)


def prose_of(lines: Sequence[Line]) -> Prose:
    """The page's lines in the order in which they are read, column by column."""
    follows = _followers(lines)
    heads = [index for index in range(len(lines)) if index not in follows.values()]
    text, printed, sureness = "", "", []
    for head in heads:
        index: int | None = head
        while index is not None:
            line, after = lines[index], follows.get(index)
            letters = _letters(line.text)
            text += "".join(letter for letter, _ in letters)
            printed += "".join(original for _, original in letters)
            sureness += [line.sure] * len(letters)
            if after is None or not _runs_on(line, lines[after]):
                text, printed, sureness = text + "\n", printed + "\n", [*sureness, line.sure]
            index = after
    return Prose(text, printed, tuple(sureness))


def _letters(text: str) -> list[tuple[str, str]]:
    """Folded and printed letters, without the spaces beside Chinese characters."""
    pairs = list(zip(fold(text), text, strict=True))
    kept = []
    for index, (letter, original) in enumerate(pairs):
        before = pairs[index - 1][0] if index else ""
        after = pairs[index + 1][0] if index + 1 < len(pairs) else ""
        if letter.isspace() and not (before.isascii() and after.isascii() and before.isalnum() and after.isalnum()):
            continue
        kept.append((" " if letter.isspace() else letter, original))
    return kept


def _followers(lines: Sequence[Line]) -> dict[int, int]:
    """For each line the one that stands right under it in the same column; the closest pairs first."""
    pairs = sorted(
        ((other.middle - line.middle) / max(line.height, 1e-6), index, number)
        for index, line in enumerate(lines)
        for number, other in enumerate(lines)
        if number != index and _under(line, other)
    )
    follows: dict[int, int] = {}
    taken: set[int] = set()
    for _, index, number in pairs:
        if index not in follows and number not in taken:
            follows[index] = number
            taken.add(number)
    return follows


def _under(line: Line, other: Line) -> bool:
    gap = other.middle - line.middle
    shared = min(line.right, other.right) - max(line.left, other.left)
    alike = 0.6 < other.height / max(line.height, 1e-6) < 1.6
    return (
        0.5 * line.height < gap < 2.6 * line.height
        and alike
        and shared > 0.4 * min(line.right - line.left, other.right - other.left)
    )


def _runs_on(line: Line, after: Line) -> bool:
    """Whether a sentence goes on in the next line: this one is full, does not end it, and the next opens no label."""
    if re.search("[。！!:：]$", line.text.strip()):
        return False
    label = label_at(fold(after.text).replace(" ", ""), 0)
    if label and label.colon:
        return False
    if _OPEN_QUOTE.search(line.text):
        return True
    return line.right >= after.right - 2 * line.height and line.right - line.left > 8 * line.height


_OPEN_QUOTE = re.compile("[“《「][^”》」]*$")
