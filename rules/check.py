"""Whether the book's values fit together and stand in the texts: what `xueshi check-rules` prints.

Loading already refuses a value of the wrong shape; here are the mistakes that need two values, or a text, to see.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

from domain.vocabulary import Category, Mode, Unit
from rules.articles import TEXTS, Texts, UnknownArticleError
from rules.book import Book, BrokenBookError, load
from rules.plan import in_force
from rules.values import ConversionRule, ModeList, Place
from rules.written import Amount, Dated, Source


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: the file and key where it is, what is wrong, and what to do about it."""

    file: str
    key: str
    wrong: str
    cure: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.wrong}; {self.cure}"


Knows = Callable[[str], bool]  # is there a sentence of this key? Handed in, because words are not made here


def check_folder(path: Path | None = None, texts: Path = TEXTS, knows: Knows | None = None) -> list[Problem]:
    """The problems of the book in `path` (the package's own without it), also when it does not load at all."""
    try:
        book = load(path)
    except BrokenBookError as error:
        file = f"{error.file.parent.name}/{error.file.name}"
        return [Problem(file, error.key or "the file", error.wrong, "write it as docs/rules.md shows")]
    return check(book, texts, knows)


def check(book: Book, texts: Path = TEXTS, knows: Knows | None = None) -> list[Problem]:
    """Everything wrong with a loaded book, in the order of its places; with `knows` also flags that cannot be said."""
    found: list[Problem] = []
    library = Texts(book, texts)
    for place in book.places.values():
        for key, wrong, cure in (*_problems(book, place, library), *_of_flags(place, knows)):
            file = book.files.get((place.code, key.split(".")[0]))
            found.append(Problem(f"{place.code}/{file.name if file else 'place.yaml'}", key, wrong, cure))
    return found


def overdue(book: Book, on: date) -> list[Problem]:
    """The values that nobody has looked at by their `review_by`; rulings that use them are marked provisional."""
    found = []
    for place in book.places.values():
        for key, value in place.dated():
            if value.end is None and value.review_by < on and not _replaced(place, key, value):
                file = book.files.get((place.code, key.split(".")[0]))
                wrong, cure = f"was to be reviewed by {value.review_by}", "read the source again and move review_by"
                found.append(Problem(f"{place.code}/{file.name if file else 'place.yaml'}", key, wrong, cure))
    return found


def _replaced(place: Place, key: str, value: Dated) -> bool:
    return any(name == key and other.start > value.start for name, other in place.dated())


_Found = Iterator[tuple[str, str, str]]  # key, what is wrong, the cure


def _problems(book: Book, place: Place, library: Texts) -> _Found:
    yield from _of_names(book, place)
    yield from _of_documents(place, library)
    yield from _of_sources(book, place, library)
    yield from _of_dates(place)
    yield from _of_deadlines(place)
    yield from _of_thresholds(place)
    yield from _of_modes(place)
    yield from _of_conversions(place)


def _of_flags(place: Place, knows: Knows | None) -> _Found:
    for key, value in place.dated():
        flag = getattr(value, "flag", "")
        if flag and knows is not None and not knows(f"rules.flag.{flag}"):
            yield key, f"the flag {flag} has no sentence", f"write rules.flag.{flag} in wording/rules.yaml"


def _of_names(book: Book, place: Place) -> _Found:
    for other in book.places.values():
        shared = sorted({place.name, *place.names} & {other.name, *other.names})
        if other.code < place.code and shared:
            yield "names", f"{shared[0]} also names {other.code}", "keep the name in one place"


def _of_documents(place: Place, library: Texts) -> _Found:
    keys = [document.key for document in place.documents]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        yield f"documents.{key}", "is listed twice", "keep one"
    for document in place.documents:
        if not document.text:
            continue
        try:
            empty = not library.pages(place.code, document.key)
        except (OSError, UnicodeDecodeError):
            yield f"documents.{document.key}", f"the text {document.text} cannot be read", "put it into rules/texts"
            continue
        if empty:
            yield f"documents.{document.key}", f"no article found in {document.text}", "check begins and until"


def _of_sources(book: Book, place: Place, library: Texts) -> _Found:
    for key, source, start in _sources(place):
        try:
            document = book.document(place.code, source.document)
        except KeyError:
            yield (
                key,
                f"the document {source.document} is not listed",
                f"add it to documents in {place.code}/place.yaml",
            )
            continue
        if start < document.in_force:
            yield key, f"starts {start}, before {source.document} ({document.in_force})", "start it with its document"
        if not _stands(place, source, library):
            yield key, f"{source.article} is not in the text of {source.document}", "cite the article it stands in"


def _stands(place: Place, source: Source, library: Texts) -> bool:
    """Is the article in the text? A document without a text, or with an unreadable one, is told by itself."""
    try:
        library.article(place.code, source.document, source.article)
    except UnknownArticleError:
        return not library.pages(place.code, source.document)
    except (OSError, UnicodeDecodeError):
        return True
    return True


def _sources(place: Place) -> Iterator[tuple[str, Source, date]]:
    """Every source with the key it stands under and the day from which it is used."""
    for key, value in place.dated():
        yield key, value.source, value.start
        for name in ("disputed_source", "decided_in", "yearly"):
            source = getattr(value, name, None)
            if source is not None:
                yield f"{key}.{name}", source, value.start
        if isinstance(value, ConversionRule) and value.besides is not None:
            yield f"{key}.besides", value.besides, value.besides_from or value.start
        if isinstance(value, ModeList):
            document = value.source.document
            for mode in value.listed:
                yield f"{key}.listed.{mode}", value.source_of(mode), value.start
            if value.other:
                yield f"{key}.other", Source(document=document, article=value.other), value.start
    for rule in place.deadlines:
        yield f"deadlines.{rule.key}", rule.source, date(rule.year, 1, 1)


def _of_deadlines(place: Place) -> _Found:
    keys = [rule.key for rule in place.deadlines]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        yield f"deadlines.{key}", "is written twice", "keep one, or name them apart"
    told: set[tuple[object, ...]] = set()
    for rule in place.deadlines:
        what = (rule.kind, rule.year, rule.category, rule.when)
        if what in told:
            yield (
                f"deadlines.{rule.key}",
                "says the same as another notice, with its own day",
                "keep one, or say for whom",
            )
        told.add(what)
        late = sorted(year for year in rule.makes_up if year >= rule.year)
        if late:
            yield f"deadlines.{rule.key}", f"{late[0]} is no earlier year to make up", "name years before its own"
        if rule.closes.year not in (rule.year, rule.year + 1):
            yield f"deadlines.{rule.key}", f"closes {rule.closes}, far from {rule.year}", "check the year"


def _of_dates(place: Place) -> _Found:
    """Versions of one value may follow each other, but neither overlap nor leave a hole."""
    versions: dict[str, list[Dated]] = {}
    for key, value in place.dated():
        versions.setdefault(key, []).append(value)
    for key, values in versions.items():
        ordered = sorted(values, key=lambda value: value.start)
        for earlier, later in pairwise(ordered):
            if later.start == earlier.start:
                yield key, f"two values start on {later.start}", "keep one, or give them different starts"
            elif earlier.end is not None and earlier.end >= later.start:
                yield key, f"{earlier.end} and {later.start} overlap", "end the earlier value before the later starts"
            elif earlier.end is not None and earlier.end + timedelta(days=1) < later.start:
                yield (
                    key,
                    f"nothing holds from {earlier.end} to {later.start}",
                    "close the gap, or say why in a comment",
                )


def _of_thresholds(place: Place) -> _Found:
    for name in Category:
        if place.annual_hours.thresholds()[name] and name not in place.categories:
            yield f"annual_hours.{name}", f"{place.code} has no category {name}", "add it to categories"
    if any(total.share is not None for total in place.annual_hours.total):
        yield "annual_hours.total", "the total cannot be a share of itself", "write its hours"
        return
    for total in place.annual_hours.total:
        parts = _hours(place, total.start, float(total.hours or 0))
        if parts > float(total.hours or 0):
            wrong = f"from {total.start} the categories ask for {parts:g} of {total.hours:g} hours"
            yield "annual_hours.total", wrong, "check the figures"


def _hours(place: Place, day: date, total: float) -> float:
    values = (in_force(place.annual_hours.thresholds()[name], day) for name in Category)
    return sum(_amount(value, total) for value in values if value is not None)


def _amount(amount: Amount, total: float) -> float:
    return amount.hours if amount.hours is not None else total * float(amount.share or 0)


def _of_modes(place: Place) -> _Found:
    listed = {mode for modes in place.modes for mode in modes.listed}
    deemed = {rule.mode for rule in place.deemed}
    for section in ("conditions", "conversions", "open_units", "caps", "notes", "same_work"):
        for rule in getattr(place, section):
            missing = sorted(set(rule.modes) - listed - deemed)
            if missing:
                key = f"{section}.{rule.key}"
                yield key, f"{missing[0]} is not among the modes", "list it under modes, or leave it out here"


def _of_conversions(place: Place) -> _Found:
    """Each certified hour of a listed mode counts; no conversion stands behind others that always come first."""
    for modes in place.modes:
        rules = [rule for rule in place.conversions if rule.end is None or rule.end >= modes.start]
        for mode in modes.listed:
            if not _fitting(rules, mode, Unit.CLASS_HOUR):
                yield "conversions", f"no conversion takes class_hour of {mode}", "add one, or the hours stay open"
        for rule in rules:
            pairs = [
                (mode, unit) for mode in modes.listed for unit in rule.units if rule in _fitting(rules, mode, unit)
            ]
            if all(_comes_first(rules, rule, mode, unit) for mode, unit in pairs):
                wrong, cure = "is never reached: others always come first", "move it up, or narrow the others"
                yield f"conversions.{rule.key}", wrong, cure


def _comes_first(rules: list[ConversionRule], rule: ConversionRule, mode: Mode, unit: Unit) -> bool:
    """Does another conversion without conditions take this unit of this mode before `rule` is asked?"""
    before = _fitting(rules[: rules.index(rule)], mode, unit)
    return any(not other.when and other.key != rule.key for other in before)


def _fitting(rules: Iterable[ConversionRule], mode: Mode, unit: Unit) -> list[ConversionRule]:
    return [rule for rule in rules if unit in rule.units and (not rule.modes or mode in rule.modes)]
