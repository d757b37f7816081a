"""`python -m simulator --callback URL`: the stand-in alone, for developing a service against it."""

import argparse
import asyncio
import contextlib
import signal

from aiohttp import web

from simulator.account import Account, Mode, Person, Template
from simulator.app import build
from simulator.platform import Platform
from simulator.push import PushSettings

PEOPLE = (
    Person("wang", "王工", "oDemoWang0000000000000000001", "内蒙古 · 副主任医师", "#3b7dd8"),
    Person("li", "李老师", "oDemoLi000000000000000000002", "吉林 · 讲师", "#8e5bd0", following=True),
    Person("zhang", "张会计", "oDemoZhang000000000000000003", "江西 · 会计师", "#d9822b", following=True),
    Person("zhao", "赵主管", "oDemoZhao0000000000000000004", "人力资源 · 管理员", "#c0392b", following=True),
)
TEMPLATES = (Template("DEMO_SUBSCRIBE", "学时提醒", {"thing1": "事项", "time2": "截止时间"}, subscription=True),)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m simulator", description=__doc__)
    parser.add_argument("--callback", required=True, help="where pushes go, e.g. http://127.0.0.1:8080/wechat/official")
    parser.add_argument("--port", type=int, default=8099)
    parser.add_argument("--appid", default="wx00000000000000a1")
    parser.add_argument("--secret", default="development-secret")
    parser.add_argument("--token", default="developmenttoken")
    parser.add_argument("--aes-key", default="DevelopmentAesKey0DevelopmentAesKey0Develop")
    parser.add_argument("--original-id", default="gh_0a1b2c3d4e5f")
    parser.add_argument("--mode", choices=[mode.value for mode in Mode], default=Mode.SAFE.value)
    parser.add_argument("--deliveries", type=int, choices=(3, 4), default=3)
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


async def _serve(given: argparse.Namespace) -> None:
    account = Account(given.appid, given.secret, given.token, given.aes_key, given.original_id)
    address = f"http://127.0.0.1:{given.port}"
    platform = Platform(
        account,
        PEOPLE,
        given.callback,
        seed=given.seed,
        mode=Mode(given.mode),
        pushes=PushSettings(deliveries=given.deliveries),
        templates=TEMPLATES,
        public_url=address,
    )
    stopped = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    async with platform:
        runner = web.AppRunner(build(platform), shutdown_timeout=2)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", given.port).start()
        print(f"phones: {address}/   API base: {address}   pushes to: {given.callback}")
        await stopped.wait()
        await runner.cleanup()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(_arguments()))
