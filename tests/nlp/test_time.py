"""Days, durations and numbers: the corpus in tests/phrases/time.tsv, alone and inside ordinary sentences."""

from datetime import date
from pathlib import Path
from time import process_time

import pytest

from nlp.contract import spans_line

CORPUS = Path(__file__).parent.parent / "phrases" / "time.tsv"
FRAMES = ("{}", "我{}参加了培训", "记一下，{}。")
AIM = 0.97


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


def test_corpus_is_large() -> None:
    assert len(rows()) * len(FRAMES) >= 500


def test_corpus_is_read() -> None:
    missed, whole = wrong(), len(rows()) * len(FRAMES)
    assert len(missed) <= (1 - AIM) * whole, "\n".join(missed)


@pytest.mark.parametrize(
    "said", ["2024年" * 60, "一" * 400, "上" * 400, "1-" * 200, "周" * 400, "8月" * 200, "半" * 400]
)
def test_repetition_is_quick(said: str) -> None:
    began = process_time()
    for _ in range(5):
        spans_line({"id": 1, "text": said, "reference": "2026-11-20T09:30:00"})
    assert (process_time() - began) / 5 < 0.005


def test_reference_must_be_a_time() -> None:
    assert "error" in spans_line({"id": 7, "text": "昨天", "reference": "gestern"})
    assert spans_line({"id": 7, "text": "昨天", "reference": "2026-11-20T09:30:00"})["dates"] == [
        {"start": str(date(2026, 11, 19)), "end": str(date(2026, 11, 19))}
    ]
