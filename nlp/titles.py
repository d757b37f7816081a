"""The name of an activity in a sentence, as it was typed: 省建设厅的BIM技术研修班 rather than 研修班."""

import re

from nlp.features import Sketch

_TAIL = (
    "(?:专题)?(?:培训班|研修班|高研班|进修班|学习班|提高班|研讨班|轮训班|面授班|讲习班|短训班"
    "|训练营|培训会|培训课程|培训课|培训|学术讲座|专题讲座|讲座|报告会|学术会议|学术年会"
    "|研讨会|交流会|座谈会|推进会|宣贯会|宣讲会|年会|论坛|峰会|大会|会议|网络课程|网络课"
    "|线上课|网课|公开课|直播课|课程|课|考试|论文|报告|班|沙龙|演练|竞赛|比武|专著|教材|宣贯"
    "|讲解|继续教育|研修)"
)
_HEADED = re.compile(rf"(?P<title>.*{_TAIL})")
_LEAD = re.compile(
    "^(?:[的了着过于 ,、:]|我们|咱们|我|俺|咱|你|帮我|请|麻烦|想|要|给我|有|个|这个|那个"
    "|一[个场次门期堂节]|[两三]场|刚刚|刚才|刚|才|还有|另外|然后|又|再|也|还|都|已经|今年|"
    "登记一下|登记|记录一下|记录|记一下|记一笔|记一条|补录|补登|补记|补报|录入|录一下|录|申报"
    "|填报|添加|新增|加一个|加一条|报一下|报|记|"
    "(?:单位|公司|科里|科室|医院|学校|院里|局里|厅里|部里|部门|市里|省里|县里|区里|协会|学会"
    "|上级|人社局|卫健委|教育局)(?:组织|安排|举办|开展|搞|办|主办|开|派我)(?:去|的|了"
    "|参加)?(?:[一1]?个|一场|一次)?|"
    "[^,|的]{2,14}(?:组织|举办|主办|承办|召开|开展|组办)的|"
    "在[^,|]{0,12}(?:期刊|杂志|学报|刊物)上?发?表?了?|"
    "(?:在|去|到|赴|来)[^,|]{1,14}?(?=参加|听|上了|上的|学了|学的|学习|出席|开会|开了|培训了"
    "|进修|举办|组织|参会|做了|搞了|办的|的)|"
    "(?:在|去|到|赴)(?:外地|外省|省里|市里|县里|北京|上海|省城|单位|医院|学校|公司|会议室"
    "|党校|现场|线上|网上|平台上?|家|家里)|"
    "(?:去|来)?(?:参加|出席|听取|听|学习|学|上|看|做|搞|完成|读|修|刷|开|参与|考|讲|观看|聆听"
    "|旁听|进修)(?:过|了|完|的是|的)?(?:一下)?(?:[一1]?个|一场|一次|一门|一期)?|"
    "线上|网上|在线|线下|现场|远程|网络(?=培训|学习|讲座)|全天|全程|共|一共|名称|标题|题目"
    "|课程名|课程名称|叫|叫做|改成|改为|换成|应该|应为|名字|是|关于|把|将|删除|删掉|删了|撤销"
    "|撤回|取消|去掉|不要|昨天|那条|刚才|上次|那场|那次|那个)"
)
_GENERIC = re.compile(
    "^(?:(?:学术|专业|公需|公共|线上|网络|网上|在线|远程|线下|面授|专题|单位|内部|省级|市级"
    "|国家级|全国|全省|全市|国际|县级|行业|继续教育|继教|继续|业务|学习|技术|相关|一般|普通"
    "|集中|脱产|短期|岗前|岗位|必修|选修|一[个场次门]|[0-9]+|两|三|的|了|完|个|场|次|门|期|省"
    "|市|县|区|大型|小型|高级|中级|初级|组织|外地|外面|公司|医院|学校|院内|科室|科里|什么|那"
    "|这|这个|那个|第|直播|录播|视频|教育|年度|新|半天|全天|上午|下午|晚上|直接|在职|职称"
    "|资格|执业|又|好|一|讲|某|某个|国内|国外|学|听|上|开|发表|期刊|核心|核心期刊|刊物|杂志|在)*+)$"
)
_TRAIL = re.compile(
    "(?:的|了|这[门堂节期场项]|那条|这条|那个|这个|记录|登记|申报|学时|课时|一下|吧|啊|呢|的登记|的记录|的申报"
    "|,|删了|删掉|撤销|撤回|取消|不要了|作废|去掉|结束了|学完了|上完了|听完了|参加了"
    "|没去成)++$"
)
_PREDICATE = re.compile(
    "[我你他了吗呢过把被给]|登记|记录|记一|申报|单位|学时|公司|一共|总共|左右|大概|结束|合格"
    "|考核|通过|参加|学习|下来|上午|下午|晚上"
)
_SPLIT = re.compile("[|,.;:!?。;、~()\\n]+| {1,}|(?:还有|另外|然后)")


_NAMED = re.compile("(?:题目|标题|课程名称?|主题|题名)(?:就?是|叫做?|为|:)+ ?(?P<title>[^,。;|!?]{2,40})")


def title_in(seen: Sketch, original: str, at: int = 0, end: int | None = None) -> str | None:
    """The title said between `at` and `end`, in the original spelling; None when there is only a generic word."""
    end = len(seen.text) if end is None else end
    for start, stop in seen.quoted:
        if at <= start < end:
            return original[start + 1 : stop - 1].strip() or None
    named = _NAMED.search(seen.text, at, end)
    if named:
        return original[named.start("title") : named.end("title")].strip()
    return _unquoted(_bared(seen, at, end), original, at)


def _bared(seen: Sketch, at: int, end: int) -> str:
    """The text between `at` and `end` with dates, quantities, categories and numbers replaced by bars."""
    text = seen.text
    spans = seen.spans.taken() + [(term.at, term.end) for term in seen.terms if term.kind in ("category", "index")]
    for start, stop in spans:
        text = text[:start] + "|" * (stop - start) + text[stop:]
    return text[at:end]


def _unquoted(bared: str, original: str, offset: int) -> str | None:
    spoken = alone = None
    start = 0
    for part in (*_SPLIT.finditer(bared), None):
        stop = part.start() if part else len(bared)
        segment = bared[start:stop]
        lead = _lead(segment)
        named = _HEADED.match(segment, lead)
        if named and not _generic(segment[lead : named.end()]):
            return original[offset + start + lead : offset + start + named.end()].strip()
        rest = _TRAIL.sub("", segment[lead:])
        if (
            spoken is None
            and lead
            and len(rest) >= 3
            and not named
            and not _generic(rest)
            and _names_something(segment[:lead])
        ):
            spoken = (offset + start + lead, offset + start + lead + len(rest))
        if alone is None and not lead and not named and _stands_alone(bared, start, stop):
            alone = (offset + start, offset + stop)
        start = part.end() if part else stop
    found = spoken or alone
    return original[found[0] : found[1]].strip() if found else None


def _stands_alone(bared: str, start: int, stop: int) -> bool:
    """A stretch between bars or spaces that only names a subject: 9月10日 教师职业道德 网络课."""
    said = bared[start:stop]
    beside = bared[start - 1 : start] in ("|", " ") and bared[stop : stop + 1] in ("|", " ")
    return beside and 4 <= len(said) <= 30 and not _generic(said) and not _PREDICATE.search(said)


def _lead(segment: str) -> int:
    lead = 0
    for _ in range(12):
        found = _LEAD.match(segment[lead:])
        if not found or not found.end():
            break
        lead += found.end()
    return lead


def _names_something(lead: str) -> bool:
    return re.search("参加|听|学|上|看|读|修|刷|叫|名称|标题|题目|改成|改为|名字|课程名|参与", lead) is not None


def _generic(said: str) -> bool:
    """Whether nothing but generic words stands there: 学术讲座, 一个培训班, 单位组织的学习."""
    bare = re.sub(rf"{_TAIL}$", "", said)
    bare = re.sub(rf"(?:{_TAIL})", "", bare)
    return len(bare) < 2 or _GENERIC.match(bare) is not None
