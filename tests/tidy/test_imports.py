"""Who may import whom: the table of docs/architecture.md, held."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAY_IMPORT: dict[str, set[str]] = {
    "domain": set(),
    "wording": set(),
    "simulator": set(),
    "nlp": {"domain"},
    "rules": {"domain"},
    "storage": {"domain"},
    "outreach": {"domain", "rules", "wording"},
    "handlers": {"domain", "nlp", "rules", "outreach", "wording"},
    "documents": {"domain", "rules", "wording"},
    "console": {"domain", "nlp", "rules", "outreach", "wording", "handlers", "documents", "storage"},
    "bot": {
        "domain",
        "nlp",
        "rules",
        "outreach",
        "wording",
        "handlers",
        "documents",
        "storage",
        "simulator",
        "console",
    },
}
ONLY_IN = {  # a library, and the only places that may import it
    "aiohttp": ("bot/", "console/", "simulator/"),
    "wechatpy": ("bot/channels/",),
    "sqlite3": ("storage/",),
    "asyncpg": ("storage/",),
    "alembic": ("storage/",),
    "apscheduler": ("bot/clockwork.py",),
}
SIMULATOR_STARTED_BY = "bot/demo.py"
CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("date", "today"), ("datetime", "today"), ("time", "time")}
MAY_READ_CLOCKS = ("bot/", "simulator/")


def modules() -> list[Path]:
    return [path for package in MAY_IMPORT for path in sorted((ROOT / package).rglob("*.py"))]


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", modules(), ids=name)
def test_imports_follow_the_table(path: Path) -> None:
    package = name(path).split("/")[0]
    for module in imports(path):
        top = module.split(".")[0]
        if top in MAY_IMPORT and top != package:
            assert top in MAY_IMPORT[package], f"{name(path)} may not import {module}"
        if top == "simulator" and package != "simulator":
            assert name(path) == SIMULATOR_STARTED_BY, f"only {SIMULATOR_STARTED_BY} starts the simulator"
        if top in ONLY_IN:
            assert name(path).startswith(ONLY_IN[top]), f"{module} is only for {ONLY_IN[top]}"


def test_sql_and_sqlalchemy_only_in_storage() -> None:
    for path in modules():
        if name(path).startswith("storage/"):
            continue
        assert not any(module.split(".")[0] == "sqlalchemy" for module in imports(path)), name(path)


@pytest.mark.parametrize("path", modules(), ids=name)
def test_clocks_are_read_at_the_edge_only(path: Path) -> None:
    if name(path).startswith(MAY_READ_CLOCKS):
        return
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            called = (owner.id if isinstance(owner, ast.Name) else "", node.func.attr)
            assert called not in CLOCKS, f"{name(path)}:{node.lineno} reads a clock: take `now` as an argument"
