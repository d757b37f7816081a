"""Where a person stands in one year, in a row of its own: what pages and audiences over many people read.

Derived from the ledger and the rules, written in the commit of the turn that changes it, and rebuilt from the entries
at any time. A ruling about one person never reads it.
"""

from sqlmodel import Field, SQLModel

MONTHS = tuple(f"month_{month:02d}" for month in range(1, 13))  # the fields of `Standing` for each month


class Standing(SQLModel):
    """Hours are 学时 as recognised for each activity, before caps; `have` and what is missing are after them.

    `returned` and `pending` count records: sent back by the unit, and waiting for it. `complete` is None where the text
    leaves it open. `missing` is what is still to be earned in all; it may be more than the total lacks, because
    categories count apart. `unit`, `department` and `series` (职称系列) are the ones of the person's profile.
    `reviewing`: they want to go for title review in this year. `month_01` to `month_12` are the hours, before caps too,
    of the activities that ended in that month: they add up to those of the categories.
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
    reviewing: bool = False
    month_01: float = 0
    month_02: float = 0
    month_03: float = 0
    month_04: float = 0
    month_05: float = 0
    month_06: float = 0
    month_07: float = 0
    month_08: float = 0
    month_09: float = 0
    month_10: float = 0
    month_11: float = 0
    month_12: float = 0

    @property
    def behind(self) -> bool:
        """Whether there is something left to earn: a year that the text leaves open counts when a figure is missed."""
        return self.complete is not True and self.missing > 0
