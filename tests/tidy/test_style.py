"""House style: sizes, docstrings, names, and tables that must agree with each other."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

import wording
from bot.settings import Settings
from handlers.routes import ROUTES
from nlp.places import codes
from nlp.reading import Intent
from rules.book import load as load_book
from tests.tidy.test_imports import MAY_IMPORT, ROOT, modules, name

FILE_LINES = 420  # a longer one is more than one thing
FUNCTION_LINES = 60
FORBIDDEN_NAMES = {"utils", "helpers", "common", "manager", "base", "misc"}


@pytest.mark.parametrize("path", modules(), ids=name)
def test_a_module_opens_with_what_it_is_for(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    assert ast.get_docstring(tree), f"{name(path)} does not say what it is for"


@pytest.mark.parametrize("path", modules(), ids=name)
def test_files_and_functions_stay_small(path: Path) -> None:
    source = path.read_text("utf-8")
    assert source.count("\n") <= FILE_LINES, f"{name(path)} is more than one thing"
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= FUNCTION_LINES, f"{name(path)}: {node.name} has {length} lines"


def test_names_say_what_they_are() -> None:
    assert not [name(path) for path in modules() if path.stem in FORBIDDEN_NAMES]


def test_chinese_that_users_read_lives_in_wording() -> None:
    """The conversation's code holds no sentence: only nlp (what people type) and data may hold Chinese."""
    for path in modules():
        if not name(path).startswith(("handlers/", "bot/")) or name(path) == "bot/demo.py":
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and not _is_docstring(path, node):
                assert len(re.findall(r"[\u4e00-\u9fff]", node.value)) < 12, f"{name(path)}:{node.lineno} {node.value}"


def _is_docstring(path: Path, node: ast.Constant) -> bool:
    owners = (ast.Module, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    tree = ast.parse(path.read_text("utf-8"))
    bodies = [owner.body for owner in ast.walk(tree) if isinstance(owner, owners) and owner.body]
    return any(isinstance(body[0], ast.Expr) and body[0].value.lineno == node.lineno for body in bodies)


def test_every_intent_has_a_route() -> None:
    assert set(ROUTES) == set(Intent)


def test_every_sentence_is_said_and_every_key_exists() -> None:
    used, prefixes = _keys_used()
    known = set(wording.sentences())
    assert not {key for key in used if key not in known}
    unused = {key for key in known if key not in used and not key.startswith(tuple(prefixes))}
    assert not unused, f"sentences that nobody says: {sorted(unused)}"


def _keys_used() -> tuple[set[str], set[str]]:
    """Keys said literally, and the prefixes of keys put together (say(f"mode.{mode}"))."""
    used: set[str] = set()
    prefixes: set[str] = {"rules."}  # steps carry their keys; tests/rules holds them
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.JoinedStr) and node.values and isinstance(node.values[0], ast.Constant):
                prefix = str(node.values[0].value)
                if re.fullmatch(r"[a-z_]+\.[a-z_.]*", prefix):
                    prefixes.add(prefix)
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                used |= {node.value} & set(wording.sentences())
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say" and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant):
                    used.add(str(first.value))
    for template in (ROOT / "documents" / "templates").glob("*.typ"):
        used |= {f"document.{key}" for key in re.findall(r"words\.([a-z_]+)", template.read_text("utf-8"))}
    for page in (ROOT / "console" / "templates").rglob("*.html"):
        source = page.read_text("utf-8")
        used |= set(re.findall(r"say\(\s*'([^']+)'(?!\s*~)", source))
        used |= set(wording.sentences()) & set(re.findall(r"'(console\.[a-z_.]+)'", source))
        prefixes |= set(re.findall(r"say\(\s*'([a-z_]+\.[a-z_.]*)'\s*~", source))
    prefixes |= {"withdraw.which", "correct.which"}  # say(f"{topic}.which")
    return used, prefixes


def test_settings_and_the_readme_agree() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    fields = {f"XUESHI_{field.upper()}" for field in Settings.model_fields}
    told = set(re.findall(r"`(XUESHI_[A-Z_]+)`", readme))
    assert fields <= told, f"not in the README's table: {sorted(fields - told)}"
    assert told <= fields, f"in the README, but no setting: {sorted(told - fields)}"


def test_packages_are_listed_by_name() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert set(project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]) == set(MAY_IMPORT)


def test_the_lock_names_no_download_address() -> None:
    for lock in ("requirements.lock", "requirements-dev.lock"):
        assert "://" not in (ROOT / lock).read_text("utf-8")


def test_npm_locks_name_no_download_address_and_no_script_runs_at_install() -> None:
    locks = [lock for lock in ROOT.rglob("package-lock.json") if "node_modules" not in lock.parts]
    assert ROOT / "miniprogram" / "package-lock.json" in locks
    for lock in locks:
        assert '"resolved": "http' not in lock.read_text("utf-8"), f"{name(lock)} holds download addresses"
        settings = (lock.parent / ".npmrc").read_text("utf-8").split()
        assert {"omit-lockfile-registry-resolved=true", "ignore-scripts=true"} <= set(settings), name(lock)


def test_every_place_of_the_book_can_be_said() -> None:
    assert set(load_book().places) <= set(codes().values())
