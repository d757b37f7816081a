"""What the page may ask a phone to do, by name, with a JSON object of values."""

from collections.abc import Callable
from typing import Any

from simulator.inbound import Place
from simulator.phones import HERE, Phone, Tap
from simulator.push import Push

_BURST = 20

Gesture = Callable[[Phone, dict[str, Any]], Push | list[Push] | None]


def number(body: dict[str, Any], name: str, default: float | None = None) -> float:
    value = body.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{name} is a number")
    return value


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value.strip():
        raise TypeError(f"{name} is a text")
    return value


def menu_path(values: object) -> list[int]:
    if not isinstance(values, list) or not 1 <= len(values) <= 2:
        raise TypeError("a menu path has one or two numbers")
    return [int(value) for value in values]


def _place(body: dict[str, Any]) -> Place:
    if not body:
        return HERE
    return Place(number(body, "latitude"), number(body, "longitude"), _text(body, "label"))


def _burst(phone: Phone, body: dict[str, Any]) -> list[Push]:
    texts = body.get("texts")
    if not isinstance(texts, list) or not 1 <= len(texts) <= _BURST:
        raise TypeError(f"texts is a list of 1 to {_BURST}")
    return [phone.text(str(text), at_once=True) for text in texts]


def _block(phone: Phone, body: dict[str, Any]) -> None:
    phone.block(body.get("on") is True)


GESTURES: dict[str, Gesture] = {
    "text": lambda phone, body: phone.text(_text(body, "text")),
    "burst": _burst,
    "voice": lambda phone, body: phone.voice(body.get("recognition"), seconds=int(number(body, "seconds", 3))),
    "location": lambda phone, body: phone.location(_place(body)),
    "link": lambda phone, body: phone.link(_text(body, "title"), str(body.get("description", "")), _text(body, "url")),
    "follow": lambda phone, body: phone.follow(str(body.get("ticket", ""))),
    "unfollow": lambda phone, _body: phone.unfollow(),
    "scan": lambda phone, body: phone.scan(_text(body, "ticket")),
    "menu": lambda phone, body: phone.tap(
        menu_path(body.get("path")), Tap(scan_result=str(body.get("scan_result", "")))
    ),
    "choice": lambda phone, body: phone.choose(int(number(body, "bubble")), _text(body, "item")),
    "grant": lambda phone, body: phone.grant(_text(body, "template"), accept=body.get("accept") is True),
    "withdraw-grant": lambda phone, body: phone.withdraw_grant(_text(body, "template")),
    "block": _block,
}
