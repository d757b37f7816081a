"""Intents that the grammar of a sentence decides, whatever its words: a command with its object, an address alone."""

import re

from nlp.features import Sketch
from nlp.reading import Intent

_DECIDED = (
    # 退回：没有考核结果. What follows the verb and a pause is the reason.
    (Intent.REVIEW_RETURN, re.compile("^(?:退回|驳回|打回|不予通过|拒绝)[:,; 。]+[^:,; 。].{2,}(?<![吗没?])$")),
    # 通知：年底前学完. What follows is the notice itself.
    (Intent.BROADCAST_DRAFT, re.compile("^(?:通知|公告|群发|发通知|群发通知|发公告)[:].{4,}$")),
    (Intent.UNKNOWN, re.compile("^(?:https?|ftp)[:]//[^ ]+$|^www[.][^ ]+$")),
)


def decided(seen: Sketch) -> Intent | None:
    """The intent that the form of a sentence leaves no doubt about, if any."""
    return next((intent for intent, form in _DECIDED if form.search(seen.text)), None)
