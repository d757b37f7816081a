"""Gives the console what it may use of the running service."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog
from aiohttp import web

from bot.channels.errors import ChannelError
from bot.photos import PhotoGone
from bot.proofs import as_shown
from console.app import application
from console.office import Office
from domain.picture import PictureRefused

if TYPE_CHECKING:
    from bot.app import Service

log = structlog.get_logger()


def mount(app: web.Application, service: "Service", public_url: str) -> None:
    """The console at `/console/` of the service's application."""
    app.add_subapp("/console/", application(office(service, public_url)))
    app.router.add_get("/console", _with_slash)


def office(service: "Service", public_url: str) -> Office:
    """All that the console may use of `service`."""
    return Office(
        store=service.store,
        book=service.book,
        texts=service.texts,
        now=service.now,
        public_url=public_url.rstrip("/"),
        wake=service.wake,
        operations=service.operations,
        open_picture=_pictures(service),
        mass_account=service.client.appid,
        scene_address=_scenes(service),
    )


def _pictures(service: "Service") -> Callable[[str, str], Awaitable[bytes | None]]:
    async def opened(person_id: str, photo: str) -> bytes | None:
        try:
            picture = await service.photos.open(person_id, photo)
            return await asyncio.to_thread(as_shown, picture)
        except (PhotoGone, PictureRefused):
            return None

    return opened


def _scenes(service: "Service") -> Callable[[str, timedelta], Awaitable[str]]:
    async def address(scene: str, lives: timedelta) -> str:
        if not service.client.appid:
            return ""
        try:
            return await service.client.scene_address(scene, lives)
        except ChannelError as error:
            log.warning("scene_not_made", error=error)
            return ""

    return address


async def _with_slash(_request: web.Request) -> web.Response:
    return web.Response(status=308, headers={"Location": "/console/"})
