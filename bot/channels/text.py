"""Text as the platform takes it: only characters that XML and raw JSON can carry, and at most 2048 bytes."""

import re
import unicodedata

from domain.delivery import TEXT_LIMIT, Reply

ELLIPSIS = "…"
# XML 1.0 forbids these. As JSON they would leave as \uXXXX escapes, which custom/send answers with 40033.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_JOINER = "\u200d"


def legal(text: str) -> str:
    """`text` without the characters that XML forbids; line ends become \\n, as any XML parser would make them."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _ILLEGAL.sub("", text)


def cut(text: str, limit: int = TEXT_LIMIT) -> str:
    """`text` in at most `limit` bytes of UTF-8; what is cut off is marked by an ellipsis (itself 3 bytes).

    The cut is never inside a character, nor between one and the marks joined to it.
    """
    encoded = text.encode()
    if len(encoded) <= limit:
        return text
    room = limit - len(ELLIPSIS.encode())
    if room < 0:
        return ""
    kept = encoded[:room].decode(errors="ignore")
    end = len(kept)
    while end and (_joined(text[end]) or text[end - 1] == _JOINER):
        end -= 1
    return (kept[:end] if end else kept) + ELLIPSIS


def as_text(reply: Reply) -> str:
    """What a reply says where only text can go: a menu becomes its question and numbered choices, which are kept
    whole while the question is cut.
    """
    question = legal(reply.text)
    choices = "\n".join(f"{number}. {legal(choice.label)}" for number, choice in enumerate(reply.choices, 1))
    if not choices:
        return cut(question)
    question = cut(question, max(0, TEXT_LIMIT - len(choices.encode()) - 1))
    return cut(f"{question}\n{choices}" if question else choices)


def _joined(character: str) -> bool:
    return (
        character == _JOINER
        or bool(unicodedata.combining(character))
        or unicodedata.category(character)
        in {
            "Mn",
            "Me",
            "Sk",  # the skin tones of emoji
        }
    )
