"""为什么: a ruling opened into its steps, short enough for a bubble, the rest on 更多."""

from datetime import timedelta

from domain.delivery import TEXT_LIMIT
from domain.dialog import Dialog
from handlers import show
from handlers.question import numbered, year_of
from handlers.standing import claims_of, conversion, ruling
from handlers.turn import Outcome, Turn
from rules.ruling import Citation, Step
from wording import say

TOPIC = "pages"
_ROOM = TEXT_LIMIT - 160  # bytes left for the line that says there is more
_OPEN_FOR = timedelta(hours=2)


def explain(turn: Turn) -> Outcome:
    """The year's ruling step by step, or one claim's when its number was said."""
    year = year_of(turn)
    index = turn.reading.slots.get("index")
    if index is not None:
        return _explain_one(turn, year, index)
    found = ruling(turn, year)
    title = say("explain.title", year=year, region=show.place_name(turn.book, found.region))
    steps = [show_step(step) for step in found.steps]
    return paged(turn, [title, *steps, _documents(turn, found.region, found.citations)])


def _explain_one(turn: Turn, year: int, index: int) -> Outcome:
    claims = claims_of(turn, year)
    claim = numbered(claims, index)
    if claim is None:
        return show.answer(say("question.no_such_claim", year=year, number=index, count=len(claims)))
    found = conversion(turn, claim.activity)
    cited = [step.citation for step in found.steps if step.citation]
    return paged(
        turn,
        [
            say("explain.one_title", number=index, what=show.what(claim.activity)),
            *(show_step(step) for step in found.steps),
            _documents(turn, show.region_of(turn), tuple(cited)),
        ],
    )


def show_step(step: Step) -> str:
    if step.citation is None:
        return say("explain.step", text=show.step(step))
    return say("explain.step_cited", text=show.step(step), article=show.article(step.citation))


def _documents(turn: Turn, region: str, citations: tuple[Citation, ...]) -> str:
    titles = dict.fromkeys(show.document(turn.book, region, citation) for citation in citations)
    return say("explain.documents", documents="、".join(titles)) if titles else ""


def paged(turn: Turn, lines: list[str]) -> Outcome:
    """The lines in as many bubbles as they need: the first now, the next on 更多."""
    pages = _pages([line for line in lines if line])
    if len(pages) == 1:
        return show.answer(pages[0])
    return _page(turn, pages)


def more(turn: Turn) -> Outcome:
    """The next page of what was being read."""
    pages = list(turn.dialog.draft.get("pages", []))
    if not pages:
        return show.closed(say("pages.end"))
    return _page(turn, pages)


def wants_more(turn: Turn) -> bool:
    return turn.dialog.topic == TOPIC and turn.message.text.strip("。！!～~ ") in say("pages.words").split()


def _page(turn: Turn, pages: list[str]) -> Outcome:
    first, rest = pages[0], pages[1:]
    if not rest:
        return show.closed(first)
    dialog = Dialog(topic=TOPIC, draft={"pages": rest}, expires_at=turn.now + _OPEN_FOR)
    return Outcome(replies=(show.text(first, say("pages.more")),), dialog=dialog)


def _pages(lines: list[str]) -> list[str]:
    pages, page = [], ""
    for line in lines:
        longer = f"{page}\n{line}" if page else show.fit(line, _ROOM)
        if len(longer.encode()) > _ROOM:
            pages.append(page)
            longer = show.fit(line, _ROOM)
        page = longer
    return [*pages, page]
