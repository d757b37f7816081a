"""What can go wrong with a call to the platform, as exceptions that say what the caller may do.

None of them carries what was sent, to whom, or a token: `rid` is the platform's number of the request and safe to log.
"""

import re
from datetime import datetime, timedelta, timezone

from bot.channels.errcodes import ERROR_CODES, ErrorCode, ErrorKind
from domain.message import Channel

BEIJING = timezone(timedelta(hours=8))  # quotas start anew at 00:00 there
_RID = re.compile(r"rid:\s*([0-9a-zA-Z-]{1,64})")
_UNKNOWN = ErrorCode(ErrorKind.REQUEST, "code not known here: look it up and add it")
# The same number means something else to another platform.
_OF_CHANNEL = {(Channel.WECOM, 48002): ErrorCode(ErrorKind.CONFIG, "API not permitted to this app")}
_REASONS = {
    40003: "unknown_person",
    40226: "blocked_by_platform",
    43004: "not_following",
    43019: "blacklisted",
    43101: "no_grant",
    45015: "window_closed",
    45047: "allowance_used",
    45080: "not_talking",
    46004: "unknown_person",
    48002: "receives_nothing",
    50005: "not_following",
    60111: "unknown_person",
    61010: "not_active",
    81013: "unknown_person",
    84061: "no_relation",
}


class ChannelError(Exception):
    """`errcode` is the platform's (or an HTTP status, three digits); `rid` names the request in its records."""

    def __init__(self, errcode: int, text: str, rid: str = "") -> None:
        super().__init__(f"{text} ({errcode})")
        self.errcode = errcode
        self.rid = rid


class ChannelRefused(ChannelError):
    """Repeating the call changes nothing; `kind` says whose matter it is and `action` what to do."""

    def __init__(self, errcode: int, kind: ErrorKind, action: str, rid: str = "") -> None:
        super().__init__(errcode, action, rid)
        self.kind = kind
        self.action = action


class ChannelBusy(ChannelError):
    """Nothing was done, and the call may be repeated: not before `retry_at`, or after the caller's own back-off.

    `kind` is QUOTA when the day's allowance of the interface is used up, RETRY otherwise.
    """

    def __init__(
        self, errcode: int, retry_at: datetime | None = None, rid: str = "", kind: ErrorKind = ErrorKind.RETRY
    ) -> None:
        super().__init__(errcode, "the platform is busy", rid)
        self.retry_at = retry_at
        self.kind = kind


class PersonUnreachable(ChannelError):
    """This person cannot be reached this way; others can. `reason` is one word."""

    def __init__(self, errcode: int, reason: str, rid: str = "") -> None:
        super().__init__(errcode, reason, rid)
        self.reason = reason


class OutcomeUnknown(ChannelError):
    """A send whose answer never came, on an interface without a client id: it must not be repeated."""

    def __init__(self, errcode: int = 0) -> None:
        super().__init__(errcode, "no answer from the platform")


def classify(errcode: int, channel: Channel = Channel.OFFICIAL) -> ErrorCode:
    """Kind and action of an error code; one that is not known counts against this request alone."""
    return _OF_CHANNEL.get((channel, errcode)) or ERROR_CODES.get(errcode, _UNKNOWN)


def failure(errcode: int, errmsg: str, now: datetime, channel: Channel = Channel.OFFICIAL) -> ChannelError | None:
    """The exception for an answer with this code; None when it counts as success. `errmsg` gives only its rid."""
    if errcode == 0:
        return None
    kind, action = classify(errcode, channel)
    rid = _rid(errmsg)
    if kind is ErrorKind.DONE:
        return None
    if kind is ErrorKind.USER:
        return PersonUnreachable(errcode, _REASONS.get(errcode, "unreachable"), rid)
    if kind in (ErrorKind.RETRY, ErrorKind.QUOTA):
        return ChannelBusy(errcode, _retry_at(errcode, kind, now), rid, kind)
    return ChannelRefused(errcode, kind, action, rid)


def _retry_at(errcode: int, kind: ErrorKind, now: datetime) -> datetime | None:
    """When the platform lets the call through again; None where it does not say."""
    if kind is ErrorKind.QUOTA:
        midnight = now.astimezone(BEIJING).replace(hour=0, minute=0, second=0, microsecond=0)
        return midnight + timedelta(days=1)
    if errcode == 45011:  # counted by the minute
        return now.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return now + timedelta(minutes=1) if errcode == 45066 else None


def _rid(errmsg: str) -> str:
    found = _RID.search(errmsg)
    return found[1] if found else ""
