"""The rooms in the order of the menu: add a line for a new one."""

from console import hall, signing
from console.doors import Room

ROOMS: tuple[Room, ...] = (
    hall.ROOM,
    signing.ROOM,
)
