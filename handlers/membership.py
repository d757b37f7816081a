"""Belonging to a unit: by an invitation code, or by being on its roster with one's name and phone.

While a name is asked for, the dialog's draft is {"code": …}.
"""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

from domain.dialog import Dialog
from domain.person import Role
from domain.review import Invitation, Join, Member, code_of
from handlers import show, welcome
from handlers.cues import NAME, Cue, parts
from handlers.turn import Outcome, Turn
from nlp.reading import Intent
from wording import say

TOPIC = "join"
TRIES = 5  # a day, of names and phones that are on no roster
_OPEN_FOR = timedelta(hours=24)


def said(turn: Turn) -> tuple[str, str, str]:
    """Code, name and phone as far as they have been said; each may be empty."""
    scanned_code = code_of(turn.message.event_key)
    if scanned_code:
        return scanned_code, turn.person.name or "", ""
    told = parts(turn, Cue.JOIN)
    if told:
        name = told.get("name") or told.get("name2") or ""
        return told.get("code", ""), name or (turn.person.name or ""), told.get("phone", "")
    code = str(turn.dialog.draft.get("code", "")) if turn.dialog.topic == TOPIC else ""
    text = turn.message.text.strip("。！!我是叫 ")
    return code, text if re.fullmatch(NAME, text) else "", ""


def join(turn: Turn) -> Outcome:
    """加入 K7M2Q9XA, 绑定 张三 13800000000."""
    code, name, phone = said(turn)
    membership = turn.facts.membership
    if _tries(turn) >= TRIES:
        return show.answer(say("join.enough"))
    if not code:
        return _by_roster(turn, [one for one in membership.found if one.active], name, phone)
    if membership.invited is None:
        return Outcome(replies=(show.text(say("join.no_code")),), person=_tried(turn))
    if membership.invited in membership.units:
        return show.closed(say("join.already", unit=membership.invited))
    if not name:
        dialog = Dialog(topic=TOPIC, draft={"code": code}, expires_at=turn.now + _OPEN_FOR)
        return Outcome(replies=(show.text(say("join.ask_name", unit=membership.invited)),), dialog=dialog)
    free = [one for one in membership.found if one.person_id is None]
    if len(free) > 1:
        return show.closed(say("join.several", name=name))
    one = free[0] if free else None
    return _joined(
        turn,
        Join(
            unit=membership.invited,
            department=one.department if one else membership.invited_department,
            name=name,
            phone=one.phone if one else "",
            member_id=one.id if one else None,
        ),
    )


def scanned(turn: Turn) -> Outcome:
    """SCAN: the QR code of an invitation says its code; other scenes are none of ours."""
    return join(turn) if code_of(turn.message.event_key) else Outcome()


def followed(turn: Turn) -> Outcome:
    """subscribe by a QR code: the welcome, then the unit that invites instead of the first tap."""
    welcomed = welcome.followed(turn)
    if not code_of(turn.message.event_key):
        return welcomed
    joined = join(turn)
    person = {**welcomed.person, **joined.person}
    return replace(joined, replies=(*welcomed.replies[:1], *joined.replies), person=person)


def _by_roster(turn: Turn, found: list[Member], name: str, phone: str) -> Outcome:
    own = [one for one in found if one.person_id == turn.person.id]
    free = [one for one in found if one.person_id is None]
    if free:
        one = free[0]
        return _joined(turn, Join(one.unit, one.department, one.name, one.phone, one.id))
    if own:
        return show.closed(say("join.already", unit=own[0].unit))
    if found:
        return Outcome(replies=(show.text(say("join.taken")),), person=_tried(turn))
    return Outcome(replies=(show.text(say("join.not_found")),), person=_tried(turn))


def _joined(turn: Turn, joining: Join) -> Outcome:
    profile = {**turn.person.profile, "unit": joining.unit, "department": joining.department}
    changes: dict[str, Any] = {"name": joining.name, "profile": profile}
    if joining.phone:
        changes["phone"] = joining.phone
    if turn.person.consented_at is None:
        changes["consented_at"] = turn.now
    done = say("join.done", unit=joining.unit, name=joining.name)
    waits = say("join.waits") if turn.claims else ""
    return Outcome(
        replies=(show.text(done, waits, say("join.rights")),), dialog=Dialog(), person=changes, joins=(joining,)
    )


def continued(turn: Turn) -> Outcome | None:
    """A name while one is asked for; None: the message is about something else."""
    if turn.reading.intent is Intent.ANSWER_CANCEL:
        return show.closed(say("join.left"))
    return join(turn) if said(turn)[1] else None


def _tries(turn: Turn) -> int:
    day, count = turn.person.profile.get("join_tries", ("", 0))
    return int(count) if day == turn.today.isoformat() else 0


def _tried(turn: Turn) -> dict[str, Any]:
    """One more try today: guessing names and phones is not for the patient."""
    return {"profile": {**turn.person.profile, "join_tries": [turn.today.isoformat(), _tries(turn) + 1]}}


def invite(turn: Turn) -> Outcome:
    """邀请码: a fresh code for the admin's unit."""
    units = turn.facts.desk.units
    if Role.HR_ADMIN not in turn.person.roles or not units:
        return show.answer(say("hr.refused"))
    code = turn.facts.fresh_code
    return Outcome(
        replies=(show.text(say("join.invitation", unit=units[0], code=code)),), invitation=Invitation(code, units[0])
    )
