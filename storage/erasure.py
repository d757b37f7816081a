"""Deletion of a person's data: everything goes but the bare chain of their entries, which nobody can read any more.

What is personal in the ledger is sealed under a key of the person's own; the key goes, and the chain still verifies
(个人信息保护法 第四十七条). Whoever writes again as before is somebody new, with a chain of their own.
"""

import hashlib
from datetime import datetime
from typing import Any

from sqlalchemy import Table, bindparam, delete, func, select, text, update
from sqlmodel import SQLModel

import storage.every_table  # noqa: F401 - a table that is not declared is not emptied
from domain.task import TaskKind
from storage.people import created
from storage.statements import Statement, Step, Visit
from storage.tables import WORDS_KEPT, DeliveryRow, DialogRow, IdentityRow, InboxRow, PersonRow, table
from storage.tables_proofs import MemberRow
from storage.tables_reminders import ConsentRow
from storage.tables_tasks import TaskRow

CHAIN = frozenset({"ledger", "ledger_heads"})  # stays, unreadable
CHANGED = frozenset({"people", "identities", "dialogs", "members", "deliveries", "tasks"})  # see the statements below

_OF: Any = bindparam("of")


def _with_person() -> list[Table]:
    """Every table whose rows belong to a person and simply go."""
    tables = SQLModel.metadata.sorted_tables
    return [each for each in tables if "person_id" in each.c and each.name not in CHAIN | CHANGED]


_IDENTITIES, _INBOX, _CONSENTS = table(IdentityRow), table(InboxRow), table(ConsentRow)
_PEOPLE, _DIALOGS, _MEMBERS = table(PersonRow), table(DialogRow), table(MemberRow)
_DELIVERIES, _TASKS = table(DeliveryRow), table(TaskRow)

_KNOWN_AS = Statement(
    select(_IDENTITIES.c.channel, _IDENTITIES.c.account, _IDENTITIES.c.sender).where(_IDENTITIES.c.person_id == _OF)
)
_FORGET_WORDS = Statement(
    update(_INBOX)
    .where(
        text(WORDS_KEPT),
        _INBOX.c.state != "open",
        func.substr(_INBOX.c.key, 1, bindparam("length")) == bindparam("begins"),
    )
    .values(body=None, answer=None, words_kept=0)
)
_FORGET_CONSENT = Statement(
    delete(_CONSENTS).where(
        *(_CONSENTS.c[name] == bindparam(f"its_{name}") for name in ("channel", "account", "sender"))
    )
)
_DELETE = [Statement(delete(each).where(each.c.person_id == _OF)) for each in _with_person()]
_HAND_OVER = Statement(
    update(_IDENTITIES).where(_IDENTITIES.c.person_id == _OF).values(person_id=bindparam("successor"))
)
_LEAVE_ROSTER = Statement(update(_MEMBERS).where(_MEMBERS.c.person_id == _OF).values(person_id=None, bound_at=None))
_DROP_TASKS = Statement(delete(_TASKS).where(_TASKS.c.person_id == _OF, _TASKS.c.kind != TaskKind.ERASE.value))
_DROP_DELIVERIES = Statement(delete(_DELIVERIES).where(text(WORDS_KEPT), _DELIVERIES.c.person_id == _OF))
_CLOSE_DIALOG = Statement(
    update(_DIALOGS)
    .where(_DIALOGS.c.person_id == _OF)
    .values(version=_DIALOGS.c.version + 1, topic=None, expecting=None, expires_at=None, content=None)
)
_BLANK = Statement(
    update(_PEOPLE)
    .where(_PEOPLE.c.id == _OF)
    .values(
        region=None,
        work_field=None,
        profile="{}",
        roles="",
        following=False,
        consented_at=None,
        name=None,
        phone=None,
        id_number=None,
    )
)


def erase(person_id: str, now: datetime) -> Visit[None]:
    """Deletes what is known of a person, all or nothing. Done again, it finds nothing left to do."""
    (known_as,) = yield (Step(_KNOWN_AS, {"of": person_id}),)
    if not known_as:
        return
    of = {"of": person_id}
    successor = successor_of(person_id)
    words = []
    for channel, account, sender in known_as:
        begins = f"{channel}:{account}:{sender}:"
        words.append(Step(_FORGET_WORDS, {"begins": begins, "length": len(begins)}))
        words.append(Step(_FORGET_CONSENT, {"its_channel": channel, "its_account": account, "its_sender": sender}))
    yield (
        *words,
        *(Step(statement, of) for statement in _DELETE),
        Step(_LEAVE_ROSTER, of),
        Step(_DROP_TASKS, of),
        Step(_DROP_DELIVERIES, of),
        Step(_CLOSE_DIALOG, of),
        Step(_BLANK, of),
        *created(successor, now),
        Step(_HAND_OVER, {**of, "successor": successor}),
    )


def cleared(person_id: str) -> Visit[None]:
    """Deletes what is left of somebody who is now known as another person: all but the bare chain."""
    of = {"of": person_id}
    yield (*(Step(statement, of) for statement in _DELETE), Step(_LEAVE_ROSTER, of), Step(_BLANK, of))


def successor_of(person_id: str) -> str:
    """The id of who writes next under the same identities: it follows, so that a second run makes the same one."""
    return hashlib.sha256(f"{person_id}\nerased".encode()).hexdigest()[:32]
