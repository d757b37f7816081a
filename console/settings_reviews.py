"""Settings of a unit's reviews: organisers, reasons to return a record, second looks, how long proofs are kept."""

from collections.abc import Mapping

from aiohttp import web

from console.doors import Door
from console.settings_page import number, unit_of
from console.visitor import Visitor
from domain.proof import Objection
from domain.unit import KEEP_YEARS, ORGANIZERS_MOST, Reason, UnitSettings
from handlers.review import CODES

HERE = "/console/settings/reviews"
_LONGEST = 100  # characters of an organiser's name or a reason


async def show(visitor: Visitor) -> web.StreamResponse:
    unit = unit_of(visitor)
    kept = await visitor.office.store.settings.of_unit(unit)
    share = await visitor.office.store.reviewing.share(unit)
    return _page(visitor, unit, kept, str(share), {})


async def save(visitor: Visitor) -> web.StreamResponse:
    unit, form = unit_of(visitor), visitor.form
    organizers = [line.strip() for line in form.said("organizers").splitlines() if line.strip()]
    share = number(form.said("share"), 0, 100)
    keep = number(form.said("keep_years"), min(KEEP_YEARS), max(KEEP_YEARS))
    ticked = set(form.all("reason"))
    reasons = tuple(Reason(code, form.said(f"words_{code}")[:_LONGEST]) for code in CODES if code.value in ticked)
    usual = all(not one.words for one in reasons) and len(reasons) == len(CODES)
    wrong = {}
    if len(organizers) > ORGANIZERS_MOST or any(len(one) > _LONGEST for one in organizers):
        wrong["organizers"] = "console.settings.wrong.organizers"
    if not reasons:
        wrong["reasons"] = "console.settings.wrong.reasons"
    if share is None:
        wrong["share"] = "console.settings.wrong.share"
    wanted = UnitSettings(
        frozenset(organizers), () if usual else reasons, keep if keep in KEEP_YEARS else KEEP_YEARS[1]
    )
    if wrong or share is None:
        return _page(visitor, unit, wanted, form.said("share"), wrong, 422)
    await visitor.office.store.settings.put(unit, wanted, visitor.now)
    await visitor.office.store.reviewing.set_share(unit, share)
    return visitor.say_and_go("console.settings.saved", HERE)


def _page(
    visitor: Visitor, unit: str, kept: UnitSettings, share: str, wrong: Mapping[str, str], status: int = 200
) -> web.Response:
    own = {one.code: one.words for one in kept.reasons}
    codes: list[tuple[Objection, bool, str]] = [(code, not own or code in own, own.get(code, "")) for code in CODES]
    return visitor.page(
        "settings/reviews.html",
        status=status,
        unit=unit,
        organizers="\n".join(sorted(kept.organizers)),
        codes=codes,
        keep_years=kept.keep_years,
        choices=KEEP_YEARS,
        share=share,
        wrong=wrong,
    )


DOORS = (Door("GET", "/settings/reviews", show), Door("POST", "/settings/reviews", save))
