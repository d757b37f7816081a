"""A QR code as a PNG, so that showqrcode gives a picture that scans: version 3, level L, byte mode (ISO/IEC 18004)."""

import struct
import zlib
from collections.abc import Iterator

_SIZE, _DATA, _CHECK = 29, 55, 15  # modules a side; codewords of data and of error correction
_MOST = 53
_FORMAT = 0b111011111000100  # level L, mask 0, with its own error correction
_BORDER, _SCALE = 4, 8

Grid = list[list[bool | None]]


def picture(text: str) -> bytes:
    """A PNG of 296 pixels a side. ValueError beyond 53 bytes."""
    grid = _frame()
    free = _path(grid)
    for bit in _bits(_codewords(text.encode())):
        y, x = next(free)
        grid[y][x] = bit ^ ((y + x) % 2 == 0)
    for y, x in free:  # seven remainder bits
        grid[y][x] = (y + x) % 2 == 0
    return _png([[bool(module) for module in row] for row in grid])


def _codewords(content: bytes) -> bytes:
    if len(content) > _MOST:
        raise ValueError(f"more than {_MOST} bytes")
    # Mode (4 bits), length (8), content, terminator (4): the two heads shift everything by half a byte.
    number = (0b0100 << 8 | len(content)) << 8 * len(content) | int.from_bytes(content, "big")
    data = (number << 4).to_bytes(len(content) + 2, "big")
    pads = bytes(0xEC if i % 2 == 0 else 0x11 for i in range(_DATA - len(data)))
    return data + pads + _check(data + pads)


def _check(data: bytes) -> bytes:
    """Reed-Solomon: the remainder by the generator of degree 15 over GF(256), polynomial 0x11D."""
    generator = [1]
    root = 1
    for _ in range(_CHECK):
        generator = [a ^ _times(b, root) for a, b in zip([*generator, 0], [0, *generator], strict=True)]
        root = _times(root, 2)
    remainder = [0] * _CHECK
    for byte in data:
        factor = byte ^ remainder[0]
        remainder = [a ^ _times(g, factor) for a, g in zip([*remainder[1:], 0], generator[1:], strict=True)]
    return bytes(remainder)


def _times(a: int, b: int) -> int:
    product = 0
    while b:
        if b & 1:
            product ^= a
        a = a << 1 ^ (0x11D if a & 0x80 else 0)
        b >>= 1
    return product


def _frame() -> Grid:
    """Finders, timing, the alignment mark at (22, 22) and the format bits; None is free for data."""
    grid: Grid = [[None] * _SIZE for _ in range(_SIZE)]
    for top, left in ((0, 0), (0, _SIZE - 7), (_SIZE - 7, 0)):
        _mark(grid, top + 3, left + 3, 4)
    for i in range(8, _SIZE - 8):
        grid[6][i] = grid[i][6] = i % 2 == 0
    _mark(grid, 22, 22, 2)
    for i in range(15):
        _format_bit(grid, i, bool(_FORMAT >> i & 1))
    grid[_SIZE - 8][8] = True
    return grid


def _mark(grid: Grid, y: int, x: int, reach: int) -> None:
    """A square of rings around its middle; the finders' white margin is the ring of distance 4."""
    for dy in range(-reach, reach + 1):
        for dx in range(-reach, reach + 1):
            if 0 <= y + dy < _SIZE and 0 <= x + dx < _SIZE:
                ring = max(abs(dy), abs(dx))
                grid[y + dy][x + dx] = ring not in ((2, 4) if reach == 4 else (1,))


def _format_bit(grid: Grid, i: int, bit: bool) -> None:
    """Both copies of format bit i, counted from the least significant one."""
    down = [0, 1, 2, 3, 4, 5, 7, 8, _SIZE - 7, _SIZE - 6, _SIZE - 5, _SIZE - 4, _SIZE - 3, _SIZE - 2, _SIZE - 1][i]
    grid[down][8] = bit
    across = [*range(_SIZE - 1, _SIZE - 9, -1), 7, 5, 4, 3, 2, 1, 0][i]
    grid[8][across] = bit


def _path(grid: Grid) -> Iterator[tuple[int, int]]:
    """The free modules in order: pairs of columns from the right, up and down in turn, past the timing column."""
    upwards = True
    for right in [*range(_SIZE - 1, 6, -2), 5, 3, 1]:
        rows = range(_SIZE - 1, -1, -1) if upwards else range(_SIZE)
        for y in rows:
            for x in (right, right - 1):
                if grid[y][x] is None:
                    yield y, x
        upwards = not upwards


def _bits(codewords: bytes) -> Iterator[bool]:
    for byte in codewords:
        for i in range(7, -1, -1):
            yield bool(byte >> i & 1)


def _png(dark: list[list[bool]]) -> bytes:
    side = (_SIZE + 2 * _BORDER) * _SCALE
    margin = [False] * _BORDER
    blank = [False] * (_SIZE + 2 * _BORDER)
    rows = [blank] * _BORDER + [margin + row + margin for row in dark] + [blank] * _BORDER
    lines = (b"\0" + bytes(0 if module else 255 for module in row for _ in range(_SCALE)) for row in rows)
    pixels = b"".join(line * _SCALE for line in lines)
    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(pixels)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, body) for kind, body in chunks)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
