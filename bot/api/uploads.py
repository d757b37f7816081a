"""Bodies within their limits, told from their declared length before they are read."""

from aiohttp import BodyPartReader, web
from aiohttp.http_exceptions import HttpProcessingError

from bot.api.problems import Problem

PICTURE_LIMIT = 10 * 1024 * 1024  # bytes, as the platform's own limit for pictures
ENVELOPE = 16 * 1024  # bytes that a form adds around its file
_CHUNK = 64 * 1024


async def limited(request: web.Request, limit: int, code: str) -> bytes:
    """The body; 413 with `code` when it is longer than `limit` bytes."""
    if (request.content_length or 0) > limit:
        raise Problem(413, code)
    read = bytearray()
    async for chunk in request.content.iter_chunked(_CHUNK):
        read += chunk
        if len(read) > limit:
            raise Problem(413, code)
    return bytes(read)


async def file_of(request: web.Request) -> bytes:
    """The part `file` of a multipart form."""
    if request.content_type != "multipart/form-data":
        raise Problem(415, "not_a_form")
    if (request.content_length or 0) > PICTURE_LIMIT + ENVELOPE:
        raise Problem(413, "picture_too_large")
    try:
        reader = await request.multipart()
        for _ in range(8):
            part = await reader.next()
            if part is None:
                break
            if isinstance(part, BodyPartReader) and part.name == "file":
                return await _content(part)
    except (ValueError, AssertionError, KeyError, RuntimeError, HttpProcessingError):
        raise Problem(400, "not_a_form") from None
    raise Problem(422, "no_file")


async def _content(part: BodyPartReader) -> bytes:
    read = bytearray()
    while chunk := await part.read_chunk(_CHUNK):
        read += chunk
        if len(read) > PICTURE_LIMIT:
            raise Problem(413, "picture_too_large")
    return bytes(read)
