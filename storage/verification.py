"""Looks at every person's chain of entries, beside a running service and without the keys.

A chain is whole when its entries are numbered from 1 without a gap, each carries the hash of its own contents and of
the one before, and the last is the one that the person's head names. Rows are streamed: memory stays small.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import literal_column, select

from domain.ledger import GENESIS
from storage.ledger import COLUMNS, row_hash
from storage.snapshot import snapshot
from storage.statements import Row, Statement
from storage.tables import HeadRow, LedgerRow, PersonRow, table

_MISSING_TOLD = 500  # entries missing in one gap that are told singly
_SHOWN = 8  # characters of a person's id in a report

_PEOPLE, _HEADS, _LEDGER = table(PersonRow), table(HeadRow), table(LedgerRow)
_ENTRY = [_LEDGER.c[name] for name in COLUMNS]
_CHAINS = Statement(
    select(_PEOPLE.c.id, _HEADS.c.seq, _HEADS.c.hash, *_ENTRY)
    .select_from(
        _PEOPLE.outerjoin(_HEADS, _HEADS.c.person_id == _PEOPLE.c.id).outerjoin(
            _LEDGER, _LEDGER.c.person_id == _PEOPLE.c.id
        )
    )
    .order_by(_PEOPLE.c.id, _LEDGER.c.seq)
)
_CHAIN_AT = 3  # where an entry's own columns begin
_STRAYS = Statement(
    select(literal_column("''"), *[_ENTRY[0], _ENTRY[1]])
    .select_from(_LEDGER.outerjoin(_PEOPLE, _PEOPLE.c.id == _LEDGER.c.person_id))
    .where(_PEOPLE.c.id.is_(None))
)


class Damage(StrEnum):
    ALTERED = "altered"
    MISSING = "missing"
    UNLINKED = "unlinked"
    CUT_SHORT = "cut_short"
    HEAD_ALTERED = "head_altered"
    STRAY = "stray"


_SAID = {
    Damage.ALTERED: "entry {seq} has been altered",
    Damage.MISSING: "entry {seq} is missing",
    Damage.UNLINKED: "entry {seq} does not follow the one before it: one of them was replaced or moved",
    Damage.CUT_SHORT: "the entries from {seq} on are missing",
    Damage.HEAD_ALTERED: "the recorded end of the chain does not match entry {seq}",
    Damage.STRAY: "entry {seq} belongs to nobody",
}
_CURE = "stop the service, and restore the ledger from the last backup in which this person's chain is whole"


@dataclass(frozen=True, slots=True)
class Finding:
    """One break in a person's chain. `person` is the beginning of their id; `seq` the entry concerned."""

    person: str
    seq: int
    damage: Damage

    def __str__(self) -> str:
        return f"person {self.person}…: {_SAID[self.damage].format(seq=self.seq)}; {_CURE}"


@dataclass(slots=True)
class Tally:
    """What was looked at, and how many findings there were. `root` stands for the heads of all chains in their order:
    kept outside, it shows later whether any of them was exchanged together with its chain.
    """

    people: int = 0
    entries: int = 0
    findings: int = 0
    root: str = field(default="", compare=False)


@dataclass(slots=True)
class Chain:
    """The walk along one person's chain: `seq` and `hash` of the entry last seen."""

    person: str
    head: tuple[Any, Any]
    seq: int = 0
    hash: str = GENESIS
    found: list[Finding] = field(default_factory=list)

    def follow(self, row: Row, whole: bool) -> None:
        """Looks at the next entry; `whole` says that its contents give its hash. Each break is told once."""
        seq, previous_hash, hash_ = row[1], row[-2], row[-1]
        if not isinstance(seq, int):
            self._tell(self.seq + 1, Damage.ALTERED)
            return
        for missing in range(self.seq + 1, min(seq, self.seq + 1 + _MISSING_TOLD)):
            self._tell(missing, Damage.MISSING)
        if not whole or seq <= self.seq:
            self._tell(seq, Damage.ALTERED)
        elif previous_hash != self.hash and seq == self.seq + 1:
            self._tell(seq, Damage.UNLINKED)
        self.seq, self.hash = max(seq, self.seq), hash_

    def end(self) -> None:
        """Compares the last entry with the head."""
        seq, hash_ = self.head
        if isinstance(seq, int) and seq > self.seq:
            self._tell(self.seq + 1, Damage.CUT_SHORT)
        elif (seq, hash_) != (self.seq, self.hash):
            self._tell(self.seq, Damage.HEAD_ALTERED)

    def _tell(self, seq: int, damage: Damage) -> None:
        self.found.append(Finding(self.person[:_SHOWN], seq, damage))


def _nothing(_tally: Tally) -> None:
    """Nobody asks how far it is."""


async def verify(url: str, report: Callable[[Finding], None], progress: Callable[[Tally], None] = _nothing) -> Tally:
    """Walks every chain and reports each break; `progress` is told after every person how far it is.

    SchemaOutdated, or FileNotFoundError, when there is no ledger there.
    """
    tally = Tally()
    root = hashlib.sha256()

    def close(chain: Chain | None) -> None:
        if chain is not None:
            chain.end()
            root.update(f"{chain.person} {chain.seq} {chain.hash}\n".encode())
            progress(tally)
            tally.findings += len(chain.found)
            for finding in chain.found:
                report(finding)

    async with snapshot(url) as stream:
        chain: Chain | None = None
        async for row, readable in stream(_CHAINS):
            if chain is None or chain.person != row[0]:
                close(chain)
                chain = Chain(row[0], (row[1], row[2]))
                tally.people += 1
            if row[_CHAIN_AT] is not None:
                tally.entries += 1
                chain.follow(row[_CHAIN_AT:], readable and _whole(row[_CHAIN_AT:]))
        close(chain)
        async for row, _ in stream(_STRAYS):
            tally.findings += 1
            report(Finding(str(row[1])[:_SHOWN], row[2], Damage.STRAY))
    tally.root = root.hexdigest()
    return tally


def _whole(row: Row) -> bool:
    """Whether an entry's contents give its hash; what cannot even be read does not."""
    try:
        return bool(row_hash(row) == row[-1])
    except (TypeError, ValueError, OverflowError, AttributeError):
        return False
