"""One HTTP call to the platform's API: bounded in time and size, its failures told apart by what may be done next.

Bodies are raw UTF-8 JSON, because `\\uXXXX` escapes can be refused (40033). Addresses carry the access token, so no
exception of aiohttp, whose text may hold the address, leaves this module.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter
from typing import Any

import aiohttp
import structlog

from bot.channels.errcodes import ErrorKind
from bot.channels.errors import ChannelBusy, ChannelError, ChannelRefused, OutcomeUnknown, failure
from bot.logs import short

log = structlog.get_logger()

JSON_LIMIT = 1024 * 1024  # bytes
TIMEOUT = aiohttp.ClientTimeout(total=10, sock_connect=3)
KEEP_ALIVE_SECONDS = 15  # shorter than servers keep idle connections: a send must not meet one just closed
# Raised before anything was sent.
_NOT_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)


@dataclass(frozen=True, slots=True)
class Call:
    """What is told of a call: `api` is its path, `person` a stand-in for the id, `errcode` 0 when it went well."""

    api: str
    person: str
    errcode: int
    seconds: float
    rid: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP 200: the media type (lower case, without parameters) and the body."""

    content_type: str
    content: bytes


def log_call(call: Call) -> None:
    """The default observer: a line for every call."""
    write = log.warning if call.error else log.debug
    write(
        "api_call",
        api=call.api,
        person=call.person,
        errcode=call.errcode,
        rid=call.rid,
        failed=call.error,
        ms=round(call.seconds * 1000),
    )


def encode(payload: Mapping[str, Any]) -> bytes:
    """Raw UTF-8 JSON. The texts in it must have gone through `text.legal`: other control characters would escape."""
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()


def decode(answer: Answer, now: datetime) -> dict[str, Any]:
    """The JSON object of an answer, or the exception for its errcode (which may be missing on success)."""
    try:
        found = json.loads(answer.content)
        errcode = int(found.get("errcode") or 0)
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise OutcomeUnknown from None
    failed = failure(errcode, str(found.get("errmsg", "")), now)
    if failed is not None:
        raise failed
    return dict(found)


class Wire:
    """Makes calls on one session. `now` is the service's clock, `observe` is told of every call that ends.

    An `api` is a path below /cgi-bin, or one that begins with a slash.
    """

    def __init__(
        self,
        base_url: str,
        now: Callable[[], datetime],
        observe: Callable[[Call], None] = log_call,
        timeout: aiohttp.ClientTimeout = TIMEOUT,
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._now = now
        self._observe = observe
        self._timeout = timeout
        self._session: aiohttp.ClientSession | None = None

    async def send(
        self,
        api: str,
        payload: Mapping[str, Any] | aiohttp.FormData,
        query: Mapping[str, str] | None = None,
        *,
        person: str = "",
        repeatable: bool = False,
    ) -> dict[str, Any]:
        """POSTs `payload` as JSON (or the form) and gives the answer's object.

        `repeatable` says that a second call does no harm: then silence is ChannelBusy and not OutcomeUnknown.
        """
        with self._watched(api, person, repeatable):
            return decode(await self._request("POST", api, query or {}, JSON_LIMIT, payload), self._now())

    async def ask(self, api: str, query: Mapping[str, str]) -> dict[str, Any]:
        """GETs an object, whose call does no harm when it is made again."""
        with self._watched(api, "", repeatable=True):
            return decode(await self._request("GET", api, query, JSON_LIMIT), self._now())

    async def fetch(self, api: str, query: Mapping[str, str], limit: int) -> Answer:
        """GETs a file of at most `limit` bytes. An answer in JSON is an error, also where it names none."""
        with self._watched(api, "", repeatable=True):
            answer = await self._request("GET", api, query, limit)
            if answer.content_type in ("application/json", "text/plain") or answer.content[:1] == b"{":
                decode(answer, self._now())
                raise ChannelRefused(0, ErrorKind.REQUEST, "the answer is not a file")
            return answer

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _request(
        self,
        method: str,
        api: str,
        query: Mapping[str, str],
        limit: int,
        payload: Mapping[str, Any] | aiohttp.FormData | None = None,
    ) -> Answer:
        body = encode(payload) if isinstance(payload, Mapping) else payload
        headers = {"Content-Type": "application/json; charset=utf-8"} if isinstance(body, bytes) else None
        if self._session is None:  # made here because it belongs to the running loop
            connector = aiohttp.TCPConnector(limit=32, keepalive_timeout=KEEP_ALIVE_SECONDS)
            self._session = aiohttp.ClientSession(
                connector=connector, timeout=self._timeout, cookie_jar=aiohttp.DummyCookieJar()
            )
        path = api if api.startswith("/") else f"/cgi-bin/{api}"
        address = self._base_url + path
        async with self._session.request(
            method, address, params=query, data=body, headers=headers, allow_redirects=False
        ) as response:
            _check_status(response.status)
            return Answer(response.content_type.lower(), await _read(response, limit))

    @contextmanager
    def _watched(self, api: str, person: str, repeatable: bool) -> Iterator[None]:
        """Turns what aiohttp raises into our exceptions, and tells the observer how the call ended."""
        started = perf_counter()
        ended: ChannelError | None = None
        try:
            yield
        except _NOT_SENT:
            ended = ChannelBusy(0)
        except (aiohttp.ClientError, TimeoutError):
            ended = ChannelBusy(0) if repeatable else OutcomeUnknown()
        except OutcomeUnknown as unknown:
            ended = ChannelBusy(unknown.errcode) if repeatable else unknown
        except ChannelError as error:
            ended = error
        seconds = perf_counter() - started
        who = short(person) if person else ""
        if ended is None:
            self._observe(Call(api, who, 0, seconds))
            return
        self._observe(Call(api, who, ended.errcode, seconds, ended.rid, type(ended).__name__))
        raise ended from None


def _check_status(status: int) -> None:
    """The platform's own errors come with 200: any other status is from a proxy, a wrong address or an outage."""
    if status == 200:
        return
    if status == 429:
        raise ChannelBusy(status)
    if status >= 500:
        raise OutcomeUnknown(status)
    raise ChannelRefused(status, ErrorKind.CONFIG, "the API address answers as no WeChat API does")


async def _read(response: aiohttp.ClientResponse, limit: int) -> bytes:
    content = bytearray()
    async for chunk in response.content.iter_chunked(64 * 1024):
        content += chunk
        if len(content) > limit:
            raise ChannelRefused(45001, ErrorKind.REQUEST, "the answer is too large")
    return bytes(content)
