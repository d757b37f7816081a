"""What would help: a year with one more activity, and what each way of learning could still give here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil

from domain.vocabulary import Category, Mode, Unit
from rules.annual_hours import decide
from rules.book import Book
from rules.exact import exact, plain
from rules.plan import YearPlan
from rules.ruling import TOTAL, Case, Citation, Ruling, Step, Subject
from rules.ways import Measure, Way

_SHOWN = (Unit.CLASS_HOUR, Unit.HALF_DAY, Unit.DAY, Unit.MINUTE, Unit.CHAR)  # what people plan in


@dataclass(frozen=True, slots=True)
class Gift:
    """What one hypothetical activity gives: `hours` before caps (None: the text does not say), `counts` after them.

    `cap` is the article of the cap that took the difference; `steps` say how the hours came about.
    """

    case: str
    hours: float | None
    counts: float
    cap: Citation | None
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The year as it stands and as it would stand; `left` is what would still be missing, by category.

    `gains` are the hours won by category and in total, after caps. `enough` is the second ruling's `complete`.
    """

    before: Ruling
    after: Ruling
    gifts: tuple[Gift, ...]
    gains: dict[str, float]
    left: dict[str, float]

    @property
    def enough(self) -> bool | None:
        return self.after.complete


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

    @property
    def per_day(self) -> float | None:
        """学时 for a day of it; None where the text does not measure it in days."""
        days = {Unit.DAY: 1, Unit.HALF_DAY: 2}.get(self.unit)
        return None if days is None else plain(exact(Fraction(exact(self.hours)) * days / self.quantity))


def what_if(subject: Subject, cases: Sequence[Case], more: Sequence[Case], year: int, on: date, book: Book) -> WhatIf:
    """ "再听两天研修班够吗": what `more` would give here, and what would then still be missing. Raises as `decide`."""
    before, after = with_more(subject, cases, more, year, on, book)
    then = max([on, *(case.day for case in more)])
    without = before if then == on else decide(subject, cases, year, then, book)
    return WhatIf(
        before=before,
        after=after,
        gifts=tuple(_gift(case.id, after) for case in more),
        gains={name: plain(exact(after.totals[name]) - exact(without.totals[name])) for name in after.totals},
        left=gaps(after),
    )


def _gift(case: str, after: Ruling) -> Gift:
    steps = tuple(step for step in after.steps if step.case == case)
    cuts = [step for step in steps if step.key.startswith("rules.cap.cut.")]
    hours = after.recognised[case]
    counts = exact(hours or 0) + sum((exact(step.hours or 0) for step in cuts), 0)
    return Gift(case, hours, plain(exact(counts)), cuts[0].citation if cuts else None, steps)


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


def fastest(subject: Subject, cases: Sequence[Case], year: int, on: date, book: Book) -> tuple[Offer, ...]:
    """ "怎么补最快": the offers, for each gap those first that close it, by 学时 a day; what has no days after."""
    order = {name: at for at, name in enumerate((*Category, TOTAL))}

    def rank(offer: Offer) -> tuple[int, bool, float]:
        return order[offer.category], offer.times is None, -(offer.per_day or 0)

    return tuple(sorted(offers(subject, cases, year, on, book), key=rank))


def shortcuts(subject: Subject, year: int, book: Book) -> tuple[Step, ...]:
    """What would stand for the whole total of the year here (视为完成), each with its article. Raises as `decide`."""
    plan = book.plan(subject.region, year)
    return tuple(
        Step("rules.deemed.needs", {"label": rule.label}, rule.source.citation)
        for rule in plan.deemed
        if not rule.unsettled
    )


def gaps(ruling: Ruling) -> dict[str, float]:
    """Hours missing by category, and under total only what the categories' own gaps leave over."""
    missing = {str(name): hours for name, hours in ruling.remaining.items() if name != TOTAL and hours}
    rest = exact(ruling.remaining.get(TOTAL, 0)) - sum((exact(hours) for hours in missing.values()), 0)
    return {**missing, **({TOTAL: plain(rest)} if rest > 0 else {})}


def targets(ruling: Ruling, book: Book) -> dict[str, float]:
    """Where to aim: the gaps, and of what is missing only in total, first the hours that a category should have
    although the text sets none for it (江西, 四川: the public subject of the year)."""
    aims = {name: exact(hours) for name, hours in gaps(ruling).items()}
    for note in book.plan(ruling.region, ruling.year).notes:
        if note.category is None or note.target is None or TOTAL not in aims:
            continue
        wanted = max(exact(note.target) - exact(ruling.totals[note.category]), 0)
        part = min(wanted, aims[TOTAL])
        aims[TOTAL] -= part
        aims[str(note.category)] = aims.get(str(note.category), 0) + part
    return {name: plain(exact(hours)) for name, hours in aims.items() if hours}


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
