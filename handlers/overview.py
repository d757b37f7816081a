"""HR's questions about their unit: 技术部完成率, 还有谁没完成, 张伟的学时."""

from domain.overview import Employed, Group
from handlers import show
from handlers.question import year_of
from handlers.turn import Outcome, Turn
from wording import say

GROUPS_SHOWN = 12
NAMES_SHOWN = 20


def asked(turn: Turn) -> tuple[int, str, str]:
    """The year, department and name that the question is about, for its loader."""
    slots = turn.reading.slots
    return year_of(turn), str(slots.get("department", "")), str(slots.get("person", ""))


def statistics(turn: Turn) -> Outcome:
    """How many are done, by department, and who lacks most."""
    found = turn.facts.overview
    if not found.unit:
        return show.answer(say("hr.refused"))
    _, department, _ = asked(turn)
    groups = [group for group in found.groups if not department or department in group.department]
    if not groups:
        return show.answer(say("hr.no_department" if department else "hr.no_roster", department=department))
    whole = _sum(groups)
    several = len(groups) > 1
    return show.answer(
        say("hr.title", unit=department or found.unit, year=found.year),
        _line("hr.whole", whole),
        *(_line("hr.group", group) for group in groups[:GROUPS_SHOWN] if several),
        say("hr.behind", names="、".join(found.behind[:NAMES_SHOWN])) if found.behind else "",
        say("hr.hint") if whole.done < whole.people else "",
    )


def _sum(groups: list[Group]) -> Group:
    fields = ("people", "done", "open", "public_behind", "pending", "silent")
    return Group("", *(sum(getattr(group, field) for group in groups) for field in fields))


def _line(key: str, group: Group) -> str:
    return say(
        key,
        department=group.department or say("hr.no_name"),
        people=group.people,
        done=group.done,
        share=round(100 * group.done / group.people) if group.people else 0,
        public=group.public_behind,
        pending=group.pending,
        open=say("hr.open", count=group.open) if group.open else "",
        silent=say("hr.silent", count=group.silent) if group.silent else "",
    )


def lookup(turn: Turn) -> Outcome:
    """One person of the unit, by name."""
    found = turn.facts.overview
    if not found.unit:
        return show.answer(say("hr.refused"))
    _, _, name = asked(turn)
    if not name:
        return show.answer(say("hr.ask_name"))
    if not found.found:
        return show.answer(say("hr.nobody", unit=found.unit, name=name))
    return show.answer(*(_person(one, found.year) for one in found.found), say("hr.look_hint"))


def _person(one: Employed, year: int) -> str:
    department = one.department or say("hr.no_name")
    if not one.joined:
        return say("hr.not_joined", name=one.name, department=department)
    standing = one.standing
    if standing is None:
        return say("hr.no_record", name=one.name, department=department, year=year)
    return say(
        "hr.person",
        name=one.name,
        department=department,
        year=year,
        have=standing.have,
        required=standing.required,
        state=say("hr.done") if standing.complete else say("hr.missing", hours=standing.missing),
        public=standing.public_missing,
        pending=standing.pending,
    )
