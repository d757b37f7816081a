"""Scene QR codes: tickets and the scenes that they stand for."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from simulator.errors import ApiError, NotPossible

_TEMPORARY = {"QR_SCENE": "scene_id", "QR_STR_SCENE": "scene_str"}
_PERMANENT = {"QR_LIMIT_SCENE": "scene_id", "QR_LIMIT_STR_SCENE": "scene_str"}
_LONGEST, _DEFAULT = 2_592_000, 60
_PERMANENT_AT_MOST = 100_000


@dataclass(frozen=True)
class SceneCode:
    ticket: str
    scene: str
    url: str
    expires_at: datetime | None


class SceneCodes:
    """The codes of one account, by ticket."""

    def __init__(self) -> None:
        self._codes: dict[str, SceneCode] = {}
        self._permanent = 0

    def create(self, body: Mapping[str, Any], now: datetime) -> tuple[SceneCode, int | None]:
        """The code and the seconds it lives (None: for ever). ApiError 47001 or 40053 for bad values, 45029 used up."""
        action = body.get("action_name")
        info = body.get("action_info")
        scene = info.get("scene") if isinstance(info, dict) else None
        if not isinstance(scene, dict) or action not in _TEMPORARY | _PERMANENT:
            raise ApiError(47001, "data format error")
        if action in _TEMPORARY:
            lives = _lives(body.get("expire_seconds", _DEFAULT))
            return self._add(_scene(scene, _TEMPORARY[action], 2**32 - 1), now + timedelta(seconds=lives)), lives
        if self._permanent >= _PERMANENT_AT_MOST:
            raise ApiError(45029, "qrcode count out of limit")
        self._permanent += 1
        return self._add(_scene(scene, _PERMANENT[action], 100_000), None), None

    def get(self, ticket: str) -> SceneCode | None:
        return self._codes.get(ticket)

    def scene(self, ticket: str, now: datetime) -> str:
        """What a phone finds when it scans; NotPossible for an unknown or expired code."""
        code = self._codes.get(ticket)
        if code is None or (code.expires_at is not None and code.expires_at <= now):
            raise NotPossible("the QR code is unknown or expired")
        return code.scene

    def _add(self, scene: str, expires_at: datetime | None) -> SceneCode:
        ticket = secrets.token_urlsafe(48)
        code = SceneCode(ticket, scene, f"http://weixin.qq.com/q/{secrets.token_urlsafe(15)}", expires_at)
        self._codes[ticket] = code
        return code


def _lives(seconds: object) -> int:
    if isinstance(seconds, bool) or not isinstance(seconds, int) or seconds < 1:
        raise ApiError(47001, "data format error: expire_seconds")
    return min(seconds, _LONGEST)


def _scene(scene: Mapping[str, Any], field_name: str, most: int) -> str:
    value = scene.get(field_name)
    if field_name == "scene_id":
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
            raise ApiError(40053, "invalid action info: scene_id")
        return str(value)
    if not isinstance(value, str) or not 1 <= len(value) <= 64:
        raise ApiError(40053, "invalid action info: scene_str")
    return value
