"""From a value to how people say it and back."""

from calendar import monthrange
from datetime import date, timedelta
from math import isfinite
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nlp.contract import spans_line
from nlp.lunar import lunar_day, lunar_month
from nlp.numerals import value_of

from .test_time import rows

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


CAPITALS = str.maketrans("零一二三四五六七八九十百千", "零壹贰叁肆伍陆柒捌玖拾佰仟")


def spans(text: str, today: date = TODAY) -> dict[str, Any]:
    return spans_line({"id": 1, "text": text, "reference": f"{today}T09:30:00"})


def days(text: str, today: date = TODAY) -> list[tuple[str, str]]:
    return [(said["start"], said["end"]) for said in spans(text, today)["dates"]]


def one(start: date, end: date | None = None) -> list[tuple[str, str]]:
    return [(str(start), str(end or start))]


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


@given(st.integers(1, 99_999_999))
def test_numbers_of_other_mixtures(number: int) -> None:
    assert value_of(spoken(number).translate(CAPITALS)) == number
    assert value_of(f"{number:,}") == number
    if number >= 10_000 and number % 10_000 >= 1000:
        assert value_of(f"{number // 10_000}万{number % 10_000}") == number


@given(st.integers(1, 99), st.sampled_from([("十", 10), ("百", 100), ("千", 1000), ("万", 10_000), ("亿", 10**8)]))
def test_a_lone_last_digit_counts_in_the_next_lower_unit(number: int, unit: tuple[str, int]) -> None:
    head, last = number // 10, number % 10
    assume(head and last and unit[1] > 10)
    assert value_of(f"{DIGITS[head]}{unit[0]}{DIGITS[last]}") == head * unit[1] + last * unit[1] // 10
    assert value_of(f"{DIGITS[head]}{unit[0]}零{DIGITS[last]}") == head * unit[1] + last


@given(st.integers(1, 20), st.integers(2, 40))
def test_fractions(part: int, whole: int) -> None:
    assert spans(f"完成了{spoken(whole)}分之{spoken(part)}")["numbers"] == [round(part / whole, 6)]
    assert spans(f"完成了百分之{spoken(part)}点五")["numbers"] == [round((part + 0.5) / 100, 6)]


@given(st.integers(1, 23), st.integers(1, 59), st.integers(0, 30))
def test_mixed_durations(hours: int, minutes: int, number_of_days: int) -> None:
    said = f"{hours}小时{minutes}分钟"
    assert spans(f"学了{said}")["hours"] == pytest.approx(hours + minutes / 60, abs=1e-5)
    if number_of_days:
        together = spans(f"一共{spoken(number_of_days)}天{hours}小时")["hours"]
        assert together == number_of_days * 24 + hours


@given(
    st.integers(1, 30),
    st.sampled_from([("个半小时", 1, 0.5), ("天半", 24, 0.5), ("个半月", 720, 0.5), ("年半", 8760, 0.5)]),
)
def test_halves(count: int, unit: tuple[str, float, float]) -> None:
    assert spans(f"用了{spoken(count)}{unit[0]}")["hours"] == (count + unit[2]) * unit[1]


def lunar_words(month: int, day: int) -> str:
    name = {1: "正", 11: "冬", 12: "腊"}.get(month, spoken(month))
    tens = "初" + spoken(day) if day <= 10 else "廿" + DIGITS[day - 20] if 20 < day < 30 else spoken(day)
    return f"{name}月{tens}"


@given(st.integers(1991, 2050), st.integers(1, 12), st.integers(1, 29))
def test_lunar_days(year: int, month: int, day: int) -> None:
    assert days(f"农历{year}年{lunar_words(month, day)}") == one(lunar_day(year, month, day))


@given(st.integers(1990, 2055), st.integers(1, 12))
def test_lunar_months_follow_each_other(year: int, month: int) -> None:
    first, last = lunar_month(year, month)
    assert (last - first).days in (28, 29)
    leaps = []
    for at in range(1, 13):
        try:
            leaps.append(lunar_month(year, at, leap=True))
        except ValueError:
            continue
    assert len(leaps) <= 1
    following = lunar_month(year, month + 1)[0] if month < 12 else lunar_month(year + 1, 1)[0]
    if leaps and leaps[0][0] == last + timedelta(days=1):
        last = leaps[0][1]
    assert following == last + timedelta(days=1)


@given(st.integers(2020, 2030), st.integers(1, 12), st.integers(1, 7), st.integers(1, 4))
def test_the_nth_weekday_of_a_month(year: int, month: int, weekday: int, which: int) -> None:
    (said,) = days(f"{year}年{month}月的第{spoken(which)}个周{'一二三四五六日'[weekday - 1]}")
    day = date.fromisoformat(said[0])
    assert (day.year, day.month, day.isoweekday(), (day.day - 1) // 7 + 1) == (year, month, weekday, which)
    (last,) = days(f"{year}年{month}月最后一个周{'一二三四五六日'[weekday - 1]}")
    day = date.fromisoformat(last[0])
    assert day.isoweekday() == weekday
    assert day.month == month
    assert day.day + 7 > monthrange(year, month)[1]


@given(st.integers(2020, 2030), st.integers(1, 12), st.integers(1, 20))
def test_first_and_last_days(year: int, month: int, count: int) -> None:
    end = date(year, month, monthrange(year, month)[1])
    first = date(year, month, 1)
    assert days(f"{year}年{month}月前{count}天") == one(first, first + timedelta(days=count - 1))
    assert days(f"{year}年{month}月最后{count}天") == one(end - timedelta(days=count - 1), end)


@given(st.integers(2015, 2030), st.integers(1, 52))
def test_weeks_of_a_year_are_those_of_iso_8601(year: int, week: int) -> None:
    monday = date.fromisocalendar(year, week, 1)
    assert days(f"{year}年第{week}周") == one(monday, monday + timedelta(days=6))


def shreds() -> list[str]:
    """One to three characters in a row, of all texts of the corpus."""
    texts = [text for _, text, *_ in rows()]
    return sorted({text[at : at + size] for text in texts for size in (1, 2, 3) for at in range(len(text))})


@settings(max_examples=300)
@given(st.lists(st.sampled_from(shreds()), max_size=40).map("".join), st.dates(date(1995, 1, 1), date(2050, 12, 31)))
def test_any_mixture_of_the_corpus_is_answered_in_form(text: str, today: date) -> None:
    answer = spans(text, today)
    assert set(answer) == {"id", "dates", "hours", "numbers"}
    for said in answer["dates"]:
        assert date.fromisoformat(said["start"]) <= date.fromisoformat(said["end"])
    assert answer["hours"] is None or 0 <= answer["hours"] < 1e14
    assert all(isfinite(number) for number in answer["numbers"])


ANY_DAY = st.dates(date(2005, 1, 1), date(2035, 12, 31))


@given(ANY_DAY, st.integers(1, 200))
def test_distances(today: date, count: int) -> None:
    assert days(f"{count}天前", today) == one(today - timedelta(days=count))
    assert days(f"{count}天后", today) == one(today + timedelta(days=count))
    assert days(f"最近{count}天", today) == one(today - timedelta(days=count), today - timedelta(days=1))
    assert days(f"{spoken(count)}周前", today) == one(today - timedelta(days=7 * count))


@given(ANY_DAY, ANY_DAY, st.sampled_from(["到", "至", "-", "~", "——"]), st.integers(0, 4))
def test_full_ranges(one_day: date, other: date, link: str, way: int) -> None:
    start, end = min(one_day, other), max(one_day, other)
    written = [
        "{0.year}年{0.month}月{0.day}日",
        "{0:%Y-%m-%d}",
        "{0.year}.{0.month}.{0.day}",
        "{0:%Y/%m/%d}",
        "{0:%Y%m%d}",
    ]
    assume(start != end)
    if way == 1 and link == "-":
        link = "至"
    assert days(f"{written[way].format(start)}{link}{written[way].format(end)}培训") == one(start, end)


@given(ANY_DAY)
def test_a_day_without_its_year_is_the_latest_up_to_today(today: date) -> None:
    for day in (today, today - timedelta(days=1), today - timedelta(days=180), today - timedelta(days=365)):
        if (day.month, day.day) != (2, 29) and today - timedelta(days=365) < day:
            assert days(f"{day.month}月{day.day}日", today) == one(day)
    for text in ("25号", "周五", "12月30号", "上个月底", "11月份", "月底", "下半年", "国庆节", "正月初一"):
        assert all(date.fromisoformat(start) <= today for start, _ in days(text, today))


@given(ANY_DAY, st.integers(0, 6))
def test_a_list_of_days_keeps_its_month(today: date, more: int) -> None:
    first, second = 2 + more, 12 + 2 * more
    said = days(f"{today.year}年{today.month}月{first}日、{second}日", today)
    assert said == one(today.replace(day=first)) + one(today.replace(day=second))
