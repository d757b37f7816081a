"""From a page of lines to what the proof says: tables, labels, sentences, the signature, large print, in this order."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from domain.vocabulary import Category
from nlp.proofs import headings, sentences, signature
from nlp.proofs.activities import LABELLED, add_row, listed, people_of, rows_of, yearly
from nlp.proofs.columns import with_placed
from nlp.proofs.findings import Findings
from nlp.proofs.labels import Kind
from nlp.proofs.page import Line, Page
from nlp.proofs.pairs import Pair, Pairing
from nlp.proofs.pieces import pieces_of, with_units
from nlp.proofs.proof import Proof
from nlp.proofs.prose import Prose, prose_of
from nlp.proofs.sentences import Said
from nlp.proofs.spelling import bare, fold, simplified
from nlp.proofs.tables import table_in
from nlp.proofs.values import HOURS_UNIT

LINES = 400  # more belong to no proof; the rest is not looked at
LETTERS = 300  # of one line


def extract(page: Page, holder: str | None = None) -> Proof:
    """What the page says. `holder` is whose row is meant when the page lists several people."""
    lines = [replace(line, text=simplified(line.text)) for line in page.lines[:LINES] if len(line.text) <= LETTERS]
    lines = with_units(lines)
    pieces = with_placed(pieces_of(lines))
    table = table_in(pieces)
    in_table = table.used if table else frozenset()
    pairing = Pairing([piece for piece in pieces if id(piece) not in in_table])
    free = [piece.line for piece in pieces if not piece.label and id(piece) not in pairing.used | in_table]
    people = people_of(table)
    rows = rows_of(table, people, holder)
    found = Findings()
    if len(rows) == 1:
        add_row(rows[0], found)
    prose = prose_of(lines)
    _from_pairs([pair for pair in pairing.pairs if not _of_identity(pair, prose)], found)
    _from_sentences(prose, found)
    _from_signature(free, lines, pairing.pairs, found)
    _from_number_alone(free, found)
    _from_category_said(prose, found)
    _from_large_print(free, lines, people, found)
    if heading := headings.title_over([piece.line for piece in pieces if piece.label], free):
        found.add("title", *heading)
    activities = (listed(rows, found) if len(rows) > 1 else []) or yearly(pieces, found) or [found.activity()]
    name, sure = _whose(found, people, holder)
    legibility = sum(line.sure for line in lines) / len(lines) if lines else 0.0
    return Proof(
        activities=tuple(activities),
        name=name,
        qr=page.codes[0] if page.codes else None,
        people=people,
        legibility=round(legibility, 3),
        confidence={**({"name": sure} if name else {}), **({"qr": 0.99} if page.codes else {})},
    )


def _of_identity(pair: Pair, prose: Prose) -> bool:
    """证号 at the head of a line whose sentence says 身份证号: a person's number, not the proof's."""
    label = pair.label.label
    return pair.kind is Kind.NUMBER and label is not None and f"身份{label.text}" in prose.text


def _from_pairs(pairs: Sequence[Pair], found: Findings) -> None:
    for pair in pairs:
        found.add_labelled(pair.kind, pair.value, LABELLED * pair.near * pair.sure)
    for pair in pairs:
        if pair.label.label and "证件号" in pair.label.label.text and not _is_of_a_person(pair.value):
            found.add_labelled(Kind.NUMBER, pair.value, 0.85 * pair.near * pair.sure)
        if pair.kind is Kind.SIGNER:  # who issued it counts where no organiser is named
            found.add_labelled(Kind.ORGANIZER, pair.value, 0.85 * pair.near * pair.sure)


_OF_A_PERSON = re.compile(r"[0-9*Xx]{15,}|.*[*]{2}")


def _is_of_a_person(value: str) -> bool:
    """证件号 may be that of a person (15 to 18 figures, or masked) or that of the proof."""
    return _OF_A_PERSON.match(value.replace(" ", "")) is not None


def _from_sentences(prose: Prose, found: Findings) -> None:
    _add_best(found, "name", sentences.names_in(prose))
    _add_best(found, "organizer", sentences.organizers_in(prose))
    _add_best(found, "title", sentences.titles_in(prose))
    for amount, sure in sentences.amounts_in(prose, HOURS_UNIT):
        found.add("hours", amount, sure)
    for amount, sure in sentences.credits_in(prose):
        found.add("credits", amount, sure)
    for amount, sure in sentences.days_in(prose):
        found.add("days", amount, sure)
    for span, sure in sentences.spans_of_training(prose):
        found.add_span(span, sure)


def _add_best(found: Findings, name: str, said: Iterable[Said]) -> None:
    best = max(said, key=lambda item: item.sure, default=None)
    if best is not None:
        found.add(name, best.value, best.sure)


def _from_signature(free: Sequence[Line], lines: Sequence[Line], pairs: Sequence[Pair], found: Findings) -> None:
    employers = [pair.value for pair in pairs if pair.kind is Kind.OTHER]
    signer = signature.signer_in(free, lines, employers) or signature.letterhead_in(free, lines)
    if signer:
        mended = signature.mended(found.values.get("organizer"), found.confidence.get("organizer", 0.0), signer)
        if mended:
            found.values["organizer"], found.confidence["organizer"] = mended
        found.add("organizer", *signer)


_CATEGORY_SAID = re.compile("(公需|专业)(?:科目|课|课程|学时|类)")


_STANDS_ALONE = re.compile(
    r"第?(?P<n>[A-Za-z0-9][A-Za-z0-9-]{5,24}|[\u4e00-\u9fff]{1,6}证[\u4e00-\u9fff]{0,3}字?[〔(\[](?:19|20)[0-9]{2}[)〕\]]第?[0-9]{3,})号"
)


def _from_number_alone(free: Sequence[Line], found: Findings) -> None:
    """第 202226272575 号 on a line of its own, without a label."""
    for line in free:
        alone = _STANDS_ALONE.fullmatch(fold(line.text).replace(" ", ""))
        if alone:
            number = fold(line.text).replace(" ", "")
            found.add_labelled(Kind.NUMBER, number.removeprefix("第"), 0.8 * line.sure)


def _from_category_said(prose: Prose, found: Findings) -> None:
    """A category that the text names without a label, unless it names both."""
    said = {match[1] for match in _CATEGORY_SAID.finditer(prose.text)}
    if len(said) == 1:
        found.add("category", Category.PUBLIC if said == {"公需"} else Category.PROFESSIONAL, 0.9)


def _from_large_print(free: Sequence[Line], lines: Sequence[Line], people: Sequence[str], found: Findings) -> None:
    title = headings.title_in(free, lines)
    if title:
        found.add("title", *title)
    name = None if people else headings.name_in(free, lines)
    if name:
        found.add("name", *name)


def _whose(found: Findings, people: Sequence[str], holder: str | None) -> tuple[str | None, float]:
    """The holder's name: in a list of several people the one that was asked for."""
    if not people:
        return found.values.get("name"), found.confidence.get("name", 0.0)
    mine = [name for name in people if holder and bare(name) == bare(holder)]
    return (mine[0], 0.95) if mine else (None, 0.0)
