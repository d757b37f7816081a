"""Typst templates to PDF and PNG, with the font shipped here and no other.

Nothing of a document is markup: the values travel as JSON, so whatever a person wrote stays text.
"""

import json
from pathlib import Path
from typing import Any, Literal

import typst

from wording import sentences

_FOLDER = Path(__file__).parent
_WORDS = "document."
FONT_FILE = _FOLDER / "fonts" / "NotoSansCJKsc-Regular.otf"


class RenderingFailed(Exception):
    """A template does not go with its values, or a character has no glyph anywhere."""


def pdf(template: str, values: dict[str, Any]) -> bytes:
    """The document as a PDF. Takes some tenths of a second: call it in a thread."""
    return _compiled(template, values, "pdf")[0]


def pages(template: str, values: dict[str, Any], ppi: int = 144) -> list[bytes]:
    """The document's pages as PNG pictures."""
    return _compiled(template, values, "png", ppi)


def _compiled(template: str, values: dict[str, Any], kind: Literal["pdf", "png"], ppi: int = 144) -> list[bytes]:
    inputs = {"values": json.dumps(values, ensure_ascii=False), "words": json.dumps(_words(), ensure_ascii=False)}
    try:
        made, warnings = typst.compile_with_warnings(
            str(_FOLDER / "templates" / f"{template}.typ"),
            root=str(_FOLDER / "templates"),
            font_paths=[str(_FOLDER / "fonts")],
            ignore_system_fonts=True,
            format=kind,
            ppi=ppi,
            sys_inputs=inputs,
        )
    except typst.TypstError as error:
        raise RenderingFailed(f"{template}: {error}") from None
    if warnings:  # a missing font is only warned of
        raise RenderingFailed(f"{template}: {warnings[0]}")
    return made if isinstance(made, list) else [made]


def _words() -> dict[str, str]:
    """The sentences of documents, which templates show by their short keys."""
    return {key.removeprefix(_WORDS): text for key, text in sentences().items() if key.startswith(_WORDS)}
