"""The account's menu: three buttons, and what a tap on each means."""

from typing import Any

from nlp.reading import Intent
from wording import say

RECORD_PROMPT = "record.prompt"  # a tap that only says how to record

_BUTTONS: tuple[tuple[str, str | tuple[tuple[str, str], ...]], ...] = (
    ("menu.remaining", str(Intent.HOURS_REMAINING)),
    ("menu.record", RECORD_PROMPT),
    (
        "menu.mine",
        (
            ("menu.list", str(Intent.HOURS_LIST)),
            ("menu.explain", str(Intent.HOURS_EXPLAIN)),
            ("menu.policy", str(Intent.POLICY_ASK)),
            ("menu.profile", str(Intent.PROFILE_SHOW)),
            ("menu.help", str(Intent.HELP)),
        ),
    ),
)


def menu() -> dict[str, Any]:
    """The menu as the platform's `menu/create` wants it (1–3 buttons, 1–5 below each; keys ≤ 128 bytes)."""
    return {"button": [_button(label, act) for label, act in _BUTTONS]}


def _button(label: str, act: str | tuple[tuple[str, str], ...]) -> dict[str, Any]:
    if isinstance(act, str):
        return {"type": "click", "name": say(label), "key": act}
    return {"name": say(label), "sub_button": [_button(name, key) for name, key in act]}


def meaning(key: str) -> Intent | None:
    """The intent that a tapped key stands for, or None."""
    return Intent(key) if key in set(Intent) else None
