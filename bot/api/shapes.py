"""Domain values as the API tells them: labels in Chinese, citations with where to read them."""

from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import quote

from pydantic import ValidationError

from bot.api.models.pieces import Cited, CodeText, Draft, LastDay, Preview, Required, StepTold
from bot.api.models.records import EntryTold
from domain.ledger import Claim
from domain.review import returned_words
from domain.vocabulary import EntryState
from handlers import draft as drafts
from handlers import show
from handlers.deadlines import unit_days
from handlers.standing import claims_of, conversion, ruling, subject
from handlers.telling import twin
from handlers.turn import Turn
from rules.deadlines import Deadline, binding, deadlines
from rules.flags import flag_step
from rules.plan import NoRuleInForceError
from rules.ruling import Citation, Requirement, Ruling, Step
from rules.values import DeadlineKind
from wording import say

NATIONAL = show.NATIONAL


def home(turn: Turn, place: str, document: str) -> str:
    """The place whose document it is: the person's own, else the national one."""
    own = any(one.key == document for one in turn.book.place(place).documents)
    return place if own else NATIONAL


def article_path(place: str, document: str, article: str) -> str:
    return f"/policies/{place}/{document}/{quote(article, safe='')}"


def cited(turn: Turn, place: str, citation: Citation) -> Cited:
    where = home(turn, place, citation.document)
    try:
        turn.texts.quote(where, citation)
        path = article_path(where, citation.document, citation.article)
    except LookupError:
        path = None
    return Cited(
        place=where,
        document=citation.document,
        article=citation.article,
        title=show.document(turn.book, place, citation),
        url=turn.texts.address(place, citation) or None,
        path=path,
    )


def step(turn: Turn, place: str, one: Step) -> StepTold:
    found = cited(turn, place, one.citation) if one.citation else None
    known = {claim.id for claim in turn.claims}
    return StepTold(text=show.step(one), citation=found, hours=one.hours, entry=one.case if one.case in known else None)


def steps(turn: Turn, place: str, found: Iterable[Step]) -> list[StepTold]:
    return [step(turn, place, one) for one in found]


def required(turn: Turn, place: str, found: Mapping[str, Requirement]) -> list[Required]:
    return [
        Required(
            name=name,
            label=show.category(name),
            hours=one.hours,
            strength=one.strength,
            citation=cited(turn, place, one.citation),
        )
        for name, one in found.items()
    ]


def flags(found: Ruling) -> list[CodeText]:
    return [CodeText(code=code, text=show.step(flag_step(code))) for code in found.flags]


def rulings(turn: Turn, years: Iterable[int]) -> dict[int, Ruling | None]:
    """The year's ruling for each year; None where the place has no rule for it."""
    found: dict[int, Ruling | None] = {}
    for year in set(years):
        try:
            found[year] = ruling(turn, year)
        except NoRuleInForceError:
            found[year] = None
    return found


def numbered(turn: Turn) -> None:
    """Gives every record the number that it has in its year's list."""
    for year in {claim.year for claim in turn.claims}:
        claims_of(turn, year)


def entry(turn: Turn, claim: Claim, known: Mapping[int, Ruling | None]) -> EntryTold:
    activity, found = claim.activity, known.get(claim.year)
    standing = claim.state in (EntryState.CLAIMED, EntryState.VERIFIED)
    hours = found.recognised.get(claim.id) if found and standing else conversion(turn, activity).hours
    return EntryTold(
        id=claim.id,
        number=claim.number,
        year=claim.year,
        state=claim.state,
        state_label=say(f"state.{claim.state}"),
        title=activity.title,
        organizer=activity.organizer,
        start=activity.start,
        end=activity.end,
        category=activity.category,
        category_label=show.category(activity.category),
        mode=activity.mode,
        mode_label=say(f"mode.{activity.mode}"),
        quantity=activity.quantity,
        unit=activity.unit,
        amount=show.quantity(activity.quantity, activity.unit),
        hours=hours,
        recorded_at=claim.recorded_at.astimezone(turn.now.tzinfo),
        proofs=len(claim.proofs),
        appealed=claim.appealed,
        why=returned_words(claim.note)[1] if claim.state is EntryState.RETURNED else None,
    )


def draft(values: drafts.Draft) -> Draft:
    return Draft.model_validate({name: values[name] for name in Draft.model_fields if name in values})


def preview(turn: Turn, values: drafts.Draft) -> Preview | None:
    """What the draft would give; None until it is whole and can be."""
    if drafts.missing(values) or drafts.too_much(values):
        return None
    try:
        activity = drafts.activity(values)
    except ValidationError:
        return None
    found = conversion(turn, activity)
    same = twin(turn, activity)
    told = steps(turn, show.region_of(turn), found.steps)
    return Preview(hours=found.hours, steps=told, similar=same.id if same else None)


def last_day(turn: Turn, year: int) -> LastDay | None:
    """The day by which the year's hours have to be there; None when it is over or nothing is known."""
    place = show.region_of(turn)
    measured = turn.facts.days.courtesy.verification_days
    found = deadlines(turn.book, place, year, unit_days(turn), subject(turn).profile, measured)
    one = binding(found, DeadlineKind.EARN_BY)
    return None if one is None or one.closes < turn.today else day(turn, place, one)


def day(turn: Turn, place: str, one: Deadline) -> LastDay:
    return LastDay(
        day=one.safe.day,
        closes=one.closes,
        days_left=(one.safe.day - turn.today).days,
        provisional=one.safe.provisional,
        basis=one.basis,
        text=say(one.step.key, **one.step.values),
        citation=cited(turn, place, one.source) if one.source else None,
    )


def newest(claims: Sequence[Claim]) -> list[Claim]:
    return sorted(claims, key=lambda claim: (claim.recorded_at, claim.id), reverse=True)
