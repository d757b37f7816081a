"""Tables of the mini program: its tokens, codes that bind it to somebody who chats, who is one across accounts.

Tokens, codes and union ids stand as digests only: who reads the database can neither log in nor bind.
"""

from datetime import datetime

from sqlalchemy import Column, String
from sqlmodel import Field, SQLModel

from domain.message import Message
from domain.person import Person
from storage.columns import Instant, text_like
from storage.tables import partial_index

_PERSON_ID = text_like(Person, "id")
_DIGEST = String(64)


class MiniTokenRow(SQLModel, table=True):
    """An access or refresh token. All that follow from one login are a `family`; `used_at` says that a refresh token
    has been changed for the next: whoever shows it again has stolen it, or was stolen from.
    """

    __tablename__ = "mini_tokens"
    __table_args__ = (
        partial_index("ix_mini_tokens_person", "person_id"),
        partial_index("ix_mini_tokens_family", "family"),
        partial_index("ix_mini_tokens_expires", "expires_at"),
    )

    digest: str = Field(sa_column=Column(_DIGEST, primary_key=True))
    person_id: str = Field(sa_type=_PERSON_ID, foreign_key="people.id")
    account: str = Field(sa_type=text_like(Message, "account"))
    sender: str = Field(sa_type=text_like(Message, "sender"))
    family: str = Field(sa_type=String(32))
    kind: str = Field(sa_type=String(8))
    issued_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    used_at: datetime | None = Field(default=None, sa_type=Instant)


class BindingCodeRow(SQLModel, table=True):
    """A one-time code by which its maker (an identity) and who says it become one person. `used_by` is the digest of
    who used it: the same one may say it again.
    """

    __tablename__ = "binding_codes"
    __table_args__ = (partial_index("ix_binding_codes_person", "person_id"),)

    digest: str = Field(sa_column=Column(_DIGEST, primary_key=True))
    person_id: str = Field(sa_type=_PERSON_ID, foreign_key="people.id")
    channel: str = Field(sa_type=String(16))
    account: str = Field(sa_type=text_like(Message, "account"))
    sender: str = Field(sa_type=text_like(Message, "sender"))
    made_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    used_by: str = Field(sa_type=_DIGEST)


class BindingTryRow(SQLModel, table=True):
    """A wrong code: six digits are not guessed at more than a few an hour."""

    __tablename__ = "binding_tries"
    __table_args__ = (partial_index("ix_binding_tries_person", "person_id", "tried_at"),)

    id: int | None = Field(default=None, primary_key=True)
    person_id: str = Field(sa_type=_PERSON_ID, foreign_key="people.id")
    tried_at: datetime = Field(sa_type=Instant)


class UnionRow(SQLModel, table=True):
    """Which union id an identity has, as a digest: "" when the platform named none at `asked_at`."""

    __tablename__ = "unions"
    __table_args__ = (partial_index("ix_unions_person", "person_id"), partial_index("ix_unions_union", "union"))

    channel: str = Field(sa_column=Column(String(16), primary_key=True))
    account: str = Field(sa_column=Column(text_like(Message, "account"), primary_key=True))
    sender: str = Field(sa_column=Column(text_like(Message, "sender"), primary_key=True))
    person_id: str = Field(sa_type=_PERSON_ID, foreign_key="people.id")
    union: str = Field(sa_type=_DIGEST)
    asked_at: datetime = Field(sa_type=Instant)
