"""The JSON lines of `xueshi parse` and `xueshi spans`."""

import re
from datetime import date, datetime
from typing import Any

from nlp.normalize import clean, fold
from nlp.reading import Expecting, Slots
from nlp.spans import days_said, hours_said, numbers_said, spans_of
from nlp.understanding import read


def parse_line(record: dict[str, Any]) -> dict[str, Any]:
    """One line of `xueshi parse`: intent, slots and confidence, or an error for a line that cannot be used."""
    try:
        text, now, expecting = _text(record), _time(record, "now"), record.get("expecting")
        reading = read(text, now, None if expecting is None else _expecting(expecting))
    except (ValueError, TypeError) as problem:
        return _refused(record, problem)
    return {
        "id": record.get("id"),
        "intent": reading.intent.value,
        "slots": _plain(reading.slots),
        "confidence": reading.confidence,
    }


def spans_line(record: dict[str, Any]) -> dict[str, Any]:
    """One line of `xueshi spans`: inclusive days, elapsed hours, remaining numbers."""
    try:
        text, reference = _text(record), _time(record, "reference")
    except (ValueError, TypeError) as problem:
        return _refused(record, problem)
    spans = spans_of(_closed_up(fold(clean(text))))
    days = [{"start": start.isoformat(), "end": end.isoformat()} for start, end in days_said(spans, reference.date())]
    hours = hours_said(spans)
    return {
        "id": record.get("id"),
        "dates": days,
        "hours": None if hours is None else _number(hours),
        "numbers": [_number(value) for value in numbers_said(spans)],
    }


_GAP = re.compile(
    "(?<=[0-9一-龥〇]) +(?=[十百千万亿点年月日号周天到至个小分秒季又之折成])"
    "|(?<=[十百千万亿点年月近前后到至又之]) +(?=[0-9一-龥〇])"
)


def _closed_up(folded: str) -> str:
    """Without the spaces that some write inside numbers and dates: 2009 年, 7万 5千."""
    return _GAP.sub("", folded)


def _refused(record: Any, problem: Exception) -> dict[str, Any]:
    return {"id": record.get("id") if isinstance(record, dict) else None, "error": str(problem)}


def _text(record: Any) -> str:
    if not isinstance(record, dict):
        raise TypeError("a line must be a JSON object")
    text = record.get("text")
    if not isinstance(text, str):
        raise TypeError("text must be a string")
    return text


def _time(record: dict[str, Any], key: str) -> datetime:
    said = record.get(key)
    if not isinstance(said, str):
        raise TypeError(f"{key} must be a time in ISO 8601")
    try:
        return datetime.fromisoformat(said)
    except ValueError:
        raise ValueError(f"{key} must be a time in ISO 8601") from None


def _expecting(said: Any) -> Expecting:
    try:
        return Expecting(said)
    except ValueError:
        raise ValueError("expecting must be null or one of " + ", ".join(Expecting)) from None


def _plain(slots: Slots) -> dict[str, Any]:
    return {key: _json(value) for key, value in slots.items()}


def _json(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return str(value)
    return _number(value) if isinstance(value, float) else value


def _number(value: float) -> float:
    return int(value) if value == int(value) else value
