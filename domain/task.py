"""Durable work that follows an answer: a picture to read, a form to render."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from domain.message import Channel


class TaskKind(StrEnum):
    KEEP_PHOTO = "keep_photo"  # fetch a picture from the platform and keep it
    READ_PROOF = "read_proof"  # read a kept picture
    SHOW_PHOTO = "show_photo"  # send a kept picture to somebody
    COPY_DATA = "copy_data"  # a copy of all that is known of the person
    ERASE = "erase"  # delete what is known of the person
    RENDER_FORM = "render_form"  # the registration form of a year
    RENDER_CARD = "render_card"  # the progress card of a year
    MAKE_CODE = "make_code"  # a code by which the mini program is bound
    BIND = "bind"  # make one person of who says a code and who made it


@dataclass(frozen=True, slots=True)
class NewTask:
    """What a handler asks to be done. Its key follows from the message and its place in it, so it is done once.

    `content` is JSON and sealed at rest. The work's result comes back as a message of kind RESULT.
    """

    kind: TaskKind
    content: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Task(NewTask):
    """A task taken to be done. `channel`, `account` and `sender` say to whom its result is told; `attempts` counts
    this one.
    """

    id: int = 0
    key: str = ""
    person_id: str = ""
    channel: Channel = Channel.OFFICIAL
    account: str = ""
    sender: str = ""
    due_at: datetime | None = None
    attempts: int = 1
