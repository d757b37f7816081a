"""The published vectors of message encryption, opened and recomputed by the stand-in's own cryptography."""

import json
from pathlib import Path
from typing import Any

import pytest

from simulator.account import Mode
from simulator.envelope import BrokenEnvelope, Envelope, signature, wrap
from tests.simulator.service import ACCOUNT

VECTORS: dict[str, Any] = json.loads((Path(__file__).parents[1] / "payloads/crypto/vectors.json").read_text("utf-8"))
WHOLE = VECTORS["published"] + VECTORS["generated"]


def named(vector: dict[str, Any]) -> str:
    return str(vector["name"])


def envelope(vector: dict[str, Any]) -> Envelope:
    return Envelope(vector["token"], vector["encoding_aes_key"], vector["receive_id"])


def checked(vector: dict[str, Any]) -> bytes:
    envelope(vector).check(vector["msg_signature"], vector["timestamp"], vector["nonce"], vector["encrypt"])
    return envelope(vector).open(vector["encrypt"])


@pytest.mark.parametrize("vector", WHOLE, ids=named)
def test_opens_and_seals_each_vector_to_the_byte(vector: dict[str, Any]) -> None:
    opened = checked(vector)
    assert opened == vector["plaintext"].encode()
    assert envelope(vector).seal(opened, vector["random16"].encode()) == vector["encrypt"]


@pytest.mark.parametrize("vector", VECTORS["negative"], ids=named)
def test_refuses_each_broken_vector(vector: dict[str, Any]) -> None:
    with pytest.raises(BrokenEnvelope):
        checked(vector)


@pytest.mark.parametrize("vector", VECTORS["plain_signatures"], ids=lambda vector: vector["source"])
def test_plain_signatures(vector: dict[str, Any]) -> None:
    assert signature(vector["token"], vector["timestamp"], vector["nonce"]) == vector["signature"]


@pytest.mark.parametrize(("name", "mode"), [("OA safe mode, text", Mode.SAFE), ("OA compat mode", Mode.COMPAT)])
def test_wraps_a_push_to_the_byte_of_the_published_body(name: str, mode: Mode) -> None:
    vector = next(vector for vector in VECTORS["generated"] if vector["name"].startswith(name))
    wrapped = wrap(
        ACCOUNT,
        mode,
        vector["plaintext"].encode(),
        openid="o",
        timestamp=vector["timestamp"],
        nonce=vector["nonce"],
        random16=vector["random16"].encode(),
    )
    assert wrapped.body.decode() == vector["body"]
    assert wrapped.query["msg_signature"] == vector["msg_signature"]
    assert wrapped.query["signature"] == vector["url_signature"]


@pytest.mark.parametrize("key", ["", "short", "A" * 42, "A" * 44, "!" * 43])
def test_refuses_a_key_that_is_none(key: str) -> None:
    with pytest.raises(ValueError, match="43 characters"):
        Envelope("t", key, "wx")
