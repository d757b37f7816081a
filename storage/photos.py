"""Pictures of proofs to rows and back: what is kept, what was read in it, by what it is found again, when it goes.

The bytes themselves are in the object store (`bot.photos`); rows say what there is. A picture is kept once for each
person, however often they send it.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, time
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, case, delete, func, literal_column, select, text, update
from sqlalchemy.dialects.postgresql import insert

from domain.proof import UNUSED_FOR, USED_YEARS, Kept, Look, Mark, Twin, due_when_used
from domain.unit import KEEP_YEARS
from storage.members import opened
from storage.sealing import Vault
from storage.statements import Row, Statement, Step, Values, Visit
from storage.tables import columns, table
from storage.tables_proofs import IS_KEPT, LookRow, MarkRow, MemberRow, PhotoRow, ProofRow, UnitSettingsRow

TWINS = 20  # other pictures with the same mark that are looked at
LOOKS = 20  # looks shown to the person
REMOVED = 100  # pictures handed out for removal at once
_MARKS = "marks"

_PHOTOS, _PROOFS, _MARKED = table(PhotoRow), table(ProofRow), table(MarkRow)
_LOOKS, _MEMBERS, _SETTINGS = table(LookRow), table(MemberRow), table(UnitSettingsRow)

_KEEP = insert(_PHOTOS).values(columns(PhotoRow, removed_at=None))
_KEEP_AGAIN = Statement(
    _KEEP.on_conflict_do_update(
        index_elements=["person_id", "photo"],
        set_={
            "removed_at": None,
            "due_at": case((_PHOTOS.c.due_at > _KEEP.excluded.due_at, _PHOTOS.c.due_at), else_=_KEEP.excluded.due_at),
        },
    )
)
_KEEPS: Any = (
    select(func.max(_SETTINGS.c.keep_years))
    .select_from(_SETTINGS.join(_MEMBERS, _MEMBERS.c.unit == _SETTINGS.c.unit))
    .where(_MEMBERS.c.person_id == bindparam("of"), _MEMBERS.c.active)
    .scalar_subquery()
)
_UNTIL = case(  # as long as the person's unit keeps proofs
    *(
        (_KEEPS.in_([literal_column(str(years))]), bindparam(f"until_{years}", type_=_PHOTOS.c.due_at.type))
        for years in KEEP_YEARS
        if years != USED_YEARS
    ),
    else_=bindparam(f"until_{USED_YEARS}", type_=_PHOTOS.c.due_at.type),
)
_USE = Statement(
    update(_PHOTOS)
    .where(_PHOTOS.c.person_id == bindparam("of"), _PHOTOS.c.photo == bindparam("which"), _PHOTOS.c.due_at < _UNTIL)
    .values(due_at=_UNTIL)
)
_SELECTED = [
    *(_PHOTOS.c[name] for name in ("photo", "person_id", "content_type", "size", "kept_at", "due_at")),
    _PHOTOS.c.removed_at,
    _PROOFS.c.flaw,
    _PROOFS.c.reading,
]
_JOINED = _PHOTOS.outerjoin(
    _PROOFS, (_PROOFS.c.person_id == _PHOTOS.c.person_id) & (_PROOFS.c.photo == _PHOTOS.c.photo)
)
_OF_PERSON = Statement(select(*_SELECTED).select_from(_JOINED).where(_PHOTOS.c.person_id == bindparam("of")))
_SAVE = insert(_PROOFS).values(columns(ProofRow))
_SAVE_READING = Statement(
    _SAVE.on_conflict_do_update(
        index_elements=["person_id", "photo"],
        set_={name: _SAVE.excluded[name] for name in ("read_at", "flaw", "reading")},
    )
)
_MARK = Statement(insert(_MARKED).values(columns(MarkRow)).on_conflict_do_nothing())
_UNMARK = Statement(
    delete(_MARKED).where(_MARKED.c.person_id == bindparam("of"), _MARKED.c.photo == bindparam("which"))
)
_DUE = select(_PHOTOS.c.person_id, _PHOTOS.c.photo).where(text(IS_KEPT), _PHOTOS.c.due_at <= bindparam("now"))
_DUE_NOW = Statement(_DUE.order_by(_PHOTOS.c.due_at).limit(REMOVED))
_REMOVE = Statement(
    update(_PHOTOS)
    .where(_PHOTOS.c.person_id == bindparam("of"), _PHOTOS.c.photo == bindparam("which"))
    .where(text(IS_KEPT), _PHOTOS.c.due_at <= bindparam("now"))
    .values(removed_at=bindparam("now"))
)
_LOOK = Statement(insert(_LOOKS).values(columns(LookRow)).on_conflict_do_nothing())
_SEEN_BY = Statement(
    select(_LOOKS.c.photo, _LOOKS.c.unit, _LOOKS.c.looked_at, _MEMBERS.c.identity, _MEMBERS.c.name)
    .select_from(
        _LOOKS.outerjoin(_MEMBERS, (_MEMBERS.c.person_id == _LOOKS.c.viewer_id) & (_MEMBERS.c.unit == _LOOKS.c.unit))
    )
    .where(_LOOKS.c.person_id == bindparam("of"))
    .order_by(_LOOKS.c.id.desc())
    .limit(LOOKS)
)


def keep(person_id: str, photo: str, content_type: str, size: int, now: datetime) -> Visit[None]:
    """A picture has been stored: its row, or the row that was there, which is then kept at least as long again."""
    values = {"person_id": person_id, "photo": photo, "content_type": content_type, "size": size}
    yield (Step(_KEEP_AGAIN, {**values, "kept_at": now, "due_at": now + UNUSED_FOR}),)


def use(person_id: str, photo: str, year: int) -> Step:
    """The step that keeps a picture as long as the claim of `year` that it proves."""
    until = {f"until_{kept}": datetime.combine(due_when_used(year, kept), time(), UTC) for kept in KEEP_YEARS}
    return Step(_USE, {"of": person_id, "which": photo, **until})


def save_reading(
    vault: Vault, person_id: str, photo: str, record: Mapping[str, Any] | None, flaw: str, now: datetime
) -> Visit[None]:
    """What was read in a picture, or why it cannot be. A later reading replaces an earlier one."""
    sealed = None
    if record is not None:
        sealed = vault.seal(json.dumps(record, ensure_ascii=False).encode(), _place(person_id, photo))
    values = {"person_id": person_id, "photo": photo, "read_at": now, "flaw": flaw, "reading": sealed}
    yield (Step(_SAVE_READING, values),)


def mark(vault: Vault, person_id: str, photo: str, marks: Iterable[tuple[Mark, str]]) -> Visit[None]:
    """The marks of a picture, in place of the ones it had."""
    steps = [Step(_UNMARK, {"of": person_id, "which": photo})]
    for kind, words in marks:
        digest = vault.digest(f"{kind.value}\n{words}", _MARKS)
        steps.append(Step(_MARK, {"digest": digest, "person_id": person_id, "photo": photo, "mark": kind.value}))
    yield tuple(steps)


@lru_cache(16)
def _with_marks(count: int) -> Statement:
    wanted = [bindparam(f"d{place}", type_=_MARKED.c.digest.type) for place in range(count)]
    return Statement(
        select(_MARKED.c.mark, _MARKED.c.photo, _MARKED.c.person_id)
        .where(_MARKED.c.digest.in_(wanted))
        .limit(literal_column(str(TWINS)))
    )


def twins(vault: Vault, person_id: str, photo: str, marks: Sequence[tuple[Mark, str]]) -> Visit[list[Twin]]:
    """Other pictures with one of the marks, and the same picture sent by somebody else."""
    digests = [found for kind, words in marks for found in vault.digests(f"{kind.value}\n{words}", _MARKS)]
    if not digests:
        return []
    (rows,) = yield (Step(_with_marks(len(digests)), {f"d{place}": one for place, one in enumerate(digests)}),)
    found = {
        (Mark(kind), other, owner == person_id) for kind, other, owner in rows if (owner, other) != (person_id, photo)
    }
    return [Twin(*one) for one in sorted(found)]


def of_person(vault: Vault, person_id: str) -> Visit[list[Kept]]:
    """All pictures of a person with what was read in them, oldest first; also the removed ones."""
    (rows,) = yield (Step(_OF_PERSON, {"of": person_id}),)
    return sorted((_kept(vault, row) for row in rows), key=lambda kept: (kept.kept_at, kept.photo))


def _kept(vault: Vault, row: Row) -> Kept:
    photo, person_id, content_type, size, kept_at, due_at, removed_at, flaw, reading = row
    return Kept(
        photo=photo,
        person_id=person_id,
        content_type=content_type,
        size=size,
        kept_at=kept_at,
        due_at=due_at,
        removed=removed_at is not None,
        reading=None if reading is None else json.loads(vault.open(reading, _place(person_id, photo))),
        flaw=flaw or "",
    )


def due(now: datetime) -> Visit[list[tuple[str, str]]]:
    """Up to REMOVED pictures whose time is over, as (person, photo)."""
    (rows,) = yield (Step(_DUE_NOW, {"now": now}),)
    return [(person_id, photo) for person_id, photo in rows]


def remove(person_id: str, photo: str, now: datetime) -> Visit[bool]:
    """Says that a picture whose time is over is gone; False when it has been put to use since."""
    (rows,) = yield (Step(_REMOVE, {"of": person_id, "which": photo, "now": now}),)
    return bool(rows)


def look(key: str, person_id: str, photo: str, viewer_id: str, unit: str, now: datetime) -> Visit[None]:
    """Somebody is about to see a picture; `key` makes the look once."""
    values: Values = {"key": key, "person_id": person_id, "photo": photo, "viewer_id": viewer_id, "unit": unit}
    yield (Step(_LOOK, {**values, "looked_at": now}),)


def looks(vault: Vault, person_id: str) -> Visit[list[Look]]:
    """Who has looked at a person's pictures, latest first."""
    (rows,) = yield (Step(_SEEN_BY, {"of": person_id}),)
    return [
        Look(photo, "" if name is None else opened(vault, identity, "name", name), unit, at)
        for photo, unit, at, identity, name in rows
    ]


def _place(person_id: str, photo: str) -> str:
    return f"proofs/{person_id}/{photo}"
