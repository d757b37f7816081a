"""Short answers inside a dialog: what was just asked decides how 对, 跳过, 公需 or 4 reads."""

import re
from functools import cache

from nlp.features import Sketch
from nlp.numbers import numbers_in
from nlp.reading import Expecting, Intent
from nlp.wordlists import entries

_PARTICLES = re.compile("[\\s,.;:!?~、。…\"'“”]+|(?<=.)[吧啊呀呢哦嘛哈啦喽呗咯噢](?=$|[,.!~。 ])")
_CANCEL = re.compile(
    "(?:那|还是|先|就|我)?(?:算了|罢了|拉倒)(?:算了|不记了|不弄了|不登了|吧|不填了|不要了"
    "|下次再说)?|(?:我|先|暂时|还是|那)*(?:不|别|不想|不要|不用)(?:再)?(?:记|登记|填|填写|弄"
    "|录|录入|报|申报|搞|办|登|继续|整|写|做|玩)了?(?:算了|退出|取消|下次再说|改天再说|先放着"
    "|回头再弄)?"
    "|(?:我要|我想|请|帮我|先|还是|给我)?(?:取消|退出|结束|中止|终止|停止|放弃|作废"
    "|停)(?:登记|填写|申报|操作|对话|录入|流程|这次登记|这次|本次登记|本次操作|记录|此次登记"
    "|它|掉)?(?:了)?"
    "|.{0,6}(?:先放放|先放一放|先放着|放一放|搁一搁|先搁着|回头再说|下次再说|改天再说"
    "|以后再说|回头再弄|改天再弄|改天再登|下次再登|下次再弄|等会儿再说|过会儿再说|晚点再说"
    "|晚点再弄|先这样不弄了)|(?:quit|exit|cancel|stop|esc|q)|(?:不登记|不录|不记|没心情弄"
    "|没空弄|没时间弄|不干)了?|到此为止|先不弄|先不登记|先不记|先停一下|先不搞|撤了|关掉|返回"
    "|不了|免了|没事了"
)
_PUT_OFF = re.compile(
    "(?:今天|今儿|明天|明儿|后天|改天|下周|周末)?(?:就|还是)?(?:再|先不|不)(?:说|弄|登|登记|填|记|搞)了?吧?"
)
_UNFILLED = re.compile(
    "(?:我|先|就|那|这个|这项|这里|暂时|可以)*不(?:想|用|必|需要|愿意?)?(?:填|写|选)写?(?:这个|这项|名字|名称|日期|它)?"
)
_NO_FAULT = re.compile(
    "(?:都|嗯|对|是的|确实|应该)*(?:没有?|莫得|没得|无)(?:什么|啥|任何)?(?:错误?|问题|毛病|意见|异议|差错|出入)(?:了|的|啊)?"
)
_SKIP = re.compile(
    "(?:这个|这项|这一项|这一步|这里|这|先|我|就|那就|可以|能不能|请|帮我|直接)*(?:跳过|略过"
    "|略|跳|过|空着|留空|空|不填|先不填|不写|先不写|不选|不提供|免填|以后补|回头补|以后再填"
    "|后面再填|稍后再填|以后再补|下一个|下一步|下一项|下一题|pass|skip|next)(?:这个|这项"
    "|这一项|这一步|这题|它|去|了|吧|这一栏|这栏)*"
    "|(?:我|这个|我也|真|还|暂时|现在|目前|具体)*(?:不知道|不清楚|不晓得|不确定|不记得|记不得"
    "|记不清|记不住|想不起来|说不上来|说不好|说不清|没想好|忘了|忘记了|忘|不懂|没印象"
    "|不太清楚|不太记得|搞不清|弄不清|不了解|拿不准|没注意|晓不得|不造)(?:了|哪天|多少|叫什么"
    "|叫啥|是哪个|是什么|具体|名字|日期|时间|类别|名称|具体日期|具体时间|哪一天|几学时"
    "|多少学时|它叫什么)*"
    "|(?:这个)?(?:没有?具体.{0,6}|没有|无|暂无|没|没名字|没有名字|没有名称|没标题|没题目|没写|没标|随便|都行"
    "|都可以|无所谓|随意|看着办|你定|不限)(?:名字|名称|标题|了|填)?"
)
_BACK = re.compile(
    "(?:我|我要|我想|想|要|请|帮我|给我|先|再|能不能|可以|能|怎么|那|等等|等一下|等下|不对|慢着)*"
    "(?:(?:返回|回到|回|退回到?|退到|倒回到?|倒退到?|跳回到?|重新?回答|重来|重填|重答|看看|改|改一下|重新填)?(?:到|去)?"
    "(?:上一?|前一|前面一?|刚才那一?|刚刚那一?)(?:个)?(?:步骤?|题目?|问题?|项|步问题|层|级|页|关)"
    "|(?:往|向)?(?:回|后|前)退?退(?:一步|回去|一下|一题|一格)?|后退(?:一步|一下)?|退一步|倒回去|回去|倒退(?:一步)?|退回去|回退(?:一步)?"
    "|回上头|回头一步|back|prev|previous|undo|上一个)"
    "(?:重新|重来|再来|重填|重答|再答|再问|再填|改一下|去|吧|了|一下|一次|一遍|我|行吗|行不行|可以吗|好吗|看看|填错|答错|选错|改)*"
)
_FILLER = re.compile(
    "[\\s,.;:!?~、。…]+|(?:是在|是|就是|应该是|大概是|大概|大约|好像是|好像|应该|可能是|可能"
    "|估计|算|属于|选|我选|我|就|那|个|的|了|吧|啊|呀|嗯|呃|额|哦|呢|在|那天|当天|那个|这个"
    "|参加|学|上|听|一共|总共|共|有|左右|差不多|填|写|记|咱|咱们|俺|搞|去|来|这边|那边|工作"
    "|呗|啦|嘛|哈|人|期间|办|开|开始|类|吗)"
)
_CHOICES = re.compile(
    r"(?:我?(?:选|要|就)|那就|就|选择)?(?:第[ ]?)?(?P<n>[0-9]{1,2}"
    r"|[一二两三四五六七八九十])(?:个|条|项|号|那个|种)?(?:吧|的)?"
)
_LONGEST = 60  # characters of an answer
_ORDINALS = "一二三四五六七八九十"
_QUESTION = re.compile(
    "多少|几个|几学时|怎么|如何|为什么|为啥|咋|什么|吗$|吗[?]|[?]|呢$|哪|够不够|能不能|是不是"
    "|可不可以|有没有|凭啥|是否|没有$|啥|算不算|认不认|行不行|要不要|会不会|够没够"
)


@cache
def _plain(kind: str) -> re.Pattern[str]:
    """The answers that say only yes, or only no, also one after the other: 嗯对就这样."""
    words = sorted(entries("answers.txt")[kind], key=len, reverse=True)
    return re.compile("(?:" + "|".join(map(re.escape, words)) + ")++")


def core(text: str) -> str:
    """A folded answer without punctuation and closing particles."""
    return _PARTICLES.sub("", text.replace("啦", "了").replace("喽", "了"))


def bare_answer(text: str, expecting: Expecting | None) -> Intent | None:
    """Yes, no, cancel or skip, when a folded text says nothing else."""
    said = core(text)
    if not said or len(said) > 24:
        return None
    if _NO_FAULT.fullmatch(said):
        return Intent.ANSWER_YES
    if expecting in (Expecting.CONFIRM, Expecting.CHOICE, None) and _plain("no").fullmatch(said):
        return Intent.ANSWER_NO
    if _plain("yes").fullmatch(said):
        return Intent.ANSWER_YES
    unasked = _SKIP.fullmatch(said) and not said.endswith(("填了", "写了", "选了"))
    if unasked or _UNFILLED.fullmatch(said):
        return Intent.ANSWER_SKIP
    if _CANCEL.fullmatch(said) or _PUT_OFF.fullmatch(said):
        return Intent.ANSWER_CANCEL
    if _plain("no").fullmatch(said):
        return Intent.ANSWER_NO
    return None


def goes_back(text: str) -> bool:
    """Whether a folded answer asks for the question before: 上一步, 回到上一题."""
    said = core(text)
    return len(said) <= 16 and _BACK.fullmatch(said) is not None


def choice_number(text: str) -> int | None:
    """Which of the choices offered: 2, 第二个, 选一."""
    found = _CHOICES.fullmatch(core(text))
    if not found:
        return None
    said = found["n"]
    return int(said) if said.isdigit() else _ORDINALS.index("二" if said == "两" else said) + 1


def is_question(text: str) -> bool:
    """Whether a folded text asks something."""
    return _QUESTION.search(text) is not None


def answers_with(seen: Sketch, expecting: Expecting) -> bool:
    """Whether the text is a value of what was asked and hardly anything else."""
    if len(seen.text) > _LONGEST or not _has(seen, expecting):
        return False
    spans = seen.spans.taken() + [(term.at, term.end) for term in seen.terms]
    if expecting is Expecting.HOURS:
        spans += [(number.at, number.end) for number in numbers_in(seen.text, spans)]
    rest = seen.text
    for at, end in sorted(spans, reverse=True):
        rest = rest[:at] + " " + rest[end:]
    return len(_FILLER.sub("", rest)) <= (0 if expecting is Expecting.CONFIRM else 2)


def _has(seen: Sketch, expecting: Expecting) -> bool:
    kinds = {term.kind for term in seen.terms}
    if expecting is Expecting.HOURS:
        return bool(seen.spans.quantities) or bool(numbers_in(seen.text, []))
    if expecting is Expecting.DATE:
        return bool(seen.spans.dates)
    if expecting in (Expecting.CHOICE, Expecting.CONFIRM):
        return bool(kinds) or bool(seen.spans.dates) or bool(seen.spans.quantities)
    return {Expecting.CATEGORY: "category", Expecting.MODE: "mode", Expecting.REGION: "region"}.get(expecting) in kinds
