"""From a page of lines to what the proof says."""

import re

from nlp.proofs.page import Page
from nlp.proofs.proof import Activity, Proof

_NAME = re.compile(r"姓\s*名\s*[:：]\s*([\u4e00-\u9fff·]{2,8})")


def extract(page: Page, holder: str | None = None) -> Proof:
    """What the page says. `holder` is whose row is meant when the page lists several people."""
    text = "\n".join(line.text for line in page.lines)
    named = _NAME.search(text)
    sure = sum(line.sure for line in page.lines) / len(page.lines) if page.lines else 0.0
    return Proof(
        activities=(Activity(),),
        name=named[1] if named else None,
        qr=page.codes[0] if page.codes else None,
        legibility=round(sure, 3),
        confidence={"name": 0.9} if named else {},
    )
