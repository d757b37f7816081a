"""From a value to how people say it and back."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.contract import spans_line
from nlp.numerals import value_of

TODAY = date(2026, 11, 20)
DIGITS = "零一二三四五六七八九"


def spoken(number: int) -> str:
    """A whole number below 10**8 in Chinese."""
    if number >= 10_000:
        rest = number % 10_000
        between = "零" if 0 < rest < 1000 else ""
        return spoken(number // 10_000) + "万" + between + (spoken(rest) if rest else "")
    said, zero = "", False
    for place, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // place % 10
        if digit:
            said += ("零" if zero and said else "") + DIGITS[digit] + name
            zero = False
        elif said:
            zero = True
    return said.removeprefix("一") if 10 <= number < 20 else said or "零"


def spans(text: str) -> dict:
    return spans_line({"id": 1, "text": text, "reference": f"{TODAY}T09:30:00"})


@given(st.integers(0, 99_999_999))
def test_numbers(number: int) -> None:
    assert value_of(spoken(number)) == number
    assert value_of(str(number)) == number


@given(st.integers(1, 9999))
def test_class_hours(number: int) -> None:
    assert spans(f"一共{spoken(number)}个学时")["numbers"] == [number]


@given(st.integers(1, 300), st.sampled_from([("天", 24), ("小时", 1), ("个小时", 1), ("个星期", 168)]), st.booleans())
def test_durations(count: int, unit: tuple[str, int], written: bool) -> None:
    said = str(count) if written else spoken(count)
    assert spans(f"学了{said}{unit[0]}")["hours"] == count * unit[1]


@given(st.dates(date(2000, 1, 1), date(2035, 12, 31)), st.integers(0, 5))
def test_full_dates(day: date, way: int) -> None:
    said = [
        f"{day:%Y-%m-%d}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}.{day.month}.{day.day}",
        f"{day.year}/{day.month}/{day.day}",
        f"{''.join(DIGITS[int(digit)] for digit in str(day.year))}年{spoken(day.month)}月{spoken(day.day)}号",
        f"{day:%Y%m%d}",
    ][way]
    assert spans(f"{said}参加培训")["dates"] == [{"start": str(day), "end": str(day)}]


@given(st.dates(TODAY - timedelta(days=364), TODAY), st.booleans())
def test_days_of_the_past_year_without_a_year(day: date, written: bool) -> None:
    said = f"{day.month}月{day.day}号" if written else f"{spoken(day.month)}月{spoken(day.day)}日"
    assert spans(said)["dates"] == [{"start": str(day), "end": str(day)}]


@given(st.integers(-2, 1), st.integers(1, 7))
def test_weekdays(week: int, weekday: int) -> None:
    said = {-2: "上上周", -1: "上周", 0: "这周", 1: "下周"}[week] + "一二三四五六日"[weekday - 1]
    monday = TODAY - timedelta(days=TODAY.weekday())
    day = monday + timedelta(days=7 * week + weekday - 1)
    assert spans(f"{said}去的")["dates"] == [{"start": str(day), "end": str(day)}]


@settings(max_examples=200)
@given(st.dates(date(2026, 1, 1), date(2026, 11, 1)), st.integers(1, 18), st.sampled_from(["-", "到", "至", "~"]))
def test_ranges(start: date, length: int, link: str) -> None:
    end = start + timedelta(days=length)
    first = f"{start.month}月{start.day}"
    last = f"{end.day}号" if end.month == start.month else f"{end.month}月{end.day}号"
    assert spans(f"{first}{link}{last}开会")["dates"] == [{"start": str(start), "end": str(end)}]
