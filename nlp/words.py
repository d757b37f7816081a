"""Words by jieba, over a dictionary of its frequent words and our terms that loads in a fraction of a second.

jieba's own loader writes a cache file that processes race for; this one reads `words.txt` (made by `nlp.training`)
and writes nothing.
"""

import logging
from functools import cache
from pathlib import Path
from typing import Any

from nlp.normalize import fold

_LIST = Path(__file__).parent / "words.txt"


@cache
def tokenizer() -> Any:
    """A jieba tokenizer over our dictionary, loaded once."""
    import jieba  # noqa: PLC0415 costs tenths of a second, which a command that reads nothing should not pay

    jieba.setLogLevel(logging.WARNING)
    ours = jieba.Tokenizer()
    ours.FREQ, ours.total = _frequencies()
    ours.initialized = True
    return ours


def _frequencies() -> tuple[dict[str, int], int]:
    """Word frequencies with every prefix present, as jieba's graph of words wants them."""
    frequencies: dict[str, int] = {}
    total = 0
    for line in _LIST.read_text(encoding="utf-8").splitlines():
        word, _, count = line.partition(" ")
        frequencies[word] = int(count)
        total += int(count)
        for end in range(1, len(word)):
            frequencies.setdefault(word[:end], 0)
    return frequencies, total


def cut(text: str) -> list[str]:
    """The words of a folded text along jieba's likeliest path, spaces and punctuation included."""
    graph_of = tokenizer()
    graph = graph_of.get_DAG(text)
    route: dict[int, tuple[float, int]] = {}
    graph_of.calc(text, graph, route)
    words, at, end = [], 0, len(text)
    while at < end:
        stop = route[at][1] + 1
        words.append(text[at:stop])
        at = stop
    return words


def tokens(text: str) -> list[str]:
    """The words of any text, folded, without punctuation: what a search index counts."""
    folded = fold(text)
    return [word for word in tokenizer().cut(folded, HMM=False) if word[0].isalnum()]
