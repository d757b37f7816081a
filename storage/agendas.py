"""Agendas: when a person is next to be looked at, and what they wish of reminders.

Whatever changes a person's facts touches their agenda in the same commit, so that nothing needs to be searched for.
"""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import and_, case, literal_column
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT reads the same on SQLite

from domain.reminder import Wishes
from storage.sealing import Vault
from storage.statements import Row, Statement, Step
from storage.tables import columns, table
from storage.tables_reminders import AgendaRow

_AGENDAS = table(AgendaRow)
NO_WISHES = Wishes()  # one for all who have none: it is never changed, only copied
SELECTED = [_AGENDAS.c[name] for name in ("due_at", "since", "version", "wishes")]

_NEW = insert(_AGENDAS).values(columns(AgendaRow, version=1, wishes=None))
_IS_EARLIER = and_(_AGENDAS.c.due_at.is_not(None), _AGENDAS.c.due_at < _NEW.excluded.due_at)
_TOUCHED = {
    "due_at": case((_IS_EARLIER, _AGENDAS.c.due_at), else_=_NEW.excluded.due_at),
    # Where nothing was planned, nothing has been missed: what counts begins now.
    "since": case((_AGENDAS.c.due_at.is_(None), _NEW.excluded.since), else_=_AGENDAS.c.since),
    "version": _AGENDAS.c.version + literal_column("1"),
}
_TOUCH = Statement(_NEW.on_conflict_do_update(index_elements=["person_id"], set_=_TOUCHED))
_NEW_WISHES = insert(_AGENDAS).values(columns(AgendaRow, version=1))
_WISH = Statement(
    _NEW_WISHES.on_conflict_do_update(
        index_elements=["person_id"], set_={**_TOUCHED, "wishes": _NEW_WISHES.excluded.wishes}
    )
)


@dataclass(frozen=True, slots=True)
class Agenda:
    """When a person is next looked at, and what they wish; `version` 0: there is no row yet.

    What came due after `since` and stands in no record is still to be dealt with.
    """

    due_at: datetime | None = None
    since: datetime | None = None
    version: int = 0
    wishes: Wishes = field(default_factory=Wishes)


def touch(person_id: str, now: datetime) -> Step:
    """The step that has a person looked at again: something about them has changed."""
    return Step(_TOUCH, {"person_id": person_id, "due_at": now, "since": now})


def wish(vault: Vault, person_id: str, wishes: Wishes, now: datetime) -> Step:
    """The step that keeps what a person wishes; it touches the agenda, so no other touch goes beside it."""
    sealed = vault.seal(wishes.model_dump_json().encode(), _place(person_id))
    return Step(_WISH, {"person_id": person_id, "due_at": now, "since": now, "wishes": sealed})


def agenda(vault: Vault, person_id: str, row: Row) -> Agenda:
    """An agenda from its row (SELECTED), all None where there is none."""
    due_at, since, version, sealed = row
    wishes = NO_WISHES if sealed is None else Wishes.model_validate_json(vault.open(sealed, _place(person_id)))
    return Agenda(due_at, since, version or 0, wishes)


def _place(person_id: str) -> str:
    return f"agendas/{person_id}"
