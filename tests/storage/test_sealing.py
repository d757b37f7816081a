"""Sealed values open where they were sealed, with the keys that may, and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.sealing import SealBroken, Vault

KEYS = [bytes([number]) * 32 for number in range(3)]


@given(st.binary(max_size=300), st.text(max_size=50))
def test_what_is_sealed_opens(words: bytes, place: str) -> None:
    assert Vault(KEYS[:1]).open(Vault(KEYS[:1]).seal(words, place), place) == words


@given(st.binary(max_size=100), st.data())
def test_any_change_is_noticed(words: bytes, data: st.DataObject) -> None:
    vault = Vault(KEYS[:1])
    sealed = bytearray(vault.seal(words, "people/1/name"))
    place = data.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(SealBroken):
        vault.open(bytes(sealed), "people/1/name")


@given(st.binary(max_size=60))
def test_any_bytes_are_refused(rubbish: bytes) -> None:
    with pytest.raises(SealBroken):
        Vault(KEYS).open(rubbish, "x")


def test_a_value_does_not_open_in_another_row() -> None:
    vault = Vault(KEYS)
    with pytest.raises(SealBroken) as broken:
        vault.open(vault.seal(b"13800000000", "people/1/phone"), "people/2/phone")
    assert str(broken.value) == "people"


def test_the_first_key_seals_and_all_open() -> None:
    old = Vault(KEYS[:1]).seal(b"x", "p")
    rotated = Vault([KEYS[1], KEYS[0]])
    assert rotated.open(old, "p") == b"x"
    with pytest.raises(SealBroken):
        Vault(KEYS[:1]).open(rotated.seal(b"x", "p"), "p")


def test_equal_words_are_sealed_differently() -> None:
    vault = Vault(KEYS)
    assert len({vault.seal(b"x", "p") for _ in range(100)}) == 100


@pytest.mark.parametrize("keys", [[], [b"short"], [bytes(33)]])
def test_a_vault_needs_keys_of_32_bytes(keys: list[bytes]) -> None:
    with pytest.raises(ValueError, match="key"):
        Vault(keys)
