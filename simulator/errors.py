"""Refusals: those that the API answers with an errcode, and those that a person meets on the phone."""


class ApiError(Exception):
    """An answer with an errcode other than 0; `extra`: further fields (45065 carries the earlier msg_id)."""

    def __init__(self, errcode: int, errmsg: str, extra: dict[str, object] | None = None) -> None:
        super().__init__(f"{errcode} {errmsg}")
        self.errcode = errcode
        self.errmsg = errmsg
        self.extra = extra or {}


class NotPossible(Exception):
    """What a phone does not let a person do now (write to an account not followed, tap a menu that is not there)."""
