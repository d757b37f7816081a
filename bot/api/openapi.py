"""The API's description (OpenAPI 3.1), made of the route table and the models that validate."""

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from typing import Any, Literal

from pydantic.json_schema import models_json_schema

from bot.api.models.pieces import Problem
from bot.api.route import PARTS, PREFIX, Route
from bot.api.table import ROUTES

Mode = Literal["validation", "serialization"]
Names = Mapping[tuple[Any, Mode], Any]

_SCHEMAS = "#/components/schemas/{model}"
_KEY = {"type": "string", "pattern": "^[A-Za-z0-9_.:-]{8,64}$"}
_REFUSED = {
    400: "not JSON, or no key",
    401: "no token, or one that is over",
    403: "not for this person",
    404: "there is no such thing, or it is somebody else's",
    409: "it cannot be done as things stand",
    413: "too large",
    415: "another content type is wanted",
    422: "a value is not as described",
    429: "too much in a minute",
    503: "not now",
}


@cache
def document() -> tuple[bytes, str]:
    """The document and its ETag."""
    body = json.dumps(describe(), ensure_ascii=False, separators=(",", ":")).encode()
    return body, f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def describe() -> dict[str, Any]:
    """The whole description as JSON values."""
    taken = [one for route in ROUTES for one in (route.body, route.query) if one is not None]
    given = [route.answer for route in ROUTES if route.answer is not None]
    inputs: list[tuple[Any, Mode]] = [(model, "validation") for model in dict.fromkeys(taken)]
    outputs: list[tuple[Any, Mode]] = [(model, "serialization") for model in dict.fromkeys([*given, Problem])]
    names, schemas = models_json_schema([*inputs, *outputs], ref_template=_SCHEMAS)
    paths: dict[str, Any] = {}
    for route in ROUTES:
        paths.setdefault(PREFIX + route.path, {})[route.method.lower()] = _operation(route, names)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Xueshi API", "version": "1", "description": "What the mini program asks of the service."},
        "paths": paths,
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"token": []}],
    }


def _operation(route: Route, names: Names) -> dict[str, Any]:
    told: dict[str, Any] = {
        "summary": route.summary,
        "operationId": route.run.__module__.rpartition(".")[2] + "_" + route.run.__name__,
        "parameters": _parameters(route),
        "responses": _responses(route, names),
    }
    if route.open:
        told["security"] = []
    if route.body is not None:
        kind = "multipart/form-data" if route.upload else "application/json"
        told["requestBody"] = {"required": True, "content": {kind: {"schema": names[route.body, "validation"]}}}
    return told


def _parameters(route: Route) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "pattern": f"^{PARTS[name]}$"}}
        for name in route.parameters
    ]
    if route.keyed:
        found.append({"name": "Idempotency-Key", "in": "header", "required": True, "schema": _KEY})
    if route.query is not None:
        schema = route.query.model_json_schema()
        for name, shape in schema["properties"].items():
            inlined = _inlined(shape, schema.get("$defs", {}))
            found.append({"name": name, "in": "query", "required": False, "schema": inlined})
    return found


def _inlined(shape: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    """A parameter's schema with what it refers to put in; null cannot be said in a query."""
    options = [one for one in shape.get("anyOf", [shape]) if one.get("type") != "null"]
    option = options[0]
    if "$ref" in option:
        return dict(definitions[option["$ref"].rpartition("/")[2]])
    return {name: value for name, value in option.items() if name not in ("default", "title")}


def _responses(route: Route, names: Names) -> dict[str, Any]:
    content: dict[str, Any] = {}
    if route.answer is not None:
        content = {"application/json": {"schema": names[route.answer, "serialization"]}}
    for kind in route.files:
        content[kind] = {"schema": {"type": "string", "format": "binary"}}
    done: dict[str, Any] = {"description": "done"} | ({"content": content} if content else {})
    found: dict[str, Any] = {str(route.status): done}
    if route.method == "GET":
        found["304"] = {"description": "as it was"}
    refusal = {"application/problem+json": {"schema": {"$ref": _SCHEMAS.format(model="Problem")}}}
    for status in sorted(_statuses(route)):
        found[str(status)] = {"description": _REFUSED[status], "content": refusal}
    return found


def _statuses(route: Route) -> set[int]:
    statuses = {422, 429, *route.refuses} | (set() if route.open else {401})
    if route.body is not None:
        statuses |= {400, 413, 415}
    if route.keyed:
        statuses |= {400, 409, 503}
    if route.parameters:
        statuses.add(404)
    return statuses
