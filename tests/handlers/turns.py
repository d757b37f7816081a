"""A turn made by hand: one message of one person, over the real book and texts."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import nlp
from domain.dialog import Dialog
from domain.ledger import Claim
from domain.message import Channel, Message, MessageKind
from domain.person import Person
from handlers.facts import NONE, Facts
from handlers.turn import Turn
from rules.articles import Texts
from rules.book import load

BOOK = load()
TEXTS = Texts(BOOK)
NOW = datetime(2026, 11, 20, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


def turn(
    text: str,
    region: str | None = "jilin",
    dialog: Dialog | None = None,
    claims: list[Claim] | None = None,
    facts: Facts = NONE,
    texts: Texts = TEXTS,
    **details: Any,
) -> Turn:
    message = Message(
        key="official:a:b:msg:1",
        channel=Channel.OFFICIAL,
        account="a",
        sender="b",
        kind=MessageKind.TEXT,
        text=text,
        details=details,
        sent_at=NOW,
    )
    return Turn(
        message=message,
        reading=nlp.read(text, NOW, None),
        person=Person(id="p", region=region),
        dialog=dialog or Dialog(),
        claims=claims or [],
        now=NOW,
        book=BOOK,
        texts=texts,
        facts=facts,
    )
