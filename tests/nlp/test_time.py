"""Days, durations and numbers: the corpus in tests/phrases/time.tsv, alone and inside ordinary sentences."""

import re
from datetime import date
from pathlib import Path

import pytest

from nlp.almanac import resolve
from nlp.contract import spans_line
from nlp.datescan import dates_in
from nlp.daywords import ANYWHERE, POINT
from nlp.normalize import clean, fold

CORPUS = Path(__file__).parent.parent / "phrases" / "time.tsv"
FRAMES = ("{}", "我{}参加了培训", "记一下，{}。")
AIM = 0.99


def rows() -> list[tuple[str, str, str, str, str]]:
    lines = [line for line in CORPUS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return [tuple((line + "\t" * 4).split("\t")[:5]) for line in lines]  # type: ignore[misc]


def expected(days: str, hours: str, numbers: str) -> tuple[list[dict[str, str]], float | None, list[float]]:
    said = [part.split("..") for part in days.split()]
    spans = [{"start": part[0], "end": part[-1]} for part in said]
    return spans, float(hours) if hours else None, [float(number) for number in numbers.split()]


def wrong() -> list[str]:
    found = []
    for today, text, *want in rows():
        for frame in FRAMES:
            sentence = frame.format(text)
            answer = spans_line({"id": 1, "text": sentence, "reference": f"{today}T09:30:00"})
            days, hours, numbers = expected(*want)
            if (answer["dates"], answer["hours"], answer["numbers"]) != (days, hours, numbers):
                found.append(f"{today} {sentence}: {answer} instead of {days} {hours} {numbers}")
    return found


def test_corpus_is_large_and_says_nothing_twice() -> None:
    said = [(today, text) for today, text, *_ in rows()]
    assert len(said) >= 700
    assert len(said) == len(set(said))


def test_corpus_is_read() -> None:
    missed, whole = wrong(), len(rows()) * len(FRAMES)
    assert len(missed) <= (1 - AIM) * whole, "\n".join(missed)


def test_forms_begin_where_they_are_tried() -> None:
    """POINT tries its forms only at certain characters; nothing may be lost by that."""
    everywhere = re.compile(ANYWHERE)
    for _, text, *_ in rows():
        folded = fold(clean(text))
        spans = [found.span() for found in POINT.finditer(folded)]
        assert spans == [found.span() for found in everywhere.finditer(folded)], text


AMBIGUOUS = [
    (date(2026, 11, 22), "这周三", ("2026-11-18", "2026-11-25")),  # a Sunday
    (date(2026, 11, 22), "上周", ("2026-11-09", "2026-11-16")),
    (date(2026, 1, 4), "12月", ("2025-12-01", "2026-12-01")),
    (date(2026, 11, 20), "12月30号", ("2025-12-30", "2026-12-30")),
    (date(2026, 11, 20), "国庆期间", ("2026-10-01", "2026-10-01")),
    (date(2026, 11, 20), "月底", ("2026-10-21", "2026-11-21")),
    (date(2026, 11, 20), "年底", ("2025-12-01", "2026-12-01")),
    (date(2026, 11, 18), "周一到周五", ("2026-11-09", "2026-11-16")),
    (date(2026, 3, 2), "下半年", ("2025-07-01", "2026-07-01")),
    (date(2026, 11, 20), "12月的第一个周五", ("2025-12-05", "2026-12-04")),
]


@pytest.mark.parametrize(("today", "text", "starts"), AMBIGUOUS)
def test_ambiguous_days_have_candidates(today: date, text: str, starts: tuple[str, ...]) -> None:
    (phrase,) = dates_in(fold(text))[0]
    assert tuple(str(first) for first, _ in resolve(phrase, today, back=True)) == starts


@pytest.mark.parametrize(
    ("text", "start"),
    [
        *(("25号", "2026-11-25"), ("周五", "2026-11-20"), ("周四", "2026-11-26"), ("12月30号", "2026-12-30")),
        *(("3月8号", "2027-03-08"), ("年底", "2026-12-01"), ("春节", "2027-02-06"), ("腊月二十三", "2027-01-30")),
        *(("11月", "2026-11-01"), ("下周一", "2026-11-23"), ("月底", "2026-11-21"), ("端午节", "2027-06-09")),
    ],
)
def test_deadlines_look_ahead(text: str, start: str) -> None:
    (phrase,) = dates_in(fold(text))[0]
    assert str(resolve(phrase, date(2026, 11, 20), back=False)[0][0]) == start


@pytest.mark.parametrize("text", ["2月30号", "2025年2月29日", "13月5日", "2026年4月31日", "农历闰三月初一", "第60周"])
def test_days_that_do_not_exist_are_not_said(text: str) -> None:
    assert all(
        day["start"] != day["end"]
        for day in spans_line({"id": 1, "text": text, "reference": "2026-11-20T09:30:00"})["dates"]
    )


def test_reference_must_be_a_time() -> None:
    assert "error" in spans_line({"id": 7, "text": "昨天", "reference": "gestern"})
    assert spans_line({"id": 7, "text": "昨天", "reference": "2026-11-20T09:30:00"})["dates"] == [
        {"start": str(date(2026, 11, 19)), "end": str(date(2026, 11, 19))}
    ]
