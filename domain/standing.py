"""Where a person stands in one year, in a row of its own: what pages and audiences over many people read.

Derived from the ledger and the rules, written in the commit of the turn that changes it, and rebuilt from the entries
at any time. A ruling about one person never reads it.
"""

from sqlmodel import Field, SQLModel


class Standing(SQLModel):
    """Hours are 学时 as recognised for each activity, before caps; `have` and what is missing are after them.

    `returned` and `pending` count records: sent back by the unit, and waiting for it. `complete` is None where the text
    leaves it open. `missing` is what is still to be earned in all; it may be more than the total lacks, because
    categories count apart. `unit`, `department` and `series` (职称系列) are the ones of the person's profile.
    """

    person_id: str = Field(max_length=32)
    year: int
    region: str = Field(default="", max_length=32)
    unit: str = Field(default="", max_length=100)
    department: str = Field(default="", max_length=100)
    series: str = Field(default="", max_length=40)
    public_claimed: float = 0
    public_verified: float = 0
    professional_claimed: float = 0
    professional_verified: float = 0
    elective_claimed: float = 0
    elective_verified: float = 0
    returned: int = 0
    pending: int = 0
    have: float = 0
    required: float = 0
    missing: float = 0
    public_missing: float = 0
    professional_missing: float = 0
    complete: bool | None = None

    @property
    def behind(self) -> bool:
        """Whether there is something left to earn: a year that the text leaves open counts when a figure is missed."""
        return self.complete is not True and self.missing > 0
