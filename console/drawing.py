"""How pages are drawn: the templates of `console/templates`, with the words of `wording` and what numbers look like."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from console.still import address
from wording import knows, say

_TEMPLATES = Path(__file__).parent / "templates"


def drawn(template: str, values: Mapping[str, Any]) -> str:
    """A template filled in; everything that is not markup of ours is escaped."""
    return _environment().get_template(template).render(values)


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.do"],
    )
    made.globals |= {"say": say, "knows": knows, "still": address, "flashed": _flashed, "form_fields": _form_fields}
    made.filters |= {"hours": hours, "money": money, "share": share, "day": day, "moment": moment}
    return made


@pass_context
def _form_fields(context: Context) -> Markup:
    """What every posting form begins with: `{{ form_fields() }}`."""
    visitor, once = context["visitor"], context["once"]
    csrf = Markup('<input type="hidden" name="csrf" value="{}">').format(visitor.form_token)
    return csrf + Markup('<input type="hidden" name="once" value="{}">').format(once)


def _flashed(flash: tuple[str, dict[str, Any]] | None) -> str:
    """The sentence that the page before left; empty for one that nobody of us wrote."""
    if flash is None or not flash[0].startswith("console.") or not knows(flash[0]):
        return ""
    try:
        return say(flash[0], **flash[1])
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        return ""


def hours(value: float | None) -> str:
    """学时, without a needless .0; a dash when there is none."""
    return "–" if value is None else f"{round(value, 2):,.10g}" if value < 1e9 else f"{value:.3g}"


def money(value: float | None) -> str:
    """元, with two places where there are 分."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}"


def share(part: float, whole: float) -> str:
    """A part in percent, rounded down, so that 100 % is all of it."""
    return "–" if not whole else f"{int(part * 100 // whole)}%"


def day(value: date | None) -> str:
    return "–" if value is None else f"{value:%Y-%m-%d}"


@pass_context
def moment(context: Context, value: datetime | None) -> str:
    """A time in the service's zone."""
    if value is None:
        return "–"
    return f"{value.astimezone(context['visitor'].now.tzinfo):%Y-%m-%d %H:%M}"
