"""What a unit sets is kept, obeyed, and nobody else's; roles and units are given away by nobody who may not."""

from datetime import date

import pytest

from domain.person import Role
from domain.proof import Objection
from domain.reminder import Courtesy
from domain.unit import Reason, UnitSettings
from tests.console.desk import Desk
from tests.console.people import BRANCH, HOSPITAL, INSTITUTE, message

SPEAKING = {
    "stages": "60、30 7",
    "review_stages": "90,14",
    "quiet_from": "20",
    "quiet_until": "9",
    "weekly_cap": "2",
    "approved_above": "５",
}


async def test_how_people_are_spoken_to(desk: Desk) -> None:
    visitor = await desk.as_("王芳")
    saved = await visitor.post("/console/settings", SPEAKING)
    assert saved.goes_to == "/console/settings"
    kept = (await desk.store.outreach.courtesies())[INSTITUTE]
    assert (kept.stages, kept.review_stages) == ((60, 30, 7), (90, 14))
    assert (kept.quiet_from, kept.quiet_until, kept.weekly_cap, kept.approved_above) == (20, 9, 2, 5)
    assert "设置已保存" in (await visitor.follow(saved)).text


@pytest.mark.parametrize(
    ("field", "value"),
    [("stages", "下周"), ("stages", ""), ("quiet_from", "25"), ("weekly_cap", "0"), ("approved_above", "-1")],
)
async def test_what_cannot_be_is_said_beside_its_field(desk: Desk, field: str, value: str) -> None:
    visitor = await desk.as_("王芳")
    page = await visitor.post("/console/settings", {**SPEAKING, field: value})
    assert page.status == 422
    assert 'aria-invalid="true"' in page.text
    assert INSTITUTE not in await desk.store.outreach.courtesies()


async def test_reviews_are_set_and_the_chat_offers_the_units_reasons(desk: Desk) -> None:
    visitor = await desk.as_("王芳")
    fields = {
        "organizers": "省人社厅\n 建筑学会 \n",
        "reason": Objection.HOURS_MISSING.value,
        f"words_{Objection.HOURS_MISSING}": "请补一张写明学时的证书",
        "share": "10",
        "keep_years": "10",
    }
    for unit in (INSTITUTE, BRANCH):  # the reviewer's queue holds both
        assert (await visitor.post("/console/settings/reviews", {**fields, "unit": unit})).status == 303
    kept = await desk.store.settings.of_unit(INSTITUTE)
    assert kept.organizers == {"省人社厅", "建筑学会"}
    assert kept.reasons == (Reason(Objection.HOURS_MISSING, "请补一张写明学时的证书"),)
    assert kept.keep_years == 10
    assert await desk.store.reviewing.share(INSTITUTE) == 10
    reviewer = desk.people["赵敏"]
    for number, words in ((91, "待审核"), (92, "退回第1条")):
        said = message(reviewer.sender, number, desk.clock.now()).model_copy(update={"text": words})
        answer = await desk.service.turns.run(said)
    assert answer is not None
    assert "请补一张写明学时的证书" in answer.text
    assert "照片" not in answer.text, "only what the unit offers"
    claim = next(iter(desk.people["李娜"].claims.values()))
    page = await (await desk.as_("赵敏")).get(f"/console/review/claims/{claim}")
    assert "请补一张写明学时的证书" in page.text


async def test_no_reason_at_all_is_refused(desk: Desk) -> None:
    visitor = await desk.as_("王芳")
    page = await visitor.post("/console/settings/reviews", {"organizers": "", "share": "101", "keep_years": "5"})
    assert page.status == 422
    assert await desk.store.settings.of_unit(INSTITUTE) == UnitSettings()


async def test_days_are_set_replaced_and_removed(desk: Desk) -> None:
    visitor = await desk.as_("王芳")
    day = {
        "year": "2026",
        "kind": "earn_by",
        "category": "public",
        "closes": "2026-12-10",
        "series": "",
        "label": "公需",
    }
    await visitor.post("/console/settings/days", day)
    await visitor.post("/console/settings/days", {**day, "closes": "2026-12-15"})
    (kept,) = await desk.store.outreach.deadlines_of(INSTITUTE)
    assert (kept.closes, kept.category, kept.label) == (date(2026, 12, 15), "public", "公需")
    far = await visitor.post("/console/settings/days", {**day, "closes": "2031-01-01"})
    assert far.status == 422
    assert (await visitor.post("/console/settings/days", {**day, "kind": "anything"})).status == 404
    other = await desk.as_("何院长")
    assert (await other.post("/console/settings/days/remove", {**day, "unit": INSTITUTE})).status == 404
    assert (await visitor.post("/console/settings/days/remove", day)).status == 303
    assert await desk.store.outreach.deadlines_of(INSTITUTE) == []


@pytest.mark.parametrize("path", ["", "/reviews", "/days", "/days/remove", "/colleagues", "/colleagues/withdraw"])
async def test_a_unit_in_the_form_must_be_ones_own(desk: Desk, path: str) -> None:
    visitor = await desk.as_("王芳")
    given = {**SPEAKING, "unit": HOSPITAL, "name": "郑华", "role": "hr_admin", "person": desk.people["何院长"].id}
    assert (await visitor.post(f"/console/settings{path}", given)).status == 404
    assert HOSPITAL not in await desk.store.outreach.courtesies()
    below = await desk.as_("钱进")
    assert (await below.post(f"/console/settings{path}", {**given, "unit": INSTITUTE})).status == 404, "nor one above"


async def test_a_role_is_given_and_taken_away(desk: Desk) -> None:
    visitor, zhang = await desk.as_("王芳"), desk.people["张伟"]
    given = await visitor.post("/console/settings/colleagues", {"name": "张伟", "role": "reviewer"})
    assert given.status == 303
    reviewer = await desk.signed_in(zhang.id)
    assert (await reviewer.get("/console/review")).status == 200
    assert (await reviewer.get("/console/settings/colleagues")).status == 403
    gone = {"person": zhang.id, "role": "reviewer"}
    assert (await visitor.post("/console/settings/colleagues/withdraw", gone)).status == 303
    assert (await reviewer.get("/console/review")).status == 403
    for name, role, status in (("没有这个人", "reviewer", 422), ("吴迪", "reviewer", 422), ("张伟", "operator", 404)):
        page = await visitor.post("/console/settings/colleagues", {"name": name, "role": role})
        assert page.status == status


async def test_the_last_admin_stays(desk: Desk) -> None:
    visitor, wang = await desk.as_("王芳"), desk.people["王芳"]
    own = {"person": wang.id, "role": "hr_admin"}
    assert (await visitor.post("/console/settings/colleagues/withdraw", own)).status == 422
    person = await desk.store.find_person(wang.id)
    assert person is not None
    assert Role.HR_ADMIN in person.roles


async def test_nobody_takes_another_employer_under_them(desk: Desk) -> None:
    visitor = await desk.as_("王芳")
    assert (await visitor.post("/console/settings/units", {"name": HOSPITAL})).status == 422
    assert (await visitor.post("/console/settings/units", {"name": "江河设计院监理公司"})).status == 303
    assert "江河设计院监理公司" in (await visitor.get("/console/settings/colleagues")).text
    circle = {"unit": BRANCH, "name": INSTITUTE}
    assert (await visitor.post("/console/settings/units", circle)).status == 422
    assert (await visitor.post("/console/settings/units/remove", {"name": BRANCH})).status == 303
    assert (await visitor.get("/console/settings?unit=" + BRANCH)).status == 404, "no longer theirs"


async def test_names_and_sentences_are_shown_as_text(desk: Desk) -> None:
    visitor, hostile = await desk.as_("王芳"), "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
    await visitor.post("/console/settings/units", {"name": hostile})
    await visitor.post(
        "/console/settings/reviews",
        {
            "organizers": hostile,
            "reason": "unreadable",
            "words_unreadable": hostile,
            "share": "0",
            "keep_years": "5",
        },
    )
    await visitor.post(
        "/console/settings/days",
        {
            "year": "2026",
            "kind": "earn_by",
            "closes": "2026-12-01",
            "category": "",
            "label": hostile,
            "series": hostile,
        },
    )
    for path in ("", "/reviews", "/days", "/colleagues", "/looks"):
        text = (await visitor.get(f"/console/settings{path}")).text
        assert "<script>alert" not in text
        assert "<img src=x" not in text


async def test_the_usual_settings_stand_where_nothing_is_set(desk: Desk) -> None:
    page = await (await desk.as_("王芳")).get("/console/settings")
    assert f'value="{Courtesy().weekly_cap}"' in page.text
