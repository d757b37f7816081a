"""The days that a unit sets for its people: until when to learn, to hand in, when the platform closes."""

from datetime import date

from aiohttp import web

from console.doors import Door
from console.settings_page import number, unit_of
from console.visitor import Visitor
from domain.reminder import DeadlineSetting
from rules.values import DeadlineKind

HERE = "/console/settings/days"
_CATEGORIES = ("", "public", "professional")
_YEARS_AWAY = 2  # a day lies at most so long after its year


async def show(visitor: Visitor) -> web.StreamResponse:
    return await _page(visitor, unit_of(visitor), {}, {})


async def add(visitor: Visitor) -> web.StreamResponse:
    """Sets a day; one of the same year, kind, category and series is replaced."""
    unit, form = unit_of(visitor), visitor.form
    names = ("year", "kind", "category", "series", "opens", "closes", "label", "source")
    values = {name: form.said(name) for name in names}
    year, opens, closes = number(values["year"], 1990, 2100), _day(values["opens"]), _day(values["closes"])
    wrong = {}
    if year is None:
        wrong["year"] = "console.settings.wrong.year"
    if closes is None or (year is not None and not -1 <= closes.year - year <= _YEARS_AWAY):
        wrong["closes"] = "console.settings.wrong.closes"
    if values["opens"] and (opens is None or (closes is not None and opens > closes)):
        wrong["opens"] = "console.settings.wrong.opens"
    if values["kind"] not in set(DeadlineKind) or values["category"] not in _CATEGORIES:
        return visitor.missing()
    if wrong or year is None or closes is None:
        return await _page(visitor, unit, values, wrong)
    setting = DeadlineSetting(
        unit=unit,
        year=year,
        series=values["series"][:40],
        kind=values["kind"],
        category=values["category"],
        opens=opens,
        closes=closes,
        label=values["label"][:100],
        source=values["source"][:200],
    )
    await visitor.office.store.outreach.set_deadlines([setting], visitor.now)
    return visitor.say_and_go("console.settings.day_set", HERE)


async def remove(visitor: Visitor) -> web.StreamResponse:
    unit, form = unit_of(visitor), visitor.form
    meant = [form.said(name) for name in ("year", "series", "kind", "category")]
    for one in await visitor.office.store.outreach.deadlines_of(unit):
        if [str(one.year), one.series, one.kind, one.category] == meant:
            await visitor.office.store.outreach.remove_deadline(one)
            return visitor.say_and_go("console.settings.day_gone", HERE)
    return visitor.missing()


async def _page(visitor: Visitor, unit: str, values: dict[str, str], wrong: dict[str, str]) -> web.Response:
    return visitor.page(
        "settings/days.html",
        status=422 if wrong else 200,
        unit=unit,
        days=[
            one for one in await visitor.office.store.outreach.deadlines_of(unit) if one.year >= visitor.now.year - 1
        ],
        kinds=list(DeadlineKind),
        categories=_CATEGORIES,
        values=values or {"year": str(visitor.now.year)},
        wrong=wrong,
    )


def _day(words: str) -> date | None:
    try:
        return date.fromisoformat(words)
    except ValueError:
        return None


DOORS = (
    Door("GET", "/settings/days", show),
    Door("POST", "/settings/days", add),
    Door("POST", "/settings/days/remove", remove),
)
