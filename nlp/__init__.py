"""Words to meaning: pure, deterministic, without I/O after its dictionaries are loaded."""

from nlp.reading import Ambiguity, Expecting, Intent, Reading, Slots
from nlp.understanding import SURE, read, warm
from nlp.words import tokens

__all__ = ["SURE", "Ambiguity", "Expecting", "Intent", "Reading", "Slots", "read", "tokens", "warm"]
