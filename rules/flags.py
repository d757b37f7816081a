"""The flags of a ruling as sentences: each is a mark for a program, and one line for a person.

`general_shortfall:professional` is about a category, `to_confirm:e1` about an activity, `provisional:caps.x` about a
value of the book; others are about the year.
"""

from domain.vocabulary import Category
from rules.ruling import Step

_ABOUT_VALUES = "provisional"
_CATEGORIES = frozenset(str(category) for category in Category)


def flag_step(flag: str) -> Step:
    """The step that says a flag of `Ruling.flags` or `Conversion.flags`; `case` is the activity that it is about."""
    name, _, about = flag.partition(":")
    if about in _CATEGORIES:
        return Step(f"rules.flag.{name}.{about}", {})
    return Step(f"rules.flag.{name}", {}, case=about if about and name != _ABOUT_VALUES else None)
