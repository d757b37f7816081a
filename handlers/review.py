"""HR's review in the talk: what waits, one after the other with its picture, 通过, 退回 with a reason, 下一条.

The dialog's draft is {"listed": ids as numbered, "current": id, "passed": ids put off}; while a reason is asked for,
also "returning": id. The loader of the desk asks `wanted` which files this turn needs.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from domain.delivery import Reply, ReplyKind
from domain.dialog import Dialog
from domain.ledger import EntryKind, NewEntry
from domain.message import MessageKind
from domain.proof import Objection
from domain.review import Decision, Desk, File, Waiting, returned_note
from domain.task import NewTask, TaskKind
from handlers import inspection, show
from handlers.choices import chosen
from handlers.turn import Outcome, Turn
from nlp.reading import Intent
from wording import say

TOPIC = "review"
LISTED = 5  # waiting claims that are numbered in one bubble
TOGETHER = 50  # claims about one event that are approved at once
PICTURES = 3  # of one claim, sent at once
_OPEN_FOR = timedelta(days=2)
CODES = (  # offered as reasons, in this order
    Objection.UNREADABLE,
    Objection.NAME_DIFFERS,
    Objection.YEAR_DIFFERS,
    Objection.HOURS_MISSING,
    Objection.ORGANIZER_UNKNOWN,
    Objection.USED_BEFORE,
    Objection.NO_PROOF,
    Objection.NOT_APPLICABLE,
)


# Which claims a turn is about: pure over what waits, for the loader and the handlers alike


def wanted(turn: Turn, waiting: Sequence[Waiting]) -> list[Waiting]:
    """The claims whose files this turn needs: those meant, and the one shown after them."""
    meant = targets(turn, waiting)
    if turn.message.kind is MessageKind.FORM:
        return meant
    following = after(turn, waiting, {one.claim_id for one in meant} if _decides(turn) else set())
    return list(dict.fromkeys([*meant, *([following] if following else [])]))


def _decides(turn: Turn) -> bool:
    return turn.reading.intent in (Intent.REVIEW_APPROVE, Intent.REVIEW_RETURN) or "returning" in _draft(turn)


def targets(turn: Turn, waiting: Sequence[Waiting]) -> list[Waiting]:
    """The claims that the message is about: by number, by name, all of one event, else the one that is open.

    A form names its claim by id.
    """
    if turn.message.kind is MessageKind.FORM:
        return _with_ids(waiting, [str(turn.message.details.get("claim", ""))])
    slots, draft = turn.reading.slots, _draft(turn)
    if "index" in slots:
        listed = draft.get("listed", [])
        index = slots["index"]
        return _with_ids(waiting, listed[index - 1 : index])
    if "person" in slots:
        return [one for one in waiting if one.name == slots["person"]][:LISTED]
    current = _with_ids(waiting, [draft.get("returning") or draft.get("current") or ""])
    if current and turn.reading.intent is Intent.REVIEW_APPROVE and is_for_all(turn):
        event = current[0].event
        same = [one for one in waiting if event and one.event == event and one != current[0]]
        return [*current, *same][:TOGETHER]
    return current


def after(turn: Turn, waiting: Sequence[Waiting], done: set[str]) -> Waiting | None:
    """The one to look at next: the oldest that is not done and was not put off; of one person while there are any."""
    passed, name = {*done, *put_off(turn)}, of_whom(turn, waiting)
    left = [one for one in waiting if one.claim_id not in passed]
    return next((one for one in left if name and one.name == name), next(iter(left), None))


def of_whom(turn: Turn, waiting: Sequence[Waiting]) -> str:
    """Whose claims are looked at: 待审核 王建国, and 下一条 after it; "" for everybody's."""
    if turn.reading.intent is Intent.REVIEW_QUEUE:
        named = next((one.name for one in waiting if one.name and one.name in turn.message.text), "")
        if named or not _says(turn, "review.next_words"):
            return named
    return str(_draft(turn).get("of", ""))


def put_off(turn: Turn) -> list[str]:
    """Those put off: 下一条 puts off the open one too, 待审核 begins anew."""
    draft = _draft(turn)
    passed = list(draft.get("passed", ()))
    if turn.reading.intent is Intent.REVIEW_QUEUE and not _says(turn, "review.next_words"):
        return []
    goes_on = turn.reading.intent in (Intent.REVIEW_QUEUE, Intent.ANSWER_SKIP)
    return [*passed, draft["current"]] if goes_on and draft.get("current") else passed


def is_for_all(turn: Turn) -> bool:
    return _says(turn, "review.all_words")


def _says(turn: Turn, key: str) -> bool:
    return any(word in turn.message.text for word in say(key).split())


def _with_ids(waiting: Sequence[Waiting], ids: Sequence[str]) -> list[Waiting]:
    return [one for one in waiting if one.claim_id in ids]


def _draft(turn: Turn) -> dict[str, Any]:
    return turn.dialog.draft if turn.dialog.topic == TOPIC else {}


# What is said


def queue(turn: Turn) -> Outcome:
    """待审核, 下一条."""
    if not turn.facts.desk.units:
        return show.answer(say("hr.refused"))
    return _next(turn, (), set())


def approve(turn: Turn) -> Outcome:
    """通过, 第2条通过, 通过张伟的, 全部通过."""
    desk = turn.facts.desk
    if not desk.units:
        return show.answer(say("hr.refused"))
    files = _files(turn)
    if not files:
        return _nothing_meant(turn)
    if len(files) > 1 and not is_for_all(turn):
        return _which(turn, files)
    clear = [file for file in files if len(files) == 1 or not inspection.objections(turn, file)]
    if not clear:
        return show.answer(say("review.none_clear", count=len(files)))
    left = len(files) - len(clear)
    told = [_verdict_line(turn, "review.approved", clear), say("review.left", count=left) if left else ""]
    return _next(turn, told, {file.claim.id for file in clear}, [verified(turn, file) for file in clear])


def send_back(turn: Turn) -> Outcome:
    """退回第2条 照片看不清: the reason is for the person; without one it is asked for."""
    if not turn.facts.desk.units:
        return show.answer(say("hr.refused"))
    files = _files(turn)
    if not files:
        return _nothing_meant(turn)
    if len(files) > 1:
        return _which(turn, files)
    reason = str(turn.reading.slots.get("reason", ""))
    if not reason:
        return _ask_reason(turn, files[0])
    return _returned(turn, files[0], code_of(reason), reason)


def continued(turn: Turn) -> Outcome | None:
    """An answer while a claim is open; None: the message is about something else."""
    draft = _draft(turn)
    match turn.reading.intent:
        case Intent.REVIEW_QUEUE:
            return queue(turn)
        case Intent.REVIEW_APPROVE:
            return approve(turn)
        case Intent.REVIEW_RETURN:
            return send_back(turn)
        case Intent.ANSWER_CANCEL:
            return show.closed(say("review.stopped"))
        case Intent.ANSWER_SKIP if "returning" not in draft:
            return _next(turn, (), set())
    if "returning" not in draft or not turn.message.text.strip():
        return None
    files = _files(turn)
    if not files:
        return _nothing_meant(turn)
    option = chosen(turn)
    if option is not None:
        code = Objection(option)
        return _returned(turn, files[0], code, words_of(turn.facts.desk, files[0].waiting.unit, code))
    words = turn.message.text.strip()[:200]
    return _returned(turn, files[0], code_of(words), words)


def _files(turn: Turn) -> list[File]:
    desk = turn.facts.desk
    meant = targets(turn, desk.waiting)
    return [file for file in desk.files if file.waiting in meant]


def _nothing_meant(turn: Turn) -> Outcome:
    """Nothing is open, or somebody else was quicker: what waits is shown."""
    said = say("review.gone") if _draft(turn) or turn.reading.slots else say("review.look_first")
    return _next(turn, (said,), set())


def _which(turn: Turn, files: list[File]) -> Outcome:
    listed = [file.claim.id for file in files]
    dialog = _dialog(turn, {"listed": listed, "current": None, "passed": list(_draft(turn).get("passed", ()))})
    lines = show.numbered([inspection.brief(turn, file) for file in files])
    return Outcome(replies=(show.text(say("review.which"), lines),), dialog=dialog)


def _ask_reason(turn: Turn, file: File) -> Outcome:
    draft = {**_draft(turn), "returning": file.claim.id, "current": file.claim.id}
    desk, unit = turn.facts.desk, file.waiting.unit
    codes = [str(code) for code in offered(desk, unit)]
    listed = show.numbered([words_of(desk, unit, Objection(code)) for code in codes])
    dialog = _dialog(turn, draft, codes)
    return Outcome(
        replies=(show.text(say("review.ask_reason", what=inspection.brief(turn, file)), listed),), dialog=dialog
    )


def offered(desk: Desk, unit: str) -> tuple[Objection, ...]:
    """The reasons that a unit offers for a return, else the usual ones."""
    return tuple(reason.code for reason in desk.reasons.get(unit, ())) or CODES


def words_of(desk: Desk, unit: str, code: Objection) -> str:
    """A reason in the unit's own words, else in the usual ones."""
    own = next((reason.words for reason in desk.reasons.get(unit, ()) if reason.code is code), "")
    return own or say(f"review.code.{code}")


def code_of(words: str) -> Objection:
    """The code that a reviewer's words stand for."""
    for code in CODES:
        if any(word in words for word in say(f"review.words.{code}").split()):
            return code
    return Objection.OTHER


def verified(turn: Turn, file: File) -> Decision:
    entry = NewEntry(kind=EntryKind.HOURS_VERIFIED, year=file.claim.year, refers_to=file.claim.id)
    told = say("review.told_approved", what=inspection.what(turn, file), unit=file.waiting.unit)
    return _decision(file, entry, None, told)


def _returned(turn: Turn, file: File, code: Objection, words: str) -> Outcome:
    line = _verdict_line(turn, "review.returned", [file])
    return _next(turn, (line,), {file.claim.id}, [sent_back(turn, file, code, words)])


def sent_back(turn: Turn, file: File, code: Objection, words: str) -> Decision:
    """The claim goes back to its person, who is told why and that they may appeal."""
    note = returned_note(code, words)
    entry = NewEntry(kind=EntryKind.HOURS_RETURNED, year=file.claim.year, refers_to=file.claim.id, note=note)
    appeal = say("review.may_appeal") if not file.claim.appealed else ""
    what = inspection.what(turn, file)
    told = "\n".join(filter(None, (say("review.told_returned", what=what, unit=file.waiting.unit, why=words), appeal)))
    return _decision(file, entry, code, told)


def _decision(file: File, entry: NewEntry, code: Objection | None, told: str) -> Decision:
    return Decision(
        person_id=file.waiting.person_id,
        claim_id=file.claim.id,
        chain=file.chain,
        entry=entry,
        unit=file.waiting.unit,
        since=file.waiting.since,
        code=code,
        address=file.address,
        told=told,
    )


def _verdict_line(turn: Turn, key: str, files: list[File]) -> str:
    if len(files) == 1:
        return say(key, what=inspection.brief(turn, files[0]))
    return say("review.approved_many", count=len(files))


def _next(turn: Turn, told: Sequence[str], done: set[str], decisions: Sequence[Decision] = ()) -> Outcome:
    """What has been done, and the next claim with its pictures; nothing more when none is left."""
    desk = turn.facts.desk
    rest = [one for one in desk.waiting if one.claim_id not in done]
    one = after(turn, rest, done)
    file = desk.file(one.claim_id) if one else None
    if file is None:
        left = say("review.put_off", count=len(rest)) if rest else say("review.empty")
        return Outcome(replies=(show.text(*told, left, _own(turn)),), dialog=_ended(turn), decisions=tuple(decisions))
    listed = [file.claim.id, *(other.claim_id for other in rest if other.claim_id != file.claim.id)][:LISTED]
    dialog = _dialog(
        turn,
        {"listed": listed, "current": file.claim.id, "passed": put_off(turn)}
        | ({"of": of} if (of := of_whom(turn, desk.waiting)) else {}),
    )
    same = sum(1 for other in rest if other.event and other.event == file.waiting.event) - 1
    return Outcome(
        replies=(
            show.text(
                *told,
                say("review.title", count=len(rest)),
                *inspection.lines(turn, file),
                say("review.same_event", count=same) if same > 0 else "",
                _own(turn) if not told else "",
                say("review.how"),
            ),
        ),
        dialog=dialog,
        decisions=tuple(decisions),
        tasks=tuple(_picture(file, photo) for photo in inspection.shown(file)[:PICTURES]),
    )


def picture(turn: Turn) -> Outcome:
    """A picture has been uploaded for the reviewer; the look was logged before."""
    media_id = turn.message.details.get("media_id")
    if media_id is None:
        return show.answer(say("review.picture_gone"))
    return Outcome(replies=(Reply(kind=ReplyKind.IMAGE, media_id=str(media_id)),))


def _ended(turn: Turn) -> Dialog | None:
    return Dialog() if turn.dialog.topic == TOPIC else None


def _own(turn: Turn) -> str:
    own = turn.facts.desk.own
    return say("review.own", count=own) if own else ""


def _picture(file: File, photo: str) -> NewTask:
    whose, unit = file.waiting.person_id, file.waiting.unit
    return NewTask(TaskKind.SHOW_PHOTO, {"person": whose, "photo": photo, "unit": unit})


def _dialog(turn: Turn, draft: dict[str, Any], options: list[str] | None = None) -> Dialog:
    return Dialog(topic=TOPIC, draft=draft, options=options or [], expires_at=turn.now + _OPEN_FOR)
