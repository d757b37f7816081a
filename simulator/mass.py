"""Mass messages (群发): at most four a month for each person, each job once by its clientmsgid."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from simulator.errors import ApiError

A_MONTH = 4
_ID_BYTES = 64
_TOO_SOON = timedelta(minutes=1)


@dataclass
class MassJob:
    """One job. `status` is SENDING until it is told to be finished."""

    msg_id: int
    begun_at: datetime
    status: str = "SENDING"
    total: int = 0
    sent: int = 0
    failed: int = 0


class MassJobs:
    """The jobs of one account."""

    def __init__(self) -> None:
        self._jobs: dict[int, MassJob] = {}
        self._by_client_id: dict[str, MassJob] = {}
        self._received: Counter[tuple[str, str]] = Counter()
        self._to_all: list[datetime] = []
        self._next = 34182

    def begin(self, client_id: str, now: datetime, *, to_all: bool) -> MassJob:
        """ApiError 45067 id too long, 45066 the same within a minute, 45065 already sent, 45028 no mass send left."""
        if len(client_id.encode()) > _ID_BYTES:
            raise ApiError(45067, "clientmsgid size out of limit")
        earlier = self._by_client_id.get(client_id)
        if earlier:
            known: dict[str, object] = {"msg_id": earlier.msg_id}
            if now - earlier.begun_at < _TOO_SOON:
                raise ApiError(45066, "same clientmsgid retry too fast", known)
            raise ApiError(45065, "clientmsgid exist", known)
        if to_all:
            self._count_to_all(now)
        self._next += 1
        job = MassJob(self._next, now)
        self._jobs[job.msg_id] = self._by_client_id[client_id] = job
        return job

    def reaches(self, job: MassJob, openid: str, now: datetime) -> bool:
        """Counts one receiver; False for the one who already had four this month."""
        job.total += 1
        month = f"{now:%Y-%m}"
        if self._received[openid, month] >= A_MONTH:
            job.failed += 1
            return False
        self._received[openid, month] += 1
        job.sent += 1
        return True

    def fails(self, job: MassJob) -> None:
        """Counts a receiver who cannot get it (not a follower, reception off)."""
        job.total += 1
        job.failed += 1

    def get(self, msg_id: object) -> MassJob:
        """ApiError 40059 for an unknown job."""
        job = self._jobs.get(msg_id) if isinstance(msg_id, int) else None
        if job is None:
            raise ApiError(40059, "invalid msg id")
        return job

    def _count_to_all(self, now: datetime) -> None:
        this_month = [at for at in self._to_all if f"{at:%Y-%m}" == f"{now:%Y-%m}"]
        if len(this_month) >= A_MONTH or any(at.date() == now.date() for at in this_month):
            raise ApiError(45028, "has no masssend quota")
        self._to_all = [*this_month, now]
