"""A photographed page laid flat: where lines stand once tilt and perspective are taken out.

Letters were already read along their own slanted boxes; here only positions matter, so that what was printed on one
row has one height again.
"""

import math
from collections.abc import Sequence
from statistics import median

from nlp.proofs.page import Line

Corner = tuple[float, float]
Found = tuple[str, Sequence[Corner], float]  # text, four corners clockwise from the text's top left, how sure
LEAST_LENGTH = 3.0  # times its height: shorter boxes tell no direction

MOST_CHANGE = 0.2  # of slope from the top of a page to its bottom: more is no perspective but a misread box


def straightened(found: Sequence[Found]) -> tuple[Line, ...]:
    """The lines with level boxes, from top to bottom.

    The slope of the lines is fitted as a plane over the page (tilt, and how it changes down and across: perspective),
    and every box is moved along it. The same is done for the vertical edges with one slant for the whole page.
    """
    if not found:
        return ()
    slope = _slope([corners for _, corners, _ in found])
    lines = [_level(text, corners, sure, slope) for text, corners, sure in found]
    return tuple(sorted(lines, key=lambda line: (line.middle, line.left)))


def _slope(boxes: Sequence[Sequence[Corner]]) -> tuple[float, float, float]:
    """Slope at the origin, and its change for each pixel down: dy/dx = a + b * y. The third is the page's middle x."""
    samples = []
    for corners in boxes:
        (x0, y0), (x1, y1), (x2, y2), (x3, y3) = corners
        across, down = math.dist(corners[0], corners[1]), math.dist(corners[0], corners[3])
        if across >= LEAST_LENGTH * down and x1 > x0:
            lean = ((y1 - y0) + (y2 - y3)) / ((x1 - x0) + (x2 - x3) or 1.0)
            samples.append(((y0 + y1 + y2 + y3) / 4, lean, across))
    middle = sum(x for corners in boxes for x, _ in corners) / (4 * len(boxes))
    if not samples:
        return 0.0, 0.0, middle
    typical = median(lean for _, lean, _ in samples)
    near = [sample for sample in samples if abs(sample[1] - typical) < 0.08]  # a seal's text leans as it likes
    return (*_fit(near or samples), middle)


def _fit(samples: Sequence[tuple[float, float, float]]) -> tuple[float, float]:
    """Least squares of lean = a + b * y, weighted by length; a constant when there is too little to tell."""
    weight = sum(w for _, _, w in samples)
    mean_y = sum(y * w for y, _, w in samples) / weight
    mean_lean = sum(lean * w for _, lean, w in samples) / weight
    spread = sum(w * (y - mean_y) ** 2 for y, _, w in samples)
    if len(samples) < 4 or spread / weight < 1.0:
        return mean_lean, 0.0
    change = sum(w * (y - mean_y) * (lean - mean_lean) for y, lean, w in samples) / spread
    tall = max(y for y, _, _ in samples) - min(y for y, _, _ in samples)
    if abs(change) * tall > MOST_CHANGE:
        return mean_lean, 0.0
    return mean_lean - change * mean_y, change


def _level(text: str, corners: Sequence[Corner], sure: float, slope: tuple[float, float, float]) -> Line:
    a, b, middle = slope
    x = sum(corner[0] for corner in corners) / 4
    y = sum(corner[1] for corner in corners) / 4
    lean = a + b * y
    height = (math.dist(corners[0], corners[3]) + math.dist(corners[1], corners[2])) / 2
    width = (math.dist(corners[0], corners[1]) + math.dist(corners[3], corners[2])) / 2
    level_y = y - lean * (x - middle)
    level_x = x + a * y  # the page's vertical edges lean with its tilt
    return Line(text, level_x - width / 2, level_y - height / 2, level_x + width / 2, level_y + height / 2, sure)
