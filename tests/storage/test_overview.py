"""A unit's figures are exact, and only the unit's, on both databases."""

from domain.overview import Group
from storage.members import Employee
from storage.store import Store
from tests.storage.said import NOW
from tests.storage.test_broadcasts import UNIT, joined, unit


async def test_groups_count_everybody_on_the_roster(store: Store) -> None:
    await unit(store)
    found = await store.overview.of(UNIT, 2026)
    assert found.groups == (
        Group("", people=1, done=0, open=0, public_behind=1, pending=0, silent=1),
        Group("内科", people=2, done=1, open=0, public_behind=1, pending=0, silent=0),
        Group("外科", people=2, done=0, open=0, public_behind=1, pending=2, silent=1),
    )
    assert set(found.behind) == {"员工2", "员工3", "员工4", "没来过"}
    assert found.behind[-2:] == ("员工2", "员工3"), "who lacks most comes first"
    assert (await store.overview.of(UNIT, 2026, "内科")).behind == ("员工2",)


async def test_a_year_that_is_open_is_not_called_done(store: Store) -> None:
    await joined(store, 1, missing=0)
    (group,) = (await store.overview.of(UNIT, 2026)).groups
    assert (group.done, group.open) == (0, 1)


async def test_a_name_is_found_in_its_unit_only(store: Store) -> None:
    await joined(store, 1, missing=20, have=70, required=90)
    await store.desk.import_roster("二院", [Employee("员工1")], NOW)
    (one,) = (await store.overview.of(UNIT, 2026, name="员工1")).found
    assert one.joined
    assert one.standing is not None
    assert (one.standing.have, one.standing.missing) == (70, 20)
    (other,) = (await store.overview.of("二院", 2026, name="员工1")).found
    assert (other.joined, other.standing) == (False, None)
    assert (await store.overview.of(UNIT, 2026, name="没有这个人")).found == ()
