"""Every sentence the bot says, by key. The sentences are in the YAML files beside, for HR and lawyers to read.

`say("claim.recorded", hours=4)` fills the template of that key; a missing key or value is our mistake and raises.
Numbers are shown without a needless `.0`.
"""

from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Any

import yaml


class _Plain(Formatter):
    """Formats numbers as people write them: 4, 3.5; everything else as it is."""

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, float):
            return f"{value:.10g}"
        return str(super().format_field(value, format_spec))


_FORMATTER = _Plain()


def say(key: str, /, **values: Any) -> str:
    """The sentence of `key` with `values` filled in. Raises KeyError on an unknown key or a missing value."""
    template = sentences()[key]
    return _FORMATTER.vformat(template, (), values) if "{" in template else template


def knows(key: str) -> bool:
    return key in sentences()


@cache
def sentences() -> dict[str, str]:
    """All templates by dotted key."""
    found: dict[str, str] = {}
    for file in sorted(files(__name__).iterdir(), key=lambda item: item.name):
        if file.name.endswith(".yaml"):
            loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
            _flatten("", yaml.load(file.read_text("utf-8"), loader), found)  # noqa: S506 (a safe loader)
    return found


def _flatten(prefix: str, node: Any, found: dict[str, str]) -> None:
    if not isinstance(node, dict):
        if prefix in found:
            raise ValueError(f"the sentence {prefix} is written twice")
        found[prefix] = str(node)
        return
    for name, child in node.items():
        _flatten(f"{prefix}.{name}" if prefix else str(name), child, found)
