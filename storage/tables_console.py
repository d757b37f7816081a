"""The tables of the console: one-time links, sign-ins, what admins looked at, forms that were sent, units within units.

Of links and sign-ins only keyed digests are kept: who reads the database cannot use them.
"""

from datetime import datetime

from sqlalchemy import Column, String
from sqlmodel import Field, SQLModel

from domain.person import Person
from storage.columns import Instant, text_like
from storage.tables import partial_index
from storage.tables_proofs import HASH, UNIT

_PERSON_ID = text_like(Person, "id")


class LinkRow(SQLModel, table=True):
    """A link that signs a person in once, until `expires_at`; using it deletes the row."""

    __tablename__ = "console_links"
    __table_args__ = (partial_index("ix_console_links_person", "person_id"),)

    digest: str = Field(sa_column=Column(String(HASH), primary_key=True))
    person_id: str = Field(sa_type=_PERSON_ID, foreign_key="people.id")
    made_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)


class SignInRow(SQLModel, table=True):
    """A browser that is signed in. `browser` digests what it calls itself, `device` says it in a word for the person's
    own list; `unit` is the one chosen in the header, empty for all."""

    __tablename__ = "sign_ins"
    __table_args__ = (partial_index("ix_sign_ins_person", "person_id", "created_at"),)

    digest: str = Field(sa_column=Column(String(HASH), primary_key=True))
    person_id: str = Field(sa_type=_PERSON_ID, foreign_key="people.id")
    created_at: datetime = Field(sa_type=Instant)
    seen_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    browser: str = Field(sa_type=String(HASH))
    device: str = Field(sa_type=String(40))
    unit: str = Field(sa_type=String(UNIT))


class AccessRow(SQLModel, table=True):
    """Somebody of a unit saw what is kept of a person; without `person_id`, of everybody of the unit (an export).

    `what` says what they saw. The person may ask for it, so that nothing personal stands in it.
    """

    __tablename__ = "accesses"
    __table_args__ = (
        partial_index("ix_accesses_person", "person_id", "id"),
        partial_index("ix_accesses_unit", "unit", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: str | None = Field(default=None, sa_type=_PERSON_ID, foreign_key="people.id")
    viewer_id: str = Field(sa_type=_PERSON_ID, foreign_key="people.id")
    unit: str = Field(sa_type=String(UNIT))
    what: str = Field(sa_type=String(20))
    at: datetime = Field(sa_type=Instant)


class PostRow(SQLModel, table=True):
    """A form that was sent: its key makes what it asks for happen once."""

    __tablename__ = "posts"
    __table_args__ = (partial_index("ix_posts_at", "at"),)

    key: str = Field(sa_column=Column(String(HASH), primary_key=True))
    at: datetime = Field(sa_type=Instant)


class UnitRow(SQLModel, table=True):
    """A unit that belongs to a larger one: who is an admin there is one here."""

    __tablename__ = "units"
    __table_args__ = (partial_index("ix_units_parent", "parent"),)

    name: str = Field(sa_column=Column(String(UNIT), primary_key=True))
    parent: str = Field(sa_type=String(UNIT))
