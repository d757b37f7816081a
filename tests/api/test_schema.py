"""Schemathesis against the running service: every path takes what its description says, and answers as it says."""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from bot.api.route import PREFIX, Route
from bot.api.table import ROUTES
from tests.miniprogram.world import World, world

CHECKS = (
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    ignored_auth,
    response_schema_conformance,
    negative_data_rejection,
    unsupported_method,
)


class Served:
    """The service on a loop of its own, so that Schemathesis may block."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ready = threading.Event()
        self._done: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self.here: World | None = None
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)

    async def _serve(self) -> None:
        self._loop, self._done = asyncio.get_running_loop(), asyncio.Event()
        async with world(self._folder) as self.here:
            self._ready.set()
            await self._done.wait()

    def start(self) -> None:
        self._thread.start()
        assert self._ready.wait(60)

    def stop(self) -> None:
        if self._loop is not None and self._done is not None:
            self._loop.call_soon_threadsafe(self._done.set)
        self._thread.join(30)

    @property
    def base(self) -> str:
        assert self.here is not None
        return self.here.mini.program.service_url

    def token(self) -> str:
        assert self.here is not None
        told = requests.post(f"{self.base}/api/v1/login", json={"code": self.here.mini.login("wang")}, timeout=10)
        return str(told.json()["token"])


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    one = Served(tmp_path_factory.mktemp("schemathesis"))
    with pytest.MonkeyPatch.context() as patch:
        for name in (
            "REQUESTS",
            "WRITES",
            "LOGINS",
            "UPLOADS",
        ):  # a busy day in a second
            patch.setattr(f"bot.api.service.{name}", 10**6)
        one.start()
        try:
            yield one
        finally:
            one.stop()


@pytest.fixture(scope="module")
def schema(served: Served) -> Any:
    return schemathesis.openapi.from_url(f"{served.base}/api/v1/openapi.json")


def test_the_description_is_valid_openapi(served: Served, schema: Any) -> None:
    described = requests.get(f"{served.base}/api/v1/openapi.json", timeout=10).json()
    assert described["openapi"].startswith("3.1")
    schema.validate()
    assert {(method.upper(), path) for path, one in described["paths"].items() for method in one} == {
        (route.method, PREFIX + route.path) for route in ROUTES
    }


@pytest.mark.parametrize("mode", list(GenerationMode), ids=str)
@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_every_path_keeps_to_its_description(served: Served, schema: Any, route: Route, mode: GenerationMode) -> None:
    operation = schema[PREFIX + route.path][route.method]
    token = served.token()
    try:
        cases = operation.as_strategy(generation_mode=mode)

        @hypothesis.given(case=cases)
        @hypothesis.settings(
            max_examples=3, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
        )
        def keeps(case: Any) -> None:
            answer = case.call(base_url=served.base, headers={"Authorization": f"Bearer {token}"})
            case.validate_response(answer, checks=CHECKS)

        keeps()
    except hypothesis.errors.Unsatisfiable:
        pytest.skip("nothing can be wrong here")
