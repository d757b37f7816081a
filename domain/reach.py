"""How a person can be spoken to: the window that they opened, the notices they agreed to, and what closed the door.

Allowances are the platform's (客服消息下发条数限制): they do not add up, an action sets count and deadline to the
larger of what is left and what it allows.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from domain.message import Message, MessageKind


class Way(StrEnum):
    """How something leaves."""

    PASSIVE = "passive"  # the answer to a message
    CUSTOMER = "customer"  # customer-service message, inside the window
    SUBSCRIPTION = "subscription"  # 订阅通知: one consent, one send
    TEMPLATE = "template"  # 模板消息
    MASS = "mass"  # 群发: to many at once, four a month for each


class Contact(StrEnum):
    """What a person did that opens the window."""

    MESSAGE = "message"
    MENU = "menu"  # CLICK, scancode_push, scancode_waitmsg, and the tap on a line of a msgmenu
    FOLLOW = "follow"
    SCAN = "scan"
    ENTER = "enter"  # the talk of a mini program


class Allowance(NamedTuple):
    messages: int
    lasts: timedelta


ALLOWANCES: dict[Contact, Allowance] = {
    Contact.MESSAGE: Allowance(5, timedelta(hours=48)),
    Contact.MENU: Allowance(3, timedelta(minutes=1)),
    Contact.FOLLOW: Allowance(3, timedelta(minutes=1)),
    Contact.SCAN: Allowance(3, timedelta(minutes=1)),
    Contact.ENTER: Allowance(2, timedelta(minutes=1)),
}
MASS_A_MONTH = 4  # mass messages for each person, of a service account

_CONTACTS = {
    "click": Contact.MENU,
    "scancode_push": Contact.MENU,
    "scancode_waitmsg": Contact.MENU,
    "subscribe": Contact.FOLLOW,
    "subscribe_scan": Contact.SCAN,
    "scan": Contact.SCAN,
    "user_enter_tempsession": Contact.ENTER,
}


class Consent(NamedTuple):
    """An answer to the question for notices of a template; a refusal takes back nothing accepted before, unless it
    was made in the settings (`withdrawn`).
    """

    template_id: str
    accepted: bool
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Reach:
    """What is known of the way to one identity of a person.

    `left` messages may be sent until `until`. `closed` is a word (not_following, blacklisted …) when the platform takes
    nothing for this person at all. `consents` are sends left by template. `massed` counts this month's mass messages.
    """

    channel: str
    account: str
    recipient: str
    left: int = 0
    until: datetime | None = None
    closed: str = ""
    consents: dict[str, int] = field(default_factory=dict)
    massed: int = 0

    def open_at(self, now: datetime) -> int:
        """How many customer-service messages may be sent now."""
        return self.left if self.until is not None and now < self.until and not self.closed else 0


def contact(message: Message) -> Contact | None:
    """How an inbound message opens the window; None when it does not."""
    if message.kind is MessageKind.EVENT:
        return _CONTACTS.get(message.event)
    if message.kind in (MessageKind.RESULT, MessageKind.FORM):
        return None
    return Contact.MENU if message.details.get("menu_choice") else Contact.MESSAGE


def consents(message: Message) -> list[Consent]:
    """The answers that a popup or settings event carries (subscribe_msg_popup_event, subscribe_msg_change_event)."""
    if message.event not in ("subscribe_msg_popup_event", "subscribe_msg_change_event"):
        return []
    withdrawn = message.event == "subscribe_msg_change_event"
    listed = message.details.get("templates")
    found = []
    for item in listed if isinstance(listed, list) else []:
        template_id, said = item.get("template_id"), item.get("consent")
        if isinstance(template_id, str) and 0 < len(template_id) <= 64 and said in ("accept", "reject"):
            found.append(Consent(template_id, said == "accept", withdrawn and said == "reject"))
    return found
