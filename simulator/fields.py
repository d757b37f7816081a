"""The typed fields of templates: the type is the key's prefix (thing1, time2 …), each with a rule (errcode 47003)."""

import re
from collections.abc import Callable, Mapping

from simulator.account import Template
from simulator.errors import ApiError

_HAN = re.compile(r"[\u3400-\u9fff]")
_DATE = r"(\d{4}年\d{1,2}月\d{1,2}日|\d{4}[-/]\d{1,2}[-/]\d{1,2})"
_CLOCK = r"([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?"


def _pattern(expression: str) -> Callable[[str], bool]:
    compiled = re.compile(expression)
    return lambda value: compiled.fullmatch(value) is not None


def _at_most(length: int) -> Callable[[str], bool]:
    return lambda value: len(value) <= length


def _ranged(expression: str) -> Callable[[str], bool]:
    return _pattern(rf"{expression}(\s?~\s?{expression})?")


def _name(value: str) -> bool:
    return len(value) <= (10 if _HAN.search(value) else 20)


_RULES: dict[str, Callable[[str], bool]] = {
    "thing": _at_most(20),
    "number": _pattern(r"(?=.{1,32}$)-?\d+(\.\d+)?"),
    "letter": _pattern(r"[A-Za-z]{1,32}"),
    "symbol": _at_most(5),
    "character_string": _pattern(r"[\x21-\x7e ]{1,32}"),
    "time": _ranged(rf"({_DATE}\s?)?{_CLOCK}"),
    "date": _ranged(rf"{_DATE}(\s?{_CLOCK})?"),
    "amount": _pattern(r"[¥￥$€£]?\d{1,10}(\.\d+)?元?"),
    "phone_number": _pattern(r"[\d+\-() ]{1,17}"),
    "car_number": _at_most(8),
    "name": _name,
    "phrase": _pattern(r"[\u3400-\u9fff]{1,5}"),
    "const": _at_most(20),
}


def check_fields(template: Template, data: object) -> dict[str, str]:
    """The values by key. ApiError 47003 naming the first field that is missing, empty or breaks its rule."""
    if not isinstance(data, dict):
        raise ApiError(47003, "argument invalid! data is invalid")
    values = {}
    for key in template.fields:
        given = data.get(key)
        value = given.get("value") if isinstance(given, dict) else None
        if not isinstance(value, str) or not value.strip():
            raise ApiError(47003, f"argument invalid! data.{key}.value is empty")
        if not _fits(key, value, template.choices):
            raise ApiError(47003, f"argument invalid! data.{key}.value invalid")
        values[key] = value
    return values


def _fits(key: str, value: str, choices: Mapping[str, tuple[str, ...]]) -> bool:
    if "\n" in value or "\r" in value:
        return False
    kind = key.rstrip("0123456789")
    if kind == "enum":
        return value in choices.get(key, ())
    rule = _RULES.get(kind)
    return rule is None or rule(value)
