"""Days told by their distance from today: 上周三, 昨天, 三天前, 最近一周."""

import re
from dataclasses import replace

from nlp.dates import DatePhrase
from nlp.datevalues import WEEKDAYS, count_of, shift_of

Found = re.Match[str]
Phrases = tuple[DatePhrase, ...]
_PAIRS = {"昨今": (-1, 0), "今明": (0, 1), "前昨": (-2, -1), "昨前": (-2, -1), "明后": (1, 2)}
_MOST = 4000  # of any unit


def weekdays(found: Found) -> Phrases:
    if found["ws"]:
        return (DatePhrase(*found.span(), week_shift=shift_of(found["ws"])),)
    if found["hw"]:  # Monday to Wednesday, Thursday to Sunday
        first, last = (1, 3) if found["hw"] == "上" else (4, 7)
        return (DatePhrase(*found.span(), week_shift=0, weekday=first, last_weekday=last),)
    if not found["wd"]:  # 双休日
        return (DatePhrase(*found.span(), weekday=6, last_weekday=7),)
    phrase = DatePhrase(
        *found.span(), week_shift=shift_of(found["wr"]) if found["wr"] else None, weekday=WEEKDAYS[found["wd"]]
    )
    said = found["wd2"] or ("末" if found["wd"] == "末" else None)
    if said:
        return (replace(phrase, last_weekday=7 if said == "末" else WEEKDAYS[said]),)
    return _neighbours(phrase, found)


def _neighbours(phrase: DatePhrase, found: Found) -> Phrases:
    """周三周四, 周六日 and 周一二三 are stretches, 周二、周四 two days."""
    weekday = phrase.weekday or 1
    run = [WEEKDAYS[said] for said in found["wd3"] or found["run"] or ""]
    if run == list(range(weekday + 1, weekday + 1 + len(run))):
        return (replace(phrase, last_weekday=run[-1]) if run else phrase,)
    if found["run"]:
        return (replace(phrase, end=found.start("run")),)
    return (phrase, replace(phrase, weekday=run[0]))


def relative(found: Found) -> Phrases:
    if found["pair"]:
        first, last = _PAIRS[found["pair"]]
        return (DatePhrase(*found.span(), day_shift=first, last_day_shift=last),)
    said = found["rel"]
    if said.startswith("大"):
        far = 2 + said.count("大")
        return (DatePhrase(*found.span(), day_shift=far if "后" in said else -far),)
    shift = {"今": 0, "本": 0, "现": 0, "目": 0, "昨": -1, "前": -2, "明": 1, "后": 2}[said[0]]
    return (DatePhrase(*found.span(), day_shift=shift),)


def distance(found: Found) -> Phrases:
    count, unit = count_of(found["on"], found["ou"])
    if count is None or count > _MOST:
        return ()
    if found["within"]:
        return (DatePhrase(*found.span(), day_shift=0, until=DatePhrase(*found.span(), window=(count, unit, 1))),)
    if found["since"]:
        return (DatePhrase(*found.span(), window=(count, unit, -1)),)
    return (DatePhrase(*found.span(), offset=(count, unit, 1 if found["od"] == "后" else -1)),)


def window(found: Found) -> Phrases:
    count, unit = count_of(found["wn"], found["wu"])
    if count is None or count > _MOST:
        return ()
    if found["way"] == "再过":
        return (DatePhrase(*found.span(), offset=(count, unit, 1)),)
    ahead = found["way"][0] in "未今接往后下"
    if found["way"][0] in "上下" and unit == "week":  # 上两周 are whole weeks
        first, last = (1, int(count)) if ahead else (-int(count), -1)
        return (DatePhrase(*found.span(), week_shift=first, until=DatePhrase(*found.span(), week_shift=last)),)
    return (DatePhrase(*found.span(), window=(count, unit, 1 if ahead else -1)),)
