"""The platform as a whole: one official account, its people's phones, the pushes, and what the API works on."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from types import TracebackType
from typing import Self

from simulator.account import Account, Form, MiniProgram, Mode, Person, Template
from simulator.clock import Clock
from simulator.errors import NotPossible
from simulator.faults import Faults
from simulator.feed import Feed
from simulator.grants import Grants
from simulator.inbound import Fields
from simulator.mass import MassJobs
from simulator.media import MediaStore
from simulator.menu import Button
from simulator.mini import Mini
from simulator.phones import Phone
from simulator.push import Outcome, Push, PushSettings
from simulator.pusher import Pusher
from simulator.qrcodes import SceneCodes
from simulator.quotas import Quotas
from simulator.replies import Reply
from simulator.tags import Tags
from simulator.tokens import Tokens
from simulator.wire import Wire

SERVICE_FAILED = "该公众号提供的服务出现故障，请稍后再试"
HANDED_OVER = "正在为你转接人工客服"
# The end of a job is nobody's doing: an answer to it reaches no chat.
_JOBS = frozenset({"TEMPLATESENDJOBFINISH", "MASSSENDJOBFINISH", "subscribe_msg_sent_event"})
# Events that a person does not wait for an answer to; a failure of theirs is not shown.
_SILENT = _JOBS | {
    "unsubscribe",
    "VIEW",
    "view_miniprogram",
    "LOCATION",
    "subscribe_msg_popup_event",
    "subscribe_msg_change_event",
}


class Platform:
    """Start it (`async with`), serve `simulator.app.build(platform)`, and use its phones.

    `callback_url` is where pushes go, `public_url` where this stand-in is reached (picture addresses start with it).
    `seed` decides nonces and which faults strike; message ids never repeat, also not after a restart.
    `job_delay`: real seconds until a finished job is told. `mini` is the mini program beside the official account.
    `links` are addresses that the page shows, by their words.
    """

    def __init__(
        self,
        account: Account,
        people: Iterable[Person],
        callback_url: str,
        clock: Clock | None = None,
        *,
        seed: int = 0,
        mode: Mode = Mode.SAFE,
        pushes: PushSettings | None = None,
        templates: Iterable[Template] = (),
        quotas: Quotas | None = None,
        public_url: str = "http://127.0.0.1:8099",
        job_delay: float = 1.0,
        mini: MiniProgram | None = None,
        links: Mapping[str, str] | None = None,
    ) -> None:
        self.links = dict(links or {})
        self.account, self.clock, self.public_url, self.job_delay = account, clock or Clock(), public_url, job_delay
        draw = random.Random(seed)  # noqa: S311  repeatable on purpose
        self.draw = draw
        self.feed = Feed()
        self.wire = Wire(self.feed)
        self.faults = Faults(draw, lambda: self.feed.publish("faults", self.faults.state()))
        self.tokens, self.quotas, self.media = Tokens(), quotas or Quotas(), MediaStore()
        self.qrcodes, self.grants, self.mass = SceneCodes(), Grants(), MassJobs()
        self.tags = Tags()
        self.templates: Mapping[str, Template] = {template.id: template for template in templates}
        self.menu: tuple[Button, ...] = ()
        self.menu_id = 0
        self.menu_source: dict[str, object] = {}
        self.phones = {person.id: Phone(person, self) for person in people}
        self._by_openid = {phone.person.openid: phone for phone in self.phones.values()}
        if len(self._by_openid) != len(self.phones):
            raise ValueError("two people share an openid")
        settings = pushes or PushSettings()
        self.pusher = self._pusher(account, callback_url, settings, mode, None)
        self.closing = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self.client_ids: dict[tuple[str, str], tuple[datetime, int]] = {}
        self._next_job_id = 200_163_836
        self._next_msg_id = time.time_ns() // 1000 * 10
        self.mini = self._mini(mini, settings, mode) if mini else None
        self.clock.listen(lambda _now: self.feed.publish("clock", self.clock_state()))

    async def __aenter__(self) -> Self:
        await self.pusher.start()
        if self.mini:
            await self.mini.pusher.start()
        return self

    async def __aexit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.closing.set()
        self.feed.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.pusher.close()
        if self.mini:
            await self.mini.pusher.close()

    def phone(self, person_id: str) -> Phone:
        """KeyError for an unknown id."""
        return self.phones[person_id]

    def phone_of(self, openid: str) -> Phone | None:
        return self._by_openid.get(openid)

    def owner_of(self, openid: str) -> Phone | None:
        """Whose phone an openid names, the official account's or the mini program's."""
        visitor = self.mini.visitor_of(openid) if self.mini else None
        return self.phones[visitor.person.id] if visitor else self.phone_of(openid)

    def push(self, fields: Fields, phone: Phone | None, *, at_once: bool = False) -> Push:
        """Sends any message or event; `phone` is whose chat shows the answer, None for the platform's own events."""
        push = Push(str(fields["FromUserName"]), phone.person.id if phone else "", fields)

        def show(push: Push) -> None:
            if phone:
                self._show(push, phone)

        self.keep(self.pusher.deliver(push, show, at_once=at_once))
        return push

    def burst(self, phone: Phone, texts: Sequence[str]) -> list[Push]:
        """Several messages at the same moment, past the phone's queue."""
        return [phone.text(text, at_once=True) for text in texts]

    def later(self, work: Callable[[], object]) -> None:
        """Runs `work` after the delay of finished jobs."""

        async def wait() -> None:
            await asyncio.sleep(self.job_delay)
            work()

        self.keep(wait())

    async def quiet(self) -> None:
        """Waits until no push and no job is under way."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def next_msg_id(self) -> int:
        self._next_msg_id += 1
        return self._next_msg_id

    def next_job_id(self) -> int:
        """The msgid of a template message or of a preview."""
        self._next_job_id += 1
        return self._next_job_id

    def menu_button(self, path: Sequence[int]) -> Button:
        """NotPossible if there is no such button, or if it only opens a sub menu."""
        buttons = self.menu
        button: Button | None = None
        for index in path:
            if not 0 <= index < len(buttons):
                raise NotPossible("no such menu button")
            button = buttons[index]
            buttons = button.buttons
        if button is None or button.buttons:
            raise NotPossible("no such menu button")
        return button

    def menu_state(self) -> dict[str, object]:
        return {"buttons": [asdict(button) for button in self.menu]}

    def clock_state(self) -> dict[str, object]:
        now, moved = self.clock.now(), self.clock.moved
        return {"now": now.isoformat(timespec="milliseconds"), "moved_seconds": round(moved.total_seconds())}

    def _show(self, push: Push, phone: Phone) -> None:
        if push.outcome is Outcome.ANSWERED and push.reply:
            if phone.following and push.name not in _JOBS:
                self._answer(push.reply, phone)
        elif push.outcome is not Outcome.ACKNOWLEDGED and push.name not in _SILENT:
            phone.notice(SERVICE_FAILED)

    def _answer(self, reply: Reply, phone: Phone) -> None:
        if reply.kind == "transfer_customer_service":
            phone.notice(HANDED_OVER)
            return
        more = dict(reply.more) | ({"media_id": reply.media_id} if reply.media_id else {})
        phone.hear(reply.kind, reply.text, "reply", **more)

    def _pusher(
        self, account: Account, callback_url: str, settings: PushSettings, mode: Mode, form: Form | None
    ) -> Pusher:
        pusher = Pusher(
            account,
            callback_url,
            clock=self.clock,
            wire=self.wire,
            faults=self.faults,
            draw=self.draw,
            settings=settings,
            has_media=self._has_media,
            form=form,
        )
        pusher.mode = mode
        return pusher

    def _mini(self, program: MiniProgram, settings: PushSettings, mode: Mode) -> Mini:
        return Mini(
            program,
            (phone.person for phone in self.phones.values()),
            clock=self.clock,
            feed=self.feed,
            pusher=self._pusher(program.account, program.callback_url, settings, mode, program.form),
            draw=self.draw,
            keep=self.keep,
            next_msg_id=self.next_msg_id,
        )

    def _has_media(self, media_id: str) -> bool:
        media = self.media.seen(media_id)
        return media is not None and self.media.alive(media, self.clock.now())

    def keep(self, work: Awaitable[None]) -> None:
        """Runs work until it ends or the platform closes."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
