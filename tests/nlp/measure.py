"""Measures the intent model beside its alternatives: `python -m tests.nlp.measure` prints the tables of
docs/understanding.md.

Cross-validation leaves a fifth of the phrases out: what is measured are wordings that the model has never seen.
Held out are the sentences of heldout.jsonl, written together with the phrases and never learned from.
"""

import json
import math
import sys
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Collection
from pathlib import Path
from time import perf_counter
from typing import Any

from nlp import training
from nlp.features import Sketch, characters, features
from nlp.intents import Model, novelty, parsed
from nlp.training import Example
from nlp.words import cut

FOLDS, TRIED = 5, 1
HELD_OUT = Path(__file__).parent / "heldout.jsonl"
Odds = list[tuple[str, float]]
Ranked = Callable[[Sketch], Odds]
Fit = Callable[[list[Example]], Ranked]
Look = Callable[[Sketch], Collection[str]]


def words(seen: Sketch) -> set[str]:
    return set(cut(seen.signs))


def cues(seen: Sketch) -> set[str]:
    return {feature for feature in features(seen) if ":" in feature}


def runs_of(longest: int) -> Look:
    """Runs of up to `longest` characters."""

    def look(seen: Sketch) -> set[str]:
        padded = f"^{seen.signs}$"
        return {f"~{padded[at : at + size]}" for size in range(1, longest + 1) for at in range(len(padded) - size + 1)}

    return look


def unabstracted(seen: Sketch) -> set[str]:
    """Pairs of characters of the text as it is, facts and all."""
    padded = f"^{seen.text}$"
    return {f"~{char}" for char in seen.text} | {f"~{padded[at : at + 2]}" for at in range(len(padded) - 1)}


def linear(look: Look, hinge: float = 0.0) -> Fit:
    def fitted(learned: list[Example]) -> Ranked:
        weight, training.WEIGHT_OF_HINGE = training.WEIGHT_OF_HINGE, hinge
        try:
            made = parsed(training.rendered(training.train(learned, look)))
        finally:
            training.WEIGHT_OF_HINGE = weight
        return lambda seen: _odds(made, look, seen)

    return fitted


def _odds(made: Model, look: Look, seen: Sketch) -> Odds:
    scores = made.scores((*look(seen), novelty(seen, made.known), "bias"))[made.answers :]
    odds = [math.exp((score - max(scores)) / 320) for score in scores]
    pairs = zip(made.labels[made.answers :], (odd / sum(odds) for odd in odds), strict=True)
    return sorted(pairs, key=lambda pair: -pair[1])


def bayes(look: Look) -> Fit:
    def fitted(learned: list[Example]) -> Ranked:
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for example in learned:
            counts[example.intent].update(look(example.seen))
        vocabulary = len({feature for counter in counts.values() for feature in counter})
        totals = {intent: sum(counter.values()) for intent, counter in counts.items()}

        def rank(seen: Sketch) -> Odds:
            found = look(seen)
            odds = {
                intent: sum(math.log((counter[one] + 0.2) / (totals[intent] + 0.2 * vocabulary)) for one in found)
                for intent, counter in counts.items()
            }
            return sorted(odds.items(), key=lambda pair: -pair[1])

        return rank

    return fitted


def nearest(look: Look, count: int = 5) -> Fit:
    """The nearest phrases vote, by the weighted share of what they have in common."""

    def fitted(learned: list[Example]) -> Ranked:
        having: dict[str, list[int]] = defaultdict(list)
        looks = [set(look(example.seen)) for example in learned]
        for at, found in enumerate(looks):
            for feature in found:
                having[feature].append(at)
        rare = {feature: math.log(len(learned) / len(where)) for feature, where in having.items()}
        sizes = [math.sqrt(sum(rare[feature] ** 2 for feature in found)) or 1 for found in looks]

        def rank(seen: Sketch) -> Odds:
            near: Counter[int] = Counter()
            for feature in look(seen):
                for at in having.get(feature, ()):
                    near[at] += rare[feature] ** 2  # type: ignore[assignment]
            best = sorted(((shared / sizes[at], at) for at, shared in near.items()), reverse=True)[:count]
            votes: Counter[str] = Counter()
            for shared, at in best:
                votes[learned[at].intent] += shared**4  # type: ignore[assignment]
            return sorted(votes.items(), key=lambda pair: -pair[1]) or [("unknown", 1.0)]

        return rank

    return fitted


MODELS: dict[str, Fit] = {
    "naive Bayes, words": bayes(words),
    "naive Bayes, words, cues and characters": bayes(training.looked_at),
    "nearest five phrases, words, cues and characters": nearest(training.looked_at),
    "regression, text as it is, pairs of characters": linear(unabstracted),
    "regression, facts as signs, pairs of characters": linear(characters),
    "regression, facts as signs, runs of up to three characters": linear(runs_of(3)),
    "regression, words": linear(words),
    "regression, cues": linear(cues),
    "regression, words, cues and characters": linear(training.looked_at),
    "the same, and hinge added (chosen)": linear(training.looked_at, training.WEIGHT_OF_HINGE),
}


def _literal(example: Example) -> bool:
    return not set(example.phrase) & set("[{")


def _fold(example: Example) -> int:
    return zlib.crc32(example.phrase.encode()) % FOLDS


def crossed(fit: Fit, examples: list[Example]) -> list[tuple[str, Odds]]:
    """For the phrases written out, each left out of learning once: its intent, and what was made of it."""
    found = []
    for fold in range(TRIED):
        rank = fit([example for example in examples if not (_literal(example) and _fold(example) == fold)])
        judged = [example for example in examples if _literal(example) and _fold(example) == fold]
        found += [(one.intent, rank(one.seen)) for one in judged if not one.intent.startswith("answer.")]
    return found


def held_out() -> list[dict[str, Any]]:
    rows = (json.loads(line) for line in HELD_OUT.read_text(encoding="utf-8").splitlines())
    return [row for row in rows if row["expecting"] is None]


def share(found: list[tuple[str, Odds]]) -> float:
    return sum(odds[0][0] == meant for meant, odds in found) / len(found)


def reliability(found: list[tuple[str, Odds]]) -> list[tuple[str, int, float, float]]:
    """Confidence by tenths: how many, the mean, and the share right."""
    bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for meant, odds in found:
        bins[min(int(odds[0][1] * 10), 9)].append((odds[0][1], odds[0][0] == meant))
    return [
        (
            f"{at / 10:.1f}–{(at + 1) / 10:.1f}",
            len(rows),
            *(sum(column) / len(rows) for column in zip(*rows, strict=True)),
        )
        for at, rows in sorted(bins.items())
    ]


def abstaining(found: list[tuple[str, Odds]]) -> list[tuple[str, float, float, float]]:
    """Ways to say `unknown` when unsure: share right, recall and precision of what is out of scope."""
    ways: dict[str, Callable[[Odds], bool]] = {"never": lambda odds: False}
    for floor in (0.25, 0.33, 0.4, 0.5):
        ways[f"probability below {floor}"] = lambda odds, floor=floor: odds[0][1] < floor  # type: ignore[misc]
    for margin in (0.1, 0.2, 0.3):
        ways[f"lead below {margin}"] = lambda odds, margin=margin: odds[0][1] - odds[1][1] < margin  # type: ignore[misc]
    rows = []
    for way, unsure in ways.items():
        said = [(meant, "unknown" if unsure(odds) else odds[0][0]) for meant, odds in found]
        hits = sum(meant == named == "unknown" for meant, named in said)
        recall = hits / sum(meant == "unknown" for meant, _ in said)
        precision = hits / sum(named == "unknown" for _, named in said)
        rows.append((way, sum(meant == named for meant, named in said) / len(said), recall, precision))
    return rows


def main() -> None:
    out = sys.stdout.write
    examples = list(training.examples())
    rows = held_out()
    sketches = [training.seen(row["text"]) for row in rows]
    out(f"{sum(map(len, training.phrases().values()))} phrases, {len(examples)} sentences; {len(rows)} held out\n\n")
    found: list[tuple[str, Odds]] = []
    for name, fit in MODELS.items():
        found = crossed(fit, examples)
        rank = fit(examples)
        began = perf_counter()
        held = [(row["intent"], rank(seen)) for row, seen in zip(rows, sketches, strict=True)]
        took = (perf_counter() - began) / len(rows) * 1e6
        out(f"| {name} | {share(found):.1%} | {share(held):.1%} | {took:.0f} |\n")
    out("\n")
    for tenth, count, mean, right in reliability(found):
        out(f"| {tenth} | {count} | {mean:.2f} | {right:.2f} |\n")
    out("\n")
    for way, right, recall, precision in abstaining(found):
        out(f"| {way} | {right:.1%} | {recall:.1%} | {precision:.1%} |\n")


if __name__ == "__main__":
    main()
