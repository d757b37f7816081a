"""`xueshi check-rules --rehearse`: everybody looked at from a real database, only ids printed, progress aside."""

import base64
from datetime import date
from pathlib import Path

import pytest

from bot import rehearsal
from bot.inspection import Found
from bot.settings import Settings
from domain.vocabulary import WorkField
from storage.population import everybody
from storage.sealing import Vault
from storage.store import Store
from tests.bot.test_commands import run
from tests.databases import KINDS, url_of
from tests.rules.books import Content, write
from tests.storage.said import KEY, NOW, change, claim, message, opened, withdrawal

Town = tuple[str, dict[str, str]]  # the database, and the ids of who lives there
SECRET = base64.urlsafe_b64encode(KEY).decode()


def higher(content: Content) -> None:
    """4 学时 a half day become 3, and 90 a year become 100, from 2026."""
    rules = content["conversions"]
    later = {**rules[1], "start": date(2026, 1, 1), "hours": 3}
    rules.insert(1, later)
    total = content["annual_hours"]["total"]
    total.append({**total[0], "start": date(2026, 1, 1), "hours": 100})


async def tell(store: Store, sender: str, region: str | None, *entries: object, **person: object) -> str:
    said = message(1, sender)
    turn = await opened(store, said)
    await store.settle(
        change(said, turn, *entries, person={"region": region, **person}),  # type: ignore[arg-type]
        NOW,
        durable=True,
    )
    return turn.person.id


@pytest.fixture(params=KINDS)
async def town(request: pytest.FixtureRequest, tmp_path: Path) -> Town:
    """A database with four people, and their ids."""
    url = url_of(request.param, tmp_path)
    store = await Store.open(url, Vault([KEY]))
    try:
        ids = {
            "lecturer": await tell(store, "oWang", "neimenggu", claim(title="王某讲座"), claim(year=2025), name="王某"),
            "idle": await tell(store, "oLi", "neimenggu", work_field=WorkField.HEALTH),
            "elsewhere": await tell(store, "oZhao", "jilin", claim()),
            "unknown": await tell(store, "oQian", None, claim()),
        }
        said = message(2, "oWang")
        turn = await opened(store, said)
        withdrawn = claim(title="撤回的")
        await store.settle(change(said, turn, withdrawn), NOW, durable=True)
        entries = await store.load_entries(ids["lecturer"], None)
        said = message(3, "oWang")
        turn = await opened(store, said)
        await store.settle(change(said, turn, withdrawal(entries[-1].id)), NOW, durable=True)
    finally:
        await store.close()
    return url, ids


async def test_everybody_is_read_with_what_rulings_ask(town: Town) -> None:
    url, ids = town
    found = {one.id: one async for one in everybody(url, Vault([KEY]))}
    assert set(found) == set(ids.values())
    lecturer = found[ids["lecturer"]]
    assert (lecturer.region, lecturer.work_field) == ("neimenggu", None)
    assert [entry.seq for entry in lecturer.entries] == [1, 2, 3, 4]
    assert lecturer.entries[0].activity is not None
    assert lecturer.entries[0].activity.attrs == {"level": "province"}
    assert found[ids["idle"]].work_field == "health"
    assert found[ids["idle"]].entries == []
    blind = {one.id: one async for one in everybody(url, None)}
    sealed = blind[ids["lecturer"]].entries[0].activity
    assert sealed is not None
    assert (sealed.quantity, sealed.attrs) == (1.5, {})


async def test_who_moves_is_printed_with_the_reasons(
    town: Town,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url, ids = town
    monkeypatch.setattr(rehearsal, "_TOLD_EVERY", 2)
    settings = Settings(database_url=url, secret_key=SECRET)
    folder = write("neimenggu", higher, tmp_path / "book")
    await rehearsal.run(settings, folder, date(2026, 11, 21))
    printed = capsys.readouterr()
    lines = printed.out.splitlines()
    total = "required total 90 (hard) → 100 (hard) (measures-2017-3 第十一条)"
    assert set(lines[:2]) == {
        f"{ids['lecturer']} 2026: incomplete, 4 of 90 hours → incomplete, 3 of 100 hours because {total}; "
        "gives academic_lecture by half_day 4 → 3 (measures-2017-3 第十条)",
        f"{ids['idle']} 2026: incomplete, 0 of 90 hours → incomplete, 0 of 100 hours because {total}",
    }
    assert lines[2] == "4 people looked at, 2 move: 0 years become complete, 0 are no longer complete"
    assert lines[3] == f"  2 × {total}"
    assert len(lines) == 5
    assert printed.err.count("looked at") == 2
    assert "王" not in printed.out + printed.err


async def test_a_book_with_problems_is_not_rehearsed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def wrong(content: Content) -> None:
        content["annual_hours"]["total"][0]["source"]["article"] = "第九十九条"

    folder = write("neimenggu", wrong, tmp_path / "book")
    settings = Settings(database_url=f"sqlite+aiosqlite:///{tmp_path}/none.db", secret_key=SECRET)
    with pytest.raises(Found, match="1 problems"):
        await rehearsal.run(settings, folder, date(2026, 11, 21))
    assert "第九十九条" in capsys.readouterr().out


def test_the_command_says_what_it_needs(tmp_path: Path) -> None:
    missing = run("check-rules", "--rehearse", str(tmp_path / "none"), XUESHI_SECRET_KEY=SECRET)
    assert missing.returncode == 2
    folder = write("jilin", lambda content: None, tmp_path / "book")
    nowhere = f"sqlite+aiosqlite:///{tmp_path / 'none.db'}"
    no_ledger = run("check-rules", "--rehearse", str(folder), XUESHI_SECRET_KEY=SECRET, XUESHI_DATABASE_URL=nowhere)
    assert no_ledger.returncode == 1
    assert b"xueshi migrate" in no_ledger.stderr
    assert b"Traceback" not in no_ledger.stderr
    assert run("migrate", XUESHI_SECRET_KEY=SECRET, XUESHI_DATABASE_URL=nowhere).returncode == 0
    same = run("check-rules", "--rehearse", str(folder), XUESHI_SECRET_KEY=SECRET, XUESHI_DATABASE_URL=nowhere)
    assert same.stdout.decode() == "0 people looked at, 0 move: 0 years become complete, 0 are no longer complete\n"
