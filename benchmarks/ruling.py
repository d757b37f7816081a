"""How fast the rules decide: a typical year, the lines of `xueshi decide`, a year rehearsed by two books.

Run with `python -m benchmarks.ruling`; CPU time of one core, the best of several tries each.
"""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from time import process_time

from domain.vocabulary import Category, Mode, Unit
from rules.annual_hours import decide
from rules.book import load
from rules.contract import decide_line
from rules.readiness import readiness
from rules.rehearsal import rehearse
from rules.ruling import Case, Subject
from wording import say

BOOK, CHANGED = load(), load()
EXAMPLES = Path(__file__).parent.parent / "tests" / "cases" / "rules-examples.jsonl"
TRIES, TIMES = 5, 200
ON = date(2024, 12, 31)


def year_of(place: str) -> list[Case]:
    """Twenty activities as people record them: class hours mostly, the rest in a measure that the place converts."""
    other = {"nantong": (Mode.TRAINING_CLASS, Unit.DAY), "neimenggu": (Mode.ACADEMIC_LECTURE, Unit.HALF_DAY)}
    mode, unit = other.get(place, (Mode.TRAINING_CLASS, Unit.MINUTE))
    kinds = [(Mode.DISTANCE, Unit.CLASS_HOUR), (Mode.TRAINING_CLASS, Unit.CLASS_HOUR), (mode, unit)]
    categories = [Category.PUBLIC, Category.PROFESSIONAL]
    return [
        Case(f"e{at}", date(2024, 1 + at % 12, 1 + at), categories[at % 2], kinds[at % 3][0], 3, kinds[at % 3][1])
        for at in range(20)
    ]


def main() -> None:
    lines = EXAMPLES.read_text("utf-8").splitlines()
    every = seconds(
        lambda: [json.dumps(decide_line(json.loads(line), BOOK, say), ensure_ascii=False) for line in lines]
    )
    print(f"lines of xueshi decide     {len(lines) / every:10,.0f} a second")
    for place in ("jilin", "jiangxi", "sichuan", "neimenggu", "nantong"):
        subject, cases = Subject(place), year_of(place)
        took = seconds(lambda: decide(subject, cases, 2024, ON, BOOK))  # noqa: B023 (called at once)
        print(f"a typical year, {place:<11}{took * 1e6:10.0f} µs")
    subject, cases = Subject("nantong", {"appointment": {"start": "2020-01-01"}}), year_of("nantong")
    print(f"readiness of five years    {seconds(lambda: readiness(subject, cases, ON, BOOK)) * 1e6:10.0f} µs")
    took = seconds(lambda: rehearse(subject, cases, 2024, ON, BOOK, CHANGED))
    print(f"person-years rehearsed     {1 / took:10,.0f} a second")


def seconds(work: Callable[[], object]) -> float:
    """CPU seconds for one call of `work`, the least of several tries."""
    return min(_once(work) for _ in range(TRIES))


def _once(work: Callable[[], object]) -> float:
    began = process_time()
    for _ in range(TIMES):
        work()
    return (process_time() - began) / TIMES


if __name__ == "__main__":
    main()
