"""From a page of lines to what the proof says: tables, labels, sentences and the signature, in this order of trust."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from domain.vocabulary import Category
from nlp.proofs.dates import Span, spans_in
from nlp.proofs import headings
from nlp.proofs.labels import Kind
from nlp.proofs.page import Line, Page
from nlp.proofs.pairs import Pair, Pairing
from nlp.proofs.pieces import Piece, pieces_of
from nlp.proofs.proof import ACTIVITY_FIELDS, Activity, Proof
from nlp.proofs.prose import Prose, prose_of
from nlp.proofs.sentences import (
    Said,
    amounts_in,
    credits_in,
    days_in,
    names_in,
    organizers_in,
    spans_of_training,
    titles_in,
)
from nlp.proofs.signature import signer_in
from nlp.proofs.spelling import bare, fold, simplified
from nlp.proofs.tables import Cell, Table, table_in
from nlp.proofs.values import (
    CREDITS_UNIT,
    DAYS_UNIT,
    HOURS_UNIT,
    category_in,
    labelled_amount,
    name_in,
    number_in,
)

LABELLED = 0.97  # how sure a value behind its own label is
LINES = 400  # more belong to no proof; the rest is not looked at
LETTERS = 300  # of one line


@dataclass
class _Findings:
    """What has been found so far; the first finding of a field stays."""

    values: dict[str, Any] = field(default_factory=dict)
    confidence: dict[str, float] = field(default_factory=dict)

    def add(self, name: str, value: Any, sure: float) -> None:
        if value is not None and value != "" and name not in self.values:
            self.values[name] = value
            self.confidence[name] = round(min(0.99, sure), 3)


def extract(page: Page, holder: str | None = None) -> Proof:
    """What the page says. `holder` is whose row is meant when the page lists several people."""
    lines = [replace(line, text=simplified(line.text)) for line in page.lines[:LINES] if len(line.text) <= LETTERS]
    pieces = pieces_of(lines)
    table = table_in(pieces)
    pairing = Pairing([piece for piece in pieces if table is None or id(piece) not in table.used])
    prose = prose_of(lines)
    found = _Findings()
    people = _people(table)
    rows = _row_values(table, people, holder)
    if len(rows) == 1:
        _from_row(rows[0], found)
    _from_pairs(pairing.pairs, found)
    _from_sentences(prose, found)
    _from_signature(pieces, pairing, table, lines, found)
    _from_headings(prose, found)
    _from_large_print(_free(pieces, pairing, table), lines, people, found)
    name = _holder_name(found, people, holder)
    activities = _activities(rows if len(rows) > 1 else [], found) or _yearly(pieces, found) or [_activity(found)]
    legibility = sum(line.sure for line in lines) / len(lines) if lines else 0.0
    return Proof(
        activities=tuple(activities),
        name=name,
        qr=page.codes[0] if page.codes else None,
        people=people,
        legibility=round(legibility, 3),
        confidence={
            **({"name": found.confidence["name"]} if name and "name" in found.confidence else {}),
            **({"qr": 0.99} if page.codes else {}),
        },
    )


# --- tables


def _people(table: Table | None) -> tuple[str, ...]:
    """All the names of a list of people."""
    if table is None or Kind.NAME not in table.kinds:
        return ()
    names = [named[0] for row in table.rows if Kind.NAME in row and (named := name_in(row[Kind.NAME].text))]
    return tuple(dict.fromkeys(names)) if len(set(names)) > 1 else ()


def _row_values(table: Table | None, people: tuple[str, ...], holder: str | None) -> list[Mapping[Kind, Cell]]:
    """The rows that speak of the holder: all activities of one person, the one row of a list of people."""
    if table is None:
        return []
    if not people:
        return list(table.rows)
    mine = [row for row in table.rows if holder and Kind.NAME in row and bare(row[Kind.NAME].text) == bare(holder)]
    if mine:
        return mine
    same = {kind for kind in table.kinds if kind not in (Kind.NAME, Kind.OTHER, Kind.NUMBER)}
    shared = {
        kind: table.rows[0][kind]
        for kind in same
        if len({bare(row[kind].text) for row in table.rows if kind in row}) == 1 and kind in table.rows[0]
    }
    return [shared] if shared else []


def _from_row(row: Mapping[Kind, Cell], found: _Findings) -> None:
    for kind, cell in row.items():
        _add(found, kind, cell.text, LABELLED * cell.sure)


def _activities(rows: list[Mapping[Kind, Cell]], rest: _Findings) -> list[Activity]:
    """One activity for each row; what the rows do not say is said of all of them elsewhere on the page."""
    listed = []
    for row in rows:
        own = _Findings()
        _from_row(row, own)
        for name in ("organizer", "category", "certificate_no"):
            if name in rest.values and name not in own.values and Kind(_KIND_OF.get(name, "other")) not in row:
                own.add(name, rest.values[name], rest.confidence[name])
        listed.append(_activity(own))
    return listed


_KIND_OF = {"organizer": "organizer", "category": "category", "certificate_no": "certificate_no"}
_YEARLY = re.compile(
    r"(公需|专业)(?:科目|课程?)?(?:学时)?[:]?(?:[^0-9,。;]{0,6})?([0-9]{1,3}(?:\.[0-9])?)?(?:个?学时)?"
)


def _yearly(pieces: list[Piece], found: _Findings) -> list[Activity]:
    """The two activities of a yearly statement: so many hours of 公需, so many of 专业."""
    hours = {}
    for piece in pieces:
        text = fold(piece.text if not piece.label else piece.line.text).replace(" ", "")
        for said in _YEARLY.finditer(text):
            category = Category.PUBLIC if said[1] == "公需" else Category.PROFESSIONAL
            amount = float(said[2]) if said[2] else _beneath(piece, pieces) if said.end() == len(text) else None
            if amount is not None:
                hours.setdefault(category, (amount, piece.line.sure))
    if len(hours) < 2:
        return []
    listed = []
    for category in (Category.PUBLIC, Category.PROFESSIONAL):
        amount, sure = hours[category]
        own = _Findings({key: value for key, value in found.values.items() if key not in ("hours", "category")})
        own.confidence = {key: sure for key, sure in found.confidence.items() if key not in ("hours", "category")}
        own.add("category", category, 0.95 * sure)
        own.add("hours", amount, 0.95 * sure)
        listed.append(_activity(own))
    return listed


def _beneath(piece: Piece, pieces: list[Piece]) -> float | None:
    """The number right under a caption."""
    for other in sorted(pieces, key=lambda item: item.line.middle):
        gap = other.line.middle - piece.line.middle
        if 0 < gap < 3 * piece.line.height and abs(other.line.centre - piece.line.centre) < 2 * piece.line.height:
            said = re.fullmatch(r"([0-9]{1,3}(?:\.[0-9])?)(?:个?学时|课时)?", fold(other.text).replace(" ", ""))
            return float(said[1]) if said else None
    return None


# --- labels


def _from_pairs(pairs: Iterable[Pair], found: _Findings) -> None:
    later = []
    for pair in pairs:
        if pair.kind is Kind.SIGNER or pair.label.label is not None and pair.label.label.text == "单位":
            later.append(pair)
        else:
            _add(found, pair.kind, pair.value, LABELLED * pair.near * pair.sure)
    for pair in later:
        if pair.kind is Kind.SIGNER:
            _add(found, Kind.ORGANIZER, pair.value, 0.85 * pair.near * pair.sure)


def _add(found: _Findings, kind: Kind, value: str, sure: float) -> None:
    """Reads a value as what its label says it is."""
    reader = _READERS.get(kind)
    if reader is not None:
        reader(found, value, sure)


def _add_name(found: _Findings, value: str, sure: float) -> None:
    named = name_in(value)
    if named:
        found.add("name", named[0], named[1] * sure)


def _add_title(found: _Findings, value: str, sure: float) -> None:
    title = value.strip(" :：,，.。;；")
    if (quoted := re.fullmatch('[“"《「](.+)[”"》」]', title)) and not re.search('[“"《「》]', quoted[1]):
        title = quoted[1]
    if category_in(title) and len(bare(title)) <= 5:
        return
    if len(bare(title)) >= 2:
        found.add("title", title, sure)


def _add_organizer(found: _Findings, value: str, sure: float) -> None:
    body = re.sub(r"[(（](?:盖章|公章|章|印章)[)）]?$", "", value.strip(" :：,，.。;；"))
    if len(bare(body)) >= 3 and not spans_in(fold(body)):
        found.add("organizer", body, sure)


def _add_category(found: _Findings, value: str, sure: float) -> None:
    text = fold(value).replace(" ", "")
    category = category_in(value)
    if category is None and re.match("公需|专业(?!技术)", text) and not ("公需" in text and "专业" in text):
        category = Category.PUBLIC if text.startswith("公需") else Category.PROFESSIONAL
    found.add("category", category, sure)


def _add_amount(name: str, unit: str) -> Callable[[_Findings, str, float], None]:
    def add(found: _Findings, value: str, sure: float) -> None:
        found.add(name, labelled_amount(value, unit), sure)
        text = fold(value).replace(" ", "")
        if name == "hours" and "学分" in text and (said := re.search(r"([0-9.]+)学分", text)):
            found.add("credits", float(said[1].strip(".") or 0) or None, 0.95 * sure)
        if name == "credits" and (said := re.search(r"([0-9.]+)(?:学时|课时)", text)):
            found.add("hours", float(said[1].strip(".") or 0) or None, 0.95 * sure)

    return add


def _add_dates(found: _Findings, value: str, sure: float) -> None:
    spans = spans_in(fold(value))
    if spans:
        _add_span(found, spans[0] if len(spans) == 1 else _hull(spans), sure)


def _hull(spans: list[Span]) -> Span:
    """From the first to the last of several days (2024年3月5日、3月7日 prints each)."""
    if len({len(span.first) for span in spans}) > 1:
        return spans[0]
    return Span(min(span.first for span in spans), max(span.last for span in spans), spans[0].at, spans[-1].end)


def _add_span(found: _Findings, span: Span, sure: float) -> None:
    if "start" not in found.values and "end" not in found.values:
        found.add("start", span.first, sure)
        found.add("end", span.last, sure)


def _add_day(name: str) -> Callable[[_Findings, str, float], None]:
    def add(found: _Findings, value: str, sure: float) -> None:
        spans = spans_in(fold(value))
        if spans and not spans[0].single:
            _add_span(found, spans[0], sure)
        elif spans:
            found.add(name, spans[0].first, sure)

    return add


def _add_number(found: _Findings, value: str, sure: float) -> None:
    found.add("certificate_no", number_in(value), sure)


_READERS: dict[Kind, Callable[[_Findings, str, float], None]] = {
    Kind.NAME: _add_name,
    Kind.TITLE: _add_title,
    Kind.ORGANIZER: _add_organizer,
    Kind.CATEGORY: _add_category,
    Kind.HOURS: _add_amount("hours", HOURS_UNIT),
    Kind.CREDITS: _add_amount("credits", CREDITS_UNIT),
    Kind.DAYS: _add_amount("days", DAYS_UNIT),
    Kind.DATES: _add_dates,
    Kind.START: _add_day("start"),
    Kind.END: _add_day("end"),
    Kind.NUMBER: _add_number,
}


# --- sentences


def _from_sentences(prose: Prose, found: _Findings) -> None:
    _add_said(found, "name", names_in(prose))
    _add_said(found, "organizer", organizers_in(prose))
    _add_said(found, "title", titles_in(prose))
    for hours, sure in amounts_in(prose, HOURS_UNIT):
        found.add("hours", hours, sure)
    for credits_said, sure in credits_in(prose):
        found.add("credits", credits_said, sure)
    if "days" not in found.values:
        for days, sure in days_in(prose):
            found.add("days", days, sure)
    for span, sure in spans_of_training(prose):
        _add_span(found, span, sure)


def _add_said(found: _Findings, name: str, said: Iterable[Said]) -> None:
    best = max(said, key=lambda item: item.sure, default=None)
    if best is not None:
        found.add(name, best.value, best.sure)


_CATEGORY_SAID = re.compile("(公需|专业)(?:科目|课|课程|学时|类)")


def _from_headings(prose: Prose, found: _Findings) -> None:
    """A category that the text names without a label."""
    said = {match[1] for match in _CATEGORY_SAID.finditer(prose.text)}
    if len(said) == 1:
        found.add("category", Category.PUBLIC if said == {"公需"} else Category.PROFESSIONAL, 0.9)


def _from_signature(
    pieces: list[Piece], pairing: Pairing, table: Table | None, lines: list[Line], found: _Findings
) -> None:
    if "organizer" in found.values:
        return
    free = _free(pieces, pairing, table)
    employers = [pair.value for pair in pairing.pairs if pair.kind is Kind.OTHER]
    signer = signer_in(free, lines, employers)
    if signer:
        found.add("organizer", *signer)


def _free(pieces: list[Piece], pairing: Pairing, table: Table | None) -> list[Line]:
    """Lines that neither a label nor a table has used."""
    used = pairing.used | (table.used if table else frozenset())
    return [piece.line for piece in pieces if not piece.label and id(piece) not in used]


def _from_large_print(free: list[Line], lines: list[Line], people: tuple[str, ...], found: _Findings) -> None:
    if "title" not in found.values and (title := headings.title_in(free, lines)):
        found.add("title", *title)
    if "name" not in found.values and not people and (name := headings.name_in(free, lines)):
        found.add("name", *name)


def _holder_name(found: _Findings, people: tuple[str, ...], holder: str | None) -> str | None:
    if people:
        mine = [name for name in people if holder and bare(name) == bare(holder)]
        if mine:
            found.confidence["name"] = 0.95
        return mine[0] if mine else None
    name: str | None = found.values.get("name")
    return name


def _activity(found: _Findings) -> Activity:
    values = {name: found.values.get(name) for name in ACTIVITY_FIELDS}
    return Activity(
        **values, confidence={name: found.confidence[name] for name in ACTIVITY_FIELDS if name in found.confidence}
    )
