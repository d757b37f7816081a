"""Days written in figures: 2026-03-05, 8.15-8.17, 24/3/5, 2023-2025年, 90年代."""

import re
from dataclasses import replace

from nlp.dates import DatePhrase
from nlp.datevalues import century, number_of

Found = re.Match[str]
Phrases = tuple[DatePhrase, ...]


def packed(found: Found) -> Phrases:
    digits = found["packed"]
    return (DatePhrase(*found.span(), year=int(digits[:4]), month=int(digits[4:6]), day=int(digits[6:])),)


def day_last(found: Found) -> Phrases:
    """13.5.2015, and 10/31/2015 where only the other order makes a day."""
    return _ordered(found, int(found["ed"]), int(found["em"]), int(found["ey"]))


def _ordered(found: Found, day: int, month: int, year: int) -> Phrases:
    if month > 12:
        day, month = month, day
    return (DatePhrase(*found.span(), year=year, month=month, day=day),) if 0 < month <= 12 and 0 < day <= 31 else ()


def short(found: Found) -> Phrases:
    """24-3-5 is year, month and day where that makes a day and the year has two digits; else the day stands first."""
    first, second, third = found["s1"], int(found["s2"]), int(found["s3"])
    if found["ss"] == "." and not 20 <= int(first) <= 35:  # 10.15.7 is a version of something
        return ()
    if len(first) == 2 and 0 < second <= 12 and 0 < third <= 31:
        return _ordered(found, third, second, century(int(first)))
    return _ordered(found, int(first), second, century(third)) if len(found["s3"]) == 2 and found["ss"] != "." else ()


def year_first(found: Found) -> Phrases:
    year, month, day, last = int(found["ay"]), int(found["am"]), number_of(found["ad"]), number_of(found["ad2"])
    if found["sep"] == " " and day is None:
        return ()
    phrase = DatePhrase(*found.span(), year=year, month=month, day=day, last_day=last)
    if found["am2"]:
        if day is None:
            return (replace(phrase, end=found.end("am"), last_day=None),)
        until = DatePhrase(*found.span(), month=number_of(found["am2"]), day=last)
        return (replace(phrase, last_day=None, until=until),)
    if last is not None and day is None:  # 2026.8-9 is from month to month, 2026.8-15 a day
        if month < last <= 12:
            return (replace(phrase, last_day=None, last_month=last),)
        return (replace(phrase, day=last, last_day=None),)
    return (phrase,)


def years(found: Found) -> Phrases:
    if found["yboth"]:
        first = -1 if found["yboth"][0] == "去" else 0
        return (DatePhrase(*found.span(), year_shift=first, until=DatePhrase(*found.span(), year_shift=first + 1)),)
    if found["yalone"]:
        return (DatePhrase(*found.span(), year=int(found["yalone"])),)
    first = int(found["yspan"] or found["yslast"] or found["ys"])
    last = int(found["yspan2"] or found["yslast2"] or found["ys2"])
    last += first // 100 * 100 if last < 100 else 0
    if found["yslast"] and last != first + 1:
        return (DatePhrase(*found.span(), year=first), DatePhrase(*found.span(), year=last))
    if "学年" in found[0] and last == first + 1:
        return (DatePhrase(*found.span(), year=first, month=9, until=DatePhrase(*found.span(), year=last, month=8)),)
    return (DatePhrase(*found.span(), year=first, until=DatePhrase(*found.span(), year=last)),) if last >= first else ()


def decade(found: Found) -> Phrases:
    tens, age = number_of(found["decade"]) or 0, found["century"]
    if age is None:
        first = (1900 if tens >= 30 else 2000) + tens
    else:
        first = {"上": 1900, "上个": 1900, "本": 2000}.get(age, ((number_of(age) or 20) - 1) * 100) + tens
    last = first + 9
    part = found["dpart"] or ""
    if part[:1] in ("末", "后"):
        first = last - 2
    elif part[:1] in ("初", "前"):
        last = first + 2
    return (DatePhrase(*found.span(), year=first, until=DatePhrase(*found.span(), year=last)),) if first > 0 else ()


def numeric(found: Found) -> Phrases:
    """8.15, 8/15, 8.15-8.17. A lone 3.5 or 1.10 is a number."""
    month, day = number_of(found["nm"]), number_of(found["nd"])
    alone = found.end() - found.start() == len(found.string) and not re.fullmatch("[0-9]{2}-[0-9]{2}", found[0])
    if not found["nd2"] and (len(found["nd"]) < 2 or alone) and found["ns"] not in "/·" and found[0][-1] not in "日号":
        return ()
    first = DatePhrase(*found.span(), month=month, day=day)
    if found["nm2"]:
        return (
            replace(first, until=DatePhrase(*found.span(), month=number_of(found["nm2"]), day=number_of(found["nd2"]))),
        )
    return (replace(first, last_day=number_of(found["nd2"])),)
