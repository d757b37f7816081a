"""The table of sentences that were not understood, kept with consent."""

from datetime import datetime

from sqlalchemy import Column, LargeBinary, String
from sqlmodel import Field, SQLModel

from domain.person import Person
from storage.columns import Instant, text_like
from storage.tables import partial_index


class SentenceRow(SQLModel, table=True):
    """A sentence without personal data; `content` is sealed all the same. `person_id` is there for taking it back."""

    __tablename__ = "sentences"
    __table_args__ = (partial_index("ix_sentences_person", "person_id"), partial_index("ix_sentences_said", "said_at"))

    id: str = Field(sa_column=Column(String(24), primary_key=True))
    person_id: str = Field(sa_column=Column(text_like(Person, "id"), nullable=False))
    said_at: datetime = Field(sa_type=Instant)
    content: bytes = Field(sa_type=LargeBinary)
