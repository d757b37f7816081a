"""What a phrase that names days says. `nlp.datescan` finds phrases, `nlp.almanac` resolves them against a day and a
direction, so that 25号 can look back when something is recorded and ahead when a reminder is set."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pick:
    """A part picked out of a longer stretch: 第三周 is (3, 1, 'week'), 最后两天 (-2, 2, 'day'), 前三季度 (1, 3,
    'quarter'). `which` counts from 1, or from the end when negative. With `weekday` it picks that day: of the n-th
    week (unit 'week'), or the n-th such day of the stretch (unit 'weekday'; 'weekend' with the day behind it)."""

    which: int
    count: int
    unit: str
    weekday: int | None = None


@dataclass(frozen=True, slots=True)
class DatePhrase:
    """What one phrase says; None was not said. `shift`s count from the present unit (上个月 is month_shift -1).

    `last_day`, `last_weekday`, `last_month` end a stretch written inside the phrase (8月15-17号). `part` is a part of
    a month (初 中 底 上旬 …, 上半 下半) or, with 年 before it, of a year. `window` is a stretch that ends or begins
    today (最近三天): (count, unit, -1 or 1). `offset` is a distance (三天前): same form. `season` is one of 春夏秋冬暑.
    `lunar` months and days are of the lunar calendar. `picks` choose within what the rest names. `until` is the
    second phrase of a range. `limit` is 'before' or 'after' when the phrase only bounds (12月31日前).
    """

    at: int
    end: int
    year: int | None = None
    year_shift: int | None = None
    half: int | None = None
    half_shift: int | None = None
    quarter: int | None = None
    quarter_shift: int | None = None
    month: int | None = None
    month_shift: int | None = None
    last_month: int | None = None
    part: str | None = None
    day: int | None = None
    last_day: int | None = None
    week_shift: int | None = None
    weekday: int | None = None
    last_weekday: int | None = None
    day_shift: int | None = None
    last_day_shift: int | None = None
    window: tuple[float, str, int] | None = None
    offset: tuple[float, str, int] | None = None
    festival: str | None = None
    stretch: bool = False
    season: str | None = None
    lunar: bool = False
    leap_month: bool = False
    picks: tuple[Pick, ...] = ()
    until: "DatePhrase | None" = None
    limit: str | None = None

    @property
    def says_year(self) -> bool:
        return self.year is not None or self.year_shift is not None

    @property
    def only_year(self) -> bool:
        """Whether nothing but a year was said."""
        said_more = (self.half, self.quarter, self.month, self.month_shift, self.part, self.day, self.festival)
        return (
            self.says_year
            and self.until is None
            and self.season is None
            and not self.picks
            and all(item is None for item in said_more)
        )

    @property
    def bare_weekday(self) -> bool:
        """Whether nothing but one weekday was said, of no week in particular."""
        return self.weekday is not None and self.week_shift is None and self.last_weekday is None

    @property
    def bare_day(self) -> bool:
        """Whether a day was said without its month (25号)."""
        return self.day is not None and self.month is None and self.month_shift is None

    @property
    def holds_parts(self) -> bool:
        """Whether parts may be picked out of it: a stretch, not a day."""
        if self.day is not None or self.weekday is not None or self.until is not None or self.offset or self.window:
            return False
        return self.stretch if self.festival else self.day_shift is None
