"""The settings of a unit: how its people are spoken to. Reviews, days and colleagues are pages of the same room.

What stands here is obeyed at once where somebody is spoken to (quiet hours, the weekly cap, who approves notices); the
stages of reminders are planned anew every night.
"""

from aiohttp import web
from pydantic import ValidationError

from console import looks, settings_colleagues, settings_days, settings_reviews
from console.doors import Door, Room
from console.settings_page import number, numbers, unit_of
from console.visitor import Visitor
from domain.person import Role
from domain.reminder import STAGE_LIMIT, Courtesy

HOME = "/console/settings"


async def speaking(visitor: Visitor) -> web.StreamResponse:
    unit = unit_of(visitor)
    kept = (await visitor.office.store.outreach.courtesies()).get(unit, Courtesy())
    return visitor.page("settings/speaking.html", unit=unit, values=_shown(kept), wrong={}, kept=kept)


async def set_speaking(visitor: Visitor) -> web.StreamResponse:
    unit = unit_of(visitor)
    kept = (await visitor.office.store.outreach.courtesies()).get(unit, Courtesy())
    form = visitor.form
    values = {name: form.said(name) for name in _shown(kept)}
    read = {
        "stages": numbers(values["stages"], 0, 365, STAGE_LIMIT),
        "review_stages": numbers(values["review_stages"], 0, 365, STAGE_LIMIT),
        "quiet_from": number(values["quiet_from"], 0, 24),
        "quiet_until": number(values["quiet_until"], 0, 23),
        "weekly_cap": number(values["weekly_cap"], 1, 50),
        "approved_above": number(values["approved_above"], 1, 1_000_000),
    }
    wrong = {name: f"console.settings.wrong.{name}" for name, value in read.items() if value is None}
    if wrong:
        return visitor.page("settings/speaking.html", status=422, unit=unit, values=values, wrong=wrong, kept=kept)
    try:
        wanted = Courtesy.model_validate({**kept.model_dump(), **read})
    except ValidationError:
        return visitor.missing()
    await visitor.office.store.outreach.set_courtesy(unit, wanted)
    return visitor.say_and_go("console.settings.saved", HOME)


def _shown(kept: Courtesy) -> dict[str, str]:
    """The fields as they stand in the form."""
    return {
        "stages": "、".join(map(str, sorted(kept.stages, reverse=True))),
        "review_stages": "、".join(map(str, sorted(kept.review_stages, reverse=True))),
        "quiet_from": str(kept.quiet_from),
        "quiet_until": str(kept.quiet_until),
        "weekly_cap": str(kept.weekly_cap),
        "approved_above": str(kept.approved_above),
    }


ROOM = Room(
    "settings",
    (
        Door("GET", "/settings", speaking),
        Door("POST", "/settings", set_speaking),
        *settings_reviews.DOORS,
        *settings_days.DOORS,
        *settings_colleagues.DOORS,
        *looks.DOORS,
    ),
    (Role.HR_ADMIN,),
)
