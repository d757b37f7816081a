"""What the intent model looks at: the sentence with its facts replaced by signs, as words and cues."""

import re
from dataclasses import dataclass

from nlp.cues import cues_in
from nlp.spans import Spans, blank, spans_of
from nlp.terms import Term, terms_in
from nlp.words import cut

_SIGNS = {
    "category": "Ⓒ", "mode": "Ⓜ", "region": "Ⓡ", "level": "Ⓛ", "index": "Ⓘ", "person": "Ⓟ", "department": "Ⓞ",
    "before": "Ⓑ", "every": "Ⓔ", "clock": "Ⓚ",
}  # fmt: skip
_TIMES = frozenset(("minute", "clock_hour", "day", "half_day", "week", "month", "year", "second"))
_QUOTED = re.compile('《[^《》]{1,60}》|[“"「『][^”"」』]{2,60}[”"」』]')
_NUMBERED = re.compile("[0-9一二三四五六七八九十]{1,2}号?(?:车间|病区|班组|标段|分公司|门诊)")  # no day of a month
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_PUNCTUATION = re.compile("[\\s,.;:!~、。…\"'“”‘’()\\[\\]【】<>《》「」『』·/-]+")


@dataclass(frozen=True, slots=True)
class Sketch:
    """A folded text with what was found in it; `signs` is the text with the facts replaced by signs."""

    text: str
    spans: Spans
    terms: tuple[Term, ...]
    quoted: tuple[tuple[int, int], ...]
    signs: str


def sketch(folded: str) -> Sketch:
    """The facts of a folded text, and the text with signs in their place."""
    quoted = (
        tuple(found.span() for found in _QUOTED.finditer(folded))
        if "《" in folded or '"' in folded or "“" in folded or "「" in folded
        else ()
    )
    masked = blank(folded, list(quoted)) if quoted else folded
    numbered = [found.span() for found in _NUMBERED.finditer(masked)]
    spans = spans_of(blank(masked, numbered) if numbered else masked)
    terms = tuple(terms_in(blank(masked, spans.taken()) if spans.dates or spans.times or spans.quantities else masked))
    return Sketch(folded, spans, terms, quoted, _signs(folded, spans, terms, quoted))


def _signs(text: str, spans: Spans, terms: tuple[Term, ...], quoted: tuple[tuple[int, int], ...]) -> str:
    marks = [(phrase.at, phrase.end, "Ⓨ" if phrase.only_year else "Ⓓ") for phrase in spans.dates]
    marks += [(at, end, _SIGNS[kind]) for at, end, kind in spans.times]
    marks += [(quantity.at, quantity.end, _quantity_sign(quantity.unit)) for quantity in spans.quantities]
    marks += [(term.at, term.end, _SIGNS[term.kind]) for term in terms]
    marks += [(at, end, "Ⓩ") for at, end in quoted]
    parts, at = [], 0
    for start, end, sign in sorted(marks):
        if start < at:
            continue
        parts += [text[at:start], sign]
        at = end
    return _PUNCTUATION.sub("", _NUMBER.sub("Ⓝ", "".join((*parts, text[at:]))))


def _quantity_sign(unit: str) -> str:
    if unit == "year":  # 一年要多少学时 asks what every year asks
        return "Ⓔ"
    return "Ⓠ" if unit in ("class_hour", "credit") else "Ⓣ" if unit in _TIMES else "Ⓦ"


def features(seen: Sketch) -> set[str]:
    """The features of a sketch: words as they are, cues (c:) and neighbouring cues (c:…>c:…), modes (m:), and the
    shape (n: length, k: kinds of facts)."""
    found = set(cut(seen.signs))
    before: tuple[str, ...] = ("^",)
    for cues in cues_in(seen.signs):
        found.update(cues)
        for first in before:
            for cue in cues:
                found.add(first + ">" + cue)
        before = cues
    for first in before:
        found.add(first + ">$")
    for term in seen.terms:
        if term.kind == "mode":
            found.add("m:" + term.value)
    found.add(f"n:{min(len(seen.signs), 20) // 2}")
    found.add(f"k:{len(_FACTS & set(seen.signs))}")
    return found


def characters(seen: Sketch) -> set[str]:
    """The characters of a sketch and their neighbours, marked ~."""
    padded = f"^{seen.signs}$"
    return {"~" + char for char in seen.signs} | {"~" + padded[at : at + 2] for at in range(len(padded) - 1)}


_FACTS = frozenset("ⒹⓆⓉⓂⒸⓏⓌ")


def runs(signs: str) -> set[str]:
    """The pairs of neighbouring characters, by which a sentence's novelty is judged."""
    return {signs[at : at + 2] for at in range(len(signs) - 1)} or {signs}
