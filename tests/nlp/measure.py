"""Measures the intent model beside its alternatives: `python -m tests.nlp.measure` prints the tables of
docs/understanding.md.

Cross-validation leaves whole phrases out, five times: what is measured are wordings that the model has never seen.
The labelled utterances are scored with the model of all phrases.
"""

import math
import sys
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Collection
from time import perf_counter

from nlp import training
from nlp.features import Sketch, characters, features, sketch
from nlp.intents import Model, novelty, parsed, ranked
from nlp.normalize import clean, fold
from nlp.training import Example
from nlp.words import cut

from .scoring import utterances

FOLDS = 5
Ranked = Callable[[Sketch], list[tuple[str, float]]]
Look = Callable[[Sketch], Collection[str]]


def words(seen: Sketch) -> set[str]:
    return set(cut(seen.signs))


def cues(seen: Sketch) -> set[str]:
    return {feature for feature in features(seen) if ":" in feature}


def regression(look: Look) -> Callable[[list[Example]], Ranked]:
    def fitted(learned: list[Example]) -> Ranked:
        made = parsed(training.rendered(training.train(learned, look)))
        return lambda seen: _scored(made, look, seen)

    return fitted


def chosen(learned: list[Example]) -> Ranked:
    made = parsed(training.rendered(training.train(learned)))
    return lambda seen: ranked(seen, made)


def _scored(made: Model, look: Look, seen: Sketch) -> list[tuple[str, float]]:
    scores = made.scores((*look(seen), novelty(seen, made.known), "bias"))
    return sorted(zip(made.labels, scores, strict=True), key=lambda pair: -pair[1])


def bayes(look: Look) -> Callable[[list[Example]], Ranked]:
    def fitted(learned: list[Example]) -> Ranked:
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for example in learned:
            counts[example.intent].update(look(example.seen))
        vocabulary = len({feature for counter in counts.values() for feature in counter})
        totals = {intent: sum(counter.values()) for intent, counter in counts.items()}

        def rank(seen: Sketch) -> list[tuple[str, float]]:
            seen_features = look(seen)
            odds = {
                intent: sum(
                    math.log((counter[feature] + 0.2) / (totals[intent] + 0.2 * vocabulary))
                    for feature in seen_features
                )
                for intent, counter in counts.items()
            }
            return sorted(odds.items(), key=lambda pair: -pair[1])

        return rank

    return fitted


MODELS = {
    "naive Bayes, words": bayes(words),
    "naive Bayes, characters": bayes(characters),
    "naive Bayes, words and cues": bayes(features),
    "regression, words": regression(words),
    "regression, characters": regression(characters),
    "regression, cues": regression(cues),
    "regression, words and cues": regression(features),
    "both last kinds added up (chosen)": chosen,
}


def crossed(fit: Callable[[list[Example]], Ranked], examples: list[Example]) -> list[tuple[str, str, float, str]]:
    """For every example: its intent, the one chosen without its phrase, the confidence, and the phrase."""
    found = []
    for fold_at in range(FOLDS):
        held = [example for example in examples if zlib.crc32(example.phrase.encode()) % FOLDS == fold_at]
        rank = fit([example for example in examples if zlib.crc32(example.phrase.encode()) % FOLDS != fold_at])
        for example in held:
            intent, confidence = rank(example.seen)[0]
            found.append((example.intent, intent, confidence, example.phrase))
    return found


def by_phrase(found: list[tuple[str, str, float, str]]) -> float:
    """The share of right answers, each phrase counting once however many sentences it makes."""
    shares: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for meant, said, _, phrase in found:
        shares[meant, phrase].append(meant == said)
    return sum(sum(hits) / len(hits) for hits in shares.values()) / len(shares)


def labelled(rank: Ranked) -> tuple[float, float]:
    """Share right among the labelled utterances outside dialogs, and microseconds a sentence."""
    rows = [row for row in utterances() if row["expecting"] is None]
    sketches = [sketch(fold(clean(row["text"]))) for row in rows]
    began = perf_counter()
    intents = [rank(seen)[0][0] for seen in sketches]
    took = (perf_counter() - began) / len(rows) * 1e6
    right = [
        intent in {row["intent"]} | {tag[5:] for tag in row["tags"] if tag.startswith("also:")}
        for intent, row in zip(intents, rows, strict=True)
    ]
    return sum(right) / len(right), took


def reliability(found: list[tuple[str, str, float, str]]) -> list[tuple[str, int, float, float]]:
    """Confidence by tenths: how many, the mean, and the share right."""
    bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for meant, said, confidence, _ in found:
        bins[min(int(confidence * 10), 9)].append((confidence, meant == said))
    return [
        (
            f"{at / 10:.1f}–{(at + 1) / 10:.1f}",
            len(rows),
            sum(c for c, _ in rows) / len(rows),
            sum(r for _, r in rows) / len(rows),
        )
        for at, rows in sorted(bins.items())
    ]


def main() -> None:
    out = sys.stdout.write
    examples = list(training.examples())
    phrases = sum(map(len, training.phrases().values()))
    out(f"{phrases} phrases, {len(examples)} sentences\n\n")
    for name, fit in MODELS.items():
        found = crossed(fit, examples)
        right, took = labelled(fit(examples))
        out(f"| {name} | {by_phrase(found):.1%} | {right:.1%} | {took:.0f} |\n")
    out("\n")
    for tenth, count, mean, share in reliability(found):
        out(f"| {tenth} | {count} | {mean:.2f} | {share:.2f} |\n")
    kept = [row for row in found if row[0] == "unknown"]
    named = [row for row in found if row[1] == "unknown"]
    hits = sum(row[1] == "unknown" for row in kept)
    out(f"\nout of scope: recall {hits / len(kept):.1%}, precision {hits / len(named):.1%}\n")


if __name__ == "__main__":
    main()
