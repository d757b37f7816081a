"""The service goes down between a write and its answer: the phone asks again, and nothing is lost or done twice."""

from pathlib import Path

import aiohttp

from tests.api.phone import ENTRY, Phone
from tests.miniprogram.world import world


async def test_a_key_and_a_token_outlive_the_process(tmp_path: Path, http: aiohttp.ClientSession) -> None:
    async with world(tmp_path) as here:
        wang = Phone(here, "wang", http)
        await wang.login()
        first = await wang.post("/entries", ENTRY, 201, key="before-the-fall")
        refused = await wang.post("/entries", ENTRY, 409, key="refused-before")
        made = await wang.post("/exports", {"kind": "card", "year": 2026}, 202, key="paper-before")
    async with world(tmp_path) as here:
        wang.here = here
        again = await wang.post("/entries", ENTRY, 201, key="before-the-fall")
        assert (again["id"], again["state"]) == (first["id"], "claimed")
        assert await wang.post("/entries", ENTRY, 409, key="refused-before") == refused
        assert await wang.post("/exports", {"kind": "card", "year": 2026}, 202, key="paper-before") == made
        assert len((await wang.get("/entries"))["items"]) == 1
