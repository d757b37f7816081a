"""`/verify/<code>` says whether a registration form is ours; `/documents/<code>.pdf` gives it to who holds the link.

Nobody learns more from a code than what the paper's reader must know: whose (masked), which year, the totals, and
whether records have been added since.
"""

from collections.abc import Callable
from datetime import datetime
from html import escape

from aiohttp import web

from bot.html import HEADERS, page, said
from bot.papers import form_pdf
from domain.paper import Form, spaced, typed
from storage.papers import PaperStore
from wording import say


class Verifying:
    """The two pages. `now` is the service's clock."""

    def __init__(self, papers: PaperStore, now: Callable[[], datetime]) -> None:
        self._papers = papers
        self._now = now

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/verify/{code}", self.verify), web.get("/documents/{code}.pdf", self.document)]

    async def verify(self, request: web.Request) -> web.Response:
        code = typed(request.match_info["code"])
        issued = await self._papers.find(code) if code else None
        if issued is None:
            return said("verify.unknown_title", "verify.unknown", 404)
        return page(say("verify.title"), _shown(issued, self._now()))

    async def document(self, request: web.Request) -> web.Response:
        code = typed(request.match_info["code"])
        until, key = request.query.get("until", ""), request.query.get("key", "")
        if code is None or not until.isdecimal() or not self._papers.signed(f"{code} {until}", key):
            return said("verify.bad_link_title", "verify.bad_link", 403)
        if int(until[:12]) < self._now().timestamp():
            return said("verify.old_link_title", "verify.old_link", 410)
        issued = await self._papers.find(code)
        if issued is None:
            return said("verify.unknown_title", "verify.unknown", 404)
        named = {"Content-Disposition": f'inline; filename="{code}.pdf"'}
        return web.Response(body=await form_pdf(issued), content_type="application/pdf", headers={**HEADERS, **named})


def _shown(issued: Form, now: datetime) -> str:
    day = issued.issued_at.astimezone(now.tzinfo)
    told = {
        "verify.code": spaced(issued.code),
        "verify.name": issued.shown["name"] or say("document.not_told"),
        "verify.year": str(issued.year),
        "verify.place": issued.shown["place"],
        "verify.required": issued.shown["required"],
        "verify.verified": issued.shown["verified"],
        "verify.claimed": issued.shown["claimed"],
        "verify.issued": say("date.day_of_year", year=day.year, month=day.month, day=day.day),
    }
    lines = "".join(f"<dt>{escape(say(key))}</dt><dd>{escape(value)}</dd>" for key, value in told.items())
    since = say("verify.changed" if issued.changed else "verify.unchanged")
    return (
        f'<h1 class="good">{escape(say("verify.title"))}</h1><div class="card"><dl>{lines}</dl></div>'
        f'<p>{escape(since)}</p><p class="note">{escape(say("verify.note"))}</p>'
    )
