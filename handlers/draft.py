"""A draft: what has been understood of an activity so far, as plain values that a dialog can keep.

Keys are those of `domain.ledger.Activity`; dates are ISO text. A draft is complete when nothing in NEEDED is missing.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from domain.ledger import Activity
from domain.vocabulary import Unit
from nlp.reading import Slots

Draft = dict[str, Any]

NEEDED = {"start": "date", "quantity": "hours", "category": "category", "mode": "mode"}  # key → what is asked for
_KEPT = ("start", "end", "quantity", "unit", "category", "mode", "title", "organizer", "attrs")
_MOST = {  # more than this in one activity is a slip of the tongue
    Unit.CLASS_HOUR: 2000,
    Unit.MINUTE: 120_000,
    Unit.CLOCK_HOUR: 2000,
    Unit.DAY: 366,
    Unit.HALF_DAY: 732,
    Unit.CHAR: 5_000_000,
    Unit.CREDIT: 2000,
    Unit.ITEM: 100,
}


def plain(slots: Mapping[str, Any]) -> Draft:
    """Slots as plain values; what a draft does not keep is left out."""
    draft: Draft = {key: _plain(slots[key]) for key in _KEPT if key in slots}
    if "start" in draft:
        draft.setdefault("end", draft["start"])
    if "end" in draft:
        draft.setdefault("start", draft["end"])
    if "quantity" in draft:
        draft.setdefault("unit", str(Unit.CLASS_HOUR))
    return draft


def merged(draft: Draft, slots: Slots) -> Draft:
    """`draft` with what `slots` say put in; a new quantity without a unit keeps the draft's unit."""
    said = plain(slots)
    if "quantity" in slots and "unit" not in slots and "unit" in draft:
        said["unit"] = draft["unit"]
    if "attrs" in said:
        said["attrs"] = {**draft.get("attrs", {}), **said["attrs"]}
    return {**draft, **said}


def missing(draft: Draft) -> list[str]:
    """What is still to be asked, in the order that is easiest to answer."""
    return [asked for key, asked in NEEDED.items() if draft.get(key) in (None, "")]


def adds_only(draft: Draft, slots: Slots) -> bool:
    """Whether `slots` fill gaps of the draft and contradict nothing in it: an answer, not another activity."""
    said = plain(slots)
    return bool(said) and all(draft.get(key) in (None, "", value) for key, value in said.items() if key != "attrs")


def activity(draft: Draft) -> Activity:
    """The complete draft as an activity. Raises pydantic.ValidationError when a value is out of bounds."""
    return Activity.model_validate({key: draft[key] for key in _KEPT if key in draft})


def draft_of(activity: Activity) -> Draft:
    return plain(activity.model_dump())


def start(draft: Draft) -> date:
    return date.fromisoformat(draft["start"])


def end(draft: Draft) -> date:
    return date.fromisoformat(draft["end"])


def too_much(draft: Draft) -> bool:
    return "quantity" in draft and not 0 < draft["quantity"] <= _MOST[Unit(draft["unit"])]


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return str(value)
    return dict(value) if isinstance(value, Mapping) else value
