"""The mini program's forms: what is filled in there does what saying it in the chat does, by the same rules.

A form arrives as a message of kind FORM; `event` names the form, `details` hold its fields, already checked for shape
by the API. Nothing here touches the dialog of the chat, which may be open on another phone.
"""

from collections.abc import Callable
from datetime import date

from domain.message import Message
from domain.reminder import Wishes
from domain.task import NewTask, TaskKind
from handlers import forms_entries, forms_review, receipts
from handlers.receipts import FormRefused, refused, with_receipt, with_refusal
from handlers.turn import Outcome, Turn
from rules.plan import NoRuleInForceError
from wording import say

Filled = Callable[[Turn], Outcome]

PROFILE = "form.profile"
CONSENT = "form.consent"
WISHES = "form.wishes"
PAPER = "form.paper"
COPY = "form.copy"
ERASE = "form.erase"
READ = "form.read"
VERIFY = "form.verify"
RETURN = "form.return"

_PAPERS = {"form": TaskKind.RENDER_FORM, "card": TaskKind.RENDER_CARD}
_SETTINGS = {"region", "work_field"}  # kept without consent: the service cannot answer without them


def filled(turn: Turn) -> Outcome:
    """What a form does; a receipt in every case."""
    try:
        return _FORMS[turn.message.event](turn)
    except FormRefused as refusal:
        return with_refusal(turn, refusal)
    except NoRuleInForceError as none:
        return with_refusal(turn, FormRefused("no_rule", say(none.key, **none.values), 404))


def years(message: Message, today_year: int) -> tuple[int, ...]:
    """The years whose entries a form needs beyond this and the last one."""
    details = message.details
    draft = details.get("draft") or {}
    said = {date.fromisoformat(draft[name]).year for name in ("start", "end") if draft.get(name)}
    if "year" in details:
        said.add(int(details["year"]))
    return tuple(sorted(said - {today_year, today_year - 1}))


def _profile(turn: Turn) -> Outcome:
    """Settings at once, personal facts by consent; None takes a fact away."""
    details = turn.message.details
    person, facts = dict(details["person"]), dict(details["facts"])
    if (facts or person.keys() - _SETTINGS) and turn.person.consented_at is None:
        raise refused("consent_needed")
    if person.get("region") is not None and person["region"] not in turn.book.places:
        raise refused("no_such_place", 422)
    if facts:
        profile = {**turn.person.profile, **facts}
        person["profile"] = {name: value for name, value in profile.items() if value is not None}
    return with_receipt(turn, Outcome(person=person))


def _consent(turn: Turn) -> Outcome:
    known = turn.person.consented_at
    return with_receipt(turn, Outcome(person={} if known else {"consented_at": turn.now}))


def _wishes(turn: Turn) -> Outcome:
    return with_receipt(turn, Outcome(wishes=Wishes.model_validate(turn.message.details["wishes"])))


def _paper(turn: Turn) -> Outcome:
    year, kind = int(turn.message.details["year"]), str(turn.message.details["kind"])
    if not any(claim.year == year for claim in turn.claims):
        raise FormRefused("nothing_recorded", say("paper.nothing", year=year))
    task = NewTask(_PAPERS[kind], {"year": year, "quietly": True})
    return with_receipt(turn, Outcome(tasks=(task,)), kind=kind, year=str(year))


def _copy(turn: Turn) -> Outcome:
    return with_receipt(turn, Outcome(tasks=(NewTask(TaskKind.COPY_DATA, {"quietly": True}),)), kind="copy", year="0")


def _erase(turn: Turn) -> Outcome:
    if str(turn.message.details["confirm"]).strip() != say("privacy.word"):
        raise FormRefused("not_confirmed", say("api.refused.not_confirmed", word=say("privacy.word")), 422)
    return with_receipt(turn, Outcome(tasks=(NewTask(TaskKind.ERASE),)))


def _read(turn: Turn) -> Outcome:
    """A picture has been kept: it is read aside, and its page tells when that is done."""
    task = NewTask(
        TaskKind.READ_PROOF,
        {"photo": turn.message.details["photo"], "holder": turn.person.name, "quietly": True},
    )
    return with_receipt(turn, Outcome(tasks=(task,)))


def is_quiet(turn: Turn) -> bool:
    """Whether a task's result is for a page of the mini program: it is kept, and nothing is said."""
    return bool(turn.message.details.get("quietly"))


def ended(turn: Turn) -> Outcome:
    """The result of a task that a form began."""
    return receipts.ready(turn, turn.message.details)


_FORMS: dict[str, Filled] = {
    forms_entries.RECORD: forms_entries.record,
    forms_entries.CORRECT: forms_entries.correct,
    forms_entries.WITHDRAW: forms_entries.withdraw,
    forms_entries.APPEAL: forms_entries.appeal,
    forms_entries.ATTACH: forms_entries.attach,
    PROFILE: _profile,
    CONSENT: _consent,
    WISHES: _wishes,
    PAPER: _paper,
    COPY: _copy,
    ERASE: _erase,
    READ: _read,
    VERIFY: forms_review.verify,
    RETURN: forms_review.send_back,
}
