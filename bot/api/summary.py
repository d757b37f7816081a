"""The year at a glance: figures by category with their articles, the last safe day, what to do next."""

from bot.api import shapes
from bot.api.call import Call
from bot.api.models.hours import Figure, Next, SummaryTold
from bot.api.models.pieces import OfYear
from bot.api.problems import Problem
from domain.ledger import Claim, counted
from domain.vocabulary import Category, EntryState
from handlers import show
from handlers.facts import Fact
from handlers.question import missing, title_of_year
from handlers.standing import claims_of, ruling
from handlers.turn import Turn
from rules.advice import gaps
from rules.plan import NoRuleInForceError
from rules.ruling import TOTAL, Ruling
from wording import say


async def shown(call: Call) -> SummaryTold:
    year = call.asked(OfYear).year or call.now.year
    turn = await call.turn(needs=frozenset({Fact.DAYS}))
    claims = claims_of(turn, year)
    try:
        found = ruling(turn, year, claims)
        verified = ruling(turn, year, [one for one in claims if one.state is EntryState.VERIFIED])
    except NoRuleInForceError as none:
        raise Problem(404, "no_rule", say(none.key, **none.values)) from None
    names = [str(name) for name in Category if found.totals.get(name) or name in found.required]
    standing = counted(claims)
    deemed = found.deemed_complete or {}
    return SummaryTold(
        year=year,
        region=found.region,
        region_name=show.place_name(turn.book, found.region),
        region_known=turn.person.region is not None,
        complete=found.complete,
        title=title_of_year(turn, found),
        totals=found.totals,
        missing=missing(found),
        categories=[_figure(turn, found, verified, name) for name in names],
        total=_figure(turn, found, verified, TOTAL),
        last_safe_day=shapes.last_day(turn, year),
        next=_next(turn, found, claims),
        deemed=(deemed.get("scope") or "year") if deemed.get("value") else None,
        entries=len(standing),
        uncounted=sum(not found.recognised.get(claim.id) for claim in standing),
        flags=shapes.flags(found),
        notes=[line for line in (show.grade_note(turn.book, found.region),) if line],
    )


def _figure(turn: Turn, found: Ruling, verified: Ruling, name: str) -> Figure:
    asked = found.required.get(name)
    have, sure = found.totals.get(name, 0), verified.totals.get(name, 0)
    return Figure(
        name=name,
        label=show.category(name),
        have=have,
        verified=min(have, sure),
        pending=max(0, have - sure),
        required=asked.hours if asked else None,
        remaining=found.remaining.get(name, 0),
        strength=asked.strength if asked else None,
        citation=shapes.cited(turn, found.region, asked.citation) if asked else None,
    )


def _next(turn: Turn, found: Ruling, claims: list[Claim]) -> list[Next]:
    """What helps most now, the first first: at most four."""
    person, told = turn.person, []
    if person.region is None:
        told.append(Next(text=say("api.next.region"), citation=None, action="profile"))
    if any(claim.state is EntryState.RETURNED for claim in claims):
        count = sum(claim.state is EntryState.RETURNED for claim in claims)
        told.append(Next(text=say("api.next.returned", count=count), citation=None, action="entries"))
    for name, hours in gaps(found).items():
        asked = found.required.get(name)
        key = "api.next.total" if name == TOTAL else "api.next.category"
        cited = shapes.cited(turn, found.region, asked.citation) if asked else None
        told.append(Next(text=say(key, category=show.category(name), hours=hours), citation=cited, action="plan"))
    without = sum(claim.state is EntryState.CLAIMED and not claim.proofs for claim in claims)
    if without:
        told.append(Next(text=say("api.next.proofs", count=without), citation=None, action="photo"))
    if not claims:
        told.append(Next(text=say("api.next.record"), citation=None, action="record"))
    return told[:4]
