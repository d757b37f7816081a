"""A unit of 2,000 people from September to the end of February, with trouble and two kills: prints its table."""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from benchmarks.winter import Winter


async def play(people: int, seed: int, kills: int, others: int) -> bool:
    with tempfile.TemporaryDirectory(prefix="xueshi-winter-") as folder:
        async with Winter(Path(folder), people, seed, kills, others) as winter:
            report = await winter.run()
    print(f"{people} people, seed {seed}")
    print(report.table())
    for wrong in report.wrong[:20]:
        print("wrong:", wrong)
    return not report.wrong and not report.quota_errors


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=20251201)
    parser.add_argument("--kills", type=int, default=2)
    parser.add_argument("--others", type=int, default=20, help="days played besides those of the stages")
    given, _ = parser.parse_known_args()
    if not asyncio.run(play(given.people, given.seed, given.kills, given.others)):
        sys.exit("the winter went wrong")


if __name__ == "__main__":
    main()
