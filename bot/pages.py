"""The texts as web pages: `/rules` lists the places, `/rules/<place>` holds their documents with an anchor per article.

Everything is public and the same for everybody: nothing of a person is read, and a page may be kept by who fetched it.
"""

from functools import lru_cache
from html import escape

from aiohttp import web

from bot.html import page, said
from rules.articles import Article, Texts
from rules.book import NATIONAL
from rules.values import Document
from wording import say

KEPT_SECONDS = 3600
_STYLE = """<style>nav a{margin-right:.7rem;white-space:nowrap}h2{font-size:1.1rem;margin:1.6rem 0 .4rem}
h3{font-size:1rem;margin:0 0 .2rem;color:var(--accent)}article{padding:.6rem .8rem;margin:.3rem 0;border-radius:10px;
scroll-margin-top:.6rem}article p{margin:.2rem 0}article:target{background:var(--paper);outline:2px solid var(--accent)}
li{margin:.3rem 0}</style>"""


class Pages:
    """The pages over the texts of a book. They are written when first asked for, and kept."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._place = lru_cache(maxsize=None)(self._written)  # as many as the book has places

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/rules", self.places), web.get("/rules/", self.places), web.get("/rules/{place}", self.place)]

    async def places(self, _request: web.Request) -> web.Response:
        """Every place, with what we hold of it."""
        lines = "".join(self._listed(code) for code in self._texts.book.places)
        body = f"{_STYLE}<h1>{_say('rules_page.index')}</h1><div class='card'><ul>{lines}</ul></div>"
        return _kept(page(say("rules_page.index"), body))

    async def place(self, request: web.Request) -> web.Response:
        """The documents of one place."""
        code = request.match_info["place"]
        if code not in self._texts.book.places:
            return said("rules_page.unknown_title", "rules_page.unknown", 404)
        name = self._texts.book.place(code).name
        return _kept(page(say("rules_page.title", place=name), self._place(code)))

    def _listed(self, code: str) -> str:
        place = self._texts.book.place(code)
        whole = any(one.text and not one.summary for one in place.documents)
        held = _say("rules_page.whole" if whole else "rules_page.summary_only")
        return f'<li><a href="/rules/{escape(code)}">{escape(place.name)}</a> <span class="note">{held}</span></li>'

    def _written(self, code: str) -> str:
        place = self._texts.book.place(code)
        parts = [_STYLE, f"<h1>{escape(say('rules_page.title', place=place.name))}</h1>"]
        parts += [self._document(code, source) for source in place.documents]
        if place.unknown:
            unknown = "".join(f"<li>{escape(one)}</li>" for one in place.unknown)
            parts.append(f"<h2>{_say('rules_page.unknown_facts')}</h2><ul>{unknown}</ul>")
        national = "" if code == NATIONAL else f' · <a href="/rules/{NATIONAL}">{_say("rules_page.national")}</a>'
        parts.append(f'<p class="note"><a href="/rules">{_say("rules_page.index")}</a>{national}</p>')
        return "".join(parts)

    def _document(self, place: str, source: Document) -> str:
        named = " · ".join(filter(None, [source.number, source.issuer]))
        head = f'<section><h2>《{escape(source.title)}》</h2><p class="note">{escape(named)}</p>'
        articles = self._texts.pages(place, source.key)
        if not articles:
            return f'{head}<p class="note">{_say("rules_page.no_text")}</p></section>'
        note = f'<p class="note">{_say("policy.summary_note")}</p>' if source.summary else ""
        anchors = [self._texts.anchor(place, one.citation) for one in articles]
        labels = [escape(one.notation.removeprefix(source.prefix)) for one in articles]
        index = "".join(f'<a href="#{anchor}">{label}</a>' for anchor, label in zip(anchors, labels, strict=True))
        body, heading = "", ""
        for anchor, label, one in zip(anchors, labels, articles, strict=True):
            if one.heading != heading:
                heading = one.heading
                body += f"<h2>{escape(heading)}</h2>" if heading else ""
            body += _article(anchor, label, one)
        contents = f"<details><summary>{_say('rules_page.contents')}</summary><nav>{index}</nav></details>"
        return f"{head}{note}{contents}{body}</section>"


def _article(anchor: str, label: str, one: Article) -> str:
    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in one.text.split("\n"))
    return f'<article id="{escape(anchor)}"><h3>{label}</h3>{paragraphs}</article>'


def _say(key: str) -> str:
    return escape(say(key))


def _kept(response: web.Response) -> web.Response:
    response.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    return response
