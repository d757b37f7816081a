"""What a route may ask for beyond the person, the dialog and the claims of their years (`routes.needs`).

`bot.facts` loads what is asked, in one go, and leaves the rest as it stands here.
"""

from dataclasses import dataclass
from enum import StrEnum


class Fact(StrEnum):
    """The fields of `Facts`, by name."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Each field belongs to the Fact of its name."""


NONE = Facts()
