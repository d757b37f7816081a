"""One spelling for what a recogniser reads: as long as the text, so that positions agree."""

import re
from functools import cache
from pathlib import Path

_KEPT = "昇甦祐皙乾瞭"  # traditional forms that are written in names and words of today
_SLIPS = {"吋": "时", "吁": "时", "曰": "日", "︰": ":", "∶": ":", "；": ";", "﹕": ":", "|": " ", "｜": " "}


def fold(text: str) -> str:
    """Half-width, simplified, one kind of dash, tilde, colon and bracket; the recogniser's commonest slips mended."""
    return text.translate(_table())


def simplified(text: str) -> str:
    """With the simplified forms of traditional characters that a recogniser sometimes emits, otherwise as printed."""
    return text.translate(_forms())


def bare(text: str) -> str:
    """Only letters, figures and Chinese characters, lower case: how titles and organisers are compared."""
    return re.sub(r"[\W_]+", "", fold(text).lower().replace("○", "〇"))


@cache
def _table() -> dict[int, str]:
    table = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    table |= {ord(dash): "-" for dash in "‐‑‒–—―−﹣─－"} | {ord(tilde): "~" for tilde in "〜～∼˜"}
    table |= {0x3000: " ", 0xA0: " ", ord("【"): "[", ord("】"): "]", ord("﹙"): "(", ord("﹚"): ")"}
    table |= {ord(mark): "〇" for mark in "○◯"} | {ord(mark): "·" for mark in "•・‧∙⋅"}
    table |= {ord(slip): meant for slip, meant in _SLIPS.items()}
    return table | _forms()


@cache
def _forms() -> dict[int, str]:
    data = (Path(__file__).parents[1] / "traditional.txt").read_text(encoding="utf-8")
    lines = [line for line in data.splitlines() if not line.startswith("#")]
    return {ord(pair[0]): pair[1] for line in lines for pair in line.split() if len(pair) == 2 and pair[0] not in _KEPT}
