"""What the phrases teach, beside what the committed weights know; and sentences from people as further phrases.

    python -m nlp.teaching compare              which labelled sentences the present phrases would read otherwise
    python -m nlp.teaching learn FILE.jsonl     adds the lines of `xueshi export-sentences` that were given an intent
                                                to phrases/learned.yaml

`compare` ends with 1 when the weights are not made from the present phrases and word lists.
"""

import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

from nlp import training
from nlp.intents import Model, model, parsed, ranked
from nlp.reading import Intent

_LABELLED = ("tests/phrases/utterances.jsonl", "tests/nlp/heldout.jsonl")
_PERSONAL = re.compile(r"[0-9]{6,}|@|微信号|身份证号")  # numbers of people and accounts stay out of the phrases
_LONGEST = 60


def changes(before: Model, after: Model, rows: Iterable[dict[str, Any]]) -> Iterator[tuple[str, str, str, str]]:
    """The sentences read otherwise: text, what is right, what was read before, what is read now."""
    for row in rows:
        if row["expecting"] is None:
            seen = training.seen(row["text"])
            was, now = ranked(seen, before)[0][0], ranked(seen, after)[0][0]
            if was != now:
                yield row["text"], row["intent"], was, now


def compare(root: Path) -> int:
    """Prints what changed phrases change; 0 when the weights are current."""
    if training.digest() == model().digest:
        sys.stdout.write("weights.txt is made from these phrases\n")
        return 0
    after = parsed(training.rendered(training.train(list(training.examples()))))
    better = worse = 0
    for text, right, was, now in changes(model(), after, _labelled(root)):
        better, worse = better + (now == right), worse + (was == right)
        sys.stdout.write(f"{'+' if now == right else '-' if was == right else ' '} {text}: {was} → {now} ({right})\n")
    sys.stdout.write(f"{better} better, {worse} worse. Take it over with: python -m nlp.training\n")
    return 1


def _labelled(root: Path) -> Iterator[dict[str, Any]]:
    for name in _LABELLED:
        for line in (root / name).read_text(encoding="utf-8").splitlines():
            yield json.loads(line)


def learn(lines: Iterable[str], into: Path) -> int:
    """Adds labelled sentences as phrases; the count added. What is known, not yet labelled, an answer with a value, too
    long or personal is left out.

    Raises ValueError for a line that is no sentence or has an intent that does not exist.
    """
    learned: dict[str, list[str]] = (yaml.safe_load(into.read_text(encoding="utf-8")) or {}) if into.exists() else {}
    known = {phrase for phrases in (training.phrases(), learned) for said in phrases.values() for phrase in said}
    added = 0
    for number, line in enumerate(filter(str.strip, lines), 1):
        text, intent = _sentence(line, number)
        if text and text not in known:
            learned.setdefault(intent, []).append(text)
            known.add(text)
            added += 1
    into.write_text(yaml.safe_dump(learned, allow_unicode=True, sort_keys=True), encoding="utf-8")
    return added


def _sentence(line: str, number: int) -> tuple[str, str]:
    """The text (empty when it must not be kept) and the intent of one line."""
    try:
        row = json.loads(line)
        text = re.sub(r"[\[\]{}|?？]", "", row["text"]).strip()
        intent = Intent(row["intent"] or Intent.ANSWER_VALUE)
    except (ValueError, KeyError, TypeError) as problem:
        raise ValueError(f"line {number} is no labelled sentence: {problem}") from None
    unfit = intent is Intent.ANSWER_VALUE or _PERSONAL.search(text) or len(text) > _LONGEST
    return ("" if unfit else text), intent.value


def main(words: list[str]) -> int:
    if words == ["compare"]:
        return compare(Path.cwd())
    if len(words) == 2 and words[0] == "learn":
        added = learn(Path(words[1]).read_text(encoding="utf-8").splitlines(), training.HERE / "phrases/learned.yaml")
        sys.stdout.write(f"{added} phrases added. Then: python -m nlp.teaching compare\n")
        return 0
    sys.stderr.write(f"{__doc__}\n")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
