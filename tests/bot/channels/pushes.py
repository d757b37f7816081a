"""Pushes as the platform makes them, put together here without any code of the service or of wechatpy."""

import base64
import hashlib
import json
import os
import struct
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from bot.channels.official import Account

PAYLOADS = Path(__file__).parents[2] / "payloads"
KEY = "FixtureAesKey0FixtureAesKey0FixtureAesKey0A"
OLD_KEY = "PreviousKey00PreviousKey00PreviousKey00AbcE"
NOW = datetime(2026, 1, 1, 0, 0, 30, tzinfo=UTC)
ACCOUNT = Account("wx00000000000000a1", "secret", "fixturetoken", KEY)
TEXT = (PAYLOADS / "oa/text.xml").read_bytes()


def load(name: str) -> Any:
    return json.loads((PAYLOADS / name).read_text("utf-8"))


def sha1(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


def _cipher(key: str) -> Cipher[Any]:
    raw = base64.b64decode(key + "=")
    return Cipher(algorithms.AES(raw), modes.CBC(raw[:16]))


def encrypt(content: bytes, receive_id: str, key: str = KEY, padding: bytes | None = None) -> str:
    plain = os.urandom(16) + struct.pack(">I", len(content)) + content + receive_id.encode()
    count = 32 - len(plain) % 32
    encryptor = _cipher(key).encryptor()
    padded = plain + (bytes([count]) * count if padding is None else padding)
    return base64.b64encode(encryptor.update(padded) + encryptor.finalize()).decode()


def decrypt(ciphertext: str, key: str = KEY) -> tuple[bytes, bytes]:
    """Content and receive id."""
    decryptor = _cipher(key).decryptor()
    plain = decryptor.update(base64.b64decode(ciphertext)) + decryptor.finalize()
    plain = plain[: -plain[-1]]
    end = 20 + struct.unpack(">I", plain[16:20])[0]
    return plain[20:end], plain[end:]


def query(
    encrypted: str | None = None, at: datetime = NOW, nonce: str = "n1", token: str = "fixturetoken"
) -> dict[str, str]:
    """The query of a push: signed, and for an encrypted one with `msg_signature` over the ciphertext."""
    timestamp = str(int(at.timestamp()))
    signed = {"signature": sha1(token, timestamp, nonce), "timestamp": timestamp, "nonce": nonce, "openid": "o"}
    if encrypted is not None:
        signed |= {"encrypt_type": "aes", "msg_signature": sha1(token, timestamp, nonce, encrypted)}
    return signed


def safe(content: bytes = TEXT, receive_id: str = ACCOUNT.appid, key: str = KEY) -> tuple[bytes, dict[str, str]]:
    """Body and query of a push in safe mode."""
    ciphertext = encrypt(content, receive_id, key)
    body = f"<xml><ToUserName><![CDATA[gh_0]]></ToUserName><Encrypt><![CDATA[{ciphertext}]]></Encrypt></xml>"
    return body.encode(), query(ciphertext)


def compatible(content: bytes = TEXT, shown: bytes = TEXT) -> tuple[bytes, dict[str, str]]:
    """Body and query in compatible mode: the plain fields stand beside the ciphertext, and nothing signs them."""
    ciphertext = encrypt(content, ACCOUNT.appid)
    return shown.replace(b"</xml>", f"<Encrypt><![CDATA[{ciphertext}]]></Encrypt></xml>".encode()), query(ciphertext)


def fields(xml: str | bytes) -> dict[str, str]:
    """A reply as a strict XML parser reads it, whitespace kept."""
    root = ET.fromstring(xml)
    assert root.tag == "xml"
    return {node.tag: node.text or "" for node in root.iter() if not len(node)}
