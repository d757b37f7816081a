"""A person's year as documents tell it: the rulings on what is verified and on all that stands, in words."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from domain.ledger import Activity, Claim
from domain.person import Person
from domain.vocabulary import Category, EntryState, Unit
from rules.book import NATIONAL, Book
from rules.ruling import TOTAL, Citation, Ruling
from wording import say


@dataclass(frozen=True, slots=True)
class Year:
    """What a document is made of. `claims` are the year's, in the person's numbering.

    `verified` rules on the claims that the unit has verified, `standing` also on those that wait for it. `readings`
    are what was read in pictures of proofs, by hash; `day` is the day on which the document is made.
    """

    person: Person
    claims: list[Claim]
    verified: Ruling
    standing: Ruling
    book: Book
    day: date
    readings: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def place(self) -> str:
        place = self.book.place(self.standing.region)
        return place.names[0] if place.names and self.standing.region != NATIONAL else place.name

    def of_state(self, state: EntryState) -> list[Claim]:
        return [claim for claim in self.claims if claim.state is state]

    def categories(self) -> list[str]:
        """The categories that are required or have hours; the total last."""
        named = [
            str(name) for name in Category if name in self.standing.required or self.standing.totals.get(str(name))
        ]
        return [*named, TOTAL]

    def missing(self) -> float:
        """学时 that verified claims lack: the total's gap, or what the categories lack when that is more."""
        gaps = self.verified.remaining
        return max(gaps.get(TOTAL, 0), sum(gap for name, gap in gaps.items() if name != TOTAL))

    def cited(self, citation: Citation | None) -> str:
        """《document》article; empty where there is none."""
        return f"《{self.title(citation)}》{article(citation)}" if citation else ""

    def marked(self, citation: Citation | None) -> str:
        """The number of the document in `documents`, and the article: ①第十条."""
        if citation is None:
            return ""
        return f"{chr(ord('①') + self.documents().index(citation.document))}{article(citation)}"

    def documents(self) -> list[str]:
        """The keys of every document that the rulings rest on, once."""
        return list(dict.fromkeys(citation.document for citation in self.standing.citations))

    def title(self, citation: Citation) -> str:
        return self.book.document(self.standing.region, citation.document).title

    def basis(self) -> Citation | None:
        """What the total rests on."""
        required = self.standing.required.get(TOTAL)
        return required.citation if required else None


def article(citation: Citation) -> str:
    return citation.article.split(":")[-1]


def figure(hours: float | None) -> str:
    """学时 without a needless .0; what the rules leave open is said so."""
    return say("document.open") if hours is None else f"{hours:.10g}"


def days(activity: Activity) -> str:
    """3月16日, or 3月16日–18日, or across months in full."""
    start, end = activity.start, activity.end
    first = say("document.day", month=start.month, day=start.day)
    if start == end:
        return first
    if start.month == end.month:
        return say("document.days_of_month", start=first, day=end.day)
    return say("document.days", start=first, end=say("document.day", month=end.month, day=end.day))


def quantity(activity: Activity) -> str:
    if activity.unit is Unit.HALF_DAY and activity.quantity == 1:
        return say("unit.one_half_day")
    return say(f"unit.{activity.unit}", n=activity.quantity)
