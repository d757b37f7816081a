"""How many 学时 an activity gives here: the hours by their article, or that the text does not say, and who decides."""

from typing import Any

from pydantic import ValidationError

from domain.ledger import Activity
from domain.vocabulary import Category, Mode, Unit
from handlers import draft as drafts
from handlers import pages, show
from handlers.explanation import documents, quoted, show_step, show_steps
from handlers.standing import case, subject
from handlers.turn import Outcome, Turn
from rules.conversion import UnusableCaseError, convert
from rules.plan import NoRuleInForceError
from rules.ruling import Conversion, Step, Subject
from wording import say

KIND = "convert"
_DEEMED = "rules.deemed."
_RATES = ((1, Unit.HALF_DAY), (1, Unit.DAY), (45, Unit.MINUTE), (1000, Unit.CHAR), (1, Unit.ITEM))


def asked(turn: Turn) -> Outcome:
    """ "两天的学术会议算多少学时"."""
    slots = turn.reading.slots
    by_level = slots.get("region") == show.NATIONAL and "level" in slots.get("attrs", {})  # 国家级 names no place
    return answer(turn, drafts.plain(slots), _region(turn, None if by_level else slots.get("region")))


def answer(turn: Turn, said: dict[str, Any], region: str | None) -> Outcome:
    """The answer for what was said; in every place that matters while the person's is not known."""
    if "quantity" not in said and "mode" not in said:
        return show.answer(say("convert.ask"))
    if "quantity" not in said:
        return _rates(turn, Mode(said["mode"]), region or show.NATIONAL, said)
    if drafts.too_much(said):
        return show.answer(say("claim.too_much", n=show.quantity(said["quantity"], Unit(said["unit"]))))
    try:
        activity = _activity(turn, said)
    except ValidationError:
        return show.answer(say("convert.ask"))
    if region is None:
        return _everywhere(turn, activity, said)
    return _here(turn, activity, region, said)


def _here(turn: Turn, activity: Activity, region: str, said: dict[str, Any]) -> Outcome:
    found = _convert(turn, region, activity)
    cited = [step.citation for step in found.steps if step.citation]
    return pages.told(
        turn,
        [
            _title(turn, region, activity, found, said),
            say("convert.assumed_mode", mode=say(f"mode.{activity.mode}")) if _guesses_mode(said) else "",
            *show_steps(found.steps),
            documents(turn, region, cited),
            show.grade_note(turn.book, region),
        ],
        rest=quoted(turn, region, cited),
        asked={"kind": KIND, "said": said, "region": region},
    )


def _guesses_mode(said: dict[str, Any]) -> bool:
    return "mode" not in said and Unit(said["unit"]) not in (Unit.CLASS_HOUR, Unit.CREDIT)


def _title(turn: Turn, region: str, activity: Activity, found: Conversion, said: dict[str, Any]) -> str:
    place, what = show.place_name(turn.book, region), show.what(activity)
    if "mode" not in said:
        what = show.quantity(activity.quantity, activity.unit)
    if any(step.key.startswith(_DEEMED) for step in found.steps) and not found.hours:
        return say("convert.deemed", region=place, what=what)
    if found.hours is None:
        return say("convert.open", region=place, what=what, who=_who_decides(turn, region))
    return say("convert.answer" if found.hours else "convert.none", region=place, what=what, hours=found.hours)


def _who_decides(turn: Turn, region: str) -> str:
    rules = turn.book.plan(region, turn.today.year).on(turn.today)
    return say("convert.decided_by", who=rules.decided_by, article=show.article(rules.decided_in))


def _everywhere(turn: Turn, activity: Activity, said: dict[str, Any]) -> Outcome:
    """One line for each place whose text we hold, and the places to tap."""
    lines, choices = [], []
    for region in show.offered(turn.book):
        found = _convert(turn, region, activity)
        place = show.place_name(turn.book, region)
        cited = next((step.citation for step in reversed(found.steps) if step.citation), None)
        hours = show.hours(found.hours) if found.hours else say("convert.unsaid")
        lines.append(say("convert.line", region=place, hours=hours, article=show.article(cited) if cited else ""))
        choices.append(pages.choice(KIND, region, label=place))
    title = say("convert.everywhere", what=show.what(activity))
    return pages.told(
        turn,
        [title, *lines, say("convert.tell_region")],
        choices=choices,
        asked={"kind": KIND, "said": said, "region": None},
    )


def _rates(turn: Turn, mode: Mode, region: str, said: dict[str, Any]) -> Outcome:
    """No amount was said: what the mode gives in each measure that the text has for it."""
    lines: list[str] = []
    cited = []
    steps: tuple[Step, ...] = ()
    for quantity, unit in _RATES:
        activity = _activity(turn, {**said, "quantity": quantity, "unit": str(unit)})
        found = _convert(turn, region, activity)
        steps = steps or (found.steps if unit is Unit.DAY else ())
        citation = next((step.citation for step in found.steps if step.citation), None)
        if found.hours and citation:
            cited.append(citation)
            article = show.article(citation)
            lines.append(say("plan.line", what=show.quantity(quantity, unit), hours=found.hours, article=article))
        elif unit is Unit.ITEM and any(step.key.startswith(_DEEMED) for step in found.steps):
            lines += [show_step(step) for step in found.steps]
    place, name = show.place_name(turn.book, region), say(f"mode.{mode}")
    if not lines:
        title = say("convert.open", region=place, what=name, who=_who_decides(turn, region))
        return pages.told(turn, [title, *(show_step(step) for step in steps)], asked=_kept(said, region))
    return pages.told(
        turn,
        [say("convert.rates", region=place, what=name), *lines, documents(turn, region, cited), say("convert.stated")],
        rest=quoted(turn, region, cited),
        asked=_kept(said, region),
    )


def _kept(said: dict[str, Any], region: str) -> dict[str, Any]:
    return {"kind": KIND, "said": said, "region": region}


def _activity(turn: Turn, said: dict[str, Any]) -> Activity:
    """Today's activity of that kind. Raises ValidationError."""
    plain = {key: said[key] for key in ("category", "mode", "quantity", "unit", "attrs") if key in said}
    return Activity.model_validate(
        {
            "category": Category.PROFESSIONAL,
            "mode": Mode.TRAINING_CLASS,
            **plain,
            "start": turn.today,
            "end": turn.today,
        }
    )


def _convert(turn: Turn, region: str, activity: Activity) -> Conversion:
    try:
        return convert(case(activity, "asked"), Subject(region, subject(turn).profile), turn.today, turn.book)
    except NoRuleInForceError as none:
        return Conversion(hours=None, steps=(Step(none.key, none.values),))
    except UnusableCaseError:
        return Conversion(hours=None, steps=())


def _region(turn: Turn, said: str | None) -> str | None:
    return said if said in turn.book.places else turn.person.region


def _of_writing(mode: str) -> bool:
    """Works are measured in characters or pieces, what is attended in time."""
    return mode in (Mode.PUBLICATION, Mode.PAPER, Mode.MONOGRAPH, Mode.AWARD, Mode.EXAM)


def follow_up(turn: Turn, kept: dict[str, Any], said: dict[str, Any], region: str | None) -> Outcome:
    """ "5万字的专著呢", "四川呢": the question before with what is new in it."""
    before = dict(kept["said"])
    if "mode" in said and said["mode"] != before.get("mode"):
        before.pop("attrs", None)
        if "quantity" not in said and _of_writing(said["mode"]) != _of_writing(before.get("mode", "")):
            before = {key: value for key, value in before.items() if key not in ("quantity", "unit")}
    return answer(turn, {**before, **said}, region or kept.get("region") or turn.person.region)
