"""How a reading is compared with what a proof says: punctuation, spaces and forms of brackets do not count."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

FIELDS = (
    "name", "title", "organizer", "category", "hours", "credits", "days", "start", "end", "certificate_no", "qr",
)  # fmt: skip
_CATEGORIES = {"公需": "public", "专业": "professional"}


def same(field: str, truth: Any, got: Any) -> bool:
    """Whether a value is the right one; a month that is printed may be read as its first or last day."""
    wanted, found = plain(field, truth), plain(field, got)
    if wanted == found:
        return True
    if field in ("start", "end") and wanted and found and len(wanted) == 7:
        return bool(found == f"{wanted}-01" if field == "start" else found.startswith(wanted))
    return False


def plain(field: str, value: Any) -> Any:
    """The value in the form in which it is compared."""
    if value in (None, ""):
        return None
    text = unicodedata.normalize("NFKC", str(value))
    match field:
        case "name" | "title" | "organizer":
            return re.sub(r"[\W_]+", "", text.lower().replace("○", "〇"))
        case "category":
            return _CATEGORIES.get(text, text)
        case "hours" | "credits" | "days":
            return float(value)
        case "certificate_no":
            text = re.sub(r"\s", "", text.upper()).translate(str.maketrans("[{〔【]}〕】—–−", "(((())))---"))
            return re.sub(r"^(?:NO\.?|№|编号:)?第?|号$", "", text)
        case _:
            return value


def right_and_stated(fields: Mapping[str, Any], got: Mapping[str, Any], skip: tuple[str, ...] = ()) -> dict[str, bool]:
    """For each field that the proof states or the reading claims: whether they agree."""
    return {
        name: same(name, fields.get(name), got.get(name))
        for name in FIELDS
        if name not in skip and (fields.get(name) is not None or got.get(name) is not None)
    }
