"""The words that announce a value on a proof: 培训名称, 主办单位, 起止时间, and those whose value is none of ours."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path


class Kind(StrEnum):
    """What a label announces. OTHER is somebody else's value: it ends ours and is never taken for one."""

    NAME = "name"
    TITLE = "title"
    ORGANIZER = "organizer"
    SIGNER = "signer"  # who issued it: the organiser when nobody else is named
    CATEGORY = "category"
    HOURS = "hours"
    CREDITS = "credits"
    DAYS = "days"
    DATES = "dates"
    START = "start"
    END = "end"
    NUMBER = "certificate_no"
    ISSUED = "issued"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Label:
    """A label found in a text without spaces: its kind, where it ends, and whether with a colon (`end` is past it)."""

    kind: Kind
    text: str
    end: int
    colon: bool


_SEPARATOR = re.compile("[:=_]{1,3}|(?<=[nN][oO])[.]")


def label_at(text: str, at: int) -> Label | None:
    """The longest label that begins at `at` of a folded text without spaces; of equally long ones the first kind."""
    foreign = _FOREIGN.match(text, at)
    if foreign and (own := label_at(text, foreign.end())) and (own.colon or own.end == len(text)):
        return own
    best: tuple[Kind, re.Match[str]] | None = None
    for kind, pattern in _patterns().items():
        found = pattern.match(text, at)
        if found and found[0] and (best is None or found.end() > best[1].end()):
            best = kind, found
    if best is None:
        return None
    kind, found = best
    for end in (found.end(), _past_gloss(text, found.end())):
        if mark := _SEPARATOR.match(text, end):
            return Label(kind, found[0], mark.end(), True)
    end = _past_gloss(text, found.end())
    return Label(kind, found[0], end if end == len(text) else found.end(), False)


_FOREIGN = re.compile(r"[A-Za-z][A-Za-z.'&/]+(?=[\u4e00-\u9fff])")  # Name in Name 姓名
_WHOLE_GLOSS = re.compile(r"(?:\([^()]{1,8}\))?(?:[A-Za-z][A-Za-z./']*)?(?:\([^()0-9]{1,6}\))?\.?")


def _past_gloss(text: str, at: int) -> int:
    """Behind what may stand between a label and its colon: （盖章）, Certificate No."""
    found = _WHOLE_GLOSS.match(text, at)
    return found.end() if found else at


@cache
def _patterns() -> dict[Kind, re.Pattern[str]]:
    parts: dict[Kind, list[str]] = {}
    kind = Kind.OTHER
    for line in (Path(__file__).parent / "labels.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            kind = Kind(line.strip("[]"))
        elif line and not line.startswith("#"):
            parts.setdefault(kind, []).extend(line.split("  "))
    return {kind: re.compile("|".join(words), re.IGNORECASE) for kind, words in parts.items()}
