"""Words of ours written with other characters of the same sound, as input methods and voice do: 体醒 → 提醒.

Only characters that form no other word are mended, so that 小学师资 keeps its 学师.
"""

import re
from functools import cache
from pathlib import Path

from nlp.wordlists import entries
from nlp.words import cut


@cache
def _alike() -> dict[int, str]:
    """Every common character, by its code, with the one that stands for its syllable."""
    table = Path(__file__).parent / "sounds.txt"
    lines = (line.split(" ") for line in table.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return {ord(char): chars[0] for _, chars in lines for char in chars}


@cache
def _ours() -> dict[str, str]:
    """Our words by their sound."""
    return {word.translate(_alike()): word for word in entries("homophones.txt")["ours"]}


@cache
def _sounds() -> re.Pattern[str]:
    return re.compile("|".join(sorted(_ours(), key=len, reverse=True)))


def mended(folded: str) -> str:
    """`folded` with our words in their own characters, of the same length."""
    loose: list[bool] = []
    for found in _sounds().finditer(folded.translate(_alike())):
        at, end, word = found.start(), found.end(), _ours()[found[0]]
        if folded[at:end] != word:
            loose = loose or [len(said) == 1 for said in cut(folded) for _ in said]
            if all(loose[at:end]):
                folded = folded[:at] + word + folded[end:]
    return folded


def sounds_alike(one: str, other: str) -> bool:
    """Whether two words of the same length sound the same, tones aside."""
    return len(one) == len(other) and one.translate(_alike()) == other.translate(_alike())
