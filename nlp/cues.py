"""Words that mean the same to us, under one name: 差, 缺, 欠 are all `lack`.

The intent model learns from the cues and their order, so that a word never seen in a phrase still counts with its kin.
"""

import re
from functools import cache

from nlp.wordlists import entries


@cache
def _scanner() -> tuple[re.Pattern[str], dict[str, tuple[str, ...]]]:
    meant: dict[str, tuple[str, ...]] = {}
    for cue, said in entries("cues.txt").items():
        for word in said:
            meant[word] = (*meant.get(word, ()), f"c:{cue}")
    words = sorted(meant, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words)) + "|[Ⓐ-Ⓩ]"), meant | {
        sign: (f"c:{sign}",) for sign in "ⒶⒷⒸⒹⒺⒻⒼⒽⒾⒿⓀⓁⓂⓃⓄⓅⓆⓇⓈⓉⓊⓋⓌⓍⓎⓏ"
    }


def cues_in(signs: str) -> list[tuple[str, ...]]:
    """The cues of a sentence with its facts as signs, in order; a word may stand for several."""
    scanner, meant = _scanner()
    return [meant[word] for word in scanner.findall(signs)]
