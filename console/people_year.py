"""A person's year as its page shows it: each record with its state, its hours and why, the figures step by step."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from domain.entering import entered_by
from domain.ledger import Claim, Entry, counted, fold
from domain.person import Person
from domain.proof import Kept
from domain.review import returned_words
from domain.vocabulary import EntryState
from handlers import show
from outreach.calendars import Calendar
from outreach.rulings import cases, subject_of
from outreach.rulings import ruled as ruling_of
from rules.articles import Texts
from rules.book import Book
from rules.plan import NoRuleInForceError
from rules.readiness import Readiness, YearStanding, readiness
from rules.ruling import Citation, Ruling, Step, Subject
from wording import say

_CUT = "rules.cap.cut."


@dataclass(frozen=True, slots=True)
class Reason:
    """A step of the reasoning in words, with the article that it rests on and what that says ("" where not held)."""

    text: str
    article: str = ""
    document: str = ""
    quote: str = ""
    summary: bool = False


@dataclass(frozen=True, slots=True)
class Entered:
    """A record as shown. `hours` None: the text leaves them open; `lost` is what caps took; `proofs` can be opened,
    `gone` counts pictures that are no longer kept; `by` is who of which unit entered it for the person.
    """

    claim: Claim
    what: str
    hours: float | None
    lost: float
    counts: bool
    reasons: tuple[Reason, ...]
    proofs: tuple[str, ...]
    gone: int
    returned: str = ""
    by: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Category:
    """What a year asks for in a category (or in all), and what is there. `strength` is hard, general or waived."""

    name: str
    have: float
    need: float
    remaining: float
    strength: str


@dataclass(frozen=True, slots=True)
class Year:
    """A year of somebody. `none` says why no rule can rule on it. `by_state` are 学时 before caps, shown apart."""

    year: int
    place: str
    entered: tuple[Entered, ...]
    categories: tuple[Category, ...] = ()
    complete: bool | None = None
    reasons: tuple[Reason, ...] = ()
    by_state: Mapping[str, float] = field(default_factory=dict)
    note: str = ""
    none: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of rules about somebody: `known` are the days that their unit has set."""

    subject: Subject
    claims: tuple[Claim, ...]
    entries: tuple[Entry, ...]
    known: Calendar = field(default_factory=Calendar)

    @property
    def years(self) -> tuple[int, ...]:
        """The years with a record, the latest first."""
        return tuple(sorted({claim.year for claim in self.claims}, reverse=True))


def numbered(entries: Iterable[Entry]) -> list[Claim]:
    """The claims, each numbered within its year as the person sees them."""
    claims, count = fold(entries), dict[int, int]()
    for claim in claims:
        count[claim.year] = claim.number = count.get(claim.year, 0) + 1
    return claims


def shown(who: Asked, year: int, kept: Sequence[Kept], on: date, book: Book, texts: Texts) -> Year:
    """One year as of the day `on`, ruled by the person's own place."""
    own = [claim for claim in who.claims if claim.year == year]
    place = show.place_name(book, who.subject.region)
    by = {entry.id: entered_by(entry) for entry in who.entries}
    opened = {one.photo for one in kept if not one.removed}
    try:
        found = ruling_of(who.subject, own, year, on, book)
    except (NoRuleInForceError, ValueError) as none:
        told = say(none.key, **none.values) if isinstance(none, NoRuleInForceError) else say("console.people.no_rule")
        rows = tuple(_entered(claim, None, (), opened, by.get(claim.id), on) for claim in reversed(own))
        return Year(year, place, rows, none=told)
    reason = _Reasons(book, texts, found.region)
    rows = tuple(
        _entered(claim, found, reason.of(found, claim.id), opened, by.get(claim.id), on) for claim in reversed(own)
    )
    whole = reason.all(step for step in found.steps if step.case is None)
    note = show.grade_note(book, found.region)
    return Year(year, place, rows, _categories(found), found.complete, whole, _by_state(own, found), note)


def _entered(
    claim: Claim,
    found: Ruling | None,
    reasons: tuple[Reason, ...],
    opened: set[str],
    by: tuple[str, str] | None,
    on: date,
) -> Entered:
    stands = bool(counted([claim]))
    lost = 0.0
    if found is not None:
        lost = -sum(step.hours or 0 for step in found.steps if step.case == claim.id and step.key.startswith(_CUT))
    returned = returned_words(claim.note)[1] if claim.state is EntryState.RETURNED else ""
    proofs = tuple(photo for photo in claim.proofs if photo in opened)
    return Entered(
        claim=claim,
        what=f"{show.days(claim.activity.start, claim.activity.end, on)} {show.what(claim.activity)}",
        hours=found.recognised.get(claim.id) if found is not None and stands else None,
        lost=lost,
        counts=stands,
        reasons=reasons,
        proofs=proofs,
        gone=len(claim.proofs) - len(proofs),
        returned=returned,
        by=by,
    )


def _categories(found: Ruling) -> tuple[Category, ...]:
    return tuple(
        Category(name, found.totals.get(name, 0), need.hours, found.remaining.get(name, 0), need.strength)
        for name, need in found.required.items()
    )


def _by_state(claims: Sequence[Claim], found: Ruling) -> dict[str, float]:
    """学时 recognised of what is verified and of what waits, never summed."""
    return {
        state.value: round(sum(found.recognised.get(one.id) or 0 for one in claims if one.state is state), 2)
        for state in (EntryState.VERIFIED, EntryState.CLAIMED)
    }


class _Reasons:
    """Steps as reasons, with the articles of one place."""

    def __init__(self, book: Book, texts: Texts, region: str) -> None:
        self._book, self._texts, self._region = book, texts, region

    def of(self, found: Ruling, claim_id: str) -> tuple[Reason, ...]:
        return self.all(step for step in found.steps if step.case == claim_id)

    def all(self, steps: Iterable[Step]) -> tuple[Reason, ...]:
        return tuple(dict.fromkeys(self.one(step) for step in steps))

    def one(self, step: Step) -> Reason:
        text = show.step(step)
        if step.citation is None:
            return Reason(text)
        quote, summary = self._quoted(step.citation)
        document = show.document(self._book, self._region, step.citation)
        return Reason(text, show.article(step.citation), document, quote, summary)

    def _quoted(self, citation: Citation) -> tuple[str, bool]:
        try:
            article = self._texts.quote(self._region, citation)
        except LookupError:
            return "", False
        return article.text, article.summary


def reasons_of(steps: Iterable[Step], book: Book, texts: Texts, region: str) -> tuple[Reason, ...]:
    """Any steps of `region` as reasons."""
    return _Reasons(book, texts, region).all(steps)


@dataclass(frozen=True, slots=True)
class Review:
    """Readiness for title review: `years` the latest first, `steps` beyond the single years."""

    ready: bool | None
    assumed: bool
    years: tuple[YearStanding, ...]
    steps: tuple[Reason, ...]
    level: str = ""
    wanted: int | None = None


def review(who: Asked, on: date, book: Book, texts: Texts) -> Review | None:
    """Whether the hours are enough for title review; None where no rule can say."""
    try:
        found: Readiness = readiness(
            who.subject, cases(who.claims), on, book, None, who.known.days, who.known.courtesy.verification_days
        )
    except (NoRuleInForceError, ValueError):
        return None
    level, wanted = who.subject.profile.get("target_level"), who.subject.profile.get("review_year")
    return Review(
        ready=found.ready,
        assumed=found.assumed,
        years=tuple(reversed(found.years)),
        steps=reasons_of((*found.steps, *found.deemed), book, texts, who.subject.region),
        level=level if isinstance(level, str) else "",
        wanted=wanted if isinstance(wanted, int) else None,
    )


def asked(person: Person, entries: Sequence[Entry], known: Calendar) -> Asked:
    """Somebody as the rules are asked about them."""
    return Asked(subject_of(person), tuple(numbered(entries)), tuple(entries), known)
