"""The progress card (进度卡): the year at a glance."""

from typing import Any

from documents.year import Year, figure
from wording import say


def card(year: Year) -> dict[str, Any]:
    """The values of the template `card`; shares of what is required are 0 to 1."""
    day = say("date.day_of_year", year=year.day.year, month=year.day.month, day=year.day.day)
    return {
        "title": say("document.card_title", year=year.standing.year),
        "subtitle": say("document.card_subtitle", place=year.place, day=day),
        "lines": [_line(year, name) for name in year.categories()],
        "conclusion": _conclusion(year),
        "source": say("document.card_source", source=year.cited(year.basis())),
    }


def _line(year: Year, name: str) -> dict[str, Any]:
    required = year.standing.required.get(name)
    have = year.standing.totals.get(name, 0)
    verified = year.verified.totals.get(name, 0)
    need = required.hours if required else 0
    return {
        "name": say(f"category.{name}"),
        "figures": say("document.card_figures", have=figure(have), need=figure(need)) if need else figure(have),
        "done": min(1.0, verified / need) if need else 1.0,
        "waiting": max(0.0, min(1.0, have / need) - min(1.0, verified / need)) if need else 0.0,
    }


def _conclusion(year: Year) -> str:
    """Against all that stands: what waits for review is the person's progress too."""
    gaps = year.standing.remaining
    missing = max(gaps.get("total", 0), sum(gap for name, gap in gaps.items() if name != "total"))
    if year.standing.complete:
        return say("document.card_done")
    if year.standing.complete is None and not missing:
        return say("document.card_open")
    return say("document.card_missing", hours=missing)
