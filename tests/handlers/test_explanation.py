"""为什么: whatever was recorded, every bubble fits, and no record is left out of the whole story."""

from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.delivery import TEXT_LIMIT
from domain.ledger import Activity, Claim
from domain.vocabulary import Category, EntryState, Mode, Unit
from handlers import explanation
from tests.handlers.test_pages import read_on
from tests.handlers.turns import NOW, turn

ACTIVITIES = st.builds(
    Activity,
    start=st.just(date(2026, 3, 3)),
    end=st.just(date(2026, 3, 3)),
    category=st.sampled_from([Category.PUBLIC, Category.PROFESSIONAL]),
    mode=st.sampled_from(Mode),
    quantity=st.integers(1, 90).map(float),
    unit=st.sampled_from(Unit),
    title=st.text(alphabet="人工智能与法规①《》{}%", max_size=60),
)


def claim(number: int, activity: Activity, state: EntryState) -> Claim:
    return Claim(f"c{number}", number, 2026, activity, state, NOW)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(ACTIVITIES, st.sampled_from(EntryState)), max_size=30),
    st.sampled_from(["jilin", "jiangxi", "sichuan", "neimenggu", "nantong", "national", "guangdong"]),
)
def test_every_record_is_told_of_in_bubbles_that_fit(told: list[tuple[Activity, EntryState]], region: str) -> None:
    claims = [claim(number, activity, state) for number, (activity, state) in enumerate(told, 1)]
    asked = turn("为什么", region=region, claims=claims)
    heard = read_on(asked, explanation.explain(asked))
    assert all(len(bubble.encode()) <= TEXT_LIMIT for bubble in heard)
    whole = "\n".join(heard)
    for one in claims:
        if one.state in (EntryState.CLAIMED, EntryState.VERIFIED):
            assert f"第{one.number}条" in whole


def test_what_was_returned_is_said_to_be_left_out() -> None:
    activity = Activity(
        start=date(2026, 3, 3),
        end=date(2026, 3, 3),
        category=Category.PUBLIC,
        mode=Mode.TRAINING_CLASS,
        quantity=6,
        unit=Unit.CLASS_HOUR,
    )
    claims = [claim(1, activity, EntryState.RETURNED), claim(2, activity, EntryState.CLAIMED)]
    asked = turn("为什么", claims=claims)
    assert "被退回1条" in explanation.explain(asked).replies[0].text
    assert "被退回" in explanation.explain_claim(asked, claims[0]).replies[0].text
