"""What a person wants of reminders, what is ahead, and how they can be reached."""

from bot.api.call import Call
from bot.api.models.wishes import (
    Ahead,
    DayTold,
    GrantAsked,
    GrantsTold,
    GrantTold,
    RemindersAsked,
    RemindersTold,
)
from bot.api.problems import Problem
from bot.channels import mini
from bot.views import calendars, view
from domain.reach import Reach
from domain.reminder import ReminderKind
from handlers import forms
from handlers.reminder import ahead
from outreach import reminders


async def shown(call: Call) -> RemindersTold:
    now, store = call.now, call.parts.store
    found = await view(store, call.person.id, await calendars(store, now), now)
    if found is None:
        raise Problem(404, "not_found")
    seen, _ = found
    turn = await call.turn(years=(now.year, now.year - 1))
    ways = await store.outreach.ways(call.person.id, now)
    wishes = seen.wishes
    held = reminders.stages(ReminderKind.YEAR_END, wishes, seen.known.courtesy)
    return RemindersTold(
        stopped=wishes.stopped,
        only_stages=list(wishes.only_stages) if wishes.only_stages is not None else None,
        more_stages=list(wishes.more_stages),
        every=wishes.every,
        on=wishes.on,
        asked=[DayTold(on=one.on, about=one.about) for one in wishes.asked],
        snoozed_until=wishes.snoozed_until,
        stages=sorted(held, reverse=True),
        ahead=[Ahead(day=day, text=text) for day, text in ahead(turn, seen)],
        can_reach=any(_open(way, call) for way in ways),
        grants_left=sum(_left(call, ways).values()),
        templates=list(call.parts.templates),
    )


def _open(way: Reach, call: Call) -> bool:
    return not way.closed and (way.open_at(call.now) > 0 or any(way.consents.values()))


async def wanted(call: Call) -> RemindersTold:
    asked = call.asked(RemindersAsked)
    await call.check(*(one.about for one in asked.asked))
    if any(one.on <= call.now.date() for one in asked.asked):
        raise Problem(422, "past_day")
    wishes = asked.model_dump(mode="json")
    await call.fill(forms.WISHES, wishes=wishes)
    return await shown(call)


async def grants(call: Call) -> GrantsTold:
    left = _left(call, await call.parts.store.outreach.ways(call.person.id, call.now))
    return GrantsTold(templates=[GrantTold(template=one, left=left[one]) for one in call.parts.templates])


async def granted(call: Call) -> GrantsTold:
    """An answer to wx.requestSubscribeMessage, told by the mini program itself."""
    asked = call.asked(GrantAsked)
    if asked.template not in call.parts.templates:
        raise Problem(422, "no_such_template")
    key = f"{call.message_key}:{asked.template}:{int(asked.accepted)}"[:300]
    caller = call.who
    told = mini.consent(caller.account, caller.openid, asked.template, asked.accepted, key, call.now)
    await call.parts.turns.run(told)
    return await grants(call)


def _left(call: Call, ways: list[Reach]) -> dict[str, int]:
    """Sends agreed to by template, of this mini program."""
    own = next((way for way in ways if (way.account, way.recipient) == (call.who.account, call.who.openid)), None)
    return {one: own.consents.get(one, 0) if own else 0 for one in call.parts.templates}
