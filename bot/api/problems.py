"""Refusals as problem details (RFC 9457), each with a sentence for the person who holds the phone."""

from http import HTTPStatus

from aiohttp import web
from pydantic import ValidationError

from bot.api.models.pieces import FieldProblem
from bot.api.models.pieces import Problem as Details
from handlers.receipts import FormRefused
from wording import knows, say

CONTENT_TYPE = "application/problem+json"
_SHOWN = 10  # fields named in one answer


class Problem(Exception):
    """A request that is not done. `retry` is when it may be tried again, in seconds."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str = "",
        *,
        errors: list[FieldProblem] | None = None,
        retry: int | None = None,
        entry: str | None = None,
        allow: str = "",
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.detail = detail or say(f"api.refused.{code}")
        self.errors = errors
        self.retry = retry
        self.entry = entry
        self.allow = allow


def response(problem: Problem) -> web.Response:
    details = Details(
        title=HTTPStatus(problem.status).phrase,
        status=problem.status,
        code=problem.code,
        detail=problem.detail,
        errors=problem.errors,
        entry=problem.entry,
    )
    headers = {"Cache-Control": "no-store"}
    if problem.retry is not None:
        headers["Retry-After"] = str(problem.retry)
    if problem.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    if problem.allow:
        headers["Allow"] = problem.allow
    body = details.model_dump_json(exclude_none=True).encode()
    return web.Response(status=problem.status, body=body, content_type=CONTENT_TYPE, headers=headers)


def invalid(error: ValidationError) -> Problem:
    """A request whose fields are not as the description says; what was sent is not repeated."""
    errors = [
        FieldProblem(field=".".join(str(part) for part in one["loc"]) or "body", text=_said(one["type"]))
        for one in error.errors(include_url=False, include_context=False, include_input=False)[:_SHOWN]
    ]
    if len(errors) == 1 and errors[0].field == "body" and error.errors()[0]["type"] == "json_invalid":
        return Problem(400, "not_json")
    return Problem(422, "invalid", errors=errors)


def of_form(refusal: FormRefused) -> Problem:
    return Problem(refusal.status, refusal.code, refusal.text)


def _said(kind: str) -> str:
    key = f"api.field.{kind}"
    return say(key) if knows(key) else say("api.field.other")
