"""`xueshi demo`: the whole product on one machine, nothing configured.

The real service in safe mode against the stand-in for WeChat, both on loopback; demo people with some history, told to
the bot in the same words as anybody would use; one clock for all, which the page can move. The database is new at every
start, because the stand-in forgets its phones too.
"""

import asyncio
import base64
import contextlib
import logging
import os
import secrets
import string
import sys
from datetime import UTC, datetime
from pathlib import Path

from pydantic import SecretStr

from bot.app import Service, listen, until_stopped
from bot.logs import set_up
from bot.settings import Settings
from domain.message import Channel, Message, MessageKind
from domain.person import Role
from simulator.account import Account, Person
from simulator.app import build
from simulator.clock import Clock
from simulator.platform import Platform
from storage.schema import migrate
from storage.sealing import Vault
from storage.store import Store

HOST = "127.0.0.1"
FOLDER = Path("var/demo")
ORIGINAL_ID = "gh_0a1b2c3d4e5f"

PEOPLE = (
    Person("wang", "王工", "oDemoWang0000000000000000000", "内蒙古 · 建筑工程师", "#4c8bf5", following=True),
    Person("li", "李老师", "oDemoLi000000000000000000000", "吉林 · 职校教师", "#e0701a", following=True),
    Person("chen", "陈工", "oDemoChen00000000000000000000", "江西 · 水利工程师", "#2a9d6f", following=True),
    Person("zhou", "周工", "oDemoZhou00000000000000000000", "四川 · 电气工程师", "#8257d0", following=True),
    Person("gu", "顾工", "oDemoGu000000000000000000000", "南通 · 船舶工程师", "#c2405f", following=True),
    Person("zhao", "赵主任", "oDemoZhao00000000000000000000", "人事 · 单位管理员", "#5f6b7a", following=True),
    Person("xin", "小林", "oDemoXin000000000000000000000", "还没有关注", "#b08d2e"),
)
# What each has told the bot this year, as {year} and words; every one is confirmed with 对.
HISTORY: dict[str, tuple[str, ...]] = {
    "wang": (
        "我在内蒙古",
        "{year}年3月16日网络课程《铸牢中华民族共同体意识》，公需课，20学时",
        "{year}年5月12日到14日参加《装配式建筑》培训班，专业课，24学时",
    ),
    "li": (
        "我在吉林",
        "{year}年4月9日网络课程，公需课，30学时",
        "{year}年7月6日到10日参加《课程思政》研修班，专业课，40学时",
    ),
    "chen": ("我在江西", "{year}年6月18日参加《水库安全》培训班，专业课，16学时"),
    "zhou": (
        "我在四川",
        "{year}年2月20日网络课程，公需课，30学时",
        "{year}年8月3日听了90分钟学术讲座，专业课",
    ),
    "gu": (
        "我在南通",
        "{year}年5月20日网络课程，公需课，24学时",
        "{year}年9月8日到10日参加《焊接工艺》培训班三天，专业课",
    ),
    "zhao": ("我在内蒙古",),
}
UNIT = "演示单位"


async def run(port: int) -> None:
    """Serves the page of phones on `port` and the bot on the next one, until Ctrl-C."""
    set_up(logging.WARNING)
    account = _account()
    database = _new_database()
    settings = _settings(account, database, port)
    clock = Clock()
    store = await Store.open(database, Vault(settings.sealing_keys))
    service = Service(settings, store, clock.now)
    platform = Platform(
        account,
        PEOPLE,
        f"http://{HOST}:{port + 1}/wechat/official",
        clock,
        public_url=f"http://{HOST}:{port}",
    )
    async with contextlib.AsyncExitStack() as running:
        await running.enter_async_context(platform)
        page = await listen(build(platform), HOST, port)
        running.push_async_callback(page.cleanup)
        await _tell_history(service, account.appid, clock)
        await service.start()
        running.push_async_callback(service.stop)
        callbacks = await listen(service.web(), HOST, port + 1)
        running.push_async_callback(callbacks.cleanup)
        await service.publish_menu()
        sys.stdout.write(f"学时助手 is running. Open http://{HOST}:{port}/ in a browser; Ctrl-C ends it.\n")
        sys.stdout.flush()
        await until_stopped()
        sys.stdout.write("\nstopping\n")


def _account() -> Account:
    letters = string.ascii_letters + string.digits
    return Account(
        appid="wx00000000000000a1",
        secret=secrets.token_hex(16),
        token=secrets.token_hex(8),
        aes_key="".join(secrets.choice(letters) for _ in range(42)) + "A",
        original_id=ORIGINAL_ID,
    )


def _new_database() -> str:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("xueshi.db*"):
        old.unlink()
    url = f"sqlite+aiosqlite:///{FOLDER / 'xueshi.db'}"
    migrate(url)
    return url


def _settings(account: Account, database: str, port: int) -> Settings:
    return Settings(
        database_url=database,
        listen=f"{HOST}:{port + 1}",
        official_appid=account.appid,
        official_secret=SecretStr(account.secret),
        official_token=SecretStr(account.token),
        official_aes_key=SecretStr(account.aes_key),
        wechat_api_base=f"http://{HOST}:{port}",
        secret_key=SecretStr(base64.urlsafe_b64encode(os.urandom(32)).decode()),
    )


async def _tell_history(service: Service, appid: str, clock: Clock) -> None:
    """The people's past, told through the same turns as everything else, all told at once at the start."""
    year = clock.now().year
    for person in PEOPLE:
        for number, words in enumerate(HISTORY.get(person.id, ())):
            texts = [words.format(year=year), "跳过" if number == 0 else "对"]
            for part, text in enumerate(texts):
                await service.turns.run(_said(appid, person.openid, f"{number}{part}", text, clock.now()))
    hr = await service.store.find_by_sender(Channel.OFFICIAL, appid, PEOPLE[5].openid)
    if hr is not None:
        await service.store.grant(hr.id, UNIT, Role.HR_ADMIN)
    await asyncio.sleep(0)


def _said(appid: str, openid: str, number: str, text: str, now: datetime) -> Message:
    return Message(
        key=f"official:{appid}:{openid}:history:{number}",
        channel=Channel.OFFICIAL,
        account=appid,
        sender=openid,
        kind=MessageKind.TEXT,
        text=text,
        sent_at=now.astimezone(UTC),
    )
