"""Settings: everything wrong is told at once, with what to do, and no secret in it."""

import base64

import pytest

from bot.failures import SettingsError
from bot.settings import load

KEY = base64.urlsafe_b64encode(bytes(32)).decode()
GOOD = {
    "XUESHI_SECRET_KEY": KEY,
    "XUESHI_OFFICIAL_APPID": "wx1",
    "XUESHI_OFFICIAL_SECRET": "s",
    "XUESHI_OFFICIAL_TOKEN": "tokenword",
    "XUESHI_OFFICIAL_AES_KEY": "a" * 43,
}


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)


def test_good_settings_load() -> None:
    settings = load()
    assert (settings.host, settings.port) == ("127.0.0.1", 8080)
    assert settings.sealing_keys == [bytes(32)]
    assert settings.official_secret.get_secret_value() == "s"
    assert "tokenword" not in repr(settings)


def test_all_problems_are_told_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XUESHI_DATABASE_URL", "mysql://x")
    monkeypatch.setenv("XUESHI_LISTEN", "8080")
    monkeypatch.setenv("XUESHI_TIMEZONE", "Mars/Base")
    monkeypatch.setenv("XUESHI_OFFICIAL_AES_KEY", "verysecretbutshort")
    monkeypatch.setenv("XUESHI_SECRET_KEY", "c2hvcnQ=")
    with pytest.raises(SettingsError) as told:
        load()
    text = str(told.value)
    for name in ("DATABASE_URL", "LISTEN", "TIMEZONE", "OFFICIAL_AES_KEY", "SECRET_KEY"):
        assert f"XUESHI_{name}" in text
    assert "verysecretbutshort" not in text


def test_what_is_missing_is_named_with_its_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in GOOD:
        monkeypatch.delenv(name)
    with pytest.raises(SettingsError, match="XUESHI_SECRET_KEY is missing"):
        load()


def test_half_an_account_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XUESHI_OFFICIAL_TOKEN")
    with pytest.raises(SettingsError, match="XUESHI_OFFICIAL_TOKEN"):
        load()


def test_keys_rotate(monkeypatch: pytest.MonkeyPatch) -> None:
    other = base64.urlsafe_b64encode(bytes(range(32))).decode()
    monkeypatch.setenv("XUESHI_SECRET_KEY", f"{other},{KEY}")
    assert load().sealing_keys == [bytes(range(32)), bytes(32)]
