"""Papers that the service issues: registration forms with a check code."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

CODE_LENGTH = 12
CODE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # 32 that are not mistaken for one another


@dataclass(frozen=True, slots=True)
class Form:
    """An issued form. `values` are those of its template, `shown` is what anybody with the code may see.

    `changed`: entries have been added to the person's ledger since.
    """

    code: str
    person_id: str
    year: int
    issued_at: datetime
    values: dict[str, Any]
    shown: dict[str, Any]
    head_seq: int
    changed: bool = False


def check_code(digest: str) -> str:
    """The code of a form: 60 bits of a keyed digest in hex, as 12 letters."""
    bits = int(digest, 16)
    return "".join(CODE_LETTERS[(bits >> 5 * place) & 31] for place in range(CODE_LENGTH))


def spaced(code: str) -> str:
    """K7QF-2M9X-4TBD, as it is printed and read out."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def typed(code: str) -> str | None:
    """The code as somebody typed it, in any case, with spaces or dashes; None when it cannot be one."""
    plain = code.upper().replace("-", "").replace(" ", "")
    right = len(plain) == CODE_LENGTH and set(plain) <= set(CODE_LETTERS)
    return plain if right else None
