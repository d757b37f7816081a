"""XML as the platform writes it, and a strict reader for what comes back."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias
from xml.parsers import expat

Value: TypeAlias = "str | int | float | Mapping[str, Value] | Sequence[Value]"

_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DEPTH = 5


class BrokenMarkup(ValueError):
    """XML that the platform refuses; the argument says why."""


@dataclass
class Node:
    """An element: its tag, its text (CDATA joined) and its children in order."""

    tag: str
    text: str = ""
    children: list["Node"] = field(default_factory=list)

    def child(self, tag: str) -> "Node | None":
        return next((node for node in self.children if node.tag == tag), None)

    def value(self, tag: str) -> str:
        """The text of a child; empty if there is none."""
        node = self.child(tag)
        return node.text if node else ""


def legal(text: str) -> str:
    """The text without characters that XML 1.0 cannot carry."""
    return _ILLEGAL.sub("", text)


def render(fields: Mapping[str, Value]) -> bytes:
    """`<xml>…</xml>` in UTF-8: strings in CDATA (split at its own end), numbers bare, lists as repeated elements."""
    return f"<xml>{_elements(fields)}</xml>".encode()


def parse(body: bytes) -> Node:
    """The root of a reply; BrokenMarkup unless UTF-8 XML with the root `xml`, no DTD, attributes or repeated fields."""
    reader = _Reader()
    try:
        reader.parser.Parse(body, True)
    except (expat.ExpatError, UnicodeError) as error:
        raise BrokenMarkup("not well-formed XML") from error
    root = reader.root
    if root is None or root.tag != "xml":
        raise BrokenMarkup("the root element is not <xml>")
    tags = [node.tag for node in root.children]
    if len(tags) != len(set(tags)):
        raise BrokenMarkup("a field occurs twice")
    return root


def _elements(fields: Mapping[str, Value]) -> str:
    parts = []
    for tag, value in fields.items():
        repeated = isinstance(value, Sequence) and not isinstance(value, str)
        for one in value if repeated else [value]:  # type: ignore[union-attr]
            parts.append(f"<{tag}>{_content(one)}</{tag}>")
    return "".join(parts)


def _content(value: Value) -> str:
    match value:
        case str():
            return f"<![CDATA[{legal(value).replace(']]>', ']]]]><![CDATA[>')}]]>"
        case int():
            return str(value)
        case float():
            return f"{value:.6f}"
        case Mapping():
            return _elements(value)
    raise TypeError(f"no XML for {type(value).__name__}")


class _Reader:
    def __init__(self) -> None:
        self.root: Node | None = None
        self._open: list[Node] = []
        self.parser = expat.ParserCreate(encoding="utf-8")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._doctype

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if attributes:
            raise BrokenMarkup("an element carries attributes")
        if len(self._open) >= _DEPTH:
            raise BrokenMarkup("nested too deeply")
        node = Node(tag)
        if self._open:
            self._open[-1].children.append(node)
        else:
            self.root = node
        self._open.append(node)

    def _end(self, _tag: str) -> None:
        self._open.pop()

    def _text(self, text: str) -> None:
        self._open[-1].text += text

    def _doctype(self, *_declaration: object) -> None:
        raise BrokenMarkup("a document type declaration")
