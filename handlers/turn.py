"""All that a handler may know (Turn) and all that it may do (Outcome)."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from domain.broadcast import Noticing
from domain.delivery import Reply
from domain.dialog import Dialog
from domain.ledger import Claim, NewEntry
from domain.message import Message
from domain.person import Person
from domain.reminder import Wishes
from domain.review import Decision, Invitation, Join
from domain.sentence import Sentence
from domain.task import NewTask
from handlers.facts import NONE, Facts
from nlp.reading import Reading
from rules.articles import Texts
from rules.book import Book


@dataclass(frozen=True, slots=True)
class Turn:
    """One message in its context. `now` is aware, in the service's time zone; `claims` are the person's, folded.

    `dialog` is the open dialog or an empty one; `expired` says that a draft has just run out. `facts` holds what the
    route asked for (`routes.needs`). `missed` counts the misunderstandings in a row just before this message.
    """

    message: Message
    reading: Reading
    person: Person
    dialog: Dialog
    claims: list[Claim]
    now: datetime
    book: Book
    texts: Texts
    expired: bool = False
    facts: Facts = NONE
    missed: int = 0

    @property
    def today(self) -> date:
        return self.now.date()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is to be said and done. The first reply answers the message, further ones follow it.

    `dialog` replaces the open dialog (None leaves it as it is); `person` holds the fields that change; `tasks` are done
    after the commit, and their results come back as messages. `decisions` are a reviewer's entries in other people's
    chains; `joins` and `invitation` change a unit's roster; `sign_in` is
    the token of a link into the console. `wishes` is what the person wants of
    reminders from now on; `noticing` is what is done with notices to a unit's people. `misread` are sentences that were
    not understood (`handlers.learning` lets pass what may be kept); `forgets_words` deletes those kept so far.
    """

    replies: tuple[Reply, ...] = ()
    dialog: Dialog | None = None
    entries: tuple[NewEntry, ...] = ()
    person: dict[str, Any] = field(default_factory=dict)
    tasks: tuple[NewTask, ...] = ()
    decisions: tuple[Decision, ...] = ()
    joins: tuple[Join, ...] = ()
    invitation: Invitation | None = None
    sign_in: str = ""
    wishes: Wishes | None = None
    noticing: Noticing | None = None
    misread: tuple[Sentence, ...] = ()
    forgets_words: bool = False
