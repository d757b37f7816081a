"""From what was found in a sentence to the slots of an intent: days, amounts, categories, people, reasons."""

import re
from datetime import date
from itertools import pairwise
from typing import Any

from domain.vocabulary import Category, Mode, Unit
from nlp.almanac import Days, resolve
from nlp.dates import DatePhrase
from nlp.features import Sketch
from nlp.numerals import value_of
from nlp.quantities import Quantity
from nlp.reading import Ambiguity, Slots
from nlp.terms import Term, attrs_in, preferred_mode

Range = tuple[int, int]
_NOT = re.compile("(?:不是|并非|不应该是|不该是|不算|不属于|而不是)(?:在|的是|这个)?$")
_CHANGED_TO = re.compile(
    "改成|改为|改到|换成|换到|换为|更正为|更正成|修改为|修改成|变更为|调整为|调成|应该是|应为"
    "|变成|改 ?(?=[0-9])|其实是|实际是|实际上是|而是|实际只有|实际有"
)
_SUBJECTS = frozenset((Mode.PAPER, Mode.MONOGRAPH, Mode.EXAM, Mode.AWARD))
_TAUGHT = re.compile("[^,。;了着过]{0,6}(?:培训|讲座|研修|研讨|报告会|辅导班|网课|直播课)")
_UNITS_IN_ORDER = ("class_hour", "credit", "char", "minute", "clock_hour", "day", "half_day", "item")
_HOURS_AFTER = re.compile(
    r"(?:学时|课时)(?:数)?(?:应该|应|实际)?(?:是|为|改成|改为|换成|写|填|记|改|:|=|有|算|共"
    r"|计)*+[ ]?(?P<n>[0-9]{1,3}(?:\.[0-9])?"
    r"|[一二两三四五六七八九十百]{1,4})(?:个)?(?![0-9天分小条月年号日])"
)
_WRITE = re.compile(
    r"(?:改成|改为|换成|写|填|更正为|应该是|应为|变成|改|是|实际|其实|只有)[ ]?(?P<n>[0-9]{1,3}(?:\.[0-9])?"
    r"|[一二两三四五六七八九十百]{1,4})(?:个)?(?:吧|才对|就行)?$"
)


class Facts:
    """The facts of one stretch of a sentence. `back`: bare dates look back (recording) or ahead (reminders)."""

    def __init__(self, seen: Sketch, today: date, back: bool, within: Range | None = None) -> None:
        self.seen, self.today, self.back = seen, today, back
        self.at, self.end = within or (0, len(seen.text))
        self.ambiguities: list[Ambiguity] = []

    def _here(self, at: int) -> bool:
        return self.at <= at < self.end and not _NOT.search(self.seen.text, max(0, at - 8), at)

    def years(self) -> int | None:
        """The year said alone (去年, 2025年)."""
        for phrase in self.seen.spans.dates:
            if phrase.only_year and self._here(phrase.at):
                return phrase.year if phrase.year is not None else self.today.year + (phrase.year_shift or 0)
        return None

    def phrases(self, since: int = 0) -> list[DatePhrase]:
        """Date phrases that name days, not years alone."""
        return [
            phrase
            for phrase in self.seen.spans.dates
            if not phrase.only_year and phrase.at >= since and self._here(phrase.at)
        ]

    def days(self, since: int = 0) -> Days | None:
        """The days said: of the first phrase, or from the first to the last of neighbouring ones (周三、周四)."""
        phrases = self.phrases(since)
        readings = [(phrase, resolve(phrase, self.today, self.back)) for phrase in phrases]
        readings = [pair for pair in readings if pair[1]]
        if not readings:
            return None
        phrase, found = readings[0]
        if len(found) > 1:
            self.ambiguities.append(Ambiguity("start", found, self.seen.text[phrase.at : phrase.end]))
        start, end = found[0]
        if phrase.window is not None and phrase.window[2] < 0:
            end = self.today  # 最近三天 as people mean it of what they did
        for (before, _), (after, more) in pairwise(readings):
            between = self.seen.text[before.end : after.at].strip(" 、,和及与跟")
            if between or more[0][0] < start or (more[0][0] - end).days > 3:
                break
            end = more[0][1]
        return (start, end)

    def amount(self, since: int = 0) -> tuple[float, Unit] | None:
        """The quantity that decides: stated class hours first; daily ones times the days."""
        here = [q for q in self.seen.spans.quantities if q.contract_unit and q.at >= since and self._here(q.at)]
        if not here:
            return None
        multiplied = self._daily(here)
        if multiplied:
            return multiplied
        totals = [
            quantity for quantity in here if quantity.total and quantity.unit in ("class_hour", "credit", "clock_hour")
        ]
        best = min(totals or here, key=lambda quantity: _UNITS_IN_ORDER.index(quantity.unit) if not totals else 0)
        if best.unit in ("minute", "clock_hour", "day", "half_day"):
            best = next(
                q for q in here if q.unit in ("minute", "clock_hour", "day", "half_day") and (not totals or q is best)
            )
        return best.value, Unit(best.unit)

    def _daily(self, here: list[Quantity]) -> tuple[float, Unit] | None:
        """每天6学时，学了3天 is 18 学时."""
        daily = [q for q in here if q.unit in ("class_hour", "clock_hour") and self._each_day(q)]
        if not daily or any(q.total for q in here):
            return None
        days = next((q.value for q in here if q.unit == "day" and not q.each), None)
        if days is None and (said := self.days()):
            days = float((said[1] - said[0]).days + 1)
        if not days:
            return None
        return daily[0].value * days, Unit(daily[0].unit)

    def _each_day(self, quantity: Quantity) -> bool:
        before = self.seen.text[max(0, quantity.at - 4) : quantity.at]
        said = self.seen.text[quantity.at : quantity.end]
        return re.search("(?:每天|每日|天天|日均)", before + said) is not None or said.startswith("一天")

    def category(self, since: int = 0) -> Category | None:
        """The subject category; the last one when a correction names two."""
        here = [
            term.value
            for term in self.seen.terms
            if term.kind == "category" and term.at >= since and self._here(term.at)
        ]
        return here[0] if here else None

    def mode(self, since: int = 0) -> Mode | None:
        """The learning mode that decides."""
        here = [
            term.value
            for term in self.seen.terms
            if term.kind == "mode" and term.at >= since and self._here(term.at) and not self._is_subject(term)
        ]
        return preferred_mode(here) or self._loose_mode(since)

    def _is_subject(self, term: Term) -> bool:
        """论文写作培训, 考试大纲讲座: what is taught, not how it was learned."""
        if term.value not in _SUBJECTS:
            return False
        return _TAUGHT.match(self.seen.text, term.end) is not None

    def _loose_mode(self, since: int) -> Mode | None:
        text = self.seen.text[max(self.at, since) : self.end]
        if re.search("培训(?!机构|证|学校)", text):
            return Mode.TRAINING_CLASS
        return Mode.ACADEMIC_CONFERENCE if re.search("会议", text) else None

    def term(self, kind: str) -> Any:
        """The first value of a kind of term."""
        return next((term.value for term in self.seen.terms if term.kind == kind and self._here(term.at)), None)

    def place_of_change(self) -> int:
        """Where a correction says the new value: after 改成, 应该是, or the last 是 behind a 不是."""
        text = self.seen.text
        found = list(_CHANGED_TO.finditer(text))
        return found[-1].end() if found else 0

    def bare_hours(self) -> float | None:
        """A number said of 学时 without standing before it: 学时改成12, 写8."""
        found = _HOURS_AFTER.search(self.seen.text) or _WRITE.search(self.seen.text)
        return value_of(found["n"]) if found else None

    def attrs(self, mode: Mode | None) -> dict[str, Any]:
        """Further conditions said: the level of a meeting, a journal, a prize."""
        return attrs_in(self.seen.text[self.at : self.end], mode)


def put_days(slots: Slots, days: Days | None) -> None:
    """The days into start and end."""
    if days:
        slots["start"], slots["end"] = days


def put_amount(slots: Slots, amount: tuple[float, Unit] | None) -> None:
    """The quantity, whole numbers as int."""
    if amount:
        slots["quantity"], slots["unit"] = tidy(amount[0]), amount[1]


def tidy(value: float) -> float:
    """3.0 as 3, others to six places."""
    return int(value) if value == int(value) else round(value, 6)
