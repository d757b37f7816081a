"""Settings from the environment (`XUESHI_…`), read once at start and checked all together.

`load` raises SettingsError whose text lists everything that is wrong, each with what to do.
"""

import base64
import binascii
import string
from typing import Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.failures import SettingsError
from outreach.ways import Offers, template

PLATFORM_API = "https://api.weixin.qq.com"
PLATFORM_WECOM_API = "https://qyapi.weixin.qq.com"
_KEY_BYTES = 32


class Settings(BaseSettings):
    """What `docs/operations.md` and the README's table describe; the names there are these fields."""

    model_config = SettingsConfigDict(env_prefix="XUESHI_", extra="ignore", hide_input_in_errors=True)

    database_url: str = "sqlite+aiosqlite:///var/xueshi.db"
    listen: str = "127.0.0.1:8080"
    official_appid: str = ""
    official_secret: SecretStr = SecretStr("")
    official_token: SecretStr = SecretStr("")
    official_aes_key: SecretStr = SecretStr("")
    official_subscription: str = ""
    official_template: str = ""
    official_consent_url: str = ""
    mini_appid: str = ""
    mini_secret: SecretStr = SecretStr("")
    mini_token: SecretStr = SecretStr("")
    mini_aes_key: SecretStr = SecretStr("")
    mini_subscription: str = ""
    wecom_corpid: str = ""
    wecom_agentid: str = ""
    wecom_secret: SecretStr = SecretStr("")
    wecom_token: SecretStr = SecretStr("")
    wecom_aes_key: SecretStr = SecretStr("")
    wechat_api_base: str = PLATFORM_API
    wecom_api_base: str = PLATFORM_WECOM_API
    timezone: str = "Asia/Shanghai"
    secret_key: SecretStr = Field(default=SecretStr(""))
    photos_url: str = "file:var/photos"
    public_url: str = ""

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if not value.startswith(("sqlite+aiosqlite:///", "postgresql+asyncpg://")):
            raise ValueError(
                "use sqlite+aiosqlite:///<file> or postgresql+asyncpg://<user>:<password>@<host>/<database>"
            )
        return value

    @field_validator("listen")
    @classmethod
    def _host_and_port(cls, value: str) -> str:
        host, _, port = value.rpartition(":")
        if not host or not port.isdecimal() or not 0 <= int(port) <= 65535:
            raise ValueError("use host:port, for example 127.0.0.1:8080")
        return value

    @field_validator("photos_url")
    @classmethod
    def _known_photo_store(cls, value: str) -> str:
        if not (value.startswith("file:") and len(value) > 5) and not value.startswith("s3://"):
            raise ValueError("use file:<folder> or s3://<bucket>/<prefix>")
        return value

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError("use a zone name such as Asia/Shanghai") from None
        return value

    @field_validator("official_aes_key", "mini_aes_key", "wecom_aes_key")
    @classmethod
    def _encoding_aes_key(cls, value: SecretStr) -> SecretStr:
        for key in filter(None, value.get_secret_value().split(",")):
            if len(key) != 43 or not set(key) <= set(string.ascii_letters + string.digits):
                raise ValueError("copy the 43 letters and digits of EncodingAESKey from the platform's console")
        return value

    @field_validator("official_subscription", "official_template", "mini_subscription")
    @classmethod
    def _readable_template(cls, value: str) -> str:
        template(value)
        return value

    @field_validator("official_consent_url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        if value and not value.startswith("https://"):
            raise ValueError("use the https:// address of the page or article that asks for notices")
        return value

    @field_validator("secret_key")
    @classmethod
    def _sealing_keys(cls, value: SecretStr) -> SecretStr:
        if any(len(_decoded(key)) != _KEY_BYTES for key in _parts(value)):
            raise ValueError("use 32 random bytes in URL-safe base64 (comma-separated to rotate)")
        return value

    @model_validator(mode="after")
    def _complete_accounts(self) -> Self:
        official = {
            "XUESHI_OFFICIAL_APPID": self.official_appid,
            "XUESHI_OFFICIAL_SECRET": self.official_secret.get_secret_value(),
            "XUESHI_OFFICIAL_TOKEN": self.official_token.get_secret_value(),
        }
        mini = {
            "XUESHI_MINI_APPID": self.mini_appid,
            "XUESHI_MINI_SECRET": self.mini_secret.get_secret_value(),
            "XUESHI_MINI_TOKEN": self.mini_token.get_secret_value(),
        }
        for name, account in (("official account", official), ("mini program", mini)):
            empty = [setting for setting, value in account.items() if not value]
            if empty and len(empty) < len(account):
                raise ValueError(f"the {name} also needs {', '.join(empty)}")
        return self

    @property
    def host(self) -> str:
        return self.listen.rpartition(":")[0].strip("[]")

    @property
    def port(self) -> int:
        return int(self.listen.rpartition(":")[2])

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def offers(self) -> Offers:
        """The accounts' templates for notices."""
        mini = template(self.mini_subscription)
        return Offers(template(self.official_subscription), template(self.official_template), mini)

    @property
    def sealing_keys(self) -> list[bytes]:
        return [_decoded(key) for key in _parts(self.secret_key)]


def load(*, serving: bool = True) -> Settings:
    """The settings of the environment. `serving` also asks for what only the running service needs."""
    problems: list[str] = []
    try:
        settings = Settings()
    except ValidationError as error:
        problems = [_problem(dict(one)) for one in error.errors()]
        raise SettingsError(_listed(problems)) from None
    if not settings.sealing_keys:
        problems.append(
            "XUESHI_SECRET_KEY is missing: make one with "
            "python3 -c 'import base64,os; print(base64.urlsafe_b64encode(os.urandom(32)).decode())' and keep it safe"
        )
    if serving and not settings.official_appid:
        problems.append("XUESHI_OFFICIAL_APPID, _SECRET and _TOKEN are missing: copy them from the platform's console")
    if problems:
        raise SettingsError(_listed(problems))
    return settings


def _listed(problems: list[str]) -> str:
    return "these settings need attention:\n" + "\n".join(f"  - {problem}" for problem in problems)


def _problem(error: dict[str, object]) -> str:
    location = error.get("loc")
    name = "_".join(str(part) for part in location).upper() if isinstance(location, tuple) and location else ""
    message = str(error.get("msg", "")).removeprefix("Value error, ")
    return f"XUESHI_{name}: {message}" if name else message


def _parts(secret: SecretStr) -> list[str]:
    return [part.strip() for part in secret.get_secret_value().split(",") if part.strip()]


def _decoded(key: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(key + "=" * (-len(key) % 4))
    except (binascii.Error, ValueError):
        return b""
