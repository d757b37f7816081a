"""Places: provinces, cities and their short names to place codes."""

import re
from functools import cache

from nlp.wordlists import entries


@cache
def codes() -> dict[str, str]:
    """Every known name with its place code: 呼和浩特 → neimenggu, 南通 → nantong."""
    return {name: code for code, names in entries("places.txt").items() for name in names}


@cache
def pattern() -> str:
    """A regular expression of all names, longest first, with the words that may follow a name."""
    names = sorted(codes(), key=len, reverse=True)
    return "(?:" + "|".join(map(re.escape, names)) + ")(?:维吾尔|壮族|回族)?(?:自治区|省|市)?"


def code_of(said: str) -> str | None:
    """The place code of a name with or without 省, 市, 自治区."""
    for name in (said, said.removesuffix("市"), re.sub("(?:维吾尔|壮族|回族)?(?:自治区|省|市)$", "", said)):
        if name in codes():
            return codes()[name]
    return None
