"""Gives the console what it may use of the running service."""

from typing import TYPE_CHECKING

from aiohttp import web

from console.app import application
from console.office import Office

if TYPE_CHECKING:
    from bot.app import Service


def mount(app: web.Application, service: "Service", public_url: str) -> None:
    """The console at `/console/` of the service's application."""
    office = Office(
        store=service.store,
        book=service.book,
        texts=service.texts,
        now=service.now,
        public_url=public_url.rstrip("/"),
        wake=service.wake,
    )
    app.add_subapp("/console/", application(office))
    app.router.add_get("/console", _with_slash)


async def _with_slash(_request: web.Request) -> web.Response:
    return web.Response(status=308, headers={"Location": "/console/"})
