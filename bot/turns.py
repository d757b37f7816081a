"""One message through the service: accepted once, understood, answered, committed all or nothing.

The order matters and is the design's: the person's lock first, then what is known of them, then the handler, then one
commit that settles the inbox row. A repeat stops at the first step and gets the same answer. A failure of ours is
logged with the message's key, apologised for once, and settled like any other turn.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from time import perf_counter

import structlog

import nlp
from bot import facts
from bot.health import TURN_SECONDS, TURNS
from bot.locks import Locks
from bot.logs import short
from domain.delivery import Reply, ReplyKind
from domain.dialog import Dialog
from domain.ledger import Entry, fold
from domain.message import Message, MessageKind
from domain.standing import Standing
from handlers import fallback, forms, routes
from handlers.turn import Outcome, Turn
from nlp.reading import Expecting, Intent, Reading
from outreach.standings import after, decided, stand
from rules.articles import Texts
from rules.book import Book
from storage.store import Change, Conflict, Opened, Store

log = structlog.get_logger()

CONFLICTS = 5  # tries before a turn gives way to another process
REMEMBERED_LENGTH = 16  # characters: what is longer is hardly said twice on one day
LATE_WORDS = timedelta(minutes=1)  # words older than this are read as on the day they were said
POLL_SECONDS = 0.05  # while another process runs the same message


class Turns:
    """Runs turns. `now` is the service's clock (aware, in its time zone); `wake` tells the sender of new deliveries;
    `consent_url` is where people agree to notices ("" when nowhere); `observe` is told how each run of a message ended,
    after how many seconds.
    """

    def __init__(
        self,
        store: Store,
        book: Book,
        texts: Texts,
        now: Callable[[], datetime],
        runner: str,
        wake: Callable[[], None],
        consent_url: str = "",
        observe: Callable[[str, Message, float], None] = lambda _outcome, _message, _seconds: None,
    ) -> None:
        self._consent_url = consent_url
        self._observe = observe
        self._store = store
        self._book = book
        self._texts = texts
        self._now = now
        self._runner = runner
        self._wake = wake
        self.locks = Locks()

    async def run(self, message: Message) -> Reply | None:
        """The passive answer to `message`; None when there is none or when it leaves through the outbox."""
        started = perf_counter()
        async with self.locks.hold(f"{message.channel}:{message.account}:{message.sender}"):
            for attempt in range(CONFLICTS):
                try:
                    return await self._attempt(message, started, retake=attempt > 0)
                except Conflict:
                    log.info("turn_conflict", message=short(message.key), attempt=attempt)
        log.warning("turn_gave_way", message=short(message.key))
        return None

    async def _attempt(self, message: Message, started: float, *, retake: bool) -> Reply | None:
        opened = await self._open(message, retake=retake)
        if opened.status == "settled":
            TURNS.labels("repeat").inc()
            self._observe("repeat", message, perf_counter() - started)
            return opened.answer
        now = self._now()
        try:
            outcome, stood = await self._answer(message, opened, now)
        except Exception as error:
            # Whatever is wrong here is our mistake: the person hears of it, the operator finds it by the key.
            log.error("turn_failed", message=short(message.key), error=error)
            TURNS.labels("failed").inc()
            self._observe("failed", message, perf_counter() - started)
            return await self._apologise(message, opened, now, type(error).__name__)
        change = _change(message, opened, outcome, stood)
        settled = await self._store.settle(change, now, durable=_must_last(outcome))
        outcome_name, seconds = "late" if settled.late else "answered", perf_counter() - started
        TURNS.labels(outcome_name).inc()
        TURN_SECONDS.observe(seconds)
        self._observe(outcome_name, message, seconds)
        if settled.late or len(outcome.replies) > 1 or outcome.tasks or outcome.decisions:
            self._wake()
        return _at_once(outcome.replies, late=settled.late)

    async def _apologise(self, message: Message, opened: Opened, now: datetime, reason: str) -> Reply | None:
        kind = ReplyKind.RECEIPT if message.kind is MessageKind.FORM else ReplyKind.TEXT
        sorry = Reply(kind=kind, text=fallback.sorry(), fields={"code": "failed", "status": "500"})
        failed = await self._store.fail(_change(message, opened, Outcome(replies=(sorry,))), reason, now)
        if failed.late:
            self._wake()
        return _at_once((sorry,), late=failed.late)

    async def _open(self, message: Message, *, retake: bool) -> Opened:
        while True:
            now = self._now()
            years = (now.year - 1, now.year)
            opened = await self._store.open_turn(message, now, years, self._runner, retake=retake)
            if opened.status != "running":
                return opened
            await asyncio.sleep(POLL_SECONDS)

    async def _answer(self, message: Message, opened: Opened, now: datetime) -> tuple[Outcome, tuple[Standing, ...]]:
        """What is said and done, and where the person then stands in the years that it changes."""
        dialog = opened.dialog
        expired = dialog.open and dialog.expires_at is not None and dialog.expires_at < now
        reading = read(message, said_at(message, now), dialog)
        entries = opened.entries
        formed = message.kind is MessageKind.FORM
        years = forms.years(message, now.year) if formed else routes.years(reading, now.year, dialog.topic)
        if years is None or years:
            entries = [*await self._store.load_entries(opened.person.id, years), *(() if years is None else entries)]
            entries.sort(key=lambda entry: entry.seq)
        turn = Turn(message, reading, opened.person, dialog, fold(entries), now, self._book, self._texts, expired)
        needed = routes.needs(turn)
        if needed:
            turn = replace(turn, facts=await facts.load(self._store, turn, needed, self._consent_url))
        outcome = routes.answer(turn)
        known = (now.year - 1, now.year, *(years or ()))
        stood = _stood(opened, entries, outcome, known, now, self._book)
        others = decided(turn.facts.desk.files, outcome.decisions, now.date(), self._book)
        return outcome, (*stood, *others)


def said_at(message: Message, now: datetime) -> datetime:
    """When the words were said: 今天 in a message that is answered a day later is the day before."""
    said = message.sent_at.astimezone(now.tzinfo)
    return said if said < now - LATE_WORDS else now


def read(message: Message, now: datetime, dialog: Dialog) -> Reading:
    """What the message's words mean; nothing is read where there are none."""
    if message.kind not in routes.READ_KINDS or not message.text.strip():
        return Reading(Intent.UNKNOWN, confidence=0.0)
    expecting = Expecting(dialog.expecting) if dialog.open and dialog.expecting else None
    if len(message.text) > REMEMBERED_LENGTH:
        return nlp.read(message.text, now, expecting)
    return _remembered(message.text, now.date(), now.tzinfo, expecting)


@lru_cache(maxsize=4096)
def _remembered(text: str, today: date, zone: tzinfo | None, expecting: Expecting | None) -> Reading:
    """What short sentences mean: everybody says 对 and 还差多少, and nothing but the day changes their reading."""
    return nlp.read(text, datetime.combine(today, time(12), zone), expecting)


def _stood(
    opened: Opened, entries: list[Entry], outcome: Outcome, known: tuple[int, ...], now: datetime, book: Book
) -> tuple[Standing, ...]:
    """Where the person stands after this turn, in the years that it changes; `known` are those that were read."""
    changed = {entry.year for entry in outcome.entries}
    if {"region", "work_field", "profile"} & outcome.person.keys():
        changed |= {entry.year for entry in entries} | {now.year}
    if not changed:
        return ()
    person = opened.person.model_copy(update=outcome.person)
    claims = after(entries, outcome.entries, person.id, now)
    found = (stand(person, claims, year, now.date(), book) for year in sorted(changed) if year in known)
    return tuple(one for one in found if one is not None)


def _change(message: Message, opened: Opened, outcome: Outcome, stood: tuple[Standing, ...] = ()) -> Change:
    return Change(
        message=message,
        person_id=opened.person.id,
        dialog_version=opened.dialog.version,
        dialog=outcome.dialog,
        head=opened.head,
        entries=outcome.entries,
        person=outcome.person,
        replies=outcome.replies,
        tasks=outcome.tasks,
        noticing=outcome.noticing,
        decisions=outcome.decisions,
        joins=outcome.joins,
        invitation=outcome.invitation,
        sign_in=outcome.sign_in,
        wishes=outcome.wishes,
        standings=stood,
        misread=outcome.misread,
        forgets_words=outcome.forgets_words,
    )


def _at_once(replies: tuple[Reply, ...], *, late: bool) -> Reply | None:
    """The passive answer: none when it leaves through the outbox. A receipt is read where the message is kept."""
    first = replies[0] if replies else None
    return None if first is not None and late and first.kind is not ReplyKind.RECEIPT else first


def _must_last(outcome: Outcome) -> bool:
    """Whether the answer waits until the commit is on disk: a pure question changes nothing that could be lost."""
    changes = outcome.entries or outcome.person or outcome.tasks or outcome.dialog is not None or outcome.decisions
    made = outcome.joins or outcome.invitation or outcome.sign_in or outcome.wishes
    return bool(changes or made or len(outcome.replies) > 1)
