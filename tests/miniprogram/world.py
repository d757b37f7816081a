"""The service, the stand-in with its mini program, and the mini program's own source, on loopback."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from aiohttp import web

from bot.app import Service, listen
from bot.settings import Settings
from simulator.account import Account, Form, MiniProgram, Mode, Person, Template
from simulator.app import build
from simulator.clock import SHANGHAI, Clock
from simulator.mini import Mini
from simulator.platform import Platform
from simulator.push import PushSettings
from storage.schema import migrate
from storage.sealing import Vault
from storage.store import Store
from tests.service.world import ACCOUNT, environment, free_port

MINI = Account("wx00000000000000b2", "mini-secret", "minitoken", ACCOUNT.aes_key, "gh_5f4e3d2c1b0a", name="学时助手")
NOTICE = Template(
    "miniNotice00000000000000000000000000000001",
    "学时提醒",
    {"thing1": "提醒事项", "thing2": "情况", "date3": "截止日期", "thing4": "怎么办"},
    subscription=True,
)
PEOPLE = (
    Person("wang", "王工", "oService00000000000000000001", "内蒙古 · 工程师", following=True),
    Person("zhao", "赵主任", "oService00000000000000000002", "人事", following=True),
)
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=SHANGHAI)


@dataclass
class World:
    platform: Platform
    service: Service
    address: str  # of the page of phones
    callback: str

    @property
    def mini(self) -> Mini:
        assert self.platform.mini is not None
        return self.platform.mini

    async def heard(self, count: int, person: str = "wang") -> list[str]:
        """What the mini program's talk has said to somebody, at least so much of it."""
        return [bubble.text for bubble in await self.mini.visitors[person].chat.hears(count, 10)]


@contextlib.asynccontextmanager
async def world(
    folder: Path,
    *,
    mode: Mode = Mode.SAFE,
    form: Form = Form.JSON,
    preview: Path | None = None,
    open_platform: bool = True,
) -> AsyncIterator[World]:
    """The service in this process, on SQLite in `folder`; the clock begins on 21 November 2026 and runs."""
    url = f"sqlite+aiosqlite:///{folder / 'service.db'}"
    migrate(url)
    port, api_port = free_port(), free_port()
    service_url, address = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{api_port}"
    program = MiniProgram(
        MINI,
        f"{service_url}/wechat/mini",
        service_url,
        (NOTICE,),
        form=form,
        open_platform=open_platform,
        ext={"api_base": ""},
        preview=preview,
    )
    given = environment(url, port, api_port) | {
        "XUESHI_MINI_APPID": MINI.appid,
        "XUESHI_MINI_SECRET": MINI.secret,
        "XUESHI_MINI_TOKEN": MINI.token,
        "XUESHI_MINI_AES_KEY": MINI.aes_key,
        "XUESHI_MINI_SUBSCRIPTION": f"{NOTICE.id}:thing1=subject,thing2=missing,date3=by,thing4=todo",
    }
    settings = Settings.model_validate({name.removeprefix("XUESHI_").lower(): value for name, value in given.items()})
    platform = Platform(
        ACCOUNT,
        PEOPLE,
        f"{service_url}/wechat/official",
        Clock(NOW),
        mode=mode,
        public_url=address,
        pushes=PushSettings(timeout=2),
        job_delay=0.05,
        mini=program,
    )
    async with platform:
        page: web.AppRunner = await listen(build(platform), "127.0.0.1", api_port)
        service = Service(settings, await Store.open(url, Vault(settings.sealing_keys)), platform.clock.now)
        await service.start()
        callbacks = await listen(service.web(), "127.0.0.1", port)
        try:
            yield World(platform, service, address, program.callback_url)
        finally:
            await callbacks.cleanup()
            await service.stop()
            await page.cleanup()
