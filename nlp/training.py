"""Makes `weights.txt` (the intent model) and `words.txt` (the dictionary) from `phrases/*.yaml` and jieba's word list.

    python -m nlp.training          writes both
    python -m nlp.training --words  writes the dictionary only

The model is the sum of two linear classifiers over words, cues and characters (`nlp.features`). Examples come from
the phrases by choosing among their alternatives; the choice depends only on the phrase, so that the result can be
reproduced.
"""

import hashlib
import re
import sys
import zlib
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

import yaml

from nlp.features import Sketch, characters, features, runs, sketch
from nlp.homophones import mended
from nlp.normalize import clean, fold

_OURS = """学时 课时 公需 公需课 公需科目 专业课 专业科目 继续教育 继教 登记表 学时证明 研修班 培训班 进修班 网课 讲座
学术讲座 学术会议 副高 正高 中级 初级 职称 评职称 公需学时 专业学时 人社厅 人社局 达标 达标率 完成率 群发 驳回 退回 待审
待审核 核验 审核 折算 结转 登记手册 学分"""
_LISTS = ("cues", "homophones", "people", "pinyin", "places", "slips", "terms", "words")
HERE = Path(__file__).parent
PER_PHRASE = 8
EPOCHS, RATE, DECAY = 12, 0.35, 2e-5
HINGE, WEIGHT_OF_HINGE = 0.5, 3.0  # of the second model: its pace, and what it counts in the sum
DROPPED = 0.3  # share of the words hidden in each pass, so that cues must carry a sentence too
MIN_FREQUENCY = 30  # of a word in jieba's list to enter ours

_MAYBE = re.compile(r"([^\[\]|{}])\?(?![^\[\]]*\])")
_SLOT = re.compile(r"\{(\w+)\}")
_CHOICE = re.compile(r"\[([^\[\]]*)\]")


Trained = tuple[list[str], dict[str, list[float]], set[str]]  # labels, weights of each feature, known runs
Look = Callable[[Sketch], Collection[str]]  # what a model looks at


@dataclass(frozen=True, slots=True)
class Example:
    intent: str
    phrase: str
    seen: Sketch


@cache
def phrases() -> dict[str, list[str]]:
    """The phrases of every intent."""
    merged: dict[str, list[str]] = {}
    for path in sorted((HERE / "phrases").glob("*.yaml")):
        if path.stem == "fillers":
            continue
        for intent, lines in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            merged.setdefault(intent, []).extend(str(line) for line in lines)
    return merged


@cache
def fillers() -> dict[str, list[str]]:
    """What stands for each name in braces."""
    listed = yaml.safe_load((HERE / "phrases" / "fillers.yaml").read_text(encoding="utf-8"))
    return {name: words.split() for name, words in listed.items()}


def said(phrase: str, count: int) -> list[str]:
    """Up to `count` different sentences of a phrase."""
    chance = Random(zlib.crc32(phrase.encode()))  # noqa: S311 the same choice every time is the point
    phrase = _MAYBE.sub(r"[\1|]", phrase.replace("]?", "|]"))
    sentences: dict[str, None] = {}
    for _ in range(count * 3):
        chosen = _CHOICE.sub(lambda found: chance.choice(found[1].split("|")), phrase)
        chosen = _SLOT.sub(lambda found: chance.choice(fillers()[found[1]]), chosen)
        chosen = chosen.strip(" ，,：:")
        if chosen:
            sentences[chosen] = None
        if len(sentences) == count:
            break
    return list(sentences)


def examples() -> Iterator[Example]:
    """All examples that the model learns from."""
    for intent, lines in phrases().items():
        for phrase in lines:
            for sentence in said(phrase, PER_PHRASE):
                yield Example(intent, phrase, seen(sentence))


def seen(sentence: str) -> Sketch:
    """A sentence as it is looked at."""
    return sketch(mended(fold(clean(sentence))))


def digest() -> str:
    """A short sum over the phrases and the words that the weights are made from."""
    sums = hashlib.sha256()
    for path in (*sorted((HERE / "phrases").glob("*.yaml")), *(HERE / f"{name}.txt" for name in _LISTS)):
        sums.update(path.read_bytes())
    return sums.hexdigest()[:16]


def known_runs(learned: list[Example]) -> dict[str, set[str]]:
    """For each pair of characters seen in scope, the phrases that it occurs in."""
    known: dict[str, set[str]] = {}
    for example in learned:
        if example.intent != "unknown":
            for run in runs(example.seen.signs):
                known.setdefault(run, set()).add(example.phrase)
    return known


def novelty(seen: Sketch, known: dict[str, set[str]], phrase: str | None) -> str:
    """How much of a sentence no other phrase has said, as a feature."""
    pairs = runs(seen.signs)
    new = sum(1 for pair in pairs if not (known.get(pair, set()) - {phrase}))
    return f"new:{round(4 * new / len(pairs))}"


def looked_at(seen: Sketch) -> Collection[str]:
    """What the model looks at: words, cues and characters."""
    return features(seen) | characters(seen)


def train(learned: list[Example], look: Look = looked_at) -> Trained:
    """Labels, the weights of every feature for each label, and the known runs.

    Two linear models are learned side by side, by softmax and by squared hinge of each label against the rest, and
    added: they err differently.
    """
    import numpy as np  # noqa: PLC0415 only training needs it

    known = known_runs(learned)
    labels = sorted({example.intent for example in learned})
    rows = [[*sorted(look(example.seen)), novelty(example.seen, known, example.phrase), "bias"] for example in learned]
    support: dict[str, set[str]] = {}
    for example, row in zip(learned, rows, strict=True):
        for feature in row:
            support.setdefault(feature, set()).add(example.phrase)
    names = sorted(
        feature for feature, where in support.items() if len(where) >= 2 or (":" not in feature and feature[0] != "~")
    )
    place = {feature: index for index, feature in enumerate(names)}
    data = [np.array([place[feature] for feature in row if feature in place]) for row in rows]
    targets = [labels.index(example.intent) for example in learned]
    share = _shares(learned)
    wide = len(labels)
    weights = np.zeros((len(names), 2 * wide), dtype=np.float32)
    slopes = np.full((len(names), 2 * wide), 1e-3, dtype=np.float32)
    wanted = 2 * np.eye(wide, dtype=np.float32) - 1
    order = list(range(len(data)))
    chance = Random(7)  # noqa: S311
    words = np.array([":" not in name and not name.startswith("~") for name in names])
    lots = np.random.default_rng(7)
    slope = np.zeros(2 * wide, dtype=np.float32)
    for _ in range(EPOCHS):
        chance.shuffle(order)
        for row_at in order:
            where = data[row_at]
            where = where[~words[where] | (lots.random(len(where)) > DROPPED)]
            held = weights[where]
            scores = held.sum(0)
            odds = np.exp(scores[:wide] - scores[:wide].max())
            slope[:wide] = odds / odds.sum()
            slope[targets[row_at]] -= 1
            sign = wanted[targets[row_at]]
            slope[wide:] = -HINGE * sign * np.maximum(0, 1 - sign * scores[wide:])
            step = share[row_at] * slope + DECAY * held
            slopes[where] += step * step
            weights[where] -= RATE * step / np.sqrt(slopes[where])
    both = weights[:, :wide] + WEIGHT_OF_HINGE * weights[:, wide:]
    return labels, {name: both[index].tolist() for name, index in place.items()}, set(known)


def _shares(learned: list[Example]) -> list[float]:
    """What each example counts: the sentences of one phrase together a little more than one."""
    said_by = Counter((example.phrase, example.intent) for example in learned)
    return [said_by[example.phrase, example.intent] ** -0.5 for example in learned]


def rendered(trained: Trained) -> str:
    """The model as text: the digest, the labels, the known runs, then a feature with the weights that matter a line."""
    labels, weights, known = trained
    lines = [digest(), "\t".join(labels), "\t".join(sorted(known))]
    for name in sorted(weights):
        kept = [f"{index}:{round(weight * 100)}" for index, weight in enumerate(weights[name]) if abs(weight) >= 0.2]
        if kept:
            lines.append(f"{name}\t{' '.join(kept)}")
    return "\n".join(lines) + "\n"


def word_list() -> str:
    """Jieba's frequent words with our own terms."""
    import jieba  # noqa: PLC0415

    frequencies = {}
    for line in (Path(jieba.__file__).parent / "dict.txt").read_text(encoding="utf-8").splitlines():
        word, count, *_ = line.split(" ")
        if int(count) >= MIN_FREQUENCY or len(word) == 1:
            frequencies[word] = int(count)
    frequencies |= {word: max(frequencies.get(word, 0), 2000) for word in _OURS.split()}
    return "".join(f"{word} {count}\n" for word, count in sorted(frequencies.items()))


def main() -> None:
    (HERE / "words.txt").write_text(word_list(), encoding="utf-8")
    if "--words" not in sys.argv:
        (HERE / "weights.txt").write_text(rendered(train(list(examples()))), encoding="utf-8")


if __name__ == "__main__":
    main()
