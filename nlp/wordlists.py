"""The package's word lists: text files whose lines are a name and what belongs to it; a repeated name continues it."""

from pathlib import Path


def entries(file: str) -> dict[str, list[str]]:
    """The names of `file` (beside this module) with their words, in the order of the file."""
    listed: dict[str, list[str]] = {}
    for line in (Path(__file__).parent / file).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, *words = line.split(" ")
            listed.setdefault(name, []).extend(word for word in words if word)
    return listed
