"""The tables of speaking first: standings, agendas, reminders that came due, deadlines, ways to reach people, jobs."""

from datetime import date, datetime

from sqlalchemy import Column, DefaultClause, LargeBinary, String, Text, text
from sqlmodel import Field, SQLModel

from domain.message import Message
from domain.person import Person
from domain.reminder import DeadlineSetting, Reminded
from domain.standing import MONTHS, Standing
from storage.columns import Day, Instant, text_like
from storage.tables import partial_index, table

AWAITED = "due_at IS NOT NULL"
UNREACHED = "fate = 'unreachable'"
FIGURES = (  # what is counted
    *("complete", "missing", "public_missing", "professional_missing", "pending", "reviewing", "have", "returned"),
)

_PERSON_ID = text_like(Person, "id")


class StandingRow(Standing, SQLModel, table=True):
    """Where a person stands in a year; derived, and rebuilt from the ledger at any time.

    The figures that a unit's overview counts stand in an index of their own, so that it reads no wide rows.
    """

    __tablename__ = "standings"
    __table_args__ = (
        partial_index("ix_standings_unit", "unit", "year", "department"),
        partial_index("ix_standings_region", "region", "year"),
        partial_index("ix_standings_figures", "year", "person_id", *FIGURES),
    )

    person_id: str = Field(sa_type=_PERSON_ID, primary_key=True, foreign_key="people.id")
    year: int = Field(primary_key=True)
    region: str = Field(sa_type=text_like(Standing, "region"))
    unit: str = Field(sa_type=text_like(Standing, "unit"))
    department: str = Field(sa_type=text_like(Standing, "department"))
    series: str = Field(sa_type=text_like(Standing, "series"))


for _name, _value in (("reviewing", "false"), *((month, "0") for month in MONTHS)):  # they came later than the table
    table(StandingRow).c[_name].server_default = DefaultClause(text(_value))


class AgendaRow(SQLModel, table=True):
    """When a person is next to be looked at (None: nothing is due until something changes), and their sealed wishes.

    What came due after `since` and stands in no record is still to be dealt with. `version` counts what has changed
    about the person: a look settles only at the version that it read.
    """

    __tablename__ = "agendas"
    __table_args__ = (partial_index("ix_agendas_due", "due_at", where=AWAITED),)

    person_id: str = Field(sa_type=_PERSON_ID, primary_key=True, foreign_key="people.id")
    due_at: datetime | None = Field(default=None, sa_type=Instant)
    since: datetime = Field(sa_type=Instant)
    version: int
    wishes: bytes | None = Field(default=None, sa_type=LargeBinary)


class ReminderRow(SQLModel, table=True):
    """A reminder that came due: its key makes it once for ever."""

    __tablename__ = "reminders"
    __table_args__ = (partial_index("ix_reminders_unreachable", "at", where=UNREACHED),)

    person_id: str = Field(sa_type=_PERSON_ID, primary_key=True, foreign_key="people.id")
    year: int = Field(primary_key=True)
    kind: str = Field(sa_column=Column(String(16), primary_key=True))
    stage: str = Field(sa_column=Column(text_like(Reminded, "stage"), primary_key=True))
    fate: str = Field(sa_type=String(16))
    closes: date | None = Field(default=None, sa_type=Day)
    at: datetime = Field(sa_type=Instant)
    reason: str = Field(sa_type=text_like(Reminded, "reason"))


class DeadlineRow(SQLModel, table=True):
    """A day that a unit has set."""

    __tablename__ = "deadlines"

    unit: str = Field(sa_column=Column(text_like(DeadlineSetting, "unit"), primary_key=True))
    year: int = Field(primary_key=True)
    series: str = Field(sa_column=Column(text_like(DeadlineSetting, "series"), primary_key=True))
    kind: str = Field(sa_column=Column(text_like(DeadlineSetting, "kind"), primary_key=True))
    category: str = Field(sa_column=Column(text_like(DeadlineSetting, "category"), primary_key=True))
    opens: date | None = Field(default=None, sa_type=Day)
    closes: date = Field(sa_type=Day)
    label: str = Field(sa_type=text_like(DeadlineSetting, "label"))
    source: str = Field(sa_type=text_like(DeadlineSetting, "source"))
    set_at: datetime = Field(sa_type=Instant)


class CourtesyRow(SQLModel, table=True):
    """How a unit lets its people be spoken to, as JSON."""

    __tablename__ = "courtesies"

    unit: str = Field(sa_column=Column(text_like(DeadlineSetting, "unit"), primary_key=True))
    content: str = Field(sa_type=Text)


class ReachRow(SQLModel, table=True):
    """The way to one identity: customer-service messages `left` until `until`; `closed` says why nothing gets through.

    `massed` counts the mass messages of `massed_month` (YYYY-MM).
    """

    __tablename__ = "reach"
    __table_args__ = (partial_index("ix_reach_person", "person_id"),)

    channel: str = Field(sa_column=Column(String(16), primary_key=True))
    account: str = Field(sa_column=Column(text_like(Message, "account"), primary_key=True))
    sender: str = Field(sa_column=Column(text_like(Message, "sender"), primary_key=True))
    person_id: str = Field(sa_type=_PERSON_ID, foreign_key="people.id")
    contact: str = Field(sa_type=String(16))
    contact_at: datetime | None = Field(default=None, sa_type=Instant)
    left: int
    until: datetime | None = Field(default=None, sa_type=Instant)
    closed: str = Field(sa_type=String(32))
    massed_month: str = Field(sa_type=String(7))
    massed: int


class ConsentRow(SQLModel, table=True):
    """Sends that an identity has agreed to and not used, by template."""

    __tablename__ = "consents"

    channel: str = Field(sa_column=Column(String(16), primary_key=True))
    account: str = Field(sa_column=Column(text_like(Message, "account"), primary_key=True))
    sender: str = Field(sa_column=Column(text_like(Message, "sender"), primary_key=True))
    template_id: str = Field(sa_column=Column(String(64), primary_key=True))
    left: int
    answered_at: datetime = Field(sa_type=Instant)


class UsageRow(SQLModel, table=True):
    """Calls of an interface on a day (of Beijing), and how many the platform allows."""

    __tablename__ = "usages"

    interface: str = Field(sa_column=Column(String(64), primary_key=True))
    day: date = Field(sa_type=Day, primary_key=True)
    used: int
    allowed: int


class JobRow(SQLModel, table=True):
    """When a coarse job of the clock was last done, and for which day; `place` is how far it got."""

    __tablename__ = "jobs"

    name: str = Field(sa_column=Column(String(32), primary_key=True))
    day: date = Field(sa_type=Day)
    place: str = Field(sa_type=String(64))
    done_at: datetime | None = Field(default=None, sa_type=Instant)
