"""The texts themselves, split where the citations point: article, paragraph, item; found by notation or by words.

Notations are those of the rulings: 第十一条第二款第（一）项; 二（二）第3段; 2021:四（一） (the prefix of a document,
a colon, and the notation in it). A document marked `summary` holds our own words and is never quoted as text.
"""

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from rules.book import NATIONAL, Book
from rules.provisions import Provision, split
from rules.ruling import Citation
from rules.values import Document

TEXTS = Path(__file__).parent / "texts"
FOUND_FROM = 0.34  # share of the question's weight that a passage must hold to be an answer at all
_NATIONAL_WEIGHT = 0.5  # a person's own place answers before the baseline

Tokenize = Callable[[str], Iterable[str]]


class UnknownArticleError(LookupError):
    """The document has no such article, or we hold no text of it."""


@dataclass(frozen=True, slots=True)
class Article:
    """One place in a text. `heading` is the chapter or section it stands under, `summary` warns of our own words."""

    place: str
    document: str
    notation: str
    heading: str
    text: str
    summary: bool = False

    @property
    def citation(self) -> Citation:
        return Citation(self.document, self.notation)


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that answers a question; `coverage` (0..1) is how much of the question it holds."""

    article: Article
    score: float
    coverage: float


class Texts:
    """The articles of every document of a book that comes with its text."""

    def __init__(self, book: Book, folder: Path = TEXTS, published_at: str = "") -> None:
        """`published_at` is the outside address under which the texts can be read as pages; empty: nowhere."""
        self.book = book
        self.published_at = published_at.rstrip("/")
        self._folder = folder
        self._provisions: dict[tuple[str, str], dict[str, Provision]] = {}
        self._indexes: dict[tuple[str, Tokenize], _Index] = {}

    def article(self, place: str, document: str, notation: str) -> Article:
        """The text at `notation`. Raises UnknownArticleError; KeyError for a document that the place does not have."""
        source = self.book.document(place, document)
        bare = notation.removeprefix(source.prefix)
        head, paragraph, item, point = _read_notation(bare)
        provision = self._document(place, source).get(head)
        if provision is None or (source.prefix and bare == notation):
            raise UnknownArticleError(f"{document} has no {notation}")
        text = provision.part(paragraph, item, point)
        if text is None:
            raise UnknownArticleError(f"{document} has no {notation}")
        return Article(place, document, notation, provision.heading, text, source.summary)

    def quote(self, place: str, citation: Citation) -> Article:
        """What a citation of a ruling for `place` points to. Raises as `article`."""
        return self.article(place, citation.document, citation.article)

    def pages(self, place: str, document: str) -> tuple[Article, ...]:
        """A whole document, article by article, in its order; empty when we hold no text of it."""
        source = self.book.document(place, document)
        return tuple(
            Article(place, document, source.prefix + label, provision.heading, provision.text, source.summary)
            for label, provision in self._document(place, source).items()
        )

    def position(self, place: str, citation: Citation) -> int:
        """Which of the document's articles (from 0) a citation stands in."""
        labels = [one.notation for one in self.pages(place, citation.document)]
        within = [(len(label), at) for at, label in enumerate(labels) if citation.article.startswith(label)]
        return max(within)[1] if within else 0

    def anchor(self, place: str, citation: Citation) -> str:
        """The ASCII name of an article in the page of its place."""
        return f"{citation.document}-{self.position(place, citation) + 1}"

    def address(self, place: str, citation: Citation) -> str:
        """Where an article can be read on the web; empty when the texts are not published, or there is none of it."""
        own = any(one.key == citation.document for one in self.book.place(place).documents)
        where = place if own else NATIONAL
        if not self.published_at or not self.pages(where, citation.document):
            return ""
        return f"{self.published_at}/rules/{where}#{self.anchor(where, citation)}"

    def search(self, place: str, question: str | Sequence[str], tokenize: Tokenize, limit: int = 3) -> list[Hit]:
        """The passages of the place and of the national baseline nearest to the question, best first.

        `question` is the sentence, or its words. Empty when nothing holds enough of it: then the texts do not say.
        `tokenize` cuts the texts and the question into words; hand in the same function every time.
        """
        key = (place, tokenize)
        index = self._indexes.get(key)
        if index is None:
            index = self._indexes[key] = _Index(self._passages(place), tokenize)
        return index.search(question if isinstance(question, str) else "".join(question), limit)

    def _passages(self, place: str) -> list[Article]:
        places = [place] if place == NATIONAL or NATIONAL not in self.book.places else [place, NATIONAL]
        found = []
        for where in places:
            for source in self.book.place(where).documents:
                for label, provision in self._document(where, source).items():
                    for notation, text in provision.passages(label):
                        article = source.prefix + notation
                        found.append(Article(where, source.key, article, provision.heading, text, source.summary))
        return found

    def _document(self, place: str, source: Document) -> dict[str, Provision]:
        if not source.text:
            return {}
        known = self._provisions.get((place, source.key))
        if known is None:
            whole = (self._folder / source.text).read_text("utf-8")
            known = self._provisions[place, source.key] = split(whole, source.begins, source.until)
        return known


_Form = tuple[str, ...]  # words that say a thing together


class _Index:
    """BM25 over passages, with the honest measure beside it: how much of the question a passage holds."""

    def __init__(self, passages: list[Article], tokenize: Tokenize) -> None:
        from rank_bm25 import BM25Plus  # noqa: PLC0415 (pulls in numpy; only policy questions need it)

        self._passages = passages
        self._tokenize = tokenize
        self._tokens = [_content(tokenize(f"{one.heading} {one.text}")) for one in passages]
        self._bm25: Any = BM25Plus([tokens or [""] for tokens in self._tokens])
        self._holding: dict[str, int] = {}
        for tokens in self._tokens:
            for token in set(tokens):
                self._holding[token] = self._holding.get(token, 0) + 1

    def search(self, question: str, limit: int) -> list[Hit]:
        wanted = self._wanted(question)
        if not wanted or not self._passages:
            return []
        words = [word for forms in wanted for form in forms for word in form]
        scores = self._bm25.get_scores(words)
        hits = [
            Hit(passage, float(score), self._coverage(wanted, set(tokens)))
            for passage, score, tokens in zip(self._passages, scores, self._tokens, strict=True)
        ]
        found = [hit for hit in hits if hit.coverage >= FOUND_FROM]
        return sorted(found, key=self._rank)[:limit]

    def _rank(self, hit: Hit) -> tuple[float, str]:
        nearer = 1.0 if hit.article.place == self._passages[0].place else _NATIONAL_WEIGHT
        return -hit.coverage * hit.score * nearer, hit.article.notation

    def _wanted(self, question: str) -> list[list[_Form]]:
        """What is asked for: each thing with the forms in which the texts may say it."""
        wanted: list[list[_Form]] = []
        for part in _colloquial().split(question):
            said = _synonyms().get(part)
            if said is not None:
                wanted.append([form for form in (tuple(_content(self._tokenize(one))) for one in said) if form])
            else:
                wanted += [[(token,)] for token in _content(self._tokenize(part))]
        return [forms for forms in wanted if forms]

    def _coverage(self, wanted: list[list[_Form]], tokens: set[str]) -> float:
        asked = held = 0.0
        for forms in wanted:
            asked += max(self._weight(form) for form in forms)
            held += max((self._weight(form) for form in forms if tokens.issuperset(form)), default=0.0)
        return held / asked

    def _weight(self, form: _Form) -> float:
        return sum(math.log(1 + len(self._passages) / (1 + self._holding.get(word, 0))) for word in form)


def _content(tokens: Iterable[str]) -> list[str]:
    ignored = _stopwords()
    return [token for token in tokens if token.strip() and token not in ignored and not re.fullmatch(r"\W+", token)]


@cache
def _stopwords() -> frozenset[str]:
    return frozenset((TEXTS / "stopwords.txt").read_text("utf-8").split())


@cache
def _synonyms() -> dict[str, tuple[str, ...]]:
    """What people say → the forms in which the texts say it."""
    lines = [line.split() for line in (TEXTS / "synonyms.txt").read_text("utf-8").splitlines() if line[:1] != "#"]
    return {words[0]: tuple(words[1:]) for words in lines if words}


@cache
def _colloquial() -> re.Pattern[str]:
    longest_first = sorted(_synonyms(), key=len, reverse=True)
    return re.compile(f"({'|'.join(map(re.escape, longest_first))})")


_NUMBER = "[一二三四五六七八九十百]+"
_ARTICLE = re.compile(rf"(第{_NUMBER}条)(?:第({_NUMBER})款)?(?:第（({_NUMBER})）项)?(?:第(\d+)目)?")
_SECTION = re.compile(rf"({_NUMBER}(?:（{_NUMBER}）)?)(?:第(\d+)段)?")
_DIGITS = "零一二三四五六七八九十"


def _read_notation(notation: str) -> tuple[str, int | None, str | None, int | None]:
    """Head, paragraph from 1, item as 一, point from 1; a notation of no known form is its own head."""
    found = _ARTICLE.fullmatch(notation)
    if found:
        head, paragraph, item, point = found.groups()
        return head, _count(paragraph), item, int(point) if point else None
    found = _SECTION.fullmatch(notation)
    if found:
        return found[1], int(found[2]) if found[2] else None, None, None
    return notation, None, None, None


def _count(written: str | None) -> int | None:
    """一 to 九十九 as a number."""
    if written is None:
        return None
    tens, ten, ones = written.rpartition("十")
    if not ten:
        return _DIGITS.index(written)
    return (_DIGITS.index(tens) if tens else 1) * 10 + (_DIGITS.index(ones) if ones else 0)
