"""One person here and in the chat: a code to say there, or a code that was said there."""

from bot.api.call import Call
from bot.api.login import person_told
from bot.api.models.people import BindingTold, BoundTold
from bot.api.problems import Problem
from domain.binding import BindingRefused, Identity
from domain.message import Channel
from wording import say

_STATUS = {"code_unknown": 404, "too_many_tries": 429, "both_manage": 409, "busy": 503}
_WAIT = {"too_many_tries": 3600, "busy": 2}


def _own(call: Call) -> Identity:
    return Identity(Channel.MINI.value, call.who.account, call.who.openid)


def _problem(refused: BindingRefused) -> Problem:
    reason = refused.reason
    return Problem(_STATUS[reason], reason, say(f"binding.{reason}"), retry=_WAIT.get(reason))


async def made(call: Call) -> BindingTold:
    try:
        code = await call.parts.bindings.make(_own(call), call.person.id)
    except BindingRefused as refused:
        raise _problem(refused) from None
    return BindingTold(code=code.code, say=say("api.bind_say", code=code.code), expires_at=code.expires_at)


async def used(call: Call) -> BoundTold:
    try:
        bound = await call.parts.bindings.use(call.path["code"], _own(call))
    except BindingRefused as refused:
        raise _problem(refused) from None
    person = await call.parts.store.find_person(bound.person_id)
    return BoundTold(
        person=await person_told(call, person or call.person),
        carried=bound.carried,
        alike=bound.alike,
        verify_again=bound.verify_again,
    )
