"""What the bot says: replies of a turn, and the deliveries that carry them."""

from datetime import datetime
from enum import IntEnum, StrEnum

from sqlmodel import Field, SQLModel

TEXT_LIMIT = 2048  # bytes of UTF-8 in one text message (reference: wechat platform, passive reply)


class ReplyKind(StrEnum):
    TEXT = "text"
    IMAGE = "image"
    RECEIPT = "receipt"  # what a form led to, in `fields`: kept with the message, never sent
    MENU = "menu"  # a question with choices to tap (msgmenu); readable as text where menus cannot be sent


class Purpose(IntEnum):
    """What something is said for: the lower number leaves first."""

    ANSWER = 0
    REMINDER = 1
    BROADCAST = 2


class Choice(SQLModel):
    """One choice of a menu: what is shown, and what arrives as text when it is tapped."""

    id: str = Field(max_length=64)
    label: str = Field(max_length=60)


class Reply(SQLModel):
    """One bubble. `text` is at most TEXT_LIMIT bytes; `media_id` names an image already uploaded.

    `fields` say the same in a few words each, by meaning (subject, missing, by, todo): a notice's template shows these.
    """

    kind: ReplyKind = ReplyKind.TEXT
    text: str = ""
    choices: list[Choice] = Field(default_factory=list)
    media_id: str = ""
    fields: dict[str, str] = Field(default_factory=dict)


class DeliveryState(StrEnum):
    WAITING = "waiting"
    TAKEN = "taken"
    SENT = "sent"
    REFUSED = "refused"
    UNKNOWN = "unknown"  # timed out on an interface without a client id: never sent again
    GIVEN_UP = "given_up"
    SILENT = "silent"  # no longer needed when its turn came


class Delivery(SQLModel):
    """A reply on its way. `key` makes it once; `attempts` counts tries; `reason` says why it was refused; `way` is how
    it left (a value of `domain.reach.Way`).
    """

    id: int | None = None
    key: str = Field(max_length=340)
    person_id: str = Field(max_length=32)
    channel: str = Field(max_length=16)
    recipient: str = Field(max_length=128)  # openid or userid
    reply: Reply
    due_at: datetime
    state: DeliveryState = DeliveryState.WAITING
    attempts: int = 0
    reason: str = Field(default="", max_length=200)
    purpose: Purpose = Purpose.ANSWER
    way: str = Field(default="", max_length=16)
