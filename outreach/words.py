"""What a reminder says: what is missing, by when, what to do about it, and a tap to do it."""

from datetime import date

from domain.delivery import TEXT_LIMIT, Choice, Reply, ReplyKind
from domain.reminder import Asked, ReminderKind
from domain.vocabulary import Category
from outreach.calendars import Calendar
from outreach.missing import Gap
from rules.book import Book
from rules.ruling import TOTAL
from wording import say

SNOOZE = "reminder.snooze"  # what arrives when a line is tapped
STOP = "reminder.stop"
FIELD = 20  # characters of a notice's field
PLAN = "plan.suggest"


def deadline_text(gap: Gap, today: date, region: str, known: Calendar, book: Book) -> Reply:
    """A stage of a deadline."""
    goal = gap.goal
    step = goal.deadline.step
    lines = [
        _headline(gap, today),
        *(say("reminder.review_year", year=year, hours=hours) for year, hours in gap.years),
        say("reminder.verification", days=known.courtesy.verification_days, day=day(gap.safe, today))
        if known.courtesy.verification_days and today <= gap.safe
        else "",
        say("reminder.public_first") if Category.PUBLIC in gap.missing and len(gap.missing) > 1 else "",
        say("reminder.basis", text=say(step.key, **step.values), source=_source(gap, region, book)),
        say("reminder.provisional") if goal.deadline.safe.provisional else "",
        say("reminder.ask_how"),
    ]
    return _menu(lines, _fields(gap))


def _headline(gap: Gap, today: date) -> str:
    days = (gap.safe - today).days
    if days > 0:
        left = say("reminder.days_left", day=day(gap.safe, today), days=days)
    elif today < gap.goal.deadline.closes:
        left = say("reminder.past_safe", day=day(gap.goal.deadline.closes, today))
    else:
        left = say("reminder.last_day", day=day(today, today))
    if gap.goal.kind is ReminderKind.TITLE_REVIEW:
        return say("reminder.review", left=left, year=gap.goal.year)
    return say("reminder.year_end", left=left, year=gap.goal.year, parts=parts(gap.missing))


def _source(gap: Gap, region: str, book: Book) -> str:
    cited = gap.goal.deadline.source
    if cited is None:
        return ""
    document = book.document(region, cited.document)
    return say("reminder.source", title=document.title, article=cited.article.split(":")[-1])


def regular_text(missing: dict[str, float], year: int, gap: Gap | None, today: date) -> Reply:
    """A reminder that the person wanted every so often."""
    days = (gap.safe - today).days if gap is not None else 0
    lines = [
        say("reminder.regular", year=year, parts=parts(missing)),
        say("reminder.days_left_only", day=day(gap.safe, today), days=days) if gap is not None and days > 0 else "",
        say("reminder.ask_how"),
    ]
    return _menu(lines, _fields(gap) if gap is not None else {})


def asked_text(asked: Asked | None, on: str, missing: dict[str, float], year: int) -> Reply:
    """A reminder that the person wanted on the day `on` (ISO), and where the year stands."""
    what = asked.about if asked is not None else ""
    about = say("reminder.asked", about=what) if what else say("reminder.asked_plain")
    now = say("reminder.standing_short", year=year, parts=parts(missing)) if missing else ""
    fields = {
        "subject": short(what) if what else say("reminder.field_asked"),
        "missing": _lacking(missing) if missing else say("reminder.field_done"),
        "by": on,
        "todo": say("reminder.field_todo"),
    }
    return Reply(text="\n".join(line for line in (about, now) if line), fields=fields)


def parts(missing: dict[str, float]) -> str:
    """公需12学时，专业20学时; hours that no category asks for come last."""
    named = [
        say("reminder.part", category=say(f"category.{name}"), hours=hours)
        for name, hours in missing.items()
        if name != TOTAL
    ]
    rest = missing.get(TOTAL, 0)
    if rest:
        named.append(say("reminder.part_any" if named else "reminder.part_all", hours=rest))
    return "，".join(named)


def day(when: date, today: date) -> str:
    """A day as people say it: with the weekday, and with the year where that is not this one."""
    if when.year != today.year:
        return say("date.day_of_year", year=when.year, month=when.month, day=when.day)
    return say("date.day", month=when.month, day=when.day, weekday=say("date.weekdays")[when.weekday()])


def short(text: str, limit: int = FIELD) -> str:
    """`text` in at most `limit` characters, on one line."""
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"


def _fields(gap: Gap) -> dict[str, str]:
    review = gap.goal.kind is ReminderKind.TITLE_REVIEW
    key = "reminder.field_review" if review else "reminder.field_subject"
    return {
        "subject": say(key, year=gap.goal.year),
        "missing": _lacking(gap.missing) if gap.missing else say("reminder.field_missing", hours=gap.hours),
        "by": gap.safe.isoformat(),
        "todo": say("reminder.field_todo"),
    }


def _lacking(missing: dict[str, float]) -> str:
    """还差公需10、专业36学时; the sum alone where that is too long for a field."""
    named = [(say(f"category.{name}"), f"{hours:.10g}") for name, hours in missing.items() if name != TOTAL]
    parts = say("reminder.field_parts", parts="、".join(f"{category}{hours}" for category, hours in named))
    whole = say("reminder.field_missing", hours=sum(missing.values()))
    return parts if named and TOTAL not in missing and len(parts) <= FIELD else whole


def _menu(lines: list[str], fields: dict[str, str]) -> Reply:
    text = "\n".join(line for line in lines if line)
    choices = [
        Choice(id=PLAN, label=say("reminder.tap_plan")),
        Choice(id=SNOOZE, label=say("reminder.tap_tomorrow")),
        Choice(id=STOP, label=say("reminder.tap_stop")),
    ]
    if len(text.encode()) > TEXT_LIMIT - 200:
        raise ValueError("a reminder is longer than a message")
    return Reply(kind=ReplyKind.MENU, text=text, choices=choices, fields=fields)
