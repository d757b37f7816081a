"""Places, their texts article by article, and questions about them."""

from bot.api import shapes
from bot.api.call import Call
from bot.api.models.law import (
    ArticleLine,
    ArticleTold,
    DocumentTold,
    DocumentWhole,
    Guess,
    PlacesTold,
    PlaceTold,
    PoliciesAsked,
    PoliciesTold,
    PolicyAnswer,
)
from bot.api.models.pieces import Required
from bot.api.problems import Problem
from handlers import show
from handlers.policy import questions
from handlers.turn import Turn
from rules.annual_hours import decide
from rules.articles import Article, UnknownArticleError
from rules.book import NATIONAL
from rules.plan import NoRuleInForceError
from rules.questions import Answer
from rules.ruling import Subject
from wording import knows, say


async def places(call: Call) -> PlacesTold:
    turn = await call.turn(years=())
    whole = set(show.offered(turn.book))
    return PlacesTold(
        items=[
            PlaceTold(
                place=code,
                name=show.place_name(turn.book, code),
                whole_text=code in whole,
                documents=[_document(turn, code, one.key) for one in place.documents],
            )
            for code, place in turn.book.places.items()
        ]
    )


def _document(turn: Turn, place: str, key: str) -> DocumentTold:
    source = turn.book.document(place, key)
    count = len(turn.texts.pages(place, key))
    return DocumentTold(
        document=key,
        title=source.title,
        number=source.number,
        summary=source.summary,
        articles=count,
        path=f"/policies/{place}/{key}" if count else None,
    )


async def document(call: Call) -> DocumentWhole:
    turn = await call.turn(years=())
    place, key = call.path["place"], call.path["document"]
    pages = _pages(turn, place, key)
    source = turn.book.document(place, key)
    return DocumentWhole(
        place=place,
        document=key,
        title=source.title,
        number=source.number,
        summary=source.summary,
        url=turn.texts.address(place, pages[0].citation) or None,
        articles=[
            ArticleLine(
                article=one.notation,
                heading=one.heading,
                text=one.text,
                path=shapes.article_path(place, key, one.notation),
            )
            for one in pages
        ],
    )


def _pages(turn: Turn, place: str, key: str) -> tuple[Article, ...]:
    """The articles of a document of this very place; 404 when we hold no text of it."""
    known = turn.book.places.get(place)
    if known is None or not any(one.key == key for one in known.documents):
        raise Problem(404, "not_found")
    pages = turn.texts.pages(place, key)
    if not pages:
        raise Problem(404, "not_found")
    return pages


async def article(call: Call) -> ArticleTold:
    turn = await call.turn(years=())
    place, key, notation = call.path["place"], call.path["document"], call.path["article"]
    _pages(turn, place, key)
    try:
        found = turn.texts.article(place, key, notation)
    except (UnknownArticleError, ValueError):
        raise Problem(404, "not_found") from None
    return _article(turn, found)


def _article(turn: Turn, one: Article) -> ArticleTold:
    source = turn.book.document(one.place, one.document)
    pages = turn.texts.pages(one.place, one.document)
    at = turn.texts.position(one.place, one.citation)
    return ArticleTold(
        place=one.place,
        document=one.document,
        article=one.notation,
        title=source.title,
        number=source.number,
        heading=one.heading,
        text=one.text,
        summary=one.summary,
        url=turn.texts.address(one.place, one.citation) or None,
        previous=_path(pages[at - 1]) if at > 0 else None,
        next=_path(pages[at + 1]) if at + 1 < len(pages) else None,
    )


def _path(one: Article) -> str:
    return shapes.article_path(one.place, one.document, one.notation)


async def searched(call: Call) -> PoliciesTold:
    asked = call.asked(PoliciesAsked)
    turn = await call.turn(years=())
    place = asked.place or show.region_of(turn)
    if place not in turn.book.places:
        raise Problem(404, "no_such_place")
    known = questions(turn.texts)
    topic, answers = asked.topic, tuple[Answer, ...]()
    if topic:
        if topic not in known.topics:
            raise Problem(404, "not_found")
        answers = known.about(place, topic)
    elif asked.q.strip():
        found = known.ask(place, asked.q)
        topic, answers = found.topic, found.answers
    silent = bool(topic or asked.q.strip()) and not answers
    label = _label(topic)
    guesses = known.guesses(place, asked.q) if silent and asked.q else []
    return PoliciesTold(
        place=place,
        place_name=show.place_name(turn.book, place),
        topic=topic,
        topic_label=label,
        title=say("policy.about", topic=label) if topic else say("policy.nearest") if answers else "",
        silent=_silent(turn, place, topic) if silent else None,
        answers=[_answer(turn, one) for one in answers],
        guesses=[Guess(topic=one, label=_label(one)) for one in guesses],
        required=_required(turn, place),
        note=show.grade_note(turn.book, place),
    )


def _answer(turn: Turn, one: Answer) -> PolicyAnswer:
    return PolicyAnswer(article=_article(turn, one.article), sentence=one.sentence, plain=one.plain)


def _label(topic: str) -> str:
    return say(f"topic.{topic}") if topic and knows(f"topic.{topic}") else ""


def _silent(turn: Turn, place: str, topic: str) -> str:
    name = show.place_name(turn.book, place)
    if place == NATIONAL:
        return say("policy.silent_national", topic=_label(topic) or say("policy.this"))
    if topic and place in questions(turn.texts).told:
        return say("policy.silent", region=name, topic=_label(topic))
    return say("policy.not_found", region=name)


def _required(turn: Turn, place: str) -> list[Required]:
    try:
        found = decide(Subject(place), [], turn.today.year, turn.today, turn.book)
    except NoRuleInForceError:
        return []
    return shapes.required(turn, place, found.required)
