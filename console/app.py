"""The console as an aiohttp application, mounted by the service at `/console/`."""

from aiohttp import web

from console import still
from console.gate import Gate
from console.office import Office
from console.rooms import ROOMS
from console.signing import Entrance


def application(office: Office) -> web.Application:
    gate = Gate(office, ROOMS)
    app = web.Application(middlewares=[gate.middleware])
    app.add_routes([web.get("/static/{version:[0-9a-f]{12}}/{name:.+}", still.show), *Entrance(gate).routes()])
    for room in ROOMS:
        app.add_routes([web.route(door.method, door.path, gate.opened(room, door)) for door in room.doors])
    return app
