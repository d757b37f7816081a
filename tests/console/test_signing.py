"""Signing in by a link: once, in the browser that opened it; and out again."""

from console.signing import link, new_token
from tests.console.desk import Desk


async def test_a_link_leads_in_by_one_button(desk: Desk) -> None:
    browser, token = await desk.stranger(), new_token()
    await desk.store.console.make_link(desk.people["王芳"].id, token, desk.clock.now())
    path = link("", token)
    for _ in range(3):  # a chat that previews the link uses nothing up
        opened = await browser.get(path)
        assert opened.status == 200
        assert "王芳" in opened.text
    given = opened.text.partition('name="given" value="')[2].partition('"')[0]
    entered = await browser.post(path, {"given": given})
    assert (entered.status, entered.goes_to) == (303, "/console/")
    kept = entered.headers.getall("Set-Cookie")
    assert any("HttpOnly" in one and "SameSite=Strict" in one and one.startswith("xueshi=") for one in kept)
    assert (await browser.get("/console/me")).status == 200
    assert (await browser.post(path, {"given": given})).status in (403, 410)
    assert (await (await desk.stranger()).get(path)).status == 410
