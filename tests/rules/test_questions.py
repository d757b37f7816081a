"""What people ask is answered from the right article, and what no text says is not answered.

`asked/tuned.txt` is what the ways of asking and the threshold were made with; `asked/fresh.txt` was written afterwards
and nothing was changed for it: its figures are the honest ones.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

import nlp
from rules.articles import Texts
from rules.book import load
from rules.questions import ANSWERS, Questions, Told, sentence_with

PLACES = ["jilin", "jiangxi", "sichuan", "neimenggu", "nantong", "national"]
TEXTS = Texts(load())
QUESTIONS = Questions(TEXTS, nlp.tokens)
ASKED = Path(__file__).parent / "asked"


def rows(name: str) -> Iterator[tuple[str, dict[str, str]]]:
    for line in (ASKED / f"{name}.txt").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            question, *wanted = (part.strip() for part in line.split("|"))
            yield question, dict(zip(PLACES, wanted, strict=True))


def measured(name: str, place: str) -> tuple[int, int, float, float]:
    """How many questions the place answers, how many not; recall at one, and the share of false answers."""
    right = false = answerable = silent = 0
    for question, wanted in rows(name):
        answers = QUESTIONS.ask(place, question).answers
        got = answers[0].article.notation if answers else "-"
        if wanted[place] == "-":
            silent += 1
            false += got != "-"
        else:
            answerable += 1
            right += got.startswith(tuple(wanted[place].split("/")))
    return answerable, silent, right / answerable, false / silent


@pytest.mark.parametrize("place", PLACES)
def test_questions_that_were_used_to_tune(place: str) -> None:
    answerable, silent, recall, false = measured("tuned", place)
    assert answerable >= 40
    assert silent >= 30
    assert recall >= 0.98
    assert false <= 0.03


@pytest.mark.parametrize("place", PLACES)
def test_questions_that_nothing_was_tuned_to(place: str) -> None:
    answerable, silent, recall, false = measured("fresh", place)
    assert answerable >= (20 if place == "national" else 40)
    assert silent >= 30
    assert recall >= 0.92
    assert false <= 0.08


EVERY_ANSWER = [
    pytest.param(place, topic, told, id=f"{place}-{topic}-{at}")
    for place, topics in QUESTIONS.told.items()
    for topic, answers in topics.items()
    for at, told in enumerate(answers)
]


@pytest.mark.parametrize(("place", "topic", "told"), EVERY_ANSWER)
def test_an_answer_stands_in_the_text(place: str, topic: str, told: Told) -> None:
    assert topic in QUESTIONS.topics
    article = TEXTS.quote(place, QUESTIONS.citation(place, told))
    assert article.place == place
    sentence = sentence_with(article.text, told.says)
    assert sentence.removesuffix("……") in article.text
    assert told.says in sentence


def test_a_quotation_that_is_not_there_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="no sentence"):
        sentence_with("第一句。第二句。", "第三句")


def test_a_sentence_that_opens_a_list_is_shown_with_its_list() -> None:
    assert (
        sentence_with("享有下列权利：\n（一）甲；\n（二）乙。", "下列权利") == "享有下列权利：\n（一）甲；\n（二）乙。"
    )
    assert sentence_with("甲。乙丙；丁。", "丙") == "乙丙；"
    assert sentence_with("计入当年学时：培训；讲座。", "当年") == "计入当年学时：……"


@pytest.mark.parametrize("place", ["jilin", "sichuan", "neimenggu"])
def test_what_a_place_does_not_say_the_national_baseline_may(place: str) -> None:
    found = QUESTIONS.about(place, "rights")
    assert found
    assert found[0].article.place == place
    assert QUESTIONS.about(place, "retired") == ()


def test_a_place_that_nobody_has_read_for_topics_is_searched(tmp_path: Path) -> None:
    (tmp_path / "topics.yaml").write_text((ANSWERS / "topics.yaml").read_text("utf-8"), "utf-8")
    unread = Questions(TEXTS, nlp.tokens, tmp_path)
    found = unread.ask("chongqing", "不如实记载继续教育情况的罚款多少")
    assert found.answers[0].article.notation == "第十八条"
    assert "不如实记载" in found.answers[0].sentence
    assert unread.ask("chongqing", "今天股票会涨吗").answers == ()


@pytest.mark.parametrize("question", ["", "？？？", "的了吗", "a" * 5000, "公需" * 2000, "\x00\ud83d", "（（（[["])
def test_any_text_is_a_question(question: str) -> None:
    assert isinstance(QUESTIONS.ask("jilin", question).answers, tuple)


def test_a_near_miss_is_offered_not_answered() -> None:
    question = "学习证明由哪里开具"
    assert QUESTIONS.topic(question) is None
    assert "proof_by" in QUESTIONS.guesses("jilin", question)
