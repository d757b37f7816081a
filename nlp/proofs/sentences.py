"""What the sentences of a proof say: 兹证明王某同志于…参加由某局主办的“…”培训班，共计24学时."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nlp.proofs.dates import Span, spans_in
from nlp.proofs.headings import sheet_less
from nlp.proofs.prose import Prose
from nlp.proofs.values import AMOUNT, NAME, amount_of, is_a_word


@dataclass(frozen=True, slots=True)
class Said:
    """A value with how sure it is: the recogniser's sureness times that of the wording it was found by."""

    value: str
    sure: float


_HAN = "\u4e00-\u9fff"
_ROLE = "同志|老师|学员|医师|医生|先生|女士|教授|护士|同学|作者|专家|代表"
_EMPLOYER = (
    "公司|集团|学校|中学|小学|大学|学院|幼儿园|医院|卫生院|中心|研究院|研究所|设计院|事务所|[处所站局院厂社队部科室馆]"
)
_NAMES = (
    (0.95, rf"(?:^|\n)(?P<n>{NAME})[:,]\n?(?=参加|于|您|你|经|在|完成)"),
    (0.92, rf"(?:^|\n)(?P<n>{NAME})[,!]?[您你]好"),
    (0.9, rf"欢迎(?:[您你])?(?:回来)?[,:!]?(?P<n>{NAME})(?=[\n,!。]|$)"),
    (
        0.97,
        rf"(?:兹证明|特证明|证明|兹有|授予|尊敬的|[你我贵本][单院校公局厅委][位司]?(?:职工|员工)?|学员|颁发给|颁给|证明[:])[:]?\n?(?P<n>{NAME})(?={_ROLE}|您|[,(:\n]|于|在|自|参加|已|从|,?[男女]|性别|身份证|20)",
    ),
    (0.97, rf"(?:^|\n)(?P<n>{NAME})[ ]*(?:{_ROLE})[:,\n(]"),
    (0.95, rf"(?:^|\n)(?P<n>{NAME})[,(][男女](?=[,()\n])"),
    (0.95, rf"(?i:certif(?:y|ies) ?that|awarded ?to|presented ?to)[ :]*\n?(?:M[rs]+\.? ?)?(?P<n>{NAME})"),
    (
        0.92,
        rf"(?<=[司院校学局厅站厂所部委会社馆处科室队工中]|[^{_HAN}])(?P<n>{NAME})(?:{_ROLE})(?=[:,(于在自参已从\n])",
    ),
    (
        0.9,
        rf"(?:兹证明|特证明|证明|兹有)[^,。:;\n]{{2,24}}?(?:{_EMPLOYER})(?P<n>{NAME})(?=,?(?:于|在|自|从|参加|出席|已|20|[(]))",
    ),
    (0.88, rf"(?P<n>{NAME})(?:{_ROLE})(?=[:,(于在自参已从\n])"),
    (0.85, rf"(?:^|\n)(?P<n>{NAME})(?=[,(:]?(?:身份证|于20|于二|自20|同志))"),
)
_RUN = "(?:联合|共同)?(?:主办|举办|组织|召开|开展|开设|组办|承训|实施)(?:召开|开展|举办|实施|培训)?"
_JOINT = "(?<=[局厅会院校心部社司委])[、和与](?=[^,。;:\\n]{3,24}(?:联合|共同))"  # two bodies that run it together
_BODY = rf"(?:[^,。;:、\n“”\"《》()「」]|\([^()\n]{{1,12}}\)|{_JOINT})"
_SIGNED = "局|厅|委|会|校|院|学|中心|馆|站|所|公司|平台|基地|社"
_ORGANIZERS = (
    (0.8, rf"(?:^|\n)\[(?P<o>[^\[\]\n]{{3,24}}(?:{_SIGNED}))\](?={NAME}|[您你尊])"),
    (0.97, rf"由(?P<o>{_BODY}{{3,40}}?)(?:等(?:单位)?)?{_RUN}"),
    (0.95, rf"(?:参加|出席|完成|参与)[了过]?(?:由)?(?P<o>{_BODY}{{3,30}}?){_RUN}的"),
    (0.9, rf"(?:在|经)(?P<o>{_BODY}{{3,30}}?)(?:参加|接受)"),
)
_OPEN, _CLOSE = '[“"「『《〈]', '[”"」』》〉]'
_QUOTED = re.compile(
    r"(?P<before>[^\n]{0,24}?)(?P<open>[“\"「『《〈])(?P<t>[^“”\"「」『』\n]{2,80}?)(?P<close>[”\"」』]|》(?![^《》\n]{0,40}[”\"」])|〉)(?P<after>[^\n]{0,8})"
)
_NOT_A_TITLE_BEFORE = re.compile("(?:根据|按照|依据|依照|遵照|符合|按|贯彻|刊登于|发表[于在]|刊于|被)[^,。]{0,8}$")
_NOT_A_TITLE_AFTER = re.compile(
    r"^(?:编辑部|杂志|期刊|学报|录用|收录|第?[0-9]+[年卷期]|[(][^)]{0,10}[期号刊N][)]|规定|的规定|要求|等文件|精神)"
)
_PLAIN_TITLES = (
    (
        0.9,
        rf"{_RUN}的[“\"《]?(?P<t>[^,。;:\n“”\"《》]{{4,48}}?)[”\"》]?(?:的?(?:学习|课程学习|全部课程|全部内容))?(?=[,。;\n”\"]|\((?:公需|专业)|,?(?:全程|共计|累计))",
    ),
    (0.84, r"(?i:completed|attended)[A-Za-z ]{0,24}\n?(?P<t>[^\n,。:]{4,60})(?=\n)"),
    (
        0.85,
        r"(?:完成|学完|修完|参加|通过)[了过]?[^,。\n]{0,4}(?:以下|如下|下列)[^,。\n]{0,12}[:]?\n(?P<t>[^\n,。:]{4,60})(?=\n)",
    ),
    (0.85, r"(?:参加|完成|修完|学完|出席|参与)[了过]?\n(?P<t>[^\n,。]{4,48}?)(?:\n|(?:培训)?课程|的全部)"),
    (
        0.82,
        r"(?:参加|完成|修完|学完|出席|参与)[了过]?(?!由)(?P<t>[^,。;:\n“”\"《》]{5,48}?)(?:(?:培训|(?<!教育)(?<!网络)(?<!在线)(?<!线上)(?<!系列)(?<!专题))课程)?(?:的?(?:全部)?(?:学习|学习任务|课程|内容))?(?=[,。;\n]|\((?:公需|专业))",
    ),
)
_DAYS_BEHIND = re.compile(r"\((?:19|20)[0-9]{2}[年.\-/].*$")
_TOTAL = "(?:共计|累计|总计|合计|共|计|完成|认定|授予|获得?|取得|记入?|核定|折合|总学时|学满|修满|修完)"
_LAW = re.compile(
    "(?:不少于|不低于|至少|须|应当|要求|每年|(?<!完成)(?<!修完)(?<!修满)(?<!学完)(?<!达到)(?<!按)规定)[^,。]{0,8}$"
)


def names_in(prose: Prose) -> Iterator[Said]:
    """The holder, the surest wording first."""
    for sure, pattern in _NAMES:
        for found in re.finditer(pattern, prose.text):
            name = found["n"].replace("\n", "")
            if not is_a_word(name):
                yield Said(name, sure * prose.sure(found.start("n"), found.end("n")))


def organizers_in(prose: Prose) -> Iterator[Said]:
    """Who ran the training, as a sentence says; not who only hosted it (承办)."""
    for sure, pattern in _ORGANIZERS:
        for found in re.finditer(pattern, prose.text):
            name = re.sub("^(?:[了由的]|我们)", "", prose.slice(found.start("o"), found.end("o")))
            name = re.split(
                r"(?<=[日天月])(?:在[^,]{2,12}?)?参加(?:了)?(?:由)?|参加(?:了)?(?:由)?|在.{2,14}?(?:参加|召开)由?", name
            )[-1]
            if len(name) >= 3 and not re.match("[我本你该]", name) and not re.search("[0-9]{4}年", name):
                yield Said(name, sure * prose.sure(found.start("o"), found.end("o")))


def titles_in(prose: Prose) -> Iterator[Said]:
    """What the training is called: in quotes, or behind 举办的, 参加, 完成."""
    for found in _QUOTED.finditer(prose.text):
        before, after = prose.text[max(0, found.start("open") - 16) : found.start("open")], found["after"]
        if _NOT_A_TITLE_BEFORE.search(before) or _NOT_A_TITLE_AFTER.search(after):
            continue
        if found["open"] in "《〈" and (heading := _heading_around(prose, found)):
            yield heading
            continue
        sure = 0.96 if re.search("[加办织开席成习的文名为修与了]\n?$", before) else 0.86
        title = prose.slice(found.start("t"), found.end("t"))
        if found["open"] == "“" and "《" in title and "》" not in title:
            title += "》"
        yield Said(title, sure * prose.sure(found.start("t"), found.end("t")))
    for sure, pattern in _PLAIN_TITLES:
        for found in re.finditer(pattern, prose.text):
            stop = (
                found.end("t") if (days := _DAYS_BEHIND.search(found["t"])) is None else found.start("t") + days.start()
            )
            title = prose.slice(found.start("t"), stop)
            if not re.search("主办|举办|组织的|20[0-9]{2}年[0-9]+月[0-9]|同志|学时|课时|^(?:并|以下|如下|下列)", title):
                yield Said(title, sure * prose.sure(found.start("t"), found.end("t")))


def _heading_around(prose: Prose, found: re.Match[str]) -> Said | None:
    """新《公司法》与企业合规 on a line of its own: the book is named in the title, it is not the title."""
    start = prose.text.rfind("\n", 0, found.start("open")) + 1
    stop = prose.text.find("\n", found.end("close"))
    line = sheet_less(prose.text[start : stop if stop >= 0 else len(prose.text)])
    before, _, after = line.partition(found["open"])
    own_words = re.match(f"[{_HAN}]", after.partition(found["close"])[2]) and re.search(f"[{_HAN}]$", before)
    if not own_words or re.search("[,。;:]|参加|学习$|完成", line) or len(line) > 40:
        return None
    return Said(prose.slice(start, start + len(line)), 0.82 * prose.sure(start, start + len(line)))


def amounts_in(prose: Prose, unit: str) -> Iterator[tuple[float, float]]:
    """Numbers with a unit (a pattern), totals first, each with how sure it is; what a law asks for is left out."""
    for sure, lead in ((0.96, _TOTAL + "[^0-9,。;\n]{0,12}?"), (0.88, "")):
        for found in re.finditer(rf"{lead}(?<![0-9.])(?P<a>{AMOUNT})[ ]?个?(?:标准)?(?:{unit})", prose.text):
            if _LAW.search(prose.text[max(0, found.start() - 12) : found.start("a")]):
                continue
            amount = amount_of(found["a"])
            if amount is not None and 0 < amount < 1000:
                yield amount, sure * prose.sure(found.start("a"), found.end())


def credits_in(prose: Prose) -> Iterator[tuple[float, float]]:
    """学分, also as 学分5分."""
    for found in re.finditer(rf"学分[:为共计]{{0,2}}(?P<a>{AMOUNT})[ ]?分", prose.text):
        amount = amount_of(found["a"])
        if amount is not None:
            yield amount, 0.95 * prose.sure(found.start("a"), found.end("a"))
    yield from amounts_in(prose, "学分")


_DAYS = re.compile(
    rf"(?:会期|为期|历时|共计?|累计|合计|时长|培训|学习|学制)[:为共]?(?P<a>{AMOUNT})[ ]?(?:天|个?工作日)(?!内)"
    rf"|(?P<b>{AMOUNT})[ ]?天的?(?:培训|学习|会议|研修|课程)"
)


def days_in(prose: Prose) -> Iterator[tuple[float, float]]:
    """How many days it took, where that is said as such."""
    for found in _DAYS.finditer(prose.text):
        part = "a" if found["a"] else "b"
        amount = amount_of(found[part])
        if amount is not None and amount < 400:
            yield amount, 0.93 * prose.sure(found.start(part), found.end(part))


_AT_WORK = re.compile("参加|出席|举办|召开|完成|学习|培训|主办|参会|修完|研修|开展")


_ISSUED = re.compile(
    "(?:发证|颁发|签发|填表|打印|出具|落款|制表|生成|申请|录用|发布|认定|登记|出生)(?:日期|时间|年月)?[:为]?$"
)


_RANGE = re.compile("[0-9日][-~至到—]+(?:19|20)[0-9]{2}")  # from a day to the same day is a stretch too


def spans_of_training(prose: Prose) -> Iterator[tuple[Span, float]]:
    """Days that a sentence ties to the training, then stretches of days; a lone day is an issue date."""
    loose = []
    for span in spans_in(prose.text):
        start = prose.text.rfind("\n", 0, span.at) + 1
        stop = prose.text.find("\n", span.end)
        sentence = prose.text[start : stop if stop >= 0 else len(prose.text)]
        before, after = prose.text[max(start, span.at - 6) : span.at], prose.text[span.end : span.end + 12]
        sure = prose.sure(span.at, span.end)
        around = len(sentence) - (span.end - span.at)
        issued = _ISSUED.search(before)
        if issued or re.match("第?[0-9]*期|年?第", after):
            continue
        if re.search("[于自在从]$", before) or (
            re.match("(?:起|止|期间)?,?(?:参加|在|举办|出席|完成|召开|由|前往|赴)", after) and around > 4
        ):
            yield span, 0.96 * sure
        elif around > 8 and _AT_WORK.search(sentence):
            loose.append((span, 0.85 * sure))
        elif not span.single or _RANGE.search(prose.text[span.at : span.end]):
            loose.append((span, 0.8 * sure))
    yield from loose
