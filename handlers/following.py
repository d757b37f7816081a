"""What a message takes up of the answer before it: a choice that was tapped, 四川呢, 5万字的专著呢, 为什么; and what it
means when its words alone were taken for something else.
"""

import re
from dataclasses import replace
from functools import cache
from typing import Any

import nlp
from handlers import conversions, deadlines, pages, planning, policy, reading, show
from handlers import draft as drafts
from handlers.turn import Outcome, Turn
from nlp.reading import Expecting, Intent, Slots
from wording import say

_TAPPED = "law:"
_SHORT = 24  # characters: a longer sentence stands on its own
_ENDS = re.compile(r"(?:呢|咧)?[？?。！!\s]*$")
_ADDS = re.compile(r"再|多|加|补")
_IN_HOURS = re.compile("学时|课时")
_QUESTION = re.compile("谁|吗|怎|什么|哪|多少|几|呢|[?？]")
_LEAST = 4  # characters of a question that stands on its own
_LEVEL = "级"  # 国家级 names no place
_MISTAKEN = {
    Intent.UNKNOWN,
    Intent.GREET,
    Intent.REVIEW_QUEUE,
    Intent.REVIEW_APPROVE,
    Intent.REVIEW_RETURN,
    Intent.STATS_SHOW,
    Intent.STAFF_LOOKUP,
    Intent.CONSOLE_OPEN,
    Intent.BROADCAST_DRAFT,
    Intent.BROADCAST_STATUS,
}


def meant(turn: Turn) -> Turn:
    """The turn with what it surely asks of the rules, where its words were not understood or taken for an admin's."""
    text, intent = turn.message.text, turn.reading.intent
    if _enough().search(text) and _ADDS.search(text) and intent is not Intent.READINESS_ASK:
        slots = _amount(text, turn)
        if "quantity" in slots:
            return _read_as(turn, Intent.PLAN_SUGGEST, slots)
    if intent in _MISTAKEN and not turn.person.roles and text.strip() and _asks_rules(turn):
        return _read_as(turn, Intent.POLICY_ASK, Slots())
    return turn


@cache
def _enough() -> re.Pattern[str]:
    """How 再学这么多够吗 ends."""
    return re.compile(f"(?:{_any('following.enough')})[？?。\\s]*$")


@cache
def _begins() -> re.Pattern[str]:
    """How a half question begins, before what is new in it."""
    return re.compile(f"^(?:{_any('following.begins')})+(?:{_any('following.verbs')})?")


def _any(key: str) -> str:
    return "|".join(sorted(map(re.escape, say(key).split()), key=len, reverse=True))


def _asks_rules(turn: Turn) -> bool:
    """Surely a question about the rules; one that no text answers only where nothing else was understood or waits."""
    unknown = turn.reading.intent is Intent.UNKNOWN
    if policy.sure(turn) and (unknown or _QUESTION.search(turn.message.text)):
        return True
    if len(turn.message.text.strip()) < _LEAST or pages.says_more(turn):
        return False
    waits = turn.dialog.draft.get("parked") if turn.dialog.topic == pages.TOPIC else turn.dialog.open
    return unknown and not waits and policy.recognised(turn)


def _read_as(turn: Turn, intent: Intent, slots: Slots) -> Turn:
    return replace(
        turn, reading=replace(turn.reading, intent=intent, slots=slots, confidence=1.0, activities=(), ambiguities=())
    )


def _amount(text: str, turn: Turn) -> Slots:
    """The amount in 再听两天研修班够吗, read as a question of conversion."""
    bare = _begins().sub("", _enough().sub("", text.strip()))
    asked = nlp.read(f"{bare}{say('convert.as_question')}", turn.now, None).slots
    if "quantity" not in asked and _IN_HOURS.search(bare):
        return nlp.read(bare, turn.now, Expecting.HOURS).slots
    return asked


def answer(turn: Turn, beneath: Turn) -> Outcome | None:
    """The answer to a message that takes up the one before; None when it stands on its own. `beneath` is the turn
    without what was being read.
    """
    picked = _picked(turn)
    if picked:
        return _open(turn, beneath, picked)
    if pages.says_more(turn):
        return None if turn.dialog.open else show.answer(say("pages.end"))
    asked = turn.dialog.draft.get("asked") if turn.dialog.topic == pages.TOPIC else None
    if not asked or len(turn.message.text) > _SHORT:
        return None
    if asked.get("at") and reading.is_wanted(turn.message.text):
        return reading.whole(beneath, *asked["at"])
    if turn.message.text.rstrip("？?。！! ").endswith("呢") or _continues(turn, asked):
        taken_up = _taken_up(turn, beneath, asked)
        if taken_up is not None:
            return taken_up
    if turn.message.text.strip("？?。！! ") in say("explain.why_words").split():
        return _why(turn, beneath, asked)
    return None


def _picked(turn: Turn) -> str:
    """The id of a choice of ours: tapped, or its number while nothing else waits for one."""
    tapped = str(turn.message.details.get("menu_choice", ""))
    if tapped.startswith(_TAPPED):
        return tapped
    if turn.dialog.topic != pages.TOPIC or turn.dialog.draft.get("parked"):
        return ""
    word = turn.message.text.strip(" 　。.、第个条")
    at = int(word) if word.isdecimal() and len(word) == 1 else 0
    return turn.dialog.options[at - 1] if 1 <= at <= len(turn.dialog.options) else ""


def _open(turn: Turn, beneath: Turn, picked: str) -> Outcome:
    """What a choice stands for. Ids are checked: an old menu, or a made-up one, must not break anything."""
    _, kind, *parts = picked.split(":")
    place = next((part for part in parts if part in turn.book.places), None)
    match kind, parts:
        case "topic", [name, _, *at] if place and name in policy.questions(turn.texts).topics:
            return policy.next_best(beneath, name, place, at[0] if at else "0")
        case "read", [_, document, at] if place:
            return reading.pick(beneath, place, document, at)
        case "convert", [_] if place:
            asked = turn.dialog.draft.get("asked", {})
            if asked.get("kind") == conversions.KIND:
                return conversions.follow_up(beneath, asked, {}, place)
    return show.answer(say("reading.gone"))


def _why(turn: Turn, beneath: Turn, asked: dict[str, Any]) -> Outcome | None:
    """为什么 after an answer: its own reasons, where it has some to show."""
    if asked.get("kind") == policy.KIND:
        return reading.whole(beneath, *asked["at"]) if asked.get("at") else None
    return pages.more(turn) if turn.dialog.draft.get("pages") else None


def _continues(turn: Turn, asked: dict[str, Any]) -> bool:
    """Half a question of conversion: 半天的, after one was answered."""
    slots = turn.reading.slots
    half = turn.reading.intent is Intent.CONVERT_ASK and "quantity" in slots and "mode" not in slots
    whole = any(word in turn.message.text for word in say("convert.asking_words").split())
    return asked.get("kind") == conversions.KIND and half and not whole


def _taken_up(turn: Turn, beneath: Turn, asked: dict[str, Any]) -> Outcome | None:
    bare = _begins().sub("", _ENDS.sub("", turn.message.text.strip()))
    region = nlp.read(bare, turn.now, Expecting.REGION).slots.get("region")
    if region not in turn.book.places or (region == show.NATIONAL and _LEVEL in bare):
        region = None
    match asked.get("kind"):
        case conversions.KIND:
            said = _changed(bare, turn, asked["said"])
            return conversions.follow_up(beneath, asked, said, region) if said or region else None
        case planning.KIND if asked.get("said"):
            said = _changed(bare, turn, asked["said"])
            return planning.enough(beneath, {**asked["said"], **said}) if said else None
        case policy.KIND if region:
            if asked.get("topic") and asked["topic"] != policy.FIGURES:
                return policy.topic(beneath, asked["topic"], region)
            return policy.answer(beneath, asked.get("question", ""), region)
        case deadlines.KIND if region:
            return deadlines.told(beneath, region)
    return None


def _changed(bare: str, turn: Turn, before: dict[str, Any]) -> dict[str, Any]:
    """What is new in half a question, read as the whole one that it stands for."""
    asks = say("convert.as_question")
    slots = nlp.read(f"{bare}{asks}", turn.now, None).slots
    if "mode" not in slots and "mode" in before:
        slots = nlp.read(f"{bare}的{say('mode.' + before['mode'])}{asks}", turn.now, None).slots
    said = drafts.plain(slots)
    return {
        key: said[key]
        for key in ("mode", "quantity", "unit", "category", "attrs")
        if key in said and said[key] != before.get(key)
    }
