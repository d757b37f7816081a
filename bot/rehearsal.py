"""`xueshi check-rules --rehearse`: a changed rule book run over all people, beside a running service."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from bot.inspection import Found, problems_of, tell
from bot.settings import Settings
from domain.ledger import Claim, counted, fold
from handlers.show import NATIONAL
from outreach.rulings import case
from rules.book import Book, load
from rules.rehearsal import Move, Reason, rehearse
from rules.ruling import TOTAL, Ruling, Subject
from storage.population import Resident, everybody
from storage.sealing import Vault

_TOLD_EVERY = 1_000  # people between two lines of progress


@dataclass(slots=True)
class Tally:
    """People looked at, people who move, years that become complete or incomplete, and years nobody could decide."""

    people: int = 0
    moved: int = 0
    completed: int = 0
    opened: int = 0
    undecided: int = 0
    reasons: dict[str, int] = field(default_factory=dict)

    def count(self, move: Move) -> None:
        before, after = (one.complete if one else None for one in (move.before, move.after))
        self.completed += after is True and before is not True
        self.opened += before is True and after is not True
        for reason in move.reasons:
            told = _reason(reason)
            self.reasons[told] = self.reasons.get(told, 0) + 1


async def run(settings: Settings, folder: Path, on: date) -> None:
    """Prints one line per person and year that the book in `folder` answers otherwise, and a summary.

    Progress goes to stderr. Raises Found when that book has problems; storage's errors when there is no database.
    """
    problems = problems_of(folder)
    if problems:
        raise Found(f"the changed book has {len(problems)} problems: nothing was rehearsed")
    old, new, tally = load(), load(folder), Tally()
    async for resident in everybody(settings.database_url, Vault(settings.sealing_keys)):
        moves = list(_moves(resident, on, old, new, tally))
        for move in moves:
            tally.count(move)
            tell(f"{resident.id} {_told(move)}")
        tally.people += 1
        tally.moved += bool(moves)
        if tally.people % _TOLD_EVERY == 0:
            sys.stderr.write(f"looked at {tally.people:,} people, {tally.moved:,} move\n")
    _summarise(tally)


def _moves(resident: Resident, on: date, old: Book, new: Book, tally: Tally) -> Iterator[Move]:
    """The years of the person that move: those with activities, and this one."""
    claims = counted(fold(resident.entries))
    for year in sorted({on.year, *(claim.year for claim in claims)}):
        try:
            move = _move(resident, [claim for claim in claims if claim.year == year], year, on, old, new)
        except ValueError:
            tally.undecided += 1
            continue
        if move is not None:
            yield move


def _move(resident: Resident, claims: list[Claim], year: int, on: date, old: Book, new: Book) -> Move | None:
    facts = dict(resident.profile)
    if resident.work_field:
        facts.setdefault("work_field", resident.work_field)
    cases = [case(claim.activity, claim.id) for claim in claims]
    return rehearse(Subject(resident.region or NATIONAL, facts), cases, year, on, old, new)


def _told(move: Move) -> str:
    before, after = _standing(move.before), _standing(move.after)
    why = "; ".join(_reason(reason) for reason in move.reasons)
    return f"{move.year}: {before} → {after}" + (f" because {why}" if why else "")


def _standing(ruling: Ruling | None) -> str:
    if ruling is None:
        return "no rule"
    complete = {True: "complete", False: "incomplete", None: "open"}[ruling.complete]
    return f"{complete}, {ruling.totals[TOTAL]:g} of {ruling.required[TOTAL].hours:g} hours"


def _reason(reason: Reason) -> str:
    article = f" ({reason.citation.document} {reason.citation.article})" if reason.citation else ""
    return f"{reason.what} {_written(reason.before)} → {_written(reason.after)}{article}"


def _written(value: object) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    return "none" if value is None else str(value).lower()


def _summarise(tally: Tally) -> None:
    tell(
        f"{tally.people:,} people looked at, {tally.moved:,} move: "
        f"{tally.completed:,} years become complete, {tally.opened:,} are no longer complete"
    )
    for reason, count in sorted(tally.reasons.items(), key=lambda item: -item[1]):
        tell(f"  {count:,} × {reason}")
    if tally.undecided:
        tell(f"{tally.undecided:,} years could not be decided: a fact of theirs is unusable")
