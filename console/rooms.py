"""The rooms in the order of the menu: add a line for a new one."""

from console import hall, operator, overview, people, review, signing
from console.doors import Room
from console.imports import rooms as imports

ROOMS: tuple[Room, ...] = (
    hall.ROOM,
    overview.ROOM,
    people.ROOM,
    imports.ROOM,
    review.ROOM,
    operator.ROOM,
    signing.ROOM,
)
