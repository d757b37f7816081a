"""How the service feels: alive, able to serve, and its figures for Prometheus."""

from collections.abc import Awaitable, Callable

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, Counter, Gauge, Histogram, generate_latest

from bot.channels.wire import Call, log_call
from domain.delivery import Delivery, DeliveryState

TURNS = Counter("xueshi_turns", "Messages by what became of them", ["outcome"])
TURN_SECONDS = Histogram(
    "xueshi_turn_seconds",
    "Seconds from a message's arrival to its commit (the platform waits 5)",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 4.5, 5),
)
CALLBACKS = Counter("xueshi_callbacks", "Callbacks by HTTP status", ["status"])
ACKNOWLEDGED_LATE = Counter("xueshi_acknowledged_late", "Messages acknowledged before their answer was ready")
OUTBOX_AGE = Gauge("xueshi_outbox_age_seconds", "Age of the oldest delivery that is due and waiting")
TOKEN_AGE = Gauge("xueshi_token_seconds_left", "Seconds that the platform's access token is still valid")

DELIVERIES = Counter("xueshi_deliveries", "Deliveries that ended, by purpose and state", ["purpose", "state"])
API_CALLS = Counter("xueshi_api_calls", "Calls of the platform's API, by interface and error code", ["api", "errcode"])
REMINDERS = Counter("xueshi_reminders", "Reminders that came due, by kind and what became of them", ["kind", "fate"])
SWEEP_SECONDS = Histogram(
    "xueshi_sweep_seconds", "Seconds of a sweep over people who are due", buckets=(0.01, 0.1, 1, 10, 60, 600)
)
LEADING = Gauge("xueshi_leading", "1 in the process that keeps the clock")

Check = Callable[[], Awaitable[None]]
"""Raises when something that serving needs is not there."""


def count_delivery(delivery: Delivery, state: DeliveryState) -> None:
    DELIVERIES.labels(delivery.purpose.name.lower(), state.value).inc()


def count_call(call: Call) -> None:
    API_CALLS.labels(call.api, str(call.errcode)).inc()
    log_call(call)


def routes(ready: Check, measure: Check) -> list[web.RouteDef]:
    """`/healthz`, `/readyz` and `/metrics`; `measure` refreshes the gauges before they are read."""

    async def healthz(_request: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def readyz(_request: web.Request) -> web.Response:
        try:
            await ready()
        except Exception as error:  # whatever it is, we cannot serve
            return web.Response(status=503, text=f"not ready: {type(error).__name__}\n")
        return web.Response(text="ready\n")

    async def metrics(_request: web.Request) -> web.Response:
        await measure()
        return web.Response(body=generate_latest(REGISTRY), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return [web.get("/healthz", healthz), web.get("/readyz", readyz), web.get("/metrics", metrics)]
