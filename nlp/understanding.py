"""Reading one message: `read(text, now, expecting)`."""

from datetime import date, datetime

from nlp.activities import activities_in
from nlp.answers import answers_with, bare_answer, choice_number, is_question
from nlp.features import Sketch, sketch
from nlp.intents import model, ranked
from nlp.normalize import clean, fold
from nlp.reading import Expecting, Intent, Reading, Slots
from nlp.slots import answered, slots_of
from nlp.words import cut

SURE = 0.5  # below this confidence the bot had better offer the alternatives
_FLOOR = 0.28  # below this nothing was understood
_DIGRESSION = 0.6  # how sure a new intent must be to leave an open question
_VALUES = frozenset((Intent.CLAIM_RECORD, Intent.CLAIM_CORRECT, Intent.UNKNOWN, Intent.PROFILE_SET))


def warm() -> None:
    """Loads the dictionaries and the model; to be called once before the first message."""
    model()
    cut("学时")
    read("昨天听了两小时讲座，专业课，4学时", datetime(2026, 1, 1, tzinfo=None), None)


def read(text: str, now: datetime, expecting: Expecting | None) -> Reading:
    """What `text` means at `now` (in the person's time zone), given what was just asked.

    Pure and deterministic; any text is accepted. Confidence is a probability; below SURE `alternatives` are worth
    offering.
    """
    original = clean(text)
    folded = fold(original)
    today = now.date()
    if not any(char.isalnum() for char in folded) and bare_answer(folded, expecting) is None:
        return _signs_only(folded)
    if expecting is not None:
        said = _answer(folded, original, today, expecting)
        if said is not None:
            return said
    return _statement(sketch(folded), original, today)


def _signs_only(folded: str) -> Reading:
    """Emoji and punctuation alone."""
    if any(sign in folded for sign in "🙏🌹💐👏❤"):
        return Reading(Intent.THANKS, confidence=0.8)
    if "👋" in folded:
        return Reading(Intent.GREET, confidence=0.8)
    return Reading(Intent.HELP if folded and set(folded) <= set("?") else Intent.UNKNOWN, confidence=0.6)


def _statement(seen: Sketch, original: str, today: date) -> Reading:
    odds = ranked(seen)
    intent, confidence = Intent(odds[0][0]), odds[0][1]
    others = tuple(Intent(name) for name, chance in odds[1:4] if chance >= 0.08 and name != "unknown")
    if confidence < _FLOOR:
        kept = tuple(Intent(name) for name, _ in odds[:3] if name != "unknown")
        return Reading(Intent.UNKNOWN, confidence=round(1 - confidence, 4), alternatives=kept)
    slots, facts = slots_of(intent, seen, original, today)
    several = activities_in(seen, original, today) if intent is Intent.CLAIM_RECORD else ()
    if len(several) > 1:
        slots = several[0]
    return Reading(intent, slots, round(confidence, 4), others, tuple(facts.ambiguities), several)


def _answer(folded: str, original: str, today: date, expecting: Expecting) -> Reading | None:
    """The reading as an answer to `expecting`, or None when the person says something else."""
    bare = bare_answer(folded, expecting)
    if bare is not None:
        return Reading(bare, confidence=0.97)
    number = choice_number(folded)
    if number is not None and expecting in (
        Expecting.CHOICE,
        Expecting.CATEGORY,
        Expecting.MODE,
        Expecting.REGION,
        Expecting.CONFIRM,
    ):
        return Reading(Intent.ANSWER_VALUE, {"index": number}, 0.95)
    seen = sketch(folded)
    if expecting is Expecting.DATE and not seen.spans.dates:
        seen = _as_day(folded) or seen
    if answers_with(seen, expecting) and not is_question(folded):
        return _value(expecting, seen, original, today)
    if expecting is Expecting.CONFIRM and folded.startswith(("不是", "不对", "错了", "不,", "不 ")):
        return _refusal(seen, original, today)
    odds = ranked(seen)
    intent, chance = Intent(odds[0][0]), odds[0][1]
    if expecting is Expecting.TITLE:
        asks = chance >= _DIGRESSION and is_question(folded) and intent is not Intent.UNKNOWN
        told = chance >= 0.97 and intent not in _VALUES and not seen.quoted
        corrects = chance >= 0.9 and intent is Intent.CLAIM_CORRECT
        return None if asks or told or corrects or _full_record(seen) else _value(expecting, seen, original, today)
    if (chance >= _DIGRESSION and intent not in _VALUES) or _full_record(seen) or is_question(folded):
        return None
    if intent is Intent.CLAIM_CORRECT and chance >= _DIGRESSION:
        return None
    slots, facts = answered(expecting, seen, original, today)
    if slots and _wanted(slots, expecting):
        return Reading(Intent.ANSWER_VALUE, slots, 0.7, (intent,), tuple(facts.ambiguities))
    return None


def _value(expecting: Expecting, seen: Sketch, original: str, today: date) -> Reading:
    slots, facts = answered(expecting, seen, original, today)
    return Reading(Intent.ANSWER_VALUE, slots, 0.93, (), tuple(facts.ambiguities))


def _refusal(seen: Sketch, original: str, today: date) -> Reading | None:
    """不是专业，是公需: a no with the right value."""
    slots, facts = slots_of(Intent.CLAIM_CORRECT, seen, original, today)
    category = slots.get("category")
    if set(slots) == {"category"} and category:
        return Reading(Intent.ANSWER_NO, {"category": category}, 0.9, (Intent.CLAIM_CORRECT,))
    return (
        Reading(Intent.CLAIM_CORRECT, slots, 0.8, (Intent.ANSWER_NO,), tuple(facts.ambiguities))
        if slots
        else Reading(Intent.ANSWER_NO, confidence=0.8)
    )


def _wanted(slots: Slots, expecting: Expecting) -> bool:
    key = {"hours": "quantity", "date": "start", "category": "category", "mode": "mode", "region": "region"}.get(
        expecting.value
    )
    return key is None or key in slots or (key == "start" and "year" in slots)


def _full_record(seen: Sketch) -> bool:
    """A day, an amount and a mode together: somebody tells of another activity."""
    kinds = {term.kind for term in seen.terms}
    return (
        bool(seen.spans.dates)
        and bool(seen.spans.quantities)
        and ("mode" in kinds or "category" in kinds or bool(seen.quoted))
    )


def _as_day(folded: str) -> Sketch | None:
    """15 or 8.15 in answer to the date question."""
    bare = folded.strip(" .。")
    if bare.replace(".", "").replace("-", "").replace("/", "").isdigit() and len(bare) <= 5:
        seen = sketch(bare + "号")
        return seen if seen.spans.dates else None
    return None
