"""A turn's two visits: one accepts the message and reads all that it may know, one commits all that it does."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from domain.broadcast import Noticing
from domain.delivery import Reply
from domain.dialog import Dialog
from domain.ledger import Entry, NewEntry
from domain.message import Message
from domain.person import Person
from domain.reminder import Wishes
from domain.review import Decision, Invitation, Join
from domain.sentence import Sentence
from domain.standing import Standing
from domain.task import NewTask
from storage import (
    agendas,
    broadcasts,
    console,
    dialogs,
    inbox,
    ledger,
    mass,
    members,
    outbox,
    people,
    reach,
    reviews,
    sentences,
    standings,
    tasks,
    verdicts,
)
from storage.inbox import Seen
from storage.ledger import Head
from storage.recent import Recent, Sender
from storage.refusals import Conflict, GuardFailed
from storage.sealing import Vault
from storage.statements import Row, Rows, Statement, Step, Visit
from storage.tables import DialogRow, HeadRow, IdentityRow, PersonKeyRow, PersonRow, table


@dataclass(frozen=True, slots=True)
class Opened:
    """A message and its context. `status` says whose it is:

    `new`: yours to run. `late`: yours to run, and the answer will leave through the outbox. `running`: somebody else
    works on it. `settled`: done; `answer` is the passive reply, None when there was none or it left the other way.
    """

    status: str
    answer: Reply | None
    person: Person
    dialog: Dialog
    entries: list[Entry]
    head: Head


@dataclass(frozen=True, slots=True)
class Change:
    """All that a turn does. `dialog_version` and `head` are those it read; `dialog` None leaves the dialog as it is;
    `person` holds the fields that change, `wishes` what is kept of reminders, `standings` the years as they then stand.
    The first reply answers the message, the others go to the outbox. `decisions` are entries in other people's chains,
    `joins` and `invitation` what the turn does to a unit's roster, `sign_in` the token of a link into the
    console, `noticing` what it does with notices. `misread` is
    kept for learning; `forgets_words` deletes what was kept of that.
    """

    message: Message
    person_id: str
    dialog_version: int
    dialog: Dialog | None
    head: Head
    entries: tuple[NewEntry, ...] = ()
    person: dict[str, Any] = field(default_factory=dict)
    replies: tuple[Reply, ...] = ()
    tasks: tuple[NewTask, ...] = ()
    wishes: Wishes | None = None
    standings: tuple[Standing, ...] = ()
    decisions: tuple[Decision, ...] = ()
    joins: tuple[Join, ...] = ()
    invitation: Invitation | None = None
    sign_in: str = ""
    noticing: Noticing | None = None
    misread: tuple[Sentence, ...] = ()
    forgets_words: bool = False


@dataclass(frozen=True, slots=True)
class Settled:
    """`late`: every reply, the first too, has gone to the outbox."""

    late: bool
    entries: list[Entry]


def _context() -> Statement:
    identities, person, dialog = table(IdentityRow), table(PersonRow), table(DialogRow)
    heads, keys = table(HeadRow), table(PersonKeyRow)
    joined = (
        identities.join(person, person.c.id == identities.c.person_id)
        .join(dialog, dialog.c.person_id == person.c.id)
        .join(heads, heads.c.person_id == person.c.id)
        .outerjoin(keys, keys.c.person_id == person.c.id)
    )
    selected = [*people.SELECTED, *dialogs.SELECTED, heads.c.seq, heads.c.hash, keys.c.wrapped]
    return Statement(select(*selected).select_from(joined).where(*people.OF_SENDER))


_CONTEXT = _context()
_PERSON_END = len(people.SELECTED)
_DIALOG_END = _PERSON_END + len(dialogs.SELECTED)


def open_turn(
    vault: Vault, recent: Recent, message: Message, now: datetime, years: Sequence[int], runner: str, *, retake: bool
) -> Visit[Opened]:
    """Accepts the message or sees it again, and reads the person, the dialog and the entries of `years`."""
    sender = people.sender_values(message)
    context = Step(_CONTEXT, sender)
    reading = (Step(ledger.read_years(len(years), by_sender=True), sender | ledger.year_values(years)),)
    along = () if not years or recent.knows(_who(message), years) else reading
    (accepted, found, *read) = yield (inbox.accept(vault, message, now, runner), context, *along)
    if not found:
        yield people.create(message, now)
        (found,) = yield (context,)
        read = []
    seen = Seen("new")
    if not accepted:
        seen = yield from inbox.see_again(vault, message.key, now, runner, retake=retake)
    person, dialog, head = _known(vault, found[0])
    entries = recent.entries(_who(message), years, head)
    if entries is None:
        if years and not read:
            read = yield reading  # later than the head was: what has been added since is not this turn's
        entries = [entry for entry in _entries(vault, person, head, read) if entry.seq <= head.seq]
        recent.keep(_who(message), years, head, entries)
    return Opened(seen.status, seen.answer, person, dialog, entries, head)


def _who(message: Message) -> Sender:
    return (message.channel.value, message.account, message.sender)


def _known(vault: Vault, row: Row) -> tuple[Person, Dialog, Head]:
    person = people.person(vault, row[:_PERSON_END])
    dialog = dialogs.dialog(vault, person.id, row[_PERSON_END:_DIALOG_END])
    return person, dialog, Head(*row[_DIALOG_END:])


def _entries(vault: Vault, person: Person, head: Head, read: list[Rows]) -> list[Entry]:
    if not read or not read[0]:
        return []
    key = vault.person_key(person.id, head.wrapped_key) if head.wrapped_key is not None else None
    return ledger.entries(read[0], key)


def settle(vault: Vault, recent: Recent, change: Change, now: datetime, failed: str = "") -> Visit[Settled]:
    """Commits all of `change` or, with Conflict, nothing."""
    steps, added = _steps(vault, change, now)
    for late in (False, True):
        answer = change.replies[0] if change.replies else None
        settling = inbox.settle(vault, change.message.key, answer, now, late=late, failed=failed)
        outgoing = outbox.put(vault, change.message, change.person_id, change.replies, now, after=0 if late else 1)
        try:
            yield (settling, *steps, *outgoing)
        except GuardFailed as overtaken:
            if late or overtaken.step != 0:
                break
        else:
            recent.extend(_who(change.message), change.head, added)
            return Settled(late, added)
    raise Conflict("another turn came first")


def _steps(vault: Vault, change: Change, now: datetime) -> tuple[list[Step], list[Entry]]:
    """What the change does besides settling and speaking: for a pure question, only noting the contact."""
    person_id = change.person_id
    noted = [*reach.noted(change.message, person_id, now), *mass.told(change.message, now)]
    wanted = [*noted, *tasks.put(vault, change.message, person_id, change.tasks, now)]
    of_unit = change.decisions or change.joins or change.invitation or change.sign_in or change.noticing
    elsewhere = of_unit or change.misread
    if not (change.entries or change.person or change.wishes or change.dialog is not None or elsewhere):
        return wanted, []
    steps = [dialogs.move(vault, person_id, change.dialog_version, change.dialog)]
    added: list[Entry] = []
    if change.entries:
        more, added = ledger.append(vault, person_id, change.message.key, change.head, change.entries, now)
        steps += [*more, *reviews.follow(vault, person_id, added, now)]
    steps += _elsewhere(vault, change, now)
    steps += [sentences.forget(person_id)] if change.forgets_words else []
    steps += sentences.put(vault, person_id, change.message.key, change.misread, now)
    if change.person:
        steps.append(people.change(vault, person_id, change.person))
    if change.wishes is not None:
        if change.entries:
            raise ValueError("a turn changes either entries or wishes: each touches the agenda")
        steps.append(agendas.wish(vault, person_id, change.wishes, now))
    elif change.person and not change.entries:
        steps.append(agendas.touch(person_id, now))
    return [*steps, *(standings.put(one, placed=False) for one in change.standings), *wanted], added


def _elsewhere(vault: Vault, change: Change, now: datetime) -> list[Step]:
    """What a turn does beyond the person's own things: decisions as a reviewer, who belongs to a unit."""
    key, person_id = change.message.key, change.person_id
    steps = [members.join(vault, person_id, joining, now) for joining in change.joins]
    if change.invitation is not None:
        steps.append(members.invite(vault, change.invitation.code, change.invitation.unit, person_id, now))
    if change.sign_in:
        steps += console.link(person_id, change.sign_in, now)
    steps += verdicts.decide(vault, person_id, key, change.decisions, now)
    if change.noticing is not None:
        steps += broadcasts.act(vault, person_id, key, change.noticing, now)
    return steps
