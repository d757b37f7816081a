"""Splitting a regulation into provisions: numbered articles (第十一条), or sections (二（二）) where it has none.

The files are kept as they were published, also with the line breaks and bullets of their scans; what belongs together
is joined here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_NUMBER = "[一二三四五六七八九十百]+"
_CHAPTER = re.compile(rf"第{_NUMBER}章")
_ARTICLE = re.compile(rf"(第{_NUMBER}条|令第\d+号公布令)\s*")
_SECTION = re.compile(rf"({_NUMBER})、\s*")
_ITEM = re.compile(rf"（({_NUMBER})）\s*")
_POINT = re.compile(r"(\d{1,2})[.．、]\s*(?!\d)")
_ENDS = "。；：;:"
_TITLE_LENGTH = 33  # a longer line after （一） is already the provision itself


@dataclass(slots=True)
class Item:
    """（一） of a paragraph, with its points 1. 2. 3."""

    label: str
    text: str
    points: list[str] = field(default_factory=list)

    @property
    def whole(self) -> str:
        return "\n".join([f"（{self.label}）{self.text}", *self.points])


@dataclass(slots=True)
class Paragraph:
    text: str
    items: list[Item] = field(default_factory=list)

    @property
    def whole(self) -> str:
        return "\n".join(filter(None, [self.text, *(item.whole for item in self.items)]))


@dataclass(slots=True)
class Provision:
    """One article or section: the chapter it stands under, and its paragraphs (款, 段)."""

    heading: str
    paragraphs: list[Paragraph] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(paragraph.whole for paragraph in self.paragraphs)

    def part(self, paragraph: int | None, item: str | None, point: int | None) -> str | None:
        """The text of a part, None when there is no such part. An item may be named without its paragraph."""
        chosen = self.paragraphs
        if paragraph is not None:
            chosen = chosen[paragraph - 1 : paragraph] if paragraph > 0 else []
        if item is None:
            return "\n".join(one.whole for one in chosen) or None
        items = [one for each in chosen for one in each.items if one.label == item]
        if len(items) != 1:
            return None
        if point is None:
            return items[0].whole
        return items[0].points[point - 1] if 0 < point <= len(items[0].points) else None

    def passages(self, label: str) -> Iterator[tuple[str, str]]:
        """The paragraphs with their notation, for reading and searching; a single paragraph is the whole provision."""
        section = "第" not in label
        for at, paragraph in enumerate(self.paragraphs, 1):
            if len(self.paragraphs) == 1:
                yield label, paragraph.whole
            else:
                yield (f"{label}第{at}段" if section else f"{label}第{_written(at)}款"), paragraph.whole


def split(whole: str, begins: str = "", until: str = "") -> dict[str, Provision]:
    """The provisions of one document by label.

    A file may hold a notice and its annex: `begins` are the first words of the document in it, `until` the first words
    after it.
    """
    if begins:
        whole = whole[max(whole.find(begins), 0) :]
    if until:
        whole = whole.partition(until)[0]
    lines = list(_lines(whole))
    return _articles(lines) if any(_ARTICLE.match(line) for line in lines) else _sections(lines)


def _lines(whole: str) -> Iterator[str]:
    """The text's own lines: trimmed, bullets off, half-width marks made full, broken lines joined."""
    held = ""
    for raw in whole.splitlines():
        line = re.sub(r"^\(([一二三四五六七八九十]+)\)", r"（\1）", raw.strip().removeprefix("- ").strip())
        if not line:
            continue
        if held and (_starts(line) or held[-1] in _ENDS or _CHAPTER.match(held) or _is_title(held)):
            yield held
            held = line
        else:
            held += line
    if held:
        yield held


def _starts(line: str) -> bool:
    return any(mark.match(line) for mark in (_CHAPTER, _ARTICLE, _SECTION, _ITEM, _POINT))


def _is_title(line: str) -> bool:
    """A section's title stands alone on its line: 二、… or （一）…, short and one sentence at most."""
    opens = _SECTION.match(line) or _ITEM.match(line)
    return bool(opens) and len(line) <= _TITLE_LENGTH and "。" not in line[:-1] and not line.endswith("：")


def _articles(lines: list[str]) -> dict[str, Provision]:
    found: dict[str, Provision] = {}
    heading, current = "", None
    for line in lines:
        if _CHAPTER.match(line):
            heading = re.sub(r"\s+", " ", line)
            continue
        start = _ARTICLE.match(line)
        if start:
            current = found.setdefault(start[1], Provision(heading))
        if current is not None:
            _add(current, line[start.end() :].strip() if start else line)
    return found


def _add(provision: Provision, line: str) -> None:
    """A line of an article: an item or point of the last paragraph, or a paragraph of its own."""
    item, point = _ITEM.match(line), _POINT.match(line)
    if not provision.paragraphs and (item or point):
        provision.paragraphs.append(Paragraph(""))
    if item:
        provision.paragraphs[-1].items.append(Item(item[1], line[item.end() :]))
    elif point and provision.paragraphs[-1].items:
        provision.paragraphs[-1].items[-1].points.append(line)
    elif line:
        provision.paragraphs.append(Paragraph(line))


def _sections(lines: list[str]) -> dict[str, Provision]:
    """Sections 一、 with parts （一）; a part stands by itself, with the section's title in its heading."""
    found: dict[str, Provision] = {}
    section = title = ""
    current: Provision | None = None
    for line in lines:
        start = _SECTION.match(line)
        if start:
            section, (title, _, inline) = start[1], line[start.end() :].partition("。")
            current = found.setdefault(section, Provision(title))
            for text in _inline(inline):
                _place(found, current, section, title, text)
        elif current is not None:
            current = _place(found, current, section, title, line)
    return {label: provision for label, provision in found.items() if provision.paragraphs}


def _place(found: dict[str, Provision], current: Provision, section: str, title: str, line: str) -> Provision:
    """Puts a line where it belongs: a part （一） of its own, or a paragraph of what is being read."""
    mark = _ITEM.match(line)
    if mark is None and _POINT.match(line) and current.paragraphs:
        current.paragraphs[-1].text += f"\n{line}"
        return current
    if mark is None:
        current.paragraphs.append(Paragraph(line))
        return current
    text = line[mark.end() :]
    only_title = _is_title(line)
    name = text.rstrip("。") if only_title else ""
    part = found.setdefault(f"{section}（{mark[1]}）", Provision(f"{title} {name}".strip()))
    if not only_title:
        part.paragraphs.append(Paragraph(text))
    return part


def _inline(text: str) -> list[str]:
    """A section whose parts follow on the same line: its own sentence, then （一）…, （二）…"""
    return [part for part in re.split(rf"(?=（{_NUMBER}）)", text) if part.strip()]


def _written(number: int) -> str:
    return "零一二三四五六七八九十"[number]
