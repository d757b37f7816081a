"""The entries of people who have just written, so that the next message need not read and unseal them again.

The hash of a person's head covers all their entries, and entries never change: what was read under the same hash, years
and key is what would be read again. Nothing has to be invalidated, and correctness never rests on this memory.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from domain.ledger import Entry
from storage.ledger import Head

LIMIT = 30_000  # entries kept, of about 1.5 kB each

Sender = tuple[str, str, str]  # channel, account, sender


@dataclass(frozen=True, slots=True)
class _Read:
    head: Head
    years: tuple[int, ...]
    entries: list[Entry]


class Recent:
    """Bounded by the number of entries; who has not written for longest goes first."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._held = 0
        self._reads: OrderedDict[Sender, _Read] = OrderedDict()

    def knows(self, sender: Sender, years: Sequence[int]) -> bool:
        """Whether it is worth asking without reading the entries along."""
        read = self._reads.get(sender)
        return read is not None and read.years == tuple(years)

    def entries(self, sender: Sender, years: Sequence[int], head: Head) -> list[Entry] | None:
        """The entries as they stand under this head; None when they are not known."""
        read = self._reads.get(sender)
        if read is None or read.head != head or read.years != tuple(years):
            return None
        self._reads.move_to_end(sender)
        return list(read.entries)

    def keep(self, sender: Sender, years: Sequence[int], head: Head, entries: Sequence[Entry]) -> None:
        old = self._reads.pop(sender, None)
        self._held += len(entries) + 1 - (0 if old is None else len(old.entries) + 1)
        self._reads[sender] = _Read(head, tuple(years), list(entries))
        while self._held > self._limit:
            _, oldest = self._reads.popitem(last=False)
            self._held -= len(oldest.entries) + 1

    def extend(self, sender: Sender, head: Head, added: Sequence[Entry]) -> None:
        """Follows a commit that added entries after `head`."""
        read = self._reads.get(sender)
        if read is None or read.head != head or not added:
            return
        after = Head(added[-1].seq, added[-1].hash, head.wrapped_key)
        self.keep(sender, read.years, after, [*read.entries, *(entry for entry in added if entry.year in read.years)])
