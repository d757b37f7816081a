"""What a notice says to each person, and what a course notice still lacks."""

import re

from domain.broadcast import Recipient
from domain.delivery import Choice, Reply, ReplyKind
from wording import say

COURSE_ITEMS = ("category", "mode", "schedule", "place", "teacher", "management", "hours")  # 江西 第十六条
READ = "read:"  # begins the choice by which somebody says that they have read it
_OWN = re.compile(r"[\[【{｛]([^\]】}｝]{1,8})[\]】}｝]")  # what everybody gets their own value for
_LABELLED = re.compile(r"^\s*[^\s：:]{2,8}[：:]", re.M)
_COURSE_LINES = 2  # labelled lines that make a notice one about a course


def filled(text: str, one: Recipient) -> str:
    """The notice with the person's own name and figures; who has no record yet lacks an unknown number."""
    own = (one.name, _hours(one.missing), _hours(one.public_missing))
    values = dict(zip(say("notice.own").split(), own, strict=True))
    return _OWN.sub(lambda found: values.get(found[1].strip(), found[0]), text)


def has_own(text: str) -> bool:
    """Whether the notice holds something that everybody gets their own value for."""
    return any(found.strip() in say("notice.own").split() for found in _OWN.findall(text))


def _hours(hours: float) -> str:
    return say("document.open") if hours < 0 else f"{hours:.10g}"


def notice(unit: str, broadcast_id: str, text: str, one: Recipient) -> Reply:
    """What is sent: the text with a tap to say that it has been read, and the fields of a template notice."""
    whole = say("notice.sent", unit=unit, text=filled(text, one))
    return Reply(
        kind=ReplyKind.MENU,
        text=whole,
        choices=[Choice(id=f"{READ}{broadcast_id}", label=say("notice.got_it"))],
        fields={
            "subject": say("notice.subject"),
            "todo": filled(text, one)[:60],
            "missing": say("question.hours_known", hours=_hours(one.missing)),
        },
    )


def lacking(text: str) -> list[str]:
    """What 江西 第十六条 has published of a course and this notice does not say; empty when it is about no course."""
    if len(_LABELLED.findall(text)) < _COURSE_LINES:
        return []
    return [
        say(f"notice.course_names.{item}") for item in COURSE_ITEMS if not re.search(say(f"notice.course.{item}"), text)
    ]
