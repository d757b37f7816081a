"""The official account: every fixture decoded, the three modes, and replies that nothing can break."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.channels import official
from bot.channels.envelope import Refused
from bot.channels.official import Account, Mode, Opened
from bot.channels.text import legal
from domain.delivery import Choice, Reply, ReplyKind
from domain.message import Message, MessageKind
from tests.bot.channels.pushes import (
    ACCOUNT,
    KEY,
    NOW,
    OLD_KEY,
    PAYLOADS,
    TEXT,
    compatible,
    decrypt,
    fields,
    load,
    query,
    safe,
    sha1,
)

PUSHES = [push for push in load("index.json")["files"] if push["channel"] == "oa"]
EXPECTED = load("oa_expected.json")
INVALID = sorted((PAYLOADS / "invalid").iterdir())
PLAIN = Opened(b"", Mode.PLAIN)


def outcome(decode: Callable[[], Message]) -> Message | int:
    """The message, or the status of the refusal: anything else that is raised fails the test."""
    try:
        return decode()
    except Refused as refused:
        return refused.status


def push(body: str) -> bytes:
    head = "<ToUserName>gh_1</ToUserName><FromUserName>oA</FromUserName><CreateTime>1767225601</CreateTime>"
    return f"<xml>{head}{body}</xml>".encode()


@pytest.mark.parametrize("described", PUSHES, ids=lambda described: described["file"])
def test_every_push_is_decoded(described: dict[str, Any]) -> None:
    message = official.decode((PAYLOADS / described["file"]).read_bytes(), ACCOUNT)
    expected = EXPECTED[described["file"]]
    assert message.kind.value == expected["kind"]
    for field in ("text", "event", "event_key", "media_id"):
        assert getattr(message, field) == expected.get(field, ""), field
    assert message.details == {"to": described["to"], **expected.get("details", {})}
    assert message.sent_at == datetime.fromtimestamp(described["create_time"], UTC)
    about_another = described["from"].startswith("oTESTpush")
    assert message.sender == ("oTESTa0000000000000000000001" if about_another else described["from"])
    assert (message.channel, message.account) == ("official", ACCOUNT.appid)


@pytest.mark.parametrize("described", PUSHES, ids=lambda described: described["file"])
def test_keys_are_the_suggested_ones_under_account_and_sender(described: dict[str, Any]) -> None:
    message = official.decode((PAYLOADS / described["file"]).read_bytes(), ACCOUNT)
    suggested = described["suggested_dedup_key"].replace(f"{described['from']}:", "", 1)
    assert message.key.startswith(f"official:{ACCOUNT.appid}:{message.sender}:{suggested}")


def test_keys_differ_and_a_repeat_has_the_same() -> None:
    first = [official.decode((PAYLOADS / one["file"]).read_bytes(), ACCOUNT).key for one in PUSHES]
    again = [official.decode((PAYLOADS / one["file"]).read_bytes(), ACCOUNT).key for one in PUSHES]
    assert first == again
    assert len(set(first)) == len(PUSHES)


def test_two_events_of_one_second_differ() -> None:
    def sent(ids: str) -> str:
        event = f"<MsgType>event</MsgType><Event>subscribe_msg_sent_event</Event><SubscribeMsgSentEvent>{ids}"
        return official.decode(push(event + "</SubscribeMsgSentEvent>"), ACCOUNT).key

    one, other = (f"<List><TemplateId>t</TemplateId><MsgID>{number}</MsgID></List>" for number in (1, 2))
    assert len({sent(one), sent(other), sent(one + other)}) == 3


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.name)
def test_hostile_pushes_are_refused(path: Any) -> None:
    with pytest.raises(Refused) as refused:
        official.decode(path.read_bytes(), ACCOUNT)
    assert refused.value.status == 400


@pytest.mark.parametrize(
    "body",
    [
        "<MsgType>text</MsgType><MsgId>1</MsgId><Content><a>nested</a></Content>",
        "<MsgType>text</MsgType><MsgId>1</MsgId><MsgId>2</MsgId>",
        "<MsgType>text</MsgType><MsgId>-1</MsgId>",
        "<MsgType>text</MsgType><MsgId>١</MsgId>",
        "<MsgType>text</MsgType><FromUserName>oB</FromUserName>",
        "<MsgType>text</MsgType><ToUserName>gh_2</ToUserName>",
        "<MsgType>image</MsgType><MsgId>1</MsgId><MediaId>" + "m" * 257 + "</MediaId>",
        "<MsgType>event</MsgType><Event>" + "e" * 65 + "</Event>",
        "<MsgType>event</MsgType><Event><Event>x</Event></Event>",
        "<MsgType>text</MsgType><MsgId>1</MsgId>" + "<a>" * 5000 + "</a>" * 5000,
        "<MsgType>text</MsgType><MsgId>1</MsgId>" + "<a/>" * 101,
        "<MsgType>text</MsgType><MsgId>1</MsgId>" + "".join(f"<a{number}/>" for number in range(100)),
        "<MsgType>event</MsgType><Event>e</Event><SendPicsInfo>" + "<PicList/>" * 101 + "</SendPicsInfo>",
    ],
)
def test_odd_structures_are_refused(body: str) -> None:
    with pytest.raises(Refused) as refused:
        official.decode(push(body), ACCOUNT)
    assert refused.value.status == 400


@pytest.mark.parametrize("sender", ["", "o:A", "o A", "o" * 129])
def test_a_sender_that_could_forge_a_key_is_refused(sender: str) -> None:
    with pytest.raises(Refused, match="FromUserName"):
        official.decode(TEXT.replace(b"oTESTa0000000000000000000001", sender.encode()), ACCOUNT)


@pytest.mark.parametrize("created", ["0x10", "999999999999", "-5", "", "1.5", "1" * 5000])
def test_times_that_are_none(created: str) -> None:
    with pytest.raises(Refused, match="CreateTime"):
        official.decode(TEXT.replace(b"1767225601", created.encode()), ACCOUNT)


def test_the_last_time_that_is_one() -> None:
    assert official.decode(TEXT.replace(b"1767225601", b"99999999999"), ACCOUNT).sent_at.year == 5138


def test_a_long_event_key_is_kept_whole_beside_the_short_one() -> None:
    address = "https://example.test/" + "a" * 900
    message = official.decode(
        push(f"<MsgType>event</MsgType><Event>VIEW</Event><EventKey>{address}</EventKey>"), ACCOUNT
    )
    other = official.decode(
        push(f"<MsgType>event</MsgType><Event>VIEW</Event><EventKey>{address}b</EventKey>"), ACCOUNT
    )
    assert message.event_key == address[:256]
    assert message.details["event_key"] == address
    assert len(message.key) <= 300
    assert message.key != other.key


def test_messages_without_an_id_are_told_apart_by_content() -> None:
    keys = {official.decode(push(f"<MsgType>text</MsgType><Content>{said}</Content>"), ACCOUNT).key for said in "abb"}
    assert len(keys) == 2


@pytest.mark.parametrize("number", ["nan", "inf", "1e999", "abc", "<a>1</a>", "9" * 50])
def test_an_odd_number_loses_no_message(number: str) -> None:
    body = f"<MsgType>location</MsgType><MsgId>7</MsgId><Location_X>{number}</Location_X><Label>家</Label>"
    message = official.decode(push(body), ACCOUNT)
    assert message.details["latitude"] is None
    assert message.details["label"] == "家"


def test_repeated_picture_lists_and_absent_parts() -> None:
    item = "<PicList><item><PicMd5Sum>{}</PicMd5Sum></item></PicList>"
    event = "<MsgType>event</MsgType><Event>pic_weixin</Event><EventKey>k</EventKey><SendPicsInfo>{}</SendPicsInfo>"
    several = official.decode(push(event.format(item.format("a") + item.format("b"))), ACCOUNT)
    assert several.details["pictures"] == ["a", "b"]
    assert official.decode(push(event.format("")), ACCOUNT).details["pictures"] == []
    assert official.decode(push(event.format("<PicList/>")), ACCOUNT).details["pictures"] == []


def test_a_refusal_told_under_the_other_name() -> None:
    body = (
        "<MsgType>event</MsgType><Event>subscribe_msg_change_event</Event><SubscribeMsgPopupEvent><List>"
        "<TemplateId>T</TemplateId><SubscribeStatusString>reject</SubscribeStatusString></List></SubscribeMsgPopupEvent>"
    )
    assert official.decode(push(body), ACCOUNT).details["templates"] == [{"template_id": "T", "consent": "reject"}]


def test_only_the_named_account_is_served() -> None:
    ours = Account(ACCOUNT.appid, "s", "t", original_id="gh_0a1b2c3d4e5f")
    assert official.decode(TEXT, ours).details["to"] == "gh_0a1b2c3d4e5f"
    with pytest.raises(Refused) as refused:
        official.decode(TEXT, Account(ACCOUNT.appid, "s", "t", original_id="gh_other"))
    assert refused.value.status == 403


# The three modes


def test_verify_returns_the_echostr() -> None:
    asked = {**query(), "echostr": "4375120948345356249"}
    assert official.verify(asked, ACCOUNT, NOW) == "4375120948345356249"
    for wrong, status in (({"signature": "0" * 40}, 403), ({"echostr": "<script>"}, 400), ({"echostr": ""}, 400)):
        with pytest.raises(Refused) as refused:
            official.verify({**asked, **wrong}, ACCOUNT, NOW)
        assert refused.value.status == status
    with pytest.raises(Refused):
        official.verify({}, ACCOUNT, NOW)


def test_plain_mode() -> None:
    opened = official.open_body(TEXT, query(), ACCOUNT, NOW)
    assert opened == Opened(TEXT, Mode.PLAIN)
    assert official.open_body(TEXT, {**query(), "encrypt_type": "raw"}, ACCOUNT, NOW) == opened


def test_safe_mode_with_either_key() -> None:
    account = Account(ACCOUNT.appid, "s", ACCOUNT.token, KEY, OLD_KEY)
    for number, key in enumerate([KEY, OLD_KEY]):
        assert official.open_body(*safe(key=key), account, NOW) == Opened(TEXT, Mode.SAFE, number)


def test_compatible_mode_trusts_only_what_was_encrypted() -> None:
    body, asked = compatible(shown=TEXT.replace(b"20260101", b"forged"))
    opened = official.open_body(body, asked, ACCOUNT, NOW)
    assert opened == Opened(TEXT, Mode.COMPATIBLE)
    assert official.decode(opened.xml, ACCOUNT).text == "查询订单 20260101"


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"msg_signature": "0" * 40}, 403),
        ({"msg_signature": ""}, 403),
        ({"nonce": "other"}, 403),
        ({"timestamp": "1767225631"}, 403),
        ({"encrypt_type": "des"}, 400),
        ({"msg_signature": "签名"}, 403),
    ],
)
def test_a_changed_query_is_refused(change: dict[str, str], status: int) -> None:
    body, asked = safe()
    with pytest.raises(Refused) as refused:
        official.open_body(body, {**asked, **change}, ACCOUNT, NOW)
    assert refused.value.status == status


def test_an_encrypted_body_cannot_pass_as_plain() -> None:
    """Somebody who saw one signed address must not get unsigned fields trusted beside a ciphertext."""
    body, _ = compatible()
    with pytest.raises(Refused) as refused:
        official.open_body(body, query(), ACCOUNT, NOW)
    assert refused.value.status == 403


def test_plain_pushes_can_be_forbidden() -> None:
    with pytest.raises(Refused, match="not encrypted"):
        official.open_body(TEXT, query(), Account(ACCOUNT.appid, "s", ACCOUNT.token, KEY, encrypted_only=True), NOW)


@pytest.mark.parametrize(
    "body",
    [b"", b"<xml/>", b"<Encrypt>", b"<Encrypt></Encrypt>", b"<Encrypt>\xff</Encrypt>", b"<Encrypt>a</Encrypt>" * 2],
)
def test_bodies_without_one_ciphertext(body: bytes) -> None:
    with pytest.raises(Refused):
        official.open_body(body, query(""), ACCOUNT, NOW)


def test_of_two_ciphertexts_neither_is_taken() -> None:
    body, asked = safe()
    with pytest.raises(Refused, match="no ciphertext"):
        official.open_body(body.replace(b"</xml>", b"<Encrypt>AAAA</Encrypt></xml>"), asked, ACCOUNT, NOW)


@given(st.binary(max_size=400) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
@example(b"\xef\xbb\xbf<xml></xml>")
@example(b'<?xml version="1.0" encoding="utf-16"?><xml><MsgType>text</MsgType></xml>')
@example(TEXT[:100])
def test_any_bytes_give_a_message_or_a_refusal(body: bytes) -> None:
    for sent, asked in ((body, query()), safe(body), (body, {**query(), "encrypt_type": "aes"})):
        got = outcome(lambda: official.decode(official.open_body(sent, asked, ACCOUNT, NOW).xml, ACCOUNT))  # noqa: B023
        assert isinstance(got, Message) or got in (400, 403)


_TAGS = ["MsgType", "Event", "EventKey", "MsgId", "Content", "SendPicsInfo", "SubscribeMsgPopupEvent", "ScanCodeInfo"]
_TAGS += ["MediaId", "OpenID", "PicList", "item", "List", "MsgID", "x"]
_LEAVES = st.sampled_from(["event", "text", "subscribe", "pic_weixin", "1", "", "nan", "qrscene_1", "scanbarcode|1"])


def element(parts: list[tuple[str, str]]) -> str:
    return "".join(f"<{tag}>{content}</{tag}>" for tag, content in parts)


def elements(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(st.tuples(st.sampled_from(_TAGS), inner), max_size=5).map(element)


@given(elements(st.recursive(_LEAVES, elements, max_leaves=12)))
def test_any_structure_gives_a_message_or_a_refusal(body: str) -> None:
    got = outcome(lambda: official.decode(push(body), ACCOUNT))
    assert isinstance(got, Message) or got == 400


# Replies


def message() -> Message:
    return official.decode(TEXT, ACCOUNT)


@given(st.text(st.characters(), max_size=300))
@example("]]>")
@example("a]]]]>>]]>b]]")
@example("]]]]><![CDATA[>")
@example("\x00\x08\x1f\ud800\ufffe\uffff\r\n\ttail ")
@example("<Content>x</Content>&amp;")
def test_any_text_survives_rendering_and_parsing(text: str) -> None:
    xml = official.render(Reply(text=text), message(), PLAIN, ACCOUNT, "n", NOW)
    expected = legal(text)
    if not expected.strip():
        assert xml == "success"
        return
    assert fields(xml) == {
        "ToUserName": "oTESTa0000000000000000000001",
        "FromUserName": "gh_0a1b2c3d4e5f",
        "CreateTime": str(int(NOW.timestamp())),
        "MsgType": "text",
        "Content": expected,
    }


@given(st.text(st.characters(codec="utf-8", min_codepoint=32), min_size=600, max_size=900))
def test_text_is_cut_inside_the_limit_and_never_inside_a_character(text: str) -> None:
    said = fields(official.render(Reply(text="甲" + text), message(), PLAIN, ACCOUNT, "n", NOW))["Content"]
    whole = legal("甲" + text)
    assert len(said.encode()) <= 2048
    assert said == whole or (said.endswith("…") and whole.startswith(said[:-1]) and len(whole) > len(said[:-1]))


def test_sealed_replies_open_with_the_key_that_the_push_used() -> None:
    account = Account(ACCOUNT.appid, "s", ACCOUNT.token, KEY, OLD_KEY)
    for key in (KEY, OLD_KEY):
        opened = official.open_body(*safe(key=key), account, NOW)
        sealed = fields(official.render(Reply(text="收到"), message(), opened, account, "n9", NOW))
        assert set(sealed) == {"Encrypt", "MsgSignature", "TimeStamp", "Nonce"}
        assert sealed["MsgSignature"] == sha1("fixturetoken", sealed["TimeStamp"], "n9", sealed["Encrypt"])
        content, owner = decrypt(sealed["Encrypt"], key)
        assert owner.decode() == account.appid
        assert fields(content)["Content"] == "收到"


@pytest.mark.parametrize("reply", [None, Reply(), Reply(text=" \x00\n"), Reply(kind=ReplyKind.IMAGE)])
@pytest.mark.parametrize("mode", list(Mode))
def test_nothing_to_say_is_success_in_every_mode(reply: Reply | None, mode: Mode) -> None:
    assert official.render(reply, message(), Opened(b"", mode), ACCOUNT, "n", NOW) == "success"


def test_an_image_reply() -> None:
    xml = official.render(Reply(kind=ReplyKind.IMAGE, media_id="M]]>1"), message(), PLAIN, ACCOUNT, "n", NOW)
    assert fields(xml)["MsgType"] == "image"
    assert fields(xml)["MediaId"].strip() == "M]]>1"


def test_a_menu_is_text_with_numbered_choices_that_a_long_question_cannot_push_out() -> None:
    choices = [Choice(id="a", label="公需科目"), Choice(id="b", label="专业科目]]>")]
    reply = Reply(kind=ReplyKind.MENU, text="哪一类？", choices=choices)
    said = fields(official.render(reply, message(), PLAIN, ACCOUNT, "n", NOW))
    assert said["MsgType"] == "text"
    assert said["Content"] == "哪一类？\n1. 公需科目\n2. 专业科目]]>"
    long = fields(official.render(reply.model_copy(update={"text": "长" * 2000}), message(), PLAIN, ACCOUNT, "n", NOW))
    assert long["Content"].endswith("…\n1. 公需科目\n2. 专业科目]]>")
    assert len(long["Content"].encode()) <= 2048


def test_secrets_do_not_show() -> None:
    shown = repr(Account("wxid", "S3CRET", "T0KEN", KEY, OLD_KEY))
    assert not [secret for secret in ("S3CRET", "T0KEN", KEY, OLD_KEY) if secret in shown]
    with pytest.raises(ValueError, match="EncodingAESKey"):
        Account("wxid", "s", "t", "too-short")


FROM_A_PLATFORM = set(MessageKind) - {MessageKind.RESULT, MessageKind.FORM}


def test_kinds() -> None:
    assert {official.decode((PAYLOADS / one["file"]).read_bytes(), ACCOUNT).kind for one in PUSHES} == FROM_A_PLATFORM
