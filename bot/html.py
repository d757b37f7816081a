"""A page for a phone: one look, strict headers, no scripts."""

from html import escape

from aiohttp import web

from wording import say

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
_STYLE = """
:root{color-scheme:light dark;--ink:#1c2733;--faint:#66717d;--paper:#fff;--ground:#f4f7f8;--rule:#d5dce1;
--accent:#0b6b53}
@media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--faint:#9aa7b4;--paper:#171d23;--ground:#0e1317;--rule:#2c363f;
--accent:#5cc8a8}}
*{box-sizing:border-box}body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.7 system-ui,sans-serif}
main{max-width:44rem;margin:0 auto;padding:1.5rem 1.1rem 3rem}h1{font-size:1.35rem;line-height:1.4;margin:.2rem 0 1rem}
.card{background:var(--paper);border:1px solid var(--rule);border-radius:12px;padding:1.1rem 1.2rem}
dl{display:grid;grid-template-columns:auto 1fr;gap:.4rem 1.2rem;margin:0}dt{color:var(--faint)}dd{margin:0}
.note{color:var(--faint);font-size:.9rem}.good{color:var(--accent)}a{color:var(--accent)}
"""


def page(title: str, body: str, status: int = 200) -> web.Response:
    """A whole page. `title` is escaped here, `body` is HTML whose values have been escaped by who made it."""
    whole = (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<style>{_STYLE}</style></head><body><main>{body}</main></body></html>"
    )
    return web.Response(text=whole, status=status, content_type="text/html", headers=HEADERS)


def said(title: str, sentence: str, status: int) -> web.Response:
    """A page that says one thing; the arguments are keys of `wording/`."""
    words = f'<h1>{escape(say(title))}</h1><div class="card">{escape(say(sentence))}</div>'
    return page(say(title), words, status)
