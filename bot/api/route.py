"""What the API answers: a table of routes, each with the models of its request and its answer."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

if TYPE_CHECKING:
    from bot.api.call import Call

PREFIX = "/api/v1"
PARTS = {  # path parameters by name: what they look like
    "id": "[0-9a-f]{40}",
    "year": "(?:19|20)[0-9]{2}",
    "photo": "[0-9a-f]{64}",
    "code": "[0-9]{6}",
    "place": "[a-z_]{1,32}",
    "document": "[a-z0-9_-]{1,40}",
    "article": "[^/]{1,60}",
    "export": "[0-9a-f]{40}",
}
_PART = re.compile(r"\{(\w+)\}")

Run = Callable[["Call"], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class File:
    """An answer that is no JSON."""

    content: bytes
    content_type: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Route:
    """One path and method. `open`: without a token; `keyed`: a write that takes an Idempotency-Key; `upload`: the body
    is a form with a file; `files` are the content types of an answer that is no JSON; `refuses` are further statuses.
    """

    method: str
    path: str
    summary: str
    run: Run
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    answer: type[BaseModel] | None = None
    status: int = 200
    open: bool = False
    keyed: bool = False
    upload: bool = False
    files: tuple[str, ...] = ()
    refuses: tuple[int, ...] = ()

    @property
    def parameters(self) -> list[str]:
        return _PART.findall(self.path)

    @property
    def pattern(self) -> str:
        """The path as aiohttp matches it."""
        return PREFIX + _PART.sub(lambda found: f"{{{found[1]}:{PARTS[found[1]]}}}", self.path)

    @property
    def regex(self) -> re.Pattern[str]:
        return re.compile(_PART.sub(lambda found: PARTS[found[1]], self.path))
