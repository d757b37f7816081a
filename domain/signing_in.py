"""Who uses the mini program: tokens for a while, and what they stand for."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.person import Person

ACCESS_FOR = timedelta(minutes=20)
REFRESH_FOR = timedelta(days=30)


class TokenKind(StrEnum):
    ACCESS = "access"
    REFRESH = "refresh"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who a token stands for: the person, and the identity and login (`family`) that it came from."""

    person: Person
    account: str
    openid: str
    family: str


@dataclass(frozen=True, slots=True)
class Pair:
    """An access and a refresh token; nothing keeps them but whoever was given them."""

    access: str
    refresh: str
    expires_at: datetime
    refresh_expires_at: datetime
