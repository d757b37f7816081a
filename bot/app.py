"""The service put together, and how it starts and stops.

`Service` is a value: the demo, the tests and `xueshi run` build the same one with their own settings and clock.
"""

import asyncio
import contextlib
import gc
import os
import signal
import socket
from collections.abc import Callable
from datetime import UTC, datetime

import structlog
from aiohttp import web

import nlp
from bot import health
from bot.api.call import Parts
from bot.api.service import Api
from bot.batches import batches_of
from bot.binding import Bindings
from bot.broadcasting import Broadcasting
from bot.channels.checks import Checks
from bot.channels.client import Client
from bot.channels.errors import ChannelError
from bot.channels.mini_client import MiniClient
from bot.channels.official import Account
from bot.channels.wire import Call
from bot.chores import Chores
from bot.clockwork import LEASE_SECONDS, Clockwork
from bot.console import mount
from bot.file_checks import FileChecks
from bot.gateway import BODY_LIMIT, Gateway
from bot.logs import set_up
from bot.massing import Massing
from bot.mini_gateway import MiniGateway
from bot.notices import INTERFACES, Notices
from bot.operations import Operations, Watched
from bot.outreach import Outreach
from bot.paces import Quotas
from bot.pages import Pages
from bot.papers import Papers
from bot.photos import Photos
from bot.privacy import Privacy
from bot.proofs import ProofWork, remove_due
from bot.sender import Sender
from bot.settings import Settings
from bot.turns import Turns
from bot.verifying import Verifying
from bot.vision import Reader
from domain.delivery import Delivery, DeliveryState, Purpose
from domain.message import Channel, Message
from handlers import policy
from handlers.menu import menu
from rules.articles import Texts
from rules.book import load as load_book
from storage.sealing import Vault
from storage.store import Store

log = structlog.get_logger()

DRAIN_SECONDS = 10
ALONE_SECONDS = 0  # on SQLite nobody else can be at work: what an earlier process left open is run again at once


class Service:
    """What runs, by role: `gateway` answers callbacks, `worker` sends and keeps the clock, `all` does both."""

    def __init__(self, settings: Settings, store: Store, now: Callable[[], datetime], role: str = "all") -> None:
        runner = f"{socket.gethostname()}-{os.getpid()}"
        account = official_account(settings)
        self.store, self.settings = store, settings
        self.now, self.public_url = now, settings.public_url
        self.role = role
        self._alone = settings.database_url.startswith("sqlite")
        self.operations = Operations(store, settings.database_url, runner, role, now)
        vitals = self.operations.vitals
        self.client = self._official_client(settings, runner)
        self.mini = self._mini_client(settings, runner)
        clients: dict[str, Client] = {Channel.OFFICIAL: self.client}
        if self.mini is not None:
            clients[Channel.MINI] = self.mini
        self.checks = Checks(self.mini)
        self.wake = wake = self._wake if role != "gateway" else _nobody_to_wake
        self.book = load_book()
        self.texts = Texts(self.book, published_at=settings.public_url)
        consent_url = settings.official_consent_url
        self.turns = Turns(store, self.book, self.texts, now, runner, wake, consent_url, vitals.turned)
        self.outreach = Outreach(store, self.book, settings.offers, now, wake)
        self.quotas = Quotas(store.outreach, now)
        self.notices = Notices(
            store,
            settings.offers,
            self.quotas,
            now,
            real_time,
            refresh={Purpose.REMINDER: self.outreach.refresh},
            along={Purpose.REMINDER: self.outreach.along},
        )
        self.sender = self._sender(clients, runner)
        self.gateway = Gateway(account, self.turns, store, now, vitals.arrived)
        self.mini_gateway = MiniGateway(
            mini_account(settings), self.turns, store, self._heard_of_file, now, vitals.arrived
        )
        papers = Papers(store, clients, self.book, now, settings.public_url)
        self.photos = Photos(settings.photos_url, Vault(settings.sealing_keys))
        self.reader = Reader()
        self.file_checks = FileChecks(store, self.photos, self.checks, now, settings.public_url)
        proofs = ProofWork(store, self.photos, clients, self.reader, now, self.file_checks.ask)
        self.privacy = Privacy(store, self.photos, now, settings.public_url)
        self.papers, self.bindings = papers, Bindings(store, self.photos, now, self.client if self.mini else None)
        workers = {**papers.workers(), **proofs.workers(), **self.privacy.workers(), **self.bindings.workers()}
        self.chores = Chores(store, self.turns, workers, now)
        massing = Massing(store, self.client, account.appid, self.quotas, now)
        self.broadcasting = Broadcasting(store, now, wake, massing.work)
        self.batches = batches_of(store, self.book, papers.form_file, now, real_time)
        upkeep = (self.keep_token, self.learn_quotas, self.bindings.acquaint)
        self.clockwork = Clockwork(store, self.turns, now, (self._remove_photos,), self.outreach, upkeep)
        self.clockwork.swept = vitals.swept
        self.operations.watch(
            Watched(self.client, self.turns, self.quotas, self.reader, self.photos, lambda: self.clockwork.leads)
        )
        self._tasks: list[asyncio.Task[None]] = []

    def _official_client(self, settings: Settings, runner: str) -> Client:
        account, base = official_account(settings), settings.wechat_api_base
        observe = self._called
        return Client(
            account.appid, account.secret, base, store=self.store, runner=runner, now=self.now, observe=observe
        )

    def _mini_client(self, settings: Settings, runner: str) -> MiniClient | None:
        """The mini program's API; None while none is configured."""
        account = mini_account(settings)
        if account is None:
            return None
        return MiniClient(
            account.appid,
            account.secret,
            settings.wechat_api_base,
            store=self.store,
            runner=runner,
            now=self.now,
            observe=lambda call: self._called(call, of=Channel.MINI),
        )

    def _sender(self, clients: dict[str, Client], runner: str) -> Sender:
        return Sender(
            self.store,
            clients,
            self.now,
            runner=runner,
            observe=self._delivered,
            notices=self.notices,
            quotas=self.quotas,
            real=real_time,
        )

    def _called(self, call: Call, of: str = "") -> None:
        health.count_call(call)
        self.operations.vitals.called(call, of)

    def _delivered(self, delivery: Delivery, state: DeliveryState) -> None:
        health.count_delivery(delivery, state)
        self.operations.vitals.delivered(delivery, state)

    async def _heard_of_file(self, message: Message) -> None:
        await self.file_checks.heard(message)

    def web(self) -> web.Application:
        app = web.Application(client_max_size=BODY_LIMIT, middlewares=[self.operations.vitals.answering])
        app.add_routes(health.routes(self.ready, self.measure))
        if self.role != "worker":
            app.add_routes(self.gateway.routes())
            app.add_routes(self.mini_gateway.routes())
            app.add_routes(self.file_checks.routes())
            app.add_routes(Pages(self.texts).routes())
            app.add_routes(Verifying(self.store.papers, self.now).routes())
            app.add_routes(self.privacy.routes())
            mount(app, self, self.public_url)
            app.add_routes(self._api().routes())
        return app

    def _api(self) -> Api:
        template = self.settings.offers.mini
        return Api(
            Parts(
                store=self.store,
                turns=self.turns,
                book=self.book,
                texts=self.texts,
                photos=self.photos,
                mini=self.mini,
                checks=self.checks,
                now=self.now,
                appid=self.settings.mini_appid,
                templates=(template.id,) if template is not None else (),
                papers=self.papers,
                privacy=self.privacy,
                bindings=self.bindings,
            )
        )

    async def start(self) -> None:
        """Loads the dictionaries, then begins to send and to keep the clock."""
        await asyncio.to_thread(nlp.warm)
        self._tasks = [asyncio.create_task(asyncio.to_thread(self._index))]
        self.operations.start()
        if self.role == "gateway":
            return
        self.clockwork.start()
        lease = ALONE_SECONDS if self._alone else LEASE_SECONDS
        running = (
            self.sender.run(),
            self.chores.run(),
            self.broadcasting.run(),
            self.batches.run(),
            self.clockwork.resume(lease),
            self.clockwork.tick(),
        )
        self._tasks += [asyncio.create_task(each) for each in running]

    def _index(self) -> None:
        """The first search of a place builds its index: done aside, so that nobody waits for it."""
        for place in self.book.places:
            self.texts.search(place, nlp.tokens("学时"), nlp.tokens)
        policy.questions(self.texts)

    async def _remove_photos(self) -> None:
        await remove_due(self.store, self.photos, self.now())

    def _wake(self) -> None:
        """A turn has left something to send or to do."""
        self.sender.wake()
        self.chores.wake()
        self.batches.wake()

    async def keep_token(self) -> None:
        """Renews the access tokens before they end, so that no send waits for one."""
        await self.client.ready()
        if self.mini is not None:
            await self.mini.ready()

    async def learn_quotas(self) -> None:
        """What the platform says it allows a day, instead of what new accounts are allowed."""
        for interface in INTERFACES.values():
            try:
                found = await self.client.quota(interface)
            except ChannelError as error:
                log.warning("quota_not_known", api=interface, error=error)
                continue
            if found is not None:
                self.quotas.allow(interface, found[0])

    async def publish_menu(self) -> None:
        """Gives the account its menu. A refusal is told to the operator; talking goes on without it."""
        try:
            await self.client.create_menu(menu()["button"])
        except ChannelError as error:
            log.warning("menu_not_published", error=error)

    async def stop(self) -> None:
        """Running turns finish, begun sends end, the database closes."""
        await asyncio.gather(self.gateway.drain(DRAIN_SECONDS), self.mini_gateway.drain(DRAIN_SECONDS))
        if self.role != "gateway":
            self.clockwork.stop()
            self.chores.stop()
            self.broadcasting.stop()
            self.batches.stop()
            self.sender.stop()
        await asyncio.wait(self._tasks, timeout=DRAIN_SECONDS)
        await self.operations.stop()
        await self.reader.close()
        await self.client.close()
        if self.mini is not None:
            await self.mini.close()
        await self.store.close()

    async def ready(self) -> None:
        await self.store.ping()

    async def measure(self) -> None:
        now = self.now()
        health.OUTBOX_AGE.set(await self.store.outbox_age(now))
        expires_at = self.client.tokens.expires_at
        health.TOKEN_AGE.set(max(0.0, (expires_at - now).total_seconds()) if expires_at else 0)


def official_account(settings: Settings) -> Account:
    current, _, previous = settings.official_aes_key.get_secret_value().partition(",")
    return Account(
        appid=settings.official_appid,
        secret=settings.official_secret.get_secret_value(),
        token=settings.official_token.get_secret_value(),
        aes_key=current,
        previous_aes_key=previous,
    )


def mini_account(settings: Settings) -> Account | None:
    """The mini program, if one is configured."""
    if not settings.mini_appid:
        return None
    current, _, previous = settings.mini_aes_key.get_secret_value().partition(",")
    return Account(
        appid=settings.mini_appid,
        secret=settings.mini_secret.get_secret_value(),
        token=settings.mini_token.get_secret_value(),
        aes_key=current,
        previous_aes_key=previous,
    )


async def serve(settings: Settings, role: str) -> None:
    """`xueshi run`: until SIGTERM or SIGINT."""
    set_up()
    zone = settings.zone

    def now() -> datetime:
        return datetime.now(zone)

    store = await Store.open(settings.database_url, Vault(settings.sealing_keys))
    service = Service(settings, store, now, role)
    await service.start()
    listening = await listen(service.web(), settings.host, settings.port)
    publishing = asyncio.create_task(service.publish_menu()) if role != "gateway" else None
    loaded()
    log.info("serving", listen=settings.listen, role=role)
    await until_stopped()
    log.info("stopping")
    if publishing:
        publishing.cancel()
    await listening.cleanup()
    await service.stop()


def loaded() -> None:
    """What has been loaded stays: the collector, off since the start, runs again and never looks at it."""
    gc.freeze()
    gc.enable()


async def listen(app: web.Application, host: str, port: int) -> web.AppRunner:
    """Serves `app`; stopping it waits for the requests that run. OSError when the address is taken."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=DRAIN_SECONDS, handle_signals=False)
    await runner.setup()
    await web.TCPSite(runner, host, port, backlog=1024).start()
    return runner


async def until_stopped() -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):  # Windows has no handlers on the loop
            loop.add_signal_handler(each, stopped.set)
    await stopped.wait()


def real_time() -> datetime:
    """The time that leases run on, whatever clock the service is given."""
    return datetime.now(UTC)


def _nobody_to_wake() -> None:
    """A gateway does not send: the workers find the deliveries themselves."""
