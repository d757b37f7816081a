"""A state machine talks to the ledger and keeps its own plain account of what must be in it."""

import asyncio
import itertools
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from domain.delivery import Reply
from domain.dialog import Dialog
from domain.ledger import EntryKind, NewEntry, fold
from domain.message import Message
from domain.vocabulary import EntryState
from storage.sealing import Vault
from storage.store import Conflict, Opened, Store
from storage.verification import verify
from tests.databases import KINDS, url_of
from tests.storage.said import KEY, NOW, YEARS, change, claim, message, opened, withdrawal

PEOPLE = st.integers(0, 1)
TITLES = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
CLAIMED_IN = st.sampled_from([2019, *YEARS])

_EXAMPLES = itertools.count()


class Account:
    """One person's claims as a plain list: title, year and state, in the order recorded."""

    def __init__(self) -> None:
        self.claims: list[list[Any]] = []
        self.entries = 0
        self.version = 0
        self.answers: dict[str, tuple[Message, str]] = {}

    def standing(self) -> list[int]:
        return [place for place, claim in enumerate(self.claims) if claim[2] is EntryState.CLAIMED]


class Ledger(RuleBasedStateMachine):
    """Every rule is one message, or two at once. `url` and `loop` are set by the test."""

    url: str
    loop: asyncio.AbstractEventLoop

    def __init__(self) -> None:
        super().__init__()
        example = next(_EXAMPLES)
        self.senders = [f"o{example}.{place}" for place in range(2)]
        self.accounts = [Account(), Account()]
        self.numbers = itertools.count(1)
        self.store = self.run(Store.open(self.url, Vault([KEY])))

    def run(self, work: Any) -> Any:
        return self.loop.run_until_complete(work)

    def teardown(self) -> None:
        self.run(self.store.close())

    def say(self, who: int) -> tuple[Message, Opened]:
        said = message(next(self.numbers), self.senders[who])
        return said, self.run(opened(self.store, said))

    def commit(self, who: int, said: Message, read: Opened, *entries: NewEntry, dialog: Dialog | None = None) -> None:
        account, answer = self.accounts[who], f"{said.key}: {len(entries)}"
        made = change(said, read, *entries, replies=(answer,), dialog=dialog)
        self.run(self.store.settle(made, NOW, durable=bool(entries)))
        account.entries += len(entries)
        account.version += bool(entries or dialog is not None)
        account.answers[said.key] = (said, answer)

    def claim_id(self, who: int, place: int) -> str:
        person = self.run(opened(self.store, message(0, self.senders[who]))).person.id
        return fold(self.run(self.store.load_entries(person, None)))[place].id

    @rule(who=PEOPLE, said=st.lists(st.tuples(TITLES, CLAIMED_IN), min_size=1, max_size=4))
    def record(self, who: int, said: list[tuple[str, int]]) -> None:
        self.commit(who, *self.say(who), *[claim(title, year) for title, year in said])
        self.accounts[who].claims += [[title, year, EntryState.CLAIMED] for title, year in said]

    @rule(who=PEOPLE, data=st.data())
    def withdraw(self, who: int, data: st.DataObject) -> None:
        account = self.accounts[who]
        if not account.standing():
            return
        place = data.draw(st.sampled_from(account.standing()))
        claimed = account.claims[place]
        self.commit(who, *self.say(who), withdrawal(self.claim_id(who, place), claimed[1]))
        claimed[2] = EntryState.WITHDRAWN

    @rule(who=PEOPLE, title=TITLES, data=st.data())
    def correct(self, who: int, title: str, data: st.DataObject) -> None:
        account = self.accounts[who]
        if not account.standing():
            return
        place = data.draw(st.sampled_from(account.standing()))
        year, id_ = account.claims[place][1], self.claim_id(who, place)
        replacing = claim(title, year).model_copy(update={"replaces": id_})
        self.commit(who, *self.say(who), withdrawal(id_, year), replacing)
        account.claims[place][2] = EntryState.WITHDRAWN
        account.claims.append([title, year, EntryState.CLAIMED])

    @rule(who=PEOPLE)
    def ask(self, who: int) -> None:
        self.commit(who, *self.say(who))

    @rule(who=PEOPLE, topic=st.sampled_from([None, "claim"]))
    def talk(self, who: int, topic: str | None) -> None:
        self.commit(who, *self.say(who), dialog=Dialog(topic=topic))

    @precondition(lambda self: any(account.answers for account in self.accounts))
    @rule(data=st.data())
    def repeat(self, data: st.DataObject) -> None:
        answers = [answer for account in self.accounts for answer in account.answers.values()]
        said, answer = data.draw(st.sampled_from(answers))
        again = self.run(opened(self.store, said, runner="b"))
        assert (again.status, again.answer) == ("settled", Reply(text=answer))
        with pytest.raises(Conflict):
            self.run(self.store.settle(change(said, again, claim("doppelt")), NOW, durable=True))

    @rule(who=PEOPLE, title=TITLES)
    def record_twice_at_once(self, who: int, title: str) -> None:
        first, second = self.say(who), self.say(who)
        self.commit(who, *first, claim(title))
        with pytest.raises(Conflict):
            self.commit(who, *second, claim("too late"))
        again = self.run(opened(self.store, second[0], retake=True))
        assert again.status == "new"
        self.commit(who, second[0], again, claim(title, 2025))
        self.accounts[who].claims += [[title, year, EntryState.CLAIMED] for year in (2026, 2025)]

    @rule()
    def restart(self) -> None:
        self.run(self.store.close())
        self.store = self.run(Store.open(self.url, Vault([KEY])))

    @invariant()
    def the_ledger_says_what_the_account_says(self) -> None:
        for sender, account in zip(self.senders, self.accounts, strict=True):
            read = self.run(opened(self.store, message(0, sender)))
            entries = self.run(self.store.load_entries(read.person.id, None))
            assert [entry.seq for entry in entries] == list(range(1, account.entries + 1))
            assert [[kept.activity.title, kept.year, kept.state] for kept in fold(entries)] == account.claims
            assert read.entries == [entry for entry in entries if entry.year in YEARS]
            assert (read.head.seq, read.dialog.version) == (account.entries, account.version)
            assert sum(entry.kind is EntryKind.HOURS_CLAIMED for entry in entries) == len(account.claims)


@pytest.mark.parametrize("kind", KINDS)
def test_the_ledger_keeps_a_true_account(kind: str) -> None:
    with tempfile.TemporaryDirectory() as folder, asyncio.Runner() as runner:
        url = url_of(kind, Path(folder))
        machine = type("Machine", (Ledger,), {"url": url, "loop": runner.get_loop()})
        run_state_machine_as_test(machine, settings=settings(max_examples=15, stateful_step_count=20, deadline=None))
        assert runner.run(verify(url, print)).findings == 0
