"""The table of files that the platform was asked to look at."""

from datetime import datetime

from sqlalchemy import Column, String
from sqlmodel import Field, SQLModel

from domain.person import Person
from storage.columns import Instant, text_like
from storage.tables import partial_index


class FileCheckRow(SQLModel, table=True):
    """A picture of a person under the platform's number for the check; gone when the finding is there."""

    __tablename__ = "file_checks"
    __table_args__ = (
        partial_index("ix_file_checks_person", "person_id"),
        partial_index("ix_file_checks_asked", "asked_at"),
    )

    trace_id: str = Field(sa_column=Column(String(128), primary_key=True))
    person_id: str = Field(sa_column=Column(text_like(Person, "id"), nullable=False))
    photo: str = Field(sa_type=String(64))
    asked_at: datetime = Field(sa_type=Instant)
