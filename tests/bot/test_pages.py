"""The texts on the web: every article can be linked to, nothing of them is taken for HTML, headers are strict."""

import re
from collections.abc import AsyncIterator
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.pages import Pages
from rules.articles import Texts
from rules.book import load
from rules.ruling import Citation

BOOK = load()
TEXTS = Texts(BOOK, published_at="https://hours.example.test/")
Client = TestClient[web.Request, web.Application]


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    app = web.Application()
    app.add_routes(Pages(TEXTS).routes())
    async with TestClient(TestServer(app)) as client:
        yield client


class Tags(HTMLParser):
    """The ids, the links within the page, and which tags are left open."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if named.get("id"):
            self.ids.append(str(named["id"]))
        if str(named.get("href", "")).startswith("#"):
            self.links.append(str(named["href"])[1:])
        if tag not in {"meta", "!doctype", "br", "link"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("place", sorted(BOOK.places))
async def test_a_page_holds_every_article_once_and_nothing_dangles(client: Client, place: str) -> None:
    response = await client.get(f"/rules/{place}")
    assert response.status == 200
    text = await response.text()
    tags = Tags()
    tags.feed(text)
    assert tags.open == []
    assert len(tags.ids) == len(set(tags.ids))
    assert set(tags.links) == set(tags.ids)
    shown = "".join(unescape(re.sub("<[^>]+>", "", text)).split())
    for source in BOOK.place(place).documents:
        for one in TEXTS.pages(place, source.key):
            assert "".join(one.text.split()) in shown
            assert TEXTS.anchor(place, one.citation) in tags.ids


@pytest.mark.parametrize("address", ["/rules", "/rules/", "/rules/jilin", "/rules/atlantis"])
async def test_headers_are_strict_and_there_is_no_script(client: Client, address: str) -> None:
    response = await client.get(address)
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    text = await response.text()
    assert "<script" not in text
    assert "prefers-color-scheme:dark" in text
    assert 'name="viewport"' in text


async def test_the_index_lists_every_place_and_says_what_is_a_summary(client: Client) -> None:
    text = await (await client.get("/rules")).text()
    assert all(f'href="/rules/{code}"' in text for code in BOOK.places)
    assert "全文" in text
    assert "摘要" in text


async def test_a_summary_says_that_it_is_one(client: Client) -> None:
    assert "以上为摘要" in await (await client.get("/rules/national")).text()
    assert "没有收录全文" in await (await client.get("/rules/guangdong")).text()


@pytest.mark.parametrize("place", ["atlantis", "%3Cscript%3Ealert(1)%3C%2Fscript%3E", "..%2f..%2fetc", "jilin%00"])
async def test_a_place_that_is_none_is_not_found_and_never_echoed(client: Client, place: str) -> None:
    response = await client.get(f"/rules/{place}")
    assert response.status == 404
    assert "alert" not in await response.text()


def test_what_a_text_says_is_not_html(tmp_path: Path) -> None:
    (tmp_path / "jilin.txt").write_text("第一条　<script>alert(1)</script>&amp;\n", "utf-8")
    written = Pages(Texts(BOOK, folder=tmp_path))._document("jilin", BOOK.place("jilin").documents[0])
    assert "<script" not in written
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;" in written


def test_an_address_leads_to_the_article_of_a_citation() -> None:
    assert TEXTS.address("jilin", Citation("decree-267", "第十一条第二款")) == (
        "https://hours.example.test/rules/jilin#decree-267-11"
    )
    assert TEXTS.address("jilin", Citation("order-25", "第八条")).startswith(
        "https://hours.example.test/rules/national#order-25-"
    )
    assert Texts(BOOK).address("jilin", Citation("decree-267", "第十一条")) == ""
