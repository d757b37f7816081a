"""Reminders in the talk: when somebody wants to be reminded, what is set, another day for it, and no more of it."""

import re
from datetime import date, timedelta
from typing import Any

from domain.reminder import ASKED_LIMIT, STAGE_LIMIT, Asked, Every, ReminderKind, Wishes
from handlers import cues, show
from handlers.cues import Cue
from handlers.turn import Outcome, Turn
from outreach import looking, reminders
from outreach.looking import View
from outreach.reminders import Slot
from rules.deadlines import is_workday
from wording import say

MOST_DAYS = 365  # before a deadline, and ahead of today
SHOWN = 4  # stages in a list
_CALLS = "提醒|通知|叫|喊|催|告诉"
_ABOUT = re.compile(rf"(?:{_CALLS})我(?:一下|一声|去)?(?P<what>.*)", re.S)
_A_DAY = re.compile(r"^在?(?:(?:\d{4}年)?\d{1,2}月)?\d{1,2}[日号](?:[上下]午|[早晚]上)?")
_DAY_OF_MONTH = re.compile(r"每个?月(?:的)?(\d{1,2})[日号]")
_NUMBERED = re.compile(r"第(\d{1,2})[个条项]")
_REGULARLY = re.compile("每|隔")
_LONG_HOLIDAY = timedelta(days=7)  # 国庆 and 春节, where the year's days off are not published yet
_SNOOZES = {"明天": 1, "后天": 2, "大后天": 3, "晚点": 1, "回头": 1, "过一天": 1, "过两天": 2, "过三天": 3}
_SNOOZE_DAYS = 3


def wanted(turn: Turn) -> Outcome:
    """reminder.set: so many days before a deadline, every so often, or on a day; with nothing said, all once more."""
    view, slots = _view(turn), turn.reading.slots
    if "start" in slots and cues.AGAIN.search(turn.message.text):
        return _snoozed_until(turn, view, slots["start"])
    if "every" in slots:
        return _every(turn, view)
    if "days_before" in slots and "start" in slots:
        return _on(turn, view, slots["start"] - timedelta(days=min(slots["days_before"], MOST_DAYS)))
    if "days_before" in slots:
        return _stage(turn, view, slots["days_before"])
    if "start" in slots:
        return _on(turn, view, _after_holiday(slots["start"], turn.message.text))
    if _REGULARLY.search(turn.message.text):
        return show.answer(say("reminder.every_which"))
    return _resumed(turn, view)


def listed(turn: Turn) -> Outcome:
    """reminder.list: what is set and when it comes, numbered for those who want to cancel one."""
    view = _view(turn)
    if view.wishes.stopped:
        return show.answer(say("reminder.stopped_already"))
    own = _own(turn, view.wishes)
    lines = [say("reminder.list_line", number=number, what=what) for number, what in enumerate(own, 1)]
    stages = [_stage_line(turn, slot) for slot in _stages_ahead(turn, view)]
    if not lines and not stages:
        return show.answer(say("reminder.list_none"), *_no_region(turn, view), say("reminder.how"))
    return show.answer(
        say("reminder.list_title"),
        *lines,
        *stages,
        *_no_region(turn, view),
        say("reminder.list_cancel") if lines else "",
    )


def stopped(turn: Turn) -> Outcome:
    """reminder.stop: obeyed at once, for all of them or for the one that is named."""
    view = _view(turn)
    number = _NUMBERED.search(turn.message.text)
    own = _own(turn, view.wishes)
    if number is not None and own:
        return _cancelled(view.wishes, own, int(number[1]))
    if view.wishes.every is not None and _REGULARLY.search(turn.message.text):
        return _cancelled(view.wishes, own, 1)
    if view.wishes.stopped:
        return show.answer(say("reminder.stopped_already"))
    return _kept(turn, view.wishes.model_copy(update={"stopped": True}), say("reminder.stopped"))


def snoozed(turn: Turn) -> Outcome:
    """明天再说: nothing before that day, and then once more."""
    said = cues.parts(turn, Cue.SNOOZE).get("when", "")
    days = 8 - turn.today.isoweekday() if said.startswith("下") else _SNOOZES.get(said, _SNOOZE_DAYS)
    return _snoozed_until(turn, _view(turn), turn.today + timedelta(days=days))


def _snoozed_until(turn: Turn, view: View, day: date) -> Outcome:
    if not turn.today < day <= turn.today + timedelta(days=MOST_DAYS):
        return show.answer(say("reminder.same_day"))
    wishes = _with_day(view.wishes, turn.today, Asked(on=day))
    changed = wishes.model_copy(update={"snoozed_until": day, "stopped": False})
    return _kept(turn, changed, say("reminder.snoozed", day=show.day(day, turn.today)))


def _stage(turn: Turn, view: View, days: int) -> Outcome:
    if not 0 < days <= MOST_DAYS:
        return show.answer(say("reminder.how"))
    wishes = view.wishes.model_copy(update={"stopped": False})
    held = reminders.stages(ReminderKind.YEAR_END, wishes, view.known.courtesy)
    if any(word in turn.message.text for word in say("reminder.only_words").split()):
        wishes = wishes.model_copy(update={"only_stages": (days,), "more_stages": ()})
    elif days in held:
        return _kept(turn, wishes, say("reminder.stage_known", days=days, next=_next_stage(turn, view, wishes)))
    elif len(held) < STAGE_LIMIT:
        wishes = wishes.model_copy(update={"more_stages": (*wishes.more_stages, days)})
    else:
        wishes = wishes.model_copy(update={"more_stages": (days,)})
    return _kept(turn, wishes, say("reminder.stage_set", days=days, next=_next_stage(turn, view, wishes)))


def _every(turn: Turn, view: View) -> Outcome:
    every = Every(turn.reading.slots["every"])
    on = turn.reading.slots.get("weekday")
    if every is Every.WEEK and on is None:
        on = turn.today.isoweekday()
    if every is Every.MONTH:
        said = _DAY_OF_MONTH.search(turn.message.text)
        on = min(max(int(said[1]), 1), 31) if said else turn.today.day
    wishes = view.wishes.model_copy(update={"every": every, "on": on, "stopped": False})
    following = _next(turn, view, wishes, ReminderKind.REGULAR)
    return _kept(turn, wishes, say("reminder.every_set", when=_when(wishes), next=following))


def _on(turn: Turn, view: View, day: date) -> Outcome:
    if day <= turn.today:
        past = say("reminder.past_day", day=show.day(day, turn.today))
        return show.answer(say("reminder.same_day") if day == turn.today else past)
    if day > turn.today + timedelta(days=2 * MOST_DAYS):
        return show.answer(say("reminder.how"))
    wishes = _with_day(view.wishes, turn.today, Asked(on=day, about=_about(turn.message.text)))
    if len(wishes.asked) > ASKED_LIMIT:
        return show.answer(say("reminder.asked_full", count=ASKED_LIMIT))
    about = wishes.asked[-1].about
    told = say("reminder.asked_set", day=show.day(day, turn.today), about=about)
    return _kept(turn, wishes.model_copy(update={"stopped": False}), told)


def _resumed(turn: Turn, view: View) -> Outcome:
    if not view.wishes.stopped:
        told = say("reminder.on_already", next=_next(turn, view, view.wishes))
        return show.answer(told, *_no_region(turn, view), say("reminder.how"))
    wishes = view.wishes.model_copy(update={"stopped": False})
    return _kept(turn, wishes, say("reminder.resumed", next=_next(turn, view, wishes)))


def _cancelled(wishes: Wishes, own: list[str], number: int) -> Outcome:
    if not 1 <= number <= len(own):
        return show.answer(say("reminder.stopped_none", number=number, count=len(own)))
    change: dict[str, Any] = {"every": None, "on": None}
    first = 1 if wishes.every is not None else 0
    if number > first:
        at = number - first - 1
        change = {"asked": [one for place, one in enumerate(wishes.asked) if place != at]}
    told = show.text(say("reminder.stopped_one", what=own[number - 1]))
    return Outcome(replies=(told,), wishes=wishes.model_copy(update=change))


def _kept(turn: Turn, wishes: Wishes, told: str) -> Outcome:
    """What is wanted is kept; somebody who can hardly be reached later is told how to allow it."""
    return Outcome(replies=(show.text(told, *ask_consent(turn)),), wishes=wishes)


def ask_consent(turn: Turn) -> list[str]:
    """Where notices can be agreed to, said when something has just been promised or received; once there is a consent,
    and where there is no such page, nothing.
    """
    view = turn.facts.reminders
    if view is None or not view.consent_url or view.consents:
        return []
    return [say("reminder.ask_consent", url=view.consent_url)]


def _view(turn: Turn) -> View:
    view = turn.facts.reminders
    if view is None:
        raise LookupError("the route did not ask for reminders")
    return view


def _with_day(wishes: Wishes, today: date, asked: Asked) -> Wishes:
    """The wishes with another day; those that are over go, and one of the same day is replaced."""
    others = [one for one in wishes.asked if one.on >= today and one.on != asked.on]
    return wishes.model_copy(update={"asked": [*others, asked]})


def _about(text: str) -> str:
    """What somebody wants to be reminded of, in their own words: 交证书 in 11月25日提醒我交证书."""
    found = _ABOUT.search(text)
    what = _A_DAY.sub("", found["what"].strip(" ，,。.！!：:")) if found else ""
    return what.strip(" ，,。.！!：:")[:60]


def _after_holiday(day: date, text: str) -> date:
    """国庆后: the first working day after the days off; any other day stays what it is."""
    if not _says(text, "reminder.holiday_words") or not _says(text, "reminder.after_words"):
        return day
    if not is_workday(day)[1]:
        day += _LONG_HOLIDAY
    while not is_workday(day)[0]:
        day += timedelta(days=1)
    return day


def _says(text: str, key: str) -> bool:
    return any(word in text for word in say(key).split())


def _own(turn: Turn, wishes: Wishes) -> list[str]:
    """What the person has set themselves, in the order of the list: the regular one, then the days."""
    own = [say("reminder.list_every", when=_when(wishes))] if wishes.every is not None else []
    for asked in wishes.asked:
        about = asked.about or say("reminder.list_asked_plain")
        own.append(say("reminder.list_asked", day=show.day(asked.on, turn.today), about=about))
    return own


def _when(wishes: Wishes) -> str:
    if wishes.every is Every.WEEK:
        return say("reminder.every_week", weekday=say("date.weekdays")[(wishes.on or 1) - 1])
    return say("reminder.every_month", on=wishes.on or 1) if wishes.every is Every.MONTH else say("reminder.every_day")


def _stages_ahead(turn: Turn, view: View) -> list[Slot]:
    found = looking.ahead(view, turn.now, turn.book)
    return [slot for slot in found if slot.target is not None and slot.target.behind is not False][:SHOWN]


def ahead(turn: Turn, view: View) -> list[tuple[date, str]]:
    """The next stages, each with its day and its line in the list."""
    return [(slot.at.date(), _stage_line(turn, slot)) for slot in _stages_ahead(turn, view)]


def _stage_line(turn: Turn, slot: Slot) -> str:
    what = say(f"reminder.what_{slot.occasion.kind}", year=slot.occasion.year)
    return say("reminder.list_stage", what=what, days=show.day(slot.at.date(), turn.today), before=slot.occasion.stage)


def _next(turn: Turn, view: View, wishes: Wishes, kind: ReminderKind | None = None) -> str:
    """When the next reminder comes (of a kind) under these wishes; nothing when none is planned."""
    ahead = looking.ahead(view.wishing(wishes), turn.now, turn.book)
    fitting = [
        slot
        for slot in ahead
        if (kind is None or slot.occasion.kind is kind) and (slot.target is None or slot.target.behind is not False)
    ]
    return say("reminder.next", day=show.day(fitting[0].at.date(), turn.today)) if fitting else ""


def _next_stage(turn: Turn, view: View, wishes: Wishes) -> str:
    return _next(turn, view, wishes, ReminderKind.YEAR_END)


def _no_region(turn: Turn, view: View) -> list[str]:
    known = looking.reminded_of(turn.person.region, view.unit, bool(turn.claims))
    return [] if known else [say("reminder.list_no_region")]
