"""All that a text says of days, durations and numbers, each word used once."""

from dataclasses import dataclass
from datetime import date

from nlp.almanac import Days, resolve
from nlp.codes import codes_in
from nlp.dates import DatePhrase
from nlp.datescan import dates_in
from nlp.distances import window
from nlp.numbers import numbers_in
from nlp.quantities import HOURS, Quantity, quantities_in


@dataclass(frozen=True, slots=True)
class Spans:
    """`dates` unresolved, in order; `times` are (at, end, kind) spans of 提前…, 每…, and times of day; `codes` are
    (at, end) of what holds digits and says nothing of days or amounts."""

    text: str
    dates: tuple[DatePhrase, ...]
    times: tuple[tuple[int, int, str], ...]
    quantities: tuple[Quantity, ...]
    codes: tuple[tuple[int, int], ...] = ()

    def taken(self) -> list[tuple[int, int]]:
        """The spans used, as (at, end)."""
        spans = [(phrase.at, phrase.end) for phrase in self.dates] + [(at, end) for at, end, _ in self.times]
        return spans + [(quantity.at, quantity.end) for quantity in self.quantities]


def spans_of(folded: str) -> Spans:
    """The phrases of a folded text."""
    codes = codes_in(folded)
    readable = blank(folded, codes)
    phrases, times = dates_in(readable)
    blanked = blank(readable, [(phrase.at, phrase.end) for phrase in phrases] + [(at, end) for at, end, _ in times])
    return Spans(folded, tuple(phrases), tuple(times), tuple(quantities_in(blanked)), tuple(codes))


def blank(text: str, spans: list[tuple[int, int]]) -> str:
    """`text` with each span replaced by as many U+0001."""
    for at, end in spans:
        text = text[:at] + "\x01" * (end - at) + text[end:]
    return text


def days_said(spans: Spans, today: date) -> list[Days]:
    """The days of every date phrase, looking back from `today`; 前三天 right behind a day counts from that day."""
    said: list[Days] = []
    before: DatePhrase | None = None
    for phrase in spans.dates:
        if said and before and _before_it(spans.text, before, phrase) and phrase.window:
            said[-1] = window(phrase.window, said[-1][0])
        elif readings := resolve(phrase, today, back=True):
            said.append(readings[0])
        before = phrase
    return said


def _before_it(text: str, day: DatePhrase, phrase: DatePhrase) -> bool:
    """Whether `phrase` is 前三天 and stands right behind `day` (whose bound the 前 may be taken for)."""
    return text[phrase.at] == "前" and day.end - phrase.at in (0, 1)


def hours_said(spans: Spans) -> float | None:
    """The elapsed hours of all durations said (天 = 24, 半天 = 12, 周 = 168), or None when there is none."""
    durations = [quantity.value * HOURS[quantity.unit] for quantity in spans.quantities if quantity.unit in HOURS]
    return round(sum(durations), 6) if durations else None


def numbers_said(spans: Spans) -> list[float]:
    """The quantities that are neither a date nor a duration, in order."""
    counted = [quantity for quantity in spans.quantities if quantity.unit not in HOURS]
    rest = numbers_in(spans.text, [*spans.taken(), *spans.codes])
    return [quantity.value for quantity in sorted((*counted, *rest), key=lambda quantity: quantity.at)]
