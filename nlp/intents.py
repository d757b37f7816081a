"""Which intent a sentence has: a small linear model over words and cues (see docs/understanding.md).

The weights are data (`weights.txt`, made by `nlp.training` from `phrases/*.yaml`), so why a sentence was read as it
was can always be shown: `reasons`.
"""

from dataclasses import dataclass
from functools import cache
from math import exp
from pathlib import Path

from nlp.features import Sketch, features, runs


@dataclass(frozen=True, slots=True)
class Model:
    """`weights`: for each feature, (label index, weight in hundredths) pairs. `known`: neighbours seen in scope."""

    labels: tuple[str, ...]
    known: frozenset[str]
    weights: dict[str, tuple[tuple[int, int], ...]]


@cache
def model() -> Model:
    """The committed model, loaded once."""
    return parsed((Path(__file__).parent / "weights.txt").read_text(encoding="utf-8"))


def parsed(text: str) -> Model:
    """A model from the text that `nlp.training.rendered` gives."""
    head, known, *lines = text.split("\n")
    weights: dict[str, tuple[tuple[int, int], ...]] = {}
    for line in lines:
        name, tab, pairs = line.partition("\t")
        if tab:
            split = (pair.split(":") for pair in pairs.split(" "))
            weights[name] = tuple((int(index), int(weight)) for index, weight in split)
    return Model(tuple(head.split("\t")), frozenset(known.split("\t")), weights)


def novelty(seen: Sketch, known: frozenset[str]) -> str:
    """How much of a sentence no phrase has said, as a feature."""
    pairs = runs(seen.signs)
    return f"new:{round(4 * sum(1 for pair in pairs if pair not in known) / len(pairs))}"


def ranked(seen: Sketch, by: Model | None = None) -> list[tuple[str, float]]:
    """The likely intents with their probabilities, the likeliest first."""
    using = by or model()
    scores = [0] * len(using.labels)
    weights = using.weights
    for feature in (*features(seen), novelty(seen, using.known), "bias"):
        if feature in weights:
            for index, weight in weights[feature]:
                scores[index] += weight
    top = max(scores)
    odds = [(exp((score - top) / 100), index) for index, score in enumerate(scores) if score > top - _FAR]
    whole = sum(odd for odd, _ in odds)
    odds.sort(key=lambda pair: (-pair[0], pair[1]))
    return [(using.labels[index], odd / whole) for odd, index in odds]


_FAR = 700  # hundredths: what is e^7 less likely than the best is left out


def reasons(seen: Sketch, intent: str, count: int = 8) -> list[tuple[str, int]]:
    """The features that spoke most for `intent`, with their weights."""
    label = model().labels.index(intent)
    spoke = [
        (feature, weight)
        for feature in (*features(seen), novelty(seen, model().known))
        for index, weight in model().weights.get(feature, ())
        if index == label
    ]
    return sorted(spoke, key=lambda pair: -abs(pair[1]))[:count]
