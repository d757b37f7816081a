"""Reading one message: `read(text, now, expecting)`."""

import re
from datetime import date, datetime

from nlp.activities import activities_in
from nlp.answers import answers_with, bare_answer, choice_number, goes_back, is_question
from nlp.commands import decided
from nlp.features import Sketch, sketch
from nlp.homophones import mended
from nlp.intents import model, ranked
from nlp.normalize import clean, fold
from nlp.reading import Expecting, Intent, Reading, Slots
from nlp.slots import answered, slots_of
from nlp.words import cut

SURE = 0.5  # below this confidence the bot had better offer the alternatives
_FLOOR = 0.33  # below this nothing was understood
_LONGEST_BARE = 16  # characters of a yes, no, cancel or skip
_DIGRESSION = 0.6  # how sure a new intent must be to leave an open question
_CORRECTS = re.compile(
    "^(?:改成|改为|换成|应该是|应为|改到)|(?:记|填|写|登|录|选|弄|说|搞)[错多少岔](?:了|成)?|应该?[是为]|改成|改为|其实是|^是.*不是|不是.*是"
    "|^(?:是|日期|时间|学时|类别|名称)(?:是|改|应)?[^不].*[0-9一二三四五六七八九十号天时课]$"
)
_BARE = frozenset((Intent.ANSWER_YES, Intent.ANSWER_NO, Intent.ANSWER_CANCEL, Intent.ANSWER_SKIP))
_OFFERED = frozenset((Expecting.CHOICE, Expecting.CATEGORY, Expecting.MODE, Expecting.REGION, Expecting.CONFIRM))
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
    folded = mended(fold(original))
    today = now.date()
    if not any(char.isalnum() for char in folded) and bare_answer(folded, expecting) is None:
        return _signs_only(folded)
    if expecting is None:
        return _statement(sketch(folded), original, today)
    bare = _bare(folded, expecting)
    if bare is not None:
        return bare
    seen = sketch(folded)
    return _value(folded, seen, original, today, expecting) or _heard(seen, original, today, expecting)


def _signs_only(folded: str) -> Reading:
    """Emoji and punctuation alone."""
    if any(sign in folded for sign in "🙏🌹💐👏❤"):
        return Reading(Intent.THANKS, confidence=0.8)
    if "👋" in folded:
        return Reading(Intent.GREET, confidence=0.8)
    return Reading(Intent.UNKNOWN, confidence=0.9)


def _statement(seen: Sketch, original: str, today: date, odds: list[tuple[str, float]] | None = None) -> Reading:
    form = decided(seen)
    odds = [(form.value, 0.95)] if form else odds or ranked(seen)
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


def _bare(folded: str, expecting: Expecting) -> Reading | None:
    """The question before, yes, no, cancel, skip, or the number of a choice."""
    if goes_back(folded):
        return Reading(Intent.ANSWER_VALUE, confidence=0.97, back=True)
    intent = bare_answer(folded, expecting)
    if intent is not None:
        return Reading(intent, confidence=0.97)
    number = choice_number(folded) if expecting in _OFFERED else None
    return None if number is None else Reading(Intent.ANSWER_VALUE, {"index": number}, 0.95)


def _value(folded: str, seen: Sketch, original: str, today: date, expecting: Expecting) -> Reading | None:
    """A value of what was asked and nothing else; a no that brings the right value."""
    if expecting is Expecting.DATE and not seen.spans.dates:
        seen = _as_day(folded) or seen
    if expecting is Expecting.CONFIRM:
        if folded.startswith(("不是", "不对", "错了", "不,", "不 ")):
            return _refusal(seen, original, today)
        if _CORRECTS.search(folded) and not is_question(folded):
            return _refusal(seen, original, today, Intent.CLAIM_CORRECT)
        if _full_record(seen):
            return None
    if answers_with(seen, expecting) and not is_question(folded):
        return _answered(expecting, seen, original, today, 0.93)
    return None


def _heard(seen: Sketch, original: str, today: date, expecting: Expecting) -> Reading:
    """A longer text after a question of ours: an answer in many words, or something else that the person wants."""
    odds = ranked(seen, answering=True)
    if _answers(Intent(odds[0][0]), odds[0][1], expecting, seen):
        return Reading(Intent(odds[0][0]), confidence=round(odds[0][1], 4))
    odds = [pair for pair in odds if not pair[0].startswith("answer.")] or odds
    whole = sum(chance for _, chance in odds)
    odds = [(name, chance / whole) for name, chance in odds]
    if _wants_else(seen, Intent(odds[0][0]), odds[0][1], expecting):
        return _statement(seen, original, today, odds)
    reading = _answered(expecting, seen, original, today, 0.93 if expecting is Expecting.TITLE else 0.7)
    return reading if _wanted(reading.slots, expecting) else _statement(seen, original, today, odds)


def _answers(intent: Intent, chance: float, expecting: Expecting, seen: Sketch) -> bool:
    """Whether a text that no list knows is a yes, a no, a cancel or a skip; of a title only when that is sure."""
    if intent not in _BARE or len(seen.text) > _LONGEST_BARE or chance < (0.8 if expecting is Expecting.TITLE else 0.5):
        return False
    return expecting is Expecting.CONFIRM or intent in (Intent.ANSWER_CANCEL, Intent.ANSWER_SKIP)


def _wants_else(seen: Sketch, intent: Intent, chance: float, expecting: Expecting) -> bool:
    if _full_record(seen):
        return True
    if expecting is Expecting.TITLE:  # any words may be a title
        asks = chance >= _DIGRESSION and is_question(seen.text) and intent is not Intent.UNKNOWN
        tells = chance >= 0.97 and intent not in _VALUES and not seen.quoted
        return asks or tells or (chance >= 0.9 and intent is Intent.CLAIM_CORRECT)
    tells = chance >= _DIGRESSION and (intent not in _VALUES or intent is Intent.CLAIM_CORRECT)
    return tells or is_question(seen.text)


def _answered(expecting: Expecting, seen: Sketch, original: str, today: date, confidence: float) -> Reading:
    slots, facts = answered(expecting, seen, original, today)
    return Reading(Intent.ANSWER_VALUE, slots, confidence, (), tuple(facts.ambiguities))


def _refusal(seen: Sketch, original: str, today: date, bare: Intent = Intent.ANSWER_NO) -> Reading:
    """不是专业，是公需: a no with the right value. 改成6学时: a correction. `bare` is the intent without any value."""
    slots, facts = slots_of(Intent.CLAIM_CORRECT, seen, original, today)
    category = slots.get("category")
    if set(slots) == {"category"} and category and bare is Intent.ANSWER_NO:
        return Reading(Intent.ANSWER_NO, {"category": category}, 0.9, (Intent.CLAIM_CORRECT,))
    if not slots:
        return Reading(bare, confidence=0.8)
    return Reading(Intent.CLAIM_CORRECT, slots, 0.8, (Intent.ANSWER_NO,), tuple(facts.ambiguities))


def _wanted(slots: Slots, expecting: Expecting) -> bool:
    key = {"hours": "quantity", "date": "start", "category": "category", "mode": "mode", "region": "region"}.get(
        expecting.value
    )
    if expecting in (Expecting.CHOICE, Expecting.CONFIRM):
        return bool(slots)
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
