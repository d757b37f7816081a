"""Reading a message whose intent the person has picked from the likely ones."""

from datetime import datetime

from nlp.features import sketch
from nlp.normalize import clean, fold
from nlp.reading import Intent, Reading
from nlp.slots import slots_of


def read_as(text: str, now: datetime, intent: Intent) -> Reading:
    """The reading of `text` with `intent` given: only its slots are read."""
    original = clean(text)
    slots, facts = slots_of(intent, sketch(fold(original)), original, now.date())
    return Reading(intent, slots, 1.0, (), tuple(facts.ambiguities))
