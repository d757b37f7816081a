"""Mass messages: to all followers, to those with a tag, or to a list of openids."""

import hashlib
import json
from collections.abc import Sequence

from simulator import inbound
from simulator.account import Kind
from simulator.api import OK, Answer, Call, Endpoint
from simulator.api_custom import checked_text
from simulator.errors import ApiError
from simulator.mass import MassJob
from simulator.phones import Phone
from simulator.push import Push

# The event comes from the platform's own sender (群发助手), not from a person.
_MASS_SENDER = "oMassSender00000000000000000"
_SUBMITTED = {"errcode": 0, "errmsg": "send job submission success"}


async def to_all(call: Call) -> Answer:
    """`POST /cgi-bin/message/mass/sendall`, filter {is_to_all, tag_id}."""
    chosen = call.body.get("filter")
    if not isinstance(chosen, dict):
        raise ApiError(40130, "invalid filter")
    if chosen.get("is_to_all") is True:
        return _run(call, list(call.platform.phones.values()), {"is_to_all": True}, everyone=True)
    tag = chosen.get("tag_id")
    phones = [_phone(call, openid) for openid in call.platform.tags.members(tag)]
    return _run(call, phones, {"tag_id": tag}, everyone=False)


async def to_some(call: Call) -> Answer:
    """`POST /cgi-bin/message/mass/send`, touser of 2 to 10 000 openids; verified service accounts only."""
    account = call.platform.account
    if account.kind is not Kind.SERVICE or not account.verified:
        raise ApiError(48001, "api unauthorized")
    listed = call.body.get("touser")
    if not isinstance(listed, list) or len(listed) < 2:
        raise ApiError(40130, "invalid openid list size, at least two openid")
    if len(listed) > 10_000:
        raise ApiError(40032, "invalid openid list size")
    phones = [_phone(call, openid) for openid in dict.fromkeys(map(str, listed))]
    return _run(call, phones, listed, everyone=False)


async def preview(call: Call) -> Answer:
    """`POST /cgi-bin/message/mass/preview` to one openid."""
    phone = _phone(call, call.text("touser"))
    if not phone.following:
        raise ApiError(43004, "require subscribe")
    kind, text, media_id = _content(call)
    _show(phone, kind, text, media_id)
    return OK | {"msg_id": call.platform.next_job_id()}


async def status(call: Call) -> Answer:
    """`POST /cgi-bin/message/mass/get`."""
    job = call.platform.mass.get(call.body.get("msg_id"))
    return {"msg_id": job.msg_id, "msg_status": job.status}


def _run(call: Call, phones: Sequence[Phone], scope: object, *, everyone: bool) -> Answer:
    kind, text, media_id = _content(call)
    job = call.platform.mass.begin(
        call.text("clientmsgid") or _digest(scope, kind, text, media_id), call.now, to_all=everyone
    )
    for phone in phones:
        if phone.blocked or not phone.following:
            call.platform.mass.fails(job)
        elif call.platform.mass.reaches(job, phone.person.openid, call.now):
            _show(phone, kind, text, media_id)
    call.platform.later(lambda: _finish(call, job))
    return _SUBMITTED | {"msg_id": job.msg_id}


def _finish(call: Call, job: MassJob) -> Push:
    job.status = "SEND_SUCCESS" if job.sent else "SEND_FAIL"
    told = "send success" if job.sent else "send fail"
    platform = call.platform
    sender = inbound.Sender(platform.account.original_id, _MASS_SENDER, platform.clock.now())
    counts = (job.total, job.total, job.sent, job.failed)
    return platform.push(inbound.mass_finished(sender, job.msg_id, told, counts), None, at_once=True)


def _content(call: Call) -> tuple[str, str, str]:
    kind = call.text("msgtype")
    part = call.body.get(kind)
    if kind not in {"text", "image", "voice", "images"} or not isinstance(part, dict):
        raise ApiError(40008, "invalid message type")
    if kind == "text":
        return "text", checked_text(part.get("content")), ""
    ids = part.get("media_ids") or [part.get("media_id")]
    media = [call.platform.media.get(str(media_id), call.now) for media_id in ids]
    return "image" if kind == "images" else kind, "", media[0].id


def _show(phone: Phone, kind: str, text: str, media_id: str) -> None:
    more = {"media_id": media_id} if media_id else {}
    phone.hear(kind, text, "mass", **more)


def _phone(call: Call, openid: str) -> Phone:
    phone = call.platform.phone_of(openid)
    if phone is None:
        raise ApiError(40003, "invalid openid")
    return phone


def _digest(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:64]


ENDPOINTS = {
    "/cgi-bin/message/mass/sendall": Endpoint("POST", to_all),
    "/cgi-bin/message/mass/send": Endpoint("POST", to_some),
    "/cgi-bin/message/mass/preview": Endpoint("POST", preview),
    "/cgi-bin/message/mass/get": Endpoint("POST", status),
}
