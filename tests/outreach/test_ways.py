"""Which way is open, and what fits into a notice."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.delivery import Purpose
from domain.reach import Reach, Way
from outreach.ways import BadTemplate, Offers, Template, best, fitted, routes, template
from simulator.account import Template as Granted
from simulator.errors import ApiError
from simulator.fields import check_fields

NOW = datetime(2026, 12, 1, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
SUBSCRIPTION = Template("subscription0000", (("thing1", "subject"), ("date2", "by")))
GENERAL = Template("template00000000", (("thing1", "subject"),))
SAID = {"subject": "2026年继续教育学时", "missing": "还差46学时", "by": "2026-12-31", "todo": "回复“怎么补”看办法"}


def reach(**changes: object) -> Reach:
    return Reach("official", "wx", "o1", **changes)  # type: ignore[arg-type]


BOTH = Offers(SUBSCRIPTION, GENERAL)


def open_ways(known: Reach, offers: Offers = BOTH, purpose: Purpose = Purpose.REMINDER) -> list[Way]:
    return [route.way for route in routes(known, offers, SAID, purpose, NOW)]


def test_the_window_first_then_a_consent_then_a_template_message() -> None:
    known = reach(left=3, until=NOW + timedelta(hours=1), consents={SUBSCRIPTION.id: 1})
    assert open_ways(known) == [Way.CUSTOMER, Way.SUBSCRIPTION, Way.TEMPLATE]


@pytest.mark.parametrize(
    ("known", "ways"),
    [
        (reach(), []),
        (reach(left=1, until=NOW + timedelta(hours=1)), []),  # the last one is kept for an answer
        (reach(left=5, until=NOW), []),
        (reach(left=5, until=NOW + timedelta(hours=1), closed="blacklisted", consents={SUBSCRIPTION.id: 2}), []),
        (reach(consents={SUBSCRIPTION.id: 0}), []),
        (reach(consents={SUBSCRIPTION.id: 2}), [Way.SUBSCRIPTION]),
        (reach(consents={"another template": 2}), []),
    ],
)
def test_what_is_closed_is_no_way(known: Reach, ways: list[Way]) -> None:
    assert open_ways(known, Offers(SUBSCRIPTION)) == ways


def test_the_mini_programs_consents_are_its_own() -> None:
    message = Template("minimessage00000", (("thing1", "subject"),))
    offers = Offers(SUBSCRIPTION, GENERAL, message)
    mini = Reach("mini", "wxb", "o2", consents={message.id: 1, SUBSCRIPTION.id: 1})
    assert [(route.way, route.template_id) for route in routes(mini, offers, SAID, Purpose.REMINDER, NOW)] == [
        (Way.SUBSCRIPTION, message.id)
    ]
    assert open_ways(Reach("mini", "wxb", "o2", consents={SUBSCRIPTION.id: 1}), offers) == []
    assert open_ways(reach(consents={message.id: 1}), offers) == [Way.TEMPLATE]


def test_the_cheapest_way_of_all_identities_is_taken() -> None:
    message = Template("minimessage00000", (("thing1", "subject"),))
    offers = Offers(SUBSCRIPTION, None, message)
    mini = Reach("mini", "wxb", "o2", consents={message.id: 1})
    assert best([mini, reach(left=5, until=NOW + timedelta(hours=1))], offers, SAID, NOW) == reach(
        left=5, until=NOW + timedelta(hours=1)
    )
    assert best([mini, reach()], offers, SAID, NOW) is mini
    assert best([reach(), mini], offers, SAID, NOW) is mini
    assert best([reach()], offers, SAID, NOW) == reach()
    assert best([], offers, SAID, NOW) is None


def test_a_template_message_may_not_advertise() -> None:
    assert open_ways(reach(), purpose=Purpose.BROADCAST) == []


def test_a_notice_that_does_not_fit_goes_another_way() -> None:
    odd = Offers(Template("subscription0000", (("amount1", "subject"),)))
    assert open_ways(reach(consents={"subscription0000": 1}), odd) == []


def test_a_template_is_described_in_one_line() -> None:
    assert template("") is None
    assert template("subscription0000:thing1=subject,date2=by") == SUBSCRIPTION
    for wrong in (
        "subscription0000",
        "x:thing1=subject",
        "subscription0000:thing1=price",
        "subscription0000:thing=subject",
    ):
        with pytest.raises(BadTemplate, match="write <template id>"):
            template(wrong)


KINDS = (
    *("thing", "number", "letter", "symbol", "character_string", "time", "date", "amount", "phone_number"),
    *("car_number", "name", "phrase", "const"),
)


@given(st.sampled_from(KINDS), st.one_of(st.text(max_size=60), st.sampled_from(list(SAID.values()))))
def test_what_is_fitted_is_taken_by_the_platform(kind: str, text: str) -> None:
    """The stand-in's own reading of the field rules refuses nothing that we consider fitting."""
    value = fitted(f"{kind}1", text)
    if value:
        try:
            check_fields(Granted("t", "", {f"{kind}1": ""}), {f"{kind}1": {"value": value}})
        except ApiError as refused:
            pytest.fail(f"{kind} takes {value!r} as fitting: {refused.errmsg}")
