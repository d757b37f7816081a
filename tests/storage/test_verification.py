"""Whatever a stranger does to the ledger's rows, the walk along the chains finds it; what nobody touched is whole."""

import asyncio
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from storage.ledger import COLUMNS
from storage.schema import migrate
from storage.sealing import Vault
from storage.store import SchemaOutdated, Store
from storage.verification import Damage, Finding, Tally, verify
from tests.databases import sqlite_url
from tests.storage.said import KEY, NOW, claim, done, message, raw, withdrawal

PEOPLE = ("oWang", "oLi", "oZhao")
LENGTH = 6


async def fill(url: str) -> None:
    """Three chains of six entries, and a fourth person without any."""
    store = await Store.open(url, Vault([KEY]))
    for sender in PEOPLE:
        first = (await done(store, message(1, sender), claim("甲"), claim("", attrs={}, organizer=""))).entries[0]
        await done(store, message(2, sender), withdrawal(first.id), claim("乙", 2025), claim("丙"))
        await done(store, message(3, sender), claim("丁", 2019))
    await done(store, message(1, "oQuiet"))
    await store.close()


async def look(url: str) -> tuple[Tally, list[Finding]]:
    found: list[Finding] = []
    return await verify(url, found.append), found


async def test_an_untouched_ledger_is_whole_also_beside_the_service(url: str) -> None:
    await fill(url)
    tally, found = await look(url)
    assert (tally, found) == (Tally(people=4, entries=18), [])
    store = await Store.open(url, Vault([KEY]))
    await store.erase((await done(store, message(9))).person.id, NOW)
    assert (await look(url))[1] == []
    await store.close()


async def test_tampering_is_found_on_both_databases(url: str) -> None:
    await fill(url)
    drop = (
        ("DROP TRIGGER ledger_no_update",) if url.startswith("sqlite") else ("DROP TRIGGER ledger_no_change ON ledger",)
    )
    ((victim,),) = await raw(url, "SELECT person_id FROM identities WHERE sender = 'oLi'")
    for sql in (*drop, f"UPDATE ledger SET quantity = 40 WHERE person_id = '{victim}' AND seq = 4"):
        await raw(url, sql)
    tally, found = await look(url)
    assert found == [Finding(victim[:8], 4, Damage.ALTERED)]
    assert tally.findings == 1
    assert str(found[0]).startswith(f"person {victim[:8]}…: entry 4 has been altered; stop the service")


async def test_a_database_without_a_ledger_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="xueshi migrate"):
        await look(f"sqlite:///{tmp_path / 'none.db'}")
    (tmp_path / "empty.db").touch()
    with pytest.raises(SchemaOutdated, match="xueshi migrate"):
        await look(f"sqlite:///{tmp_path / 'empty.db'}")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A filled file whose triggers a stranger has dropped."""
    folder = tmp_path_factory.mktemp("ledger")
    url = sqlite_url(folder)
    asyncio.run(fill(url))
    path = folder / "xueshi.db"
    with closing(sqlite3.connect(path)) as connection:
        for name in ("ledger_no_update", "ledger_no_delete", "ledger_no_replace"):
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("PRAGMA journal_mode=DELETE")
    return path


@contextmanager
def tampered(whole: Path) -> Iterator[tuple[sqlite3.Connection, str]]:
    """A copy to tamper with, and its URL. Looked at after the block."""
    copy = whole.with_name(f"copy-{os.urandom(4).hex()}.db")
    copyfile(whole, copy)
    try:
        with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
            yield connection, f"sqlite:///{copy}"
    finally:
        copy.unlink()


def findings(url: str) -> list[Finding]:
    return asyncio.run(look(url))[1]


def person_of(connection: sqlite3.Connection, sender: str) -> str:
    row = connection.execute("SELECT person_id FROM identities WHERE sender = ?", (sender,)).fetchone()
    return str(row[0])


property_based = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
senders = st.sampled_from(PEOPLE)
seqs = st.integers(1, LENGTH)
garbage = st.one_of(
    st.none(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
    st.binary(max_size=40),
)


@property_based
@given(sender=senders, seq=seqs, column=st.sampled_from(COLUMNS[1:]), value=garbage)
def test_any_value_changed_in_any_column_is_found(whole: Path, sender: str, seq: int, column: str, value: Any) -> None:
    with tampered(whole) as (connection, url):
        person = person_of(connection, sender)
        where = (person, seq)
        before = connection.execute(f"SELECT {column} FROM ledger WHERE person_id = ? AND seq = ?", where).fetchone()
        try:
            connection.execute(f"UPDATE ledger SET {column} = ? WHERE person_id = ? AND seq = ?", (value, *where))
        except sqlite3.IntegrityError:  # the column may not be empty, or the number is taken
            assume(False)
        after = connection.execute(
            f"SELECT count(*) FROM ledger WHERE person_id = ? AND seq = ? AND {column} IS ?", (*where, before[0])
        ).fetchone()
        assume(after == (0,))
        assert [finding.person for finding in findings(url)].count(person[:8]) >= 1


@property_based
@given(sender=senders, gone=st.sets(seqs, min_size=1))
def test_every_missing_entry_is_named(whole: Path, sender: str, gone: set[int]) -> None:
    with tampered(whole) as (connection, url):
        person = person_of(connection, sender)
        for seq in gone:
            connection.execute("DELETE FROM ledger WHERE person_id = ? AND seq = ?", (person, seq))
        left = max(set(range(1, LENGTH + 1)) - gone, default=0)
        expected = [Finding(person[:8], seq, Damage.MISSING) for seq in sorted(gone) if seq < left]
        if left < LENGTH:
            expected.append(Finding(person[:8], left + 1, Damage.CUT_SHORT))
        assert findings(url) == expected


@property_based
@given(sender=senders, one=seqs, other=seqs)
def test_entries_that_change_places_are_found(whole: Path, sender: str, one: int, other: int) -> None:
    assume(one != other)
    with tampered(whole) as (connection, url):
        person = person_of(connection, sender)
        for old, new in ((one, 1000), (other, one), (1000, other)):
            connection.execute("UPDATE ledger SET seq = ? WHERE person_id = ? AND seq = ?", (new, person, old))
        assert {one, other} <= {found.seq for found in findings(url) if found.damage is Damage.ALTERED}


@property_based
@given(thief=senders, owner=senders, seq=seqs)
def test_an_entry_moved_to_another_person_is_found_on_both(whole: Path, thief: str, owner: str, seq: int) -> None:
    assume(thief != owner)
    with tampered(whole) as (connection, url):
        people = person_of(connection, thief), person_of(connection, owner)
        connection.execute(
            f"UPDATE ledger SET person_id = ?, seq = {LENGTH + 1} WHERE person_id = ? AND seq = ?", (*people, seq)
        )
        assert {found.person for found in findings(url)} == {person[:8] for person in people}


@property_based
@given(sender=senders, seq=seqs)
def test_an_entry_rewritten_with_a_fitting_hash_breaks_the_next_link(whole: Path, sender: str, seq: int) -> None:
    from storage.ledger import READ_ALL, row_hash

    with tampered(whole) as (connection, url):
        person = person_of(connection, sender)
        connection.execute("UPDATE ledger SET year = 2020 WHERE person_id = ? AND seq = ?", (person, seq))
        compiled = READ_ALL.sqlite
        rows = [compiled.decoded(row) for row in connection.execute(compiled.sql, (person,))]
        (row,) = (row for row in rows if row[COLUMNS.index("seq")] == seq)
        forged = row_hash(row)
        connection.execute("UPDATE ledger SET hash = ? WHERE person_id = ? AND seq = ?", (forged, person, seq))
        expected = (
            Finding(person[:8], seq + 1, Damage.UNLINKED)
            if seq < LENGTH
            else Finding(person[:8], seq, Damage.HEAD_ALTERED)
        )
        assert findings(url) == [expected]


@pytest.mark.parametrize(
    ("sql", "damage"),
    [
        ("UPDATE ledger_heads SET hash = 'x' || hash WHERE person_id = ?", Damage.HEAD_ALTERED),
        ("UPDATE ledger_heads SET seq = 3 WHERE person_id = ?", Damage.HEAD_ALTERED),
        ("UPDATE ledger_heads SET seq = 60 WHERE person_id = ?", Damage.CUT_SHORT),
        ("DELETE FROM ledger_heads WHERE person_id = ?", Damage.HEAD_ALTERED),
        ("DELETE FROM people WHERE id = ?", Damage.STRAY),
    ],
)
def test_heads_and_people_are_looked_at_too(whole: Path, sql: str, damage: Damage) -> None:
    with tampered(whole) as (connection, url):
        person = person_of(connection, "oLi")
        connection.execute(sql, (person,))
        found = findings(url)
    assert {finding.damage for finding in found} == {damage}
    assert {finding.person for finding in found} == {person[:8]}


def test_a_row_added_by_hand_is_found(whole: Path) -> None:
    with tampered(whole) as (connection, url):
        person = person_of(connection, "oLi")
        cells = ", ".join({"seq": "7", "id": "'forged'"}.get(name, name) for name in COLUMNS)
        connection.execute(
            f"INSERT INTO ledger ({', '.join(COLUMNS)}) SELECT {cells} FROM ledger WHERE person_id = ? AND seq = 6",
            (person,),
        )
        assert Finding(person[:8], 7, Damage.ALTERED) in findings(url)


def test_migrating_a_whole_file_keeps_it_whole(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path)
    asyncio.run(fill(url))
    migrate(url)
    assert findings(url) == []
