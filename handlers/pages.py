"""Short first, the rest on request: an answer in pages, what may be tapped next, and what a follow-up is about.

Such a dialog holds nothing up: its draft is {"pages": what is still to be read, "reading": where in a text one is,
"asked": the question that a follow-up takes up, "parked": the dialog beneath}.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from domain.delivery import TEXT_LIMIT, Choice, Reply, ReplyKind
from domain.dialog import Dialog
from handlers import show
from handlers.turn import Outcome, Turn
from wording import say

TOPIC = "pages"
ROOM = TEXT_LIMIT - 160  # bytes left for the line that says there is more
CHOICES = 8  # offered in one menu
LABEL = 30  # characters of a choice: more is a wall of text
_OPEN_FOR = timedelta(hours=2)
_SENTENCE = re.compile(r"[^。；]*[。；]?")


def told(
    turn: Turn,
    lines: Iterable[str],
    rest: Iterable[str] = (),
    choices: Sequence[Choice] = (),
    asked: dict[str, Any] | None = None,
) -> Outcome:
    """`lines` at once, `rest` on 更多; `choices` to tap; a follow-up takes up `asked`."""
    pages = [*cut(lines), *cut(rest)]
    if len(pages) == 1 and not choices and asked is None:
        return show.answer(pages[0])
    return page(turn, pages, {"asked": asked} if asked else {}, choices)


def page(turn: Turn, pages: list[str], kept: dict[str, Any], choices: Sequence[Choice] = ()) -> Outcome:
    """The first page; the others wait in the dialog, with what is `kept` of the question."""
    first, rest = pages[0], pages[1:]
    replies = [show.text(first, say("pages.more") if rest else "")]
    if choices:
        replies.append(Reply(kind=ReplyKind.MENU, text=say("pages.choices"), choices=list(choices[:CHOICES])))
    dialog = Dialog(
        topic=TOPIC,
        draft={"pages": rest, **kept},
        options=[choice.id for choice in choices[:CHOICES]],
        expires_at=turn.now + _OPEN_FOR,
    )
    return Outcome(replies=tuple(replies), dialog=dialog)


def more(turn: Turn) -> Outcome:
    """The next page of what was being read."""
    waiting = list(turn.dialog.draft.get("pages", []))
    if not waiting:
        return show.answer(say("pages.end"))
    return page(turn, waiting, {key: value for key, value in turn.dialog.draft.items() if key in ("asked", "reading")})


def wants_more(turn: Turn) -> bool:
    """更多, while something is being read."""
    return turn.dialog.topic == TOPIC and says_more(turn)


def says_more(turn: Turn) -> bool:
    return turn.message.text.strip("。！!～~ ") in say("pages.words").split()


def choice(kind: str, *parts: str, label: str) -> Choice:
    """Something to tap. Its id says by itself what is meant, so that an old menu still works."""
    short = label if len(label) <= LABEL else f"{label[: LABEL - 1]}…"
    return Choice(id=":".join(("law", kind, *parts)), label=short)


def cut(lines: Iterable[str]) -> list[str]:
    """The lines in as few pages as hold them; a line longer than a page is parted between its sentences."""
    pages: list[str] = []
    for line in lines:
        for piece in _pieces(line):
            longer = f"{pages[-1]}\n{piece}" if pages else piece
            if pages and len(longer.encode()) <= ROOM:
                pages[-1] = longer
            elif piece:
                pages.append(piece)
    return pages


def _pieces(line: str) -> list[str]:
    if len(line.encode()) <= ROOM:
        return [line] if line else []
    pieces = [""]
    for sentence in _SENTENCE.findall(line):
        if len((pieces[-1] + sentence).encode()) <= ROOM:
            pieces[-1] += sentence
        else:
            pieces.append(show.fit(sentence, ROOM))
    return [piece for piece in pieces if piece]
