"""What is missing and how to make it up: the ways that count here, fastest first, within the caps; and 再学…够吗."""

from typing import Any

from pydantic import ValidationError

from domain.ledger import Activity, counted
from domain.vocabulary import Category, Mode, Unit
from handlers import draft as drafts
from handlers import pages, policy, show
from handlers.deadlines import last_day
from handlers.explanation import documents, show_steps
from handlers.question import year_of
from handlers.standing import case, claims_of, ruling, subject
from handlers.turn import Outcome, Turn
from rules.advice import Gift, Offer, WhatIf, fastest, gaps, shortcuts, targets, what_if
from rules.ruling import TOTAL, Case
from wording import say

KIND = "plan"
_PUBLIC_WHERE = "public_where"  # the topic
_SHORT = 5  # ways in the first bubble
_LABEL = 24  # characters of what a text calls an activity, to be shown instead of its mode
_NAMES = 3  # modes named in one line


def plan(turn: Turn) -> Outcome:
    """怎么补, or with an amount: 再听两天研修班够吗."""
    said = drafts.plain(turn.reading.slots)
    if "quantity" in said:
        return enough(turn, said)
    return _ways(turn)


def _cases(turn: Turn, year: int) -> list[Case]:
    return [case(claim.activity, claim.id) for claim in counted(claims_of(turn, year))]


# 再听两天研修班够吗


def enough(turn: Turn, said: dict[str, Any]) -> Outcome:
    """What the amount would give, and whether the year would then be complete."""
    if drafts.too_much(said):
        return show.answer(say("claim.too_much", n=show.quantity(said["quantity"], Unit(said["unit"]))))
    year = turn.today.year
    try:
        activity = _planned(turn, year, said)
    except ValidationError:
        return show.answer(say("convert.ask"))
    found = what_if(subject(turn), _cases(turn, year), [case(activity, "planned")], year, turn.today, turn.book)
    gift = found.gifts[0]
    cited = [step.citation for step in gift.steps if step.citation]
    return pages.told(
        turn,
        [
            _verdict(turn, found, gift, activity),
            *show_steps([step for step in gift.steps if not step.key.startswith("rules.cap.")]),
            _capped(gift),
            _left(found),
            say("plan.assumed_category") if "category" not in said and found.before.required.keys() - {TOTAL} else "",
            documents(turn, found.after.region, cited),
        ],
        asked={"kind": KIND, "said": said},
    )


def _planned(turn: Turn, year: int, said: dict[str, Any]) -> Activity:
    plain = {key: said[key] for key in ("category", "mode", "quantity", "unit", "attrs") if key in said}
    day = turn.today.replace(year=year)
    return Activity.model_validate(
        {"category": Category.PROFESSIONAL, "mode": Mode.TRAINING_CLASS, **plain, "start": day, "end": day}
    )


def _verdict(turn: Turn, found: WhatIf, gift: Gift, activity: Activity) -> str:
    values = {"what": f"{show.what(activity)}（{show.category(activity.category)}）", "year": found.after.year}
    if found.before.complete:
        return say("plan.already", **values)
    if gift.hours is None:
        return say("plan.unsure", who=_who(turn, found), **values)
    if found.enough:
        return say("plan.enough", hours=gift.counts, **values)
    if not found.left:
        return say("plan.enough_total", hours=gift.counts, **values)
    if not gift.counts:
        return say("plan.no_use", **values)
    return say("plan.not_enough", hours=gift.counts, **values)


def _who(turn: Turn, found: WhatIf) -> str:
    return turn.book.plan(found.after.region, found.after.year).on(turn.today).decided_by


def _capped(gift: Gift) -> str:
    if gift.cap is None or gift.hours is None:
        return ""
    return say("plan.capped", hours=gift.hours, counts=gift.counts, article=show.article(gift.cap))


def _left(found: WhatIf) -> str:
    return say("plan.left", parts=_parts(found.left)) if found.left else ""


def _parts(missing: dict[str, float]) -> str:
    """公需30、专业54; what no category asks for is called 不限科目."""
    named = [
        say("plan.any", hours=hours) if name == TOTAL else say("claim.part", category=show.category(name), hours=hours)
        for name, hours in missing.items()
    ]
    return "，".join(named)


# 怎么补最快


def _ways(turn: Turn) -> Outcome:
    year = year_of(turn)
    found = ruling(turn, year)
    missing = targets(found, turn.book)
    asked = turn.reading.slots.get("category")
    if not gaps(found) or (asked in found.required and not missing.get(str(asked))):
        done = say("plan.done_category", year=year, category=show.category(asked)) if asked else ""
        return show.answer(done or say("plan.done", year=year))
    ways = fastest(subject(turn), _cases(turn, year), year, turn.today, turn.book)
    common = _asked_of_all(ways)
    lines = _lines(ways, common)
    stand_ins = _stand_ins(turn, year)
    return pages.told(
        turn,
        [
            say("plan.missing", year=year, hours=sum(missing.values()), parts=_parts(missing)),
            last_day(turn, year),
            say("plan.intro", region=show.place_name(turn.book, found.region)) if lines else "",
            *lines[:_SHORT],
            say("plan.class_hours"),
            *(say("plan.asked_of_all", label=label) for label in common),
            _where_public(turn, found.region) if missing.get(Category.PUBLIC) else "",
            say("plan.shortcuts_hint") if stand_ins else "",
            show.grade_note(turn.book, found.region),
        ],
        rest=[*lines[_SHORT:], *stand_ins, documents(turn, found.region, [one.citation for one in ways])],
    )


def _stand_ins(turn: Turn, year: int) -> list[str]:
    """What would stand for the whole year or period, the conditions of one article together."""
    grouped: dict[str, list[str]] = {}
    for step in shortcuts(subject(turn), year, turn.book):
        article = show.article(step.citation) if step.citation else ""
        grouped.setdefault(article, []).append(str(step.values["label"]))
    return [say("plan.shortcut", article=article, labels="；".join(labels)) for article, labels in grouped.items()]


def _where_public(turn: Turn, region: str) -> str:
    """Where the public subject is taught, where the text says so; that it closes early, everywhere."""
    told = policy.questions(turn.texts).about(region, _PUBLIC_WHERE)
    where = say("plan.where", plain=told[0].plain, article=show.article(told[0].article.citation)) if told else ""
    return where + say("plan.public_first")


def _asked_of_all(ways: tuple[Offer, ...]) -> list[str]:
    """Conditions that every way has: said once."""
    return [label for label in ways[0].asks if all(label in one.asks for one in ways)] if ways else []


def _lines(offers: tuple[Offer, ...], common: list[str]) -> list[str]:
    """One line for each measure of the text; the modes that share it are named together."""
    grouped: dict[tuple[object, ...], list[Offer]] = {}
    for offer in offers:
        if offer.unit is not Unit.CLASS_HOUR:
            key = (offer.unit, offer.quantity, offer.hours, offer.citation, offer.room, offer.asks)
            grouped.setdefault(key, []).append(offer)
    return [_line(group, common) for group in grouped.values()]


def _line(group: list[Offer], common: list[str]) -> str:
    first = group[0]
    names = list(dict.fromkeys(say(f"mode.{offer.mode}") for offer in group))
    listed = "、".join(names[:_NAMES]) + (say("plan.and_others") if len(names) > _NAMES else "")
    if len(names) == 1 and len(first.label) <= _LABEL:
        listed = first.label or listed
    line = say(
        "plan.line",
        what=f"{listed} {show.quantity(first.quantity, first.unit)}",
        hours=first.hours,
        article=show.article(first.citation),
    )
    if first.room is not None and first.cap is not None:
        line += say("plan.room", room=first.room, article=show.article(first.cap))
    return line + "".join(say("plan.asks", label=label) for label in first.asks if label not in common)
