"""The table of registration forms that were issued."""

from datetime import datetime

from sqlalchemy import Column, LargeBinary, String
from sqlmodel import Field, SQLModel

from domain.paper import CODE_LENGTH
from domain.person import Person
from storage.columns import Instant, text_like
from storage.tables import partial_index


class FormRow(SQLModel, table=True):
    """A registration form. `head_seq` is the person's last entry when it was made; `content` is sealed.

    It goes with the person: when they have their data deleted, the code is unknown from then on.
    """

    __tablename__ = "forms"
    __table_args__ = (partial_index("ix_forms_person", "person_id"),)

    code: str = Field(sa_column=Column(String(CODE_LENGTH), primary_key=True))
    person_id: str = Field(sa_column=Column(text_like(Person, "id"), nullable=False))
    year: int
    issued_at: datetime = Field(sa_type=Instant)
    head_seq: int
    content: bytes = Field(sa_type=LargeBinary)
