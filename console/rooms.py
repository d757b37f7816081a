"""The rooms in the order of the menu: add a line for a new one."""

from console import broadcasts, hall, operator, overview, people, review, settings, signing
from console.doors import Room
from console.exports import rooms as exports
from console.imports import rooms as imports
from console.reconciliation import rooms as reconciliation

ROOMS: tuple[Room, ...] = (
    hall.ROOM,
    overview.ROOM,
    people.ROOM,
    imports.ROOM,
    exports.ROOM,
    reconciliation.ROOM,
    review.ROOM,
    broadcasts.ROOM,
    operator.ROOM,
    settings.ROOM,
    signing.ROOM,
)
