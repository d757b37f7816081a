"""How often each interface may be called: by the day (until 00:00 Beijing time) and by the minute."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime

from simulator.errors import ApiError

DAILY = {
    "/cgi-bin/token": 2000,
    "/cgi-bin/stable_token": 500_000,
    "/cgi-bin/message/custom/send": 500_000,
    "/cgi-bin/message/template/send": 100_000,
    "/cgi-bin/message/subscribe/bizsend": 100_000,
    "/cgi-bin/message/mass/sendall": 100,
    "/cgi-bin/message/mass/send": 100,
    "/cgi-bin/message/mass/preview": 100,
    "/cgi-bin/menu/create": 1000,
    "/cgi-bin/menu/delete": 1000,
    "/cgi-bin/menu/get": 10_000,
    "/cgi-bin/message/subscribe/send": 10_000_000,
    "/wxa/msg_sec_check": 2_000_000,
    "/wxa/media_check_async": 200_000,
    "/cgi-bin/media/upload": 100_000,
    "/cgi-bin/media/get": 200_000,
    "/cgi-bin/qrcode/create": 100_000,
    "/cgi-bin/user/info": 5_000_000,
    "/cgi-bin/user/get": 500,
}
BY_MINUTE = {
    "/cgi-bin/stable_token": 10_000,
    "/wxa/msg_sec_check": 4000,
    "/wxa/media_check_async": 2000,
    "/cgi-bin/message/mass/sendall": 60,
    "/cgi-bin/message/mass/send": 60,
}
CLEARS_A_MONTH = 10


class Quotas:
    """Counts calls; `daily` and `by_minute` replace single limits."""

    def __init__(self, daily: Mapping[str, int] | None = None, by_minute: Mapping[str, int] | None = None) -> None:
        self._daily = DAILY | dict(daily or {})
        self._by_minute = BY_MINUTE | dict(by_minute or {})
        self._day: date | None = None
        self._today: Counter[str] = Counter()
        self._minute = ""
        self._this_minute: Counter[str] = Counter()
        self._clears: Counter[str] = Counter()

    def spend(self, path: str, now: datetime) -> None:
        """Counts one call. ApiError 45011 over the minute's limit, 45009 over the day's."""
        self._turn_over(now)
        if self._this_minute[path] >= self._by_minute.get(path, 10**9):
            raise ApiError(45011, "api minute-quota reach limit, must slower, retry next minute")
        if self._today[path] >= self._daily.get(path, 10**9):
            raise ApiError(45009, "reach max api daily quota limit")
        self._this_minute[path] += 1
        self._today[path] += 1

    def limit(self, path: str, *, daily: int | None = None, by_minute: int | None = None) -> None:
        """Sets the limits of one interface; None leaves one as it is."""
        if daily is not None:
            self._daily[path] = daily
        if by_minute is not None:
            self._by_minute[path] = by_minute

    def report(self, path: str, now: datetime) -> dict[str, int]:
        """What `openapi/quota/get` says. ApiError 76021 for a path without a quota."""
        self._turn_over(now)
        if path not in self._daily:
            raise ApiError(76021, "cgi_path not found, please check")
        used = self._today[path]
        return {"daily_limit": self._daily[path], "used": used, "remain": max(0, self._daily[path] - used)}

    def clear(self, now: datetime) -> None:
        """Forgets the day's counts; ApiError 48006 after ten times in a month."""
        month = f"{now:%Y-%m}"
        if self._clears[month] >= CLEARS_A_MONTH:
            raise ApiError(48006, "forbid to clear quota because of reaching the limit")
        self._clears[month] += 1
        self._today.clear()

    def _turn_over(self, now: datetime) -> None:
        if self._day != now.date():
            self._day, self._today = now.date(), Counter()
        minute = f"{now:%Y-%m-%d %H:%M}"
        if self._minute != minute:
            self._minute, self._this_minute = minute, Counter()
