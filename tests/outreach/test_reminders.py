"""When a reminder is due, and what becomes of what was missed."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.reminder import STAGES, Asked, Courtesy, Every, Occasion, ReminderKind, Wishes
from outreach.reminders import Person, Plan, Target, plan, quiet_over, upcoming

ZONE = ZoneInfo("Asia/Shanghai")
SAFE = date(2026, 12, 31)
TARGET = Target(ReminderKind.YEAR_END, 2026, SAFE, SAFE, behind=True)


def at(month: int, day: int, hour: int = 12, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, tzinfo=ZONE)


def person(**changes: object) -> Person:
    known = Person("somebody", ZONE, Wishes(), Courtesy(), frozenset(), since=at(9, 1))
    return replace(known, **changes)  # type: ignore[arg-type]


def stages_of(found: Plan) -> list[str]:
    return [slot.occasion.stage for slot in found.say]


def test_each_stage_stands_on_a_working_day_so_many_days_before() -> None:
    slots = upcoming(person(), [TARGET], at(9, 2))
    assert [slot.occasion.stage for slot in slots] == [str(days) for days in STAGES]
    for slot, days in zip(slots, STAGES, strict=True):
        day = slot.at.date()
        assert chinese_calendar.is_workday(day)
        wanted = SAFE - timedelta(days=days)
        assert day <= wanted
        assert not any(chinese_calendar.is_workday(day + timedelta(days=n)) for n in range(1, (wanted - day).days + 1))
        assert 9 <= slot.at.hour < 11


def test_a_stage_is_said_once_and_the_next_one_planned() -> None:
    found = plan(person(since=at(11, 20)), [TARGET], at(12, 1))
    assert stages_of(found) == ["30"]
    assert found.next_at is not None
    assert found.next_at.date() == date(2026, 12, 17)
    again = person(since=found.since, done=frozenset({found.say[0].occasion}))
    assert plan(again, [TARGET], at(12, 1, 13)).say == ()


def test_after_downtime_the_latest_stage_is_said_once_and_the_others_dropped() -> None:
    found = plan(person(since=at(9, 1)), [TARGET], at(12, 18))
    assert stages_of(found) == ["14"]
    assert [(slot.occasion.stage, why) for slot, why in found.drop] == [
        ("90", "overtaken"),
        ("60", "overtaken"),
        ("30", "overtaken"),
    ]


def test_what_comes_after_the_end_is_too_late() -> None:
    found = plan(person(since=at(12, 20)), [TARGET], at(1, 10, year=2027))
    assert found.say == ()
    assert {(slot.occasion.stage, why) for slot, why in found.drop} == {
        ("7", "overtaken"),
        ("3", "overtaken"),
        ("1", "too_late"),
    }
    assert found.next_at is None


def test_a_gap_that_has_closed_stays_silent() -> None:
    found = plan(person(since=at(11, 20)), [replace(TARGET, behind=False)], at(12, 1))
    assert found.say == ()
    assert [slot.occasion.stage for slot in found.silent] == ["30"]


def test_nothing_at_all_for_who_does_not_want_it() -> None:
    found = plan(person(wishes=Wishes(stopped=True, every=Every.DAY)), [TARGET], at(12, 1))
    assert (found.say, found.drop, found.silent, found.next_at) == ((), (), (), None)


def test_own_stages_replace_or_join_the_units() -> None:
    only = upcoming(person(wishes=Wishes(only_stages=(10,))), [TARGET], at(9, 2))
    more = upcoming(person(wishes=Wishes(more_stages=(10,))), [TARGET], at(9, 2))
    assert [slot.occasion.stage for slot in only] == ["10"]
    assert "10" in [slot.occasion.stage for slot in more]
    assert len(more) == len(STAGES) + 1


def test_a_snooze_holds_back_and_then_lets_go() -> None:
    snoozed = person(since=at(11, 20), wishes=Wishes(snoozed_until=date(2026, 12, 4)))
    held = plan(snoozed, [TARGET], at(12, 1))
    assert held.say == ()
    assert held.next_at is not None
    assert held.next_at.date() == date(2026, 12, 4)
    later = plan(replace(snoozed, since=held.since), [TARGET], held.next_at)
    assert stages_of(later) == ["30"]


def test_the_weeks_share_holds_back_but_not_the_last_days() -> None:
    capped = Courtesy(weekly_cap=1)
    heard = [at(12, 16), at(12, 23)]
    week = person(since=at(12, 23, 18), courtesy=capped, heard=heard)
    held = plan(week, [TARGET], at(12, 24))
    assert held.say == ()
    assert held.next_at is not None
    assert held.next_at.date() == date(2026, 12, 28), "the next stage comes first and overtakes it"
    critical = plan(replace(week, since=at(12, 27)), [TARGET], at(12, 28))
    assert stages_of(critical) == ["3"]


def test_only_the_law_may_break_the_weeks_share() -> None:
    week = person(since=at(12, 27), courtesy=Courtesy(weekly_cap=1), heard=[at(12, 26)])
    assert plan(week, [replace(TARGET, lawful=False)], at(12, 28)).say == ()


@pytest.mark.parametrize(
    ("every", "on", "days"),
    [
        (Every.WEEK, 5, [date(2026, 11, 27), date(2026, 12, 4)]),
        (Every.MONTH, 31, [date(2026, 11, 30), date(2026, 12, 31)]),
        (Every.DAY, None, [date(2026, 11, 22), date(2026, 11, 23)]),
    ],
)
def test_regular_reminders(every: Every, on: int | None, days: list[date]) -> None:
    regular = person(since=at(11, 21), wishes=Wishes(every=every, on=on), behind=True)
    assert [slot.at.date() for slot in upcoming(regular, [], at(11, 21))][:2] == days
    first = plan(regular, [], at(days[0].month, days[0].day))
    assert [slot.occasion.stage for slot in first.say] == [days[0].isoformat()]
    assert plan(replace(regular, behind=False), [], at(days[0].month, days[0].day)).say == ()


def test_a_day_that_was_asked_for_comes_whatever_else() -> None:
    asked = person(since=at(11, 21), wishes=Wishes(asked=[Asked(on=date(2026, 11, 25), about="听课")]), behind=False)
    found = plan(asked, [], at(11, 25))
    assert [slot.occasion for slot in found.say] == [Occasion(ReminderKind.ASKED, 2026, "2026-11-25")]
    assert plan(asked, [], at(12, 20)).drop[0][1] == "too_late"


@given(st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)), st.integers(0, 24), st.integers(0, 23))
def test_quiet_hours_are_held_and_never_for_ever(moment: datetime, start: int, end: int) -> None:
    courtesy = Courtesy(quiet_from=start, quiet_until=end)
    free = quiet_over(moment.replace(tzinfo=ZONE), courtesy)
    assert moment.replace(tzinfo=ZONE) <= free <= moment.replace(tzinfo=ZONE) + timedelta(days=1)
    assert quiet_over(free, courtesy) == free


@given(st.lists(st.datetimes(datetime(2026, 9, 2), datetime(2027, 1, 20)), max_size=30), st.data())
def test_however_often_one_looks_each_stage_comes_up_once_and_in_order(
    looks: list[datetime], data: st.DataObject
) -> None:
    """Whatever the times of looking: no stage twice, none before its day, none after the end."""
    since, done, heard = at(9, 1), set[Occasion](), list[datetime]()
    for moment in sorted(looks):
        now = moment.replace(tzinfo=ZONE)
        behind = data.draw(st.booleans())
        known = person(since=since, done=frozenset(done), heard=heard)
        found = plan(known, [replace(TARGET, behind=behind)], now)
        settled = [*found.say, *found.silent, *(slot for slot, _ in found.drop)]
        assert not done & {slot.occasion for slot in settled}
        assert all(slot.at <= now for slot in settled)
        assert behind or not found.say
        assert now.date() <= SAFE or not found.say
        assert len(found.say) <= 1
        done |= {slot.occasion for slot in settled}
        heard += [now for _ in found.say]
        since = found.since
