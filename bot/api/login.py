"""Logging in with wx.login's code, changing tokens, logging out. The platform's session key is dropped at once."""

import secrets
from datetime import datetime

from bot.api.call import Call
from bot.api.models.people import LoginAsked, LoginTold, PersonTold, RefreshAsked
from bot.api.problems import Problem
from bot.channels.errors import ChannelRefused, PersonUnreachable
from domain.binding import Identity
from domain.message import Channel, Message, MessageKind
from domain.person import Person
from domain.signing_in import ACCESS_FOR, REFRESH_FOR, Pair

_CHATS = {Channel.OFFICIAL.value, Channel.WECOM.value}


async def login(call: Call) -> LoginTold:
    mini, now = call.parts.mini, call.now
    if mini is None:
        raise Problem(503, "no_mini", retry=3600)
    try:
        found = await mini.session(call.asked(LoginAsked).code)
    except ChannelRefused:
        raise Problem(401, "code_refused") from None
    except PersonUnreachable:
        raise Problem(403, "blocked") from None
    message = Message(
        key=f"{Channel.MINI.value}:{call.parts.appid}:{found.openid}:login",
        channel=Channel.MINI,
        account=call.parts.appid,
        sender=found.openid,
        kind=MessageKind.EVENT,
        sent_at=now,
    )
    pair = fresh(now)
    person = await call.parts.store.mini.login(message, secrets.token_hex(16), pair, now)
    if found.unionid:
        person = await _met(call, message, found.unionid) or person
    return await _told(call, pair, person)


async def _met(call: Call, message: Message, unionid: str) -> Person | None:
    """Whoever this is in the chat is one person with them from now on."""
    bindings = call.parts.bindings
    await bindings.meet(Identity(message.channel.value, message.account, message.sender), unionid)
    store = call.parts.store
    met = await store.find_by_sender(message.channel, message.account, message.sender)
    if met is None or await store.mini.channels(met.id) & _CHATS:
        return met
    await bindings.acquaint()
    return await store.find_by_sender(message.channel, message.account, message.sender)


async def refresh(call: Call) -> LoginTold:
    now = call.now
    pair = fresh(now)
    caller = await call.parts.store.mini.refresh(call.asked(RefreshAsked).refresh_token, pair, now)
    if caller is None:
        raise Problem(401, "token_refused")
    return await _told(call, pair, caller.person)


async def logout(call: Call) -> None:
    await call.parts.store.mini.logout(call.who.family)


def fresh(now: datetime) -> Pair:
    """Two new tokens of 256 bits."""
    return Pair(secrets.token_urlsafe(32), secrets.token_urlsafe(32), now + ACCESS_FOR, now + REFRESH_FOR)


async def _told(call: Call, pair: Pair, person: Person) -> LoginTold:
    return LoginTold(
        token=pair.access,
        expires_at=pair.expires_at,
        expires_in=int(ACCESS_FOR.total_seconds()),
        refresh_token=pair.refresh,
        refresh_expires_at=pair.refresh_expires_at,
        person=await person_told(call, person),
    )


async def person_told(call: Call, person: Person) -> PersonTold:
    channels = await call.parts.store.mini.channels(person.id)
    return PersonTold(
        id=person.id,
        name=person.name,
        consented=person.consented_at is not None,
        roles=[role.value for role in person.roles],
        bound_chat=bool(channels & _CHATS),
        region=person.region,
        work_field=person.work_field,
    )
