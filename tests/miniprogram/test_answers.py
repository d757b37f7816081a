"""The mini program's unit tests answer as the service does: every answer they give passes the API's own models."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from bot.api.route import Route
from bot.api.table import ROUTES

PROGRAM = Path(__file__).parents[2] / "miniprogram"
ANSWERS: dict[str, Any] = json.loads((PROGRAM / "tests" / "answers.json").read_text("utf-8"))
ASKED = re.compile(r"""(?:show\(this, |read\(|write\('[A-Z]+', |path: )([`'])(/[^`']*)\1""")

VERBS = re.compile(r"@param \{([^}]*)\} verb\b")


def route_of(method: str, path: str) -> Route | None:
    """The route that answers; one whose path is said in full before one with parts to fill in."""
    fitting = [route for route in ROUTES if route.method == method and _pattern(route).fullmatch(path)]
    return min(fitting, key=lambda route: route.path.count("{"), default=None)


def _pattern(route: Route) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{\w+\}", "[^/]+", route.path))


@pytest.mark.parametrize("name", [name for name, body in ANSWERS.items() if body is not None])
def test_an_answer_of_the_unit_tests_is_one_of_the_service(name: str) -> None:
    route = route_of(*name.split(" ", 1))
    assert route is not None, f"the service has no {name}"
    assert route.answer is not None, f"{name} is answered with a file"
    told = route.answer.model_validate(ANSWERS[name]).model_dump(mode="json", by_alias=True)
    missing = _unknown(ANSWERS[name], told)
    assert not missing, f"{name}: the service says nothing of {missing}"


def _unknown(said: Any, told: Any, at: str = "") -> list[str]:
    """Fields of `said` that the models do not know."""
    if isinstance(said, dict) and isinstance(told, dict):
        unknown = [f"{at}.{key}" for key in said if key not in told]
        return unknown + [one for key in said if key in told for one in _unknown(said[key], told[key], f"{at}.{key}")]
    if isinstance(said, list) and isinstance(told, list):
        return [
            one for index, (a, b) in enumerate(zip(said, told, strict=True)) for one in _unknown(a, b, f"{at}[{index}]")
        ]
    return []


def test_every_path_that_the_program_asks_for_is_one_of_the_service() -> None:
    asked = set()
    for folder in ("api", "store", "pages", "components"):
        for file in sorted((PROGRAM / folder).rglob("*.js")):
            source = file.read_text("utf-8")
            verbs = [verb for union in VERBS.findall(source) for verb in re.findall(r"'(\w+)'", union)]
            for _, path in ASKED.findall(source):
                spelled = [path.replace("${verb}", verb) for verb in verbs] if "${verb}" in path else [path]
                asked |= {re.sub(r"\$\{[^}]*\}", "x", one) for one in spelled}
    asked = {path for path in asked if not path.startswith("/pages/")}
    assert len(asked) > 20
    methods = ("GET", "POST", "PUT", "PATCH")
    lost = {path for path in asked if not any(route_of(method, path) for method in methods)}
    assert not lost
