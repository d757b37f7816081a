"""Oneself: settings and personal facts, consent."""

from typing import Any

from bot.api.call import Call
from bot.api.login import person_told
from bot.api.models.people import ConsentAsked, MeAsked, MeTold
from bot.api.problems import Problem
from domain.person import Person
from handlers import forms, show
from handlers.profile import masked
from wording import say

_PERSON = ("region", "work_field", "name")


async def shown(call: Call) -> MeTold:
    return await _told(call, call.person)


async def changed(call: Call) -> MeTold:
    asked = call.asked(MeAsked)
    await call.check(asked.name, asked.employer)
    said = {name: getattr(asked, name) for name in asked.model_fields_set}
    if "region" in said and said["region"] is not None and said["region"] not in call.parts.book.places:
        raise Problem(422, "no_such_place")
    facts = {name: said[name] for name in said if name not in (*_PERSON, "appointment_start")}
    if "appointment_start" in said:
        start = said["appointment_start"]
        facts["appointment"] = {"start": start.isoformat()} if start else None
    await call.fill(forms.PROFILE, person={name: said[name] for name in _PERSON if name in said}, facts=facts)
    return await _now(call)


async def consented(call: Call) -> MeTold:
    call.asked(ConsentAsked)
    await call.fill(forms.CONSENT)
    return await _now(call)


async def _now(call: Call) -> MeTold:
    person = await call.parts.store.find_person(call.person.id)
    return await _told(call, person or call.person)


async def _told(call: Call, person: Person) -> MeTold:
    facts: dict[str, Any] = person.profile
    members = await call.parts.store.desk.memberships(person.id)
    appointment = facts.get("appointment") or {}
    base = await person_told(call, person)
    region = person.region
    return MeTold(
        **base.model_dump(),
        employer=facts.get("employer") or facts.get("unit"),
        level=facts.get("level"),
        target_level=facts.get("target_level"),
        review_year=facts.get("review_year"),
        appointment_start=appointment.get("start"),
        consented_at=person.consented_at.astimezone(call.now.tzinfo) if person.consented_at else None,
        region_name=show.place_name(call.parts.book, region) if region else say("profile.region_default"),
        units=sorted({member.unit for member in members if member.active}),
        phone=masked(person.phone) if person.phone else None,
        notice=say("api.notice"),
    )
