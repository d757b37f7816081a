"""Template messages and the service account's subscribe notifications."""

from collections.abc import Callable
from datetime import datetime, timedelta

from simulator import inbound
from simulator.account import Kind, Template
from simulator.api import OK, Answer, Call, Endpoint
from simulator.errors import ApiError
from simulator.fields import check_fields
from simulator.phones import Phone
from simulator.push import Push

_ONCE_FOR = timedelta(minutes=10)


async def template(call: Call) -> Answer:
    """`POST /cgi-bin/message/template/send`. A `client_msg_id` repeated within ten minutes gets the first msgid."""
    _service(call)
    phone = _known(call)
    if not phone.following:
        raise ApiError(43004, "require subscribe")
    chosen = _template(call, subscription=False)
    values = check_fields(chosen, call.body.get("data"))
    earlier = _sent_before(call, phone)
    if earlier:
        return OK | {"msgid": earlier}
    msg_id = call.platform.next_job_id()
    client_id = call.text("client_msg_id")
    if client_id:
        call.platform.client_ids[phone.person.openid, client_id] = (call.now, msg_id)
    if not phone.blocked:
        _show(call, phone, chosen, values, "template")
    status = "failed:user block" if phone.blocked else "success"
    call.platform.later(_finished(call, phone, lambda at: inbound.template_finished(at, msg_id, status)))
    return OK | {"msgid": msg_id}


async def subscription(call: Call) -> Answer:
    """`POST /cgi-bin/message/subscribe/bizsend`: one acceptance, one send; also to those who do not follow."""
    _service(call)
    phone = _known(call)
    chosen = _template(call, subscription=True)
    values = check_fields(chosen, call.body.get("data"))
    if not call.platform.grants.spend(phone.person.openid, chosen.id):
        raise ApiError(43101, "user refuse to accept the msg")
    msg_id = call.platform.next_msg_id()
    error, status = (1, "user_reject") if phone.blocked else (0, "success")
    if not phone.blocked:
        _show(call, phone, chosen, values, "subscribe")
    call.platform.later(_finished(call, phone, lambda at: inbound.notice_sent(at, chosen.id, msg_id, error, status)))
    return OK


def _service(call: Call) -> None:
    account = call.platform.account
    if account.kind is not Kind.SERVICE or not account.verified:
        raise ApiError(48001, "api unauthorized")


def _known(call: Call) -> Phone:
    phone = call.platform.phone_of(call.text("touser"))
    if phone is None:
        raise ApiError(40003, "invalid openid")
    return phone


def _template(call: Call, *, subscription: bool) -> Template:
    chosen = call.platform.templates.get(call.text("template_id"))
    if chosen is None or chosen.subscription is not subscription:
        raise ApiError(40037, "invalid template_id")
    return chosen


def _sent_before(call: Call, phone: Phone) -> int | None:
    earlier = call.platform.client_ids.get((phone.person.openid, call.text("client_msg_id")))
    if earlier is None or call.now - earlier[0] >= _ONCE_FOR:
        return None
    return earlier[1]


def _show(call: Call, phone: Phone, chosen: Template, values: dict[str, str], through: str) -> None:
    lines = [{"label": chosen.fields[key], "value": value} for key, value in values.items()]
    phone.hear("card", chosen.title, through, lines=lines, url=call.text("url") or call.text("page"))


def _finished(call: Call, phone: Phone, fields: Callable[[inbound.Sender], inbound.Fields]) -> Callable[[], Push]:
    platform = call.platform

    def tell() -> Push:
        at: datetime = platform.clock.now()
        sender = inbound.Sender(platform.account.original_id, phone.person.openid, at)
        return platform.push(fields(sender), phone, at_once=True)

    return tell


ENDPOINTS = {
    "/cgi-bin/message/template/send": Endpoint("POST", template),
    "/cgi-bin/message/subscribe/bizsend": Endpoint("POST", subscription),
}
