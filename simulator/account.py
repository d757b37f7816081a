"""Who takes part: the official account, the people with their phones, and the templates the account was granted."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_PERSON_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")


class Mode(StrEnum):
    """How pushes are wrapped (明文, 兼容, 安全 in the platform's console)."""

    PLAIN = "plain"
    COMPAT = "compat"
    SAFE = "safe"


class Kind(StrEnum):
    SERVICE = "service"  # 服务号
    SUBSCRIPTION = "subscription"  # 订阅号


@dataclass(frozen=True)
class Account:
    """An official account as its console shows it. `aes_key` is the EncodingAESKey of 43 characters.

    `allowed_addresses` is the IP whitelist of the token calls; empty admits every caller.
    """

    appid: str
    secret: str
    token: str
    aes_key: str
    original_id: str
    name: str = "学时助手"
    kind: Kind = Kind.SERVICE
    verified: bool = True
    allowed_addresses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Person:
    """Somebody with a phone. `id` names the phone in addresses and test ids, `subtitle` stands under the name."""

    id: str
    name: str
    openid: str
    subtitle: str = ""
    colour: str = "#576b95"
    following: bool = False

    def __post_init__(self) -> None:
        if not _PERSON_ID.fullmatch(self.id):
            raise ValueError("the id of a person is 1 to 32 of a-z, 0-9, _ and -")
        if not _COLOUR.fullmatch(self.colour):
            raise ValueError("the colour of an avatar is written #rrggbb")


class Form(StrEnum):
    """How a mini program's pushes are written, as its console asks."""

    JSON = "json"
    XML = "xml"


@dataclass(frozen=True)
class MiniProgram:
    """A mini program as its console shows it. `callback_url` is where its pushes go, `service_url` the one server that
    it may talk to (request 合法域名), `ext` its ext.json, `preview` the folder that `preview/build.js` has made.
    With `open_platform` people have a unionid, the same at the official account.
    """

    account: Account
    callback_url: str
    service_url: str
    templates: "tuple[Template, ...]" = ()
    form: Form = Form.JSON
    open_platform: bool = True
    ext: Mapping[str, object] = field(default_factory=dict)
    preview: Path | None = None


@dataclass(frozen=True)
class Template:
    """A message template in use: `fields` maps each key (thing1, time2 …) to the label that people read.

    `subscription` tells 订阅通知 (each send needs a grant) from 模板消息; `choices` lists the values of enum fields.
    """

    id: str
    title: str
    fields: Mapping[str, str]
    subscription: bool = False
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
