"""Reading photos of proofs: right fields by layout, seconds and memory of a worker, what the event loop feels.

    python -m benchmarks.proofs [DIRECTORY]

DIRECTORY holds pictures and a truth.jsonl with {"file", "layout", "fields"} a line; without one, the few pictures of
the tests are read. Extraction is by rules that know no layout, so each layout's row is what leaving it out would give.
"""

import asyncio
import json
import statistics
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import psutil

from bot.vision import Reader
from domain.picture import PictureRefused
from nlp.proofs.proof import record_of
from tests.nlp.proofs.scoring import FIELDS, right_and_stated

OWN = Path(__file__).parents[1] / "tests" / "bot" / "proofs"
TICK = 0.005  # seconds between two looks at the event loop


class Watch:
    """How late the event loop wakes, and how much memory the workers hold, while pictures are read."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.stalls: list[float] = []
        self.megabytes = 0

    async def run(self) -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(TICK)
            self.stalls.append(time.perf_counter() - before - TICK)
            for pid in self._reader.pids:
                try:
                    self.megabytes = max(self.megabytes, psutil.Process(pid).memory_info().rss >> 20)
                except psutil.NoSuchProcess:
                    continue


async def measure(directory: Path) -> None:
    rows = [json.loads(line) for line in (directory / "truth.jsonl").read_text("utf-8").splitlines()]
    reader = Reader()
    watch = Watch(reader)
    watching = asyncio.create_task(watch.run())
    judged: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    seconds: list[float] = []
    cpu: list[float] = []
    await reader.read((directory / rows[0]["file"]).read_bytes())  # the models are loaded with the first picture
    for row in rows:
        more = row.get("more") or row
        spent, began = _cpu(reader), time.perf_counter()
        try:
            record = record_of(await reader.read((directory / row["file"]).read_bytes(), more.get("holder")))
        except PictureRefused:
            record = {}
        seconds.append(time.perf_counter() - began)
        cpu.append(_cpu(reader) - spent)
        layout = row.get("layout", row["file"].split(".")[0])
        for field, right in right_and_stated(row["fields"], record, tuple(more.get("skip", ()))).items():
            judged[layout][field].append(right)
    watching.cancel()
    await reader.close()
    report(judged)
    late = sorted(watch.stalls)
    print(f"\n{len(rows)} pictures, one worker on one core: median {statistics.median(seconds):.2f} s by the clock,")
    print(f"{statistics.median([spent for spent in cpu if spent > 0] or [0]):.2f} s of processor time")
    print(f"worker: at most {watch.megabytes} MB resident")
    print(
        f"event loop: 99.9 % of {len(late)} looks less than {late[int(len(late) * 0.999)] * 1000:.1f} ms late", end=""
    )
    print(f", the worst {late[-1] * 1000:.1f} ms")


def _cpu(reader: Reader) -> float:
    times = [psutil.Process(pid).cpu_times() for pid in reader.pids]
    return sum(spent.user + spent.system for spent in times)


def report(judged: dict[str, dict[str, list[bool]]]) -> None:
    """A table: layouts down, fields across, percent of the stated fields that were read right."""
    print("layout".ljust(26) + "".join(field[:9].rjust(10) for field in FIELDS) + "       all")
    for layout, fields in sorted(judged.items()):
        print(_row(layout, fields))
    together: dict[str, list[bool]] = {
        field: [right for fields in judged.values() for right in fields.get(field, [])] for field in FIELDS
    }
    print(_row("all", together))


def _row(title: str, fields: dict[str, list[bool]]) -> str:
    cells = [_percent(fields.get(field, [])) for field in FIELDS]
    return title.ljust(26) + "".join(cells) + _percent([right for found in fields.values() for right in found])


def _percent(right: list[Any]) -> str:
    return f"{100 * sum(right) / len(right):.1f}".rjust(10) if right else "–".rjust(10)


def main() -> None:
    directory = Path(sys.argv[1]) if len(sys.argv) > 1 else OWN
    asyncio.run(measure(directory))


if __name__ == "__main__":
    main()
