"""Tokens, quotas and the platform's own addresses."""

from typing import Any

from simulator.api import OK, Answer, Call, Endpoint
from simulator.errors import ApiError
from simulator.tokens import Token

CALLERS = ("101.226.103.0/25", "183.3.234.0/25")


async def token(call: Call) -> Answer:
    """`GET /cgi-bin/token`."""
    query = call.request.query
    if query.get("grant_type") != "client_credential":
        raise ApiError(40002, "invalid grant_type")
    _admit(call, query.get("appid", ""), query.get("secret", ""))
    return _told(call, call.desk.tokens.issue(call.now))


async def stable_token(call: Call) -> Answer:
    """`POST /cgi-bin/stable_token`."""
    if call.text("grant_type") != "client_credential":
        raise ApiError(40002, "invalid grant_type")
    _admit(call, call.text("appid"), call.text("secret"))
    return _told(call, call.desk.tokens.stable(call.now, force=call.body.get("force_refresh") is True))


async def clear_quota(call: Call) -> Answer:
    """`POST /cgi-bin/clear_quota`."""
    if call.text("appid") != call.desk.account.appid:
        raise ApiError(40013, "invalid appid")
    call.desk.quotas.clear(call.now)
    return OK


async def clear_quota_by_secret(call: Call) -> Answer:
    """`POST /cgi-bin/clear_quota/v2`."""
    _admit(call, call.text("appid"), call.text("appsecret"))
    call.desk.quotas.clear(call.now)
    return OK


async def quota(call: Call) -> Answer:
    """`POST /cgi-bin/openapi/quota/get`."""
    return OK | {"quota": call.desk.quotas.report(call.text("cgi_path"), call.now)}


async def callers(_call: Call) -> Answer:
    """`GET /cgi-bin/getcallbackip` and `get_api_domain_ip`."""
    return {"ip_list": list(CALLERS)}


def _admit(call: Call, appid: str, secret: str) -> None:
    account = call.desk.account
    if not appid:
        raise ApiError(41002, "appid missing")
    if not secret:
        raise ApiError(41004, "appsecret missing")
    if appid != account.appid:
        raise ApiError(40013, "invalid appid")
    if secret != account.secret:
        raise ApiError(40125, "invalid appsecret")
    address = call.request.remote or ""
    if account.allowed_addresses and address not in account.allowed_addresses:
        raise ApiError(40164, f"invalid ip {address}, not in whitelist")


def _told(call: Call, issued: Token) -> dict[str, Any]:
    return {"access_token": issued.value, "expires_in": issued.seconds_left(call.now)}


ENDPOINTS = {
    "/cgi-bin/token": Endpoint("GET", token, token=False),
    "/cgi-bin/stable_token": Endpoint("POST", stable_token, token=False),
    "/cgi-bin/clear_quota": Endpoint("POST", clear_quota),
    "/cgi-bin/clear_quota/v2": Endpoint("POST", clear_quota_by_secret, token=False),
    "/cgi-bin/openapi/quota/get": Endpoint("POST", quota),
    "/cgi-bin/getcallbackip": Endpoint("GET", callers),
    "/cgi-bin/get_api_domain_ip": Endpoint("GET", callers),
}
