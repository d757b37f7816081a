"""Consents to subscribe notifications: one acceptance, one send."""

from collections import Counter


class Grants:
    """How many sends each person has accepted, by template."""

    def __init__(self) -> None:
        self._left: Counter[tuple[str, str]] = Counter()

    def answer(self, openid: str, template_id: str, *, accept: bool) -> None:
        """An acceptance adds one send (they accumulate); a refusal leaves those accepted before."""
        if accept:
            self._left[openid, template_id] += 1

    def withdraw(self, openid: str, template_id: str) -> None:
        """The person switched the template off: nothing is left."""
        self._left.pop((openid, template_id), None)

    def left(self, openid: str, template_id: str) -> int:
        return self._left[openid, template_id]

    def spend(self, openid: str, template_id: str) -> bool:
        """Uses one; False if there is none."""
        if self._left[openid, template_id] < 1:
            return False
        self._left[openid, template_id] -= 1
        return True
