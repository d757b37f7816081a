"""审核情况 and 申诉: where a record stands, why it came back, how long a review takes, one appeal with a comment."""

from domain.ledger import Claim, EntryKind, NewEntry
from domain.review import returned_words
from domain.vocabulary import EntryState
from handlers import show
from handlers.cues import Cue, parts
from handlers.inspection import lasting
from handlers.question import numbered, year_of
from handlers.reminder import ask_consent
from handlers.standing import claims_of
from handlers.turn import Outcome, Turn
from wording import say

_LEAST = 2  # characters of a comment


def status(turn: Turn) -> Outcome:
    """审核情况: of one claim when its number is said, else the counts."""
    year = year_of(turn)
    claims = claims_of(turn, year)
    index = turn.reading.slots.get("index")
    if index is None:
        counts = {state.value: sum(claim.state is state for claim in claims) for state in EntryState}
        waits = (*waiting(turn), *ask_consent(turn)) if counts[EntryState.CLAIMED.value] else ()
        return show.answer(say("question.status_counts", **counts), *waits)
    claim = numbered(claims, index)
    if claim is None:
        return show.answer(say("question.no_such_claim", year=year, number=index, count=len(claims)))
    return show.answer(
        say("question.status_one", number=index, state=say(f"state.{claim.state}")),
        say("proof.count", count=len(claim.proofs)) if claim.proofs else "",
        reason(claim),
        *((*waiting(turn), *ask_consent(turn)) if claim.state is EntryState.CLAIMED else ()),
    )


def appeal(turn: Turn) -> Outcome:
    """申诉 我参加了全程: the returned record that was numbered, else the latest one."""
    told = parts(turn, Cue.APPEAL)
    number = told.get("a") or told.get("b")
    target = _returned(turn, int(number) if number else None)
    if target is None:
        return show.answer(say("appeal.nothing"))
    words = told.get("why", "").strip(" ,，、:：。！!")
    if target.appealed:
        return show.answer(say("appeal.once", number=target.number))
    if len(words) < _LEAST:
        return show.answer(say("appeal.why", number=target.number))
    entry = NewEntry(kind=EntryKind.HOURS_APPEALED, year=target.year, refers_to=target.id, note=words[:500])
    what = show.what(target.activity)
    return Outcome(replies=(show.text(say("appeal.done", number=target.number, what=what)),), entries=(entry,))


def _returned(turn: Turn, number: int | None) -> Claim | None:
    year = turn.today.year
    for each in (year, year - 1):
        claims = claims_of(turn, each)
        if number is not None:
            found = numbered(claims, number)
            return found if found is not None and found.state is EntryState.RETURNED else None
        back = [one for one in claims if one.state is EntryState.RETURNED]
        if back:
            return back[-1]
    return None


def reason(claim: Claim) -> str:
    """Why a record was returned, as the person reads it."""
    if claim.state is not EntryState.RETURNED:
        return ""
    words = returned_words(claim.note)[1]
    return "\n".join((say("appeal.reason", why=words), say("review.may_appeal") if not claim.appealed else ""))


def waiting(turn: Turn) -> list[str]:
    """Since when the person's oldest record waits, and how long their unit usually takes."""
    found = turn.facts.waits
    if not found.units:
        return [say("review.no_unit")]
    return [
        say("review.waits", time=lasting(turn.now - found.waits)) if found.waits else "",
        say("review.usual", time=lasting(found.usual)) if found.usual is not None else "",
    ]
