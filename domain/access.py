"""Who may open the console, from where, and what they saw there."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.person import Role

LINK_FOR = timedelta(minutes=5)
SIGNED_IN_FOR = timedelta(hours=12)  # then by a new link, however busy
IDLE_FOR = timedelta(hours=2)  # without a page asked for


class Seen(StrEnum):
    """What an admin saw of somebody's record, or took out of the console."""

    RECORD = "record"
    PICTURE = "picture"
    LIST = "list"
    EXPORT = "export"
    FORM = "form"


@dataclass(frozen=True, slots=True)
class Granted:
    """A role in a unit, given there or in a unit above. `parent` is the unit right above, empty for none."""

    unit: str
    role: Role
    parent: str = ""


@dataclass(frozen=True, slots=True)
class SignIn:
    """A browser that is signed in, and who sits there. `unit` is the one they have chosen, empty for all."""

    digest: str
    person_id: str
    name: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    browser: str
    device: str
    unit: str
    granted: tuple[Granted, ...] = ()


@dataclass(frozen=True, slots=True)
class Access:
    """Somebody saw a person's record, or a list that they stand in (`of` empty). Names are empty when not known."""

    id: int
    viewer: str
    of: str
    unit: str
    what: str
    at: datetime
