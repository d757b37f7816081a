"""A notice to everybody of a large unit: PostgreSQL, two workers, the stand-in answering; workers die on the way.

`python -m benchmarks.broadcasts [--people 100000] [--kills 2] [--at-once 16]`. Prints sends per second beside what the
stand-in takes from a bare client, and what became of everybody: lost and twice must be 0. A worker is killed with
kill -9 and started again; what it had begun is *unknown* (the platform's interface has no client id), the rest is sent.
"""

import argparse
import asyncio
import base64
import hashlib
import json
import os
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import asyncpg

from benchmarks.winter import ACCOUNT
from bot.app import listen
from bot.settings import Settings
from domain.broadcast import Audience, NewBroadcast, Noticing, Whom
from simulator.account import Person
from simulator.app import build
from simulator.clock import SHANGHAI, Clock
from simulator.platform import Platform
from simulator.windows import Window
from storage.sealing import Vault
from storage.store import Store

UNIT = "某集团"
SECRET_KEY = base64.urlsafe_b64encode(bytes(range(32))).decode()
CALLS = 2000  # of the bare client
SPARE = 200  # people whom the bare client writes to
PATIENCE_SECONDS = 1200  # without a send, after which what is left is told and not waited for any longer


_LEFT = (
    "SELECT state, reason, count(*), min(retry_at - now()), min(now() - taken_at) FROM deliveries"
    " WHERE state IN ('waiting', 'taken') GROUP BY state, reason"
)


def openid(number: int) -> str:
    return f"oNotice{number:021d}"


def person_id(number: int) -> str:
    return hashlib.sha256(openid(number).encode()).hexdigest()[:32]


@dataclass
class Run:
    """The stand-in with its people, and the service's database."""

    platform: Platform
    api: str
    url: str
    people: int

    @property
    def settings(self) -> dict[str, Any]:
        return {
            "database_url": self.url,
            "official_appid": ACCOUNT.appid,
            "official_secret": ACCOUNT.secret,
            "official_token": ACCOUNT.token,
            "official_aes_key": ACCOUNT.aes_key,
            "secret_key": SECRET_KEY,
            "wechat_api_base": self.api,
            "photos_url": "file:/nonexistent",
        }

    async def rows(self, sql: str) -> list[Any]:
        connection = await asyncpg.connect(self.url.replace("+asyncpg", ""))
        try:
            return list(await connection.fetch(sql))
        finally:
            await connection.close()

    def heard(self) -> Counter[str]:
        """How many notices stand on each phone."""
        found = Counter[str]()
        for phone in self.platform.phones.values():
            count = sum(UNIT in bubble.text for bubble in phone.chat.heard())
            if count:
                found[phone.person.openid] = count
        return found


async def fill(run: Run, vault: Vault, now: datetime) -> None:
    """Everybody on the roster, each with an open window, as rows that turns would have left."""
    connection = await asyncpg.connect(run.url.replace("+asyncpg", ""))
    people, identities, members, reach = [], [], [], []
    for number in range(run.people):
        who, key = person_id(number), hashlib.sha256(f"member {number}".encode()).hexdigest()
        people.append((who, "jiangxi", "{}", "", True, now, now))
        identities.append(("official", ACCOUNT.appid, openid(number), who))
        name = vault.seal(f"员工{number}".encode(), f"members/{key}/name")
        members.append((UNIT, f"部门{number % 40}", name, key, key, key, who, True, now, now))
        reach.append(
            ("official", ACCOUNT.appid, openid(number), who, "message", now, 5, now + timedelta(days=2), "", "", 0)
        )
    for table, columns, records in (
        ("people", "id region profile roles following consented_at created_at", people),
        ("identities", "channel account sender person_id", identities),
        ("members", "unit department name identity who named person_id active imported_at bound_at", members),
        (
            "reach",
            "channel account sender person_id contact contact_at left until closed massed_month massed",
            reach,
        ),
    ):
        await connection.copy_records_to_table(table, records=records, columns=columns.split())
    await connection.execute("ANALYZE")
    await connection.close()


async def bare(run: Run) -> float:
    """Calls a second that the stand-in takes from a client that does nothing else."""
    async with aiohttp.ClientSession() as session:
        asked = {"grant_type": "client_credential", "appid": ACCOUNT.appid, "secret": ACCOUNT.secret}
        async with session.post(f"{run.api}/cgi-bin/stable_token", json=asked) as answer:
            token = (await answer.json(content_type=None))["access_token"]
        numbers = iter(range(CALLS))

        async def work() -> None:
            for number in numbers:
                to = openid(run.people + number % SPARE)
                body = {"touser": to, "msgtype": "text", "text": {"content": "一条"}}
                data = json.dumps(body, ensure_ascii=False).encode()
                address = f"{run.api}/cgi-bin/message/custom/send?access_token={token}"
                async with session.post(address, data=data) as answer:
                    await answer.read()

        started = time.perf_counter()
        await asyncio.gather(*(work() for _ in range(16)))
        return CALLS / (time.perf_counter() - started)


class Workers:
    """Two processes of the service that send."""

    def __init__(self, run: Run, at_once: int) -> None:
        self._command = [sys.executable, "-m", "benchmarks.broadcast_worker", json.dumps(run.settings), str(at_once)]
        self._running: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        while len(self._running) < 2:
            self._running.append(subprocess.Popen(self._command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))

    def kill(self, count: int) -> None:
        for process in self._running[:count]:
            process.kill()
            process.wait(10)
        self._running = self._running[count:]

    def stop(self) -> None:
        for process in self._running:
            process.terminate()
        for process in self._running:
            process.wait(30)


async def going(run: Run, workers: Workers, kills: int) -> tuple[float, list[float]]:
    """Watches until everybody has been dealt with, and kills on the way. Seconds, and the rates between kills."""
    started = last = time.perf_counter()
    rates, counted, killed = [], 0, 0
    marks = [run.people * (at + 1) // (kills + 1) for at in range(kills)]
    idle = 0
    while True:
        await asyncio.sleep(2)
        sent = (await run.rows("SELECT count(*) FROM deliveries WHERE state = 'sent'"))[0][0]
        now = time.perf_counter()
        if sent > counted:
            rates.append((sent - counted) / (now - last))
            idle = 0
        else:
            idle += 1
            if idle == 45:  # longer than a lease
                print("  waiting:", await run.rows(_LEFT), flush=True)
        counted, last = sent, now
        if killed < kills and sent >= marks[killed]:
            killed += 1
            workers.kill(1 if killed % 2 else 2)
            workers.start()
            print(f"  killed after {sent}", flush=True)
        left = (await run.rows("SELECT count(*) FROM deliveries WHERE state IN ('waiting', 'taken')"))[0][0]
        done = (await run.rows("SELECT count(*) FROM broadcasts WHERE state = 'out'"))[0][0]
        if (done and not left) or idle * 2 > PATIENCE_SECONDS:
            return time.perf_counter() - started, rates


async def judged(run: Run) -> bool:
    """What became of everybody, by the stand-in's count and by the service's."""
    heard = run.heard()
    found = await run.rows("SELECT state, recipient FROM deliveries WHERE priority = 2")
    state = {row["recipient"]: row["state"] for row in found}
    ours = Counter(state.values())
    lost = sum(not heard[openid(n)] and state.get(openid(n)) != "unknown" for n in range(run.people))
    twice = sum(count > 1 for count in heard.values())
    claimed = sum(state[one] == "sent" and not heard[one] for one in state)
    arrived = sum(state[one] == "unknown" and heard[one] > 0 for one in state)
    print(f"states: {dict(ours)}; heard {sum(heard.values())}; of those in doubt {arrived} had arrived")
    print(f"lost {lost}, twice {twice}, said to be sent and not heard {claimed}")
    return not (lost or twice or claimed) and len(state) == run.people


async def play(people: int, kills: int, at_once: int) -> bool:
    from tests.databases import postgresql_url  # noqa: PLC0415 - a server, only where it is measured

    port = 18_000 + os.getpid() % 1000
    persons = [Person(f"p{n}", f"人{n}", openid(n), following=True) for n in range(people + SPARE)]
    clock = Clock()
    platform = Platform(ACCOUNT, persons, "http://127.0.0.1:9/none", clock, public_url=f"http://127.0.0.1:{port}")
    for phone in platform.phones.values():
        phone.window = Window(1000, datetime.now(SHANGHAI) + timedelta(days=2))
    async with platform:
        served = await listen(build(platform), "127.0.0.1", port)
        run = Run(platform, f"http://127.0.0.1:{port}", postgresql_url(), people)
        limit = await bare(run)
        print(f"the stand-in takes {limit:.0f} calls a second from a bare client in its own process")
        vault = Vault(Settings(**run.settings).sealing_keys)
        await fill(run, vault, datetime.now(UTC))
        ok = await _told(run, vault, kills, at_once, limit)
        await served.cleanup()
    return ok


async def _told(run: Run, vault: Vault, kills: int, at_once: int, limit: float) -> bool:
    now = datetime.now(SHANGHAI)
    store = await Store.open(run.url, vault)
    audience = Audience(UNIT, Whom.ALL, now.year)
    started = time.perf_counter()
    forecast = await store.broadcasts.forecast(audience, now)
    print(f"forecast of {forecast.people}: {time.perf_counter() - started:.2f} s")
    new = NewBroadcast("bench", audience, "年底前请学完", now, run.people, approved=True)
    await store.broadcasts.act(person_id(0), "bench", Noticing(new=new), now)
    workers = Workers(run, at_once)
    workers.start()
    took, rates = await going(run, workers, kills)
    workers.stop()
    await store.close()
    rates.sort()
    middle = rates[len(rates) // 2] if rates else 0
    print(f"{run.people} people, 2 workers, {kills} kills: {took:.0f} s; {middle:.0f} sends a second at the median,")
    print(f"{middle / limit:.2f} of what the stand-in takes from a bare client")
    return await judged(run)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--kills", type=int, default=2)
    parser.add_argument("--at-once", type=int, default=16)
    given, _ = parser.parse_known_args()
    if not asyncio.run(play(given.people, given.kills, given.at_once)):
        sys.exit("somebody was lost or told twice")


if __name__ == "__main__":
    main()
