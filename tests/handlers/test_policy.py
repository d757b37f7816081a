"""Answers about the rules: every topic in every place fits a bubble and cites its article; no summary is quoted."""

import pytest

from domain.delivery import TEXT_LIMIT
from handlers import pages, policy
from rules.articles import Texts
from tests.handlers.turns import BOOK, TEXTS, turn

TOPICS = policy.questions(TEXTS).topics
PLACES = sorted(BOOK.places)


@pytest.mark.parametrize("place", PLACES)
def test_every_topic_is_answered_in_a_bubble_that_fits(place: str) -> None:
    asked = turn("问一下", region=place)
    for topic in TOPICS:
        outcome = policy.topic(asked, topic, place)
        first, *menus = outcome.replies
        assert len(first.text.encode()) <= TEXT_LIMIT
        answers = policy.questions(TEXTS).about(place, topic)
        if answers:
            assert answers[0].article.notation.split(":")[-1] in first.text
            assert answers[0].plain in first.text
            assert ("摘要：" if answers[0].article.summary else "原文：") in first.text
        else:
            assert "原文：" not in first.text
        for menu in menus:
            assert 0 < len(menu.choices) <= pages.CHOICES
            assert all(len(choice.label) <= pages.LABEL and len(choice.id) <= 64 for choice in menu.choices)


@pytest.mark.parametrize("place", PLACES)
def test_the_yearly_figures_say_which_document_and_what_is_only_a_summary(place: str) -> None:
    told = policy.requirements(turn("每年要多少学时", region=place), place).replies[0].text
    assert "合计" in told
    assert "《" in told
    whole = any(one.text and not one.summary for one in BOOK.place(place).documents)
    assert ("只收录了摘要" in told) is not whole


def test_an_answer_links_to_its_article_when_the_texts_are_published() -> None:
    published = Texts(BOOK, published_at="https://hours.example.test")
    asked = turn("没完成会怎样", region="jilin", texts=published)
    assert "https://hours.example.test/rules/jilin#decree-267-22" in policy.policy(asked).replies[0].text
    assert "http" not in policy.policy(turn("没完成会怎样", region="jilin")).replies[0].text
