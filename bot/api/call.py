"""One request: who asks, what with, and the ways to answer it by the same turns and rules as the chat."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from pydantic import BaseModel

from bot import facts
from bot.api.models.pieces import FieldProblem
from bot.api.problems import Problem
from bot.api.route import File
from bot.binding import Bindings
from bot.channels.checks import Checks
from bot.channels.mini_client import MiniClient
from bot.papers import Papers
from bot.photos import Photos
from bot.privacy import Privacy
from bot.turns import Turns
from domain.delivery import Reply, ReplyKind
from domain.dialog import Dialog
from domain.ledger import Claim, fold
from domain.message import Channel, Message, MessageKind
from domain.person import Person
from domain.signing_in import Caller
from handlers.facts import Fact
from handlers.receipts import DIGEST
from handlers.turn import Turn
from nlp.reading import Intent, Reading
from rules.articles import Texts
from rules.book import Book
from storage.store import Store
from wording import say

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Parts:
    """What the API stands on. `mini` is None while no mini program is configured; `templates` are those it asks for."""

    store: Store
    turns: Turns
    book: Book
    texts: Texts
    photos: Photos
    mini: MiniClient | None
    checks: Checks
    now: Callable[[], datetime]
    appid: str
    templates: tuple[str, ...]
    papers: Papers
    privacy: Privacy
    bindings: Bindings


@dataclass(slots=True)
class Call:
    """`path` holds the parts of the address, `key` the idempotency key, `where` the address it came from."""

    parts: Parts
    name: str
    path: dict[str, str]
    key: str
    where: str
    caller: Caller | None = None
    body: BaseModel | None = None
    query: BaseModel | None = None
    upload: bytes = b""
    known: dict[str, Any] = field(default_factory=dict)

    @property
    def who(self) -> Caller:
        if self.caller is None:
            raise Problem(401, "token_refused")
        return self.caller

    @property
    def person(self) -> Person:
        return self.who.person

    @property
    def now(self) -> datetime:
        return self.parts.now()

    def asked(self, kind: type[M]) -> M:
        """The body, or the query, as the model that the route names."""
        for one in (self.body, self.query):
            if isinstance(one, kind):
                return one
        raise LookupError(f"{self.name} does not take a {kind.__name__}")

    # Reading

    async def turn(self, *, years: tuple[int, ...] | None = None, needs: frozenset[Fact] = frozenset()) -> Turn:
        """The person before the rules, without a word said: for pages that ask what sentences ask. `years` None: all.

        The entries of a form that is asked about by id are told by `details`.
        """
        store, now = self.parts.store, self.now
        entries = await store.load_entries(self.person.id, years)
        silent = self._message("", {"claim": self.path.get("id", "")}, "")
        turn = Turn(
            message=silent,
            reading=Reading(Intent.UNKNOWN),
            person=self.person,
            dialog=Dialog(),
            claims=fold(entries),
            now=now,
            book=self.parts.book,
            texts=self.parts.texts,
        )
        if not needs:
            return turn
        found = await facts.load(store, turn, needs)
        return Turn(
            message=silent,
            reading=turn.reading,
            person=turn.person,
            dialog=turn.dialog,
            claims=turn.claims,
            now=now,
            book=turn.book,
            texts=turn.texts,
            facts=found,
        )

    async def claim(self, turn: Turn | None = None) -> Claim:
        """The record that the address names; 404 when the person has no such."""
        known = turn or await self.turn()
        wanted = self.path["id"]
        found = next((claim for claim in known.claims if claim.id == wanted), None)
        if found is None:
            raise Problem(404, "not_found")
        return found

    # Writing

    async def fill(self, form: str, **details: Any) -> dict[str, str]:
        """Runs a form as a turn; the fields of its receipt. Problem when it was refused, or the key is another's."""
        digest = digest_of([self.name, self.path, details])
        message = self._message(form, {**details, DIGEST: digest}, self.message_key)
        reply = await self.parts.turns.run(message)
        return received(reply, digest)

    @property
    def message_key(self) -> str:
        return form_key(self.who, hashlib.sha256(self.key.encode()).hexdigest()[:40])

    def _message(self, form: str, details: dict[str, Any], key: str) -> Message:
        return Message(
            key=key,
            channel=Channel.MINI,
            account=self.who.account,
            sender=self.who.openid,
            kind=MessageKind.FORM,
            event=form,
            details=details,
            sent_at=self.now,
        )

    async def check(self, *words: str | None) -> None:
        """422 when the platform would not have these words shown."""
        said = "\n".join(word for word in words if word)
        if said and not await self.parts.checks.text_allowed(self.who.openid, said):
            raise Problem(422, "words_refused")


def form_key(caller: Caller, name: str) -> str:
    """The key of a form's message: of the identity, so that nobody's key is another's and erasing finds it."""
    return f"{Channel.MINI.value}:{caller.account}:{caller.openid}:form:{name}"


def digest_of(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:40]


def received(reply: Reply | None, digest: str) -> dict[str, str]:
    """What a receipt says; Problem when nothing was done."""
    if reply is None:  # another process is at it, or it was done longer ago than its words are kept
        raise Problem(503, "busy", retry=2)
    if reply.kind is not ReplyKind.RECEIPT:
        raise Problem(500, "failed", detail=reply.text or say("api.refused.failed"))
    fields = reply.fields
    if fields.get(DIGEST, digest) != digest:
        raise Problem(422, "key_reused")
    if "code" in fields and "status" in fields:
        wrong = [FieldProblem(field=fields["field"], text=reply.text)] if "field" in fields else None
        raise Problem(int(fields["status"]), fields["code"], reply.text, errors=wrong, entry=fields.get("entry"))
    return fields


__all__ = ["Call", "File", "Parts", "digest_of", "form_key", "received"]
