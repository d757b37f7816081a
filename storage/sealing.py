"""Personal data at rest: AES-256-GCM (NIST SP 800-38D) under the service's keys and under a key per person.

A sealed value is one version byte, four bytes naming the key, a random 96-bit nonce, and the ciphertext with its tag.
The place where it stands (table and row) is authenticated with it, so it cannot be moved to another row.
"""

import hashlib
import hmac
import os
from collections.abc import Sequence
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_VERSION = b"\x01"
_NONCE_BYTES = 12
_NONCE_AT = 5
_BODY_AT = _NONCE_AT + _NONCE_BYTES
_CACHED_KEYS = 4096


class SealBroken(Exception):
    """A sealed value does not open: altered, moved, or sealed with a key that is not configured."""


class Key:
    """One AES key and its four-byte name, which tells nothing about it."""

    __slots__ = ("_cipher", "_derived", "_prefix", "secret")

    def __init__(self, secret: bytes) -> None:
        if len(secret) != KEY_BYTES:
            raise ValueError(f"a key has {KEY_BYTES} bytes")
        self.secret = secret
        self._derived: dict[str, bytes] = {}
        self._cipher = AESGCM(secret)
        self._prefix = _VERSION + hashlib.sha256(b"xueshi key name\0" + secret).digest()[:4]

    def seal(self, words: bytes, place: str) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return self._prefix + nonce + self._cipher.encrypt(nonce, words, place.encode())

    def made(self, sealed: bytes) -> bool:
        """Whether this key is the one named in `sealed`."""
        return sealed[:_NONCE_AT] == self._prefix

    def digest(self, words: bytes, purpose: str) -> str:
        """HMAC-SHA-256 in hex under a key made of this one for `purpose`."""
        derived = self._derived.get(purpose)
        if derived is None:
            derived = hmac.digest(self.secret, b"xueshi digest\0" + purpose.encode(), "sha256")
            self._derived[purpose] = derived  # purposes are the code's own, and few
        return hmac.digest(derived, words, "sha256").hex()

    def open(self, sealed: bytes, place: str) -> bytes:
        try:
            return self._cipher.decrypt(sealed[_NONCE_AT:_BODY_AT], sealed[_BODY_AT:], place.encode())
        except (InvalidTag, ValueError):
            raise SealBroken(place.partition("/")[0]) from None


class Vault:
    """The service's keys (`XUESHI_SECRET_KEY`), 32 bytes each: the first seals, all of them open.

    Random nonces allow about 2³² values per key before it should be rotated (NIST SP 800-38D, 8.3).
    """

    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys:
            raise ValueError("the vault needs a key")
        self._keys = [Key(key) for key in keys]
        # A person's key is unwrapped at every turn; the cache is by the wrapped bytes, so a destroyed key is not found.
        self._unwrapped = lru_cache(_CACHED_KEYS)(self._unwrap)

    def seal(self, words: bytes, place: str) -> bytes:
        return self._keys[0].seal(words, place)

    def open(self, sealed: bytes, place: str) -> bytes:
        """The words; SealBroken when they were altered, moved, or no configured key made them."""
        for key in self._keys:
            if key.made(sealed):
                return key.open(sealed, place)
        raise SealBroken(place.partition("/")[0])

    def digest(self, words: str, purpose: str) -> str:
        """A keyed digest by which equal words are found again and nothing can be guessed without the key."""
        return self._keys[0].digest(words.encode(), purpose)

    def digests(self, words: str, purpose: str) -> tuple[str, ...]:
        """The digests under every key: what was written before a rotation is found as long as its key is there."""
        return tuple(key.digest(words.encode(), purpose) for key in self._keys)

    def new_person_key(self, person_id: str) -> tuple[Key, bytes]:
        """A fresh key for what is personal in a person's entries, and how it is stored."""
        key = Key(os.urandom(KEY_BYTES))
        return key, self.seal(key.secret, f"person_keys/{person_id}")

    def person_key(self, person_id: str, wrapped: bytes) -> Key:
        return self._unwrapped(person_id, wrapped)

    def _unwrap(self, person_id: str, wrapped: bytes) -> Key:
        return Key(self.open(wrapped, f"person_keys/{person_id}"))
