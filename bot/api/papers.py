"""Papers to take away: begun by a form, made aside, fetched with the token when they are ready.

An export's id is that of the form that began it, under the caller's own identity: nobody else's id leads anywhere.
"""

from bot.api.call import Call, form_key
from bot.api.models.pieces import Nothing
from bot.api.models.wishes import ExportAsked, ExportTaken, ExportTold
from bot.api.problems import Problem
from bot.api.route import File
from bot.chores import message_key_of
from bot.papers import form_pdf
from domain.delivery import Reply
from domain.paper import check_code
from domain.task import TaskKind
from handlers import forms

_TASKS = {"form": TaskKind.RENDER_FORM, "card": TaskKind.RENDER_CARD, "copy": TaskKind.COPY_DATA}
_TYPES = {"form": "application/pdf", "card": "image/png", "copy": "application/zip"}


async def begun(call: Call) -> ExportTaken:
    asked = call.asked(ExportAsked)
    await call.fill(forms.PAPER, kind=asked.kind, year=asked.year)
    return _taken(call)


async def copied(call: Call) -> ExportTaken:
    call.asked(Nothing)
    await call.fill(forms.COPY)
    return _taken(call)


def _taken(call: Call) -> ExportTaken:
    name = call.message_key.rpartition(":")[2]
    return ExportTaken(export=name, state="making", path=f"/exports/{name}")


async def shown(call: Call) -> ExportTold:
    kind, year, made = await _known(call)
    name = call.path["export"]
    ready = made is not None and "failed" not in made.fields
    fields = made.fields if made is not None else {}
    return ExportTold(
        export=name,
        kind=kind,
        state="making" if made is None else "ready" if ready else "failed",
        year=year or None,
        code=fields.get("code") if ready else None,
        verify=(fields.get("verify") or None) if ready else None,
        type=_TYPES[kind],
        file=f"/exports/{name}/file" if ready else None,
    )


async def _known(call: Call) -> tuple[str, int, Reply | None]:
    """Kind and year of an export, and what its task has led to, None while it is made."""
    key = form_key(call.who, call.path["export"])
    begun = await call.parts.store.mini.receipt(key)
    fields = begun[1].fields if begun is not None and begun[1] is not None else {}
    kind = fields.get("kind", "")
    if kind not in _TASKS or "status" in fields:
        raise Problem(404, "not_found")
    made = await call.parts.store.mini.receipt(message_key_of(_task_key(key, kind)))
    return kind, int(fields["year"]), made[1] if made is not None else None


def _task_key(key: str, kind: str) -> str:
    return f"{key}#{_TASKS[kind].value}:0"


async def file(call: Call) -> File:
    kind, year, made = await _known(call)
    if made is None or "failed" in made.fields:
        raise Problem(404, "not_ready")
    parts, person_id = call.parts, call.person.id
    if kind == "copy":
        zipped = await parts.privacy.copy(person_id)
        if zipped is None:
            raise Problem(404, "not_found")
        return File(zipped, _TYPES[kind], "my-data.zip")
    if kind == "card":
        return File(await parts.papers.card_of(person_id, year), _TYPES[kind], f"progress-{year}.png")
    code = check_code(parts.store.papers.digest(_task_key(form_key(call.who, call.path["export"]), kind)))
    issued = await parts.store.papers.find(code)
    if issued is None or issued.person_id != person_id:
        raise Problem(404, "not_found")
    return File(await form_pdf(issued), _TYPES[kind], f"registration-{year}.pdf")
