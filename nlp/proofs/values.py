"""What a value of each kind looks like: names, amounts, certificate numbers, categories."""

import re
from pathlib import Path

from domain.vocabulary import Category
from nlp.proofs.dates import spans_in
from nlp.proofs.labels import Kind
from nlp.proofs.spelling import fold

_LINES = (Path(__file__).parent / "surnames.txt").read_text(encoding="utf-8").partition("\n\n")
_SURNAMES = "".join(line for line in _LINES[0].splitlines() if not line.startswith("#"))
_COMPOUND = "|".join(_LINES[2].split())
_HAN = r"\u4e00-\u9fff\u3400-\u4dbf\U00020000-\U0002a6df"
NAME = rf"(?:(?:{_COMPOUND})[{_HAN}]{{1,2}}|[{_SURNAMES}][{_HAN}]{{1,2}}|[{_HAN}]{{1,10}}(?:·[{_HAN}]{{1,10}}){{1,3}})"
_STRONG = re.compile(NAME)
_WEAK = re.compile(rf"[{_HAN}]{{2,6}}|[A-Z][A-Za-z'. -]{{2,30}}")
_NOT_A_NAME = re.compile(
    "单位|学时|培训|证书|证明|编号|时间|日期|课程|学员|姓名|性别|职称|合格|科目|会议|公司|医院|学院|大学|中心|继续|教育|登记|签名|签字|盖章|工作|照片|信息|内容|名称|主办|序号|备注|学习"
    "|部门|局$|厅$|委员会|协会|同志|老师|本人|您好|兹|特此|公需|专业|中国|人员|完成|参加|成绩"
)


def is_a_word(text: str) -> bool:
    """Whether what stands where a name may stand is a word of proofs: 时间, 课程."""
    return _NOT_A_NAME.search(text) is not None


_TITLE_OF_ADDRESS = re.compile(
    r"[ ]*(?:同志|老师|学员|先生|女士|医师|医生|教授|护士|同学|作者|代表|专家|[(（](?:男|女|先生|女士)[)）])$"
)


def name_in(value: str) -> tuple[str, float] | None:
    """The name that a value is, with how much it looks like one."""
    text = re.sub(rf"(?<=[{_HAN}])[ ]+(?=[{_HAN}])", "", fold(value)).strip(" :,.。、_-")
    text = _TITLE_OF_ADDRESS.sub("", text)
    text = re.sub(rf"(?<=[{_HAN}])[.•・・･](?=[{_HAN}])", "·", text)
    if _STRONG.fullmatch(text) and not _NOT_A_NAME.search(text):
        return text, 1.0
    found = re.match(rf"({NAME})(?=[ ,(/]|[A-Za-z]|性别|男|女)", text)  # 王伟 (Wang Wei), 王伟 男
    if _NOT_A_NAME.search(found[1] if found else text):
        return None
    if _WEAK.fullmatch(text):
        return text, 0.8
    return (found[1], 0.85) if found else None


_DIGITS = (
    {char: index for index, char in enumerate("零一二三四五六七八九")}
    | {char: index for index, char in enumerate("〇壹贰叁肆伍陆柒捌玖")}
    | {"两": 2, "貳": 2, "弍": 2}
)
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100}
AMOUNT = r"(?:[0-9OolI]{1,4}(?:[.．][0-9]{1,2})?|[零〇一二三四五六七八九十百两半壹贰叁肆伍陆柒捌玖拾佰]{1,7})"


def amount_of(said: str) -> float | None:
    """The number that is printed: 24, 1.5, 二十四, 贰拾肆; None for what is none. O and l among figures are 0 and 1."""
    said = said.replace("．", ".").strip()
    if re.fullmatch(r"[0-9OolI]{1,4}(?:\.[0-9]{1,2})?", said) and re.search("[0-9]", said):
        return float(said.translate(str.maketrans("OolI", "0011")))
    if said == "半":
        return 0.5
    total, digit = 0, None
    for char in said:
        if char in _TENS:
            total += (1 if digit is None else digit) * _TENS[char]
            digit = None
        elif char in _DIGITS:
            if digit not in (None, 0):
                return None
            digit = _DIGITS[char]
        else:
            return None
    return float(total + (digit or 0)) if said else None


def labelled_amount(value: str, unit: str) -> float | None:
    """The number of a value whose label says what it counts; `unit` is the words that may follow it."""
    text = fold(value).replace(" ", "")
    if found := re.search(rf"({AMOUNT})个?(?:{unit}|(?:credit|class)?hours?|credits?|days?)", text, re.IGNORECASE):
        return _plausible(amount_of(found[1]))
    if re.search("分钟|小时", text) and not re.search(unit, text):
        return None
    found = re.match(rf"[^0-9]{{0,6}}?({AMOUNT})(?:分|[(（、,;]|$)", text) or re.fullmatch(
        rf"[^0-9]{{0,6}}?({AMOUNT}).{{0,4}}", text
    )
    return _plausible(amount_of(found[1])) if found else None


def _plausible(amount: float | None) -> float | None:
    """No proof gives a thousand hours: figures run together do."""
    return amount if amount is not None and 0 < amount < 1000 else None


HOURS_UNIT = "学时|课时|学日寸|学对|节(?!日|水|能|目|约|点)|标准学时"
CREDITS_UNIT = "学分|分"
DAYS_UNIT = "天|日"

_IDENTITY = re.compile(r"[*]{3}|^[1-9][0-9]{16}[0-9Xx]$")  # of a person, masked or whole
_NUMBER = re.compile(r"[A-Za-z0-9\u4e00-\u9fff〔〕\[\](){}【】\-_/.·#]+")


def number_in(value: str) -> str | None:
    """The certificate number that a value is: with figures in it, without a sentence behind it."""
    text = fold(value).replace("【", "[").replace("】", "]")
    text = re.sub(r"[ ]+", "", text)
    text = re.sub(r"^(?:no|n0|№)?[.:]*", "", text, flags=re.IGNORECASE)
    found = _NUMBER.match(text)
    if not found:
        return None
    number = found[0].strip("-_./·")
    if _IDENTITY.search(text):
        return None
    figures = sum(char.isdigit() for char in number)
    if figures < 3 or len(number) > 40:
        return None
    if not re.search("[字第号]", number):  # words behind the number are not of it
        number = re.sub(r"(?<=[0-9])[\u4e00-\u9fff].*$", "", number) if re.match("[A-Za-z0-9]", number) else number
    return number


_PUBLIC = re.compile("公需|公共(?:科目|课)")
_PROFESSIONAL = re.compile(
    "专业(?!技术|人员|人才|资格|职|委|发展|能力|知识|素|标准|学位|硕士|技能|水平|教师|化|性|名称)(?:科目|课程?|类|$|学时|必修|选修|继续|[^\u4e00-\u9fff])"
)


def category_in(value: str) -> Category | None:
    """公需 or 专业, where a value names one of them."""
    text = fold(value).replace(" ", "")
    public, professional = bool(_PUBLIC.search(text)), bool(_PROFESSIONAL.search(text))
    if public == professional:
        return None
    return Category.PUBLIC if public else Category.PROFESSIONAL


def fits(kind: Kind, value: str) -> bool:
    """Whether a value found beside a label can be what the label announces."""
    text = fold(value).strip()
    han = len(re.findall(rf"[{_HAN}]", text))
    match kind:
        case Kind.NAME:
            return name_in(text) is not None
        case Kind.HOURS:
            return labelled_amount(text, HOURS_UNIT) is not None
        case Kind.CREDITS:
            return labelled_amount(text, CREDITS_UNIT) is not None
        case Kind.DAYS:
            return labelled_amount(text, DAYS_UNIT) is not None
        case Kind.DATES | Kind.START | Kind.END | Kind.ISSUED:
            return bool(spans_in(text))
        case Kind.NUMBER:
            return number_in(text) is not None
        case Kind.TITLE:
            return han >= 2 or len(text) >= 5
        case Kind.ORGANIZER | Kind.SIGNER:
            return han >= 3
        case _:
            return True
