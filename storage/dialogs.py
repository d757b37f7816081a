"""The open dialog of a person, to a row and back. Draft and options stand sealed."""

import json
from typing import Any

from sqlalchemy import bindparam, update

from domain.dialog import Dialog
from storage.sealing import Vault
from storage.shaping import shaped
from storage.statements import Row, Statement, Step
from storage.tables import DialogRow, table

_TABLE = table(DialogRow)
SELECTED = [_TABLE.c[name] for name in ("version", "topic", "expecting", "expires_at", "content")]

_FIELDS = set(Dialog.model_fields)

_AT_VERSION = update(_TABLE).where(_TABLE.c.person_id == bindparam("of"), _TABLE.c.version == bindparam("read"))
_ADVANCE = Statement(_AT_VERSION.values(version=_TABLE.c.version + 1))
_REPLACE = Statement(
    _AT_VERSION.values(
        version=_TABLE.c.version + 1,
        topic=bindparam("topic"),
        expecting=bindparam("expecting"),
        expires_at=bindparam("expires_at"),
        content=bindparam("content"),
    )
)


def dialog(vault: Vault, person_id: str, row: Row) -> Dialog:
    """The dialog of a row (SELECTED)."""
    version, topic, expecting, expires_at, content = row
    words: dict[str, Any] = json.loads(vault.open(content, _place(person_id))) if content is not None else {}
    values = {
        "version": version,
        "topic": topic,
        "expecting": expecting,
        "draft": words.get("draft", {}),
        "options": words.get("options", []),
        "expires_at": expires_at,
    }
    return shaped(Dialog, _FIELDS, values)


def move(vault: Vault, person_id: str, version: int, new: Dialog | None) -> Step:
    """The step that takes the dialog on from `version`, with a new one if given; it fails when the dialog has moved."""
    values: dict[str, Any] = {"of": person_id, "read": version}
    if new is None:
        return Step(_ADVANCE, values, must=True)
    values |= {"topic": new.topic, "expecting": new.expecting, "expires_at": new.expires_at}
    return Step(_REPLACE, values | {"content": _content(vault, person_id, new)}, must=True)


def _content(vault: Vault, person_id: str, new: Dialog) -> bytes | None:
    if not new.draft and not new.options:
        return None
    words = new.model_dump_json(include={"draft", "options"})
    return vault.seal(words.encode(), _place(person_id))


def _place(person_id: str) -> str:
    return f"dialogs/{person_id}"
