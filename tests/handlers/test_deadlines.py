"""Until when: a notice with its source, a unit's own day called so, and the calendar's end where nothing is set."""

from datetime import date

from handlers import deadlines
from handlers.facts import Facts
from outreach.calendars import Calendar
from rules.deadlines import UnitDeadline
from rules.values import DeadlineKind
from tests.handlers.turns import turn

OWN = Calendar(days=(UnitDeadline(DeadlineKind.EARN_BY, 2026, date(2026, 12, 10)),))


def test_nothing_set_is_said_as_the_end_of_the_calendar_year() -> None:
    told = deadlines.asked(turn("什么时候截止")).replies[0].text
    assert "12月31日" in told
    assert "第十一条第二款" in told
    assert "本单位设定" not in told


def test_a_units_own_day_is_called_so_and_binds_when_earlier() -> None:
    asked = turn("什么时候截止", facts=Facts(days=OWN))
    told = deadlines.asked(asked).replies[0].text
    assert "12月10日" in told
    assert "本单位设定" in told
    assert deadlines.last_day(asked, 2026) == "最晚12月10日（周四）前学完，还有20天（本单位设定）。"


def test_a_day_that_has_passed_is_no_last_day() -> None:
    assert deadlines.last_day(turn("怎么补"), 2025) == ""
