"""The menu of the account."""

from simulator.api import OK, Answer, Call, Endpoint
from simulator.errors import ApiError
from simulator.menu import read_menu


async def create(call: Call) -> Answer:
    """`POST /cgi-bin/menu/create`: replaces the menu on every phone."""
    platform = call.platform
    platform.menu = read_menu(call.body)
    platform.menu_source = {"button": call.body["button"]}
    platform.menu_id = platform.menu_id + 1 if platform.menu_id else 430_000_001
    platform.feed.publish("menu", platform.menu_state())
    return OK


async def get(call: Call) -> Answer:
    """`GET /cgi-bin/menu/get`."""
    if not call.platform.menu:
        raise ApiError(46003, "menu no exist")
    return {"menu": call.platform.menu_source | {"menuid": call.platform.menu_id}}


async def delete(call: Call) -> Answer:
    """`GET /cgi-bin/menu/delete`."""
    call.platform.menu, call.platform.menu_source = (), {}
    call.platform.feed.publish("menu", call.platform.menu_state())
    return OK


ENDPOINTS = {
    "/cgi-bin/menu/create": Endpoint("POST", create),
    "/cgi-bin/menu/get": Endpoint("GET", get),
    "/cgi-bin/menu/delete": Endpoint("GET", delete),
}
