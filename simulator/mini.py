"""The mini program at the platform: log-in codes, consents, its talk with people, and the checks of what they wrote."""

import hashlib
import random
import secrets
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from simulator import inbound
from simulator.account import Account, MiniProgram, Person, Template
from simulator.chat import Chat, Side
from simulator.clock import Clock
from simulator.errors import ApiError, NotPossible
from simulator.feed import Feed
from simulator.grants import Grants
from simulator.inbound import Fields, Sender
from simulator.markup import legal
from simulator.media import MediaStore
from simulator.push import Push
from simulator.pusher import Pusher
from simulator.quotas import Quotas
from simulator.tokens import Tokens
from simulator.windows import Trigger, Window

CODE_LIVES = timedelta(minutes=5)
ACTIVE_FOR = timedelta(hours=2)  # after its last use of the mini program a person's words may still be checked
LOGINS_A_MINUTE = 100  # of one person
_MOST_ASKED = 3  # templates in one popup
_RISKY = ("代考", "刷学时", "赌博", "办假证")  # what the stand-in takes for content to be refused
_DOUBTFUL = ("加微信", "兼职")


@dataclass
class Code:
    """A code of wx.login; `used` is when it was turned into a log-in."""

    openid: str
    issued_at: datetime
    used: bool = False


@dataclass
class Visitor:
    """One person's mini program: who they are to it, and their talk with its customer service."""

    person: Person
    openid: str
    unionid: str
    chat: Chat
    window: Window = field(default_factory=Window)
    used_at: datetime | None = None
    high_risk: bool = False  # whom the platform lets no mini program log in


class Mini:
    """One mini program. `keep` runs work of its own, `later` after the delay of finished jobs."""

    def __init__(
        self,
        program: MiniProgram,
        people: Iterable[Person],
        *,
        clock: Clock,
        feed: Feed,
        pusher: Pusher,
        draw: random.Random,
        keep: Callable[[Awaitable[None]], None],
        next_msg_id: Callable[[], int],
    ) -> None:
        self.program = program
        self.tokens, self.quotas, self.media, self.grants = Tokens(), Quotas(), MediaStore(), Grants()
        self.templates: Mapping[str, Template] = {template.id: template for template in program.templates}
        self.pusher = pusher
        self.visitors = {person.id: self._visitor(person, feed) for person in people}
        self._by_openid = {visitor.openid: visitor for visitor in self.visitors.values()}
        self._clock, self._draw, self._keep, self._next_msg_id = clock, draw, keep, next_msg_id
        self._codes: dict[str, Code] = {}
        self._logins: dict[str, deque[datetime]] = {}
        self.asked: Counter[str] = Counter()  # popups shown, by template
        self.files_are = "pass"  # what the check finds of files, which the stand-in does not look at: or risky, review

    @property
    def account(self) -> Account:
        return self.program.account

    @property
    def shown(self) -> bool:
        """Whether phones can open it: its preview has been built."""
        return self.program.preview is not None and (self.program.preview / "program.js").exists()

    def visitor_of(self, openid: str) -> Visitor | None:
        return self._by_openid.get(openid)

    # What a phone does

    def login(self, person_id: str) -> str:
        """wx.login: a code, good once and for five minutes."""
        visitor, now = self.visitors[person_id], self._clock.now()
        visitor.used_at = now
        self._codes = {code: one for code, one in self._codes.items() if now - one.issued_at < 2 * CODE_LIVES}
        code = f"0{self._draw.randrange(10**3):03d}{secrets.token_urlsafe(21)}"[:32]
        self._codes[code] = Code(visitor.openid, now)
        return code

    def answer_popup(self, person_id: str, answers: Mapping[str, bool]) -> Push:
        """wx.requestSubscribeMessage, answered: each acceptance allows one send. NotPossible: unknown template."""
        visitor = self.visitors[person_id]
        if not 1 <= len(answers) <= _MOST_ASKED:
            raise NotPossible("one popup asks for one to three templates")
        if not set(answers) <= set(self.templates):
            raise NotPossible("no such template")
        visitor.used_at = self._clock.now()
        for template, accept in answers.items():
            self.asked[template] += 1
            self.grants.answer(visitor.openid, template, accept=accept)
        return self.push(inbound.grant_asked(self._sender(visitor), list(answers.items()), 0), visitor)

    def withdraw(self, person_id: str, template: str) -> Push:
        """Switches a subscription message off in the mini program's settings."""
        visitor = self.visitors[person_id]
        self.grants.withdraw(visitor.openid, template)
        return self.push(inbound.grant_withdrawn(self._sender(visitor), template), visitor)

    def enter(self, person_id: str, session_from: str = "") -> Push:
        """Opens the talk with the customer service."""
        visitor = self.visitors[person_id]
        self._met(visitor, Trigger.ENTER)
        event = self._sender(visitor).event("user_enter_tempsession", SessionFrom=session_from)
        return self.push(event, visitor)

    def say(self, person_id: str, text: str) -> Push:
        """Says something in that talk."""
        visitor = self.visitors[person_id]
        content = legal(text)
        visitor.chat.add(Side.PERSON, "text", content, self._clock.now())
        self._met(visitor, Trigger.MESSAGE)
        return self.push(inbound.text(self._sender(visitor), self._next_msg_id(), content), visitor)

    def photo(self, person_id: str, content: bytes) -> Push:
        """Sends a picture in that talk; ApiError if it is none or too large."""
        visitor = self.visitors[person_id]
        media = self.media.add("image", content, self._clock.now())
        visitor.chat.add(Side.PERSON, "image", "", self._clock.now(), media_id=media.id)
        self._met(visitor, Trigger.MESSAGE)
        fields = inbound.image(self._sender(visitor), self._next_msg_id(), media.id, "")
        return self.push(fields, visitor)

    # What the service asks

    def redeem(self, code: str, now: datetime) -> tuple[Visitor, str]:
        """Whom a code names, with a new session key. ApiError 40029 unknown or expired, 40163 used, 40226, 45011."""
        found = self._codes.get(code)
        if found is None or now - found.issued_at >= CODE_LIVES:
            raise ApiError(40029, "invalid code")
        if found.used:
            raise ApiError(40163, "code been used")
        visitor = self._by_openid[found.openid]
        if visitor.high_risk:
            raise ApiError(40226, "code blocked")
        recent = self._logins.setdefault(found.openid, deque())
        while recent and now - recent[0] >= timedelta(minutes=1):
            recent.popleft()
        if len(recent) >= LOGINS_A_MINUTE:
            raise ApiError(45011, "api minute-quota reach limit, must slower, retry next minute")
        recent.append(now)
        found.used = True
        return visitor, secrets.token_urlsafe(18)[:22] + "=="

    def judge(self, text: str) -> str:
        """What the stand-in's check says of a text: pass, review or risky."""
        if any(word in text for word in _RISKY):
            return "risky"
        return "review" if any(word in text for word in _DOUBTFUL) else "pass"

    def active(self, visitor: Visitor, now: datetime) -> bool:
        return visitor.used_at is not None and now - visitor.used_at < ACTIVE_FOR

    def push(self, fields: Fields, visitor: Visitor, *, at_once: bool = False) -> Push:
        """Sends an event or message of this person to the service."""
        push = Push(visitor.openid, visitor.person.id, fields)
        self._keep(self.pusher.deliver(push, lambda _push: None, at_once=at_once))
        return push

    def sender(self, visitor: Visitor) -> Sender:
        return self._sender(visitor)

    def _visitor(self, person: Person, feed: Feed) -> Visitor:
        unionid = _id("oUnion", person.openid) if self.program.open_platform else ""
        return Visitor(person, _id("oMini", person.openid), unionid, Chat(person.id, feed, "mini"))

    def _met(self, visitor: Visitor, trigger: Trigger) -> None:
        now = self._clock.now()
        visitor.used_at = now
        visitor.window = visitor.window.opened(trigger, now)

    def _sender(self, visitor: Visitor) -> Sender:
        return Sender(self.account.original_id, visitor.openid, self._clock.now())


def _id(prefix: str, openid: str) -> str:
    """An id of 28 characters that follows from a person's, as different accounts know one person by different ids."""
    return (prefix + hashlib.sha256(f"{prefix}{openid}".encode()).hexdigest())[:28]
