"""Registration forms of many people: issued and drawn a few at a time, kept until they are downloaded as one zip."""

import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from console.batches import Page, unpacked
from domain.batch import Batch, BatchState
from storage.sheets_store import FILE, ROWS
from storage.store import Store

PEOPLE = 4  # on a page: a form takes some tenths of a second
Issue = Callable[[str, int, str], Awaitable[tuple[str, bytes] | None]]
_NO_NAME = re.compile(r"[\\/:*?\"<>|\x00-\x1f]+")


@dataclass(frozen=True, slots=True)
class Issuing:
    """The stage of forms. `issue` gives a person's form of a year (check code, PDF), None where there is no record; a
    key that was used before gives the same form.
    """

    store: Store
    issue: Issue
    next_state: BatchState = field(default=BatchState.DONE)

    async def begin(self, batch: Batch) -> None:
        return None

    async def page(self, batch: Batch, facts: None) -> Page:
        ids = unpacked(await self.store.sheets.page(batch.id, ROWS, batch.place))
        page = Page()
        for at, (_, one) in enumerate(await self.store.sheets.people_of(batch.content["units"], ids)):
            if one.person_id is None:
                page.tally["unbound"] += 1
                continue
            made = await self.issue(one.person_id, batch.content["year"], f"batch:{batch.id}:{one.person_id}")
            if made is None:
                page.tally["empty"] += 1
                continue
            code, pdf = made
            name = json.dumps([one.department, one.name, code], ensure_ascii=False).encode()
            content = len(name).to_bytes(4) + name + pdf
            page.steps.append(self.store.sheets.page_step(batch.id, FILE, batch.place * PEOPLE + at, content))
            page.tally["forms"] += 1
        return page

    async def end(self, batch: Batch, facts: None, tally: Counter[str]) -> dict[str, Any]:
        return {}


async def zipped(store: Store, batch: Batch) -> AsyncIterator[bytes]:
    """The forms as a zip, piece by piece: no more than one form is in memory."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for at in await store.sheets.numbers(batch.id, FILE):
            content = await store.sheets.page(batch.id, FILE, at)
            if content is None:
                continue
            length = int.from_bytes(content[:4])
            department, name, code = json.loads(content[4 : 4 + length])
            parts = [plain for words in (department, f"{name}-{code}.pdf") if (plain := _plain(words))]
            archive.writestr("/".join(parts), content[4 + length :])
            yield sink.taken()
    yield sink.taken()


def _plain(words: str) -> str:
    """A part of a path inside the zip: nothing that leads anywhere else."""
    return _NO_NAME.sub("_", words).strip(" .")[:80]


class _Sink(io.RawIOBase):
    """Takes what the zip writes, and gives it away."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def taken(self) -> bytes:
        pieces, self._pieces = b"".join(self._pieces), []
        return pieces
