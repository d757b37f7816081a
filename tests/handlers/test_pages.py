"""Short first, the rest on request: nothing is lost between the pages, and every bubble fits."""

from hypothesis import given
from hypothesis import strategies as st

from domain.delivery import TEXT_LIMIT
from handlers import pages, reading
from handlers.pages import ROOM
from handlers.turn import Outcome, Turn
from tests.handlers.turns import BOOK, TEXTS, turn

LINES = st.lists(st.text(alphabet="甲乙丙a1。；，\u3000", max_size=400), max_size=12)


@given(LINES)
def test_pages_hold_every_word_and_fit(lines: list[str]) -> None:
    cut = pages.cut(lines)
    assert all(len(page.encode()) <= ROOM for page in cut)
    kept = "".join(page.replace("\n", "") for page in cut)
    if all(len(sentence.encode()) <= ROOM for line in lines for sentence in line.split("。")):
        assert kept == "".join(lines)


def read_on(first: Turn, outcome: Outcome) -> list[str]:
    """Every bubble from the first answer to the last page."""
    heard = [outcome.replies[0].text]
    while outcome.dialog is not None and outcome.dialog.draft.get("pages"):
        outcome = pages.more(turn("更多", dialog=outcome.dialog))
        heard.append(outcome.replies[0].text)
    return heard


def test_every_text_can_be_read_to_its_end_in_bubbles_that_fit() -> None:
    for place in BOOK.places.values():
        for source in place.documents:
            articles = TEXTS.pages(place.code, source.key)
            if not articles:
                continue
            asked = turn("看原文", region=place.code)
            heard = read_on(asked, reading.pick(asked, place.code, source.key, "0"))
            assert all(len(bubble.encode()) <= TEXT_LIMIT for bubble in heard)
            whole = "".join("".join(heard).split())
            assert all("".join(one.text.split())[:60] in whole for one in articles)


def test_the_end_is_said() -> None:
    assert "没有更多" in pages.more(turn("更多")).replies[0].text
