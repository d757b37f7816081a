"""The rooms in the order of the menu: add a line for a new one."""

from console import hall, overview, signing
from console.doors import Room

ROOMS: tuple[Room, ...] = (
    hall.ROOM,
    overview.ROOM,
    signing.ROOM,
)
