"""The looks at the ledger: at most one at a time in the whole service, with how far it is and what it found.

A look whose process died is `lost` once it has been silent for SILENCE; then another may begin.
"""

import json
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from storage.refusals import GuardFailed
from storage.statements import Statement, Step, Visit
from storage.tables import PersonRow, columns, table
from storage.tables_vitals import RUNNER, RUNNING, LedgerCheckRow

SILENCE = timedelta(minutes=3)
SHOWN = 10
FINDINGS_KEPT = 50

_TABLE, _PEOPLE = table(LedgerCheckRow), table(PersonRow)
_IS_RUNNING = text(RUNNING)
_EXPECTED = Statement(select(func.count()).select_from(_PEOPLE))
_LOSE = Statement(
    update(_TABLE).where(_IS_RUNNING, _TABLE.c.seen_at < bindparam("silent")).values(state="lost", details="[]")
)
_BEGIN = Statement(
    insert(_TABLE).values(
        columns(LedgerCheckRow, state="running", people=0, entries=0, findings=0, root="", details="[]")
    )
)
_MINE = Statement(select(_TABLE.c.id).where(_IS_RUNNING, _TABLE.c.runner == bindparam("by")))
_ADVANCE = Statement(
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("of"), _IS_RUNNING)
    .values(
        seen_at=bindparam("now"), people=bindparam("so_far"), entries=bindparam("read"), findings=bindparam("found")
    )
)
_END = Statement(
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("of"), _IS_RUNNING)
    .values(
        seen_at=bindparam("now"),
        people=bindparam("so_far"),
        entries=bindparam("read"),
        findings=bindparam("found"),
        state=bindparam("ended"),
        root=bindparam("all_heads"),
        details=bindparam("told"),
    )
)
_SHOWN = ("id", "reason", "state", "started_at", "seen_at", "expected", "people", "entries", "findings", "root")
_LATEST = Statement(
    select(*(_TABLE.c[name] for name in _SHOWN), _TABLE.c.details).order_by(_TABLE.c.id.desc()).limit(SHOWN)
)


@dataclass(frozen=True, slots=True)
class LedgerCheck:
    """A look at the ledger. `findings` are counted, `told` says the first of them; `root` stands for all heads."""

    id: int
    reason: str
    state: str
    started_at: datetime
    seen_at: datetime
    expected: int
    people: int
    entries: int
    findings: int
    root: str
    details: str = "[]"

    def standing(self, now: datetime) -> "LedgerCheck":
        """As it stands at a moment: one that has been silent too long is lost, whatever its row still says."""
        silent = self.state == "running" and now - self.seen_at > SILENCE
        return replace(self, state="lost") if silent else self

    @property
    def told(self) -> list[str]:
        """The first findings, as sentences."""
        return [str(one) for one in json.loads(self.details)]


def begin(reason: str, runner: str, now: datetime) -> Visit[int | None]:
    """Begins a look; its number, or None when another is running."""
    yield (Step(_LOSE, {"silent": now - SILENCE}),)
    (rows,) = yield (Step(_EXPECTED, {}),)
    values = {"reason": reason, "runner": runner[:RUNNER], "started_at": now, "seen_at": now, "expected": rows[0][0]}
    try:
        yield (Step(_BEGIN, values, must=True),)
    except GuardFailed:
        return None
    (rows,) = yield (Step(_MINE, {"by": runner[:RUNNER]}),)
    return int(rows[0][0]) if rows else None


def advance(of: int, people: int, entries: int, findings: int, now: datetime) -> Visit[bool]:
    """Says how far a look is. False: it was given up for lost."""
    values = {"of": of, "so_far": people, "read": entries, "found": findings, "now": now}
    (rows,) = yield (Step(_ADVANCE, values),)
    return bool(rows)


def end(
    of: int, state: str, people: int, entries: int, found: Sequence[str], findings: int, root: str, now: datetime
) -> Visit[None]:
    """Keeps what a look has come to."""
    told = json.dumps(list(found)[:FINDINGS_KEPT], ensure_ascii=False)
    values = {"of": of, "so_far": people, "read": entries, "found": findings, "now": now, "ended": state}
    yield (Step(_END, {**values, "all_heads": root, "told": told}),)


def latest() -> Visit[list[LedgerCheck]]:
    """The latest looks, the newest first."""
    (rows,) = yield (Step(_LATEST, {}),)
    return [LedgerCheck(*row) for row in rows]


class LedgerCheckStore:
    """Made by the store (`Store.ledger_checks`); `run` is its driver's."""

    def __init__(self, run: Callable[..., Coroutine[Any, Any, Any]]) -> None:
        self._run = run

    async def begin(self, reason: str, runner: str, now: datetime) -> int | None:
        found: int | None = await self._run(begin(reason, runner, now), durable=True)
        return found

    async def advance(self, of: int, people: int, entries: int, findings: int, now: datetime) -> bool:
        kept: bool = await self._run(advance(of, people, entries, findings, now))
        return kept

    async def end(
        self,
        of: int,
        state: str,
        people: int,
        entries: int,
        found: Sequence[str],
        findings: int,
        root: str,
        now: datetime,
    ) -> None:
        await self._run(end(of, state, people, entries, found, findings, root, now), durable=True)

    async def latest(self) -> Sequence[LedgerCheck]:
        found: list[LedgerCheck] = await self._run(latest())
        return found
