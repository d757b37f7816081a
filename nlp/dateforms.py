"""From the words of one form of date to what they say: one function a form of `nlp.daywords`.

Each takes the match and gives the phrases in it: none when the words turn out to name no day, several for a list of
days (9月1、8、15号). Those in figures are in `nlp.figures`, those near today in `nlp.nearforms`.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

from nlp import figures, nearforms
from nlp.dates import DatePhrase, Pick
from nlp.datevalues import UNITS, WEEKDAYS, in_year, number_of, shift_of
from nlp.daywords import DAY

Found = re.Match[str]
Phrases = tuple[DatePhrase, ...]
_DAYS = re.compile(DAY)


def phrases_of(found: Found) -> Phrases:
    """The phrases that a match of `daywords.POINT` says, without those that name no day of any month."""
    form = found.lastgroup or ""
    said = _FORMS[form](found)
    return tuple(phrase for phrase in said if _possible(phrase))


def pick_of(found: Found) -> Pick | None:
    """The part that a match of `daywords.PICK` picks out."""
    if found["wd2"]:
        return Pick(1, 1, "week", WEEKDAYS[found["wd2"]])
    if found["way"]:
        count = number_of(found["n"]) or 0
        if not 0 < count <= 366:
            return None
        return Pick(-count if found["way"] in ("最后", "后") else 1, count, UNITS[found["u2"]])
    which = -1 if found["last"] else number_of(found["nth"]) if found["nth"] else 1
    if which is None or which == 0 or which > 366:
        return None
    weekday, unit = found["wd"], UNITS[found["u"]]
    if weekday and unit == "week":
        return Pick(which, 1, "weekend" if weekday == "末" else "weekday", WEEKDAYS[weekday])
    return None if weekday else Pick(which, 1, unit)


def _possible(phrase: DatePhrase) -> bool:
    return (phrase.day or 1) <= 31 and (phrase.last_day or 1) <= 31 and (phrase.month or 1) <= 12


def _lunar(found: Found) -> Phrases:
    if found["newyear"]:
        return (DatePhrase(*found.span(), month=1, day=number_of(found["newyear"]), lunar=True),)
    phrase = DatePhrase(
        *found.span(), month=number_of(found["lm"]), day=number_of(found["ld"]), last_day=number_of(found["ld2"]),
        lunar=True, leap_month=bool(found["lleap"]),
    )  # fmt: skip
    return (in_year(phrase, found["ly"] or _before_lunar(found[0])),)


def _before_lunar(said: str) -> str | None:
    """The year of 2015年农历正月."""
    return re.split("农历|阴历|旧历", said)[0] if re.search("农历|阴历|旧历", said) else None


def _months(found: Found) -> Phrases:
    phrase = DatePhrase(
        *found.span(), month=number_of(found["m"]), last_month=number_of(found["m2"]), part=found["part"],
        day=number_of(found["d"]), last_day=number_of(found["d2"]),
    )  # fmt: skip
    if found["mnext"]:  # 七八月
        phrase = replace(phrase, last_month=(phrase.month or 0) + 1)
    return _listed(in_year(phrase, found["y"]), found["dmore"])


def _listed(phrase: DatePhrase, more: str | None) -> Phrases:
    """The days of a list: neighbouring ones are one stretch (15、16号), others several days."""
    if more and len(more) == 1:  # 五六号
        return (replace(phrase, last_day=(phrase.day or 0) + 1),)
    days = [phrase.day or 0, *(number_of(said) or 0 for said in _DAYS.findall(more or ""))]
    if len(days) == 1:
        return (phrase,)
    if all(after == before + 1 for before, after in pairwise(days)):
        return (replace(phrase, last_day=days[-1]),)
    return tuple(replace(phrase, day=day) for day in days)


def _shifted_month(found: Found) -> Phrases:
    phrase = DatePhrase(
        *found.span(), month_shift=shift_of(found["mr"]), day=number_of(found["rd"]), part=found["rpart"],
        last_day=number_of(found["rd2"] or found["rd3"]),
    )  # fmt: skip
    return (in_year(phrase, found["ry"]),)


def _part_of_year(found: Found) -> Phrases:
    phrase = DatePhrase(
        *found.span(),
        half=None if found["h"] is None else 1 if found["h"] == "上" else 2,
        half_shift=shift_of(found["hr"]) if found["hr"] else None,
        quarter=1 if found["qfirst"] else number_of(found["q"] or found["q_"] or found["qq"]),
        quarter_shift=shift_of(found["qr"]) if found["qr"] else None,
        picks=(Pick(1 if found["qpart"] == "初" else -1, 1, "month"),) if found["qpart"] else (),
    )
    if found["qlast"]:
        last = DatePhrase(*found.span(), quarter=number_of(found["qlast"]))
        phrase = replace(phrase, until=in_year(last, found["qy"]))
    return (in_year(phrase, found["qy"]),)


def _turn(found: Found) -> Phrases:
    if found["iny"]:
        return (DatePhrase(*found.span(), year_shift=0),)
    if found["yp"]:
        return (DatePhrase(*found.span(), part="年" + found["yp"]),)
    return (DatePhrase(*found.span(), part=found["mp"] or found["hm"] or found["hp"]),)


def _year_part(found: Found) -> Phrases:
    if found["summer"]:
        return (DatePhrase(*found.span(), season="暑"),)
    phrase = in_year(DatePhrase(*found.span()), found["py"])
    if found["pyh"]:
        return (replace(phrase, half=1 if found["pyh"] == "前" else 2),)
    if found["season"]:
        return (replace(phrase, season=found["season"]),)
    return (replace(phrase, part="年" + ("初" if found["pyp"] == "伊始" else found["pyp"])),)


def _festival(found: Found) -> Phrases:
    stretch = (found["fs"] or "当天") not in ("当天", "那天", "当日", "那日", "那一日", "前后")
    return (in_year(DatePhrase(*found.span(), festival=found["fest"], stretch=stretch), found["fy"]),)


def _bare_year(found: Found) -> Phrases:
    return (in_year(DatePhrase(*found.span()), found["yy"]),)


def _bare_day(found: Found) -> Phrases:
    phrase = DatePhrase(*found.span(), day=number_of(found["do"]), last_day=number_of(found["do2"]))
    return _listed(phrase, found["domore"])


_FORMS: dict[str, Callable[[Found], Phrases]] = {
    "packed_": figures.packed,
    "day_last": figures.day_last,
    "year_first": figures.year_first,
    "years": figures.years,
    "short": figures.short,
    "decade_": figures.decade,
    "numeric": figures.numeric,
    "window": nearforms.window,
    "distance": nearforms.distance,
    "weekdays": nearforms.weekdays,
    "relative": nearforms.relative,
    "lunar": _lunar,
    "months": _months,
    "shifted_month": _shifted_month,
    "part_of_year": _part_of_year,
    "festival": _festival,
    "year_part": _year_part,
    "turn": _turn,
    "year": _bare_year,
    "bare_day": _bare_day,
}
