"""What has been found on a page so far, field by field, and how values behind labels are read."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from domain.vocabulary import Category
from nlp.proofs.dates import Span, spans_in
from nlp.proofs.labels import Kind
from nlp.proofs.proof import ACTIVITY_FIELDS, Activity
from nlp.proofs.spelling import bare, fold
from nlp.proofs.values import CREDITS_UNIT, DAYS_UNIT, HOURS_UNIT, category_in, labelled_amount, name_in, number_in

SUREST = 0.99  # nothing that was read by machine is certain


@dataclass
class Findings:
    """Fields with their confidence. The first finding of a field stays: ask in the order of trust."""

    values: dict[str, Any] = field(default_factory=dict)
    confidence: dict[str, float] = field(default_factory=dict)

    def add(self, name: str, value: Any, sure: float) -> None:
        """Keeps a value for a field that has none yet."""
        if value is not None and value != "" and name not in self.values:
            self.values[name] = value
            self.confidence[name] = round(min(SUREST, sure), 3)

    def add_span(self, span: Span, sure: float) -> None:
        """Keeps the days of the training, unless one of them is known."""
        if "start" not in self.values and "end" not in self.values:
            self.add("start", span.first, sure)
            self.add("end", span.last, sure)

    def add_labelled(self, kind: Kind, value: str, sure: float) -> None:
        """Reads a value as what its label announces; what does not read as that is left."""
        reader = _READERS.get(kind)
        if reader is not None:
            reader(self, value, sure)

    def without(self, *names: str) -> "Findings":
        """A copy that knows nothing of these fields."""
        return Findings(
            {name: value for name, value in self.values.items() if name not in names},
            {name: sure for name, sure in self.confidence.items() if name not in names},
        )

    def activity(self) -> Activity:
        """The findings as one activity."""
        start, end = self.values.get("start"), self.values.get("end")
        if start and end and start[: len(end)] > end[: len(start)]:  # one of them is misread
            self.confidence |= {"start": 0.3, "end": 0.3}
        sure = {name: self.confidence[name] for name in ACTIVITY_FIELDS if name in self.confidence}
        return Activity(**{name: self.values.get(name) for name in ACTIVITY_FIELDS}, confidence=sure)


def _read_name(found: Findings, value: str, sure: float) -> None:
    named = name_in(value)
    if named:
        found.add("name", named[0], named[1] * sure)


_ALL_QUOTED = re.compile('[“"《「](?P<t>[^“"《「”》」]+)[”"》」]')


def _read_title(found: Findings, value: str, sure: float) -> None:
    title = value.strip(" :：,，.。;；")
    quoted = _ALL_QUOTED.fullmatch(title)
    if quoted:
        title = quoted["t"]
    only_category = category_in(title) is not None and len(bare(title)) <= 5
    if len(bare(title)) >= 2 and not only_category:
        found.add("title", title, sure)


_STAMP = re.compile(r"[ (（](?:盖章|公章|章|印章)[)）]?$")


def _read_organizer(found: Findings, value: str, sure: float) -> None:
    body = _STAMP.sub("", value.strip(" :：,，.。;；"))
    if len(bare(body)) >= 3 and not spans_in(fold(body)):
        found.add("organizer", body, sure)


def _read_category(found: Findings, value: str, sure: float) -> None:
    text = fold(value).replace(" ", "")
    category = category_in(value)
    if category is None and ("公需" in text) != (re.match("专业(?!技术)", text) is not None):
        category = Category.PUBLIC if "公需" in text else Category.PROFESSIONAL
    found.add("category", category, sure)


def _read_hours(found: Findings, value: str, sure: float) -> None:
    found.add("hours", labelled_amount(value, HOURS_UNIT), sure)
    _read_second(found, "credits", "学分", value, sure)


def _read_credits(found: Findings, value: str, sure: float) -> None:
    found.add("credits", labelled_amount(value, CREDITS_UNIT), sure)
    _read_second(found, "hours", "学时|课时", value, sure)


def _read_second(found: Findings, name: str, unit: str, value: str, sure: float) -> None:
    """The other amount of 60学时（折合3.5学分）."""
    said = re.search(rf"([0-9]{{1,4}}(?:\.[0-9]{{1,2}})?)(?:{unit})", fold(value).replace(" ", ""))
    if said:
        found.add(name, float(said[1]), 0.95 * sure)


def _read_days(found: Findings, value: str, sure: float) -> None:
    found.add("days", labelled_amount(value, DAYS_UNIT), sure)


def _read_dates(found: Findings, value: str, sure: float) -> None:
    spans = spans_in(fold(value))
    if spans:
        found.add_span(_hull(spans), sure)


def _hull(spans: list[Span]) -> Span:
    """From the first to the last of several days that are printed one by one."""
    if len({len(span.first) for span in spans}) > 1:
        return spans[0]
    return Span(min(span.first for span in spans), max(span.last for span in spans), spans[0].at, spans[-1].end)


def _read_start(found: Findings, value: str, sure: float) -> None:
    _read_day(found, "start", value, sure)


def _read_end(found: Findings, value: str, sure: float) -> None:
    _read_day(found, "end", value, sure)


def _read_day(found: Findings, name: str, value: str, sure: float) -> None:
    spans = spans_in(fold(value))
    if spans and not spans[0].single:
        found.add_span(spans[0], sure)
    elif spans:
        found.add(name, spans[0].first, sure)


def _read_number(found: Findings, value: str, sure: float) -> None:
    found.add("certificate_no", number_in(value), sure)


_READERS: dict[Kind, Callable[[Findings, str, float], None]] = {
    Kind.NAME: _read_name,
    Kind.TITLE: _read_title,
    Kind.ORGANIZER: _read_organizer,
    Kind.CATEGORY: _read_category,
    Kind.HOURS: _read_hours,
    Kind.CREDITS: _read_credits,
    Kind.DAYS: _read_days,
    Kind.DATES: _read_dates,
    Kind.START: _read_start,
    Kind.END: _read_end,
    Kind.NUMBER: _read_number,
}
