"""What a unit sets, and who saw whom, on both databases."""

from dataclasses import replace
from datetime import date

from domain.access import Seen
from domain.ledger import EntryKind, NewEntry
from domain.proof import Objection, due_when_used
from domain.review import Join
from domain.unit import Reason, UnitSettings
from storage.store import Store
from tests.storage.said import NOW, change, claim, later, message, opened

UNIT, OTHER = "江河设计院", "市第二医院"
PHOTO, LATER_PHOTO = "ab" * 32, "cd" * 32


async def joined(store: Store, sender: str, name: str, unit: str) -> str:
    turn = await opened(store, message(1, sender))
    joins = (Join(unit, "工程部", name, "13900000001"),)
    await store.settle(replace(change(message(1, sender), turn, person={"name": name}), joins=joins), NOW, durable=True)
    return turn.person.id


async def proves(store: Store, sender: str, photo: str, year: int, number: int) -> None:
    """A claim of a year, with a picture that proves it."""
    person_id = (await opened(store, message(1, sender))).person.id
    await store.desk.keep_photo(person_id, photo, "image/jpeg", 1000, NOW)
    said = message(number, sender)
    settled = await store.settle(change(said, await opened(store, said), claim(year=year)), later(number), durable=True)
    attached = NewEntry(kind=EntryKind.PROOF_ATTACHED, year=year, refers_to=settled.entries[0].id, note=photo)
    said = message(number + 1, sender)
    await store.settle(change(said, await opened(store, said), attached), later(number + 1), durable=True)


async def due(store: Store, person_id: str) -> dict[str, date]:
    return {one.photo: one.due_at.date() for one in await store.desk.photos_of(person_id)}


async def test_settings_stand_as_they_were_set(store: Store) -> None:
    assert await store.settings.of_unit(UNIT) == UnitSettings()
    await store.desk.set_organizers(UNIT, ["省人社厅"])
    assert await store.settings.of_unit(UNIT) == UnitSettings(frozenset({"省人社厅"}))
    wanted = UnitSettings(
        frozenset({"市人社局"}), (Reason(Objection.UNREADABLE, "请重拍"), Reason(Objection.NO_PROOF)), 10
    )
    await store.settings.put(UNIT, wanted, NOW)
    assert await store.settings.of_units([UNIT, OTHER]) == {UNIT: wanted, OTHER: UnitSettings()}
    await store.desk.set_organizers(UNIT, [])
    assert await store.settings.of_unit(UNIT) == replace(wanted, organizers=frozenset())
    assert await store.settings.of_units([]) == {}


async def test_proofs_are_kept_as_long_as_the_unit_says(store: Store) -> None:
    wang, li = await joined(store, "oWang", "王建国", UNIT), await joined(store, "oLi", "李娜", OTHER)
    await proves(store, "oWang", PHOTO, 2026, 10)
    await proves(store, "oLi", PHOTO, 2026, 20)
    assert await due(store, wang) == {PHOTO: due_when_used(2026)}
    await store.settings.put(UNIT, UnitSettings(keep_years=10), NOW)
    assert await due(store, wang) == {PHOTO: due_when_used(2026, 10)}, "what is there already moves too"
    assert await due(store, li) == {PHOTO: due_when_used(2026)}, "but not another unit's"
    await proves(store, "oWang", LATER_PHOTO, 2021, 30)
    assert (await due(store, wang))[LATER_PHOTO] == due_when_used(2021, 10)
    await store.settings.put(UNIT, UnitSettings(keep_years=5), NOW)
    assert await due(store, wang) == {PHOTO: due_when_used(2026), LATER_PHOTO: due_when_used(2021)}
    await store.settings.put(UNIT, UnitSettings(keep_years=3), NOW)
    assert await due(store, wang) == {PHOTO: due_when_used(2026, 3), LATER_PHOTO: due_when_used(2021, 3)}


async def test_looks_are_told_to_whom_they_are_about(store: Store) -> None:
    wang, hr = await joined(store, "oWang", "王建国", UNIT), await joined(store, "oHr", "赵主任", UNIT)
    stranger = await joined(store, "oLi", "李娜", OTHER)
    await store.accesses.note(hr, wang, UNIT, Seen.RECORD, NOW)
    await store.accesses.note(hr, wang, UNIT, Seen.RECORD, later(60))
    await store.accesses.note(hr, None, UNIT, Seen.EXPORT, later(120))
    await store.accesses.note(stranger, None, OTHER, Seen.EXPORT, later(180))
    await store.desk.look("key", wang, PHOTO, hr, UNIT, later(240))
    found = await store.accesses.of_person(wang)
    assert [(one.viewer, one.what) for one in found] == [
        ("赵主任", "picture"),
        ("赵主任", "export"),
        ("赵主任", "record"),
    ]
    assert [(one.of, one.what) for one in await store.accesses.of_units([UNIT])] == [
        ("", "export"),
        ("王建国", "record"),
    ]
    assert await store.accesses.of_units([]) == []
    last = (await store.accesses.of_units([UNIT]))[0].id
    assert [one.what for one in await store.accesses.of_units([UNIT], last)] == ["record"]
    await store.erase(wang, later(300))
    assert await store.accesses.of_person(wang) == []
