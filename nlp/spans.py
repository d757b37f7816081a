"""All that a text says of days, durations and numbers, each word used once."""

from dataclasses import dataclass
from datetime import date

from nlp.almanac import Days, resolve
from nlp.dates import DatePhrase, dates_in
from nlp.quantities import HOURS, Quantity, numbers_in, quantities_in


@dataclass(frozen=True, slots=True)
class Spans:
    """`dates` unresolved, in order; `times` are (at, end, kind) spans of 提前…, 每…, and times of day."""

    text: str
    dates: tuple[DatePhrase, ...]
    times: tuple[tuple[int, int, str], ...]
    quantities: tuple[Quantity, ...]

    def taken(self) -> list[tuple[int, int]]:
        """The spans used, as (at, end)."""
        spans = [(phrase.at, phrase.end) for phrase in self.dates] + [(at, end) for at, end, _ in self.times]
        return spans + [(quantity.at, quantity.end) for quantity in self.quantities]


def spans_of(folded: str) -> Spans:
    """The phrases of a folded text."""
    phrases, times = dates_in(folded)
    blanked = blank(folded, [(phrase.at, phrase.end) for phrase in phrases] + [(at, end) for at, end, _ in times])
    return Spans(folded, tuple(phrases), tuple(times), tuple(quantities_in(blanked)))


def blank(text: str, spans: list[tuple[int, int]]) -> str:
    """`text` with each span replaced by as many U+0001."""
    for at, end in spans:
        text = text[:at] + "\x01" * (end - at) + text[end:]
    return text


def days_said(spans: Spans, today: date) -> list[Days]:
    """The days of every date phrase, looking back from `today`."""
    return [readings[0] for phrase in spans.dates if (readings := resolve(phrase, today, back=True))]


def hours_said(spans: Spans) -> float | None:
    """The elapsed hours of all durations said (天 = 24, 半天 = 12, 周 = 168), or None when there is none."""
    durations = [quantity.value * HOURS[quantity.unit] for quantity in spans.quantities if quantity.unit in HOURS]
    return round(sum(durations), 6) if durations else None


def numbers_said(spans: Spans) -> list[float]:
    """The quantities that are neither a date nor a duration, in order."""
    taken = [span for span in spans.taken() if span not in _counted(spans)]
    counted = [quantity for quantity in spans.quantities if quantity.unit not in HOURS]
    blocked = taken + [(quantity.at, quantity.end) for quantity in counted]
    rest = numbers_in(spans.text, blocked)
    return [quantity.value for quantity in sorted((*counted, *rest), key=lambda quantity: quantity.at)]


def _counted(spans: Spans) -> set[tuple[int, int]]:
    return {(quantity.at, quantity.end) for quantity in spans.quantities if quantity.unit not in HOURS}
