"""Asking the rules without a sentence: conversions, what-ifs, the plan, readiness, days."""

from bot.api import shapes
from bot.api.call import Call
from bot.api.models.hours import (
    AverageTold,
    ConversionAsked,
    ConversionTold,
    DeadlinesTold,
    DeadlineTold,
    GiftTold,
    OfferTold,
    OfLevel,
    PlanTold,
    ReadinessTold,
    ReviewYear,
    ThereTold,
    WhatIfAsked,
    WhatIfTold,
)
from bot.api.models.pieces import ActivityAsked, OfYear
from bot.api.problems import Problem
from domain.ledger import Activity, counted
from handlers import show
from handlers.deadlines import unit_days
from handlers.draft import too_much
from handlers.facts import Fact
from handlers.standing import case, claims_of, subject
from handlers.turn import Turn
from rules.advice import Gift, Offer, WhatIf, fastest, shortcuts, targets, what_if
from rules.annual_hours import decide
from rules.conversion import UnusableCaseError, convert
from rules.deadlines import Deadline, deadlines, precedents
from rules.deemed import appointment
from rules.plan import NoRuleInForceError
from rules.readiness import Readiness, YearStanding, readiness
from rules.ruling import Case, Conversion, Step, Subject
from wording import say

_PAST = 5
_DAYS = frozenset({Fact.DAYS})


def _activity(turn: Turn, asked: ConversionAsked | ActivityAsked) -> Activity:
    """Today's activity of that kind; 422 when nobody learns that much."""
    if too_much({"quantity": asked.quantity, "unit": asked.unit}):
        said = show.quantity(asked.quantity, asked.unit)
        raise Problem(422, "impossible", say("claim.too_much", n=said))
    return Activity(
        start=turn.today,
        end=turn.today,
        category=asked.category,
        mode=asked.mode,
        quantity=asked.quantity,
        unit=asked.unit,
        attrs=asked.attrs,
    )


async def converted(call: Call) -> ConversionTold:
    asked = call.asked(ConversionAsked)
    turn = await call.turn(years=())
    if asked.place is not None and asked.place not in turn.book.places:
        raise Problem(404, "no_such_place")
    place = asked.place or show.region_of(turn)
    activity = _activity(turn, asked)
    found = _convert(turn, place, activity)
    nowhere = asked.place is None and turn.person.region is None
    rules = turn.book.plan(place, turn.today.year).on(turn.today)
    key = "convert.open" if found.hours is None else "convert.answer" if found.hours else "convert.none"
    name = show.place_name(turn.book, place)
    what = show.what(activity)
    return ConversionTold(
        place=place,
        place_name=name,
        hours=found.hours,
        title=say(key, region=name, what=what, hours=found.hours or 0, who=rules.decided_by),
        steps=shapes.steps(turn, place, found.steps),
        decided_by=rules.decided_by,
        everywhere=[_there(turn, each, activity) for each in show.offered(turn.book)] if nowhere else [],
    )


def _there(turn: Turn, place: str, activity: Activity) -> ThereTold:
    found = _convert(turn, place, activity)
    cited = next((one.citation for one in reversed(found.steps) if one.citation), None)
    return ThereTold(
        place=place,
        place_name=show.place_name(turn.book, place),
        hours=found.hours,
        citation=shapes.cited(turn, place, cited) if cited else None,
    )


def _convert(turn: Turn, place: str, activity: Activity) -> Conversion:
    try:
        return convert(case(activity, "asked"), Subject(place, subject(turn).profile), turn.today, turn.book)
    except NoRuleInForceError as none:
        return Conversion(hours=None, steps=(Step(none.key, none.values),))
    except UnusableCaseError:
        raise Problem(422, "impossible", say("claim.value_unclear")) from None


def _cases(turn: Turn, year: int) -> list[Case]:
    return [case(claim.activity, claim.id) for claim in counted(claims_of(turn, year))]


async def supposed(call: Call) -> WhatIfTold:
    asked = call.asked(WhatIfAsked).activities
    turn = await call.turn()
    year, place = turn.today.year, show.region_of(turn)
    more = [case(_activity(turn, one), f"planned{at}") for at, one in enumerate(asked)]
    try:
        found = what_if(subject(turn), _cases(turn, year), more, year, turn.today, turn.book)
    except NoRuleInForceError as none:
        raise Problem(404, "no_rule", say(none.key, **none.values)) from None
    except UnusableCaseError:
        raise Problem(422, "impossible", say("claim.value_unclear")) from None
    return WhatIfTold(
        year=year,
        enough=found.enough,
        text=_verdict(found),
        gains=found.gains,
        left=found.left,
        gifts=[_gift(turn, place, one) for one in found.gifts],
    )


def _verdict(found: WhatIf) -> str:
    if found.before.complete:
        return say("api.what_if.already")
    if found.enough:
        return say("api.what_if.enough")
    return say("api.what_if.left", hours=sum(found.left.values())) if found.left else say("api.what_if.open")


def _gift(turn: Turn, place: str, one: Gift) -> GiftTold:
    return GiftTold(
        hours=one.hours,
        counts=one.counts,
        cap=shapes.cited(turn, place, one.cap) if one.cap else None,
        steps=shapes.steps(turn, place, one.steps),
    )


async def planned(call: Call) -> PlanTold:
    year = call.asked(OfYear).year or call.now.year
    turn = await call.turn(needs=_DAYS)
    asked, cases = subject(turn), _cases(turn, year)
    try:
        found = decide(asked, cases, year, turn.today, turn.book)
        ways = fastest(asked, cases, year, turn.today, turn.book)
        instead = shortcuts(asked, year, turn.book)
        last = shapes.last_day(turn, year)
    except NoRuleInForceError as none:
        raise Problem(404, "no_rule", say(none.key, **none.values)) from None
    missing = targets(found, turn.book)
    return PlanTold(
        year=year,
        missing=missing,
        missing_total=sum(missing.values()),
        last_safe_day=last,
        offers=[_offer(turn, found.region, one) for one in ways],
        shortcuts=shapes.steps(turn, found.region, instead),
        notes=[line for line in (say("plan.class_hours"), show.grade_note(turn.book, found.region)) if line],
    )


def _offer(turn: Turn, place: str, one: Offer) -> OfferTold:
    return OfferTold(
        category=one.category,
        category_label=show.category(one.category),
        mode=one.mode,
        label=one.label or say(f"mode.{one.mode}"),
        quantity=one.quantity,
        unit=one.unit,
        amount=show.quantity(one.quantity, one.unit),
        hours=one.hours,
        times=one.times,
        room=one.room,
        asks=list(one.asks),
        citation=shapes.cited(turn, place, one.citation),
    )


async def prepared(call: Call) -> ReadinessTold:
    turn = await call.turn(needs=_DAYS)
    who = subject(turn)
    level = call.asked(OfLevel).level or turn.person.profile.get("target_level")
    cases = [case(claim.activity, claim.id) for claim in counted(turn.claims)]
    days = turn.facts.days
    try:
        found = readiness(who, cases, turn.today, turn.book, None, unit_days(turn), days.courtesy.verification_days)
    except NoRuleInForceError as none:
        raise Problem(404, "no_rule", say(none.key, **none.values)) from None
    place = show.region_of(turn)
    asks = [] if appointment(who.profile) else ["appointment_start"]
    return ReadinessTold(
        level=level,
        level_label=say(f"readiness.level.{level}") if level else None,
        assumed=found.assumed,
        ready=found.ready,
        text=say(f"api.readiness.{_word(found)}"),
        years=[_year(turn, place, one) for one in found.years],
        average=AverageTold(
            hours=found.average.hours,
            required=found.average.required,
            met=found.average.met,
            citation=shapes.cited(turn, place, found.average.citation),
        )
        if found.average
        else None,
        steps=shapes.steps(turn, place, [*found.deemed, *found.steps]),
        asks=[*asks, *([] if level else ["level"])],
    )


def _word(found: Readiness) -> str:
    return {True: "ready", False: "short", None: "open"}[found.ready]


def _year(turn: Turn, place: str, one: YearStanding) -> ReviewYear:
    return ReviewYear(
        year=one.year,
        required=one.required,
        recognised=one.recognised,
        missing=one.missing,
        gaps=one.gaps,
        complete=one.complete,
        deemed=one.deemed,
        certificate=one.certificate,
        fixable_until=one.fixable_until.closes if one.fixable_until else None,
        text=show.step(one.step),
        citation=shapes.cited(turn, place, one.step.citation) if one.step.citation else None,
    )


async def days(call: Call) -> DeadlinesTold:
    year = call.asked(OfYear).year or call.now.year
    turn = await call.turn(years=(), needs=_DAYS)
    place, profile = show.region_of(turn), subject(turn).profile
    measured = turn.facts.days.courtesy.verification_days
    try:
        found = deadlines(turn.book, place, year, unit_days(turn), profile, measured)
    except NoRuleInForceError as none:
        raise Problem(404, "no_rule", say(none.key, **none.values)) from None
    notices = [one for one in found if one.basis != "calendar"]
    return DeadlinesTold(
        year=year,
        items=[_day(turn, place, one) for one in (found if notices else found[:1])],
        precedents=[_day(turn, place, one) for one in precedents(turn.book, place, year, profile)[:_PAST]],
        notes=[say("deadline.platform")],
    )


def _day(turn: Turn, place: str, one: Deadline) -> DeadlineTold:
    return DeadlineTold(
        kind=one.kind,
        text=say(one.step.key, **one.step.values),
        opens=one.opens,
        closes=one.closes,
        at=one.at,
        safe_day=one.safe.day,
        provisional=one.safe.provisional,
        basis=one.basis,
        applies=one.applies,
        days_left=(one.closes - turn.today).days,
        passed=one.closes < turn.today,
        citation=shapes.cited(turn, place, one.source) if one.source else None,
    )
