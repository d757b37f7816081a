"""Questions about one's own hours: what is missing, what there is, what was recorded, and where it stands."""

from domain.ledger import Claim, counted
from domain.vocabulary import Category, EntryState
from handlers import show
from handlers.standing import claims_of, ruling
from handlers.turn import Outcome, Turn
from rules.ruling import Ruling
from wording import say

LIST_LENGTH = 12  # claims in one bubble


def year_of(turn: Turn) -> int:
    """The year asked about: the one said, the one of a day said, else this year."""
    slots = turn.reading.slots
    if "year" in slots:
        return slots["year"]
    if "start" in slots:
        return slots["start"].year
    return turn.today.year


def remaining(turn: Turn) -> Outcome:
    """还差多少学时: per category, against what is required, with the article."""
    year = year_of(turn)
    claims = claims_of(turn, year)
    found = ruling(turn, year, claims)
    asked = turn.reading.slots.get("category")
    title = title_of_category(turn, found, asked) if asked else title_of_year(turn, found)
    return show.answer(title, *lines(found), *notes(turn, found, claims))


def summary(turn: Turn) -> Outcome:
    year = year_of(turn)
    claims = claims_of(turn, year)
    if not claims:
        return show.answer(say("question.nothing_yet", year=year))
    found = ruling(turn, year, claims)
    title = say("question.summary_title", year=year, region=show.place_name(turn.book, found.region))
    return show.answer(title, *lines(found), *notes(turn, found, claims))


def listing(turn: Turn) -> Outcome:
    """我的记录: the latest claims of the year, numbered for corrections."""
    year = year_of(turn)
    claims = _asked_for(turn, claims_of(turn, year))
    if not claims:
        return show.answer(say("question.nothing_yet", year=year))
    recognised = ruling(turn, year).recognised
    shown = claims[-LIST_LENGTH:]
    return show.answer(
        say("question.list_title", year=year, count=len(claims)),
        *(show.claim_line(claim, recognised.get(claim.id, 0), turn.today) for claim in shown),
        say("question.list_more", shown=len(shown)) if len(shown) < len(claims) else "",
        say("question.list_hint"),
    )


def numbered(claims: list[Claim], index: int) -> Claim | None:
    return claims[index - 1] if 1 <= index <= len(claims) else None


def title_of_year(turn: Turn, found: Ruling) -> str:
    values = {"year": found.year, "region": show.place_name(turn.book, found.region)}
    if found.deemed_complete and found.deemed_complete.get("value") and found.complete:
        return say("question.deemed_title", **values)
    if found.complete:
        return say("question.done_title", **values)
    if found.complete is None and not found.remaining.get("total"):
        return say("question.open_title", **values)
    return say("question.remaining_title", hours=missing(found), **values)


def title_of_category(turn: Turn, found: Ruling, category: str) -> str:
    values = {
        "year": found.year,
        "region": show.place_name(turn.book, found.region),
        "category": show.category(category),
    }
    if category not in found.required:
        return say("question.category_not_set", **values)
    return say("question.remaining_category", hours=found.remaining.get(category, 0), **values)


def missing(found: Ruling) -> float:
    """学时 to earn in all: the total's gap, or what the categories lack when that is more."""
    parts = sum(gap for name, gap in found.remaining.items() if name != "total")
    return max(found.remaining.get("total", 0), parts)


def lines(found: Ruling) -> list[str]:
    """One line per category that is required or has hours; the total last."""
    names = [str(name) for name in Category if found.totals.get(name) or name in found.required]
    return [_line(found, name) for name in [*names, "total"]]


def _line(found: Ruling, name: str) -> str:
    have = found.totals.get(name, 0)
    requirement = found.required.get(name)
    if requirement is None:
        return say("question.line_free", category=show.category(name), have=have)
    gap = found.remaining.get(name, 0)
    return say(
        "question.line_required",
        category=show.category(name),
        have=have,
        need=requirement.hours,
        soft=say("question.soft") if requirement.strength == "general" else "",
        gap=say("question.gap_some", hours=gap) if gap else say("question.gap_none"),
    )


def notes(turn: Turn, found: Ruling, claims: list[Claim]) -> list[str]:
    """What a person should know beside the figures: pending hours, what did not count, the article, the next step."""
    standing = [(claim.state, found.recognised.get(claim.id) or 0) for claim in counted(claims)]
    pending = sum([hours for state, hours in standing if state is EntryState.CLAIMED])
    uncounted = sum([not hours for _, hours in standing])
    basis = found.required["total"].citation if "total" in found.required else None
    return [
        say("question.pending", hours=pending) if pending else "",
        say("question.uncounted", count=uncounted) if uncounted else "",
        say("question.basis", citation=show.cited(turn.book, found.region, basis)) if basis else "",
        say("question.national_hint") if turn.person.region is None else say("question.more"),
    ]


def _asked_for(turn: Turn, claims: list[Claim]) -> list[Claim]:
    slots = turn.reading.slots
    if "category" in slots:
        claims = [claim for claim in claims if claim.activity.category is slots["category"]]
    if "start" in slots and "end" in slots:
        claims = [claim for claim in claims if slots["start"] <= claim.activity.end <= slots["end"]]
    return claims
