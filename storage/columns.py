"""Column types that differ between the two databases, and lengths taken from the domain.

PostgreSQL keeps instants as `timestamptz` and days as `date`; SQLite has neither type and keeps microseconds since 1970
(UTC) and ISO text, which compare and index as they should.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Date, DateTime, Dialect, String
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlmodel import SQLModel

Converter = Callable[[Any], Any]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Instant(TypeDecorator[datetime]):
    """An aware datetime, read back in UTC; a naive one is refused with ValueError."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return BigInteger() if dialect.name == "sqlite" else DateTime(timezone=True)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        return to_microseconds(value) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return from_microseconds(value) if dialect.name == "sqlite" else value


class Day(TypeDecorator[date]):
    """A calendar day."""

    impl = Date
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return String(10) if dialect.name == "sqlite" else Date()

    def process_bind_param(self, value: date | None, dialect: Dialect) -> Any:
        return to_iso(value) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> date | None:
        return from_iso(value) if dialect.name == "sqlite" else value


def to_microseconds(value: datetime | None) -> int | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return (value - _EPOCH) // _MICROSECOND


def from_microseconds(value: int | None) -> datetime | None:
    return None if value is None else _EPOCH + timedelta(microseconds=value)


def to_iso(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def from_iso(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)


def encoder(kind: TypeEngine[Any]) -> Converter | None:
    """How a value of this type is handed to SQLite's driver; None where it goes as it is."""
    return to_microseconds if isinstance(kind, Instant) else to_iso if isinstance(kind, Day) else None


def decoder(kind: TypeEngine[Any]) -> Converter | None:
    """How SQLite's value of this type, if not NULL, is read; None where it is as it was."""
    return from_microseconds if isinstance(kind, Instant) else date.fromisoformat if isinstance(kind, Day) else None


def text_like(model: type[SQLModel], field: str) -> String:
    """The text column for a field of the domain, as long as the domain lets it be."""
    for rule in model.model_fields[field].metadata:
        length = getattr(rule, "max_length", None)
        if isinstance(length, int):
            return String(length)
    raise ValueError(f"{model.__name__}.{field} has no length")
