"""A sentence as a form: what `xueshi parse` reads, what is missing, what it would give."""

from typing import Any

import nlp
from bot.api import shapes
from bot.api.call import Call
from bot.api.models.records import CandidatesTold, DaysTold, ReadingAsked, ReadingTold
from handlers import asking
from handlers import draft as drafts
from nlp.reading import Intent, Slots


async def read(call: Call) -> ReadingTold:
    turn = await call.turn()
    reading = nlp.read(call.asked(ReadingAsked).text, turn.now, None)
    if reading.intent is not Intent.CLAIM_RECORD:  # the box is for records: the same words, taken as one
        reading = nlp.read_as(call.asked(ReadingAsked).text, turn.now, Intent.CLAIM_RECORD)
    found = [drafts.plain(slots) for slots in reading.activities or (reading.slots,)]
    draft = found[0]
    objection = asking.objection(turn, draft)
    return ReadingTold(
        intent=str(reading.intent),
        confidence=reading.confidence,
        slots=_plain(reading.slots),
        draft=shapes.draft(draft),
        drafts=[shapes.draft(one) for one in found],
        missing=drafts.missing(draft),
        unsure=[field for one in reading.ambiguities for field in _fields(one.slot)],
        candidates=[
            CandidatesTold(said=one.said, days=[DaysTold(start=first, end=last) for first, last in one.candidates])
            for one in reading.ambiguities
        ],
        objection=objection[0] if objection else None,
        preview=None if objection else shapes.preview(turn, draft),
    )


def _fields(slot: str) -> list[str]:
    return ["start", "end"] if slot in ("start", "end", "date", "dates") else [slot]


def _plain(slots: Slots) -> dict[str, Any]:
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in slots.items()}
