"""Temporary media: what the service uploads and what phones send, each for three days."""

import secrets
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

from simulator.errors import ApiError

LIVES = timedelta(days=3)
_KEPT_BYTES = 256 * 1024 * 1024

_MAGIC = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
    b"BM": "image/bmp",
    b"#!AMR": "audio/amr",
    b"ID3": "audio/mp3",
    b"\xff\xfb": "audio/mp3",
    b"\xff\xf3": "audio/mp3",
}
_IMAGES = ("image/png", "image/jpeg", "image/gif")
# For each type the formats it accepts and the most bytes.
_ACCEPTED = {
    "image": (_IMAGES, 10 * 1024 * 1024),
    "voice": (("audio/amr", "audio/mp3"), 2 * 1024 * 1024),
    "video": (("video/mp4",), 10 * 1024 * 1024),
    "thumb": (("image/jpeg",), 64 * 1024),
}


@dataclass(frozen=True)
class Media:
    id: str
    kind: str
    content: bytes
    content_type: str
    created_at: datetime

    @property
    def file_name(self) -> str:
        return f"{self.id[:16]}.{self.content_type.rpartition('/')[2].replace('jpeg', 'jpg')}"


def content_type_of(content: bytes) -> str:
    """Told from the first bytes, never from a name; empty if unknown."""
    if content[4:8] == b"ftyp":
        return "video/mp4"
    return next((name for magic, name in _MAGIC.items() if content.startswith(magic)), "")


class MediaStore:
    """Media by id. The oldest leave when all together pass 256 MB, so a long demo stays small."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Media] = OrderedDict()
        self._bytes = 0

    def add(self, kind: str, content: bytes, now: datetime) -> Media:
        """ApiError 40004 unknown type, 41005 nothing in it, 45001 too large, 40005 a file of another format."""
        if kind not in _ACCEPTED:
            raise ApiError(40004, "invalid media type")
        if not content:
            raise ApiError(41005, "media data missing")
        formats, most = _ACCEPTED[kind]
        if len(content) > most:
            raise ApiError(45001, "media size out of limit")
        content_type = content_type_of(content)
        if content_type not in formats:
            raise ApiError(40005, "invalid file type")
        media = Media(secrets.token_urlsafe(48), kind, content, content_type, now)
        self._keep(media)
        return media

    def get(self, media_id: str, now: datetime) -> Media:
        """ApiError 40007 for an id that is unknown or older than three days."""
        media = self._kept.get(media_id)
        if media is None or not self.alive(media, now):
            raise ApiError(40007, "invalid media_id")
        return media

    @staticmethod
    def alive(media: Media, now: datetime) -> bool:
        return now - media.created_at < LIVES

    def seen(self, media_id: str) -> Media | None:
        """What a phone still shows: it keeps its own copy beyond the three days."""
        return self._kept.get(media_id)

    def _keep(self, media: Media) -> None:
        self._kept[media.id] = media
        self._bytes += len(media.content)
        while self._bytes > _KEPT_BYTES:
            _, oldest = self._kept.popitem(last=False)
            self._bytes -= len(oldest.content)
