"""Policy questions answered from the texts: what is asked (a topic), and what a place's text says to it.

`answers/topics.yaml` holds how people ask; `answers/<place>.yaml` names, for each topic, the article, the words of the
sentence and one plain sentence about it. A place whose texts were read for every topic says 文中没有规定 of the others;
elsewhere, and for what is no topic, the articles themselves are searched (`articles.Texts.search`).
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from pydantic import BaseModel, ConfigDict, Field

from rules.articles import Article, Texts, Tokenize
from rules.book import NATIONAL
from rules.ruling import Citation

ANSWERS = Path(__file__).parent / "answers"
ASKED_FROM = 0.54  # likeness from which a question is taken to ask a topic; calibrated on tests/rules/asked
GUESSED_FROM = 0.38  # likeness from which a topic is worth offering
UNREAD_FROM = 0.5  # the same for a text that nobody has read for every topic
FOUND_FROM = 0.75  # share of a question's weight that an article must hold, where nobody has said what it answers
_CHARACTER_WEIGHT = 0.6
_SENTENCE = re.compile(r"[^。；\n]*[。；\n]?")


class Told(BaseModel):
    """What a text says to a topic: at which article, and in plain words. `says` are words of the sentence meant; the
    whole passage without them.
    """

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

    def __init__(self, texts: Texts, tokenize: Tokenize, folder: Path = ANSWERS) -> None:
        self._texts = texts
        self._tokenize = tokenize
        content = yaml.safe_load((folder / "topics.yaml").read_text("utf-8"))
        self._same = _Same(content["same"])
        named = {name for place in texts.book.places.values() for name in (place.name, *place.names)}
        self._ignored = frozenset(content["ignored"].split()) | named
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
        nearest = self._topics.nearest(self._words(question), 1)
        return nearest[0] if nearest and nearest[0].value >= ASKED_FROM else None

    def guesses(self, place: str, question: str, limit: int = 3) -> list[str]:
        """Topics that may be meant and that the place has something to say to: to be offered, not to be answered."""
        nearest = self._topics.nearest(self._words(question), limit)
        return [one.topic for one in nearest if one.value >= GUESSED_FROM and self.about(place, one.topic)]

    def ask(self, place: str, question: str) -> Asked:
        """What the texts of `place` say to the question; the national baseline stands in where they are silent."""
        found = self.topic(question)
        if found is not None and place in self.told:
            return Asked(found.topic, self.about(place, found.topic))
        enough = FOUND_FROM if place in self.told else UNREAD_FROM
        hits = [hit for hit in self._texts.search(place, question, self._tokenize) if hit.coverage >= enough]
        if found is not None:
            hits = [hit for hit in hits if hit.article.place == place]
        answers = tuple(Answer(hit.article, self._nearest_sentence(hit.article.text, question)) for hit in hits)
        return Asked(found.topic if found else "", answers or (self.about(place, found.topic) if found else ()))

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
        for source in self._texts.book.place(place).documents:
            if source.prefix and told.at.startswith(source.prefix):
                return Citation(source.key, told.at)
        return Citation(self._documents[place], told.at)

    def _words(self, text: str) -> frozenset[str]:
        """The words that matter, each way of saying a thing as the one word that stands for all of them."""
        words = (
            word
            for part, known in self._same(text)
            for word in ([part] if known else self._tokenize(part))
            if word.strip()
        )
        kept = [word for word in words if word not in self._ignored]
        return frozenset(kept) | {_Character(char) for word in kept for char in word}

    def _nearest_sentence(self, text: str, question: str) -> str:
        """The sentence of a passage that shares most with the question."""
        wanted = self._words(question)
        sentences = [one for one in _SENTENCE.findall(text) if one.strip()]
        return max(sentences, key=lambda one: len(wanted & self._words(one)), default=text).strip()


class _Character(str):
    """A character of a word: 审 is like 审核, and 进修学习 like 学习, without being it."""

    __slots__ = ()

    def __new__(cls, char: str) -> "_Character":
        return super().__new__(cls, f"·{char}")


class _Same:
    """Cuts a text where it says a known thing, and names that thing by one word."""

    def __init__(self, same: dict[str, list[str]]) -> None:
        self._one = {said: word for word, others in same.items() for said in [word, *others]}
        longest_first = sorted(self._one, key=len, reverse=True)
        self._any = re.compile(f"({'|'.join(map(re.escape, longest_first))})")

    def __call__(self, text: str) -> list[tuple[str, bool]]:
        """The parts in their order, each with whether it is a known thing."""
        return [(self._one.get(part, part), part in self._one) for part in self._any.split(text) if part]


class _Topics:
    """How like a question is to what is asked on each topic: word by word, rare words weighing more."""

    def __init__(self, topics: dict[str, list[frozenset[str]]]) -> None:
        held = {topic: frozenset[str]().union(*asks) for topic, asks in topics.items()}
        self._holding: dict[str, list[str]] = {}
        for topic, words in held.items():
            for word in words:
                self._holding.setdefault(word, []).append(topic)
        self._count = len(topics)
        self._asks = {topic: [(ask, self._sum(ask)) for ask in asks] for topic, asks in topics.items()}

    def nearest(self, words: frozenset[str], limit: int) -> list[Likeness]:
        """The likest topics, best first: half how like the nearest way of asking is, half how much of the question the
        topic's words hold.
        """
        asked = self._sum(words)
        held: dict[str, float] = {}
        for word in words:
            for topic in self._holding.get(word, ()):
                held[topic] = held.get(topic, 0) + self._weight(word)
        best: list[Likeness] = []
        for topic in sorted(held, key=lambda topic: -held[topic]):
            share = held[topic] / asked
            if len(best) == limit and best[-1].value >= (2 * share / (1 + share) + share) / 2:
                break  # the best that a topic with this share can reach, and all that follow
            best.append(Likeness(topic, (self._likest(topic, words, asked) + share) / 2))
            best = sorted(best, key=lambda one: one.value, reverse=True)[:limit]
        return best

    def _likest(self, topic: str, words: frozenset[str], asked: float) -> float:
        return max(2 * self._sum(words & ask) / (asked + whole) for ask, whole in self._asks[topic])

    def _sum(self, words: Iterable[str]) -> float:
        return sum(self._weight(word) for word in words)

    def _weight(self, word: str) -> float:
        rarity = math.log(1 + self._count / max(len(self._holding.get(word, ())), 1))
        return rarity * (_CHARACTER_WEIGHT if isinstance(word, _Character) else 1)


def sentence_with(text: str, words: str) -> str:
    """The sentence of `text` that holds `words`; all of it without words, or when the sentence opens a list."""
    if not words:
        return text
    for sentence in _SENTENCE.findall(text):
        if words in sentence:
            found = sentence.strip()
            if found.endswith(("：", ":")):
                return text
            opening, colon, _ = found.partition("：")
            return f"{opening}{colon}……" if colon and words in opening else found
    raise ValueError(f"no sentence holds {words!r}")


def _told(written: Any) -> tuple[Told, ...]:
    return tuple(Told.model_validate(one) for one in (written if isinstance(written, list) else [written]))
