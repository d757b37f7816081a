"""The signed and encrypted envelope that 公众号, 小程序 and 企业微信 put around what they push.

Signature: SHA-1 in hex of the sorted parts (token, timestamp, nonce and, for encrypted bodies, the ciphertext).
Encryption: AES-256-CBC under the 43-character EncodingAESKey, padding to 32 bytes, and inside random16 + length
(4 bytes, big endian) + content + receive id (appid or corpid). wechatpy does the cryptography; what it leaves
unchecked (constant time, padding, lengths, a random source that cannot be guessed, key rotation) is checked here.
"""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from wechatpy.crypto import PrpCrypto

SKEW = timedelta(minutes=5)  # the platform publishes no replay window; this one is ours
BLOCK = 16  # AES
PADDING_LIMIT = 32
HEADER = 20  # random16 and the length
_AES_KEY = re.compile(r"[A-Za-z0-9+/]{43}")
_TIMESTAMP = re.compile(r"[0-9]{1,12}", re.ASCII)


class Refused(Exception):
    """A push that is not answered. `status` is the HTTP status; `reason` is safe to log and to send."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Sealed:
    """An encrypted reply with what its recipient needs to check it. `timestamp` is in seconds."""

    encrypt: str
    signature: str
    timestamp: str
    nonce: str


def aes_key(text: str) -> bytes:
    """The 32 bytes behind an EncodingAESKey; ValueError (without the key in it) when it is not one."""
    if not _AES_KEY.fullmatch(text):
        raise ValueError("an EncodingAESKey has 43 letters and digits")
    return base64.b64decode(text + "=")


def signature(*parts: str) -> str:
    """SHA-1 in hex of the sorted and joined parts."""
    return hashlib.sha1("".join(sorted(parts)).encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()


def fresh_nonce() -> str:
    """A nonce for a reply, from the system's random source."""
    return secrets.token_hex(8)


class Envelope:
    """Opens and seals for one account: its token, its receive id, its EncodingAESKeys (current first, then the
    previous one). Without keys only plain pushes can be checked.
    """

    def __init__(self, token: str, receive_id: str, keys: Sequence[str] = ()) -> None:
        self._token = token
        self._receive_id = receive_id.encode()
        self._ciphers = [_Cipher(aes_key(key)) for key in keys]

    def check(self, query: Mapping[str, str], now: datetime, skew: timedelta = SKEW) -> None:
        """Checks `signature`, which covers the address but not the body, and the timestamp; Refused 403."""
        self._check(query, "signature", (), now, skew)

    def open(self, encrypt: str, query: Mapping[str, str], now: datetime, skew: timedelta = SKEW) -> tuple[bytes, int]:
        """The content of a ciphertext whose `msg_signature` and timestamp hold, and which key opened it (0 is the
        current one). Refused 403 for a wrong signature, time or receive id, 400 for what cannot be opened.
        """
        self._check(query, "msg_signature", (encrypt,), now, skew)
        if not self._ciphers:
            raise Refused(403, "no EncodingAESKey is configured")
        refusal = Refused(400, "ciphertext malformed")
        for number, cipher in enumerate(self._ciphers):
            try:
                return cipher.unpack(encrypt, self._receive_id), number
            except Refused as reason:
                refusal = reason if refusal.status == 400 else refusal
        raise refusal

    def seal(self, content: str, nonce: str, now: datetime, key: int = 0) -> Sealed:
        """Encrypts a reply under the key with that number: the one that opened what it answers."""
        encrypt = self._ciphers[key].encrypt(content, self._receive_id).decode()
        timestamp = str(int(now.timestamp()))
        return Sealed(encrypt, signature(self._token, timestamp, nonce, encrypt), timestamp, nonce)

    def _check(
        self, query: Mapping[str, str], name: str, bound: tuple[str, ...], now: datetime, skew: timedelta
    ) -> None:
        given, timestamp, nonce = query.get(name, ""), query.get("timestamp", ""), query.get("nonce", "")
        expected = signature(self._token, timestamp, nonce, *bound)
        if not hmac.compare_digest(expected.encode(), given.encode("utf-8", "surrogatepass")):
            raise Refused(403, f"{name} wrong")
        if not _TIMESTAMP.fullmatch(timestamp) or abs(int(timestamp) - now.timestamp()) > skew.total_seconds():
            raise Refused(403, "timestamp outside the window")


class _Cipher(PrpCrypto):  # type: ignore[misc]
    """wechatpy's cipher, with a random prefix that cannot be guessed and every length checked on opening."""

    def get_random_string(self) -> str:
        return secrets.token_urlsafe(12)  # 16 characters

    def unpack(self, encrypt: str, receive_id: bytes) -> bytes:
        try:
            ciphertext = base64.b64decode(encrypt, validate=True)
        except (binascii.Error, ValueError):
            raise Refused(400, "ciphertext malformed") from None
        if not ciphertext or len(ciphertext) % BLOCK:
            raise Refused(400, "ciphertext malformed")
        content, owner = _split(_unpad(self.cipher.decrypt(ciphertext)))
        if not hmac.compare_digest(owner, receive_id):
            raise Refused(403, "receive id of another account")
        return content


def _unpad(padded: bytes) -> bytes:
    count = padded[-1]
    if not 1 <= count <= min(PADDING_LIMIT, len(padded)) or padded[-count:] != bytes([count]) * count:
        raise Refused(400, "ciphertext malformed")
    return padded[:-count]


def _split(plain: bytes) -> tuple[bytes, bytes]:
    """Content and receive id of an unpadded plaintext."""
    end = HEADER + int.from_bytes(plain[16:HEADER], "big")
    if len(plain) < HEADER or end > len(plain):
        raise Refused(400, "ciphertext malformed")
    return plain[HEADER:end], plain[end:]
