"""A claim as a reviewer sees it: what is claimed, what its pictures say, what is odd about it, and its article."""

from dataclasses import replace
from datetime import timedelta

from domain.proof import Kept, Objection
from domain.review import File
from domain.vocabulary import EntryState
from handlers import precheck, show
from handlers.explanation import show_step
from handlers.standing import conversion, ruling
from handlers.turn import Turn
from nlp.proofs.proof import Proof, proof_of
from rules.plan import NoRuleInForceError
from wording import say


def theirs(turn: Turn, file: File) -> Turn:
    """The turn as if the claim's person had spoken: rules are asked about them, not about the reviewer."""
    return replace(turn, person=file.person, claims=file.claims)


def what(turn: Turn, file: File) -> str:
    """The claim in a few words, with its day."""
    activity = file.claim.activity
    return f"{show.days(activity.start, activity.end, turn.today)} {show.what(activity)}"


def brief(turn: Turn, file: File) -> str:
    return say("review.brief", name=file.waiting.name, what=what(turn, file))


def shown(file: File) -> list[str]:
    """The hashes of the claim's pictures that can still be shown, latest first."""
    return [one.photo for one in reversed(file.photos) if not one.removed]


def lines(turn: Turn, file: File) -> list[str]:
    """Everything about one claim, line by line."""
    waiting, activity = file.waiting, file.claim.activity
    found = conversion(theirs(turn, file), activity)
    who = say("review.who", name=waiting.name, department=waiting.department or waiting.unit)
    return [
        who,
        say("claim.line_day", day=show.days(activity.start, activity.end, turn.today)),
        say("claim.line_what", what=show.what(activity)),
        say("proof.organizer", organizer=activity.organizer) if activity.organizer else "",
        say("claim.line_category", category=show.category(activity.category)),
        say("claim.line_hours", hours=show.hours(found.hours)),
        *(show_step(step) for step in found.steps),
        *read_lines(file),
        *(text for _, text in hints(turn, file)),
        say("review.appeal", words=file.claim.note) if file.claim.appealed else "",
        say("review.since", time=lasting(turn.now - waiting.since)),
    ]


def read_lines(file: File) -> list[str]:
    """What the claim's pictures say, a line each."""
    return [_read_line(proof) for proof in _proofs(file)]


def hints(turn: Turn, file: File) -> list[tuple[str, str]]:
    """What HR might ask about the claim: a code and its sentence."""
    return [(one.value, say(f"review.hint.{one}", **_values(file))) for one in objections(turn, file)]


def _read_line(proof: Proof) -> str:
    """What a picture says, in one line."""
    first = proof.activities[0]
    amount = precheck.stated(first)
    parts = [
        proof.name,
        f"《{first.title}》" if first.title else None,
        show.quantity(*amount) if amount else None,
        first.end or first.start,
        say("review.number", number=first.certificate_no) if first.certificate_no else None,
    ]
    return say("review.read", what="，".join(part for part in parts if part))


def _values(file: File) -> dict[str, object]:
    return {
        "name": file.waiting.name,
        "read": "、".join(proof.name for proof in _proofs(file) if proof.name),
        "year": file.claim.year,
    }


def _proofs(file: File) -> list[Proof]:
    return [proof_of(one.reading) for one in file.photos if one.reading is not None]


def objections(turn: Turn, file: File) -> tuple[Objection, ...]:
    """What HR might ask about this claim; hints, in the order in which they are declared."""
    if not file.photos:
        return (Objection.NO_PROOF,)
    proofs, activity = _proofs(file), file.claim.activity
    accepted = turn.facts.desk.organizers.get(file.waiting.unit, frozenset())
    found = [Objection.UNREADABLE] if all(map(_says_nothing, file.photos)) else []
    for proof in proofs:
        found += precheck.of_proof(proof, file.waiting.name, accepted)
        found += precheck.of_claim(precheck.meant(proof, activity), activity, file.claim.year)
    if any(twin.photo not in file.claim.proofs or not twin.own for twin in file.twins):
        found.append(Objection.USED_BEFORE)
    if _is_cut(turn, file):
        found.append(Objection.OVER_CAP)
    return precheck.in_order(found)


def _says_nothing(photo: Kept) -> bool:
    return photo.reading is None or bool(photo.flaw)


def _is_cut(turn: Turn, file: File) -> bool:
    standing = [one for one in file.claims if one.state in (EntryState.CLAIMED, EntryState.VERIFIED)]
    try:
        found = ruling(theirs(turn, file), file.claim.year, standing)
    except NoRuleInForceError:
        return False
    return bool(precheck.cuts(found, file.claim.id))


def lasting(time: timedelta) -> str:
    """A waiting time in the unit that people would name."""
    hours = time.total_seconds() / 3600
    if hours < 1:
        return say("review.minutes")
    return say("review.hours", n=round(hours)) if hours < 48 else say("review.days", n=round(hours / 24))
