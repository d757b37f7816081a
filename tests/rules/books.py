"""Books for tests: the package's own with one thing changed."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from rules import book as books
from rules.book import Book, load
from rules.values import Place

BOOK = load()
Content = dict[str, Any]


def written(place: str) -> Content:
    """What stands in the folder of `place`."""
    content: Content = {}
    for file in sorted((books.PARAMETERS / place).glob("*.yaml")):
        content.update(books._read(file))
    return content


def book_with(place: str, change: Callable[[Content], None]) -> Book:
    """The book with `place` changed by `change`, which gets what is written there."""
    content = copy.deepcopy(written(place))
    change(content)
    return Book({**BOOK.places, place: Place.model_validate(content)})


def write(place: str, change: Callable[[Content], None], root: Path) -> Path:
    """The whole book written into `root`, with `place` changed by `change`."""
    for code in BOOK.places:
        content = copy.deepcopy(written(code))
        if code == place:
            change(content)
        (root / code).mkdir(parents=True)
        (root / code / "place.yaml").write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    return root
