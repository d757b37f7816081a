"""Temporary media, up and down."""

from aiohttp import BodyPartReader, web

from simulator.api import Answer, Call, Endpoint
from simulator.errors import ApiError
from simulator.faults import Fault

MOST_BYTES = 10 * 1024 * 1024


async def upload(call: Call) -> Answer:
    """`POST /cgi-bin/media/upload?type=`, the multipart field being `media`."""
    kind = call.request.query.get("type", "")
    media = call.desk.media.add(kind, await uploaded(call.request), call.now)
    created_at = int(media.created_at.timestamp())
    if kind == "thumb":
        return {"type": kind, "thumb_media_id": media.id, "created_at": created_at}
    return {"type": kind, "media_id": media.id, "created_at": created_at}


async def download(call: Call) -> Answer:
    """`GET /cgi-bin/media/get`: the bytes, or JSON with a `video_url` for a video."""
    if call.platform.faults.strikes(Fault.MEDIA_EXPIRED, path="media/get"):
        raise ApiError(40007, "invalid media_id")
    media = call.desk.media.get(call.request.query.get("media_id", ""), call.now)
    if media.kind == "video":
        return {"video_url": f"{call.platform.public_url}/mmbiz/{media.id}"}
    disposition = {"Content-disposition": f'attachment; filename="{media.file_name}"'}
    return web.Response(body=media.content, content_type=media.content_type, headers=disposition)


async def uploaded(request: web.Request) -> bytes:
    """The content of the field `media`; ApiError 41005 without one, 45001 beyond 10 MB."""
    if not request.content_type.startswith("multipart/"):
        raise ApiError(41005, "media data missing")
    reader = await request.multipart()
    try:
        async for part in reader:
            if isinstance(part, BodyPartReader) and part.name == "media":
                return await _read(part)
    except ValueError as error:
        raise ApiError(41005, "media data missing") from error
    raise ApiError(41005, "media data missing")


async def _read(part: BodyPartReader) -> bytes:
    content = bytearray()
    while chunk := await part.read_chunk(65536):
        content += chunk
        if len(content) > MOST_BYTES:
            raise ApiError(45001, "media size out of limit")
    return bytes(content)


ENDPOINTS = {
    "/cgi-bin/media/upload": Endpoint("POST", upload, json=False),
    "/cgi-bin/media/get": Endpoint("GET", download),
}
