"""A load of signed and encrypted callbacks, from a process of its own, over plain keep-alive connections.

Reads one JSON plan on stdin, prints one JSON result. The callbacks are sealed before the clock starts, so that what is
timed is the service. `rate` null sends as fast as answers come back; a number sends at that rate whatever comes back,
and latency counts from when a callback was due (so a stall is not hidden by waiting).
"""

import asyncio
import json
import os
import sys
import time
from typing import Any

from simulator.envelope import Envelope, signature
from simulator.markup import render

PATH = "/wechat/official"


def requests(plan: dict[str, Any]) -> list[bytes]:
    """One HTTP request per message, in order."""
    envelope = Envelope(plan["token"], plan["aes_key"], plan["appid"])
    now = str(int(time.time()))
    return [_request(plan, envelope, now, number, *message) for number, message in enumerate(plan["messages"])]


def _request(plan: dict[str, Any], envelope: Envelope, now: str, number: int, sender: str, text: str) -> bytes:
    xml = render(
        {
            "ToUserName": "gh_0a1b2c3d4e5f",
            "FromUserName": sender,
            "CreateTime": int(now),
            "MsgType": "text",
            "Content": text,
            "MsgId": plan["first_id"] + number,
        }
    )
    encrypted = envelope.seal(xml, os.urandom(16))
    nonce = str(number)
    signed = signature(plan["token"], now, nonce, encrypted)
    plain = signature(plan["token"], now, nonce)
    body = f"<xml><ToUserName><![CDATA[gh_0a1b2c3d4e5f]]></ToUserName><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>"
    query = f"signature={plain}&timestamp={now}&nonce={nonce}&openid={sender}&encrypt_type=aes&msg_signature={signed}"
    head = (
        f"POST {PATH}?{query} HTTP/1.1\r\nHost: {plan['host']}:{plan['port']}\r\n"
        f"Content-Type: text/xml\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body.encode()


async def _exchange(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> tuple[int, int]:
    """Status and length of the answer's body."""
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head[9:12])
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    await reader.readexactly(length)
    return status, length


async def _as_fast_as_possible(plan: dict[str, Any], ready: list[bytes]) -> dict[str, Any]:
    """Each connection has its own share of the messages, so one person's messages stay in order."""
    shares = [ready[at :: plan["connections"]] for at in range(plan["connections"])]
    latencies: list[float] = []
    bad = 0

    async def work(share: list[bytes]) -> None:
        nonlocal bad
        reader, writer = await asyncio.open_connection(plan["host"], plan["port"])
        for request in share:
            started = time.perf_counter()
            status, length = await _exchange(reader, writer, request)
            latencies.append(time.perf_counter() - started)
            bad += status != 200 or length < plan["least_bytes"]
        writer.close()

    started = time.perf_counter()
    await asyncio.gather(*(work(share) for share in shares))
    return _result(latencies, time.perf_counter() - started, bad)


async def _at_rate(plan: dict[str, Any], ready: list[bytes]) -> dict[str, Any]:
    latencies: list[float] = []
    bad = 0
    free: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
    for _ in range(plan["connections"]):
        free.put_nowait(await asyncio.open_connection(plan["host"], plan["port"]))

    async def one(request: bytes, due: float) -> None:
        nonlocal bad
        connection = await free.get()
        status, length = await _exchange(*connection, request)
        free.put_nowait(connection)
        latencies.append(time.perf_counter() - due)
        bad += status != 200 or length < plan["least_bytes"]

    started = time.perf_counter()
    pending = []
    for number, request in enumerate(ready):
        due = started + number / plan["rate"]
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        pending.append(asyncio.create_task(one(request, due)))
    await asyncio.gather(*pending)
    return _result(latencies, time.perf_counter() - started, bad)


def _result(latencies: list[float], seconds: float, bad: int) -> dict[str, Any]:
    ordered = sorted(latencies)
    return {
        "count": len(ordered),
        "bad": bad,
        "per_second": len(ordered) / seconds,
        "p50_ms": 1000 * ordered[len(ordered) // 2],
        "p99_ms": 1000 * ordered[int(len(ordered) * 0.99)],
        "max_ms": 1000 * ordered[-1],
    }


def main() -> None:
    plan = json.load(sys.stdin)
    ready = requests(plan)
    work = _at_rate(plan, ready) if plan.get("rate") else _as_fast_as_possible(plan, ready)
    json.dump(asyncio.run(work), sys.stdout)


if __name__ == "__main__":
    main()
