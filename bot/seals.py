"""Red seals on a page, made pale so that the print beneath them can be read."""

from typing import Any

import cv2
import numpy as np

Pixels = np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]  # height, width, colours in the order of OpenCV


_SMALL = 600  # pixels of the longest side at which seals are looked for
_RED = 28  # by how much red exceeds the other colours in stamped ink, of 255
_SMALLEST, _LARGEST = 0.05, 0.4  # side of a seal, as a part of the picture's longest
_FULL = 0.5  # part of a seal's box that is red, at most
_STRONG = 38  # the redness that a tenth of a seal's ink exceeds
_ROUND = (0.62, 1.6)  # width to height: also slanted or partly covered


def without_seals(image: Pixels) -> Pixels:
    """The RGB picture with the red of its seals turned to paper; black print under them stays as dark as it is."""
    boxes = seals_in(image)
    if not boxes:
        return image
    pale = image.copy()
    for top, bottom, left, right in boxes:
        part = pale[top:bottom, left:right]
        red = part[:, :, 0].astype(np.int16)
        stamped = red - part[:, :, 1:].max(axis=2) > 10
        paper = float(np.percentile(red, 80))
        stretched = np.clip((red - 0.3 * paper) / 0.45, 0, paper)  # ink alone is light in red, print under it is dark
        part[stamped] = stretched[stamped].astype(np.uint8)[:, None]
    return pale


def seals_in(image: Pixels) -> list[tuple[int, int, int, int]]:
    """Boxes (top, bottom, left, right) of red rings and squares about as wide as high."""
    height, width = image.shape[:2]
    scale = min(1.0, _SMALL / max(height, width))
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA).astype(np.int16)
    redness = small[:, :, 0] - small[:, :, 1:].max(axis=2)
    joined = cv2.morphologyEx((redness > _RED).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    longest = max(small.shape[:2])
    found = [box for row in stats[1:] if _is_seal(box := tuple(int(value) for value in row), longest, redness)]
    edge = 3
    return [
        (
            max(0, int((top - edge) / scale)),
            min(height, int((top + high + edge) / scale)),
            max(0, int((left - edge) / scale)),
            min(width, int((left + wide + edge) / scale)),
        )
        for left, top, wide, high, _ in found
        if not _is_letter((left, top, wide, high), found, longest)
    ]


def _is_seal(box: tuple[int, ...], longest: int, redness: Any) -> bool:
    """Of the size and shape of a seal, strongly red, and most of its red on a ring or a frame.

    What photographed screens show as coloured stripes, and red paper, have their red everywhere.
    """
    left, top, wide, high, _ = box
    if not (_SMALLEST < max(wide, high) / longest < _LARGEST and _ROUND[0] < wide / high < _ROUND[1]):
        return False
    part = redness[top : top + high, left : left + wide]
    red = part > _RED
    if red.mean() > _FULL or np.percentile(part[red], 90) < _STRONG:
        return False
    down, across = np.mgrid[-1 : 1 : high * 1j, -1 : 1 : wide * 1j]
    away = np.hypot(down, across)
    ring = np.mean((away > 0.72) & (away < 1.08) & red) / red.mean()
    outside = np.mean((away > 1.15) & red) / red.mean()
    frame = np.mean((np.maximum(abs(down), abs(across)) > 0.8) & red) / red.mean()
    return bool((ring > 0.5 and outside < 0.03) or (frame > 0.6 and outside > 0.08))


def _is_letter(box: tuple[int, ...], found: list[tuple[int, ...]], longest: int) -> bool:
    """One of several small red shapes of one size in a row: a letter of a red heading."""
    left, top, wide, high = box
    if max(wide, high) > 0.14 * longest:
        return False
    for other_left, other_top, other_wide, other_high, _ in found:
        apart = abs(other_left - left)
        near = 0 < apart < 4 * wide and abs(other_top + other_high / 2 - top - high / 2) < 0.5 * high
        if near and 0.6 < other_high / high < 1.6 and 0.5 < other_wide / wide < 2:
            return True
    return False
