"""What the rules say: a question answered in plain words, with the article and the sentence itself; or that no text
says it, and who may know.
"""

from functools import lru_cache

from domain.delivery import Choice
from handlers import deadlines, pages, reading, show
from handlers.question import year_of
from handlers.turn import Outcome, Turn
from nlp import tokens
from rules.annual_hours import decide
from rules.articles import Texts
from rules.questions import Answer, Asked, Questions
from rules.ruling import Subject
from wording import say

KIND = "policy"
FIGURES = "figures"  # topics that other parts of the service answer
DEADLINES = "deadlines"
_CHOICES = 3
_SENTENCE_ROOM = 900  # bytes of a quoted sentence in the first bubble


@lru_cache(maxsize=2)
def questions(texts: Texts) -> Questions:
    """The topics over these texts, made once: cutting everything that people ask into words takes a while."""
    return Questions(texts, tokens)


def policy(turn: Turn) -> Outcome:
    """policy.ask: a text to read, a figure, a day, or an answer from the articles."""
    region = region_asked(turn)
    seen = reading.asked(turn, region)
    return seen if seen is not None else answer(turn, turn.message.text, region)


def region_asked(turn: Turn) -> str:
    said = turn.reading.slots.get("region")
    return said if said in turn.book.places else show.region_of(turn)


def sure(turn: Turn) -> bool:
    """Whether the message surely asks about the rules, whatever else it was taken for."""
    found = questions(turn.texts).topic(turn.message.text) if turn.message.text else None
    return found is not None and bool(questions(turn.texts).about(region_asked(turn), found.topic))


def topic_of(turn: Turn) -> str:
    """The topic that the message asks about; "" when it is none."""
    found = questions(turn.texts).topic(turn.message.text) if turn.message.text else None
    return found.topic if found is not None else ""


def recognised(turn: Turn) -> bool:
    """Whether the message asks something that people ask about the rules, answered by a text or not."""
    return bool(topic_of(turn))


def answer(turn: Turn, question: str, region: str) -> Outcome:
    """The answer of a place's texts to a question in words."""
    if not question:  # a tap on the menu
        return requirements(turn, region)
    found = questions(turn.texts).ask(region, question)
    if found.topic == DEADLINES:
        return deadlines.asked(turn)
    if found.topic == FIGURES or (not found.answers and _asks_figures(question)):
        return requirements(turn, region)
    if not found.answers:
        return _silent(turn, question, region, found.topic)
    return _told(turn, region, found, question)


def topic(turn: Turn, name: str, region: str) -> Outcome:
    """What a place's texts say on a topic that was tapped."""
    answers = questions(turn.texts).about(region, name)
    if not answers:
        return _silent(turn, "", region, name)
    return _told(turn, region, Asked(name, answers), "")


def _told(turn: Turn, region: str, found: Asked, question: str) -> Outcome:
    first = found.answers[0]
    article = first.article
    elsewhere = article.place != region
    title = say("policy.about", topic=say(f"topic.{found.topic}")) if found.topic else say("policy.nearest")
    return pages.told(
        turn,
        [
            title,
            _only_national(turn, region) if elsewhere else "",
            first.plain,
            _quotation(first),
            say("policy.stands", citation=show.cited(turn.book, article.place, article.citation)),
            reading.link(turn, article.place, article),
            "" if first.plain else say("policy.not_sure"),
            show.grade_note(turn.book, region),
        ],
        choices=[*_next(found, region), _read(turn, first)][:_CHOICES],
        asked={
            "kind": KIND,
            "topic": found.topic,
            "question": question[:200],
            "at": [article.place, article.document, article.notation],
        },
    )


def _only_national(turn: Turn, region: str) -> str:
    read = region in questions(turn.texts).told
    key = "policy.only_national" if read else "policy.found_national"
    return say(key, region=show.place_name(turn.book, region))


def _quotation(one: Answer) -> str:
    key = "policy.summary" if one.article.summary else "policy.quote"
    return say(key, text=show.fit(one.sentence, _SENTENCE_ROOM))


def _next(found: Asked, region: str) -> list[Choice]:
    """The next-best articles, each to be opened by a tap."""
    if not found.topic:
        return []
    return [
        pages.choice("topic", found.topic, region, str(at), label=_label(one))
        for at, one in enumerate(found.answers[1:3], 1)
    ]


def _label(one: Answer) -> str:
    return say("policy.choice", article=show.article(one.article.citation), plain=one.plain)


def _read(turn: Turn, one: Answer) -> Choice:
    article = one.article
    at = turn.texts.position(article.place, article.citation)
    return reading.choice(article.place, article.document, at, say("policy.read"))


def next_best(turn: Turn, name: str, region: str, at: str) -> Outcome:
    """The article of a topic that was tapped instead of the first."""
    answers = questions(turn.texts).about(region, name)
    place = int(at) if at.isdecimal() else 0
    if place >= len(answers):
        return show.answer(say("reading.gone"))
    reordered = (answers[place], *answers[:place], *answers[place + 1 :])
    return _told(turn, region, Asked(name, reordered), "")


def _silent(turn: Turn, question: str, region: str, name: str) -> Outcome:
    """文中没有规定, and where to ask; what else may have been meant is offered."""
    place = show.place_name(turn.book, region)
    if region == show.NATIONAL:
        said = say("policy.silent_national", topic=say(f"topic.{name}" if name else "policy.this"))
    elif name and region in questions(turn.texts).told:
        said = say("policy.silent", region=place, topic=say(f"topic.{name}"))
    else:
        said = say("policy.not_found", region=place)
    choices = _elsewhere(turn, name) if name and turn.person.region is None else _guesses(turn, question, region)
    return pages.told(
        turn,
        [said, say("policy.ask_whom"), show.grade_note(turn.book, region)],
        choices=choices,
        asked={"kind": KIND, "topic": name, "question": question[:200]},
    )


def _guesses(turn: Turn, question: str, region: str) -> list[Choice]:
    if not question:
        return []
    names = questions(turn.texts).guesses(region, question)
    return [pages.choice("topic", one, region, label=say(f"topic.{one}")) for one in names]


def _elsewhere(turn: Turn, name: str) -> list[Choice]:
    """Places whose texts do say it, for somebody whose place is not known."""
    told = questions(turn.texts).told
    places = [code for code in show.offered(turn.book) if name in told.get(code, {})]
    return [pages.choice("topic", name, code, label=show.place_name(turn.book, code)) for code in places]


def _asks_figures(question: str) -> bool:
    return any(word in question for word in say("policy.figure_words").split())


def requirements(turn: Turn, region: str) -> Outcome:
    """每年要多少学时: every figure with its strength and article."""
    found = decide(Subject(region), [], year_of(turn), turn.today, turn.book)
    place = show.place_name(turn.book, region)
    sources = dict.fromkeys(show.document(turn.book, region, one.citation) for one in found.required.values())
    return pages.told(
        turn,
        [
            say("policy.title", region=place),
            *(
                say(
                    "policy.line",
                    category=show.category(name),
                    strength=say(f"policy.{one.strength}"),
                    hours=one.hours,
                    article=show.article(one.citation),
                )
                for name, one in found.required.items()
            ),
            say("policy.document", document="、".join(sources)),
            show.grade_note(turn.book, region),
            show.unknown_note(turn.book, region),
        ],
        asked={"kind": KIND, "topic": FIGURES, "question": ""},
    )
