"""How fast sentences are read: ordinary ones a second, the slowest hostile one, and the start of a process.

Run with `python -m benchmarks.reading`; CPU time of one core, the best of several tries each.
"""

import subprocess
import sys
from datetime import datetime
from time import process_time
from zoneinfo import ZoneInfo

import nlp
from tests.nlp.hostile import HOSTILE

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
TRIES = 5
ORDINARY = (
    "还差多少学时",
    "上周三下午听了三个半小时的学术讲座",
    "公需课包括哪些",
    "上周三到周五在省建设厅参加BIM技术研修班三天，专业课，一共18学时",
    "把没学公需课的都催一遍",
    "为什么是24学时",
    "今天天气怎么样",
)
LOAD = "from time import perf_counter; began = perf_counter(); import nlp; nlp.warm(); print(perf_counter() - began)"


def main() -> None:
    nlp.warm()
    ordinary = sum(seconds(text) for text in ORDINARY) / len(ORDINARY)
    slowest = max(HOSTILE, key=seconds)
    print(f"ordinary sentences   {1 / ordinary:10,.0f} a second")
    print(f"slowest hostile one  {seconds(slowest) * 1000:10.2f} ms   {slowest[:24]!r} …")
    print(f"ratio                {seconds(slowest) / ordinary:10.1f} ordinary ones")
    print(f"import and load      {min(loading() for _ in range(TRIES)):10.2f} s")


def seconds(text: str) -> float:
    """CPU seconds to read `text`, the least of several tries."""
    return min(once(text) for _ in range(TRIES))


def once(text: str) -> float:
    began = process_time()
    nlp.read(text, NOW, None)
    return process_time() - began


def loading() -> float:
    return float(subprocess.run([sys.executable, "-c", LOAD], capture_output=True, check=True).stdout)


if __name__ == "__main__":
    main()
