"""What takes up the answer before it: taps of any age and origin, and half questions."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.delivery import TEXT_LIMIT
from domain.dialog import Dialog
from handlers import following, pages
from nlp.reading import Intent
from tests.handlers.turns import turn

CONVERTED = Dialog(
    topic=pages.TOPIC,
    draft={
        "pages": [],
        "asked": {
            "kind": "convert",
            "said": {"quantity": 2, "unit": "day", "mode": "academic_conference"},
            "region": "nantong",
        },
    },
)
PARTS = st.sampled_from(
    ["law", "topic", "read", "convert", "jilin", "atlantis", "cost", "decree-267", "0", "99", "-1", "x", "", "²", "一"]
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=150)
@given(st.lists(PARTS, min_size=1, max_size=6))
def test_a_made_up_choice_breaks_nothing(parts: list[str]) -> None:
    tapped = turn("点了", menu_choice=":".join(["law", *parts]))
    outcome = following.answer(tapped, tapped)
    assert outcome is not None
    assert outcome.replies
    assert all(len(reply.text.encode()) <= TEXT_LIMIT for reply in outcome.replies)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=80)
@given(st.text(max_size=24).map(lambda text: f"{text}呢"))
def test_any_half_question_is_answered_or_left(text: str) -> None:
    asked = turn(text, dialog=CONVERTED)
    outcome = following.answer(asked, asked)
    assert outcome is None or outcome.replies


def test_a_number_is_a_choice_only_while_nothing_else_waits_for_one() -> None:
    options = Dialog(topic=pages.TOPIC, draft={"pages": []}, options=["law:topic:cost:jilin"])
    assert following.answer(turn("1", dialog=options), turn("1")) is not None
    parked = options.model_copy(update={"draft": {"pages": [], "parked": {"topic": "record", "expecting": "hours"}}})
    assert following.answer(turn("1", dialog=parked), turn("1")) is None
    assert following.answer(turn("2", dialog=options), turn("2")) is None


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("再听两天研修班够吗", Intent.PLAN_SUGGEST),
        ("我再学10学时公需课够不够", Intent.PLAN_SUGGEST),
        ("要是再上3天培训班行不行", Intent.PLAN_SUGGEST),
        ("学费谁出", Intent.POLICY_ASK),
        ("病假怎么办", Intent.POLICY_ASK),
        ("谁来审核", Intent.POLICY_ASK),
        ("昨天听了半天讲座，专业课", Intent.CLAIM_RECORD),
        ("学时够不够评职称", Intent.READINESS_ASK),
    ],
)
def test_what_a_message_means(text: str, intent: Intent) -> None:
    assert following.meant(turn(text)).reading.intent is intent
