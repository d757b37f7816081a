"""Words that were probably meant to be another: a department with a slip in it, a name with one wrong character."""

import re
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher

from nlp.homophones import sounds_alike

_ENDINGS = re.compile(r"(?:部门|部|科室|科|处|室|组|中心|办公室|办)$")
_COUNTED = re.compile(r"[一二三四五六七八九十\d甲乙丙丁东南西北上下前后]")
_RARE, _OFTEN = 2, 4  # rows of a list: so few may be slips of a department that has so many


def near_department(said: str, known: Mapping[str, int], rows: Mapping[str, int]) -> str | None:
    """The department of the unit (`known`) or of the list itself (`rows`: how many rows name it) that is meant by one
    that neither has, as far as that is clear."""
    if not said or said in known or rows.get(said, 0) > _RARE:
        return None
    meant = [one for one in known if _slip(said, one)]
    meant = meant or [one for one, count in rows.items() if count >= _OFTEN and one != said and _slip(said, one)]
    return meant[0] if len(meant) == 1 else None


def _slip(said: str, meant: str) -> bool:
    bare, plain = _ENDINGS.sub("", said), _ENDINGS.sub("", meant)
    if bare == plain and len(bare) > 1:
        return bare == said or plain == meant  # 工程 for 工程部; not 工程处 for 工程部
    if said.replace(" ", "").casefold() == meant.replace(" ", "").casefold():
        return True
    other = one_off(said, meant)
    if other is None:
        return False
    a, b = other
    if not a or not b:  # a character too many or too few
        return min(len(said), len(meant)) > 1 and not _COUNTED.search(a + b)
    return sounds_alike(a, b) or (len(said) > 3 and not _COUNTED.search(a) and not _COUNTED.search(b))


def one_off(said: str, meant: str) -> tuple[str, str] | None:
    """The one character in which two words differ, in each of them ("" where it is missing there)."""
    if said == meant or abs(len(said) - len(meant)) > 1:
        return None
    at = next((at for at, (a, b) in enumerate(zip(said, meant, strict=False)) if a != b), min(len(said), len(meant)))
    if len(said) == len(meant):
        if said[at + 1 :] == meant[at + 1 :]:
            return said[at], meant[at]
        return ("", "") if said[at : at + 2] == meant[at : at + 2][::-1] and said[at + 2 :] == meant[at + 2 :] else None
    longer, shorter = (said, meant) if len(said) > len(meant) else (meant, said)
    if longer[at + 1 :] != shorter[at:]:
        return None
    return (longer[at], "") if longer is said else ("", longer[at])


class Names:
    """The names of a roster, found with one wrong character."""

    def __init__(self, names: Iterable[str]) -> None:
        self._by_gap: dict[str, set[str]] = {}
        for name in names:
            for gap in _gaps(name):
                self._by_gap.setdefault(gap, set()).add(name)

    def near(self, said: str) -> str | None:
        """The only name that differs in one character; of two or more nobody knows which."""
        found = set().union(*(self._by_gap.get(gap, set()) for gap in _gaps(said))) if len(said) > 1 else set()
        if len(found) > 1 or len(said) == 2:  # with two characters, half of the name is another
            found = {name for name in found if (other := one_off(said, name)) and all(other) and sounds_alike(*other)}
        return found.pop() if len(found) == 1 else None


def _gaps(name: str) -> list[str]:
    return [f"{name[:at]}*{name[at + 1 :]}" for at in range(len(name))]


_TITLE_NOISE = re.compile(
    r"[\s《》“”\"'「」【】\[\]()（）·•,，.。、:：;；_/\\—–-]|第?\d{4}年?(?:度)?|关于|培训班?|学习班?|课程"
)


def likeness(one: str, other: str) -> float:
    """How alike two titles are, 0 to 1; 1 when only spaces, marks, years and such words as 培训 differ."""
    a, b = _TITLE_NOISE.sub("", one), _TITLE_NOISE.sub("", other)
    if not a or not b:
        a, b = one, other
    if a == b:
        return 1.0
    if min(len(a), len(b)) >= 4 and (a in b or b in a):
        return max(0.8, SequenceMatcher(None, a, b, autojunk=False).ratio())
    return SequenceMatcher(None, a, b, autojunk=False).ratio()
