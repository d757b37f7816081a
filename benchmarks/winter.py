"""A unit's winter, played in seconds: people who answer, record, ignore, unsubscribe; a platform in trouble; a service
that is killed. Counted by an account of its own, which knows nothing of how the service plans.

The stand-in for WeChat runs here and keeps the truth (who follows, whose window is open, who agreed to how many
notices); the service runs in a process of its own under the same clock. Every person is in 内蒙古 (公需 30, 专业 60).
"""

import asyncio
import base64
import json
import os
import random
import socket
import sqlite3
import struct
import subprocess
import sys
import time
from collections import Counter
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Self

import chinese_calendar

from benchmarks.winter_service import SharedClock
from bot.app import listen
from simulator.account import Account, Person, Template
from simulator.app import build
from simulator.clock import SHANGHAI, Clock
from simulator.errors import ApiError
from simulator.faults import Armed, Fault
from simulator.phones import Phone
from simulator.platform import Platform
from simulator.push import PushSettings
from storage.schema import migrate

TEMPLATE = "WINTERtemplate0000000000000000000000000001"
STAGES = (90, 60, 30, 14, 7, 3, 1)
LAST = date(2025, 12, 31)
STEP_SECONDS = 120  # real time that one step may take
ACCOUNT = Account(
    appid="wx00000000000000a1",
    secret="s3cret",
    token="calltoken",
    aes_key="abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
    original_id="gh_0a1b2c3d4e5f",
)
KINDS = (("early", 25), ("heeds", 30), ("ignores", 25), ("leaves", 8), ("silences", 5), ("blocks", 7))
_FREE_STATES = ("sent", "refused", "unknown", "given_up", "silent")


@dataclass
class Soul:
    """Somebody of the unit: what they are like, and what they have really done."""

    phone: Phone
    kind: str
    turns_on: date  # when somebody leaves, silences or blocks
    public: float = 0
    professional: float = 0
    stopped: bool = False
    turned: bool = False
    heard_before: int = 0

    @property
    def done(self) -> bool:
        return self.public >= 30 and self.professional >= 60

    def reminders(self) -> int:
        """How many reminders stand on the phone."""
        return sum(bubble.through == "subscribe" or bubble.kind == "menu" for bubble in self.phone.chat.heard())


@dataclass
class Report:
    """What came out: reminders by stage (expected, heard, unknown), and everything that must not be."""

    rows: dict[int, Counter[str]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    quota_errors: int = 0
    kills: int = 0
    seconds: float = 0.0

    def table(self) -> str:
        columns = ("behind", "reachable", "heard", "unknown", "unreachable", "done")
        lines = ["stage  " + "".join(f"{name:>13}" for name in columns)]
        lines += [f"{stage:>5}  " + "".join(f"{row[name]:>13}" for name in columns) for stage, row in self.rows.items()]
        lines.append(
            f"{self.kills} kills, {self.quota_errors} quota errors, {len(self.wrong)} wrong, {self.seconds:.0f} s"
        )
        return "\n".join(lines)


def stage_day(days: int) -> date:
    """The day of a stage: so many days before the last, or the working day before that."""
    day = LAST - timedelta(days=days)
    while not chinese_calendar.is_workday(day):
        day -= timedelta(days=1)
    return day


class Winter:
    """`kills` is how often the service is killed in all, at moments drawn from `seed`; `others` are the days played
    besides those of the stages.
    """

    def __init__(self, folder: Path, people: int, seed: int, kills: int, others: int = 80) -> None:
        self.draw = random.Random(seed)
        self.folder = folder
        self.report = Report(kills=0)
        self._kills = kills
        self._others = others
        self._count = people
        self._stack = AsyncExitStack()
        self._process: subprocess.Popen[bytes] | None = None
        self.database = folder / "winter.db"

    async def __aenter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        url = f"sqlite+aiosqlite:///{self.database}"
        migrate(url)
        ports = [_free_port(), _free_port()]
        persons = [
            Person(f"p{number}", f"人{number}", f"oWinter{number:021d}", following=True)
            for number in range(self._count)
        ]
        self.clock = Clock(datetime(2025, 9, 22, 12, 0, tzinfo=SHANGHAI))
        self.platform = Platform(
            ACCOUNT,
            persons,
            f"http://127.0.0.1:{ports[0]}/wechat/official",
            self.clock,
            seed=1,
            pushes=PushSettings(timeout=5.0, repeat_after=0.2, deliveries=4, mark_after=10**9),
            templates=[
                Template(TEMPLATE, "学时提醒", {"thing1": "项目", "thing2": "还差", "date3": "截止"}, subscription=True)
            ],
            public_url=f"http://127.0.0.1:{ports[1]}",
            job_delay=0.01,
        )
        self._count_quota_errors()
        await self._stack.enter_async_context(self.platform)
        api = await listen(build(self.platform), "127.0.0.1", ports[1])
        self._stack.push_async_callback(api.cleanup)
        shared = self.folder / "clock"
        shared.write_bytes(struct.pack("dd", 0.0, -1.0))
        self.shared = SharedClock(shared)
        self._settings = json.dumps(
            {
                "database_url": url,
                "listen": f"127.0.0.1:{ports[0]}",
                "official_appid": ACCOUNT.appid,
                "official_secret": ACCOUNT.secret,
                "official_token": ACCOUNT.token,
                "official_aes_key": ACCOUNT.aes_key,
                "official_subscription": f"{TEMPLATE}:thing1=subject,thing2=missing,date3=by",
                "wechat_api_base": f"http://127.0.0.1:{ports[1]}",
                "photos_url": f"file:{self.folder / 'photos'}",
                "secret_key": base64.urlsafe_b64encode(bytes(range(32))).decode(),
            }
        )
        self.souls = [self._soul(phone) for phone in self.platform.phones.values()]
        self._start()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)
        await self._stack.aclose()

    def _count_quota_errors(self) -> None:
        spend = self.platform.quotas.spend

        def counted(path: str, now: datetime) -> None:
            try:
                spend(path, now)
            except ApiError:
                self.report.quota_errors += 1
                raise

        self.platform.quotas.spend = counted  # type: ignore[method-assign]

    def _soul(self, phone: Phone) -> Soul:
        names, weights = zip(*KINDS, strict=True)
        turns_on = date(2025, 10, 5) + timedelta(days=self.draw.randrange(80))
        return Soul(phone, self.draw.choices(names, weights)[0], turns_on)

    # The service

    def _start(self) -> None:
        with (self.folder / "service.log").open("ab") as log:
            command = [sys.executable, "-m", "benchmarks.winter_service", str(self.folder / "clock"), self._settings]
            self._process = subprocess.Popen(command, stdout=log, stderr=log, env=dict(os.environ))

    def kill(self) -> None:
        """kill -9, and a new start."""
        if self._process is None:
            return
        self._process.kill()
        self._process.wait(10)
        self.report.kills += 1
        self.shared.ticked = -1.0
        self._start()

    async def to(self, moment: datetime, *, kill: bool = False) -> None:
        """Moves every clock, and waits until the service has done what is due then and nothing is on its way."""
        self.clock.set(moment)
        self.shared.ahead = ahead = self.clock.moved.total_seconds()
        if kill:
            await asyncio.sleep(self.draw.uniform(0.0, 0.3))
            self.kill()
        end = time.monotonic() + STEP_SECONDS
        while self.shared.ticked != ahead or self._pending():
            if time.monotonic() > end or (self._process and self._process.poll() is not None):
                raise RuntimeError(f"the service does not come on:\n{self._log()}")
            await asyncio.sleep(0.01)
            if self.shared.ticked == ahead and self._pending() and self.draw.random() < 0.05:
                self.clock.advance(20)  # what is to be tried again comes due
                self.shared.ahead = ahead = self.clock.moved.total_seconds()
        await self.platform.quiet()

    def _pending(self) -> int:
        return sum(
            count
            for state, count in self.rows("SELECT state, count(*) FROM deliveries GROUP BY state")
            if state not in _FREE_STATES
        )

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as connection:
            return connection.execute(sql).fetchall()

    def _log(self) -> str:
        return (self.folder / "service.log").read_text("utf-8")[-3000:]

    # The winter

    async def run(self) -> Report:
        """From the end of September to the end of February, day by day where something happens."""
        begun = time.monotonic()
        await self.to(self.clock.now() + timedelta(seconds=1))
        await self._each(self.souls, self._settle_in)
        await self._agree()
        stages = {stage_day(days): days for days in STAGES}
        kill_days = set(self.draw.sample(sorted(stages), min(self._kills, len(stages))))
        for day in self._days(sorted(stages)):
            await self._morning(day, stages.get(day), day in kill_days)
            await self._afternoon(day)
        self._nothing_twice()
        self.report.seconds = time.monotonic() - begun
        return self.report

    def _days(self, stages: list[date]) -> list[date]:
        """The days that are played: those of the stages, and others until the end of February."""
        others = [date(2025, 9, 29) + timedelta(days=number) for number in range(98)]
        after = [date(2026, 1, 5) + timedelta(days=7 * number) for number in range(8)]
        chosen = self.draw.sample(others, min(self._others, len(others)))
        return sorted({*stages, *chosen, *after[:: 1 if self._others > 20 else 4]})

    async def _each(self, souls: list[Soul], act: Any, at_once: int = 24) -> None:
        slots = asyncio.Semaphore(at_once)

        async def one(soul: Soul) -> None:
            async with slots:
                await act(soul)

        await asyncio.gather(*(one(soul) for soul in souls))

    async def _settle_in(self, soul: Soul) -> None:
        await soul.phone.text("我在内蒙古")
        await soul.phone.text("跳过")
        await self._record(soul, 0, self.draw.choice((10, 20, 40)))

    async def _agree(self) -> None:
        """Some agree to notices, at moments of their own: two answers in one second are one to the platform."""
        agreeing = [
            [soul] * self.draw.choice((0, 2, 4, 8))
            for soul in self.souls
            if soul.kind in ("heeds", "ignores", "silences")
        ]
        while any(agreeing):
            self.clock.advance(2)
            self.shared.ahead = self.clock.moved.total_seconds()
            await self._each([souls.pop() for souls in agreeing if souls], lambda soul: soul.phone.grant(TEMPLATE))

    async def _record(self, soul: Soul, public: float, professional: float) -> None:
        for category, hours in (("公需", public), ("专业", professional)):
            if not hours:
                continue
            await soul.phone.text(f"今天参加培训班，{category}课，{hours:g}学时")
            confirmed = await soul.phone.text("对")
            if confirmed.reply is None or "记下了" not in confirmed.reply.text:
                late = [bubble.text for bubble in soul.phone.chat.heard()[-3:]]
                if not any("记下了" in text for text in late):
                    continue
            if category == "公需":
                soul.public += hours
            else:
                soul.professional += hours

    async def _morning(self, day: date, stage: int | None, kill: bool) -> None:
        """The reminders of the day, against what this account expects of them."""
        before = datetime.combine(day, datetime.min.time(), SHANGHAI)
        await self.to(before + timedelta(hours=8, minutes=30))
        for soul in self.souls:
            soul.heard_before = soul.reminders()
        expected = {soul.phone.person.openid: self._expects(soul) for soul in self.souls} if stage else {}
        if stage:
            self._arm()
        await self.to(before + timedelta(hours=11), kill=kill)
        self.platform.faults.clear()
        unknown = self._unknown(stage) if stage else set()
        told = Counter[str]()
        for soul in self.souls:
            heard = soul.reminders() - soul.heard_before
            self._judge(soul, day, stage, heard, expected.get(soul.phone.person.openid, ""), unknown, told)
        if stage:
            self.report.rows[stage] = told
            self._compare_unreachable(stage, expected, unknown)

    def _arm(self) -> None:
        faults = self.platform.faults
        faults.arm(Fault.API_BUSY, Armed(rate=0.02, path="message/"))
        faults.arm(Fault.API_TIMEOUT, Armed(rate=0.01, seconds=0.05, path="message/"))
        faults.arm(Fault.API_UNREACHED, Armed(rate=0.005, seconds=0.05, path="message/"))
        faults.arm(Fault.TOKEN_KILLED, Armed(times=2, path="message/"))

    def _expects(self, soul: Soul) -> str:
        """What should become of this morning's reminder of somebody: told, silent, stopped or unreachable."""
        phone, now = soul.phone, self.clock.now()
        if soul.stopped:
            return "stopped"
        if soul.done:
            return "done"
        window = not phone.window.closed(now + timedelta(hours=2, minutes=30)) and phone.window.left > 1
        granted = self.platform.grants.left(phone.person.openid, TEMPLATE) > 0
        return "told" if phone.following and not phone.blocked and (window or granted) else "unreachable"

    def _judge(
        self, soul: Soul, day: date, stage: int | None, heard: int, expects: str, unknown: set[str], told: Counter[str]
    ) -> None:
        who = f"{soul.phone.person.id} ({soul.kind}) on {day}, stage {stage}"
        told["behind"] += expects in ("told", "unreachable")
        told["reachable"] += expects == "told"
        told["heard"] += heard
        told["unreachable"] += expects == "unreachable"
        told["done"] += expects == "done"
        is_unknown = soul.phone.person.openid in unknown
        told["unknown"] += is_unknown
        if heard > 1:
            self.report.wrong.append(f"twice: {who}")
        if heard and expects != "told":
            self.report.wrong.append(f"heard though {expects or 'nothing was due'}: {who}")
        if not heard and expects == "told" and not is_unknown:
            self.report.wrong.append(f"not heard: {who}")

    def _unknown(self, stage: int | None) -> set[str]:
        found = self.rows(
            f"SELECT recipient FROM deliveries WHERE state IN ('unknown', 'given_up') AND key LIKE '%:2025:{stage}'"
        )
        return {row[0] for row in found}

    def _compare_unreachable(self, stage: int, expected: dict[str, str], unknown: set[str]) -> None:
        """A send that was cut off on its way to somebody who could not be reached is in doubt, not unreachable."""
        found = self.rows(
            "SELECT i.sender FROM reminders r JOIN identities i ON i.person_id = r.person_id"
            f" WHERE r.fate = 'unreachable' AND r.kind = 'year_end' AND r.year = 2025 AND r.stage = '{stage}'"
        )
        listed = {row[0] for row in found}
        truly = {openid for openid, expects in expected.items() if expects == "unreachable"}
        for openid in (listed ^ truly) - (unknown - listed):
            side = "listed though reachable" if openid in listed else "unreachable and not listed"
            self.report.wrong.append(f"{side}: {openid}, stage {stage}")

    async def _afternoon(self, day: date) -> None:
        """What people do with their day."""
        moved = datetime.combine(day, datetime.min.time(), SHANGHAI) + timedelta(hours=14)
        self.clock.set(moved)
        self.shared.ahead = self.clock.moved.total_seconds()
        acting = [(soul, self.draw.random()) for soul in self.souls if soul.phone.following]
        await self._each(
            [soul for soul, chance in acting if self._acts(soul, day, chance)], lambda s: self._act(s, day)
        )

    def _acts(self, soul: Soul, day: date, chance: float) -> bool:
        if day > LAST:
            return False
        if soul.kind in ("leaves", "silences", "blocks") and day >= soul.turns_on and not soul.turned:
            return True
        heard = soul.reminders() - soul.heard_before > 0
        return (soul.kind == "early" and chance < 0.05) or (soul.kind == "heeds" and heard and chance < 0.6)

    async def _act(self, soul: Soul, day: date) -> None:
        turning = day >= soul.turns_on and not soul.turned
        soul.turned = soul.turned or turning
        if soul.kind == "leaves" and turning:
            await soul.phone.unfollow()
        elif soul.kind == "blocks" and turning:
            soul.phone.block(True)
        elif soul.kind == "silences" and turning:
            answer = await soul.phone.text("别再提醒了")
            soul.stopped = answer.reply is not None
        elif not soul.done:
            public = max(0.0, min(30 - soul.public, 30.0))
            await self._record(soul, public, min(max(0.0, 60 - soul.professional), 30.0))

    def _nothing_twice(self) -> None:
        twice = self.rows("SELECT key FROM deliveries GROUP BY key HAVING count(*) > 1")
        self.report.wrong += [f"two deliveries of {key}" for (key,) in twice]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
