"""Notices of a unit to its people: whom they are for, what became of them, and for each person once."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.delivery import Reply
from domain.reach import MASS_A_MONTH

TEXT_LENGTH = 600  # characters of a notice


class Whom(StrEnum):
    """Whom a notice is for (`audience` of `xueshi parse`)."""

    ALL = "all"
    UNFINISHED = "unfinished"
    PUBLIC_UNFINISHED = "public_unfinished"
    PENDING = "pending"


class BroadcastState(StrEnum):
    APPROVAL = "approval"  # waits for the second person
    DUE = "due"  # going out from `due_at` on
    OUT = "out"  # everybody's delivery is in the outbox
    STOPPED = "stopped"
    REJECTED = "rejected"  # by the second person


class MassState(StrEnum):
    """How far a notice is that leaves as one mass message (群发) to a whole tag."""

    WAITING = "waiting"
    SENDING = "sending"  # the platform may have it: whatever is tried again carries the same id
    SENT = "sent"  # the platform has taken it; whom it reached is told later
    REFUSED = "refused"


class Act(StrEnum):
    """What somebody did with a notice."""

    WRITTEN = "written"
    APPROVED = "approved"
    REJECTED = "rejected"
    STOPPED = "stopped"
    RESUMED = "resumed"


@dataclass(frozen=True, slots=True)
class Audience:
    """A filter over a unit's roster and its people's rulings of `year`; empty `department` and `region` mean any."""

    unit: str
    whom: Whom
    year: int
    department: str = ""
    region: str = ""

    @property
    def whole(self) -> bool:
        """Everybody of a unit or a department: what a tag of the platform can stand for."""
        return self.whom is Whom.ALL and not self.region


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody on the roster whom an audience takes in. Who has never written (`person_id` None) cannot be reached.

    `missing` and `public_missing` are 学时; `open` says that a customer-service message may be sent now, `consents`
    that a notice of a template may. `massed` counts this month's mass messages to them.
    """

    member_id: int
    name: str
    person_id: str | None = None
    channel: str = ""
    sender: str = ""
    missing: float = 0
    public_missing: float = 0
    open: bool = False
    consents: bool = False
    closed: bool = False
    account: str = ""
    massed: int = 0

    @property
    def massable(self) -> bool:
        """Whether a mass message reaches them: followers, four times a month."""
        return self.person_id is not None and not self.closed and self.massed < MASS_A_MONTH

    @property
    def reachable(self) -> bool:
        return self.person_id is not None and not self.closed and (self.open or self.consents)


@dataclass(frozen=True, slots=True)
class Forecast:
    """How many an audience takes in and how many of them a notice would reach now, by way.

    `unbound` have never written, `closed` take nothing from the account; `by_mass` is whom a mass message would reach.
    """

    people: int = 0
    by_message: int = 0
    by_consent: int = 0
    examples: tuple[Recipient, ...] = ()
    unbound: int = 0
    closed: int = 0
    by_mass: int = 0

    @property
    def reachable(self) -> int:
        return self.by_message + self.by_consent


@dataclass(frozen=True, slots=True)
class NewBroadcast:
    """A notice that somebody of HR has confirmed. `approved` says that no second person is needed; `mass_account` is
    the account whose mass send it leaves by, empty when everybody is written to by themselves.
    """

    id: str
    audience: Audience
    text: str
    due_at: datetime
    size: int
    approved: bool
    mass_account: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is done with a notice that stands: approved or rejected by a second person, or stopped."""

    broadcast_id: str
    state: BroadcastState
    was: tuple[BroadcastState, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """What has become of a notice, in people. `taken` are those dealt with so far; the others wait their turn."""

    taken: int = 0
    waiting: int = 0
    sent: int = 0
    unknown: int = 0
    unreached: int = 0
    read: int = 0
    stopped: int = 0
    massed: int = 0


@dataclass(frozen=True, slots=True)
class MassSend:
    """A mass message as it stands; the counts are the platform's own and approximate, None before it tells them."""

    state: MassState
    account: str = ""
    reason: str = ""
    status: str = ""
    sent: int | None = None
    failed: int | None = None


@dataclass(frozen=True, slots=True)
class Broadcast:
    """A notice as it stands. `size` is how many it was for when it was confirmed."""

    id: str
    audience: Audience
    text: str
    state: BroadcastState
    author_id: str
    due_at: datetime
    created_at: datetime
    size: int
    progress: Progress = Progress()
    mass: MassSend | None = None


@dataclass(frozen=True, slots=True)
class Missed:
    """Somebody whom a notice did not reach, and why in one word."""

    member_id: int
    name: str
    department: str
    reason: str


@dataclass(frozen=True, slots=True)
class Acted:
    """Something that somebody did with a notice."""

    act: Act
    actor_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who may approve a unit's notice, and where they are written to."""

    person_id: str
    channel: str
    account: str
    sender: str


@dataclass(frozen=True, slots=True)
class Noticing:
    """What a turn does with notices: a new one, a verdict on one of `unit`, a tap that one has been read.

    `told` are messages to others that go with it (a colleague is asked to approve, an author hears the verdict).
    """

    new: NewBroadcast | None = None
    unit: str = ""
    verdict: Verdict | None = None
    read: str = ""
    told: tuple[tuple[Colleague, Reply], ...] = ()


@dataclass(frozen=True, slots=True)
class Notices:
    """What somebody of HR has before them: their units, the forecast of what they are writing, the latest notices.

    `unreached` are the names of those whom the latest notice did not reach; `colleagues` may approve, as
    somebody must when it is for more than `approved_above` people.
    """

    units: tuple[str, ...] = ()
    forecast: Forecast | None = None
    latest: tuple[Broadcast, ...] = ()
    unreached: tuple[str, ...] = ()
    colleagues: tuple[Colleague, ...] = ()
    approved_above: int = 50

    def find(self, broadcast_id: str) -> Broadcast | None:
        return next((one for one in self.latest if one.id == broadcast_id), None)


def delivery_key(broadcast_id: str, member_id: int) -> str:
    """What makes a notice once for each person."""
    return f"broadcast:{broadcast_id}:{member_id}"
