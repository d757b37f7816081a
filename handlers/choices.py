"""Which of the offered options an answer picks: by a tapped menu item, or by its number."""

from handlers.turn import Turn

_NUMBERS = {name: at for at, name in enumerate("一二三四五六七八九", 1)}


def chosen(turn: Turn) -> str | None:
    """The option that was tapped or named by number, or None."""
    options = turn.dialog.options
    tapped = turn.message.details.get("menu_choice")
    if tapped in options:
        return str(tapped)
    index = _index(turn.message.text)
    return options[index - 1] if index is not None and 1 <= index <= len(options) else None


def _index(text: str) -> int | None:
    word = text.strip(" 　。.、,，！!第个条选号")
    if word.isdecimal() and len(word) <= 2:
        return int(word)
    return _NUMBERS.get(word)
