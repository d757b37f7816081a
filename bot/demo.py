"""`xueshi demo`: the whole product on one machine, nothing configured.

The real service in safe mode against the stand-in for WeChat, both on loopback; people with some history, told on their
phones in the words that anybody would use; one clock for all, which the page can move. The database is new at every
start, because the stand-in forgets its phones too.
"""

import asyncio
import base64
import contextlib
import logging
import os
import secrets
import shutil
import string
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import SecretStr

from bot.app import Service, listen, loaded, until_stopped
from bot.demo_unit import Filling
from bot.logs import set_up
from bot.settings import Settings
from domain.delivery import DeliveryState
from domain.message import Channel
from domain.person import Role
from simulator.account import Account, MiniProgram, Person, Template
from simulator.app import build
from simulator.clock import Clock
from simulator.platform import Platform
from storage.members import Employee
from storage.schema import migrate
from storage.sealing import Vault
from storage.store import Store

HOST = "127.0.0.1"
FOLDER = Path("var/demo")
PREVIEW = Path("var/preview")  # what `make preview` makes of the mini program
ORIGINAL_ID = "gh_0a1b2c3d4e5f"

PEOPLE = (
    Person("wang", "王工", "oDemoWang0000000000000000000", "内蒙古 · 建筑工程师", "#4c8bf5", following=True),
    Person("li", "李老师", "oDemoLi000000000000000000000", "吉林 · 职校教师", "#e0701a", following=True),
    Person("chen", "陈工", "oDemoChen00000000000000000000", "江西 · 水利工程师", "#2a9d6f", following=True),
    Person("zhou", "周工", "oDemoZhou00000000000000000000", "四川 · 电气工程师", "#8257d0", following=True),
    Person("gu", "顾工", "oDemoGu000000000000000000000", "南通 · 船舶工程师", "#c2405f", following=True),
    Person("zhao", "赵主任", "oDemoZhao00000000000000000000", "人事 · 单位管理员", "#5f6b7a", following=True),
    Person("shen", "老沈", "oDemoShen00000000000000000000", "运维 · 值班", "#3d7a8c", following=True),
    Person("xin", "小林", "oDemoXin000000000000000000000", "还没有关注", "#b08d2e"),
)
# What each has told the bot this year: the day it was told (month, day), and the words; every record is confirmed.
HISTORY: dict[str, tuple[tuple[int, int, str], ...]] = {
    "wang": (
        (1, 8, "我在内蒙古"),
        (1, 9, "绑定 王建国 13900000001"),
        (3, 16, "今天上了网络课程《铸牢中华民族共同体意识》，公需课，20学时"),
        (5, 14, "5月12日到14日参加《装配式建筑》培训班，专业课，一共24学时"),
    ),
    "li": (
        (1, 9, "我在吉林"),
        (4, 9, "今天学完网络课程《职业道德》，公需课，30学时"),
        (7, 10, "7月6日到10日参加《课程思政》研修班，专业课，一共40学时"),
    ),
    "chen": (
        (2, 11, "我在江西"),
        (6, 18, "今天参加《水库安全》培训班，专业课，16学时"),
        (6, 19, "12月1日提醒我交《水库安全》的证书"),
    ),
    "zhou": (
        (1, 15, "我在四川"),
        (2, 20, "今天上了网络课程《人工智能通识》，公需课，30学时"),
        (8, 3, "今天听了90分钟学术讲座，专业课"),
    ),
    "gu": (
        (1, 12, "我在南通"),
        (5, 20, "今天上了网络课程《知识产权》，公需课，24学时"),
        (9, 10, "9月8日到10日参加《焊接工艺》培训班三天，专业课"),
    ),
    "zhao": ((1, 5, "我在内蒙古"), (1, 6, "绑定 赵敏 13900000002")),
    "shen": ((1, 4, "我在内蒙古"),),
}
UNIT = "演示单位"
STAFF = (  # of the unit, with their departments; the two who are on the page say who they are
    Employee("王建国", "13900000001", department="工程部"),
    Employee("赵敏", "13900000002", department="人事部"),
    Employee("孙立", "13900000003", department="工程部"),
)
HR, OPERATOR = 5, 6  # in PEOPLE
OPERATIONS = "演示运维"  # the unit that the operator's role is of
REGION, SKIP, CONFIRM, JOIN = "我在", "跳过", "对", "绑定"
REMIND = "提醒"
NOTICE = Template(
    "demoNotice000000000000000000000000000000001",
    "学时提醒",
    {"thing1": "提醒事项", "thing2": "情况", "date3": "截止日期", "thing4": "怎么办"},
    subscription=True,
)
MINI_NOTICE = replace(NOTICE, id="demoMini00000000000000000000000000000000002")
AGREED = ("wang", "li", "chen")  # who has agreed to notices, and how often
AGREED_TIMES = 3
_ENDED = {DeliveryState.REFUSED, DeliveryState.UNKNOWN, DeliveryState.GIVEN_UP, DeliveryState.SILENT}


async def run(port: int) -> None:
    """Serves the page of phones on `port` and the bot on the next one, until Ctrl-C."""
    set_up(logging.WARNING)
    account = _account("wx00000000000000a1", ORIGINAL_ID)
    mini = _mini_program(port)
    database = _new_database()
    settings = _settings(account, mini.account, database, port)
    clock = Clock()
    store = await Store.open(database, Vault(settings.sealing_keys))
    service = Service(settings, store, clock.now)
    platform = Platform(
        account,
        PEOPLE,
        f"http://{HOST}:{port + 1}/wechat/official",
        clock,
        public_url=f"http://{HOST}:{port}",
        templates=[NOTICE],
        mini=mini,
        links={"管理后台": f"http://{HOST}:{port + 1}/console/"},
    )
    async with contextlib.AsyncExitStack() as running:
        await running.enter_async_context(platform)
        page = await listen(build(platform), HOST, port)
        running.push_async_callback(page.cleanup)
        await service.start()
        running.push_async_callback(service.stop)
        callbacks = await listen(service.web(), HOST, port + 1)
        running.push_async_callback(callbacks.cleanup)
        await store.desk.import_roster(UNIT, STAFF, clock.now())
        await _tell_history(platform)
        await _appoint(service, account.appid)
        await service.bindings.acquaint()  # so that each finds their records in the mini program at once
        await _agree(platform, service)
        _follow_the_clock(clock, service)
        await service.publish_menu()
        filling = asyncio.create_task(_fill(service, account.appid))
        running.callback(filling.cancel)
        loaded()
        sys.stdout.write(f"学时助手 is running. Open http://{HOST}:{port}/ in a browser; Ctrl-C ends it.\n")
        sys.stdout.write(f"The console is at http://{HOST}:{port + 1}/console/, by the link of 打开后台.\n")
        if platform.mini is None or not platform.mini.shown:
            sys.stdout.write("The mini program is not there yet; `make demo` builds it where there is Node 20.\n")
        sys.stdout.flush()
        await until_stopped()
        sys.stdout.write("\nstopping\n")


def _account(appid: str, original_id: str) -> Account:
    letters = string.ascii_letters + string.digits
    return Account(
        appid=appid,
        secret=secrets.token_hex(16),
        token=secrets.token_hex(8),
        aes_key="".join(secrets.choice(letters) for _ in range(42)) + "A",
        original_id=original_id,
    )


def _mini_program(port: int) -> MiniProgram:
    """The mini program beside the official account, as it is opened in the browser."""
    service = f"http://{HOST}:{port + 1}"
    return MiniProgram(
        _account("wx00000000000000b2", "gh_5f4e3d2c1b0a"),
        f"{service}/wechat/mini",
        service,
        (MINI_NOTICE,),
        ext={"api_base": ""},
        preview=PREVIEW,
    )


def _new_database() -> str:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("xueshi.db*"):
        old.unlink()
    shutil.rmtree(FOLDER / "photos", ignore_errors=True)
    url = f"sqlite+aiosqlite:///{FOLDER / 'xueshi.db'}"
    migrate(url)
    return url


def _settings(account: Account, mini: Account, database: str, port: int) -> Settings:
    return Settings(
        database_url=database,
        listen=f"{HOST}:{port + 1}",
        official_appid=account.appid,
        official_secret=SecretStr(account.secret),
        official_token=SecretStr(account.token),
        official_aes_key=SecretStr(account.aes_key),
        official_subscription=f"{NOTICE.id}:thing1=subject,thing2=missing,date3=by,thing4=todo",
        mini_appid=mini.appid,
        mini_secret=SecretStr(mini.secret),
        mini_token=SecretStr(mini.token),
        mini_aes_key=SecretStr(mini.aes_key),
        mini_subscription=f"{MINI_NOTICE.id}:thing1=subject,thing2=missing,date3=by,thing4=todo",
        wechat_api_base=f"http://{HOST}:{port}",
        public_url=f"http://{HOST}:{port + 1}",
        photos_url=f"file:{FOLDER / 'photos'}",
        secret_key=SecretStr(base64.urlsafe_b64encode(os.urandom(32)).decode()),
    )


async def _tell_history(platform: Platform) -> None:
    """The people's past, told on their phones on the day it happened; the clock is back where it was at the end."""
    now = platform.clock.now()
    told = [(month, day, person, words) for person, said in HISTORY.items() for month, day, words in said]
    for month, day, person, words in sorted(told):
        then = now.replace(month=month, day=day, hour=18, minute=5)
        platform.clock.set(then if then < now else then.replace(year=now.year - 1), backwards=True)
        phone = platform.phone(person)
        await phone.text(words)
        if not words.startswith(JOIN) and REMIND not in words:
            await phone.text(SKIP if words.startswith(REGION) else CONFIRM)
    platform.clock.set(now, backwards=True)


async def _agree(platform: Platform, service: Service) -> None:
    """What came due in the past found nobody; then some agree to notices, each time at a moment of its own."""
    await service.clockwork.tick()
    while not _ENDED.issuperset(await service.store.outbox_counts()):  # noqa: ASYNC110 - the sender is at it
        await asyncio.sleep(0.05)
    now = platform.clock.now()
    for minutes in range(AGREED_TIMES, 0, -1):
        platform.clock.set(now - timedelta(minutes=minutes), backwards=True)
        for person in AGREED:
            await platform.phone(person).grant(NOTICE.id)
    platform.clock.set(now, backwards=True)


def _follow_the_clock(clock: Clock, service: Service) -> None:
    """A clock moved by hand has the service look at once who is due, and send."""
    running: set[asyncio.Task[None]] = set()

    async def ring() -> None:
        await service.clockwork.tick()
        service.sender.wake()

    def moved(_now: datetime) -> None:
        task = asyncio.get_running_loop().create_task(ring())
        running.add(task)
        task.add_done_callback(running.discard)

    clock.listen(moved)


async def _appoint(service: Service, appid: str) -> None:
    """Makes the HR admin and the operator of the story what they are."""
    for place, unit, role in ((HR, UNIT, Role.HR_ADMIN), (OPERATOR, OPERATIONS, Role.OPERATOR)):
        person = await service.store.find_by_sender(Channel.OFFICIAL, appid, PEOPLE[place].openid)
        if person is None:
            raise RuntimeError(f"{PEOPLE[place].id} of the demo is not known to the service")
        await service.store.grant(person.id, unit, role)


async def _fill(service: Service, appid: str) -> None:
    """Gives the HR admin's console something to look at, while the phones are already in use."""
    filling = Filling(service.store, service.book, service.photos, appid, UNIT, service.now())
    try:
        count = await filling.fill()
    except Exception as error:  # the phones do not need it
        logging.getLogger(__name__).warning("the unit could not be filled: %s", type(error).__name__)
        return
    sys.stdout.write(
        f"{UNIT} has {count} more people now: 赵主任 says 打开后台 and taps the link; 老沈 is the operator.\n"
    )
    sys.stdout.flush()
