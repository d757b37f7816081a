"""为什么: a ruling opened. What counted, what did not and why, which cap cut it, and what would change it; short
first, every step with its article on 更多.
"""

from collections.abc import Iterable

from domain.ledger import Claim, counted
from domain.vocabulary import EntryState, Mode, Unit
from handlers import pages, show
from handlers.question import missing, numbered, year_of
from handlers.standing import claims_of, conversion, ruling
from handlers.turn import Outcome, Turn
from rules.ruling import TOTAL, Citation, Ruling, Step
from wording import say

KIND = "explain"
_ALIKE = (  # modes that people call by each other's names
    {Mode.PUBLICATION, Mode.PAPER, Mode.MONOGRAPH},
    {Mode.TRAINING_CLASS, Mode.SEMINAR_CLASS, Mode.REFRESHER_CLASS},
)
_SHORT = 4  # lines of one kind before 更多
_CUT = "rules.cap.cut."
_OVER = "rules.cap.over"


def explain(turn: Turn) -> Outcome:
    """The year's figures, one claim's when its number was said, or why something did not count."""
    year = year_of(turn)
    index = turn.reading.slots.get("index")
    claims = claims_of(turn, year)
    if index is not None:
        claim = numbered(claims, index)
        if claim is None:
            return show.answer(say("question.no_such_claim", year=year, number=index, count=len(claims)))
        return explain_claim(turn, claim)
    found = ruling(turn, year, claims)
    named = _named(turn, counted(claims))
    if _asks_what_did_not(turn):
        return _uncounted(turn, found, named)
    if len(named) == 1 and len(counted(claims)) > 1:
        return explain_claim(turn, named[0])
    return _explain_year(turn, found, claims)


def explain_claim(turn: Turn, claim: Claim) -> Outcome:
    """One claim: its hours, step by step, what a cap took of it, and what would change it."""
    found = ruling(turn, claim.year)
    alone = conversion(turn, claim.activity)
    standing = counted([claim])
    steps = [step for step in found.steps if step.case == claim.id] if standing else list(alone.steps)
    hours = found.recognised.get(claim.id, 0) if standing else 0
    title = say("explain.one_title", number=claim.number, what=show.what(claim.activity), hours=show.hours(hours))
    state = "" if standing else say(f"explain.{claim.state}", note=claim.note)
    cited = [step.citation for step in steps if step.citation]
    caps = [step for step in found.steps if step.key == _OVER and _took(found, claim.id)]
    return pages.told(
        turn,
        [
            title,
            state,
            *show_steps([*steps, *caps]),
            _changes_claim(found, claim, hours) if standing else "",
            documents(turn, found.region, cited),
        ],
        rest=quoted(turn, found.region, cited),
        asked={"kind": KIND},
    )


def _explain_year(turn: Turn, found: Ruling, claims: list[Claim]) -> Outcome:
    numbers = {claim.id: claim.number for claim in claims}
    standing = counted(claims)
    values = {"year": found.year, "region": show.place_name(turn.book, found.region)}
    title = say("explain.title", hours=found.totals[TOTAL], **values)
    if not standing:
        title = say("explain.nothing", **values)
    figures = [show_step(step) for step in found.steps if step.key.startswith("rules.figure.")]
    return pages.told(
        turn,
        [
            title,
            *_counted_lines(found, standing),
            *(say("explain.step", text=show.step(step)) for step in found.steps if step.key == _OVER),
            *_first(_did_not(turn, found, standing)),
            _left_out(claims),
            *figures,
            _changes(found) if found.year >= turn.today.year else _changes_past(found),
            documents(turn, found.region, found.citations),
        ],
        rest=[
            say("explain.steps_title"),
            *(_step_line(step, numbers) for step in found.steps),
            documents(turn, found.region, found.citations),
            show.grade_note(turn.book, found.region),
        ],
    )


def _counted_lines(found: Ruling, standing: list[Claim]) -> list[str]:
    """What counted, each record with its hours after caps."""
    lines = []
    for claim in standing:
        hours = found.recognised.get(claim.id)
        if hours:
            lost = _took(found, claim.id)
            line = say(
                "explain.counted",
                number=claim.number,
                what=_what(claim),
                category=show.category(claim.activity.category),
                hours=hours,
                where=_where(found, claim),
            )
            lines.append(line + (say("explain.capped", lost=lost, left=hours - lost) if lost else ""))
    return _first(lines)


def _what(claim: Claim) -> str:
    """The activity, its 学时 left out where a certificate states them: they are said beside it."""
    plain = claim.activity.unit is Unit.CLASS_HOUR
    return show.named(claim.activity) if plain else show.what(claim.activity)


def _where(found: Ruling, claim: Claim) -> str:
    cited = next((step.citation for step in found.steps if step.case == claim.id and step.citation), None)
    return say("explain.at", article=show.article(cited)) if cited else ""


def _did_not(turn: Turn, found: Ruling, standing: list[Claim]) -> list[str]:
    """What did not count, with the reason in one line each."""
    lines = []
    for claim in standing:
        if not found.recognised.get(claim.id):
            why = next((step for step in found.steps if step.case == claim.id), None)
            reason = show.step(why) if why else say("claim.who_decides")
            where = say("explain.at", article=show.article(why.citation)) if why and why.citation else ""
            what = _what(claim)
            lines.append(say("explain.uncounted", number=claim.number, what=what, why=reason, where=where))
    return lines


def _uncounted(turn: Turn, found: Ruling, named: list[Claim]) -> Outcome:
    """为什么没算: only what did not count, or that everything did."""
    lines = _did_not(turn, found, named)
    cut = [claim for claim in named if _took(found, claim.id)]
    if not lines and not cut:
        returned = [claim for claim in claims_of(turn, found.year) if claim.state is EntryState.RETURNED]
        left_out = _left_out(returned)
        if not named:
            return show.answer(left_out or say("question.nothing_yet", year=found.year))
        return show.answer(left_out or say("explain.all_counted", year=found.year, count=len(named)))
    cited = [step.citation for step in found.steps if step.citation and step.case in {claim.id for claim in named}]
    caps = [show_step(step) for step in found.steps if cut and step.key in (_OVER,)]
    caps += [show_step(step) for step in found.steps if cut and step.key.startswith(_CUT)]
    return pages.told(
        turn,
        [*lines, *caps, say("explain.change_claim", number=named[-1].number) if lines else _changes(found)],
        rest=[*quoted(turn, found.region, cited), documents(turn, found.region, cited)],
    )


def _named(turn: Turn, standing: list[Claim]) -> list[Claim]:
    """The claims that the question is about: of the category or mode said; the latest where it says 那条."""
    slots = turn.reading.slots
    if "mode" in slots:
        alike = next((group for group in _ALIKE if slots["mode"] in group), {slots["mode"]})
        return [claim for claim in standing if claim.activity.mode in alike] or standing
    if "category" in slots:
        return [claim for claim in standing if claim.activity.category is slots["category"]] or standing
    if any(word in turn.message.text for word in say("explain.that_words").split()):
        found = [claim for claim in standing if not ruling(turn, claim.year).recognised.get(claim.id)]
        return (found or standing)[-1:]
    return standing


def _asks_what_did_not(turn: Turn) -> bool:
    return any(word in turn.message.text for word in say("explain.uncounted_words").split())


def _took(found: Ruling, claim: str) -> float:
    """学时 that caps took from a claim."""
    return -sum(step.hours or 0 for step in found.steps if step.case == claim and step.key.startswith(_CUT))


def _left_out(claims: Iterable[Claim]) -> str:
    """Returned and withdrawn records are not in the figures: said, so that nobody misses them."""
    states = [claim.state for claim in claims if claim.state in (EntryState.RETURNED, EntryState.WITHDRAWN)]
    parts = [
        say("explain.state_count", state=say(f"state.{state}"), count=states.count(state))
        for state in dict.fromkeys(states)
    ]
    return say("explain.left_out", parts="，".join(parts)) if parts else ""


def _changes(found: Ruling) -> str:
    """What would change the figures."""
    gap = missing(found)
    if any(step.key == _OVER for step in found.steps):
        return say("explain.change_cap", gap=gap) if gap else say("explain.change_cap_done")
    return say("explain.change_gap", gap=gap) if gap else say("explain.change_nothing")


def _changes_past(found: Ruling) -> str:
    return say("explain.change_past", year=found.year) if missing(found) else say("explain.change_nothing")


def _changes_claim(found: Ruling, claim: Claim, hours: float | None) -> str:
    if _took(found, claim.id):
        return say("explain.change_capped_claim")
    return say("explain.change_claim", number=claim.number) if not hours else ""


def _first(lines: list[str]) -> list[str]:
    if len(lines) <= _SHORT:
        return lines
    return [*lines[:_SHORT], say("explain.and_more", count=len(lines) - _SHORT)]


def _step_line(step: Step, numbers: dict[str, int]) -> str:
    line = show_step(step)
    if step.case not in numbers:
        return line
    return say("explain.of_claim", number=numbers[step.case], step=line.removeprefix(say("explain.step", text="")))


def show_step(step: Step) -> str:
    """A step as a line of a list, with its article."""
    if step.citation is None:
        return say("explain.step", text=show.step(step))
    return say("explain.step_cited", text=show.step(step), article=show.article(step.citation))


def show_steps(steps: Iterable[Step]) -> list[str]:
    """Steps as lines; what is to be confirmed is not said again when the step before has just said it."""
    lines: list[str] = []
    for step in steps:
        again = step.key == "rules.to_confirm" and lines and str(step.values["label"]) in lines[-1]
        lines.append(say("explain.step", text=say("explain.to_confirm")) if again else show_step(step))
    return lines


def documents(turn: Turn, region: str, citations: Iterable[Citation]) -> str:
    """The documents that the citations stand in, by title."""
    titles = dict.fromkeys(show.document(turn.book, region, citation) for citation in citations)
    return say("explain.documents", documents="、".join(titles)) if titles else ""


def quoted(turn: Turn, region: str, citations: Iterable[Citation]) -> list[str]:
    """What the cited articles say, each once; summaries are called so, and what has no text is left out."""
    lines = []
    for citation in dict.fromkeys(citations):
        try:
            article = turn.texts.quote(region, citation)
        except LookupError:
            continue
        key = "explain.summary" if article.summary else "explain.quote"
        lines.append(say(key, article=show.article(citation), text=article.text))
    return lines
