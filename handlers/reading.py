"""看原文: the texts themselves in chat, article by article, page by page."""

import re
from typing import Any

from domain.delivery import Choice
from handlers import pages, show
from handlers.turn import Outcome, Turn
from rules.articles import Article, UnknownArticleError
from rules.values import Document
from wording import say

_NUMBER = "[一二三四五六七八九十百]+"
_ARTICLE = re.compile(rf"第({_NUMBER}|\d{{1,3}})条((?:第{_NUMBER}款)?(?:第（{_NUMBER}）项)?)")
_SECTION = re.compile(rf"{_NUMBER}（{_NUMBER}）(?:第\d+段)?")
_DIGITS = "零一二三四五六七八九"


def asked(turn: Turn, region: str) -> Outcome | None:
    """The text that a question asks to see: 第十条原文, 四川的文件全文; None when it asks for something else."""
    text = turn.message.text
    wants_text = _wants(text)
    named = _named(text)
    if named and (wants_text or _only_names(text, named)):
        return article(turn, region, named)
    return _documents(turn, region) if wants_text else None


def is_wanted(text: str) -> bool:
    """看原文 and nothing else: of what was just cited."""
    return _wants(text) and not _named(text) and _only_names(text, "")


def _wants(text: str) -> bool:
    return any(word in text for word in say("reading.words").split())


def article(turn: Turn, region: str, notation: str) -> Outcome:
    """One article by its notation, in whichever of the place's documents has it, the rest of the text behind it."""
    for source in reversed(turn.book.place(region).documents):
        try:
            found = turn.texts.article(region, source.key, source.prefix + notation)
        except UnknownArticleError:
            continue
        return _opened(turn, region, source, found, notation)
    held = [one for one in turn.book.place(region).documents if one.text]
    choices = [choice(region, one.key, 0, f"《{one.title}》{one.number}") for one in held]
    return pages.told(
        turn,
        [
            say("reading.no_article", region=show.place_name(turn.book, region), article=notation),
            show.grade_note(turn.book, region),
        ],
        choices=choices,
    )


def whole(turn: Turn, region: str, document: str, notation: str) -> Outcome:
    """The article that an answer came from, whole, and the text behind it."""
    source = turn.book.document(region, document)
    place = region if source in turn.book.place(region).documents else show.NATIONAL
    bare = notation.removeprefix(source.prefix)
    head = re.match(rf"第{_NUMBER}条|{_NUMBER}(?:（{_NUMBER}）)?|[^第]+", bare)
    return article(turn, place, head[0] if head else bare)


def _opened(turn: Turn, region: str, source: Document, found: Article, notation: str) -> Outcome:
    at = turn.texts.position(region, found.citation)
    lines = [_title(source), say("reading.article", article=notation, heading=found.heading, text=found.text)]
    lines += [say("policy.summary_note") if found.summary else "", link(turn, region, found)]
    first = pages.cut(lines)
    rest = pages.cut(_lines(turn, region, source, at + 1))
    return pages.page(turn, [*first, *rest], {"asked": _kept(region, found)}, [])


def pick(turn: Turn, region: str, document: str, at: str) -> Outcome:
    """A document from its article number `at` on (counted from 0)."""
    source = next((one for one in turn.book.place(region).documents if one.key == document), None)
    start = int(at) if at.isdecimal() else 0
    lines = _lines(turn, region, source, start) if source else []
    if source is None or not lines:
        return show.answer(say("reading.gone"))
    return pages.page(turn, pages.cut([_title(source), *lines]), {})


def _lines(turn: Turn, region: str, source: Document, start: int) -> list[str]:
    """The articles from `start` on."""
    lines, heading = [], ""
    for one in turn.texts.pages(region, source.key)[start:]:
        opens = say("reading.heading", heading=one.heading) if one.heading and one.heading != heading else ""
        heading = one.heading
        lines.append(opens + say("reading.line", article=show.article(one.citation, bare=True), text=one.text))
    return lines


def _documents(turn: Turn, region: str) -> Outcome:
    """The texts of a place to choose from; the only one at once."""
    held = [one for one in turn.book.place(region).documents if one.text]
    if not held:
        unknown = "；".join(turn.book.place(region).unknown)
        return show.answer(say("reading.none", region=show.place_name(turn.book, region), unknown=unknown))
    if len(held) == 1:
        return pick(turn, region, held[0].key, "0")
    choices = [choice(region, one.key, 0, f"《{one.title}》{one.number}") for one in held]
    return pages.told(turn, [say("reading.which", region=show.place_name(turn.book, region))], choices=choices)


def choice(region: str, document: str, at: int, label: str) -> Choice:
    return pages.choice("read", region, document, str(at), label=label)


def link(turn: Turn, region: str, found: Article) -> str:
    """Where the article stands on the web, when the service has an outside address."""
    address = turn.texts.address(region, found.citation)
    return say("reading.link", address=address) if address else ""


def _title(source: Document) -> str:
    return say("reading.title", title=source.title, number=source.number)


def _kept(region: str, found: Article) -> dict[str, Any]:
    return {"kind": "policy", "at": [region, found.document, found.notation]}


def _named(text: str) -> str:
    found = _ARTICLE.search(text)
    if found:
        number = found[1] if not found[1].isdecimal() else _chinese(int(found[1]))
        return f"第{number}条{found[2]}"
    section = _SECTION.search(text)
    return section[0] if section else ""


def _only_names(text: str, named: str) -> bool:
    """Little else is said than the article's number: 看看条例第十条, 第十条说的什么."""
    words = [*say("reading.words").split(), *say("reading.small_words").split()]
    rest = re.sub("|".join(map(re.escape, words)), "", text.replace(named, "") if named else text)
    return len(re.sub(r"\W|第\d+条", "", rest)) <= len("条例")


def _chinese(number: int) -> str:
    """1 to 199 as articles are numbered."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    written = "一百" if hundreds else ""
    if tens:
        written += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    elif hundreds and ones:
        written += "零"
    return written + (_DIGITS[ones] if ones else "")
