"""Chinese and Arabic numbers: 一百二 is 120, 3万5 is 35000, 两点五 is 2.5, 廿三 is 23."""

import re

DIGITS = {
    "〇": 0, "零": 0, "一": 1, "幺": 1, "壹": 1, "二": 2, "两": 2, "贰": 2, "俩": 2, "三": 3, "叁": 3, "仨": 3,
    "四": 4, "肆": 4, "五": 5, "伍": 5, "六": 6, "陆": 6, "七": 7, "柒": 7, "八": 8, "捌": 8, "九": 9, "玖": 9,
}  # fmt: skip
INSIDE = frozenset("一二两三四五六七八九十百千万亿几")  # a numeral behind one of these is the rest of a number
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_TWENTIES = {"廿": 20, "卅": 30, "卌": 40}
_MYRIADS = {"万": 10**4, "亿": 10**8, "兆": 10**12}

ARABIC = r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?(?![0-9])|[0-9]{1,15}(?:\.[0-9]{1,8})?"
CHINESE = "[〇零一壹二两贰三叁四肆五伍六陆七柒八捌九玖十拾廿卅卌百佰千仟万亿兆]"
# Inside a run 两 stands only before a unit (两千两百), and 千 of 千米, 千克, 千瓦 belongs to the unit of measure.
_NEXT = (
    "(?:[〇零一壹二贰三叁四肆五伍六陆七柒八捌九玖十拾廿卅卌百佰万亿]|兆(?![字赫瓦帕])|[千仟](?![米克瓦卡])"
    "|两(?=[百佰千仟万亿]))"
)
_RUN = rf"(?:{_NEXT}|两){_NEXT}{{0,31}}+"
# A number as it is written: digits with an optional myriad (3万5, 1.5万), or a run of Chinese numerals.
NUMBER = (
    rf"(?:(?:{ARABIC})(?:e[+-]?[0-9]{{1,2}}(?![0-9])"
    rf"|[多余几来]?(?:[十百万亿]|千(?![米克瓦卡])){{1,3}}(?:零?(?:[0-9]{{1,4}}"
    rf"|[一二两三四五六七八九])[十百千万]{{1,2}}){{0,3}}"
    r"(?:零?[0-9]{1,4}(?![0-9.])|[一二三四五六七八九])?|点[0-9]{1,8})?"
    rf"|{_RUN}(?:点[〇零一二三四五六七八九0-9]{{1,16}}[万亿]?|零?[多余几来][百千万亿]{{1,2}})?|[俩仨]"
    rf"|(?<![0-9])[.][0-9]{{1,8}})"
)
_ABOUT = re.compile("零?[多余几来](?=[十百千万亿])")
_TOKEN = re.compile(rf"{ARABIC}|[.][0-9]+|.")
_PLAIN_DIGITS = re.compile("[〇零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖]{2,}")


def value_of(said: str) -> float | None:
    """The value of `said` (whole numbers as float too), or None when it is no well-formed number."""
    said = _ABOUT.sub("", said)
    if not said:
        return None
    if "e" in said:
        return float(said)
    whole, point, fraction = said.partition("点")
    if point:
        return _with_fraction(whole, fraction)
    if _PLAIN_DIGITS.fullmatch(said):
        about = len(said) == 2 and DIGITS[said[1]] == DIGITS[said[0]] + 1  # 四五: four or five
        return None if about else float(digits_of(said))
    return _sum_of(_TOKEN.findall(said))


def integer_of(said: str) -> int | None:
    """The value of `said` when it is a whole number."""
    value = value_of(said)
    return int(value) if value is not None and value == int(value) else None


def digits_of(said: str) -> int:
    """A year or another number read digit by digit: 二〇二六 is 2026."""
    return int("".join(str(DIGITS.get(char, char)) for char in said))


def _with_fraction(whole: str, fraction: str) -> float | None:
    value = value_of(whole)
    unit = _MYRIADS.get(fraction[-1:], 1)
    digits = fraction.rstrip("万亿")
    if value is None or not digits or not all(char in DIGITS or char.isdigit() for char in digits):
        return None
    return float(f"{int(value)}.{''.join(str(DIGITS.get(char, char)) for char in digits)}") * unit


def _sum_of(tokens: list[str]) -> float | None:
    """The sum of digits and their units. What stands before 万 or 亿 is counted in them (四千零五万, 三万亿); a last
    digit without a unit counts in the next lower one (一百二, 3万5) unless 零 stands before it."""
    done = section = 0.0
    waiting: float | None = None
    unit, zero = 1, False
    for token in tokens:
        number = _number(token)
        if number is not None:
            if waiting:
                return None
            waiting, zero = number, zero or number == 0
        elif token in _TWENTIES:
            section, unit, waiting, zero = section + _TWENTIES[token], 10, None, False
        elif token in _TENS:
            unit, zero = _TENS[token], False
            section, waiting = section + (waiting or 1) * unit, None
        elif token in _MYRIADS:
            done = _counted_in(_MYRIADS[token], done, section + _last(waiting, unit if unit < 10**4 else 1, zero))
            section, unit, waiting, zero = 0.0, _MYRIADS[token], None, False
        else:
            return None
    return done + section + _last(waiting, unit, zero or len(tokens[-1]) > 1)


def _last(digit: float | None, unit: int, plain: bool) -> float:
    """What a digit without a unit of its own counts behind `unit`."""
    if digit is None:
        return 0.0
    return digit if plain or unit <= 10 or digit >= 10 else digit * unit / 10


def _number(token: str) -> float | None:
    if token in DIGITS:
        return float(DIGITS[token])
    return float(token.replace(",", "")) if token[0] in "0123456789." else None


def _counted_in(unit: int, done: float, section: float) -> float:
    """What is done once `section`, and what is done already in smaller units, is counted in `unit`: 三万亿, 四万万."""
    if not section:
        return done * unit if done else unit
    smaller = done if done < unit else done % unit
    return done - smaller + (smaller + section) * unit
