"""Tags of followers: making them, putting them on people, reading who has one."""

from simulator.api import OK, Answer, Call, Endpoint
from simulator.errors import ApiError
from simulator.tags import AT_ONCE

PAGE = 10_000


async def create(call: Call) -> Answer:
    """`POST /cgi-bin/tags/create`, {tag: {name}}."""
    asked = call.body.get("tag")
    name = asked.get("name") if isinstance(asked, dict) else None
    if not isinstance(name, str):
        raise ApiError(45157, "invalid tag name")
    return {"tag": {"id": call.platform.tags.create(name), "name": name}}


async def listed(call: Call) -> Answer:
    """`GET /cgi-bin/tags/get`."""
    return {"tags": call.platform.tags.listed()}


async def put(call: Call) -> Answer:
    """`POST /cgi-bin/tags/members/batchtagging`, {openid_list: at most 50, tagid}."""
    call.platform.tags.put(call.body.get("tagid"), _openids(call))
    return OK


async def take(call: Call) -> Answer:
    """`POST /cgi-bin/tags/members/batchuntagging`."""
    call.platform.tags.take(call.body.get("tagid"), _openids(call))
    return OK


async def members(call: Call) -> Answer:
    """`POST /cgi-bin/user/tag/get`, {tagid, next_openid}: up to 10 000 after `next_openid`."""
    found = call.platform.tags.members(call.body.get("tagid"))
    after = call.text("next_openid")
    page = (found[found.index(after) + 1 :] if after in found else found)[:PAGE]
    answer: dict[str, object] = {"count": len(page), "next_openid": page[-1] if page else ""}
    return answer | ({"data": {"openid": page}} if page else {})


def _openids(call: Call) -> list[str]:
    openids = call.body.get("openid_list")
    if not isinstance(openids, list) or not openids or len(openids) > AT_ONCE:
        raise ApiError(40032, "invalid openid list size")
    for openid in openids:
        phone = call.platform.phone_of(str(openid))
        if phone is None:
            raise ApiError(40003, "invalid openid")
        if not phone.following:
            raise ApiError(49003, "not match openid with appid")
    return [str(openid) for openid in openids]


ENDPOINTS = {
    "/cgi-bin/tags/create": Endpoint("POST", create),
    "/cgi-bin/tags/get": Endpoint("GET", listed),
    "/cgi-bin/tags/members/batchtagging": Endpoint("POST", put),
    "/cgi-bin/tags/members/batchuntagging": Endpoint("POST", take),
    "/cgi-bin/user/tag/get": Endpoint("POST", members),
}
