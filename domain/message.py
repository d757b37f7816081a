"""What arrives: one message or event of a platform, already verified and decoded."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlmodel import Field, SQLModel


class Channel(StrEnum):
    OFFICIAL = "official"  # 公众号 (service account)
    MINI = "mini"
    WECOM = "wecom"


class MessageKind(StrEnum):
    TEXT = "text"
    IMAGE = "image"
    VOICE = "voice"
    VIDEO = "video"
    LOCATION = "location"
    LINK = "link"
    EVENT = "event"
    RESULT = "result"  # of a task of ours; never comes from a platform
    FORM = "form"  # filled in in the mini program, through our own API
    UNKNOWN = "unknown"


class Message(SQLModel):
    """One inbound message.

    `key` is what makes it once: channel, account, sender and MsgId; for an event sender, time, event and its keys.
    `sender` is the platform's id of the person (openid, userid). Times are aware; `sent_at` is the platform's.
    """

    key: str = Field(max_length=300)
    channel: Channel
    account: str = Field(max_length=64)
    sender: str = Field(max_length=128)
    kind: MessageKind
    text: str = ""
    event: str = Field(default="", max_length=64)  # lower case, as wechatpy names it
    event_key: str = Field(default="", max_length=256)
    media_id: str = Field(default="", max_length=256)
    details: dict[str, Any] = Field(default_factory=dict)
    sent_at: datetime
