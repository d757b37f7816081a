"""Reading photos of proofs in worker processes: never on the event loop, with bounded memory, and nothing lost.

A worker starts with the first picture, reads one at a time, and is replaced after PICTURES_EACH pictures, when it has
grown beyond MEGABYTES, and when it dies; the picture it died over is read once more by a new one and then refused.
"""

import asyncio
import contextlib
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from typing import Any

from bot.picture import inspect
from domain.picture import Flaw, PictureRefused
from nlp.proofs.proof import Proof, proof_of

PICTURES_EACH = 200
MEGABYTES = 450  # of resident memory between two pictures
SECONDS = 180.0  # for one picture: two of processor time, of which a busy machine gives a worker little
START_SECONDS = 180.0
_THRIFTY = {  # glibc gives large blocks back at once: the worker peaks at two thirds of what it would otherwise
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_THRESHOLD_": str(4 << 20),
    "MALLOC_TRIM_THRESHOLD_": str(32 << 20),
}
ANSWER_LIMIT = 1 << 20


class ReaderClosed(Exception):
    """The service is ending: the picture was not read, and whoever asked for it asks again after the next start."""


class Reader:
    """A pool of `processes` workers. One is made in the service and closed with it; reading waits for a free worker."""

    def __init__(self, processes: int = 1) -> None:
        self._workers = [_Worker() for _ in range(processes)]
        self._free: asyncio.Queue[_Worker] = asyncio.Queue()
        self._closed = False
        self.deaths = 0  # of workers, over a picture or while they started
        for worker in self._workers:
            self._free.put_nowait(worker)

    async def read(self, picture: bytes, holder: str | None = None) -> Proof:
        """What the proof on the picture says; `holder` is whose row is meant in a list of several people.

        Raises PictureRefused with the flaw; whatever is wrong with the header is said without a worker. Raises
        ReaderClosed when the reader is closed first.
        """
        inspect(picture)
        async with self._worker() as worker:
            for _ in range(2):
                if self._closed:
                    raise ReaderClosed
                try:
                    return _proof(await worker.ask(picture, holder))
                except _WorkerDied:
                    self.deaths += not self._closed
        raise ReaderClosed if self._closed else PictureRefused(Flaw.CRASHED)

    @property
    def pids(self) -> list[int]:
        """The processes there are now, for whoever measures them."""
        return [worker.pid for worker in self._workers if worker.pid is not None]

    @contextlib.asynccontextmanager
    async def _worker(self) -> AsyncIterator["_Worker"]:
        worker = await self._free.get()
        try:
            yield worker
        except asyncio.CancelledError:
            await worker.stop()  # it may still be at the picture that nobody waits for
            raise
        finally:
            self._free.put_nowait(worker)

    async def close(self) -> None:
        """Ends the workers; what they were reading is not answered."""
        self._closed = True
        await asyncio.gather(*(worker.close() for worker in self._workers))


class _WorkerDied(Exception):
    """The process ended, or its answer is none."""


class _Worker:
    """One process, started when it is first asked and again whenever it has gone."""

    def __init__(self) -> None:
        self._process: Process | None = None
        self._asked = 0
        self._closed = False

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    async def ask(self, picture: bytes, holder: str | None) -> dict[str, Any]:
        process = self._process or await self._start()
        header = json.dumps({"holder": holder, "size": len(picture)}).encode()
        try:
            answer = await asyncio.wait_for(self._exchange(process, header, picture), SECONDS)
        except TimeoutError:
            await self.stop()
            raise PictureRefused(Flaw.TIMED_OUT, limit=round(SECONDS)) from None
        except _WorkerDied:
            await self.stop()
            raise
        self._asked += 1
        if self._asked >= PICTURES_EACH or answer["megabytes"] > MEGABYTES:
            await self.stop()
        return answer

    async def _exchange(self, process: Process, header: bytes, picture: bytes) -> dict[str, Any]:
        assert process.stdin is not None  # noqa: S101
        with contextlib.suppress(ConnectionError):  # a dead worker shows below, when it does not answer
            process.stdin.write(len(header).to_bytes(4) + header)
            process.stdin.write(picture)
            await process.stdin.drain()
        return await _answer(process)

    async def _start(self) -> Process:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("XUESHI_")} | _THRIFTY
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot.eye", stdin=PIPE, stdout=PIPE, env=environment, limit=ANSWER_LIMIT
        )
        self._process, self._asked = process, 0
        if self._closed:
            await self.stop()
            raise _WorkerDied
        try:
            await asyncio.wait_for(_answer(process), START_SECONDS)
        except (TimeoutError, _WorkerDied):
            await self.stop()
            raise _WorkerDied from None
        return process

    async def close(self) -> None:
        """Ends the process, also one that is only starting."""
        self._closed = True
        await self.stop()

    async def stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def _answer(process: Process) -> dict[str, Any]:
    assert process.stdout is not None  # noqa: S101
    try:
        record = json.loads(await process.stdout.readline())
    except ValueError:  # nothing, half a line, or one beyond the limit
        raise _WorkerDied from None
    if not isinstance(record, dict):
        raise _WorkerDied
    return record


def _proof(answer: dict[str, Any]) -> Proof:
    if "flaw" in answer:
        raise PictureRefused(Flaw(answer["flaw"]), answer["found"], answer["limit"])
    return proof_of(answer["proof"])
