"""A reading of a proof: what it says, and how sure that is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from domain.vocabulary import Category

SURE = 0.8  # from here on a field is shown without a mark; below it the person is asked to look
ACTIVITY_FIELDS = (
    "title",
    "organizer",
    "category",
    "hours",
    "credits",
    "days",
    "start",
    "end",
    "certificate_no",
)
FIELDS = ("name", *ACTIVITY_FIELDS, "qr")


@dataclass(frozen=True, slots=True)
class Activity:
    """One activity on a proof. None: not stated, or not legible.

    `hours` are 学时 (课时 and 节 too), `credits` 学分, `days` 天: as printed, nothing is converted. `start` and `end`
    are ISO days, or `YYYY-MM` when only the month is printed. `confidence` has a value from 0 to 1 for each field
    that there is.
    """

    title: str | None = None
    organizer: str | None = None
    category: Category | None = None
    hours: float | None = None
    credits: float | None = None
    days: float | None = None
    start: str | None = None
    end: str | None = None
    certificate_no: str | None = None
    confidence: Mapping[str, float] = field(default_factory=dict)

    @property
    def unsure(self) -> tuple[str, ...]:
        """The fields that were read and may be wrong."""
        return tuple(name for name in ACTIVITY_FIELDS if self.confidence.get(name, 1.0) < SURE)


@dataclass(frozen=True, slots=True)
class Proof:
    """Everything that one picture says. There is always one activity at least, empty when nothing was read.

    `people` are all the names of a list that names several; `name` is then the holder's, if the list tells whose it is.
    `legibility` is how sure the recogniser was of the text, 0 without any.
    """

    activities: tuple[Activity, ...] = (Activity(),)
    name: str | None = None
    qr: str | None = None
    people: tuple[str, ...] = ()
    legibility: float = 0.0
    confidence: Mapping[str, float] = field(default_factory=dict)

    @property
    def unsure(self) -> tuple[str, ...]:
        """The fields, of the proof and of its first activity, that were read and may be wrong."""
        own = tuple(name for name in ("name", "qr") if self.confidence.get(name, 1.0) < SURE)
        return own + self.activities[0].unsure

    @property
    def legible(self) -> bool:
        """Whether the picture shows text at all that can be read."""
        return self.legibility >= 0.5


def record_of(proof: Proof) -> dict[str, Any]:
    """The proof as the line of `xueshi read-proof`; further activities stand under `activities`, all of them."""
    first = proof.activities[0]
    values = {"name": proof.name, **{name: _plain(getattr(first, name)) for name in ACTIVITY_FIELDS}, "qr": proof.qr}
    record: dict[str, Any] = {name: values[name] for name in FIELDS}
    record["confidence"] = {**proof.confidence, **first.confidence}
    record["legibility"] = proof.legibility
    if len(proof.activities) > 1:
        record["activities"] = [_activity_record(activity) for activity in proof.activities]
    if proof.people:
        record["people"] = list(proof.people)
    return record


def proof_of(record: Mapping[str, Any]) -> Proof:
    """The proof that `record_of` wrote."""
    listed = record.get("activities") or [record]
    return Proof(
        activities=tuple(_activity_of(item) for item in listed),
        name=record["name"],
        qr=record["qr"],
        people=tuple(record.get("people", ())),
        legibility=record["legibility"],
        confidence={name: sure for name, sure in record["confidence"].items() if name in ("name", "qr")},
    )


def _activity_record(activity: Activity) -> dict[str, Any]:
    values = {name: _plain(getattr(activity, name)) for name in ACTIVITY_FIELDS}
    return {**values, "confidence": dict(activity.confidence)}


def _activity_of(record: Mapping[str, Any]) -> Activity:
    values = {name: record[name] for name in ACTIVITY_FIELDS}
    if values["category"] is not None:
        values["category"] = Category(values["category"])
    sure = {name: value for name, value in record["confidence"].items() if name in ACTIVITY_FIELDS}
    return Activity(**values, confidence=sure)


def _plain(value: Any) -> Any:
    if isinstance(value, Category):
        return value.value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
