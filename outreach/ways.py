"""Which way to a person is open, and whether what is to be said fits into it.

A customer-service message costs nothing inside the window; a consent to a notice is one send; a template message goes
to any follower. What no way takes is *unreachable*, which the unit sees. Field types and lengths are the platform's
(订阅通知参数限制): a notice that breaks one is refused with 47003, so it is fitted before it is sent.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from domain.delivery import Purpose
from domain.message import Channel
from domain.reach import Reach, Way

KEPT_FOR_ANSWERS = 1  # messages of a window that notices leave for what the person asks next
MEANINGS = ("subject", "missing", "by", "todo")  # what a template's fields may show
_TEMPLATE = re.compile(r"(?P<id>[A-Za-z0-9_-]{10,64}):(?P<fields>[a-z_]+\d+=[a-z]+(?:,[a-z_]+\d+=[a-z]+)*)")
_Fit = Callable[[str], str]
_CHEAPEST_FIRST = (Way.CUSTOMER, Way.SUBSCRIPTION, Way.TEMPLATE)
_HAN = re.compile(r"[\u3400-\u9fff]")


class BadTemplate(ValueError):
    """A template's description that cannot be used; the sentence says how to write one."""


@dataclass(frozen=True, slots=True)
class Template:
    """A template of the account: which of its fields (thing1, date3 …) shows what."""

    id: str
    fields: tuple[tuple[str, str], ...]

    def filled(self, said: Mapping[str, str]) -> dict[str, str] | None:
        """The values by field, each of its type and length; None when one cannot be made to fit."""
        values = {key: fitted(key, said.get(meaning, "")) for key, meaning in self.fields}
        return {key: value for key, value in values.items() if value} if all(values.values()) else None


class Offers(NamedTuple):
    """The accounts' templates; None where there is none. `mini` is the mini program's subscription message."""

    subscription: Template | None = None
    template: Template | None = None
    mini: Template | None = None

    def of(self, channel: str) -> "Offers":
        """What may be sent through one channel: consents and templates belong to one account each."""
        return Offers(subscription=self.mini) if channel == Channel.MINI else self


class Route(NamedTuple):
    """A way with what it needs: the template and its values, empty for a customer-service message."""

    way: Way
    template_id: str = ""
    data: Mapping[str, str] = {}


def template(text: str) -> Template | None:
    """Reads `<template id>:thing1=subject,date2=by`; None for an empty text. BadTemplate for anything else."""
    if not text:
        return None
    found = _TEMPLATE.fullmatch(text.strip())
    pairs = [pair.partition("=") for pair in found["fields"].split(",")] if found else []
    if found is None or any(meaning not in MEANINGS for _, _, meaning in pairs):
        raise BadTemplate(
            f"write <template id>:<field>=<meaning>,… with fields as in the platform's console (thing1, date2) and "
            f"meanings of {', '.join(MEANINGS)}"
        )
    return Template(found["id"], tuple((key, meaning) for key, _, meaning in pairs))


def routes(reach: Reach, offers: Offers, fields: Mapping[str, str], purpose: Purpose, now: datetime) -> list[Route]:
    """The open ways for a notice, the cheapest first."""
    if reach.closed:
        return []
    offers = offers.of(reach.channel)
    found = []
    kept = 0 if purpose is Purpose.ANSWER else KEPT_FOR_ANSWERS
    if reach.open_at(now) > kept:
        found.append(Route(Way.CUSTOMER))
    if offers.subscription is not None and reach.consents.get(offers.subscription.id, 0) > 0:
        data = offers.subscription.filled(fields)
        if data:
            found.append(Route(Way.SUBSCRIPTION, offers.subscription.id, data))
    if offers.template is not None and purpose is not Purpose.BROADCAST:  # a template message may not advertise
        data = offers.template.filled(fields)
        if data:
            found.append(Route(Way.TEMPLATE, offers.template.id, data))
    return found


def best(reaches: Iterable[Reach], offers: Offers, fields: Mapping[str, str], now: datetime) -> Reach | None:
    """The identity of a person through which a notice goes most cheaply; the first one when none is open."""
    known = list(reaches)
    found = [(routes(reach, offers, fields, Purpose.REMINDER, now), reach) for reach in known]
    opened = [(_CHEAPEST_FIRST.index(ways[0].way), place) for place, (ways, _) in enumerate(found) if ways]
    return known[min(opened)[1]] if opened else (known[0] if known else None)


def why_unreachable(reach: Reach | None, now: datetime) -> str:
    """One word for the unit's list."""
    if reach is None:
        return "no_identity"
    return reach.closed or ("no_grant" if reach.open_at(now) <= 0 else "kept_for_answers")


def fitted(key: str, value: str) -> str:
    """`value` as a field of this key takes it, "" when it cannot be."""
    kind = key.rstrip("0123456789")
    flat = " ".join(value.split())
    rule = _FITS.get(kind)
    return rule(flat) if rule is not None and flat else ""


def _cut(limit: int) -> _Fit:
    return lambda text: text if len(text) <= limit else text[: limit - 1] + "…"


def _only(pattern: str) -> _Fit:
    compiled = re.compile(pattern)
    return lambda text: text if compiled.fullmatch(text) else ""


def _date(text: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text if re.fullmatch(r"\d{4}年\d{1,2}月\d{1,2}日", text) else ""
    return f"{day.year}年{day.month}月{day.day}日"


def _time(text: str) -> str:
    day = _date(text)
    return f"{day} 23:59" if day else (text if re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d", text) else "")


def _number(text: str) -> str:
    found = re.search(r"\d{1,20}(\.\d{1,10})?", text)
    return found[0] if found else ""


def _name(text: str) -> str:
    limit = 10 if _HAN.search(text) else 20
    return text[:limit]


def _phrase(text: str) -> str:
    return "".join(_HAN.findall(text))[:5]


_FITS: dict[str, _Fit] = {
    "thing": _cut(20),
    "const": _cut(20),
    "symbol": _only(r".{1,5}"),
    "character_string": _only(r"[\x21-\x7e]{1,32}"),
    "letter": _only(r"[A-Za-z]{1,32}"),
    "amount": _only(r"[¥￥$€£]?\d{1,10}(\.\d+)?元?"),
    "phone_number": _only(r"[\d+\-]{1,17}"),
    "car_number": _only(r".{1,8}"),
    "number": _number,
    "date": _date,
    "time": _time,
    "name": _name,
    "phrase": _phrase,
}
