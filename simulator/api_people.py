"""Followers, and the scene QR codes that bring them."""

from aiohttp import web

from simulator.api import PLATFORM, Answer, Call, Endpoint
from simulator.errors import ApiError
from simulator.phones import Phone
from simulator.qrpicture import picture


async def info(call: Call) -> Answer:
    """`GET /cgi-bin/user/info`; for one who does not follow only `subscribe: 0`."""
    phone = call.platform.phone_of(call.request.query.get("openid", ""))
    if phone is None:
        raise ApiError(40003, "invalid openid")
    openid = phone.person.openid
    if not phone.following or phone.followed_at is None:
        return {"subscribe": 0, "openid": openid}
    return {
        "subscribe": 1,
        "openid": openid,
        "language": "zh_CN",
        "subscribe_time": int(phone.followed_at.timestamp()),
        "remark": "",
        "groupid": 0,
        "tagid_list": [],
        "subscribe_scene": "ADD_SCENE_QR_CODE" if phone.scene else "ADD_SCENE_SEARCH",
        "qr_scene": int(phone.scene) if phone.scene.isdigit() else 0,
        "qr_scene_str": "" if phone.scene.isdigit() else phone.scene,
        **_union(call, phone),
    }


def _union(call: Call, phone: Phone) -> dict[str, str]:
    """The id that both accounts know one person by, when both belong to one open platform."""
    mini = call.platform.mini
    unionid = mini.visitors[phone.person.id].unionid if mini else ""
    return {"unionid": unionid} if unionid else {}


async def followers(call: Call) -> Answer:
    """`GET /cgi-bin/user/get`: the openids of followers, after `next_openid`."""
    listed = [phone.person.openid for phone in call.platform.phones.values() if phone.following]
    after = call.request.query.get("next_openid", "")
    page = listed[listed.index(after) + 1 :] if after in listed else listed
    answer: dict[str, object] = {"total": len(listed), "count": len(page), "next_openid": page[-1] if page else ""}
    return answer | ({"data": {"openid": page}} if page else {})


async def create_code(call: Call) -> Answer:
    """`POST /cgi-bin/qrcode/create`."""
    code, lives = call.platform.qrcodes.create(call.body, call.now)
    expiry = {} if lives is None else {"expire_seconds": lives}
    return {"ticket": code.ticket, "url": code.url} | expiry


async def show_code(request: web.Request) -> web.Response:
    """`GET /cgi-bin/showqrcode?ticket=`: the picture, without any access_token."""
    code = request.app[PLATFORM].qrcodes.get(request.query.get("ticket", ""))
    if code is None:
        raise web.HTTPNotFound
    return web.Response(body=picture(code.url), content_type="image/png")


ENDPOINTS = {
    "/cgi-bin/user/info": Endpoint("GET", info),
    "/cgi-bin/user/get": Endpoint("GET", followers),
    "/cgi-bin/qrcode/create": Endpoint("POST", create_code),
}
