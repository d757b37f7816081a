"""What runs here: versions of the product, its database, its rule book, its models and the libraries it stands on."""

import hashlib
import os
import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from nlp.intents import model
from rules.book import PARAMETERS
from storage.tables import SCHEMA

LIBRARIES = (
    "aiohttp",
    "wechatpy",
    "sqlalchemy",
    "asyncpg",
    "apscheduler",
    "cryptography",
    "jieba",
    "rapidocr",
    "onnxruntime",
    "zxing-cpp",
    "opencv-python-headless",
    "pillow",
    "typst",
    "python-calamine",
    "xlsxwriter",
    "obstore",
)
DIGEST = 12  # characters of a digest that people compare
_STATM = Path("/proc/self/statm")


@cache
def versions() -> dict[str, Any]:
    """Everything that does not change while a process runs."""
    return {
        "app": _version("xueshi"),
        "schema": SCHEMA,
        "book": book_digest(PARAMETERS),
        "models": {"intents": model().digest[:DIGEST], "ocr": f"rapidocr {_version('rapidocr')}"},
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()}",
        "libraries": {name: found for name in LIBRARIES if (found := _version(name))},
    }


def book_digest(folder: Path) -> str:
    """The rule book as it is written: two processes with the same one decide alike."""
    digest = hashlib.sha256()
    for file in sorted(folder.rglob("*.yaml")):
        digest.update(file.relative_to(folder).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:DIGEST]


def megabytes(pid: int | None = None) -> int:
    """Resident memory of a process, this one without `pid`; 0 where the system does not say."""
    statm = _STATM if pid is None else Path(f"/proc/{pid}/statm")
    try:
        pages = int(statm.read_text("ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return 0
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 2**20)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
