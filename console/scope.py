"""Which units a visitor may see, and as what: the one place that decides.

Every storage visit of the console takes the `units` that this gives and filters by them in SQL.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from console.doors import OF_UNITS
from domain.access import Granted
from domain.person import Role


@dataclass(frozen=True)
class Scope:
    """`granted` reaches the units below already; `unit` is the one chosen in the header, empty for all."""

    granted: tuple[Granted, ...]
    chosen: str = ""

    def units(self, *roles: Role) -> tuple[str, ...]:
        """The units that the visitor may see in one of these roles (any role in a unit when none is named), narrowed
        to the chosen one and those below it."""
        mine = self.all_units(*roles)
        return tuple(unit for unit in mine if unit in self._below) if self.unit else mine

    def all_units(self, *roles: Role) -> tuple[str, ...]:
        """Like `units`, whatever is chosen."""
        wanted = roles or OF_UNITS
        return tuple(dict.fromkeys(one.unit for one in self.granted if one.role in wanted))

    def allows(self, unit: str, *roles: Role) -> bool:
        """Whether the visitor has one of these roles in a unit, whatever is chosen."""
        return unit in self.all_units(*roles)

    def has(self, roles: Sequence[Role]) -> bool:
        """Whether the visitor has one of these roles anywhere."""
        return any(one.role in roles for one in self.granted)

    @property
    def unit(self) -> str:
        """The unit chosen in the header; empty when there is none, or it is no longer theirs."""
        return self.chosen if self.chosen in self.all_units() else ""

    @property
    def one(self) -> str:
        """The unit that a page about one unit is about: the chosen one, else the first of the highest."""
        return self.unit or next(iter(self.highest), "")

    @cached_property
    def highest(self) -> tuple[str, ...]:
        """The units of the visitor that stand under none of their others."""
        mine = set(self.all_units())
        return tuple(dict.fromkeys(one.unit for one in self._of_units if one.parent not in mine))

    @cached_property
    def tree(self) -> tuple[tuple[str, int], ...]:
        """All units for the chooser, each with how deep it stands, those below right after the one above."""
        below: dict[str, list[str]] = {}
        for one in self._of_units:
            if one.parent and one.unit not in below.setdefault(one.parent, []):
                below[one.parent].append(one.unit)
        listed: list[tuple[str, int]] = []

        def walk(unit: str, depth: int) -> None:
            if unit in {name for name, _ in listed}:
                return
            listed.append((unit, depth))
            for each in below.get(unit, ()):
                walk(each, depth + 1)

        for unit in (*self.highest, *self.all_units()):
            walk(unit, 0)
        return tuple(listed)

    @cached_property
    def _of_units(self) -> tuple[Granted, ...]:
        return tuple(one for one in self.granted if one.role in OF_UNITS)

    @cached_property
    def _below(self) -> frozenset[str]:
        """The chosen unit and those below it."""
        found = {self.unit}
        while True:
            more = {one.unit for one in self._of_units if one.parent in found} - found
            if not more:
                return frozenset(found)
            found |= more
