"""Opening a picture that somebody sent: what it is, and its pixels the right way up. Every byte of it is hostile."""

import io
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image, UnidentifiedImageError

from domain.picture import Flaw, PictureRefused

if TYPE_CHECKING:
    from bot.seals import Pixels

MAX_BYTES = 20_000_000  # the platform's images are at most 10 MB; the console takes scans
MAX_PIXELS = {"JPEG": 64_000_000, "MPO": 64_000_000}  # decoded at a fraction of their size, so large ones are cheap
MAX_PIXELS_OTHER = 25_000_000  # a screenshot of 1080 x 20,000 is 22 million
MIN_SIDE = 80
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")


@dataclass(frozen=True, slots=True)
class Header:
    """What the first bytes of a picture say: its format (MPO is a phone's JPEG) and its size in pixels as stored."""

    format: str
    width: int
    height: int


def inspect(picture: bytes) -> Header:
    """The picture's header, without decoding it. Raises PictureRefused for what may not be kept or read."""
    with _opened(picture) as image:
        return Header(image.format or "", image.width, image.height)


def pixels(picture: bytes, longest: int) -> "Pixels":
    """The decoded picture, RGB and turned as its EXIF tag says.

    Its longest side is at most `longest` unless it is a strip, such as a long screenshot: then its shorter side is.
    Raises PictureRefused, also for a file that ends in the middle.
    """
    with _opened(picture) as image:
        scale = min(1.0, longest / _measured(image))
        size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
        try:
            image.draft("RGB", size)  # JPEG only: decodes at 1/2, 1/4 or 1/8, never smaller than asked
            image.load()
        except Image.DecompressionBombError:
            raise PictureRefused(Flaw.TOO_MANY_PIXELS) from None
        except (OSError, ValueError, SyntaxError, IndexError, EOFError, MemoryError):
            raise PictureRefused(Flaw.TRUNCATED) from None
        # shrink before anything copies: the memory of a worker is bounded
        small = image if image.size == size else image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
        import numpy as np  # noqa: PLC0415 - costs a quarter of a second, which a service that reads no picture need not pay

        return np.asarray(_on_white(_turned(small, image)))


def _measured(image: Image.Image) -> float:
    """The side that is held to the limit: the longer one, the shorter one of a strip."""
    long, short = max(image.size), min(image.size)
    return float(short * STRIP if long > STRIP * short else long)


STRIP = 2.6  # longer than this many times its width, a picture is read in tiles


def _opened(picture: bytes) -> Image.Image:
    if not picture:
        raise PictureRefused(Flaw.EMPTY)
    if len(picture) > MAX_BYTES:
        raise PictureRefused(Flaw.TOO_LARGE, len(picture), MAX_BYTES)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # our own limit is lower than the one Pillow warns at
            image = Image.open(io.BytesIO(picture), formats=FORMATS)
    except Image.DecompressionBombError:
        raise PictureRefused(Flaw.TOO_MANY_PIXELS) from None
    except UnidentifiedImageError:
        raise PictureRefused(Flaw.WRONG_TYPE) from None
    except (OSError, ValueError, SyntaxError, IndexError, EOFError):
        raise PictureRefused(Flaw.TRUNCATED) from None
    limit = MAX_PIXELS.get(image.format or "", MAX_PIXELS_OTHER)
    if image.width * image.height > limit:
        raise PictureRefused(Flaw.TOO_MANY_PIXELS, image.width * image.height, limit)
    if min(image.size) < MIN_SIDE:
        raise PictureRefused(Flaw.TOO_SMALL, min(image.size), MIN_SIDE)
    return image


def _turned(small: Image.Image, image: Image.Image) -> Image.Image:
    """Turned as the EXIF tag of `image` says; a tag that cannot be read turns nothing."""
    try:
        turn = image.getexif().get(0x0112, 1)
    except (OSError, ValueError, SyntaxError, IndexError, KeyError):
        return small
    method = _TURNS.get(turn)
    return small if method is None else small.transpose(method)


_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}  # the values of the tag Orientation, EXIF 2.3, 4.6.4 A


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        layered = image.convert("RGBA")
        paper = Image.new("RGBA", layered.size, "white")
        return Image.alpha_composite(paper, layered).convert("RGB")
    return image.convert("RGB")
