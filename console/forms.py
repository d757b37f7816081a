"""What a visitor posts: fields, and files that are written to disk as they arrive, never more than a door allows."""

import asyncio
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, web

MOST_FIELDS = 5000
CHUNK = 256 * 1024  # bytes between two writes to disk
_CONTROL = dict.fromkeys([*range(9), *range(11, 13), *range(14, 32), 127])  # all but tab and line ends


class TooLarge(Exception):
    """More than the door takes; `limit` in bytes."""

    def __init__(self, limit: int) -> None:
        super().__init__("the body is too large")
        self.limit = limit


class Unreadable(Exception):
    """Not a form."""


class Checked(Protocol):
    def __call__(self, fields: Mapping[str, str]) -> None: ...


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was posted. It is deleted when the request has been answered: whoever needs it later copies it."""

    path: Path
    filename: str
    content_type: str
    size: int


class Form(Mapping[str, str]):
    """Posted fields, without control characters. A name that was posted several times gives its first value here."""

    def __init__(self, pairs: list[tuple[str, str]] | None = None, files: dict[str, Upload] | None = None) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in pairs or []:
            self._values.setdefault(name, []).append(clean(value))
        self.files = files or {}

    def __getitem__(self, name: str) -> str:
        return self._values[name][0]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def all(self, name: str) -> list[str]:
        """Every value of a name, in order: ticked boxes."""
        return list(self._values.get(name, ()))

    def said(self, name: str) -> str:
        """A value without the spaces around it; empty when there is none."""
        return self.get(name, "").strip()


def clean(words: str) -> str:
    """Without control characters, which no database takes and nobody types."""
    return words.translate(_CONTROL)


async def read(request: web.Request, limit: int, stack: AsyncExitStack, checked: Checked) -> Form:
    """The posted form, its files on disk for as long as `stack` is open. TooLarge, Unreadable.

    `checked` is given the fields that stand before the first file, or all: it raises when the post is not to be taken.
    """
    if request.content_length is not None and request.content_length > limit:
        raise TooLarge(limit)
    match request.content_type:
        case "application/x-www-form-urlencoded":
            form = Form(_parsed(await _body(request, limit)))
        case "multipart/form-data":
            return await _multipart(request, limit, stack, checked)
        case "application/octet-stream" if not request.can_read_body:  # aiohttp's word for no body at all
            form = Form()
        case _:
            raise Unreadable
    checked(form)
    return form


async def _body(request: web.Request, limit: int) -> bytes:
    body = bytearray()
    async for chunk in request.content.iter_chunked(CHUNK):
        body += chunk
        if len(body) > limit:
            raise TooLarge(limit)
    return bytes(body)


def _parsed(body: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="replace")
    except ValueError:
        raise Unreadable from None


async def _multipart(request: web.Request, limit: int, stack: AsyncExitStack, checked: Checked) -> Form:
    folder: Path | None = None
    pairs: list[tuple[str, str]] = []
    files: dict[str, Upload] = {}
    left = limit
    try:
        reader = await request.multipart()
        while (part := await reader.next()) is not None:
            if not isinstance(part, BodyPartReader) or part.name is None or len(pairs) >= MOST_FIELDS:
                raise Unreadable
            if part.filename is None:
                value = await _field(part, left)
                left -= len(value)
                pairs.append((part.name, value.decode("utf-8", "replace")))
                continue
            if folder is None:
                checked(Form(pairs))
                folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="xueshi-")))
            upload = await _file(part, folder / str(len(files)), left)
            left -= upload.size
            files[part.name] = upload
    except (ValueError, AssertionError, RuntimeError):  # what aiohttp raises for a body that is none
        raise Unreadable from None
    form = Form(pairs, files)
    checked(form)
    return form


async def _field(part: BodyPartReader, left: int) -> bytes:
    value = bytearray()
    while chunk := await part.read_chunk(CHUNK):
        value += chunk
        if len(value) > left:
            raise TooLarge(left)
    return bytes(value)


async def _file(part: BodyPartReader, path: Path, left: int) -> Upload:
    """Writes a part to disk, a chunk at a time and aside: nobody waits for the disk."""
    size = 0
    with await asyncio.to_thread(path.open, "wb") as file:
        while chunk := await part.read_chunk(CHUNK):
            size += len(chunk)
            if size > left:
                raise TooLarge(left)
            await asyncio.to_thread(file.write, chunk)
    name = clean(part.filename or "").replace("\\", "/").rpartition("/")[2][:200]
    return Upload(path, name, part.headers.get("Content-Type", ""), size)
