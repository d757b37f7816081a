"""Several activities told in one message: each gets its own slots; what is left out is taken from the one before."""

import re
from datetime import date
from itertools import pairwise

from domain.vocabulary import Unit
from nlp.almanac import resolve
from nlp.dates import DatePhrase
from nlp.facts import Facts, put_amount
from nlp.features import Sketch
from nlp.reading import Slots
from nlp.slots import activity

_EACH = re.compile("各|每[次场回天日期个]|分别")
_BREAK = re.compile("[,;。.!\\n]|然后|还有|另外|以及|接着|之后又|(?:和|跟|、)(?=[^,]{0,12}(?:学时|课时|小时|半天|天))")


def activities_in(seen: Sketch, original: str, today: date) -> tuple[Slots, ...]:
    """The activities of a sentence when it tells of more than one, else nothing."""
    listed = _on_each_day(seen, original, today)
    if listed:
        return listed
    stretches = _stretches(seen)
    if len(stretches) < 2:
        return ()
    told: list[Slots] = []
    for at, end in stretches:
        slots = activity(Facts(seen, today, True, (at, end)), original)
        if told and "start" not in slots and "start" in told[-1]:
            slots["start"], slots["end"] = told[-1]["start"], told[-1]["end"]
        told.append(slots)
    return tuple(told) if all("quantity" in slots or "mode" in slots or "title" in slots for slots in told) else ()


def _on_each_day(seen: Sketch, original: str, today: date) -> tuple[Slots, ...]:
    """9月1日、9月8日两次讲座各3学时: one activity for each of the days listed; 分别 with as many amounts gives each its
    own."""
    days = _listed_days(seen)
    each = _EACH.search(seen.text)
    if len(days) < 2 or not each:
        return ()
    amounts = [quantity for quantity in seen.spans.quantities if quantity.contract_unit and quantity.end > each.start()]
    if len(amounts) not in (1, len(days)) or amounts[0].total:
        return ()
    told = []
    for at, phrase in enumerate(days):
        readings = resolve(phrase, today, True)
        if not readings:
            return ()
        amount = amounts[at if len(amounts) > 1 else 0]
        slots = activity(Facts(seen, today, True), original)
        slots["start"], slots["end"] = readings[0]
        put_amount(slots, (amount.value, Unit(amount.unit)))
        told.append(slots)
    return tuple(told)


def _listed_days(seen: Sketch) -> list[DatePhrase]:
    """The date phrases that stand side by side, with nothing but a comma or an and between."""
    days = [phrase for phrase in seen.spans.dates if not phrase.only_year]
    apart = (seen.text[before.end : after.at].strip(" 、,;和及与跟还有") for before, after in pairwise(days))
    return [] if any(apart) else days


def _stretches(seen: Sketch) -> list[tuple[int, int]]:
    """Stretches of text, each with one activity's facts. A new one begins where a clause repeats what the present
    stretch already has: another day with something done on it, or another amount of another thing."""
    breaks = sorted({0, *(found.end() for found in _BREAK.finditer(seen.text)), *_second_days(seen)})
    clauses = [(at, end) for at, end in zip(breaks, [*breaks[1:], len(seen.text)], strict=True) if end > at]
    stretches: list[tuple[int, int]] = []
    for at, end in clauses:
        if stretches and not _begins_another(seen, stretches[-1], (at, end)):
            stretches[-1] = (stretches[-1][0], end)
        else:
            stretches.append((at, end))
    return stretches


def _second_days(seen: Sketch) -> list[int]:
    """Where a second date phrase stands behind an amount, also without punctuation (dictated text)."""
    places = []
    for phrase in seen.spans.dates[1:]:
        if any(quantity.end <= phrase.at for quantity in seen.spans.quantities) and not phrase.only_year:
            places.append(phrase.at)
    return places


def _begins_another(seen: Sketch, now: tuple[int, int], clause: tuple[int, int]) -> bool:
    had, has = _kinds(seen, now), _kinds(seen, clause)
    if "total" in has:
        return False
    if "day" in had and "day" in has:
        return bool(had & {"amount", "what"}) and bool(has & {"amount", "what"})
    return "amount" in had and "what" in had and "amount" in has and "what" in has


def _kinds(seen: Sketch, within: tuple[int, int]) -> set[str]:
    at, end = within
    kinds = {"day" for phrase in seen.spans.dates if at <= phrase.at < end and not phrase.only_year}
    for quantity in seen.spans.quantities:
        if at <= quantity.at < end:
            kinds.add("total" if quantity.total else "amount")
    kinds |= {"what" for term in seen.terms if term.kind == "mode" and at <= term.at < end}
    return kinds | {"what" for start, _ in seen.quoted if at <= start < end}
