"""What HR would object to, found before they look: pure comparisons of a proof, a claim and what else is known.

Every objection is a hint. Names and organisers are compared without spaces, brackets and punctuation, because a camera
reads them so.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from domain.ledger import Activity
from domain.proof import Mark, Objection
from domain.vocabulary import Unit
from nlp.proofs.proof import Activity as Read
from nlp.proofs.proof import Proof
from rules.ruling import Ruling, Step

_LEAST_NUMBER = 6  # letters and digits of a certificate number that tells proofs apart
_LEAST_DIGITS = 4  # of a QR code's text: fewer, and every certificate of the platform carries the same one
_LEAST_TITLE = 4  # characters of a title that tells events apart


def normal(words: str | None) -> str:
    """Words as they are compared: NFKC, upper case, letters and digits alone."""
    return "".join(re.findall(r"\w", unicodedata.normalize("NFKC", words or "").upper())).replace("_", "")


def marks(proof: Proof, photo: str) -> list[tuple[Mark, str]]:
    """By what this proof would be known again."""
    found = [(Mark.FILE, photo)]
    if len(re.findall(r"\d", proof.qr or "")) >= _LEAST_DIGITS:
        found.append((Mark.QR, str(proof.qr)))
    for one in proof.activities:
        number, title = normal(one.certificate_no), normal(one.title)
        if len(number) >= _LEAST_NUMBER and re.search(r"\d", number):
            found.append((Mark.NUMBER, number))
        if proof.name and len(title) >= _LEAST_TITLE and (one.start or one.end):
            found.append((Mark.EVENT, "\n".join((normal(proof.name), title, one.start or "", one.end or ""))))
    return list(dict.fromkeys(found))


def stated(read: Read) -> tuple[float, Unit] | None:
    """The amount that a proof states, in the unit that counts most directly."""
    for value, unit in ((read.hours, Unit.CLASS_HOUR), (read.credits, Unit.CREDIT), (read.days, Unit.DAY)):
        if value is not None:
            return value, unit
    return None


def is_empty(read: Read) -> bool:
    """Nothing that tells of an activity was read."""
    return not (read.title or read.start or read.end or stated(read))


def of_proof(proof: Proof, holder: str | None, organizers: Iterable[str] = ()) -> list[Objection]:
    """What the proof itself gives cause to ask, whatever it is claimed for."""
    found = []
    if all(is_empty(read) for read in proof.activities):
        return [Objection.UNREADABLE]
    if holder and not _names(proof, holder):
        found.append(Objection.NAME_DIFFERS)
    if not any(stated(read) for read in proof.activities):
        found.append(Objection.HOURS_MISSING)
    if not all(_is_listed(read.organizer, organizers) for read in proof.activities):
        found.append(Objection.ORGANIZER_UNKNOWN)
    return found


def _names(proof: Proof, holder: str) -> bool:
    """Whether the proof is the holder's, or names nobody that it could be compared with."""
    named = [normal(name) for name in (proof.name, *proof.people) if name]
    return not named or normal(holder) in named


def _is_listed(organizer: str | None, organizers: Iterable[str]) -> bool:
    listed = [normal(one) for one in organizers]
    found = normal(organizer)
    return not listed or not found or any(one in found or found in one for one in listed if one)


def of_claim(read: Read, activity: Activity, year: int) -> list[Objection]:
    """Where a claim says something else than the proof."""
    found = []
    years = {int(day[:4]) for day in (read.start, read.end) if day}
    if years and year not in years:
        found.append(Objection.YEAR_DIFFERS)
    said = stated(read)
    if said is not None and said[1] is activity.unit and said[0] != activity.quantity:
        found.append(Objection.HOURS_DIFFER)
    return found


def meant(proof: Proof, activity: Activity) -> Read:
    """The activity on the proof that a claim is about: by title, then by days, else the first."""
    title = normal(activity.title)

    def likeness(read: Read) -> tuple[bool, bool, bool]:
        days = {activity.start.isoformat(), activity.end.isoformat()}
        amount = stated(read)
        return (
            bool(title) and title == normal(read.title),
            bool({read.start, read.end} & days),
            amount is not None and amount[0] == activity.quantity,
        )

    return max(proof.activities, key=likeness)


def cuts(ruling: Ruling, case: str) -> list[Step]:
    """The steps in which a limit takes something from this activity; the reasons are written only when one does."""
    if not any(cap.after < cap.before for cap in ruling.caps):
        return []
    return [step for step in ruling.steps if step.case == case and step.key.startswith("rules.cap.cut")]


def in_order(found: Sequence[Objection]) -> tuple[Objection, ...]:
    """Each objection once, in the order in which they are declared."""
    return tuple(one for one in Objection if one in found)
