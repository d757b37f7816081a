"""What a room is: the pages and actions that stand under one word of the menu, and who may open them.

A room is a module `console/<noun>.py`, or a package, that exports `ROOM`; `console/rooms.py` lists them. Every address
of the console is a Door of a Room: `tests/console/test_doors.py` tries each of them as everybody who may not.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiohttp import web

from domain.person import Role

if TYPE_CHECKING:
    from console.visitor import Visitor

Enter = Callable[["Visitor"], Awaitable[web.StreamResponse]]

FORM_LIMIT = 64 * 1024  # bytes of a form without files
ANY_ROLE = tuple(Role)
OF_UNITS = (Role.HR_ADMIN, Role.REVIEWER, Role.APPROVER)


@dataclass(frozen=True, slots=True)
class Door:
    """An address below `/console` and what is behind it. Only a GET may be opened without the form's token.

    `roles` empty: those of the room. `body_limit` is in bytes; what is larger is refused before it is on disk.
    `polled`: pages ask for it by themselves, so that it does not count as somebody being there.
    """

    method: str
    path: str
    enter: Enter
    roles: tuple[Role, ...] = ()
    body_limit: int = FORM_LIMIT
    polled: bool = False


@dataclass(frozen=True, slots=True)
class Room:
    """`name` is the word in the menu (`console.room.<name>`); the first door is where the menu leads.

    `shown` False leaves it out of the menu.
    """

    name: str
    doors: tuple[Door, ...]
    roles: tuple[Role, ...]
    shown: bool = True

    def may_enter(self, door: Door) -> tuple[Role, ...]:
        return door.roles or self.roles
