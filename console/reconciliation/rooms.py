"""The room of reconciliation: hand in an official export, look at the differences, decide them as ticked."""

from typing import Any

from aiohttp import web

from console.doors import Door, Room
from console.exports.rooms import YEARS, year_asked
from console.imports.rooms import ADMIN, UPLOAD_LIMIT, admin_units, ended, handed_in, moving, new_batch
from console.imports.taking import MAX_BYTES, take_in
from console.reconciliation import deciding
from console.reconciliation.records import form
from console.reconciliation.stages import AT_ONCE
from console.sheets.reading import SheetRefused
from console.visitor import Missing, Visitor
from domain.batch import Batch, BatchKind, BatchState, Cause, Difference, DifferenceState
from domain.vocabulary import Category, Mode
from storage.refusals import Conflict
from wording import say

CAUSES = tuple(Cause)
SOURCE = 40
MOST = 50  # differences that are decided at once
_NUMBER = 12


async def show(visitor: Visitor) -> web.StreamResponse:
    return visitor.page("reconciliation/list.html", **await _front(visitor))


async def _front(visitor: Visitor, wrong: str = "") -> dict[str, Any]:
    units = admin_units(visitor)
    recent = await visitor.office.store.sheets.recent(units, (BatchKind.OFFICIAL,))
    return {
        "units": units,
        "recent": [one for one in recent if one.state is not BatchState.READ],
        "years": [(visitor.now.year - back, visitor.now.year - back) for back in range(YEARS)],
        "limit": MAX_BYTES,
        "wrong": wrong,
        "said": visitor.form,
    }


async def take(visitor: Visitor) -> web.StreamResponse:
    """An official export: read, and compared by whoever works."""
    unit = visitor.form.said("unit") or admin_units(visitor)[0]
    if not visitor.scope.allows(unit, *ADMIN):
        return visitor.missing()
    year = year_asked(visitor, visitor.form.said("year"))
    source = visitor.form.said("source")[:SOURCE] or say("console.reconciliation.source_default")
    everybody = bool(visitor.form.said("all_people"))
    store = visitor.office.store
    batch = new_batch(visitor, BatchKind.OFFICIAL, unit, visitor.now)
    try:
        upload = handed_in(visitor)
        batch.content.update({"file": upload.filename, "source": source, "year": year, "all_people": everybody})
        people = len(await store.sheets.member_ids((unit,), bound=True)) if everybody else 0
        await take_in(store, batch, form(year), upload.path, visitor.now, least=-(-people // AT_ONCE) or 1)
    except SheetRefused as refused:
        wrong = say(f"console.sheets.refused.{refused.key}", **refused.values)
        return visitor.page("reconciliation/list.html", status=422, **await _front(visitor, wrong))
    except Conflict:
        pass  # the same form once more: its batch is there
    visitor.office.wake()
    return visitor.go(f"/console/reconciliation/{batch.id}")


async def _batch(visitor: Visitor) -> Batch:
    units = visitor.scope.all_units(*ADMIN)
    batch = await visitor.office.store.sheets.find(visitor.part("comparison"), units)
    if batch is None or batch.kind is not BatchKind.OFFICIAL or batch.state is BatchState.READ:
        raise Missing
    return batch


async def see(visitor: Visitor) -> web.StreamResponse:
    """The differences: how many of each cause, and those of one cause."""
    batch = await _batch(visitor)
    store = visitor.office.store.sheets
    tally = await store.difference_tally(batch.id)
    cause = visitor.asked.get("cause", "")
    cause = cause if cause in set(Cause) else _first(tally)
    state = visitor.asked.get("state", "open")
    state = state if state in set(DifferenceState) else "open"
    after = visitor.asked.get("after", "")
    from_ = int(after) if after.isdecimal() and len(after) <= _NUMBER else -1
    listed, more = ([], False) if batch.moves else await store.differences(batch.id, cause, state, from_)
    if listed:
        await visitor.note_export(batch.unit)
    counts = [
        (each, sum(count for (one, at), count in tally.items() if one is each and at == state)) for each in CAUSES
    ]
    return visitor.page(
        "reconciliation/batch.html",
        batch=batch,
        cause=cause,
        state=state,
        counts=[(each, count) for each, count in counts if count or each == cause],
        states=[(each, sum(count for (_, at), count in tally.items() if at is each)) for each in DifferenceState],
        listed=[(one, _sides(one)) for one in listed],
        decidable=cause in deciding.DECIDABLE and state == "open",
        keepable=state == "open",
        asks_mode=cause == Cause.MISSING_HERE,
        last=listed[-1].number if listed else 0,
        more=more,
        agreed=batch.tally.get("same", 0),
        wrong=batch.content.get("wrong", 0),
        other_year=batch.content.get("other_year", 0),
        modes=[(each.value, say(f"mode.{each}")) for each in list(Mode)[:12]],
        categories=[(each.value, say(f"category.{each}")) for each in Category],
    )


def _first(tally: dict[tuple[Cause, DifferenceState], int]) -> str:
    """The first cause with something open, else the first there is."""
    still = [cause for cause in CAUSES if tally.get((cause, DifferenceState.OPEN))]
    return (still or list(CAUSES))[0].value


def _sides(one: Difference) -> list[tuple[str, str, str, bool]]:
    """What both sides say, field by field: name of the field, theirs, ours, and whether they differ."""
    there, here = one.official, one.ours
    category = say(f"category.{there.category}") if there and there.category else ""
    rows = [
        ("title", there.title if there else "", here.title if here else ""),
        ("hours", f"{there.hours:.10g}" if there else "", say(f"unit.{here.unit}", n=here.quantity) if here else ""),
        ("days", _days(there.start, there.end) if there else "", _days(here.start, here.end) if here else ""),
        ("category", category, say(f"category.{here.category}") if here else ""),
    ]
    cause = {Cause.HOURS: "hours", Cause.DATES: "days", Cause.CATEGORY: "category", Cause.TITLE: "title"}.get(one.cause)
    return [(field, theirs, ours, field == cause) for field, theirs, ours in rows if theirs or ours]


def _days(start: Any, end: Any) -> str:
    if start is None:
        return ""
    return start.isoformat() if end in (None, start) else f"{start.isoformat()} – {end.isoformat()}"


async def progress(visitor: Visitor) -> web.StreamResponse:
    return moving(visitor, await _batch(visitor), "reconciliation")


async def decide(visitor: Visitor) -> web.StreamResponse:
    """The official record holds, or ours does, for those that are ticked."""
    batch = await _batch(visitor)
    said = visitor.form
    numbers = [int(one) for one in said.all("number") if one.isdecimal() and len(one) <= _NUMBER][:MOST]
    here = f"/console/reconciliation/{batch.id}?cause={said.said('cause') if said.said('cause') in set(Cause) else ''}"
    if not numbers:
        return visitor.say_and_go("console.reconciliation.none_ticked", here)
    store, by, now = visitor.office.store, visitor.person.id, visitor.now
    several = await store.sheets.find_differences(batch.id, numbers)
    if said.said("act") == "keep":
        decided = await deciding.keep(store, several, by, now)
        return visitor.say_and_go("console.reconciliation.kept_ours", here, count=decided.done)
    mode, category = said.said("mode"), said.said("category")
    filled = deciding.Filled(
        Mode(mode) if mode in set(Mode) else Mode.TRAINING_CLASS,
        Category(category) if category in set(Category) else None,
    )
    decided = await deciding.accept(store, visitor.office.book, batch, several, filled, by, now)
    visitor.office.wake()
    left = decided.moved + decided.lacking + decided.own
    key = "accepted_some" if left else "accepted"
    return visitor.say_and_go(
        f"console.reconciliation.{key}",
        here,
        count=decided.done,
        moved=decided.moved,
        lacking=decided.lacking,
        own=decided.own,
    )


async def stop(visitor: Visitor) -> web.StreamResponse:
    batch = await _batch(visitor)
    if (too_late := await ended(visitor, batch, "reconciliation")) is not None:
        return too_late
    return visitor.say_and_go("console.batch.stopped_now", f"/console/reconciliation/{batch.id}")


ROOM = Room(
    "reconciliation",
    (
        Door("GET", "/reconciliation", show),
        Door("POST", "/reconciliation", take, body_limit=UPLOAD_LIMIT),
        Door("GET", "/reconciliation/{comparison}", see),
        Door("GET", "/reconciliation/{comparison}/progress", progress, polled=True),
        Door("POST", "/reconciliation/{comparison}/decide", decide),
        Door("POST", "/reconciliation/{comparison}/stop", stop),
    ),
    ADMIN,
)
