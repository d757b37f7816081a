"""Following, and the two taps that make conversions exact: region and field of work. Nothing here is required."""

from datetime import timedelta

from domain.delivery import Choice, Reply, ReplyKind
from domain.dialog import Dialog
from domain.vocabulary import WorkField
from handlers import show
from handlers.choices import chosen
from handlers.turn import Outcome, Turn
from nlp.reading import Intent
from wording import say

TOPIC = "welcome"
_OPEN_FOR = timedelta(days=7)


def followed(turn: Turn) -> Outcome:
    """subscribe: what the bot does, then the first tap. Somebody who comes back finds their records."""
    if turn.person.region:
        return Outcome(replies=(show.text(say("welcome.back")),), dialog=Dialog(), person={"following": True})
    regions = show.offered(turn.book)
    return Outcome(
        replies=(show.text(say("welcome.hello")), _menu(say("welcome.ask_region"), _regions(turn, regions))),
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
            return show.closed(say("welcome.region_set", region=show.place_name(turn.book, region)))
        return show.closed(say("welcome.skipped"))
    option = chosen(turn)
    if turn.dialog.expecting == "region":
        region = option or turn.reading.slots.get("region")
        return region_told(turn, region) if region else _ask_again(turn)
    field = option or turn.reading.slots.get("work_field")
    if field not in set(WorkField):
        return _ask_again(turn)
    return Outcome(
        replies=(show.text(_both_set(turn, str(field))),), dialog=Dialog(), person={"work_field": WorkField(field)}
    )


def region_told(turn: Turn, region: str) -> Outcome:
    """The region is known: keep it, and ask for the field of work once."""
    if region not in turn.book.places:
        names = "、".join(show.place_name(turn.book, code) for code in turn.book.places if code != show.NATIONAL)
        return show.answer(say("welcome.region_unknown", said=region, regions=names))
    name = show.place_name(turn.book, region)
    if turn.person.work_field:
        return Outcome(
            replies=(show.text(say("welcome.region_set", region=name)),), dialog=Dialog(), person={"region": region}
        )
    fields = [Choice(id=str(field), label=say(f"work_field.{field}")) for field in WorkField]
    return Outcome(
        replies=(
            show.text(say("welcome.region_kept", region=name)),
            _menu(say("welcome.ask_work_field"), fields),
        ),
        dialog=_dialog(turn, "choice", [str(field) for field in WorkField]),
        person={"region": region},
    )


def _both_set(turn: Turn, field: str) -> str:
    region = show.place_name(turn.book, show.region_of(turn))
    return say("welcome.work_field_set", region=region, work_field=say(f"work_field.{field}"))


def _ask_again(turn: Turn) -> Outcome:
    if turn.dialog.expecting == "region":
        labels = [show.place_name(turn.book, code) for code in turn.dialog.options]
        return show.answer(say("welcome.ask_region"), show.numbered(labels))
    labels = [say(f"work_field.{field}") for field in turn.dialog.options]
    return show.answer(say("welcome.ask_work_field"), show.numbered(labels))


def _regions(turn: Turn, codes: list[str]) -> list[Choice]:
    return [Choice(id=code, label=show.place_name(turn.book, code)) for code in codes]


def _menu(question: str, choices: list[Choice]) -> Reply:
    return Reply(kind=ReplyKind.MENU, text=question, choices=choices)


def _dialog(turn: Turn, expecting: str, options: list[str]) -> Dialog:
    return Dialog(topic=TOPIC, expecting=expecting, options=options, expires_at=turn.now + _OPEN_FOR)
