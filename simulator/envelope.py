"""The platform's side of message encryption, written from its description and not from the service's library.

AES-256-CBC, the IV being the first 16 bytes of the key; PKCS#7 to multiples of 32; inside: 16 random bytes, the length
of the message in 4 bytes big-endian, the message, the receive id (the appid of an official account).
"""

import base64
import binascii
import hashlib
import hmac
import struct
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from simulator.account import Account, Mode
from simulator.markup import render

_BLOCK = 32
_HEAD = 20  # 16 random bytes and the length


class BrokenEnvelope(ValueError):
    """A ciphertext or signature that the platform refuses; the argument says why."""


def signature(*parts: str) -> str:
    """sha1 in hex of the parts sorted and joined.

    `signature` covers token, timestamp and nonce, `msg_signature` the ciphertext too.
    """
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


class Envelope:
    """Seals and opens messages under one EncodingAESKey. ValueError for a key that is not 43 characters of base64."""

    def __init__(self, token: str, aes_key: str, receive_id: str) -> None:
        self.token = token
        self.receive_id = receive_id.encode()
        try:
            self._key = base64.b64decode(aes_key + "=", validate=True)
        except binascii.Error as error:
            raise ValueError("an EncodingAESKey is 43 characters of base64") from error
        if len(self._key) != 32:
            raise ValueError("an EncodingAESKey is 43 characters of base64")

    def seal(self, message: bytes, random16: bytes) -> str:
        """The ciphertext in base64."""
        plain = random16 + struct.pack(">I", len(message)) + message + self.receive_id
        pad = _BLOCK - len(plain) % _BLOCK
        encryptor = self._cipher().encryptor()
        return base64.b64encode(encryptor.update(plain + bytes([pad]) * pad) + encryptor.finalize()).decode()

    def open(self, encrypted: str) -> bytes:
        """The message inside; BrokenEnvelope if base64, length, padding or receive id is wrong."""
        try:
            sealed = base64.b64decode(encrypted, validate=True)
        except binascii.Error as error:
            raise BrokenEnvelope("Encrypt is not base64") from error
        if not sealed or len(sealed) % _BLOCK:
            raise BrokenEnvelope("the length of the ciphertext is no multiple of 32")
        decryptor = self._cipher().decryptor()
        padded = decryptor.update(sealed) + decryptor.finalize()
        pad = padded[-1]
        if not 1 <= pad <= _BLOCK or padded[-pad:] != bytes([pad]) * pad:
            raise BrokenEnvelope("wrong padding")
        return self._inside(padded[:-pad])

    def check(self, msg_signature: str, timestamp: str, nonce: str, encrypted: str) -> None:
        """BrokenEnvelope unless the signature covers exactly these three."""
        expected = signature(self.token, timestamp, nonce, encrypted)
        if not hmac.compare_digest(expected.encode(), msg_signature.encode()):
            raise BrokenEnvelope("MsgSignature does not fit")

    def _inside(self, plain: bytes) -> bytes:
        if len(plain) < _HEAD:
            raise BrokenEnvelope("too short for its own length field")
        (length,) = struct.unpack(">I", plain[16:_HEAD])
        message, receive_id = plain[_HEAD : _HEAD + length], plain[_HEAD + length :]
        if len(message) != length:
            raise BrokenEnvelope("the length field points beyond the message")
        if receive_id != self.receive_id:
            raise BrokenEnvelope("sealed for another appid")
        return message

    def _cipher(self) -> Cipher[modes.CBC]:
        return Cipher(algorithms.AES(self._key), modes.CBC(self._key[:16]))


@dataclass(frozen=True)
class Wrapped:
    """One POST to the callback address: the query to append and the body."""

    query: dict[str, str]
    body: bytes


def signed_query(account: Account, openid: str, timestamp: str, nonce: str) -> dict[str, str]:
    """What stands behind the callback address of every push, whatever its mode and form."""
    return {
        "signature": signature(account.token, timestamp, nonce),
        "timestamp": timestamp,
        "nonce": nonce,
        "openid": openid,
    }


def wrap(
    account: Account, mode: Mode, xml: bytes, *, openid: str, timestamp: str, nonce: str, random16: bytes
) -> Wrapped:
    """A push as the platform sends it in this mode; `xml` is the message in clear."""
    query = signed_query(account, openid, timestamp, nonce)
    if mode is Mode.PLAIN:
        return Wrapped(query, xml)
    encrypted = Envelope(account.token, account.aes_key, account.appid).seal(xml, random16)
    query |= {"encrypt_type": "aes", "msg_signature": signature(account.token, timestamp, nonce, encrypted)}
    if mode is Mode.SAFE:
        return Wrapped(query, render({"ToUserName": account.original_id, "Encrypt": encrypted}))
    # Compatible mode keeps the plain fields and adds the ciphertext beside them.
    beside = render({"Encrypt": encrypted}).removeprefix(b"<xml>")
    return Wrapped(query, xml.removesuffix(b"</xml>") + beside)
