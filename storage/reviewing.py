"""Reviews as the console asks for them: every visit is given the units that the reviewer may review for."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from domain.review import Decision, File, Waiting
from domain.standing import Standing
from storage import reviews, second_looks, verdicts
from storage.desk import Run
from storage.reviews import Which
from storage.sealing import Vault


class ReviewingStore:
    """Made by the store (`Store.reviewing`); `run` is its driver's."""

    def __init__(self, run: Run, vault: Vault) -> None:
        self._run = run
        self._vault = vault

    async def waiting(self, units: Sequence[str], department: str = "", event: str = "") -> list[Waiting]:
        """What waits, oldest first; of a department or of one event when these are told."""
        return await self._run(reviews.waiting(self._vault, units, Which(department, event)))

    async def count(self, units: Sequence[str]) -> int:
        return await self._run(reviews.count(units))

    async def find(self, units: Sequence[str], claim_id: str) -> Waiting | None:
        """A claim that waits for these units; None when it is another's, or waits no longer."""
        found = await self._run(reviews.waiting(self._vault, units, Which(claim_id=claim_id)))
        return found[0] if found else None

    async def person_of(self, units: Sequence[str], claim_id: str) -> str | None:
        """Whose claim it is, decided or not; None when it is nobody's of these units."""
        return await self._run(reviews.person_of(units, claim_id))

    async def titles(self, claims: Sequence[Waiting]) -> dict[str, str]:
        """What these claims are about, by their ids."""
        return await self._run(reviews.titles(self._vault, claims))

    async def file(self, waiting: Waiting) -> File | None:
        return await self._run(reviews.file(self._vault, waiting))

    async def usual(self, unit: str) -> timedelta | None:
        """How long a unit's latest reviews took, at the median."""
        return await self._run(reviews.usual(unit))

    async def settle(
        self, reviewer_id: str, key: str, decisions: Sequence[Decision], stood: Sequence[Standing], now: datetime
    ) -> None:
        """Decides, all or nothing; `key` makes the entries once. Conflict: something has moved on meanwhile."""
        await self._run(verdicts.settle(self._vault, reviewer_id, key, decisions, stood, now), durable=True)

    # Second looks

    async def unseen(self, units: Sequence[str], viewer_id: str, claim_id: str = "") -> list[Waiting]:
        """Approved claims that wait for a second look by this reviewer, oldest first; one of them when it is named."""
        return await self._run(second_looks.unseen(self._vault, units, viewer_id, claim_id))

    async def agree(self, claim_id: str, reviewer_id: str, now: datetime) -> None:
        """Nothing against it. Conflict: it has been looked at, or is not theirs to look at."""
        await self._run(verdicts.agree(claim_id, reviewer_id, now), durable=True)

    async def object_to(
        self, reviewer_id: str, key: str, decision: Decision, stood: Sequence[Standing], now: datetime
    ) -> None:
        """Returns what was approved, by an entry behind the first reviewer's. Conflict as above."""
        await self._run(verdicts.object_to(self._vault, reviewer_id, key, decision, stood, now), durable=True)

    async def tally(self, units: Sequence[str]) -> tuple[int, int]:
        """How many second looks there have been, and how many agreed."""
        return await self._run(second_looks.tally(units))

    async def share(self, unit: str) -> int:
        """How many of a hundred approved claims are looked at once more."""
        return await self._run(second_looks.share(unit))

    async def set_share(self, unit: str, percent: int) -> None:
        """ValueError outside 0 to 100."""
        if not 0 <= percent <= 100:
            raise ValueError("a share is 0 to 100 of a hundred")
        await self._run(second_looks.set_share(unit, percent), durable=True)
