"""Whom a notice did not reach, as a spreadsheet. Every cell is text: none is ever a formula."""

import io
from collections.abc import Iterable

from xlsxwriter import Workbook

from domain.broadcast import Missed
from wording import say

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def sheet(missed: Iterable[Missed]) -> bytes:
    """The list with a heading, names first."""
    made = io.BytesIO()
    with Workbook(made, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        page = book.add_worksheet(say("console.broadcasts.unreached"))
        bold = book.add_format({"bold": True})
        for column, name in enumerate(("person", "department", "reason")):
            page.write_string(0, column, say(f"console.broadcasts.column.{name}"), bold)
        for row, one in enumerate(missed, 1):
            page.write_string(row, 0, one.name)
            page.write_string(row, 1, one.department)
            page.write_string(row, 2, why(one.reason))
        page.set_column(0, 2, 24)
        page.freeze_panes(1, 0)
    return made.getvalue()


def why(reason: str) -> str:
    """Why somebody was not reached, in words."""
    known = reason if reason in REASONS else "other"
    return say(f"console.broadcasts.why.{known}")


REASONS = frozenset(
    {
        *("no_identity", "closed", "not_following", "no_grant", "kept_for_answers", "window_closed", "allowance_used"),
        *("blacklisted", "receives_nothing", "unknown", "given_up", "mass_refused"),
    }
)
