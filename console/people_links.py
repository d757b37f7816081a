"""The address of a list of people: every number of the console leads to the people behind it by one of these."""

from collections.abc import Mapping
from urllib.parse import urlencode

from domain.census import GAPS, Group, Order, Wanted

LIST = "/console/people"
NO_DEPARTMENT = "-"  # stands for people of no department, as empty stands for any
MOST_DEPARTMENTS = 400  # offered to choose from
_CATEGORIES = ("public", "professional")


def people_link(
    year: int, unit: str = "", department: str | None = None, group: str = "", lacks: str = "", gap: int | None = None
) -> str:
    """The list of those people; `department` None means any."""
    named = "" if department is None else department or NO_DEPARTMENT
    asked = {"year": year, "unit": unit, "department": named, "group": group, "lacks": lacks}
    chosen = {name: value for name, value in asked.items() if value}
    return f"{LIST}?{urlencode(chosen if gap is None else {**chosen, 'gap': gap})}"


def wanted_of(asked: Mapping[str, str], units: tuple[str, ...], this_year: int) -> Wanted:
    """The filter that an address asks for, within `units`; what it says wrongly is as if it were not said."""
    unit, department = asked.get("unit", ""), asked.get("department", "")
    group, order = asked.get("group", ""), asked.get("order", "")
    gap = asked.get("gap", "")
    return Wanted(
        units=tuple(one for one in units if not unit or one == unit),
        year=year_of(asked, this_year),
        department=None if not department else "" if department == NO_DEPARTMENT else department,
        group=Group(group) if group in set(Group) else Group.ALL,
        lacks=asked["lacks"] if asked.get("lacks") in _CATEGORIES else "",
        gap=int(gap) if gap.isascii() and gap.isdecimal() and int(gap) <= len(GAPS) else None,
        order=Order(order) if order in set(Order) else Order.PLACE,
    )


def year_of(asked: Mapping[str, str], this_year: int) -> int:
    """The learning year that an address names; this one when it names none that there may be."""
    said = asked.get("year", "")
    year = int(said) if said.isascii() and said.isdecimal() and len(said) == 4 else this_year
    return year if this_year - 10 <= year <= this_year else this_year


def years(this_year: int) -> list[int]:
    """The years to choose from."""
    return list(range(this_year, this_year - 5, -1))
