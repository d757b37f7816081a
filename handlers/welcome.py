"""Following, and the two taps that make conversions exact: region and field of work. Nothing here is required."""

from dataclasses import replace
from datetime import timedelta

import nlp
from domain.delivery import Choice, Reply, ReplyKind
from domain.dialog import Dialog
from domain.ledger import counted
from domain.vocabulary import WorkField
from handlers import fallback, show
from handlers.choices import chosen
from handlers.standing import claims_of, ruling
from handlers.turn import Outcome, Turn
from nlp.reading import Intent
from rules.plan import NoRuleInForceError
from rules.ruling import TOTAL
from wording import say

TOPIC = "welcome"
_OPEN_FOR = timedelta(days=7)


def followed(turn: Turn) -> Outcome:
    """subscribe: what the bot does, then the first tap. Somebody who comes back finds their records."""
    if turn.person.region:
        return Outcome(replies=(show.text(say("welcome.back")),), dialog=Dialog(), person={"following": True})
    regions = show.offered(turn.book)
    return Outcome(
        replies=(
            show.text(say("welcome.hello"), say("welcome.privacy") if turn.person.consented_at is None else ""),
            _menu(say("welcome.ask_region"), _regions(turn, regions)),
        ),
        dialog=_dialog(turn, "region", regions),
        person={"following": True},
    )


def unfollowed(turn: Turn) -> Outcome:
    """unsubscribe: nothing can be said any more; the records stay."""
    return Outcome(dialog=Dialog(), person={"following": False})


def continued(turn: Turn) -> Outcome:
    """A tap or an answer to one of the two questions."""
    if turn.reading.intent in (Intent.ANSWER_CANCEL, Intent.ANSWER_SKIP):
        region = turn.person.region
        if region:
            return show.closed(say("welcome.field_skipped", region=show.place_name(turn.book, region)))
        return show.closed(say("welcome.skipped"))
    option = chosen(turn)
    region = turn.reading.slots.get("region") if option is None else None
    if turn.dialog.expecting == "region":
        region = option or region
        return region_told(turn, region) if region else _ask_again(turn)
    field = option or turn.reading.slots.get("work_field")
    if field in set(WorkField):
        told = work_field_told(turn, WorkField(field), region)
        moved = {"region": region} if region in turn.book.places else {}
        return replace(told, dialog=Dialog(), person={**told.person, **moved})
    return region_told(turn, region) if region else _ask_again(turn)


def on_its_own(turn: Turn) -> Turn:
    """The turn with its sentence read by itself where it answers neither question: they hold nothing up."""
    reading = turn.reading
    answers = {"region", "work_field"} & set(reading.slots) or chosen(turn)
    if turn.dialog.topic != TOPIC or answers or reading.intent not in (Intent.UNKNOWN, Intent.ANSWER_VALUE):
        return turn
    return replace(turn, reading=nlp.read(turn.message.text, turn.now, None))


def region_told(turn: Turn, region: str, *, ask_field: bool = True) -> Outcome:
    """The region is known: keep it, say what that changes, and ask for the field of work once."""
    if region not in turn.book.places:
        names = "、".join(show.place_name(turn.book, code) for code in turn.book.places if code != show.NATIONAL)
        return show.answer(say("welcome.region_unknown", said=turn.message.text[:20], regions=names))
    name = show.place_name(turn.book, region)
    changed = _what_changes(turn, region)
    if turn.person.work_field or not ask_field:
        told = show.text(say("welcome.region_kept", region=name), changed or say("welcome.try_it"))
        return Outcome(replies=(told,), dialog=Dialog() if ask_field else None, person={"region": region})
    fields = [Choice(id=str(field), label=say(f"work_field.{field}")) for field in WorkField]
    return Outcome(
        replies=(
            show.text(say("welcome.region_kept", region=name), changed),
            _menu(say("welcome.ask_work_field"), fields),
        ),
        dialog=_dialog(turn, "choice", [str(field) for field in WorkField]),
        person={"region": region},
    )


def _what_changes(turn: Turn, region: str) -> str:
    """我换到江西了: what becomes of this year's records, which are facts and stay; only their hours are asked anew."""
    year = turn.today.year
    claims = counted(claims_of(turn, year))
    if not claims or region == turn.person.region:
        return ""
    moved = replace(turn, person=turn.person.model_copy(update={"region": region}))
    try:
        before, after = ruling(turn, year).totals[TOTAL], ruling(moved, year).totals[TOTAL]
    except NoRuleInForceError:
        return ""
    return say("welcome.region_moved", count=len(claims), before=before, after=after, year=year)


def work_field_told(turn: Turn, field: WorkField, region: str | None = None) -> Outcome:
    """The field of work is known, perhaps together with the region."""
    place = region if region in turn.book.places else show.region_of(turn)
    told = say(
        "welcome.work_field_set",
        region=show.place_name(turn.book, str(place)),
        work_field=say(f"work_field.{field}"),
    )
    return Outcome(replies=(show.text(told),), person={"work_field": field})


def _ask_again(turn: Turn) -> Outcome:
    """Not understood: the question once more; after that it is left alone, nothing here is required."""
    if turn.dialog.draft.get("missed"):
        left = show.closed(say("welcome.left"))
        return replace(left, misread=fallback.misread(turn))
    if turn.dialog.expecting == "region":
        question, labels = say("welcome.ask_region"), [show.place_name(turn.book, code) for code in turn.dialog.options]
    else:
        question, labels = say("welcome.ask_work_field"), [say(f"work_field.{one}") for one in turn.dialog.options]
    again = Outcome(
        replies=(show.text(say("claim.value_unclear"), question, show.numbered(labels)),),
        dialog=turn.dialog.model_copy(update={"draft": {**turn.dialog.draft, "missed": 1}}),
    )
    return replace(again, misread=fallback.misread(turn))


def _regions(turn: Turn, codes: list[str]) -> list[Choice]:
    return [Choice(id=code, label=show.place_name(turn.book, code)) for code in codes]


def _menu(question: str, choices: list[Choice]) -> Reply:
    return Reply(kind=ReplyKind.MENU, text=question, choices=choices)


def _dialog(turn: Turn, expecting: str, options: list[str]) -> Dialog:
    return Dialog(topic=TOPIC, expecting=expecting, options=options, expires_at=turn.now + _OPEN_FOR)
