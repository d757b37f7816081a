"""The JSON lines of `xueshi read-proof`: reads in this process, one picture after the other."""

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.eye import Eye
from bot.picture import MAX_BYTES
from domain.picture import Flaw, PictureRefused
from nlp.proofs.proof import record_of


class UnreadableFiles(Exception):
    """Some of the files gave no reading; each of them has said why on its line."""

    def __init__(self, refused: int, files: int) -> None:
        super().__init__(f"{refused} of {files} files could not be read")
        self.refused = refused
        self.files = files


_SENTENCES = {
    Flaw.EMPTY: "the file is empty",
    Flaw.TOO_LARGE: f"the file is larger than {MAX_BYTES // 1_000_000} MB",
    Flaw.WRONG_TYPE: "the file is not a picture (JPEG, PNG, WebP, GIF or BMP)",
    Flaw.TRUNCATED: "the picture is damaged or ends in the middle",
    Flaw.TOO_MANY_PIXELS: "the picture has too many pixels",
    Flaw.TOO_SMALL: "the picture is too small to hold a proof",
    Flaw.TIMED_OUT: "reading the picture took too long",
    Flaw.CRASHED: "the picture could not be read",
}


def print_readings(files: Sequence[Path], holder: str | None) -> int:
    """Prints a line for each file; how many could not be read."""
    eye = Eye(threads=os.cpu_count() or 1)
    refused = 0
    for path in files:
        record = _record(eye, path, holder)
        sys.stdout.write(json.dumps(record, ensure_ascii=False) + "\n")
        sys.stdout.flush()
        refused += "error" in record
    return refused


def _record(eye: Eye, path: Path, holder: str | None) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            picture = file.read(MAX_BYTES + 1)
        return {"file": str(path), **record_of(eye.read(picture, holder))}
    except OSError as problem:
        return {"file": str(path), "error": f"the file cannot be opened: {problem.strerror or type(problem).__name__}"}
    except PictureRefused as refused:
        return {"file": str(path), "error": _SENTENCES[refused.flaw]}
