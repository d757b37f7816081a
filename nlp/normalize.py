"""What people type, in one spelling: half-width, simplified, lower case, without the commonest slips.

`fold` keeps the length: the folded text lies character for character over the cleaned one, so that a title can be
quoted as it was typed.
"""

import re
from functools import cache
from pathlib import Path

LIMIT = 400  # characters of a message that are considered; longer ones are not single statements

_JUNK = re.compile("[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ud800-\udfff]+")
_SPACE = "\t\n\r\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u205f\u3000"

# Slips of the input method and of voice recognition, each as long as what was meant.
_SLIPS = {
    "学时": "学式 学使 学食 学实 学石 学史 学十 雪时 学矢 学吋 学肘 学峙 学期时",
    "课时": "课式 课食 课使 科时 可时",
    "公需": "公须 公虚 公许 公徐 公序 公续 公需 攻需 工需 公雪 供需",
    "专业": "专页 专叶 砖业 转业 专也",
    "教育": "教肓 教于 教欲 叫育 交育",
    "继续": "既续 继序 计续 季续 记续",
    "培训": "培讯 陪训 培驯 培迅 赔训 培川",
    "讲座": "讲做 讲坐 讲作 奖座",
    "证书": "正书 证数 证输",
    "登记": "登计 登季 等记",
    "职称": "职成 直称 职秤 值称",
    "审核": "审合 审和 身核 神核",
    "提醒": "题醒 提省 提行 体醒",
    "撤销": "撤消 彻销 撤削",
    "折算": "则算 折蒜 哲算",
    "网课": "网刻 网棵 忘课",
    "研修": "研休 言修 严修",
    "达标": "达表 打标 大标",
    "驳回": "驳会 博回 拨回",
    "群发": "裙发 群法",
}
_IN_CONTEXT = (  # slips that are words of their own elsewhere
    (re.compile("(?<=[个少几0-9一二两三四五六七八九十百])学(?:士|识|生|是)(?![们位])"), "学时"),
    (re.compile("继教育"), "继教 "),
    (re.compile("(?<=还)(?:查|插|茶|叉)(?=多少|几)"), "差"),
    (re.compile("(?<=离达标)(?:查|插|茶)"), "差"),
)
_NOT_A_SLIP = re.compile("(?:供需|转业|公许|公序)(?!课|科|学|的|多|还|差|几|部)")
_PINYIN = {
    "xs": "学时", "ks": "课时", "xf": "学分", "gx": "公需", "gxk": "公需课", "zy": "专业", "zyk": "专业课", "wk": "网课",
    "jxjy": "继续教育", "jj": "继教", "pxb": "培训班", "yxb": "研修班", "px": "培训", "zc": "职称", "jz": "讲座",
    "xueshi": "学时", "keshi": "课时", "gongxu": "公需", "gongxuke": "公需课", "zhuanye": "专业", "zhuanyeke": "专业课",
    "jixujiaoyu": "继续教育", "peixun": "培训", "wangke": "网课", "jiangzuo": "讲座", "zhicheng": "职称", "xuefen": "学分",
    "duoshao": "多少", "haicha": "还差", "jiao": "教", "nihao": "你好", "xiexie": "谢谢", "bangzhu": "帮助", "jinnian": "今年",
    "qunian": "去年", "zuotian": "昨天", "jintian": "今天", "wo": "我", "thx": "谢谢", "thanks": "谢谢", "thank": "谢谢",
}  # fmt: skip


def clean(text: str) -> str:
    """`text` without control and invisible characters, at most LIMIT characters, trimmed."""
    return _JUNK.sub("", text[: LIMIT * 2])[:LIMIT].strip()


def fold(text: str) -> str:
    """`text` (already cleaned) in one spelling, of the same length."""
    folded = text.translate(_table())
    if _LETTERS.search(folded):
        folded = _pinyin_words().sub(lambda found: _PINYIN[found[0]].ljust(len(found[0])), folded)
    folded = _slips().sub(_mend, folded)
    for pattern, meant in _IN_CONTEXT:
        if pattern.search(folded):
            folded = pattern.sub(meant, folded)
    return folded


_LETTERS = re.compile("[a-z]{2}")


def _mend(found: re.Match[str]) -> str:
    if _NOT_A_SLIP.match(found.string, found.start()):
        return found[0]
    return _meant()[found[0]]


@cache
def _meant() -> dict[str, str]:
    return {slip: word for word, slips in _SLIPS.items() for slip in slips.split() if len(slip) == len(word)}


@cache
def _slips() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, _meant())))


@cache
def _pinyin_words() -> re.Pattern[str]:
    return re.compile("(?<![a-z0-9])(?:" + "|".join(sorted(_PINYIN, key=len, reverse=True)) + ")(?![a-z])")


@cache
def _table() -> dict[int, str]:
    """One character to one: full-width forms, spaces, capitals, circled digits, traditional characters."""
    table = {ord(space): " " for space in _SPACE}
    table |= {code: chr(code - 0xFEE0).lower() for code in range(0xFF01, 0xFF5F)}
    table |= {ord(capital): capital.lower() for capital in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
    table |= {0x2460 + index: str(index + 1) for index in range(9)}
    table |= {ord(dash): "-" for dash in "‐‑‒–—―−﹣─"} | {ord(tilde): "~" for tilde in "〜～∼˜"}
    table |= {ord("○"): "〇", ord("◯"): "〇", ord("Ο"): "〇", ord("〖"): "《", ord("〗"): "》"}
    data = (Path(__file__).parent / "traditional.txt").read_text(encoding="utf-8")
    for line in data.splitlines():
        if not line.startswith("#"):
            table |= {ord(pair[0]): pair[1] for pair in line.split() if len(pair) == 2}
    return table
