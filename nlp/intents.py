"""Which intent a sentence has: a small linear model over words, cues and characters (see docs/understanding.md).

The weights are data (`weights.txt`, made by `nlp.training` from `phrases/*.yaml`), so why a sentence was read as it
was can always be shown: `reasons`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from math import exp
from pathlib import Path
from struct import unpack

from nlp.features import Sketch, characters, features, runs

# A feature's weights for all labels are one integer of 32-bit fields, so that adding a feature is one addition.
# Fields hold weight + _ZERO, in hundredths, and so never turn negative.
_FIELD, _ZERO = 32, 1 << 14
_CALM = 320  # hundredths by which odds change e-fold: calibrates the scores (docs/understanding.md)
_FAR = 7 * _CALM  # what is e^7 less likely than the best is left out


@dataclass(frozen=True, slots=True)
class Model:
    """`weights` of every feature, packed; `known` are the neighbours of characters seen in scope.

    The first `answers` labels are answers to a question of ours.
    """

    labels: tuple[str, ...]
    known: frozenset[str]
    weights: dict[str, int]
    answers: int
    digest: str  # of what it was made from

    def scores(self, found: Iterable[str]) -> tuple[int, ...]:
        """The scores of all labels in hundredths, each raised by the same amount."""
        weights = self.weights
        total = 0
        for feature in found:
            if feature in weights:
                total += weights[feature]
        return unpack(f"<{len(self.labels)}I", total.to_bytes(len(self.labels) * _FIELD // 8, "little"))


@cache
def model() -> Model:
    """The committed model, loaded once."""
    return parsed((Path(__file__).parent / "weights.txt").read_text(encoding="utf-8"))


def parsed(text: str) -> Model:
    """A model from the text that `nlp.training.rendered` gives."""
    digest, head, known, *lines = text.split("\n")
    labels = tuple(head.split("\t"))
    zero = sum(_ZERO << _FIELD * index for index in range(len(labels)))
    weights: dict[str, int] = {}
    for line in lines:
        name, tab, pairs = line.partition("\t")
        if tab:
            packed = zero
            for pair in pairs.split(" "):
                index, _, weight = pair.partition(":")
                packed += int(weight) << _FIELD * int(index)
            weights[name] = packed
    answers = sum(label.startswith("answer.") for label in labels)
    return Model(labels, frozenset(known.split("\t")), weights, answers, digest)


def novelty(seen: Sketch, known: frozenset[str]) -> str:
    """How much of a sentence no phrase has said, as a feature."""
    pairs = runs(seen.signs)
    return f"new:{round(4 * len(pairs - known) / len(pairs))}"


def ranked(seen: Sketch, by: Model | None = None, answering: bool = False) -> list[tuple[str, float]]:
    """The likely intents with their probabilities, the likeliest first; answers only when something was asked."""
    using = by or model()
    scores = using.scores((*features(seen), *characters(seen), novelty(seen, using.known), "bias"))
    labels = using.labels
    if not answering:
        scores, labels = scores[using.answers :], labels[using.answers :]
    top = max(scores)
    odds = [
        (exp((score - top) / _CALM), label) for score, label in zip(scores, labels, strict=True) if score > top - _FAR
    ]
    whole = sum(odd for odd, _ in odds)
    odds.sort(key=lambda pair: (-pair[0], pair[1]))
    return [(label, odd / whole) for odd, label in odds]


def reasons(seen: Sketch, intent: str, count: int = 8) -> list[tuple[str, int]]:
    """The features that spoke most for or against `intent`, with their weights in hundredths."""
    using = model()
    label = using.labels.index(intent)
    found = (*features(seen), *characters(seen), novelty(seen, using.known))
    spoke = [(feature, using.scores((feature,))[label] - _ZERO) for feature in found if feature in using.weights]
    return sorted(spoke, key=lambda pair: -abs(pair[1]))[:count]
