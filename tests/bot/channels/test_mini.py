"""The mini program: every fixture decoded, JSON and XML alike, the three modes, and hostile bodies refused."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels import mini
from bot.channels.envelope import Refused
from bot.channels.official import Account, Mode
from domain.message import Message, MessageKind
from domain.reach import consents
from tests.bot.channels.pushes import KEY, NOW, PAYLOADS, encrypt, load, query

ACCOUNT = Account("wx00000000000000b2", "secret", "fixturetoken", KEY)
PUSHES = [push for push in load("index.json")["files"] if push["channel"] == "mini"]
OPENID = "oMINIb0000000000000000000001"
TEMPLATE = "TESTtemplate00000000000000000000000000000A1"
HOSTILE = [
    b"{",
    b"{}",
    b"[]",
    b'{"ToUserName":"gh","FromUserName":"o","CreateTime":NaN,"MsgType":"text"}',
    b'{"ToUserName":"gh","ToUserName":"gh2","FromUserName":"o","CreateTime":1,"MsgType":"text"}',
    b'{"ToUserName":"gh"," ToUserName":"gh2","FromUserName":"o","CreateTime":1,"MsgType":"text"}',
    b'{"ToUserName":"gh","FromUserName":{"a":1},"CreateTime":1,"MsgType":"text"}',
    b'{"ToUserName":"gh","FromUserName":"o o","CreateTime":1,"MsgType":"text"}',
    b'{"ToUserName":"gh","FromUserName":"o","CreateTime":true,"MsgType":["text"]}',
    b'{"ToUserName":"gh","FromUserName":"o","CreateTime":-1,"MsgType":"text"}',
    b'{"ToUserName":"gh","FromUserName":"o","CreateTime":1,"MsgType":"event"}',
    b'{"ToUserName":"gh","FromUserName":"o","CreateTime":1,"MsgType":"text","Content":{"a":"b"}}',
    b'{"ToUserName":"gh","FromUserName":"o","CreateTime":1,"MsgType":"text","x":' + b"[" * 5000 + b"]" * 5000 + b"}",
    b'{"ToUserName":"gh","FromUserName":"o","CreateTime":1,"MsgType":"text","x":[' + b"1," * 500 + b"1]}",
    b'\xff{"ToUserName":"gh"}',
    b'{"ToUserName":"\xff"}',
]


def decoded(name: str) -> Message:
    return mini.decode((PAYLOADS / name).read_bytes(), ACCOUNT)


@pytest.mark.parametrize("described", PUSHES, ids=lambda described: described["file"])
def test_every_push_is_decoded(described: dict[str, Any]) -> None:
    message = decoded(described["file"])
    assert (message.channel, message.account, message.sender) == ("mini", ACCOUNT.appid, OPENID)
    assert int(message.sent_at.timestamp()) == described["create_time"]
    assert message.event == (described["event"] or "")
    suggested = described["suggested_dedup_key"].replace(f"{described['from']}:", "", 1)
    assert message.key.startswith(f"mini:{ACCOUNT.appid}:{OPENID}:{suggested}")


def test_keys_differ() -> None:
    assert len({decoded(push["file"]).key for push in PUSHES}) == len(PUSHES)


@pytest.mark.parametrize(
    "name", ["text", "image", "miniprogrampage", "event_user_enter_tempsession", "event_user_authorization_revoke"]
)
def test_json_says_the_same_as_xml(name: str) -> None:
    left, right = decoded(f"mini/{name}.json"), decoded(f"mini/{name}.xml")
    for field in ("kind", "text", "event", "event_key", "media_id"):
        assert getattr(left, field) == getattr(right, field), field
    assert {key: value or "" for key, value in left.details.items()} == {
        key: value or "" for key, value in right.details.items()
    }


def test_what_the_messages_carry() -> None:
    assert decoded("mini/text.json").text == "小程序里的提问"
    assert decoded("mini/image.json").media_id == "TESTminiImage0001"
    assert decoded("mini/miniprogrampage.json").kind is MessageKind.LINK
    assert decoded("mini/event_user_enter_tempsession.json").details["SessionFrom"] == "order-detail"
    assert decoded("mini/event_user_authorization_revoke.json").details["revoked"] == "8"
    assert decoded("mini/event_wxa_media_check_v2.json").details["result"] == {"suggest": "risky", "label": "20001"}
    assert decoded("mini/event_wxa_media_check_v1.json").details["isrisky"] == "0"


def test_consents_of_one_template_and_of_several() -> None:
    assert consents(decoded("mini/event_subscribe_msg_popup_one.json")) == [(TEMPLATE, True, False)]
    assert consents(decoded("mini/event_subscribe_msg_popup_xml.xml")) == [(TEMPLATE, True, False)]
    assert consents(decoded("mini/event_subscribe_msg_popup_many.json")) == [(TEMPLATE, True, False)]  # the other: ban
    assert consents(decoded("mini/event_subscribe_msg_change_one.json")) == [(TEMPLATE, False, True)]
    sent = decoded("mini/event_subscribe_msg_sent.json").details["templates"]
    assert sent == [
        {
            "template_id": TEMPLATE,
            "message_id": "1860000000000000001",
            "error_code": 0,
            "error_status": "success",
        }
    ]


def test_keys_with_blanks_in_front() -> None:
    body = b'{"ToUserName":"gh"," FromUserName":"oA","CreateTime":"5","MsgType":"event","Event":"x"," OpenID":"oB"}'
    message = mini.decode(body, ACCOUNT)
    assert (message.sender, message.details["openid"]) == ("oA", "oB")


def envelope(content: bytes, mode: Mode, form: str) -> tuple[bytes, dict[str, str]]:
    encrypted = encrypt(content, ACCOUNT.appid)
    if mode is Mode.PLAIN:
        return content, query()
    if form == "xml":
        plain = content.removesuffix(b"</xml>") if mode is Mode.COMPATIBLE else b"<xml><ToUserName>g</ToUserName>"
        return plain + f"<Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>".encode(), query(encrypted)
    fields = json.loads(content) if mode is Mode.COMPATIBLE else {"ToUserName": "gh_5f4e3d2c1b0a"}
    return json.dumps({**fields, "Encrypt": encrypted}).encode(), query(encrypted)


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("form", ["json", "xml"])
def test_every_mode_in_both_forms(mode: Mode, form: str) -> None:
    content = (PAYLOADS / f"mini/text.{form}").read_bytes()
    body, asked = envelope(content, mode, form)
    opened = mini.open_body(body, asked, ACCOUNT, NOW)
    assert (opened.mode, opened.xml) == (mode, content)
    with pytest.raises(Refused) as wrong:
        mini.open_body(body, {**asked, "timestamp": "1"}, ACCOUNT, NOW)
    assert wrong.value.status == 403


def test_what_the_plain_part_says_beside_the_ciphertext_is_not_believed() -> None:
    content = (PAYLOADS / "mini/text.json").read_bytes()
    body, asked = envelope(content, Mode.COMPATIBLE, "json")
    forged = json.dumps({**json.loads(body), "FromUserName": "oAttacker"}).encode()
    assert mini.decode(mini.open_body(forged, asked, ACCOUNT, NOW).xml, ACCOUNT).sender == OPENID


def test_a_plain_push_is_refused_where_only_encrypted_ones_are_wanted() -> None:
    strict = Account(ACCOUNT.appid, "secret", "fixturetoken", KEY, encrypted_only=True)
    for body in (b'{"MsgType":"text"}', b'{"Encrypt":"AAAA","MsgType":"text"}'):
        with pytest.raises(Refused) as refusal:
            mini.open_body(body, query(), strict if b"Encrypt" not in body else ACCOUNT, NOW)
        assert refusal.value.status == 403


@pytest.mark.parametrize("body", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_json_is_refused(body: bytes) -> None:
    with pytest.raises(Refused) as refusal:
        mini.decode(body, ACCOUNT)
    assert refusal.value.status == 400


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
        lambda inside: st.lists(inside, max_size=4) | st.dictionaries(st.text(max_size=10), inside, max_size=4),
        max_leaves=12,
    ),
    st.sampled_from(["MsgType", "Event", "List", "Content", "CreateTime", "MsgId", "result", "FromUserName"]),
)
def test_any_value_anywhere_is_a_message_or_a_refusal(value: object, where: str) -> None:
    fields: dict[str, Any] = json.loads((PAYLOADS / "mini/event_subscribe_msg_popup_one.json").read_text())
    body = json.dumps({**fields, where: value}).encode()
    assert outcome(lambda: mini.decode(body, ACCOUNT)) in (200, 400)


def outcome(decode: Callable[[], Message]) -> int:
    """200 for a message, else the status of the refusal: anything else that is raised fails the test."""
    try:
        decode()
    except Refused as refusal:
        return refusal.status
    return 200
