"""Words to meaning: pure, deterministic, without I/O after its dictionaries are loaded."""

from nlp.picked import read_as
from nlp.reading import Ambiguity, Expecting, Intent, Reading, Slots
from nlp.understanding import SURE, read, warm
from nlp.words import tokens

__all__ = ["SURE", "Ambiguity", "Expecting", "Intent", "Reading", "Slots", "read", "read_as", "tokens", "warm"]
