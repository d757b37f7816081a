"""The fields of every message and event that a phone can cause, in the order of the platform's samples."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from simulator.markup import Value

Fields = dict[str, Value]


@dataclass(frozen=True)
class Sender:
    """Who writes to whom, and when: the head that all pushes share."""

    account: str
    openid: str
    at: datetime

    def head(self, msg_type: str) -> "Fields":
        return {
            "ToUserName": self.account,
            "FromUserName": self.openid,
            "CreateTime": int(self.at.timestamp()),
            "MsgType": msg_type,
        }

    def event(self, event: str, **fields: Value) -> "Fields":
        return self.head("event") | {"Event": event} | fields


def text(sender: Sender, msg_id: int, content: str, menu_id: str = "") -> Fields:
    """`menu_id` is the id of the msgmenu line that was tapped."""
    tapped: Fields = {"bizmsgmenuid": menu_id} if menu_id else {}
    return sender.head("text") | {"Content": content} | tapped | {"MsgId": msg_id}


def image(sender: Sender, msg_id: int, media_id: str, url: str) -> Fields:
    return sender.head("image") | {"PicUrl": url, "MediaId": media_id, "MsgId": msg_id}


def voice(sender: Sender, msg_id: int, media_id: str, recognition: str | None) -> Fields:
    """`recognition` is None while speech recognition is switched off."""
    heard: Fields = {} if recognition is None else {"Recognition": recognition}
    return sender.head("voice") | {"MediaId": media_id, "Format": "amr"} | heard | {"MsgId": msg_id}


def location(sender: Sender, msg_id: int, place: "Place") -> Fields:
    return sender.head("location") | place.fields() | {"MsgId": msg_id}


def link(sender: Sender, msg_id: int, title: str, description: str, url: str) -> Fields:
    return sender.head("link") | {"Title": title, "Description": description, "Url": url, "MsgId": msg_id}


def subscribe(sender: Sender, scene: str = "", ticket: str = "") -> Fields:
    if not scene:
        return sender.event("subscribe", EventKey="")
    return sender.event("subscribe", EventKey=f"qrscene_{scene}", Ticket=ticket)


def unsubscribe(sender: Sender) -> Fields:
    return sender.event("unsubscribe", EventKey="")


def scan(sender: Sender, scene: str, ticket: str) -> Fields:
    return sender.event("SCAN", EventKey=scene, Ticket=ticket)


def click(sender: Sender, key: str) -> Fields:
    return sender.event("CLICK", EventKey=key)


def view(sender: Sender, url: str, menu_id: int, event: str = "VIEW") -> Fields:
    return sender.event(event, EventKey=url, MenuId=menu_id)


def scan_code(sender: Sender, event: str, key: str, scan_type: str, result: str) -> Fields:
    """`event` is scancode_push or scancode_waitmsg; `scan_type` qrcode or barcode."""
    return sender.event(event, EventKey=key, ScanCodeInfo={"ScanType": scan_type, "ScanResult": result})


def pictures(sender: Sender, event: str, key: str, md5_sums: Sequence[str]) -> Fields:
    """`event` is pic_sysphoto, pic_photo_or_album or pic_weixin; the images follow as messages."""
    items: list[Value] = [{"PicMd5Sum": md5} for md5 in md5_sums]
    return sender.event(event, EventKey=key, SendPicsInfo={"Count": len(items), "PicList": {"item": items}})


def location_select(sender: Sender, key: str, place: "Place") -> Fields:
    return sender.event("location_select", EventKey=key, SendLocationInfo=place.fields() | {"Poiname": place.label})


def position(sender: Sender, latitude: float, longitude: float, precision: float) -> Fields:
    return sender.event("LOCATION", Latitude=latitude, Longitude=longitude, Precision=precision)


def template_finished(sender: Sender, msg_id: int, status: str) -> Fields:
    """`status` is success, `failed:user block` or `failed: system failed`. MsgID has a capital D here."""
    return sender.event("TEMPLATESENDJOBFINISH", MsgID=msg_id, Status=status)


def mass_finished(sender: Sender, msg_id: int, status: str, counts: tuple[int, int, int, int]) -> Fields:
    """`counts` are TotalCount, FilterCount, SentCount and ErrorCount."""
    total, left_in, sent, failed = counts
    return sender.event(
        "MASSSENDJOBFINISH",
        MsgID=msg_id,
        Status=status,
        TotalCount=total,
        FilterCount=left_in,
        SentCount=sent,
        ErrorCount=failed,
        CopyrightCheckResult={"Count": 0, "ResultList": "", "CheckState": 1},
        ArticleUrlResult={"Count": 0, "ResultList": ""},
    )


def grant_asked(sender: Sender, answers: Sequence[tuple[str, bool]], scene: int = 1) -> Fields:
    """The popup for subscribe notifications: (template id, accepted); `scene` 1 is a web page, 2 an article."""
    listed: list[Value] = [
        {"TemplateId": template, "SubscribeStatusString": "accept" if yes else "reject", "PopupScene": scene}
        for template, yes in answers
    ]
    return sender.event("subscribe_msg_popup_event", SubscribeMsgPopupEvent={"List": listed})


def grant_withdrawn(sender: Sender, template: str) -> Fields:
    refused: Value = {"TemplateId": template, "SubscribeStatusString": "reject"}
    return sender.event("subscribe_msg_change_event", SubscribeMsgChangeEvent={"List": refused})


def notice_sent(sender: Sender, template: str, msg_id: int, error: int, status: str) -> Fields:
    listed: Value = {"TemplateId": template, "MsgID": msg_id, "ErrorCode": error, "ErrorStatus": status}
    return sender.event("subscribe_msg_sent_event", SubscribeMsgSentEvent={"List": listed})


def erased(sender: Sender, event: str, openid: str, appid: str, revoked: str = "") -> Fields:
    """user_authorization_revoke (with `revoked`), user_info_modified, user_authorization_cancellation."""
    info: Fields = {"RevokeInfo": revoked} if revoked else {}
    return sender.event(event, OpenID=openid, AppID=appid) | info


@dataclass(frozen=True)
class Place:
    """A point on the map in degrees; `label` is its address."""

    latitude: float
    longitude: float
    label: str
    scale: int = 16

    def fields(self) -> Fields:
        return {
            "Location_X": self.latitude,
            "Location_Y": self.longitude,
            "Scale": self.scale,
            "Label": self.label,
        }
