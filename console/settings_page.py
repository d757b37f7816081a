"""What the pages of settings share: which unit they are about, and numbers as people write them."""

import re
import unicodedata

from console.visitor import Missing, Visitor
from domain.person import Role


def unit_of(visitor: Visitor) -> str:
    """The unit that a page of settings is about: the one posted or asked for, else the one of the header. Missing: the
    visitor is no HR admin of it."""
    mine = visitor.scope.all_units(Role.HR_ADMIN)
    said = visitor.form.said("unit") or visitor.asked.get("unit", "")
    if said:
        if said not in mine:
            raise Missing
        return said
    if not mine:
        raise Missing
    return visitor.scope.one if visitor.scope.one in mine else mine[0]


def number(words: str, least: int, most: int) -> int | None:
    """A whole number in full or half width; None when it is none, or out of bounds."""
    said = unicodedata.normalize("NFKC", words).strip()
    found = int(said) if re.fullmatch(r"[0-9]{1,7}", said) else -1
    return found if least <= found <= most else None


def numbers(words: str, least: int, most: int, count: int) -> tuple[int, ...] | None:
    """Several, however they are separated, largest first; None when one is wrong, there are too many, or none."""
    said = [one for one in re.split(r"[\s,;、，；/]+", unicodedata.normalize("NFKC", words)) if one]
    found = {number(one, least, most) for one in said}
    if not found or None in found or len(found) > count:
        return None
    return tuple(sorted((one for one in found if one is not None), reverse=True))
