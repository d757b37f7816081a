"""What is said about activities: to be confirmed, as recorded, and what is then still missing."""

from datetime import date

from domain.ledger import Activity, Claim, EntryKind, NewEntry
from domain.vocabulary import EntryState, Unit
from handlers import draft as drafts
from handlers import show
from handlers.draft import Draft
from handlers.explanation import show_step
from handlers.question import missing
from handlers.standing import claims_of, conversion, pending, ruling
from handlers.turn import Turn
from rules.plan import NoRuleInForceError
from rules.ruling import Conversion
from wording import say


def describe(turn: Turn, activity: Activity) -> str:
    """An activity as the rules see it, for the person to confirm."""
    found = conversion(turn, activity)
    same = twin(turn, activity)
    return "\n".join(
        line
        for line in (
            say("claim.line_day", day=show.days(activity.start, activity.end, turn.today)),
            say("claim.line_what", what=show.what(activity)),
            say("claim.line_category", category=show.category(activity.category)),
            say("claim.line_hours", hours=show.hours(found.hours)),
            *(show_step(step) for step in found.steps),
            say("claim.line_other_year", year=activity.end.year) if activity.end.year != turn.today.year else "",
            say("claim.similar", number=same.number) if same else "",
        )
        if line
    )


def twin(turn: Turn, activity: Activity) -> Claim | None:
    """A record that says the same: it may be the same activity told twice."""
    that_day = (claim for claim in claims_of(turn, activity.end.year) if claim.activity.start == activity.start)
    return next((claim for claim in that_day if _is_like(claim, activity)), None)


def _is_like(claim: Claim, activity: Activity) -> bool:
    same = (claim.activity.mode, claim.activity.category) == (activity.mode, activity.category)
    return same and claim.state is not EntryState.WITHDRAWN


def claimed(activity: Activity, replaces: str | None = None) -> NewEntry:
    return NewEntry(kind=EntryKind.HOURS_CLAIMED, year=activity.end.year, activity=activity, replaces=replaces)


def told_as_recorded(turn: Turn, activities: list[Activity]) -> list[str]:
    lines = [say("claim.recorded_many", count=len(activities))] if len(activities) > 1 else []
    for activity in activities:
        found: Conversion = conversion(turn, activity)
        if found.hours is None:
            why = show.step(found.steps[-1]) if found.steps else say("claim.who_decides")
            lines.append(say("claim.recorded_open", what=show.what(activity), why=why))
        else:
            lines.append(say("claim.recorded", what=show.counted(activity, found.hours)))
    return lines


def standing_after(turn: Turn, added: list[Activity], without: str | None = None) -> list[str]:
    """What is missing, per year touched, once `added` are there and the claim `without` is gone."""
    return [_standing_line(turn, year, added, without) for year in dict.fromkeys(one.end.year for one in added)]


def _standing_line(turn: Turn, year: int, added: list[Activity], without: str | None) -> str:
    claims = [claim for claim in claims_of(turn, year) if claim.id != without]
    new = [_as_claim(activity, at, turn) for at, activity in enumerate(added) if activity.end.year == year]
    return standing_line(turn, year, [*claims, *new])


def standing_line(turn: Turn, year: int, claims: list[Claim]) -> str:
    try:
        found = ruling(turn, year, claims)
    except NoRuleInForceError as none:
        return say(none.key, **none.values)
    gap = missing(found)
    if not gap:
        return say("claim.now_done", year=year)
    parts = [
        say("claim.part", category=show.category(name), hours=hours)
        for name, hours in found.remaining.items()
        if name != "total" and hours
    ]
    joined = say("claim.now_parts", parts="，".join(parts)) if parts else ""
    return say("claim.now_remaining", year=year, hours=gap, parts=joined)


def _as_claim(activity: Activity, at: int, turn: Turn) -> Claim:
    return Claim(
        id=pending(at),
        number=0,
        year=activity.end.year,
        activity=activity,
        state=EntryState.CLAIMED,
        recorded_at=turn.now,
    )


def brief(draft: Draft, today: date | None = None) -> str:
    """A draft in a few words; without `today` its days come with their year."""
    parts = []
    if "start" in draft:
        parts.append(show.days(drafts.start(draft), drafts.end(draft), today or date.min))
    if "mode" in draft:
        parts.append(say(f"mode.{draft['mode']}"))
    if draft.get("title"):
        parts.append(f"《{draft['title']}》")
    if "quantity" in draft:
        parts.append(show.quantity(draft["quantity"], Unit(draft["unit"])))
    if "category" in draft:
        parts.append(show.category(draft["category"]))
    return " ".join(parts)
