"""A unit's people counted, listed, moved and written for, on both databases: exact, once, and only of one's units."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.census import Figures, Group, Order, Poster, Wanted
from domain.entering import entered_by, entered_note
from domain.ledger import NewEntry, fold
from domain.review import Join
from domain.standing import MONTHS, Standing
from storage import rolls
from storage.entering import Entering
from storage.members import INVITED_FOR, Employee
from storage.placing import Taken
from storage.sealing import Vault
from storage.store import Conflict, Store
from tests.storage.said import KEY, NOW, change, claim, later, message, opened, raw

UNIT, OTHER = "一院", "二院"


async def joined(
    store: Store, number: int, department: str = "内科", unit: str = UNIT, *, records: int = 1, **facts: object
) -> str:
    """Somebody of the unit who has written, with a standing of 2026 when facts of one are told."""
    said = message(number, f"oStaff{number}")
    turn = await opened(store, said)
    entries = [claim(f"讲座{place}") for place in range(records)]
    joining = Join(unit, department, f"员工{number}", phone=f"1380000{number:04d}")
    await store.settle(replace(change(said, turn, *entries), joins=(joining,)), NOW, durable=True)
    if facts:
        row = {"person_id": turn.person.id, "year": 2026, "region": "jilin", "unit": unit, "department": department}
        await store.outreach.put_standings([Standing.model_validate({**row, **facts})])
    return turn.person.id


async def peopled(store: Store) -> None:
    """Two departments, a person of each kind, and a stranger in another unit."""
    await joined(store, 1, complete=True, month_03=40, month_11=50, have=90)
    await joined(store, 2, missing=20, public_missing=10, professional_missing=10, complete=False, pending=1)
    await joined(store, 3, "外科", missing=75, professional_missing=75, returned=2, complete=False, reviewing=True)
    await joined(store, 4, "外科", missing=0)
    await joined(store, 5, "外科", records=0)
    await store.desk.import_roster(UNIT, [Employee("没来过", phone="13900000001", department="外科")], NOW)
    await joined(store, 9, unit=OTHER, missing=5, complete=False, month_03=7)


def numbers(names: list[str]) -> list[str]:
    return [name.removeprefix("员工") for name in names]


async def names(store: Store, **fields: object) -> list[str]:
    wanted = Wanted(units=(UNIT,), year=2026)
    found, _ = await store.census.listed(replace(wanted, **fields))  # type: ignore[arg-type]
    return numbers([one.member.name for one in found])


async def test_departments_are_counted_with_everybody_on_the_roster(store: Store) -> None:
    await peopled(store)
    inner, surgery = await store.census.figures([UNIT], 2026)
    assert inner == Figures(UNIT, "内科", 2, 2, 0, 1, 0, 1, 1, 20.0, 1, 0, (0, 1, 0, 0))
    assert surgery == Figures(UNIT, "外科", 4, 3, 2, 0, 1, 2, 3, 75.0, 0, 1, (0, 0, 0, 1))
    assert (inner.behind, surgery.behind) == (1, 3)
    assert await store.census.figures([], 2026) == []
    (other,) = await store.census.figures([OTHER], 2026)
    assert (other.people, other.behind) == (1, 1)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, ["1", "2", "3", "4", "5", "没来过"]),
        ({"department": "外科"}, ["3", "4", "5", "没来过"]),
        ({"department": ""}, []),
        ({"group": Group.BEHIND}, ["2", "3", "5", "没来过"]),
        ({"group": Group.DONE}, ["1"]),
        ({"group": Group.OPEN}, ["4"]),
        ({"group": Group.SILENT}, ["5", "没来过"]),
        ({"group": Group.UNBOUND}, ["没来过"]),
        ({"group": Group.PENDING}, ["2"]),
        ({"group": Group.RETURNED}, ["3"]),
        ({"group": Group.REVIEWING}, ["3"]),
        ({"lacks": "public"}, ["2", "5", "没来过"]),
        ({"lacks": "professional"}, ["2", "3", "5", "没来过"]),
        ({"gap": 1}, ["2"]),
        ({"gap": 3}, ["3"]),
        ({"order": Order.MISSING}, ["5", "没来过", "3", "2", "1", "4"]),
        ({"units": ()}, []),
        ({"units": (UNIT, OTHER), "group": Group.BEHIND, "lacks": "professional"}, ["2", "3", "5", "没来过"]),
    ],
)
async def test_every_number_leads_to_the_people_behind_it(
    store: Store, fields: dict[str, object], expected: list[str]
) -> None:
    await peopled(store)
    assert await names(store, **fields) == expected
    wanted = replace(Wanted((UNIT,), 2026), **fields)  # type: ignore[arg-type]
    assert await store.census.total(wanted) == len(expected)


async def test_pages_go_on_by_key_in_both_orders_and_back(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rolls, "PAGE", 2)
    rolls._listed.cache_clear()
    try:
        await peopled(store)
        for order in Order:
            wanted = Wanted((UNIT,), 2026, order=order)
            pages, after = [], 0
            while True:
                page, more = await store.census.listed(wanted, after)
                pages.append([one.member.id for one in page])
                if not more:
                    break
                after = page[-1].member.id
            assert [len(page) for page in pages] == [2, 2, 2]
            assert len({id_ for page in pages for id_ in page}) == 6
            before, more = await store.census.listed(wanted, pages[2][0], back=True)
            assert ([one.member.id for one in before], more) == (pages[1], True)
            first, more = await store.census.listed(wanted, pages[1][0], back=True)
            assert ([one.member.id for one in first], more) == (pages[0], False)
    finally:
        rolls._listed.cache_clear()


async def test_people_are_found_by_name_by_number_and_by_a_part_only_in_ones_units(store: Store) -> None:
    await peopled(store)
    card = "150102199003071234"
    await store.desk.import_roster(UNIT, [Employee("王小明", id_number=card, department="内科")], NOW)

    async def found(words: str, *units: str) -> list[str]:
        return [one.member.name for one in await store.census.found(units or (UNIT,), words, 2026)]

    assert await found("员工2") == ["员工2"]
    assert await found(" 员 工2 ") == ["员工2"]
    assert await found("小明") == ["王小明"]
    assert await found(card.lower()) == ["王小明"]
    assert await found(card, OTHER) == []
    assert await found("员工9") == []
    assert await found("  ") == []
    (one,) = await store.census.found((UNIT,), "员工3", 2026)
    assert one.standing is not None
    assert one.standing.missing == 75


async def test_hours_of_the_year_stand_by_month_beside_last_years(store: Store) -> None:
    await peopled(store)
    this, last = await store.census.courses([UNIT], 2026)
    assert [hours for hours in this.months if hours] == [40, 50]
    assert (this.months[2], this.months[10]) == (40, 50)
    assert this.regions == {"jilin": 4}
    assert sum(last.months) == 0
    assert len(this.months) == len(MONTHS) == 12


async def test_what_waits_is_counted_by_age(store: Store) -> None:
    await joined(store, 1, records=2)
    await joined(store, 2, "外科")
    await joined(store, 3, unit=OTHER)
    inner, surgery = await store.census.queues([UNIT], NOW + timedelta(days=7))
    assert (inner.department, inner.waiting, inner.oldest, inner.older) == ("内科", 2, NOW, (2, 2, 0))
    assert (surgery.department, surgery.waiting) == ("外科", 1)


async def test_a_roster_row_is_read_in_its_own_unit_only(store: Store) -> None:
    await store.desk.import_roster(UNIT, [Employee("王小明", id_number="150102199003071234")], NOW)
    (row,) = await store.desk.roster(UNIT)
    found = await store.census.enrolled([UNIT], row.id)
    assert found is not None
    assert (found.member.name, found.id_number, found.bound_at) == ("王小明", "150102199003071234", None)
    assert await store.census.enrolled([OTHER], row.id) is None
    assert await store.census.enrolled([], row.id) is None


# Moving


async def test_somebody_moves_with_everything_and_is_told_once(store: Store) -> None:
    person = await joined(store, 1, missing=20, complete=False)
    (row,) = await store.desk.roster(UNIT)
    hr = await joined(store, 7, unit=OTHER)
    one = await store.census.enrolled([UNIT], row.id)
    assert one is not None
    there = await store.placing.move("k1", one, OTHER, "检验科", hr, "您已调到二院", NOW)
    with pytest.raises(Conflict):
        await store.placing.move("k1", one, OTHER, "检验科", hr, "您已调到二院", NOW)
    assert await store.desk.roster(UNIT) == []
    moved = await store.census.enrolled([OTHER], there)
    assert moved is not None
    assert (moved.member.name, moved.member.department, moved.member.person_id) == ("员工1", "检验科", person)
    found = await store.find_person(person)
    assert found is not None
    assert (found.profile["unit"], found.profile["department"]) == (OTHER, "检验科")
    (past,) = await store.placing.history(there, person)
    assert (past.from_unit, past.to_unit, past.to_department, past.at) == (UNIT, OTHER, "检验科", NOW)
    assert [one.name for one in await store.placing.latest([UNIT])] == ["员工1"]
    assert len(await store.placing.latest([OTHER])) == 1
    told = await store.take_deliveries(later(1), 10, "a")
    assert [one.reply.text for one in told if one.person_id == person] == ["您已调到二院"]
    assert len(await store.load_entries(person, None)) == 1
    assert [one.waiting for one in await store.census.queues([OTHER], NOW)] == [1, 1]


async def test_a_move_finds_the_row_that_the_other_unit_has_already(store: Store) -> None:
    card = "150102199003071234"
    await store.desk.import_roster(UNIT, [Employee("王小明", id_number=card)], NOW)
    await store.desk.import_roster(OTHER, [Employee("王小明", id_number=card, department="旧科室")], NOW)
    hr = await joined(store, 7, unit="三院")
    (row,) = await store.desk.roster(UNIT)
    one = await store.census.enrolled([UNIT], row.id)
    assert one is not None
    there = await store.placing.move("k1", one, OTHER, "新科室", hr, "", NOW)
    assert there != row.id
    (only,) = await store.desk.roster(OTHER)
    assert (only.id, only.department) == (there, "新科室")
    assert await store.desk.roster(UNIT) == []


async def test_nobody_is_moved_onto_somebody_else(store: Store) -> None:
    await joined(store, 1)
    other = await joined(store, 2, unit=OTHER)
    (row,) = await store.desk.roster(UNIT)
    one = await store.census.enrolled([UNIT], row.id)
    assert one is not None
    await store.desk.import_roster(OTHER, [Employee("员工1", phone="13800000001")], NOW)
    (free,) = [each for each in await store.desk.roster(OTHER) if each.person_id is None]
    said = message(50, "oStaff2")
    turn = await opened(store, said)
    joins = (Join(OTHER, "", "员工1", "13800000001", free.id),)
    await store.settle(replace(change(said, turn), joins=joins), NOW, durable=True)
    with pytest.raises(Taken):
        await store.placing.move("k1", one, OTHER, "", other, "", NOW)
    assert [each.name for each in await store.desk.roster(UNIT)] == ["员工1"]


async def test_who_leaves_is_off_the_roster_and_keeps_their_record(store: Store) -> None:
    person = await joined(store, 1)
    (row,) = await store.desk.roster(UNIT)
    one = await store.census.enrolled([UNIT], row.id)
    assert one is not None
    await store.placing.move("k1", one, "", "", person, "", NOW)
    assert await store.desk.roster(UNIT) == []
    assert len(await store.load_entries(person, None)) == 1
    with pytest.raises(Conflict):
        await store.placing.move("k2", one, UNIT, "外科", person, "", NOW)
    found = await store.find_person(person)
    assert found is not None
    assert "unit" not in found.profile


# Invitations


async def test_an_invitation_can_be_printed_again_and_ended(store: Store, url: str) -> None:
    hr = await joined(store, 7)
    vault = Vault([KEY])
    poster = Poster("p1", UNIT, "外科", "K7M2Q9XA", "http://example.invalid/q/1", NOW, NOW + INVITED_FOR)
    assert await store.placing.make_poster(poster, hr, NOW)
    assert not await store.placing.make_poster(replace(poster, code="OTHER234"), hr, NOW)
    assert await store.placing.posters([UNIT], NOW) == [poster]
    assert await store.placing.poster([OTHER], "p1") is None
    assert await store.placing.posters([OTHER], NOW) == []
    person = await joined(store, 8, unit=OTHER)
    membership = await store.desk.membership(person, "K7M2Q9XA", "", "", NOW)
    assert (membership.invited, membership.invited_department) == (UNIT, "外科")
    assert b"K7M2Q9XA" not in bytes((await raw(url, "SELECT code FROM posters"))[0][0])
    assert vault.digest("K7M2Q9XA", "invitations")
    await store.placing.end_poster(poster, NOW)
    assert await store.placing.posters([UNIT], NOW) == []
    assert (await store.desk.membership(person, "K7M2Q9XA", "", "", NOW)).invited is None


# Entering for somebody else


def entered(*entries: NewEntry) -> tuple[NewEntry, ...]:
    return tuple(entry.model_copy(update={"note": entered_note(UNIT, "赵主任")}) for entry in entries)


async def test_hr_enters_for_somebody_once_and_it_says_so(store: Store) -> None:
    person = await joined(store, 1)
    record = await store.entering.record(person)
    assert record is not None
    what = Entering(record, entered(claim("院内培训")), told="赵主任替您登记了院内培训")
    assert await store.entering.enter("hr once", what, later(5))
    assert not await store.entering.enter("hr once", what, later(6))
    after = await store.entering.record(person)
    assert after is not None
    assert [entered_by(entry) for entry in after.entries] == [None, (UNIT, "赵主任")]
    assert [one.activity.title for one in fold(after.entries)] == ["讲座0", "院内培训"]
    assert (await store.census.queues([UNIT], NOW))[0].waiting == 2
    told = await store.take_deliveries(later(9), 10, "a")
    assert [one.reply.text for one in told] == ["赵主任替您登记了院内培训"]


async def test_a_record_that_has_moved_on_is_not_written_over(store: Store) -> None:
    person = await joined(store, 1)
    stale = await store.entering.record(person)
    assert stale is not None
    said = message(60, "oStaff1")
    await store.settle(change(said, await opened(store, said), claim("别的")), NOW, durable=True)
    with pytest.raises(Conflict):
        await store.entering.enter("k", Entering(stale, entered(claim("院内培训"))), later(5))
    fresh = await store.entering.record(person)
    assert fresh is not None
    assert await store.entering.enter("k", Entering(fresh, entered(claim("院内培训"))), later(6)), "the key is free yet"
    assert len(await store.load_entries(person, None)) == 3


async def test_there_is_no_record_of_nobody(store: Store) -> None:
    assert await store.entering.record("f" * 32) is None


async def test_who_has_come_and_recorded_nothing_is_counted_once(store: Store) -> None:
    await joined(store, 1, missing=90, professional_missing=60, complete=False)
    await joined(store, 2, complete=True)  # deemed complete: nothing to record
    (found,) = await store.census.figures([UNIT], 2026)
    assert (found.silent, found.by_gap, found.done, found.behind) == (1, (0, 0, 0, 0), 1, 1)
    assert await names(store, group=Group.SILENT) == ["1"]
    assert await names(store, gap=3) == []
