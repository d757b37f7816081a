"""A notice as it is being written at the desk: fields of a form, what is wrong with them, the text they make.

A course notice is fields that become labelled lines; what 江西 第十六条 has published and is missing is pointed out.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta, tzinfo

from domain.broadcast import TEXT_LENGTH, Audience, Whom
from outreach.broadcasts import has_own
from wording import say

COURSE = (  # the fields of a course notice, in the order of its lines
    *("category", "title", "hours", "mode", "dates", "place", "fee", "teacher"),
    *("assessment", "certificate", "deadline", "contact"),
)
MOST_AHEAD = timedelta(days=180)
LINE = 120  # characters of one field


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in the form. `course` are the fields of a course notice; `at` is empty for at once."""

    unit: str
    whom: str = Whom.ALL.value
    department: str = ""
    region: str = ""
    kind: str = "text"
    text: str = ""
    course: Mapping[str, str] = field(default_factory=dict)
    at: str = ""
    mass: bool = False

    @property
    def content(self) -> str:
        """The text that people get."""
        if self.kind != "course":
            return self.text
        lines = [f"{say(f'console.broadcasts.line.{name}')}：{said}" for name, said in self.course.items() if said]
        return "\n".join([*lines, *([self.text] if self.text else [])])

    def audience(self, year: int) -> Audience:
        return Audience(self.unit, Whom(self.whom), year, self.department, self.region)

    def due(self, zone: tzinfo | None) -> datetime | None:
        """When it is to leave; None for at once. ValueError when it is no time."""
        return datetime.fromisoformat(self.at).replace(tzinfo=zone) if self.at else None

    @property
    def digest(self) -> str:
        """Equal for equal drafts: what is sent is what was previewed."""
        told = json.dumps(asdict(self), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(told.encode()).hexdigest()[:24]


def read(fields: Mapping[str, str], units: tuple[str, ...], regions: tuple[str, ...]) -> Draft:
    """The draft that a form holds; what no form of ours offers falls back to its first choice."""

    def said(name: str, most: int = LINE) -> str:
        return fields.get(name, "").strip()[:most]

    return Draft(
        unit=said("unit") if said("unit") in units else units[0],
        whom=said("whom") if said("whom") in set(Whom) else Whom.ALL.value,
        department=said("department", 100),
        region=said("region") if said("region") in regions else "",
        kind="course" if said("kind") == "course" else "text",
        text=fields.get("text", "").replace("\r\n", "\n").strip()[: TEXT_LENGTH * 2],
        course={name: said(f"course_{name}") for name in COURSE},
        at=said("at", 16) if said("when") == "later" else "",
        mass=said("way") == "mass",
    )


def mistakes(draft: Draft, now: datetime) -> dict[str, str]:
    """What is to be mended before it can leave, by field."""
    found = {}
    length = len(draft.content)
    if not length:
        found["text"] = say("console.broadcasts.no_text")
    elif length > TEXT_LENGTH:
        found["text"] = say("notice.too_long", limit=TEXT_LENGTH, length=length)
    if draft.at:
        try:
            due = draft.due(now.tzinfo)
        except ValueError:
            due = None
        if due is None or not now - timedelta(minutes=5) <= due <= now + MOST_AHEAD:
            found["at"] = say("console.broadcasts.bad_time")
    if draft.mass and not draft.audience(now.year).whole:
        found["way"] = say("console.broadcasts.mass_whole")
    elif draft.mass and has_own(draft.content):
        found["way"] = say("console.broadcasts.mass_own")
    return found
