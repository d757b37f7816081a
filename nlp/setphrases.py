"""What is said in set words and belongs to no intent: an appeal, who has looked, joining a unit, an invitation,
another day for a reminder.

Each pattern must match the whole message, so that nothing said in passing is taken for one of them.
"""

import re
from enum import StrEnum


class Cue(StrEnum):
    APPEAL = "cue.appeal"
    LOOKS = "cue.looks"
    JOIN = "cue.join"
    INVITE = "cue.invite"
    SNOOZE = "cue.snooze"
    STOP_NOTICE = "cue.stop_notice"
    KEEP_NO_WORDS = "cue.keep_no_words"
    KEEP_WORDS = "cue.keep_words"
    BIND = "cue.bind"
    BIND_CODE = "cue.bind_code"


AGAIN = re.compile("再(?:提醒|通知|叫|催|告诉)")
CODE = "[A-HJ-NP-Z2-9]{8}"
NAME = r"[\u4e00-\u9fff·]{2,15}"
PHONE = r"1\d{10}"
_GAP = r"[\s,，、:：]*"
_SAID = "我?(?:说?过?的话|说的|的话|的句子|的聊天|的聊天记录|没听懂的话|的内容)"
_PATTERNS = {
    Cue.KEEP_NO_WORDS: re.compile(
        "(?:请|以后)?(?:别|不要|不许|不准|停止|不再|不同意)(?:再)?(?:收集|留存|保存|保留|留|记|存)"
        f"{_SAID}(?:了|吧)?[。！!]?"
    ),
    Cue.KEEP_WORDS: re.compile(f"(?:现在)?(?:可以|同意|允许)(?:收集|留存|保存|保留|留){_SAID}(?:了|吧)?[。！!]?"),
    Cue.APPEAL: re.compile(
        rf"(?:第(?P<a>\d{{1,3}})条)?{_GAP}(?:我要)?申诉{_GAP}(?:第(?P<b>\d{{1,3}})条)?(?P<why>.*)", re.S
    ),
    Cue.LOOKS: re.compile(
        "(?:有?谁|哪些人|什么人)(?:看|查看|浏览|查)过?(?:了|过)?我的?(?:照片|证书|证明|图片|资料|记录|学时|信息|个人信息).*"
        "|我的?(?:照片|证书|证明|图片|资料|记录|学时记录|信息)(?:都?被)?(?:哪些人|谁)(?:看|查)过.*|(?:照片|证书)?查看记录"
    ),
    Cue.BIND: re.compile(rf"(?:请|帮我)?绑定(?:一下)?小程序{_GAP}(?:绑定码|码)?{_GAP}(?P<digits>\d{{6}})[。！!]?"),
    Cue.BIND_CODE: re.compile(
        "(?:请|帮我)?(?:生成|给我|要|发)?(?:一个|个)?小程序(?:的)?绑定码[。！!]?|(?:我要|我想|怎么)?绑定(?:一下)?小程序[。！!？?]?"
    ),
    Cue.INVITE: re.compile("(?:请)?(?:生成|给我|要|发)?(?:一个|个)?(?:单位)?邀请码[。！!]?"),
    Cue.SNOOZE: re.compile(
        "(?P<when>明天|后天|大后天|下周|下星期|过[一两三几]?天|改天|晚点|回头)(?:吧|再说吧?|再提醒我?吧?)[。！!]?"
    ),
    Cue.STOP_NOTICE: re.compile(
        "(?:请|马上|先)?(?:停止|停发|撤回|取消|停掉)(?:这条|刚才的)?(?:通知|群发|发送|发通知)[了吧。！!]*|别发通知了"
    ),
    Cue.JOIN: re.compile(
        rf"(?:加入|绑定|入职)(?:单位)?{_GAP}(?:(?P<code>{CODE})(?:{_GAP}(?P<name>{NAME}))?"
        rf"|(?:我是|我叫)?(?P<name2>{NAME}){_GAP}(?P<phone>{PHONE}))[。！!]?"
    ),
}


# What surrounds the words that name a record, where a sentence is about its proof: 这是昨天那个讲座的证明.
_ABOUT_PROOF = re.compile(
    "的?(?:证明材料|证明|结业证书?|毕业证书?|证书|照片|图片|图)|这[张个是]*|就?是|补[交传]?|附[到在]|把|我的"
)


def cue_in(text: str) -> Cue | None:
    """The cue that a message is, if it is one."""
    said = text.strip()
    return next((name for name, pattern in _PATTERNS.items() if pattern.fullmatch(said)), None)


def parts_of(text: str, name: Cue) -> dict[str, str]:
    """What a message says in the places of the cue's pattern."""
    found = _PATTERNS[name].fullmatch(text.strip())
    return {key: value.strip() for key, value in found.groupdict().items() if value} if found else {}


def record_named(text: str) -> str:
    """The words of a sentence about a proof that name the record."""
    return _ABOUT_PROOF.sub("", text)
