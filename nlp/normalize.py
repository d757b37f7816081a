"""What people type, in one spelling: half-width, simplified, lower case, without the commonest slips.

`fold` keeps the length: the folded text lies character for character over the cleaned one, so that a title can be
quoted as it was typed.
"""

import re
from functools import cache
from pathlib import Path

from nlp.wordlists import entries

LIMIT = 200  # characters of a message that are considered: what somebody says in one breath is shorter

_JUNK = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ud800-\udfff]+"
)
_SPACE = "\t\n\r\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u205f\u3000"

_IN_CONTEXT = (  # slips that are words of their own elsewhere
    (re.compile("(?<=[个少几0-9一二两三四五六七八九十百])学(?:士|识|生|是)(?![们位])"), "学时"),
    (re.compile("继教育"), "继教 "),
    (re.compile("(?<=还)(?:查|插|茶|叉)(?=多少|几)"), "差"),
    (re.compile("(?<=离达标)(?:查|插|茶)"), "差"),
    (re.compile("参(?=[拾佰仟])|参(?=万[零壹贰叁肆伍陆柒捌玖])|(?<=[拾佰仟零])参(?![加与会观考训学展赛])"), "叁"),
)
_NOT_A_SLIP = re.compile("(?:供需|转业|公许|公序)(?!课|科|学|的|多|还|差|几|部)")
_PINYIN = {said: words[0] for said, words in entries("pinyin.txt").items()}


def clean(text: str) -> str:
    """`text` without control and invisible characters, at most LIMIT characters, trimmed."""
    return _JUNK.sub("", text[: LIMIT * 2])[:LIMIT].strip()


def fold(text: str) -> str:
    """`text` (already cleaned) in one spelling, of the same length."""
    folded = text.translate(_table())
    if _LETTERS.search(folded):
        folded = _pinyin_words().sub(lambda found: _PINYIN[found[0]].ljust(len(found[0])), folded)
    folded = _slips().sub(_mend, folded)
    for pattern, meant in _IN_CONTEXT:
        if pattern.search(folded):
            folded = pattern.sub(meant, folded)
    return folded


_LETTERS = re.compile("[a-z]{2}")


def _mend(found: re.Match[str]) -> str:
    if _NOT_A_SLIP.match(found.string, found.start()):
        return found[0]
    return _meant()[found[0]]


@cache
def _meant() -> dict[str, str]:
    return {slip: word for word, slips in entries("slips.txt").items() for slip in slips}


@cache
def _slips() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, _meant())))


@cache
def _pinyin_words() -> re.Pattern[str]:
    return re.compile("(?<![a-z0-9])(?:" + "|".join(sorted(_PINYIN, key=len, reverse=True)) + ")(?![a-z])")


@cache
def _table() -> dict[int, str]:
    """One character to one: full-width forms, spaces, capitals, circled digits, traditional characters."""
    table = {ord(space): " " for space in _SPACE}
    table |= {code: chr(code - 0xFEE0).lower() for code in range(0xFF01, 0xFF5F)}
    table |= {ord(capital): capital.lower() for capital in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
    table |= {0x2460 + index: str(index + 1) for index in range(9)}
    table |= {ord(dash): "-" for dash in "‐‑‒–—―−﹣─ー"} | {ord(tilde): "~" for tilde in "〜～∼˜"}
    table |= {ord("○"): "〇", ord("◯"): "〇", ord("Ο"): "〇", ord("〖"): "《", ord("〗"): "》"}
    data = (Path(__file__).parent / "traditional.txt").read_text(encoding="utf-8")
    for line in data.splitlines():
        if not line.startswith("#"):
            table |= {ord(pair[0]): pair[1] for pair in line.split() if len(pair) == 2}
    return table
