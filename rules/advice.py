"""What would help: a year with one more activity, and what each way of learning could still give here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

from domain.vocabulary import Category, Mode, Unit
from rules.annual_hours import TOTAL, decide
from rules.book import Book
from rules.exact import exact, plain
from rules.plan import YearPlan
from rules.ruling import Case, Citation, Ruling, Subject
from rules.ways import Measure, Way

_SHOWN = (Unit.CLASS_HOUR, Unit.HALF_DAY, Unit.DAY, Unit.MINUTE, Unit.CHAR)  # what people plan in


@dataclass(frozen=True, slots=True)
class Offer:
    """One way to close a gap: `quantity` of `unit` gives `hours` 学时, by `citation`.

    `times` of it close the gap of `category` (or total); None when a cap leaves only `room` hours, fewer than the gap.
    `asks` are the conditions, in the text's words; `label` is what the text calls the activity, when it says more than
    the mode.
    """

    category: str
    gap: float
    mode: Mode
    quantity: int
    unit: Unit
    hours: float
    times: int | None
    room: float | None
    label: str
    asks: tuple[str, ...]
    citation: Citation
    cap: Citation | None


def with_more(
    subject: Subject, cases: Sequence[Case], more: Sequence[Case], year: int, on: date, book: Book
) -> tuple[Ruling, Ruling]:
    """The year as it stands, and as it would stand with `more` done. Raises as `decide`.

    What lies after `on` counts in the second ruling: it is answered as of the last day of what is planned.
    """
    then = max([on, *(case.day for case in more)])
    return decide(subject, cases, year, on, book), decide(subject, [*cases, *more], year, then, book)


def offers(subject: Subject, cases: Sequence[Case], year: int, on: date, book: Book) -> tuple[Offer, ...]:
    """What each listed way of learning gives here towards what is missing; ways that a cap has used up are left out.

    Empty when nothing is missing. The category of a gap is said with each offer; raises as `decide`.
    """
    ruling = decide(subject, cases, year, on, book)
    plan = book.plan(subject.region, year)
    rooms = _rooms(plan, ruling)
    return tuple(
        offer
        for name, gap in gaps(ruling).items()
        for (mode, unit), way in plan.on(on).ways.items()
        if unit in _SHOWN
        for offer in _offers(name, gap, mode, unit, way, rooms)
    )


def gaps(ruling: Ruling) -> dict[str, float]:
    """Hours missing by category, and under total only what the categories' own gaps leave over."""
    missing = {str(name): hours for name, hours in ruling.remaining.items() if name != TOTAL and hours}
    rest = exact(ruling.remaining.get(TOTAL, 0)) - sum((exact(hours) for hours in missing.values()), 0)
    return {**missing, **({TOTAL: plain(rest)} if rest > 0 else {})}


def _rooms(plan: YearPlan, ruling: Ruling) -> dict[Mode, tuple[float, Citation]]:
    """Hours that the caps still leave to a mode, with the cap's article."""
    used = {cap.rule: exact(cap.after) for cap in ruling.caps}
    rooms: dict[Mode, tuple[float, Citation]] = {}
    for rule, limit in plan.caps:
        left = plain(limit - used.get(rule.key, 0))
        for mode in rule.modes:
            if mode not in rooms or left < rooms[mode][0]:
                rooms[mode] = (left, rule.source.citation)
    return rooms


def _offers(
    name: str, gap: float, mode: Mode, unit: Unit, way: Way, rooms: Mapping[Mode, tuple[float, Citation]]
) -> list[Offer]:
    room, cap = rooms.get(mode, (None, None))
    if room is not None and room <= 0:
        return []
    asks = tuple(rule.label for rule, _ in way.conditions if not rule.categories or _concerns(name, rule.categories))
    return [_offer(name, gap, mode, unit, found, room, cap, asks) for found in way.measures if not found.rule.confirm]


def _concerns(name: str, categories: Sequence[Category]) -> bool:
    return name == TOTAL or name in categories


def _offer(
    name: str,
    gap: float,
    mode: Mode,
    unit: Unit,
    found: Measure,
    room: float | None,
    cap: Citation | None,
    asks: tuple[str, ...],
) -> Offer:
    parts = ceil(found.per / found.factor)
    hours = found.rate * (parts * found.factor // found.per)
    enough = room is None or room >= gap
    return Offer(
        category=name,
        gap=gap,
        mode=mode,
        quantity=parts,
        unit=unit,
        hours=plain(exact(hours)),
        times=ceil(exact(gap) / exact(hours)) if enough else None,
        room=room,
        label=found.rule.label,
        asks=asks,
        citation=found.citation,
        cap=cap,
    )
