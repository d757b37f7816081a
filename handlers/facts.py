"""What a route may ask for beyond the person, the dialog and the claims of their years (`routes.needs`).

`bot.facts` loads what is asked, in one go, and leaves the rest as it stands here.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from domain.access import Access
from domain.broadcast import Notices
from domain.overview import Overview
from domain.review import Desk, Membership
from outreach.calendars import Calendar
from outreach.looking import View


class Fact(StrEnum):
    """The fields of `Facts`, by name."""

    DESK = "desk"
    LOOKS = "looks"
    MEMBERSHIP = "membership"
    WAITS = "waits"
    FRESH_CODE = "fresh_code"
    SIGN_IN = "sign_in"
    REMINDERS = "reminders"
    NOTICES = "notices"
    DAYS = "days"
    OVERVIEW = "overview"


@dataclass(frozen=True, slots=True)
class Facts:
    """Each field belongs to the Fact of its name."""

    desk: Desk = field(default_factory=Desk)
    looks: list[Access] = field(default_factory=list)
    membership: Membership = field(default_factory=Membership)
    waits: Membership = field(default_factory=Membership)
    fresh_code: str = ""
    sign_in: str = ""
    reminders: View | None = None
    notices: Notices = field(default_factory=Notices)
    days: Calendar = field(default_factory=Calendar)
    overview: Overview = field(default_factory=Overview)


NONE = Facts()
