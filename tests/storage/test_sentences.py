"""Sentences that were not understood: kept once, sealed, taken back, exported from beside a running service."""

import json
from datetime import UTC, timedelta

from domain.dialog import Dialog
from domain.sentence import Sentence
from storage.sealing import Vault
from storage.sentences import KEPT_FOR, everything
from storage.store import Change, Store
from tests.storage.said import KEY, NOW, YEARS, message, raw

SAID = Sentence("今天股票会涨吗", "category")


async def keep(store: Store, number: int, *said: Sentence, forgets: bool = False) -> str:
    sent = message(number)
    opened = await store.open_turn(sent, NOW, YEARS, "runner")
    change = Change(
        message=sent,
        person_id=opened.person.id,
        dialog_version=opened.dialog.version,
        dialog=Dialog(),
        head=opened.head,
        misread=said,
        forgets_words=forgets,
    )
    await store.settle(change, NOW, durable=True)
    return opened.person.id


async def test_a_kept_sentence_is_sealed_and_comes_out_again(store: Store, url: str) -> None:
    await keep(store, 1, SAID)
    ((stored,),) = await raw(url, "SELECT content FROM sentences")
    assert "股票".encode() not in bytes(stored)
    (kept,) = [one async for one in everything(url, Vault([KEY]))]
    assert (kept.sentence, kept.said_at) == (SAID, NOW)
    assert message(1).sender not in json.dumps([kept.id])


async def test_only_what_was_said_since_a_day_is_exported(store: Store, url: str) -> None:
    await keep(store, 1, SAID)
    assert not [one async for one in everything(url, Vault([KEY]), NOW.astimezone(UTC) + timedelta(seconds=1))]
    assert [one async for one in everything(url, Vault([KEY]), NOW)]


async def test_taking_consent_back_deletes_what_was_kept_of_this_person_only(store: Store, url: str) -> None:
    await keep(store, 1, SAID)
    other = message(1, sender="oLi")
    opened = await store.open_turn(other, NOW, YEARS, "runner")
    change = Change(other, opened.person.id, opened.dialog.version, Dialog(), opened.head, misread=(SAID,))
    await store.settle(change, NOW, durable=True)
    await keep(store, 2, forgets=True)
    assert await raw(url, "SELECT person_id FROM sentences") == [(opened.person.id,)]


async def test_deletion_of_a_person_takes_their_sentences_along(store: Store, url: str) -> None:
    await store.erase(await keep(store, 1, SAID), NOW)
    assert await raw(url, "SELECT count(*) FROM sentences") == [(0,)]


async def test_after_half_a_year_a_sentence_goes(store: Store, url: str) -> None:
    await keep(store, 1, SAID)
    await store.purge(NOW + KEPT_FOR)  # what was said goes sooner than that
    assert [one async for one in everything(url, Vault([KEY]))]
    assert await store.purge(NOW + KEPT_FOR + timedelta(seconds=1)) == 1
