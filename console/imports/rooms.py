"""The room of imports: hand in a list, look at its rehearsal, let it run, look what became of it."""

import hashlib
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from aiohttp import web

from console.doors import FORM_LIMIT, Door, Room
from console.forms import Upload
from console.imports import attendance, pages
from console.imports.stages import LEFT, WRONG
from console.imports.taking import MAX_BYTES, Form, attendance_form, roster_form, take_in
from console.sheets import cells
from console.sheets.cells import CellWrong
from console.sheets.reading import SheetRefused
from console.visitor import Missing, Visitor
from domain.batch import Batch, BatchKind, BatchState
from domain.person import Role
from domain.vocabulary import Category, Mode
from storage.refusals import Conflict
from wording import say

LISTS = (BatchKind.ROSTER, BatchKind.ATTENDANCE)
UPLOAD_LIMIT = MAX_BYTES + FORM_LIMIT
ADMIN = (Role.HR_ADMIN,)
_DOABLE = ("new", "changed", "awaited", "verify", "own")
TITLE = 200


def admin_units(visitor: Visitor) -> tuple[str, ...]:
    """The units that a page is about: of those chosen the ones that the visitor administers, else all of these."""
    return visitor.scope.units(*ADMIN) or visitor.scope.all_units(*ADMIN)


async def show(visitor: Visitor) -> web.StreamResponse:
    """What has been handed in lately, and the two forms."""
    return visitor.page("imports/list.html", **await _front(visitor))


async def _front(visitor: Visitor, **more: Any) -> dict[str, Any]:
    units = admin_units(visitor)
    recent = await visitor.office.store.sheets.recent(units, LISTS)
    awaited = sum([await visitor.office.store.sheets.awaited(unit) for unit in units])
    return {
        "units": units,
        "recent": [one for one in recent if one.state is not BatchState.READ],
        "awaited": awaited,
        "limit": MAX_BYTES,
        "categories": [(each.value, say(f"category.{each}")) for each in Category],
        "modes": [(each.value, say(f"mode.{each}")) for each in list(Mode)[:12]],
        "said": visitor.form,
        "wrong": {},
        **more,
    }


async def take_roster(visitor: Visitor) -> web.StreamResponse:
    return await _take(visitor, roster_form(), {})


async def take_attendance(visitor: Visitor) -> web.StreamResponse:
    try:
        shared = _shared(visitor)
    except (CellWrong, ValueError):
        told = {BatchKind.ATTENDANCE.value: say("console.imports.bad_shared")}
        return visitor.page("imports/list.html", status=422, **await _front(visitor, wrong=told))
    return await _take(visitor, attendance_form(shared, visitor.now), shared)


def _shared(visitor: Visitor) -> dict[str, Any]:
    """What holds for the whole list. ValueError, CellWrong for what cannot be."""
    said = {name: visitor.form.said(name)[:TITLE] for name in attendance.SHARED}
    shared: dict[str, Any] = {name: said[name] for name in ("title", "organizer") if said[name]}
    for name in ("start", "end"):
        if said[name]:
            shared[name] = date.fromisoformat(said[name]).isoformat()
    if shared.get("start", "") > shared.get("end", "9999"):
        raise ValueError("the end is before the start")
    if said["category"]:
        shared["category"] = Category(said["category"]).value
    if said["mode"]:
        shared["mode"] = Mode(said["mode"]).value
    if said["hours"]:
        shared["hours"] = cells.hours(said["hours"])
    return shared


async def _take(visitor: Visitor, form: Form, shared: dict[str, Any]) -> web.StreamResponse:
    unit = visitor.form.said("unit") or admin_units(visitor)[0]
    if not visitor.scope.allows(unit, *ADMIN):
        return visitor.missing()
    batch = new_batch(visitor, form.kind, unit, visitor.now)
    try:
        upload = handed_in(visitor)
        batch.content.update({"file": upload.filename, "shared": shared})
        await take_in(visitor.office.store, batch, form, upload.path, visitor.now)
    except SheetRefused as refused:
        told = {form.kind.value: say(f"console.sheets.refused.{refused.key}", **refused.values)}
        return visitor.page("imports/list.html", status=422, **await _front(visitor, wrong=told))
    except Conflict:
        pass  # the same form once more: its batch is there
    visitor.office.wake()
    return visitor.go(f"/console/imports/{batch.id}")


def handed_in(visitor: Visitor) -> Upload:
    """The file of the form. SheetRefused when there is none."""
    upload = visitor.form.files.get("file")
    if upload is None or not upload.size:
        raise SheetRefused("nothing")
    return upload


def new_batch(visitor: Visitor, kind: BatchKind, unit: str, now: datetime) -> Batch:
    """A batch whose id follows from the form: posted again, it is the same one."""
    id_ = hashlib.sha256(f"{kind}\n{visitor.once}".encode()).hexdigest()[:24]
    return Batch(id_, unit, kind, BatchState.READ, visitor.person.id, now)


async def _batch(visitor: Visitor) -> Batch:
    """The batch of the address, if it is of one of the visitor's units."""
    units = visitor.scope.all_units(*ADMIN)
    batch = await visitor.office.store.sheets.find(visitor.part("batch"), units)
    if batch is None or batch.kind not in LISTS or batch.state is BatchState.READ:
        raise Missing
    return batch


async def see(visitor: Visitor) -> web.StreamResponse:
    """One list: how far it is, what its rehearsal says, what became of it."""
    batch = await _batch(visitor)
    leaf = LEFT if batch.state in {BatchState.DONE, BatchState.STOPPED, BatchState.FAILED} else WRONG
    rows, more = ([], False) if batch.moves else await pages.doubtful(visitor.office.store, batch, leaf, pages.LISTED)
    if rows:
        await visitor.note_export(batch.unit)
    right = sum(batch.tally.get(name, 0) for name in _DOABLE)
    return visitor.page(
        "imports/batch.html",
        batch=batch,
        lines=pages.lines(rows),
        more=more,
        most=pages.LISTED,
        right=right,
        tallied=_tallied(batch),
        columns=_columns(batch),
    )


def _tallied(batch: Batch) -> list[tuple[str, str, int]]:
    done = batch.state in {BatchState.RUNNING, BatchState.DONE, BatchState.STOPPED, BatchState.FAILED}
    kind = "done_tally" if done else "tally"
    names = ("new", "changed", "same", "awaited", "verify", "own", "repeat", "wrong")
    shown = [name for name in names if batch.tally.get(name) or name in {"new", "wrong"}]
    return [(name, say(f"console.imports.{kind}.{name}"), batch.tally.get(name, 0)) for name in shown]


def _columns(batch: Batch) -> str:
    letters = batch.content.get("letters", {})
    return "、".join(f"{letter} {say(f'console.sheets.field.{name}')}" for name, letter in letters.items())


async def progress(visitor: Visitor) -> web.StreamResponse:
    """How far it is, as a part of the page; when it has come to a stop the whole page is shown anew."""
    return moving(visitor, await _batch(visitor), "imports")


def moving(visitor: Visitor, batch: Batch, room: str) -> web.StreamResponse:
    """The progress of a batch of any room."""
    if not batch.moves:
        return visitor.go(f"/console/{room}/{batch.id}")
    return visitor.page("imports/progress.html", batch=batch, room=room)


async def go(visitor: Visitor) -> web.StreamResponse:
    """The real run, as chosen: all, with the suggestions, or only what is right."""
    batch = await _batch(visitor)
    here = f"/console/imports/{batch.id}"
    mend, partial = bool(visitor.form.said("mend")), bool(visitor.form.said("partial"))
    wrong = batch.tally.get("wrong", 0) - (batch.tally.get("mendable", 0) if mend else 0)
    if wrong > 0 and not partial:
        return visitor.say_and_go("console.imports.need_choice", here, wrong=wrong)
    content = {**batch.content, "mend": mend, "partial": partial, "went_by": visitor.person.id}
    going = replace(batch, state=BatchState.RUNNING, place=0, tally={}, content=content)
    try:
        await visitor.office.store.sheets.change(BatchState.REHEARSED, going, visitor.now)
    except Conflict:
        return visitor.say_and_go("console.batch.too_late", here)
    visitor.office.wake()
    return visitor.say_and_go("console.imports.started", here)


async def stop(visitor: Visitor) -> web.StreamResponse:
    """Stops a run, or drops a rehearsal; what was done stays."""
    batch = await _batch(visitor)
    if (too_late := await ended(visitor, batch, "imports")) is not None:
        return too_late
    if batch.state is BatchState.RUNNING:
        return visitor.say_and_go("console.batch.stopped_now", f"/console/imports/{batch.id}")
    return visitor.say_and_go("console.imports.dropped", "/console/imports")


async def ended(visitor: Visitor, batch: Batch, room: str) -> web.StreamResponse | None:
    """Puts a batch of any room to an end; the answer when it is too late for that."""
    try:
        await visitor.office.store.sheets.change(batch.state, stopped(batch, visitor.now), visitor.now)
    except Conflict:
        return visitor.say_and_go("console.batch.too_late", f"/console/{room}/{batch.id}")
    return None


def stopped(batch: Batch, now: datetime) -> Batch:
    """The batch, put to an end. Conflict where it has come to one."""
    if batch.state in {BatchState.DONE, BatchState.STOPPED, BatchState.FAILED}:
        raise Conflict("the batch has ended")
    return replace(batch, state=BatchState.STOPPED, ended_at=now)


async def problems(visitor: Visitor) -> web.StreamResponse:
    """All that is wrong in a list, as a workbook."""
    batch = await _batch(visitor)
    await visitor.note_export(batch.unit)
    leaf = LEFT if batch.state is BatchState.DONE else WRONG
    told = [line async for rows in pages.leaves(visitor.office.store, batch, leaf) for line in pages.lines(rows)]
    name = f"{say('console.imports.sheet_name')}.xlsx"
    return visitor.download(pages.problem_book(told), name, pages.XLSX)


async def template(visitor: Visitor) -> web.StreamResponse:
    """A workbook to fill in."""
    if visitor.part("kind") not in {kind.value for kind in LISTS}:
        return visitor.missing()
    kind = BatchKind(visitor.part("kind"))
    return visitor.download(pages.template_book(kind), f"{say(f'console.batch.kind.{kind}')}.xlsx", pages.XLSX)


ROOM = Room(
    "imports",
    (
        Door("GET", "/imports", show),
        Door("POST", "/imports/roster", take_roster, body_limit=UPLOAD_LIMIT),
        Door("POST", "/imports/attendance", take_attendance, body_limit=UPLOAD_LIMIT),
        Door("GET", "/imports/template/{kind}", template),
        Door("GET", "/imports/{batch}", see),
        Door("GET", "/imports/{batch}/progress", progress, polled=True),
        Door("GET", "/imports/{batch}/problems", problems),
        Door("POST", "/imports/{batch}/go", go),
        Door("POST", "/imports/{batch}/stop", stop),
    ),
    ADMIN,
)
