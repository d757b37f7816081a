"""The rule book: the YAML under `parameters/`, validated, and asked for a place and a year.

One folder is one place; adding a place is adding a folder. Loading validates the shape of every value; whether the
values fit together is for `rules.check`.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from rules.plan import YearPlan, plan_year
from rules.values import Document, Grade, Place

NATIONAL = "national"
PLANS_KEPT = 256  # people ask about a few years; whoever asks about thousands must not fill the memory
PARAMETERS = Path(__file__).parent / "parameters"


class BrokenBookError(ValueError):
    """A file of the book cannot be read. `file` and `key` say where, the message what is wrong."""

    def __init__(self, file: Path, key: str, wrong: str) -> None:
        super().__init__(f"{file.parent.name}/{file.name}: {key}: {wrong}" if key else f"{file}: {wrong}")
        self.file = file
        self.key = key
        self.wrong = wrong


class UnknownPlaceError(LookupError):
    """The book has no folder of this code."""


@dataclass(frozen=True, slots=True)
class Book:
    """The regulations of every place. Immutable; compiled plans are kept per place and year."""

    places: dict[str, Place]
    files: dict[tuple[str, str], Path] = field(
        default_factory=dict, repr=False
    )  # (place, top key) → where it is written
    _plans: dict[tuple[str, int], YearPlan] = field(default_factory=dict, repr=False, compare=False)

    def place(self, code: str) -> Place:
        """The place of this code. Raises UnknownPlaceError."""
        found = self.places.get(code)
        if found is None:
            raise UnknownPlaceError(f"the rule book has no place {code!r}")
        return found

    def document(self, place: str, key: str) -> Document:
        """A source that `place` cites: one of its own, or a national one. Raises UnknownPlaceError, KeyError."""
        for document in self.place(place).documents:
            if document.key == key:
                return document
        if place != NATIONAL and NATIONAL in self.places:
            return self.document(NATIONAL, key)
        raise KeyError(key)

    def plan(self, place: str, year: int) -> YearPlan:
        """What holds in a place in a year. Raises UnknownPlaceError, RuleNotYetInForce, RuleNoLongerInForce."""
        found = self._plans.get((place, year))
        if found is None:
            if len(self._plans) >= PLANS_KEPT:
                self._plans.clear()
            found = self._plans[place, year] = plan_year(self.place(place), year)
        return found

    def grade(self, place: str, year: int) -> Grade:
        """How well the year's figures are known: A where every text was read in full, B where one is known in part.

        What is not known stands in `Place.unknown`; both are shown with the place. Raises as `plan`.
        """
        needs = self.plan(place, year).required.values()
        return max((self.document(place, need.citation.document).grade for need in needs), default="B")


def load(path: Path | None = None) -> Book:
    """Reads and validates every folder of `path` (the book of this package without it). Raises BrokenBookError."""
    root = path or PARAMETERS
    places: dict[str, Place] = {}
    files: dict[tuple[str, str], Path] = {}
    for folder in sorted(folder for folder in root.iterdir() if folder.is_dir()):
        place, written_in = _place(folder)
        places[place.code] = place
        files.update({(place.code, key): file for key, file in written_in.items()})
    return Book(places, files)


def _place(folder: Path) -> tuple[Place, dict[str, Path]]:
    content: dict[str, Any] = {}
    written_in: dict[str, Path] = {}
    for file in sorted(folder.glob("*.yaml")):
        for key, value in _read(file).items():
            if key in content:
                raise BrokenBookError(file, str(key), f"is also in {written_in[key].name}; keep one")
            content[key], written_in[key] = value, file
    if content.get("code") != folder.name:
        raise BrokenBookError(folder / "place.yaml", "code", f"must be the folder's name, {folder.name}")
    try:
        return Place.model_validate(content), written_in
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        file = written_in.get(str(first["loc"][0]) if first["loc"] else "", folder / "place.yaml")
        raise BrokenBookError(file, key, first["msg"]) from error


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # the C one where it is built
    """A safe loader that refuses a key written twice, which YAML would drop in silence."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        twice = {key for key in keys if keys.count(key) > 1}
        if twice:
            raise yaml.YAMLError(f"{sorted(twice)[0]} is written twice, line {node.start_mark.line + 1}")
        return dict(super().construct_mapping(node, deep=deep))


def _read(file: Path) -> dict[Any, Any]:
    try:
        content = yaml.load(file.read_text("utf-8"), _Loader)  # noqa: S506 (a safe loader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BrokenBookError(file, "", " ".join(str(error).split())) from error
    if not isinstance(content, dict):
        raise BrokenBookError(file, "", "must be a mapping of keys to values")
    return content
