"""Records that HR enters for somebody else: they say so, in the entry's note, for as long as the ledger stands."""

from domain.ledger import Entry, EntryKind

_MARK = "entered|"


def entered_note(unit: str, by: str) -> str:
    """The note of a claim that somebody of `unit` entered; `by` is their name."""
    return f"{_MARK}{unit}|{by}"[:500]


def entered_by(entry: Entry) -> tuple[str, str] | None:
    """The unit and the name of who entered a claim for its person; None where they told it themselves."""
    if entry.kind is not EntryKind.HOURS_CLAIMED or not entry.note.startswith(_MARK):
        return None
    unit, _, by = entry.note.removeprefix(_MARK).rpartition("|")
    return unit, by
