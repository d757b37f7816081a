"""The room of exports: yearly statistics with what only the unit knows, the unit's workbook, forms of many people."""

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

from aiohttp import web

from console.doors import Door, Room
from console.exports import forms, statistics, workbook
from console.gate import HEADERS
from console.imports.pages import XLSX
from console.imports.rooms import ADMIN, admin_units, ended, moving, new_batch
from console.visitor import Missing, Visitor
from domain.access import Seen
from domain.batch import Batch, BatchKind, BatchState
from storage.refusals import Conflict
from storage.sheets_store import FILE
from wording import say

KINDS = (BatchKind.WORKBOOK, BatchKind.FORMS)
YEARS = 6  # that can be asked for
MOST_FUNDS = 1e12  # 元
WORDS = 200
ZIP = "application/zip"


def year_asked(visitor: Visitor, said: str) -> int:
    """The year of a page: one of the last YEARS, else this one."""
    asked = int(said) if said.isdecimal() and len(said) == 4 else visitor.now.year
    return asked if visitor.now.year - YEARS < asked <= visitor.now.year else visitor.now.year


async def show(visitor: Visitor) -> web.StreamResponse:
    return visitor.page(
        "exports/list.html", **await _front(visitor, year_asked(visitor, visitor.asked.get("year", "")))
    )


async def _front(visitor: Visitor, year: int, **more: Any) -> dict[str, Any]:
    store, units = visitor.office.store, admin_units(visitor)
    each, whole = statistics.summed(await store.sheets.groups(units, year))
    recent = await store.sheets.recent(units, KINDS)
    return {
        "units": units,
        "unit": unit_of(visitor),
        "year": year,
        "years": [(visitor.now.year - back, visitor.now.year - back) for back in range(YEARS)],
        "each": each,
        "whole": whole,
        "filled": await store.sheets.figures(unit_of(visitor), year),
        "bases": statistics.bases(visitor.office.book),
        "departments": [("", say("console.exports.all_departments")), *_departments(each)],
        "recent": [one for one in recent if _may_see(visitor, one)],
        "wrong": {},
        **more,
    }


def _departments(each: list[statistics.Figures]) -> list[tuple[str, str]]:
    named = dict.fromkeys(one.department for one in each if one.department)
    return [(name, name) for name in named]


def unit_of(visitor: Visitor) -> str:
    """The unit that a figure is filled in for: the one chosen, else the first that the visitor administers."""
    return admin_units(visitor)[0]


async def fill(visitor: Visitor) -> web.StreamResponse:
    """Keeps what the unit fills in: funds, who filled them in."""
    year = year_asked(visitor, visitor.form.said("year"))
    content: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for name in statistics.FUNDS:
        said = visitor.form.said(name).replace(",", "")
        if said:
            try:
                content[name] = _money(said)
            except ValueError:
                wrong[name] = say("console.exports.bad_money")
    content |= {name: visitor.form.said(name)[:WORDS] for name in statistics.WORDS if visitor.form.said(name)}
    if not wrong and content.get("from_unit", 0) + content.get("from_people", 0) > content.get("spent", MOST_FUNDS):
        wrong["spent"] = say("console.exports.bad_sum")
    if wrong:
        filled = {name: visitor.form.said(name) for name in (*statistics.FUNDS, *statistics.WORDS)}
        front = await _front(visitor, year, wrong=wrong, filled=filled)
        return visitor.page("exports/list.html", status=422, **front)
    await visitor.office.store.sheets.set_figures(unit_of(visitor), year, content, visitor.person.id, visitor.now)
    return visitor.say_and_go("console.exports.filled", f"/console/exports?year={year}")


def _money(said: str) -> float:
    amount = round(float(said), 2)
    if not 0 <= amount <= MOST_FUNDS:
        raise ValueError("not an amount of money")
    return amount


async def take_statistics(visitor: Visitor) -> web.StreamResponse:
    """The statistics as a workbook."""
    year, units = year_asked(visitor, visitor.asked.get("year", "")), admin_units(visitor)
    store, book = visitor.office.store, visitor.office.book
    each, whole = statistics.summed(await store.sheets.groups(units, year))
    filled = await store.sheets.figures(unit_of(visitor), year)
    made = statistics.statistics_book(units, year, each, whole, filled, book, visitor.now.date().isoformat())
    return visitor.download(made, f"{say('console.exports.statistics_title', year=year)}.xlsx", XLSX)


async def gather(visitor: Visitor) -> web.StreamResponse:
    """Begins the unit's workbook."""
    return await _begin(visitor, BatchKind.WORKBOOK, workbook.PEOPLE)


async def pack(visitor: Visitor) -> web.StreamResponse:
    """Begins the forms of many people."""
    return await _begin(visitor, BatchKind.FORMS, forms.PEOPLE)


async def _begin(visitor: Visitor, kind: BatchKind, size: int) -> web.StreamResponse:
    units, year = admin_units(visitor), year_asked(visitor, visitor.form.said("year"))
    department = visitor.form.said("department")[:100]
    batch = new_batch(visitor, kind, units[0], visitor.now)
    batch.content.update({"units": list(units), "year": year, "department": department})
    bound = kind is BatchKind.FORMS
    store = visitor.office.store
    try:
        begun = await workbook.begin(store, batch, visitor.now, bound=bound, department=department, size=size)
    except Conflict:  # the same form once more: it is under way
        return visitor.go(f"/console/exports/{batch.id}")
    if begun is None:
        return visitor.say_and_go("console.exports.nobody", f"/console/exports?year={year}")
    await visitor.note_export(batch.unit, Seen.FORM if bound else Seen.EXPORT)
    visitor.office.wake()
    return visitor.go(f"/console/exports/{batch.id}")


def _may_see(visitor: Visitor, batch: Batch) -> bool:
    """Whether all that a batch takes out is of units that the visitor administers."""
    return set(batch.content.get("units", ())) <= set(visitor.scope.all_units(*ADMIN))


async def _batch(visitor: Visitor) -> Batch:
    units = visitor.scope.all_units(*ADMIN)
    batch = await visitor.office.store.sheets.find(visitor.part("export"), units)
    if batch is None or batch.kind not in KINDS or not _may_see(visitor, batch):
        raise Missing
    return batch


async def see(visitor: Visitor) -> web.StreamResponse:
    batch = await _batch(visitor)
    there = batch.state is BatchState.DONE and bool(await visitor.office.store.sheets.numbers(batch.id, FILE))
    return visitor.page("exports/batch.html", batch=batch, there=there)


async def progress(visitor: Visitor) -> web.StreamResponse:
    return moving(visitor, await _batch(visitor), "exports")


async def stop(visitor: Visitor) -> web.StreamResponse:
    batch = await _batch(visitor)
    if (too_late := await ended(visitor, batch, "exports")) is not None:
        return too_late
    return visitor.say_and_go("console.batch.stopped_now", f"/console/exports/{batch.id}")


async def take(visitor: Visitor) -> web.StreamResponse:
    """The file itself, in pieces: a workbook, or the forms as a zip."""
    batch = await _batch(visitor)
    store = visitor.office.store
    if batch.state is not BatchState.DONE or not await store.sheets.numbers(batch.id, FILE):
        raise Missing
    await visitor.note_export(batch.unit, Seen.FORM if batch.kind is BatchKind.FORMS else Seen.EXPORT)
    year, kind = batch.content["year"], batch.kind
    if kind is BatchKind.FORMS:
        return await _sent(
            visitor, forms.zipped(store, batch), f"{say('console.exports.forms_name', year=year)}.zip", ZIP
        )
    return await _sent(
        visitor, _pieces(visitor, batch), f"{say('console.exports.workbook_name', year=year)}.xlsx", XLSX
    )


async def _pieces(visitor: Visitor, batch: Batch) -> AsyncIterator[bytes]:
    for at in await visitor.office.store.sheets.numbers(batch.id, FILE):
        yield await visitor.office.store.sheets.page(batch.id, FILE, at) or b""


async def _sent(visitor: Visitor, pieces: AsyncIterator[bytes], name: str, content_type: str) -> web.StreamResponse:
    headers = {**HEADERS, "Content-Type": content_type}
    headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    response = web.StreamResponse(headers=headers)
    await response.prepare(visitor.request)
    async for piece in pieces:
        if piece:
            await response.write(piece)
    await response.write_eof()
    return response


ROOM = Room(
    "exports",
    (
        Door("GET", "/exports", show),
        Door("GET", "/exports/statistics", take_statistics),
        Door("POST", "/exports/figures", fill),
        Door("POST", "/exports/workbook", gather),
        Door("POST", "/exports/forms", pack),
        Door("GET", "/exports/{export}", see),
        Door("GET", "/exports/{export}/progress", progress, polled=True),
        Door("GET", "/exports/{export}/file", take),
        Door("POST", "/exports/{export}/stop", stop),
    ),
    ADMIN,
)
