"""Every push has the shape of the platform's samples, field by field and in their order."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from simulator import inbound
from simulator.clock import SHANGHAI
from simulator.inbound import Fields, Place, Sender
from simulator.markup import Node, parse, render

SAMPLES = Path(__file__).parents[1] / "payloads/oa"
OPENID = "oTESTa0000000000000000000001"
PICTURES = ["0" * 31 + "1", "0" * 31 + "2"]
A1, B2 = (f"TESTtemplate00000000000000000000000000000{name}" for name in ("A1", "B2"))


def sample(name: str) -> bytes:
    return (SAMPLES / f"{name}.xml").read_bytes().strip()


def sender(name: str, openid: str = OPENID) -> Sender:
    at = datetime.fromtimestamp(int(parse(sample(name)).value("CreateTime")), SHANGHAI)
    return Sender("gh_0a1b2c3d4e5f", openid, at)


Build = Callable[[Sender, int], Fields]
SHAPES: dict[str, Build] = {
    "text_menu_click": lambda by, number: inbound.text(by, number, "满意", menu_id="101"),
    "image": lambda by, number: inbound.image(by, number, "TESTmediaImage0001", "http://mmbiz.example.test/pic/0"),
    "voice": lambda by, number: inbound.voice(by, number, "TESTmediaVoice0001", None),
    "voice_recognition": lambda by, number: inbound.voice(by, number, "TESTmediaVoice0002", "明天下午三点开会"),
    "location": lambda by, number: inbound.location(by, number, Place(23.134521, 113.358803, "测试路1号", 20)),
    "link": lambda by, number: inbound.link(by, number, "示例标题", "示例摘要", "https://example.test/a?b=1&c=2"),
    "event_subscribe": lambda by, number: inbound.subscribe(by),
    "event_subscribe_scan": lambda by, number: inbound.subscribe(by, "channel-42", "TESTticket0001"),
    "event_unsubscribe": lambda by, number: inbound.unsubscribe(by),
    "event_SCAN": lambda by, number: inbound.scan(by, "channel-42", "TESTticket0001"),
    "event_CLICK": lambda by, number: inbound.click(by, "MENU_ORDERS"),
    "event_VIEW": lambda by, number: inbound.view(by, "https://example.test/page", 430000001),
    "event_view_miniprogram": lambda by, number: inbound.view(by, "pages/index/index", 430000001, "view_miniprogram"),
    "event_scancode_push": lambda by, number: inbound.scan_code(
        by, "scancode_push", "SCAN_A", "qrcode", "https://example.test/q/1"
    ),
    "event_scancode_waitmsg": lambda by, number: inbound.scan_code(
        by, "scancode_waitmsg", "SCAN_B", "barcode", "EAN_13,6900000000012"
    ),
    "event_pic_weixin_two": lambda by, number: inbound.pictures(by, "pic_weixin", "PHOTO_A", PICTURES),
    "event_TEMPLATESENDJOBFINISH_block": lambda by, number: inbound.template_finished(
        by, 200163837, "failed:user block"
    ),
    "event_MASSSENDJOBFINISH": lambda by, number: inbound.mass_finished(
        by, 1000001625, "send success", (10000, 9800, 9750, 50)
    ),
    "event_subscribe_msg_popup": lambda by, number: inbound.grant_asked(by, [(A1, True), (B2, False)], scene=2),
    "event_subscribe_msg_change": lambda by, number: inbound.grant_withdrawn(by, A1),
    "event_subscribe_msg_sent_fail": lambda by, number: inbound.notice_sent(
        by, A1, 1700000000000000002, 1, "user_reject"
    ),
    "event_user_authorization_revoke": lambda by, number: inbound.erased(
        by, "user_authorization_revoke", OPENID, "wx00000000000000a1", "205"
    ),
}
SPOKEN = ("text", "text_emoji", "text_whitespace", "text_cdata_end", "text_empty")


def rendered(name: str) -> str:
    shape = SHAPES.get(name) or (lambda by, number: inbound.text(by, number, parse(sample(name)).value("Content")))
    openid = parse(sample(name)).value("FromUserName")
    return render(shape(sender(name, openid), int(parse(sample(name)).value("MsgId") or 0))).decode()


@pytest.mark.parametrize("name", [*SPOKEN, *SHAPES])
def test_is_the_sample_to_the_byte(name: str) -> None:
    assert rendered(name) == sample(name).decode()


@pytest.mark.parametrize("name", ["event_LOCATION", "event_location_select"])
def test_positions_have_the_fields_of_the_sample(name: str) -> None:
    by = sender(name)
    built = {
        "event_LOCATION": lambda: inbound.position(by, 23.137466, 113.352425, 119.38504),
        "event_location_select": lambda: inbound.location_select(by, "KEY", Place(23.0, 113.0, "x")),
    }[name]()

    def tags(node: Node) -> list[object]:
        return [(child.tag, tags(child)) for child in node.children]

    assert tags(parse(render(built))) == tags(parse(sample(name)))
