"""What the storage says no with. The sentences hold no personal data and are fit to be shown to an operator."""


class Conflict(Exception):
    """Another turn came first: nothing of this one was written. Open the turn again and decide anew."""


class SchemaOutdated(Exception):
    """The database is not at the schema that this version needs."""


class DatabaseInUse(Exception):
    """Another process has the SQLite file open for writing."""


class TableMissing(Exception):
    """A statement names a table that is not there: the database was never migrated."""


class DatabaseRefused(Exception):
    """PostgreSQL refused a statement. Only its SQLSTATE and the error's name are kept: its text may quote values."""


class NotTaken(Exception):
    """The delivery is not (or no longer) taken by this process: it must not be sent."""


class UnknownPerson(ValueError):
    """There is no person with this id."""


class GuardFailed(Exception):
    """A step that must change a row changed none, or a unique key was taken: its whole bundle was undone.

    `step` is the position of that step; None when a unique key refused it.
    """

    def __init__(self, step: int | None = None) -> None:
        super().__init__(step)
        self.step = step
