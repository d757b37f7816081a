"""A page of recognised text: lines with where they stand, upright and straightened."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Line:
    """One line as recognised. The box is in pixels of the upright picture, `sure` the recogniser's 0 to 1."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    sure: float = 1.0

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    @property
    def centre(self) -> float:
        return (self.left + self.right) / 2


@dataclass(frozen=True, slots=True)
class Page:
    """All lines of a picture from top to bottom, and the texts of its QR codes."""

    lines: tuple[Line, ...] = ()
    codes: tuple[str, ...] = ()


def page_of(record: dict[str, Any]) -> Page:
    """The page that is stored as JSON: lines as [text, left, top, right, bottom, sure]."""
    return Page(tuple(Line(*line) for line in record["lines"]), tuple(record.get("codes", ())))


def page_record(page: Page) -> dict[str, Any]:
    """The page as JSON."""
    lines = [
        [line.text, *(round(side, 1) for side in (line.left, line.top, line.right, line.bottom)), round(line.sure, 3)]
        for line in page.lines
    ]
    return {"lines": lines, "codes": list(page.codes)}
