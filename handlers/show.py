"""Values as people read them: dates, quantities, activities, articles. Pure text; the words are in `wording/`."""

from datetime import date

from domain.delivery import TEXT_LIMIT, Reply
from domain.dialog import Dialog
from domain.ledger import Activity, Claim
from domain.vocabulary import Category, Unit
from handlers.turn import Outcome, Turn
from rules.book import Book
from rules.ruling import Citation, Step
from wording import say

NATIONAL = "national"


def region_of(turn: Turn) -> str:
    """The place whose rules apply: the person's, else the national baseline."""
    return turn.person.region or NATIONAL


def place_name(book: Book, region: str) -> str:
    """The place as people call it: 内蒙古, not 内蒙古自治区."""
    place = book.place(region)
    return place.names[0] if place.names and region != NATIONAL else place.name


def offered(book: Book) -> list[str]:
    """The places to choose from in one menu: those whose whole text is here. The others can be said by name."""
    return [
        code for code, place in book.places.items() if code != NATIONAL and any(one.text for one in place.documents)
    ]


def day(when: date, today: date) -> str:
    """A day; the weekday for this year's, the year for others'."""
    if when.year != today.year:
        return say("date.day_of_year", year=when.year, month=when.month, day=when.day)
    weekday = say("date.weekdays")[when.weekday()]
    return say("date.day", month=when.month, day=when.day, weekday=weekday)


def days(start: date, end: date, today: date) -> str:
    if start == end:
        return day(start, today)
    return say("date.range", start=day(start, today), end=day(end, today))


def quantity(value: float, unit: Unit) -> str:
    if unit is Unit.HALF_DAY and value == 1:
        return say("unit.one_half_day")
    return say(f"unit.{unit}", n=value)


def named(activity: Activity) -> str:
    """The activity's mode and title."""
    title = f"《{activity.title}》" if activity.title else ""
    return f"{say(f'mode.{activity.mode}')}{title}"


def what(activity: Activity) -> str:
    """The activity in a few words: its mode, its title, how long."""
    return f"{named(activity)} {quantity(activity.quantity, activity.unit)}"


def counted(activity: Activity, hours: float | None) -> str:
    """The activity with the 学时 it gives, said once when a certificate states them."""
    if activity.unit is Unit.CLASS_HOUR and activity.quantity == hours:
        return what(activity)
    if hours is None:
        return f"{what(activity)}，{say('question.hours_open')}"
    return say("claim.becomes", what=what(activity), hours=hours)


def category(value: Category | str) -> str:
    return say(f"category.{value}")


def hours(value: float | None) -> str:
    return say("question.hours_open") if value is None else say("question.hours_known", hours=value)


def claim_line(claim: Claim, recognised: float | None, today: date) -> str:
    activity = claim.activity
    return say(
        "question.list_line",
        number=claim.number,
        day=days(activity.start, activity.end, today),
        what=named(activity) if activity.unit is Unit.CLASS_HOUR else what(activity),
        category=category(activity.category),
        hours=hours(recognised),
        state=say(f"state.{claim.state}"),
    )


def document(book: Book, region: str, citation: Citation) -> str:
    """The document's title in 《》, with its number where it has one."""
    source = book.document(region, citation.document)
    return f"《{source.title}》{source.number}"


def cited(book: Book, region: str, citation: Citation) -> str:
    return f"{document(book, region, citation)}{article(citation, bare=True)}"


def article(citation: Citation, *, bare: bool = False) -> str:
    """The article as people say it; where a place has documents of several years, with the year (〔2011〕第十七条)."""
    prefix, _, notation = citation.article.rpartition(":")
    return notation if bare or not prefix else say("show.article_of", year=prefix, article=notation)


def grade_note(book: Book, region: str) -> str:
    """That what is known of a place is a summary; empty where we hold its whole text."""
    return "" if _whole(book, region) else say("show.summary_place", region=place_name(book, region))


def unknown_note(book: Book, region: str) -> str:
    """What is not known of a place, in the book's own words."""
    unknown = book.place(region).unknown
    return say("show.unknown", unknown="；".join(unknown)) if unknown else ""


def _whole(book: Book, region: str) -> bool:
    return any(one.text and not one.summary for one in book.place(region).documents)


def step(one: Step) -> str:
    return say(one.key, **one.values)


def numbered(labels: list[str]) -> str:
    return "\n".join(say("claim.option", number=at, label=label) for at, label in enumerate(labels, 1))


def text(*lines: str) -> Reply:
    """One bubble of these lines, empty ones left out, cut to the platform's limit at a line's end."""
    return Reply(text=fit("\n".join(line for line in lines if line)))


def fit(whole: str, limit: int = TEXT_LIMIT) -> str:
    """`whole` in at most `limit` bytes of UTF-8; what does not fit is dropped from the end and marked with …"""
    raw = whole.encode()
    if len(raw) <= limit:
        return whole
    kept = raw[: limit - 3].decode(errors="ignore")
    line_end = kept.rfind("\n")
    return (kept[:line_end] if line_end > limit // 2 else kept) + "…"


def answer(*lines: str) -> Outcome:
    return Outcome(replies=(text(*lines),))


def closed(*lines: str) -> Outcome:
    """An answer that ends the open dialog."""
    return Outcome(replies=(text(*lines),), dialog=Dialog())
