"""The envelope against every published and generated vector, and against what must be refused."""

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.envelope import Envelope, Refused, aes_key, signature
from tests.bot.channels.pushes import KEY, NOW, OLD_KEY, decrypt, encrypt, load, query, sha1

VECTORS = load("crypto/vectors.json")
APPID = "wx00000000000000a1"


def name(vector: dict[str, Any]) -> str:
    return str(vector["name"])


def arrived(vector: dict[str, Any]) -> datetime:
    return datetime.fromtimestamp(int(vector["timestamp"]), UTC)


def envelope(vector: dict[str, Any]) -> Envelope:
    return Envelope(vector["token"], vector["receive_id"], [vector["encoding_aes_key"]])


@pytest.mark.parametrize("vector", VECTORS["published"] + VECTORS["generated"], ids=name)
def test_every_vector_opens(vector: dict[str, Any]) -> None:
    content, key = envelope(vector).open(vector["encrypt"], vector, arrived(vector))
    assert content.decode() == vector["plaintext"]
    assert key == 0


@pytest.mark.parametrize("vector", VECTORS["negative"], ids=name)
def test_every_bad_vector_is_refused(vector: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refused:
        envelope(vector).open(vector["encrypt"], vector, arrived(vector))
    expected = vector["expect"].removeprefix("reject: ")
    assert expected in refused.value.reason
    assert refused.value.status == (400 if expected == "malformed" else 403)


@pytest.mark.parametrize("vector", VECTORS["plain_signatures"], ids=lambda vector: vector["source"])
def test_plain_signatures(vector: dict[str, Any]) -> None:
    Envelope(vector["token"], "any").check(vector, arrived(vector))
    with pytest.raises(Refused, match="signature wrong"):
        Envelope(vector["token"] + "x", "any").check(vector, arrived(vector))


@pytest.mark.parametrize("vector", VECTORS["generated"], ids=name)
def test_url_signature(vector: dict[str, Any]) -> None:
    assert signature(vector["token"], vector["timestamp"], vector["nonce"]) == vector["url_signature"]


@pytest.mark.parametrize(
    ("seconds", "good"), [(0, True), (300, True), (-300, True), (301, False), (-301, False), (86_400, False)]
)
def test_the_timestamp_window(seconds: int, good: bool) -> None:
    box = Envelope("fixturetoken", APPID, [KEY])
    asked = query(at=NOW + timedelta(seconds=seconds))
    if good:
        box.check(asked, NOW)
    else:
        with pytest.raises(Refused, match="timestamp") as refused:
            box.check(asked, NOW)
        assert refused.value.status == 403


@pytest.mark.parametrize("timestamp", ["", "soon", "1e9", "-1", "١٢٣", "9" * 400, " 1767225630"])
def test_a_timestamp_that_is_none(timestamp: str) -> None:
    asked = {"timestamp": timestamp, "nonce": "n", "signature": sha1("fixturetoken", timestamp, "n")}
    with pytest.raises(Refused, match="timestamp"):
        Envelope("fixturetoken", APPID).check(asked, NOW)


def test_keys_rotate_and_the_answer_uses_the_one_that_opened() -> None:
    box = Envelope("fixturetoken", APPID, [KEY, OLD_KEY])
    for number, key in enumerate([KEY, OLD_KEY]):
        ciphertext = encrypt(b"hello", APPID, key)
        assert box.open(ciphertext, query(ciphertext), NOW) == (b"hello", number)
        sealed = box.seal("回答", "nonce", NOW, number)
        assert decrypt(sealed.encrypt, key) == ("回答".encode(), APPID.encode())
        assert sealed.signature == sha1("fixturetoken", sealed.timestamp, "nonce", sealed.encrypt)
    strange = encrypt(b"hello", APPID, KEY[::-1].replace("A", "B"))
    with pytest.raises(Refused):
        box.open(strange, query(strange), NOW)


def test_another_account_is_said_whichever_key_opens() -> None:
    ciphertext = encrypt(b"hello", "wxother", KEY)
    with pytest.raises(Refused, match="receive id") as refused:
        Envelope("fixturetoken", APPID, [KEY, OLD_KEY]).open(ciphertext, query(ciphertext), NOW)
    assert refused.value.status == 403


def test_without_a_key_nothing_encrypted_is_taken() -> None:
    ciphertext = encrypt(b"hello", APPID)
    with pytest.raises(Refused, match="no EncodingAESKey"):
        Envelope("fixturetoken", APPID).open(ciphertext, query(ciphertext), NOW)


def test_the_random_prefix_does_not_repeat() -> None:
    box = Envelope("fixturetoken", APPID, [KEY])
    assert len({base64.b64decode(box.seal("same", "n", NOW).encrypt)[:16] for _ in range(200)}) == 200


@pytest.mark.parametrize("key", ["", "short", KEY + "A", KEY[:-1] + "-", KEY[:-1] + "\n"])
def test_a_bad_key_is_named_without_showing_it(key: str) -> None:
    with pytest.raises(ValueError, match="43 letters and digits") as refused:
        aes_key(key)
    assert not key or key not in str(refused.value)


@pytest.mark.parametrize("padding", [b"\x05" * 5, b"\x04" + b"\x05" * 4])
def test_every_byte_of_the_padding_counts(padding: bytes) -> None:
    message = b"x" * (64 - 20 - len(APPID) - len(padding))
    ciphertext = encrypt(message, APPID, padding=padding)
    box = Envelope("fixturetoken", APPID, [KEY])
    if set(padding) == {5}:
        assert box.open(ciphertext, query(ciphertext), NOW) == (message, 0)
    else:
        with pytest.raises(Refused, match="malformed"):
            box.open(ciphertext, query(ciphertext), NOW)


@given(st.binary(max_size=200))
def test_whatever_is_signed_opens_or_is_refused(garbage: bytes) -> None:
    """Even with the right signature: a leaked token must not crash the service."""
    box = Envelope("fixturetoken", APPID, [KEY, OLD_KEY])
    for text in (base64.b64encode(garbage).decode(), garbage.decode("latin-1")):
        with pytest.raises(Refused):
            box.open(text, query(text), NOW)


@given(st.text(max_size=300))
def test_seal_then_open(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        return
    box = Envelope("fixturetoken", APPID, [KEY])
    sealed = box.seal(text, "n1", NOW)
    assert box.open(sealed.encrypt, query(sealed.encrypt), NOW) == (text.encode(), 0)
