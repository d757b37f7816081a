"""The whole path of a callback beside a bare echo, in one run: questions and recordings, SQLite and PostgreSQL.

The service is the real one in a process of its own, the load another, the echo a third; nothing else runs. Each figure
stands beside the echo's of the same run, because a shared machine is fast today and slow tomorrow.

`python -m benchmarks.gateway [--messages N] [--sizes 1000,100000,1000000] [--without-postgres]`
"""

import argparse
import asyncio
import base64
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.seeding import PEOPLE, seed, sender

TOKEN = "benchmarktoken"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
APPID = "wx00000000000000a1"
SECRET_KEY = base64.urlsafe_b64encode(bytes(range(32))).decode()
CONNECTIONS = 32
ROUNDS = 5
QUESTIONS = tuple(  # as people vary them: 80 ways
    f"{opening}{asked}{ending}"
    for opening in ("", "请问", "我", "今年我")
    for asked in ("还差多少学时", "公需课还差多少", "专业课还差几个学时", "还差几个学时", "学了多少学时了")
    for ending in ("", "？", "啊", "呢")
)
RECORDS = (
    "{m}月{d}日听了半天学术讲座，专业课",
    "{m}月{d}号参加培训班，公需课，{h}学时",
    "{m}月{d}日网络课程{h}学时，专业课",
)


@dataclass(frozen=True)
class Server:
    port: int
    process: subprocess.Popen[bytes]


@contextmanager
def started(command: list[str], port: int, environment: dict[str, str] | None = None) -> Iterator[Server]:
    """A server in its own process, ready to answer on `port`."""
    process = subprocess.Popen(command, env={**os.environ, **(environment or {})}, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port, process)
        yield Server(port, process)
    finally:
        process.terminate()
        process.wait(30)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with status {process.returncode}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("the server did not start within 30 seconds")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def echo() -> Any:
    port = free_port()
    return started([sys.executable, "-m", "benchmarks.echo", str(port), TOKEN, AES_KEY, APPID], port)


def service(url: str, role: str = "all") -> Any:
    port = free_port()
    environment = {
        "XUESHI_DATABASE_URL": url,
        "XUESHI_LISTEN": f"127.0.0.1:{port}",
        "XUESHI_OFFICIAL_APPID": APPID,
        "XUESHI_OFFICIAL_SECRET": "benchmark",
        "XUESHI_OFFICIAL_TOKEN": TOKEN,
        "XUESHI_OFFICIAL_AES_KEY": AES_KEY,
        "XUESHI_SECRET_KEY": SECRET_KEY,
        "XUESHI_WECHAT_API_BASE": "http://127.0.0.1:9",  # nothing listens: no answer is late here
    }
    return started([sys.executable, "-m", "bot.commands", "run", "--role", role], port, environment)


_next_id = 24_000_000_000_000_000


def load(
    server: Server, messages: list[tuple[str, str]], rate: float | None = None, least: int = 200
) -> dict[str, Any]:
    """Sends the messages from a process of its own; fails when any answer is missing or empty."""
    global _next_id  # noqa: PLW0603 - MsgIds never repeat within a run
    plan = {
        "host": "127.0.0.1",
        "port": server.port,
        "token": TOKEN,
        "aes_key": AES_KEY,
        "appid": APPID,
        "messages": messages,
        "connections": CONNECTIONS,
        "rate": rate,
        "first_id": _next_id,
        "least_bytes": least,
    }
    _next_id += len(messages)
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.load"], input=json.dumps(plan).encode(), stdout=subprocess.PIPE, check=True
    )
    result: dict[str, Any] = json.loads(done.stdout)
    if result["bad"]:
        raise RuntimeError(f"{result['bad']} of {result['count']} answers were missing or empty")
    return result


def questions(count: int) -> list[tuple[str, str]]:
    return [(sender(number % PEOPLE), QUESTIONS[number % len(QUESTIONS)]) for number in range(count)]


def records(count: int) -> list[tuple[str, str]]:
    """One activity for each of `count` people."""
    draw = random.Random(7)
    texts = [
        random.Random(number).choice(RECORDS).format(m=draw.randint(1, 10), d=draw.randint(1, 28), h=draw.randint(2, 9))
        for number in range(count)
    ]
    return [(sender(number), text) for number, text in enumerate(texts)]


def side_by_side(name: str, bare: Server, server: Server, rounds: list[list[tuple[str, str]]]) -> float:
    """Each round asks the echo and then the service as fast as they answer; the medians of both and of the ratios."""
    results = []
    for messages in rounds:
        echoed = load(bare, questions(len(messages)))
        results.append((echoed["per_second"], load(server, messages)))
    ratio = median(result["per_second"] / echoed for echoed, result in results)
    per_second = median(result["per_second"] for _, result in results)
    p50, p99 = (median(result[part] for _, result in results) for part in ("p50_ms", "p99_ms"))
    yardstick = median(echoed for echoed, _ in results)
    print(
        f"{name:<40}{per_second:>7.0f}/s  echo {yardstick:>6.0f}/s {100 * ratio:>5.0f} %  "
        f"p50 {p50:>6.1f} ms  p99 {p99:>6.1f} ms",
        flush=True,
    )
    return per_second


def at_half(name: str, server: Server, messages: list[tuple[str, str]], maximum: float) -> None:
    result = load(server, messages, rate=maximum / 2)
    print(
        f"{name:<40}{result['per_second']:>7.0f}/s                       "
        f"p50 {result['p50_ms']:>6.1f} ms  p99 {result['p99_ms']:>6.1f} ms  max {result['max_ms']:>6.1f} ms",
        flush=True,
    )


def compare(name: str, url: str, count: int) -> None:
    """Questions, activities told and confirmations against one database, each round beside the echo."""
    with echo() as bare, service(url) as server:
        load(bare, questions(500))
        load(server, questions(1500))
        asked = side_by_side(f"{name}: question", bare, server, [questions(count)] * ROUNDS)
        at_half("  at half of that", server, questions(count // 2), asked)
        shares = [records(PEOPLE)[at::ROUNDS] for at in range(ROUNDS)]
        told = side_by_side(f"{name}: activity told (draft kept)", bare, server, shares)
        confirmed = side_by_side(
            f"{name}: confirmed (ledger written)", bare, server, [_confirm(share) for share in shares]
        )
        at_half("  told at half of that", server, records(PEOPLE), told)
        at_half("  confirmed at half of that", server, _confirm(records(PEOPLE)), confirmed)


def _confirm(drafts: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(who, "对") for who, _ in drafts]


def resident(server: Server) -> float:
    """MB of memory of the server's process."""
    status = Path(f"/proc/{server.process.pid}/status").read_text("utf-8")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def starting(url: str) -> None:
    """Seconds from the command to the first answer, and the idle process's memory."""
    begun = time.perf_counter()
    with service(url) as server:
        load_started = time.perf_counter()
        urllib.request.urlopen(f"http://127.0.0.1:{server.port}/readyz").read()
        answer = load(server, questions(1))
        first = load_started - begun + answer["max_ms"] / 1000
        print(f"start to first answer {first:.2f} s; idle memory {resident(server):.0f} MB", flush=True)


def growth(url: str, count: int) -> None:
    with service(url) as server:
        load(server, questions(2000))
        seen = [resident(server)]
        for _ in range(5):
            load(server, questions(count // 5))
            seen.append(resident(server))
        print(f"memory over {count:,} messages, by fifths: {' '.join(f'{each:.0f}' for each in seen)} MB", flush=True)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--messages", type=int, default=2000, help="questions in each of the rounds")
    options.add_argument("--sizes", default="1000,100000,1000000")
    options.add_argument("--without-postgres", action="store_true")
    options.add_argument("--growth", type=int, default=100_000)
    chosen = options.parse_args()
    for size in [int(part) for part in chosen.sizes.split(",")]:
        with tempfile.TemporaryDirectory() as folder:
            url = f"sqlite+aiosqlite:///{folder}/bench.db"
            asyncio.run(seed(url, size))
            print(f"\n{size:,} entries in the ledger, SQLite", flush=True)
            compare("SQLite", url, chosen.messages)
            if size == 1000:
                starting(url)
                growth(url, chosen.growth)
    if not chosen.without_postgres:
        from tests.databases import postgresql_url  # noqa: PLC0415 - a server, only where it is measured

        url = postgresql_url()
        asyncio.run(seed(url, 100_000))
        print("\n100,000 entries in the ledger, PostgreSQL", flush=True)
        compare("PostgreSQL", url, chosen.messages)


if __name__ == "__main__":
    main()
