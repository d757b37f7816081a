"""What the person has told about themselves."""

from domain.vocabulary import WorkField
from handlers import show
from handlers.turn import Outcome, Turn
from handlers.welcome import region_told
from wording import say


def tell(turn: Turn) -> Outcome:
    """profile.set: the region or the field of work that was said."""
    slots = turn.reading.slots
    if "region" in slots:
        return region_told(turn, slots["region"])
    if slots.get("work_field") in set(WorkField):
        field = WorkField(slots["work_field"])
        region = show.place_name(turn.book, show.region_of(turn))
        told = say("welcome.work_field_set", region=region, work_field=say(f"work_field.{field}"))
        return Outcome(replies=(show.text(told),), person={"work_field": field})
    return shown(turn)


def shown(turn: Turn) -> Outcome:
    person = turn.person
    region = show.place_name(turn.book, person.region) if person.region else say("profile.region_default")
    field = say(f"work_field.{person.work_field}") if person.work_field else say("profile.unset")
    return show.answer(say("profile.show", region=region, work_field=field))
