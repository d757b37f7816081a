"""Every sentence the bot says, by key. The sentences are in the YAML files beside, for HR and lawyers to read.

`say("claim.recorded", hours=4)` fills the template of that key; a missing key or value is our mistake and raises.
Numbers are shown without a needless `.0`.
"""

from functools import cache
from importlib.resources import files
from typing import Any

import yaml


def say(key: str, /, **values: Any) -> str:
    """The sentence of `key` with `values` filled in. Raises KeyError on an unknown key or a missing value."""
    template = sentences()[key]
    if "{" not in template:
        return template
    for name, value in values.items():
        if type(value) is float:
            values[name] = f"{value:.10g}"
    return template.format_map(values)


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
