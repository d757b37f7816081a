"""Policy questions answered from the texts: what is asked (a topic), and what a place's text says to it.

`answers/topics.yaml` holds how people ask; `answers/<place>.yaml` names, for each topic, the article, the words of the
sentence and one plain sentence about it. A place whose texts were read for every topic says 文中没有规定 of the others;
elsewhere, and for what is no topic, the articles themselves are searched (`articles.Texts.search`).
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from pydantic import BaseModel, ConfigDict, Field

from rules.articles import Article, Texts, Tokenize
from rules.book import NATIONAL, Book
from rules.ruling import Citation

ANSWERS = Path(__file__).parent / "answers"
ASKED_FROM = 0.58  # likeness from which a question is taken to ask a topic; calibrated on tests/rules/asked
_UNKNOWN_WEIGHT = 1.0  # of a word that no topic knows, in weights of the rarest one that a topic does
_SENTENCE = re.compile(r"[^。；\n]*[。；\n]?")


class Told(BaseModel):
    """What a text says to a topic. `says` are words of the sentence meant (the whole passage without); `plain` is ours."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    at: str
    plain: str = Field(min_length=4, max_length=80)
    says: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """One place in a text that answers: its article, the sentence itself, and what it means (empty: no such line)."""

    article: Article
    sentence: str
    plain: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was understood. `topic` is empty when the question is none of the known ones; no `answers`: the texts of the
    place do not say."""

    topic: str
    answers: tuple[Answer, ...]


class Likeness(NamedTuple):
    topic: str
    value: float  # 0..1


class Questions:
    """The topics, and every place's answers, over the texts of a book. `tokenize` cuts Chinese into words."""

    def __init__(self, book: Book, texts: Texts, tokenize: Tokenize, folder: Path = ANSWERS) -> None:
        self._book = book
        self._texts = texts
        self._tokenize = tokenize
        content = yaml.safe_load((folder / "topics.yaml").read_text("utf-8"))
        self._same = _Same(content["same"])
        self._topics = _Topics({name: [self._words(ask) for ask in asks] for name, asks in content["topics"].items()})
        self.topics: tuple[str, ...] = tuple(content["topics"])
        self.told: dict[str, dict[str, tuple[Told, ...]]] = {}
        self._documents: dict[str, str] = {}
        for file in sorted(folder.glob("*.yaml")):
            if file.stem != "topics":
                answers = yaml.safe_load(file.read_text("utf-8"))
                self._documents[file.stem] = str(answers["document"])
                self.told[file.stem] = {topic: _told(one) for topic, one in answers["answers"].items()}

    def topic(self, question: str) -> Likeness | None:
        """The topic that the question asks, when it is like enough to one."""
        found = self._topics.nearest(self._words(question))
        return found if found is not None and found.value >= ASKED_FROM else None

    def ask(self, place: str, question: str) -> Asked:
        """What the texts of `place` say to the question; the national baseline stands in where they are silent."""
        found = self.topic(question)
        if found is not None:
            answers = self.about(place, found.topic)
            if answers or place in self.told:
                return Asked(found.topic, answers)
        hits = self._texts.search(place, question, self._tokenize)
        answers = tuple(Answer(hit.article, self._nearest_sentence(hit.article.text, question)) for hit in hits)
        return Asked(found.topic if found else "", answers)

    def about(self, place: str, topic: str) -> tuple[Answer, ...]:
        """What is written on a topic, the place's own before the national baseline."""
        own = [self._answer(place, told) for told in self.told.get(place, {}).get(topic, ())]
        if not own and place != NATIONAL:
            own = [self._answer(NATIONAL, told) for told in self.told.get(NATIONAL, {}).get(topic, ())]
        return tuple(own)

    def _answer(self, place: str, told: Told) -> Answer:
        article = self._texts.quote(place, self.citation(place, told))
        return Answer(article, sentence_with(article.text, told.says), told.plain)

    def citation(self, place: str, told: Told) -> Citation:
        """A notation may name its document by the prefix (2021:三); else it is the place's own document."""
        for source in self._book.place(place).documents:
            if source.prefix and told.at.startswith(source.prefix):
                return Citation(source.key, told.at)
        return Citation(self._documents[place], told.at)

    def _words(self, text: str) -> frozenset[str]:
        return frozenset(word for word in self._tokenize(self._same(text)) if word.strip() and word not in _ignored())

    def _nearest_sentence(self, text: str, question: str) -> str:
        """The sentence of a passage that shares most with the question."""
        wanted = self._words(question)
        sentences = [one for one in _SENTENCE.findall(text) if one.strip()]
        return max(sentences, key=lambda one: len(wanted & self._words(one)), default=text).strip()


class _Same:
    """Writes every way of saying a thing as one word."""

    def __init__(self, same: dict[str, list[str]]) -> None:
        self._one = {said: word for word, others in same.items() for said in [word, *others]}
        longest_first = sorted(self._one, key=len, reverse=True)
        self._any = re.compile("|".join(map(re.escape, longest_first)))

    def __call__(self, text: str) -> str:
        return self._any.sub(lambda found: f" {self._one[found[0]]} ", text)


class _Topics:
    """How like a question is to what is asked on each topic: word by word, rare words weighing more."""

    def __init__(self, topics: dict[str, list[frozenset[str]]]) -> None:
        self._topics = topics
        self._all = {topic: frozenset().union(*asks) for topic, asks in topics.items()}
        count = len(topics)
        holding: dict[str, int] = {}
        for words in self._all.values():
            for word in words:
                holding[word] = holding.get(word, 0) + 1
        self._weights = {word: math.log(1 + count / many) for word, many in holding.items()}
        self._rarest = math.log(1 + count) * _UNKNOWN_WEIGHT

    def nearest(self, words: frozenset[str]) -> Likeness | None:
        asked = self._sum(words)
        if not asked:
            return None
        return max((self._likeness(topic, words, asked) for topic in self._topics), key=lambda one: one.value)

    def _likeness(self, topic: str, words: frozenset[str], asked: float) -> Likeness:
        """Half how like the nearest way of asking is, half how much of the question the topic's words hold."""
        held = self._sum(words & self._all[topic]) / asked
        if not held:
            return Likeness(topic, 0.0)
        likest = max(2 * self._sum(words & ask) / (asked + self._sum(ask)) for ask in self._topics[topic])
        return Likeness(topic, (likest + held) / 2)

    def _sum(self, words: Iterable[str]) -> float:
        return sum(self._weights.get(word, self._rarest) for word in words)


def sentence_with(text: str, words: str) -> str:
    """The sentence of `text` that holds `words`; all of it without words, or when the sentence opens a list."""
    if not words:
        return text
    for sentence in _SENTENCE.findall(text):
        if words in sentence:
            found = sentence.strip()
            return text if found.endswith(("：", ":")) else found
    raise ValueError(f"no sentence holds {words!r}")


def _told(written: Any) -> tuple[Told, ...]:
    return tuple(Told.model_validate(one) for one in (written if isinstance(written, list) else [written]))


@cache
def _ignored() -> frozenset[str]:
    return frozenset("的 了 吗 呢 吧 啊 呀 是 我 你 您 我们 他 请问 想 问 一下 这个 那个 这 那 就 也 都 还 到底 啥 什么 和 在 不 要 能".split())
