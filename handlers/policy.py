"""What the rules say: requirements, conversions, the articles themselves, and how to make up what is missing."""

from domain.ledger import Activity
from domain.vocabulary import Category, Mode, Unit
from handlers import show
from handlers.explanation import paged, show_step
from handlers.question import missing, year_of
from handlers.standing import case, claims_of, ruling, subject
from handlers.turn import Outcome, Turn
from nlp import tokens
from rules.annual_hours import decide
from rules.conversion import convert
from rules.plan import NoRuleInForceError
from rules.ruling import Conversion, Subject
from wording import say

_READINESS_YEARS = 5
_PLAN_MODES = (  # what people commonly do, in a natural measure
    (Mode.TRAINING_CLASS, 1, Unit.DAY),
    (Mode.ACADEMIC_LECTURE, 1, Unit.HALF_DAY),
    (Mode.ACADEMIC_CONFERENCE, 1, Unit.DAY),
    (Mode.TRAINING_CLASS, 90, Unit.MINUTE),
    (Mode.SELF_STUDY, 1000, Unit.CHAR),
    (Mode.PUBLICATION, 1000, Unit.CHAR),
)


def region_asked(turn: Turn) -> str:
    said = turn.reading.slots.get("region")
    return said if said in turn.book.places else show.region_of(turn)


def conversion_asked(turn: Turn) -> Outcome:
    """ "两天的学术会议算多少学时": the hours, by which article, or who decides."""
    slots = turn.reading.slots
    if "quantity" not in slots:
        return show.answer(say("convert.ask"))
    activity = Activity(
        start=turn.today,
        end=turn.today,
        category=slots.get("category", Category.PROFESSIONAL),
        mode=slots.get("mode", Mode.TRAINING_CLASS),
        quantity=slots["quantity"],
        unit=slots.get("unit", Unit.CLASS_HOUR),
        attrs=slots.get("attrs", {}),
    )
    region = region_asked(turn)
    found = _convert(turn, region, activity)
    place, what = show.place_name(turn.book, region), show.what(activity)
    if found.hours is None or (not found.hours and found.flags):
        title = say("convert.open", region=place, what=what, who=say("claim.who_decides"))
    else:
        title = say("convert.answer", region=place, what=what, hours=found.hours)
    return paged(turn, [title, *(show_step(step) for step in found.steps), _documents(turn, region, found)])


def _convert(turn: Turn, region: str, activity: Activity) -> Conversion:
    return convert(case(activity, "asked"), Subject(region, subject(turn).profile), turn.today, turn.book)


def _documents(turn: Turn, region: str, found: Conversion) -> str:
    cited = dict.fromkeys(show.document(turn.book, region, step.citation) for step in found.steps if step.citation)
    return say("policy.document", document="、".join(cited)) if cited else ""


def policy(turn: Turn) -> Outcome:
    """The best matching article of the region; the yearly requirement when that is what was asked."""
    region = region_asked(turn)
    hits = turn.texts.search(region, tokens(turn.message.text), tokens, limit=1)
    if _asks_for_figures(turn) or not hits:
        return _requirements(turn, region, found_nothing=not hits and not _asks_for_figures(turn))
    article = hits[0].article
    return paged(
        turn,
        [
            say("policy.found", article=show.article(article.citation), text=article.text),
            say("policy.more", document=show.document(turn.book, article.place, article.citation)),
            say("policy.summary_note") if article.summary else "",
        ],
    )


def _asks_for_figures(turn: Turn) -> bool:
    words = say("policy.figure_words").split()
    return any(word in turn.message.text for word in words)


def _requirements(turn: Turn, region: str, *, found_nothing: bool) -> Outcome:
    found = decide(Subject(region), [], year_of(turn), turn.today, turn.book)
    place = show.place_name(turn.book, region)
    documents = dict.fromkeys(show.document(turn.book, region, one.citation) for one in found.required.values())
    return show.answer(
        say("policy.not_found", region=place) if found_nothing else "",
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
        say("policy.document", document="、".join(documents)),
        say("policy.summary_note") if region == show.NATIONAL else "",
    )


def plan(turn: Turn) -> Outcome:
    """怎么补: what is missing, and what common activities give here."""
    year = year_of(turn)
    found = ruling(turn, year, claims_of(turn, year))
    if not missing(found):
        return show.answer(say("plan.done", year=year))
    parts = [
        say("claim.part", category=show.category(name), hours=hours) for name, hours in found.remaining.items() if hours
    ]
    region = show.region_of(turn)
    return show.answer(
        say("plan.missing", year=year, parts="，".join(parts)),
        say("plan.intro", region=show.place_name(turn.book, region)),
        *_conversions(turn, region),
        say("plan.class_hours"),
        say("plan.public_first") if found.remaining.get("public") else "",
    )


def _conversions(turn: Turn, region: str) -> list[str]:
    lines = []
    for mode, quantity, unit in _PLAN_MODES:
        activity = Activity(
            start=turn.today, end=turn.today, category=Category.PROFESSIONAL, mode=mode, quantity=quantity, unit=unit
        )
        found = _convert(turn, region, activity)
        cited = next((step.citation for step in reversed(found.steps) if step.citation), None)
        if found.hours and cited:
            article = show.article(cited)
            lines.append(say("plan.line", what=show.what(activity), hours=found.hours, article=article))
    return lines


def readiness(turn: Turn) -> Outcome:
    """The years that a title review usually looks at, each with what it has and needs."""
    region = show.region_of(turn)
    years = range(turn.today.year - _READINESS_YEARS + 1, turn.today.year + 1)
    return show.answer(
        say("readiness.title", region=show.place_name(turn.book, region)),
        *(_year_line(turn, year) for year in years),
        say("readiness.note"),
    )


def _year_line(turn: Turn, year: int) -> str:
    try:
        found = ruling(turn, year)
    except NoRuleInForceError as none:
        return say(none.key, **none.values)
    gap = missing(found)
    mark = say("readiness.ok") if found.complete else say("readiness.open")
    if found.complete is False:
        mark = say("readiness.short", hours=gap)
    need = found.required["total"].hours if "total" in found.required else 0
    return say("readiness.line", year=year, have=found.totals.get("total", 0), need=need, mark=mark)
