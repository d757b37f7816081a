"""The service and the stand-in for WeChat on loopback, wired as in a real deployment: HTTP both ways, safe mode."""

import base64
import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from bot.app import Service, listen
from bot.settings import Settings
from simulator.account import Account, Mode, Person
from simulator.app import build
from simulator.clock import Clock
from simulator.platform import Platform
from simulator.push import PushSettings
from storage.schema import migrate
from storage.sealing import Vault
from storage.sqlite import database_path
from storage.store import Store

SECRET_KEY = base64.urlsafe_b64encode(bytes(range(32))).decode()
ACCOUNT = Account(
    appid="wx00000000000000a1",
    secret="s3cret",
    token="calltoken",
    aes_key="abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
    original_id="gh_0a1b2c3d4e5f",
)


def people(count: int) -> list[Person]:
    return [Person(f"p{number}", f"人{number}", f"oService{number:020d}", following=True) for number in range(count)]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class World:
    platform: Platform
    service: Service
    callback: str


def environment(url: str, port: int, api_port: int) -> dict[str, str]:
    return {
        "XUESHI_DATABASE_URL": url,
        "XUESHI_LISTEN": f"127.0.0.1:{port}",
        "XUESHI_OFFICIAL_APPID": ACCOUNT.appid,
        "XUESHI_OFFICIAL_SECRET": ACCOUNT.secret,
        "XUESHI_OFFICIAL_TOKEN": ACCOUNT.token,
        "XUESHI_OFFICIAL_AES_KEY": ACCOUNT.aes_key,
        "XUESHI_SECRET_KEY": SECRET_KEY,
        "XUESHI_WECHAT_API_BASE": f"http://127.0.0.1:{api_port}",
        "XUESHI_PUBLIC_URL": f"http://127.0.0.1:{port}",
        **({"XUESHI_PHOTOS_URL": f"file:{database_path(url).parent / 'photos'}"} if url.startswith("sqlite") else {}),
    }


def settings(url: str, port: int, api_port: int) -> Settings:
    given = environment(url, port, api_port)
    return Settings(**{name.removeprefix("XUESHI_").lower(): value for name, value in given.items()})


@contextlib.asynccontextmanager
async def standing_in(
    callback_port: int, *, phones: int = 3, mode: Mode = Mode.SAFE, pushes: PushSettings | None = None
) -> AsyncIterator[tuple[Platform, int]]:
    """The stand-in with its API on a port of its own."""
    api_port = free_port()
    platform = Platform(
        ACCOUNT,
        people(phones),
        f"http://127.0.0.1:{callback_port}/wechat/official",
        Clock(),
        mode=mode,
        pushes=pushes,
        public_url=f"http://127.0.0.1:{api_port}",
    )
    async with platform:
        api: web.AppRunner = await listen(build(platform), "127.0.0.1", api_port)
        try:
            yield platform, api_port
        finally:
            await api.cleanup()


@contextlib.asynccontextmanager
async def world(folder: Path, *, phones: int = 3, mode: Mode = Mode.SAFE) -> AsyncIterator[World]:
    """The service in this process, on SQLite in `folder`."""
    url = f"sqlite+aiosqlite:///{folder / 'service.db'}"
    migrate(url)
    port = free_port()
    async with standing_in(port, phones=phones, mode=mode) as (platform, api_port):
        given = settings(url, port, api_port)
        service = Service(given, await Store.open(url, Vault(given.sealing_keys)), platform.clock.now)
        await service.start()
        callbacks = await listen(service.web(), "127.0.0.1", port)
        try:
            yield World(platform, service, platform.pusher.callback_url)
        finally:
            await callbacks.cleanup()
            await service.stop()


class Process:
    """`xueshi run` in a process of its own, which can be killed."""

    def __init__(self, url: str, port: int, api_port: int, log: Path, role: str = "all") -> None:
        self._command = [sys.executable, "-m", "bot.commands", "run", "--role", role]
        self._environment = {**os.environ, **environment(url, port, api_port)}
        self._port = port
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(self._command, env=self._environment, stderr=log, stdout=log)

    def kill(self) -> None:
        """kill -9: nothing is flushed, nothing is said."""
        if self._process:
            self._process.kill()
            self._process.wait(10)

    def stop(self) -> int:
        """SIGTERM; the exit status."""
        if self._process is None:
            return 0
        self._process.terminate()
        return self._process.wait(20)

    def answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self._port)) == 0

    def wait(self, seconds: float = 20) -> None:
        end = time.monotonic() + seconds
        while not self.answers():
            if time.monotonic() > end or (self._process and self._process.poll() is not None):
                raise RuntimeError(f"the service did not start:\n{self._log.read_text('utf-8')[-2000:]}")
            time.sleep(0.05)
