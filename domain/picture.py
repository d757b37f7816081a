"""Why a picture that somebody sent cannot be used."""

from enum import StrEnum


class Flaw(StrEnum):
    """The one reason for which a picture is refused; wording has a sentence for each."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"  # bytes
    WRONG_TYPE = "wrong_type"  # not a JPEG, PNG, WebP, GIF or BMP
    TRUNCATED = "truncated"  # begins like a picture and cannot be decoded to its end
    TOO_MANY_PIXELS = "too_many_pixels"  # also decompression bombs
    TOO_SMALL = "too_small"  # pixels of the shorter side
    TIMED_OUT = "timed_out"  # reading took longer than any honest picture
    CRASHED = "crashed"  # a worker died over it twice


class PictureRefused(Exception):
    """A picture that is not read. `found` and `limit` are in the unit of the flaw, None where nothing is counted."""

    def __init__(self, flaw: Flaw, found: int | None = None, limit: int | None = None) -> None:
        super().__init__(flaw.value if limit is None else f"{flaw.value}: {found}, limit {limit}")
        self.flaw = flaw
        self.found = found
        self.limit = limit
