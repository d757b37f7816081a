"""A phone and what its owner can do with it.

Every gesture returns at once with the push it caused; await that to see it settled.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from simulator import inbound
from simulator.account import Person
from simulator.chat import Bubble, Chat, Side
from simulator.errors import NotPossible
from simulator.inbound import Place, Sender
from simulator.markup import legal
from simulator.menu import Button
from simulator.windows import Trigger, Window

if TYPE_CHECKING:
    from simulator.platform import Platform
    from simulator.push import Push

# Six bytes of header and one silent frame: the smallest AMR file that is one.
SILENCE = b"#!AMR\n" + bytes([0x3C]) + bytes(31)
_MENU_WINDOW = frozenset({"click", "scancode_push", "scancode_waitmsg"})
HERE = Place(40.8424, 111.7492, "内蒙古自治区呼和浩特市新城区")


@dataclass(frozen=True)
class Tap:
    """What comes along when a menu button is tapped: the code scanned, the photos taken, the place chosen."""

    scan_result: str = ""
    photos: Sequence[bytes] = ()
    place: Place = HERE


class Phone:
    """One person's WeChat, as far as this account is concerned."""

    def __init__(self, person: Person, platform: "Platform") -> None:
        self.person = person
        self.following = person.following
        self.followed_at: datetime | None = platform.clock.now() if person.following else None
        self.scene = ""
        self.blocked = False  # the person switched message reception off
        self.window = Window()
        self.spoke_at: datetime | None = None
        self.typing_since: datetime | None = None
        self.chat = Chat(person.id, platform.feed)
        self._platform = platform

    def text(self, content: str, *, at_once: bool = False) -> "Push":
        """Says something. Characters that XML cannot carry never leave a phone."""
        self._must_follow()
        content = legal(content)
        self._own("text", content)
        fields = inbound.text(self._sender(), self._platform.next_msg_id(), content)
        return self._said(fields, Trigger.MESSAGE, at_once=at_once)

    def choose(self, bubble_id: int, item_id: str) -> "Push":
        """Taps a line of a msgmenu: its text is sent, with its id. Counts as a menu tap for the window."""
        self._must_follow()
        bubble = self.chat.find(bubble_id)
        items = bubble.more.get("items", []) if bubble and bubble.kind == "menu" else []
        content = next((item["content"] for item in items if item["id"] == item_id), None)
        if content is None:
            raise NotPossible("no such line in that menu")
        self._own("text", content)
        return self._said(
            inbound.text(self._sender(), self._platform.next_msg_id(), content, menu_id=item_id), Trigger.MENU
        )

    def image(self, content: bytes) -> "Push":
        """Sends a photo; ApiError if it is none or too large."""
        self._must_follow()
        media = self._platform.media.add("image", content, self._now())
        self._own("image", "", media_id=media.id)
        msg_id, url = self._platform.next_msg_id(), f"{self._platform.public_url}/mmbiz/{media.id}"
        return self._said(inbound.image(self._sender(), msg_id, media.id, url), Trigger.MESSAGE)

    def voice(self, recognition: str | None = None, *, seconds: int = 3, content: bytes = SILENCE) -> "Push":
        """Speaks; `recognition` is what the platform understood, None while recognition is off."""
        self._must_follow()
        media = self._platform.media.add("voice", content, self._now())
        heard = None if recognition is None else legal(recognition)
        self._own("voice", heard or "", media_id=media.id, seconds=seconds)
        return self._said(inbound.voice(self._sender(), self._platform.next_msg_id(), media.id, heard), Trigger.MESSAGE)

    def location(self, place: Place = HERE) -> "Push":
        self._must_follow()
        self._own("location", place.label)
        return self._said(inbound.location(self._sender(), self._platform.next_msg_id(), place), Trigger.MESSAGE)

    def link(self, title: str, description: str, url: str) -> "Push":
        self._must_follow()
        self._own("link", title, description=description, url=url)
        fields = inbound.link(
            self._sender(), self._platform.next_msg_id(), legal(title), legal(description), legal(url)
        )
        return self._said(fields, Trigger.MESSAGE)

    def follow(self, ticket: str = "") -> "Push":
        """Follows the account, by a scene QR if `ticket` is given. NotPossible if already following."""
        if self.following:
            raise NotPossible("already following")
        scene = self._platform.qrcodes.scene(ticket, self._now()) if ticket else ""
        self.following, self.followed_at, self.scene = True, self._now(), scene
        self._changed()
        return self._said(inbound.subscribe(self._sender(), scene, ticket), Trigger.SCAN if scene else Trigger.FOLLOW)

    def unfollow(self) -> "Push":
        self._must_follow()
        self.following, self.window, self.spoke_at = False, Window(), None
        self._changed()
        return self._platform.push(inbound.unsubscribe(self._sender()), self)

    def scan(self, ticket: str) -> "Push":
        """Scans a QR code of the account: SCAN for followers, otherwise following with its scene."""
        if not self.following:
            return self.follow(ticket)
        scene = self._platform.qrcodes.scene(ticket, self._now())
        return self._said(inbound.scan(self._sender(), scene, ticket), Trigger.SCAN)

    def tap(self, path: Sequence[int], tap: Tap | None = None) -> "Push":
        """Taps the account's menu: (top,) or (top, sub). Photos and places follow the event by themselves."""
        self._must_follow()
        button = self._platform.menu_button(path)
        if button.type in _MENU_WINDOW:
            self.window = self.window.opened(Trigger.MENU, self._now())
        return self._tapped(button, tap or Tap())

    def grant(self, template_id: str, *, accept: bool = True) -> "Push":
        """Answers the popup that asks for a subscribe notification; each acceptance allows one send."""
        self._platform.grants.answer(self.person.openid, template_id, accept=accept)
        return self._platform.push(inbound.grant_asked(self._sender(), [(template_id, accept)]), self)

    def withdraw_grant(self, template_id: str) -> "Push":
        """Switches a subscribe notification off in the account's settings."""
        self._platform.grants.withdraw(self.person.openid, template_id)
        return self._platform.push(inbound.grant_withdrawn(self._sender(), template_id), self)

    def position(self, latitude: float, longitude: float, precision: float = 65.0) -> "Push":
        """Reports where the phone is, as accounts may ask when a person enters the chat."""
        self._must_follow()
        return self._platform.push(inbound.position(self._sender(), latitude, longitude, precision), self)

    def block(self, on: bool) -> None:
        """Switches reception of messages off or on (接收消息), without unfollowing."""
        self.blocked = on
        self._changed()

    def state(self) -> dict[str, object]:
        """What the page needs to draw the phone, without the talk."""
        person, window = self.person, self.window
        return {
            "id": person.id,
            "name": person.name,
            "subtitle": person.subtitle,
            "colour": person.colour,
            "openid": person.openid,
            "following": self.following,
            "blocked": self.blocked,
            "typing": self.typing_since is not None,
            "window_left": window.left,
            "window_until": window.until.isoformat(timespec="seconds") if window.until else None,
        }

    def typing(self, on: bool) -> None:
        """Whether the title bar says that the account is typing."""
        self.typing_since = self._now() if on else None
        self._changed()

    def hear(self, kind: str, text: str, through: str, **more: Any) -> Bubble:
        """Shows something from the account."""
        self.typing_since = None
        bubble = self.chat.add(Side.ACCOUNT, kind, text, self._now(), through=through, **more)
        self._changed()
        return bubble

    def notice(self, text: str) -> Bubble:
        """A grey line of WeChat itself."""
        return self.chat.add(Side.SYSTEM, "system", text, self._now())

    def _tapped(self, button: Button, tap: Tap) -> "Push":
        sender, push = self._sender(), self._platform.push
        match button.type:
            case "click":
                return push(inbound.click(sender, button.key), self)
            case "view" | "miniprogram":
                event = "VIEW" if button.type == "view" else "view_miniprogram"
                return push(inbound.view(sender, button.target, self._platform.menu_id, event), self)
            case "scancode_push" | "scancode_waitmsg":
                return push(inbound.scan_code(sender, button.type, button.key, "qrcode", tap.scan_result), self)
            case "pic_sysphoto" | "pic_photo_or_album" | "pic_weixin":
                sums = [hashlib.md5(photo, usedforsecurity=False).hexdigest() for photo in tap.photos]
                first = push(inbound.pictures(sender, button.type, button.key, sums), self)
                for photo in tap.photos:
                    self.image(photo)
                return first
            case "location_select":
                first = push(inbound.location_select(sender, button.key, tap.place), self)
                self.location(tap.place)
                return first
        raise NotPossible(f"this phone does not open buttons of type {button.type}")

    def _own(self, kind: str, text: str, **more: Any) -> None:
        self.chat.add(Side.PERSON, kind, text, self._now(), **more)

    def _said(self, fields: inbound.Fields, trigger: Trigger, *, at_once: bool = False) -> "Push":
        now = self._now()
        self.window = self.window.opened(trigger, now)
        if trigger is Trigger.MESSAGE:
            self.spoke_at = now
        self._changed()
        return self._platform.push(fields, self, at_once=at_once)

    def _must_follow(self) -> None:
        if not self.following:
            raise NotPossible("the account is not followed")

    def _sender(self) -> Sender:
        return Sender(self._platform.account.original_id, self.person.openid, self._now())

    def _changed(self) -> None:
        self._platform.feed.publish("phone", self.state())

    def _now(self) -> datetime:
        return self._platform.clock.now()
