"""Every error code of the platform has its class and its action."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from bot.channels.errcodes import ERROR_CODES, ErrorKind
from bot.channels.errors import ChannelBusy, ChannelRefused, PersonUnreachable, classify, failure
from domain.message import Channel
from tests.bot.channels.pushes import load

FIXTURE = load("api/errcodes.json")
NOW = datetime(2026, 11, 20, 9, 30, 20, tzinfo=timezone(timedelta(hours=8)))
EXCEPTIONS = {
    "done": type(None),
    "user": PersonUnreachable,
    "retry": ChannelBusy,
    "quota": ChannelBusy,
    **dict.fromkeys(["token", "request", "config", "bug", "media", "relogin", "content"], ChannelRefused),
}


def test_the_table_is_the_reference() -> None:
    told = {code["errcode"]: (code["class"], code["action"]) for code in FIXTURE["codes"]}
    ours = {errcode: (known.kind.value, known.action) for errcode, known in ERROR_CODES.items()}
    assert {errcode: ours.get(errcode) for errcode in told} == told
    assert {kind.value for kind in ErrorKind} == set(FIXTURE["classes"])


@pytest.mark.parametrize("code", FIXTURE["codes"], ids=lambda code: str(code["errcode"]))
def test_every_code_becomes_its_exception(code: dict[str, Any]) -> None:
    failed = failure(code["errcode"], "whatever rid: 6a1b-2c3d", NOW)
    assert type(failed) is EXCEPTIONS[code["class"]]
    if failed is None:
        return
    assert failed.errcode == code["errcode"]
    assert failed.rid == "6a1b-2c3d"
    if isinstance(failed, ChannelRefused):
        assert (failed.kind.value, failed.action) == (code["class"], code["action"])
    if isinstance(failed, PersonUnreachable):
        assert failed.reason != "unreachable", "say why"


def test_codes_that_mean_something_else_in_wecom() -> None:
    assert classify(48002).kind is ErrorKind.USER
    assert classify(48002, Channel.WECOM).kind is ErrorKind.CONFIG


def test_a_code_nobody_has_seen_counts_against_this_request_alone() -> None:
    failed = failure(99_999, "", NOW)
    assert isinstance(failed, ChannelRefused)
    assert failed.kind is ErrorKind.REQUEST


def test_the_text_beside_a_code_decides_nothing() -> None:
    assert failure(0, "invalid credential, access_token is invalid", NOW) is None
    failed = failure(45015, "ok rid: <script> 身份证", NOW)
    assert isinstance(failed, PersonUnreachable)
    assert failed.rid == ""
    assert str(failed) == "window_closed (45015)"


@pytest.mark.parametrize(
    ("errcode", "retry_at"),
    [
        (-1, None),
        (45011, datetime(2026, 11, 20, 1, 31, tzinfo=UTC)),
        (45066, datetime(2026, 11, 20, 1, 31, 20, tzinfo=UTC)),
        (45009, datetime(2026, 11, 20, 16, 0, tzinfo=UTC)),
    ],
)
def test_when_to_come_back(errcode: int, retry_at: datetime | None) -> None:
    failed = failure(errcode, "", NOW)
    assert isinstance(failed, ChannelBusy)
    assert failed.retry_at == retry_at
