"""Until when: days of the rule book with their source, those of the person's unit marked so, nothing guessed."""

from datetime import date

from handlers import pages, show
from handlers.question import year_of
from handlers.standing import subject
from handlers.turn import Outcome, Turn
from rules.deadlines import Deadline, UnitDeadline, binding, deadlines, precedents
from rules.values import DeadlineKind
from wording import say

KIND = "deadlines"
_PAST = 3  # earlier notices shown as a hint


def asked(turn: Turn) -> Outcome:
    """什么时候截止: every day that ends something about the year, the earliest first."""
    return told(turn, show.region_of(turn))


def told(turn: Turn, region: str) -> Outcome:
    """The days of one place."""
    year = year_of(turn)
    found = deadlines(turn.book, region, year, unit_days(turn), subject(turn).profile)
    notices = [one for one in found if one.basis != "calendar"]
    shown = found if notices else found[:1]
    hints = precedents(turn.book, region, year, subject(turn).profile)[:_PAST]
    return pages.told(
        turn,
        [
            say("deadline.title", year=year, region=show.place_name(turn.book, region)),
            *(line(turn, region, one) for one in shown),
            say("deadline.platform"),
        ],
        rest=[say("deadline.before"), *(line(turn, region, one) for one in hints)] if hints else [],
        asked={"kind": KIND},
    )


def last_day(turn: Turn, year: int) -> str:
    """One line: the day that binds, and how far off it is."""
    found = deadlines(turn.book, show.region_of(turn), year, unit_days(turn), subject(turn).profile)
    one = binding(found, DeadlineKind.EARN_BY)
    if one is None or one.closes < turn.today:
        return ""
    left = (one.closes - turn.today).days
    return say(f"deadline.last_{one.basis}", day=_day(one.closes, turn.today), left=left)


def line(turn: Turn, region: str, one: Deadline) -> str:
    """A day with what it ends, and its source or that the unit has set it."""
    closes = f"{_day(one.closes, turn.today)} {one.at}".strip()
    source = show.cited(turn.book, region, one.source) if one.source else say("deadline.unit")
    values = {**one.step.values, "closes": closes, "opens": _day(one.opens, turn.today) if one.opens else ""}
    open_to = say("deadline.opens", opens=values["opens"]) if one.opens and one.basis != "calendar" else ""
    unsure = say("deadline.unsure") if one.applies is None else ""
    passed = say("deadline.passed") if one.closes < turn.today else ""
    return say("deadline.line", text=say(one.step.key, **values) + open_to + unsure + passed, source=source)


def unit_days(turn: Turn) -> tuple[UnitDeadline, ...]:
    """The days that the person's unit has set for itself."""
    return turn.facts.days.days


def _day(day: date, today: date) -> str:
    return show.day(day, today)
