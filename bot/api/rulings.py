"""Rulings opened: a year's, or one record's, step by step with the articles' own words."""

from bot.api import shapes
from bot.api.call import Call
from bot.api.models.hours import CapTold, Quote, RulingTold
from bot.api.problems import Problem
from domain.ledger import Claim, counted
from handlers import show
from handlers.question import title_of_year
from handlers.standing import conversion, ruling
from handlers.turn import Turn
from rules.plan import NoRuleInForceError
from rules.ruling import TOTAL, Citation, Ruling
from wording import say

_CUT = "rules.cap.cut"


async def of_year(call: Call) -> RulingTold:
    turn = await call.turn()
    found = _ruled(turn, int(call.path["year"]))
    title = title_of_year(turn, found)
    return _told(turn, found, None, title, found.totals[TOTAL], found.totals[TOTAL])


async def of_entry(call: Call) -> RulingTold:
    turn = await call.turn()
    claim = await call.claim(turn)
    shapes.numbered(turn)
    found = _ruled(turn, claim.year)
    standing = bool(counted([claim]))
    hours = found.recognised.get(claim.id) if standing else conversion(turn, claim.activity).hours
    taken = -sum(one.hours or 0 for one in found.steps if one.case == claim.id and one.key.startswith(_CUT))
    counts = max(0.0, (hours or 0) - taken) if standing else 0.0
    said = show.hours(hours)
    title = say("explain.one_title", number=claim.number, what=show.what(claim.activity), hours=said)
    return _told(turn, found, claim, title, hours, counts)


def _ruled(turn: Turn, year: int) -> Ruling:
    try:
        return ruling(turn, year)
    except NoRuleInForceError as none:
        raise Problem(404, "no_rule", say(none.key, **none.values)) from None


def _told(turn: Turn, found: Ruling, claim: Claim | None, title: str, hours: float | None, counts: float) -> RulingTold:
    place = found.region
    steps = found.steps
    if claim is not None:
        own = [one for one in steps if one.case == claim.id]
        steps = tuple(own) if own else conversion(turn, claim.activity).steps
    caps = [one for one in found.caps if claim is None or claim.id in one.cases]
    over = {one.citation: show.step(one) for one in found.steps if one.key.startswith("rules.cap.") and one.citation}
    cited = dict.fromkeys([one.citation for one in steps if one.citation] + [one.citation for one in caps])
    return RulingTold(
        year=found.year,
        region=place,
        region_name=show.place_name(turn.book, place),
        entry=claim.id if claim else None,
        title=title,
        hours=hours,
        counts=counts,
        complete=found.complete,
        totals=found.totals,
        required=shapes.required(turn, place, found.required),
        remaining=found.remaining,
        steps=shapes.steps(turn, place, steps),
        caps=[
            CapTold(
                text=over.get(one.citation) or say("api.cap", limit=one.limit, after=one.after),
                limit=one.limit,
                before=one.before,
                after=one.after,
                citation=shapes.cited(turn, place, one.citation),
            )
            for one in caps
        ],
        flags=shapes.flags(found),
        quotes=quotes(turn, place, list(cited)),
    )


def quotes(turn: Turn, place: str, cited: list[Citation]) -> list[Quote]:
    """What the cited articles say; those without a text are left out."""
    found = []
    for citation in cited:
        try:
            article = turn.texts.quote(place, citation)
        except LookupError:
            continue
        found.append(Quote(citation=shapes.cited(turn, place, citation), text=article.text, summary=article.summary))
    return found
