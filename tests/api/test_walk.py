"""What the pages do, from logging in to a record with its reasons."""

from tests.api.phone import ENTRY, Phone
from tests.miniprogram.world import NOTICE


async def test_every_page_has_something_to_show_before_anything_was_said(wang: Phone) -> None:
    summary = await wang.get("/summary")
    assert (summary["year"], summary["region"], summary["region_known"]) == (2026, "national", False)
    assert summary["next"][0]["action"] == "profile"
    assert (await wang.get("/entries"))["items"] == []
    for name in ["me", "plan", "readiness", "deadlines", "places", "policies", "reminders", "grants", "proofs"]:
        assert await wang.get(f"/{name}")
    privacy = await wang.get("/privacy")
    assert privacy["looks"] == []
    assert (await wang.get("/rulings/2026"))["hours"] == 0


async def test_a_sentence_becomes_a_form_and_the_form_a_record(wang: Phone) -> None:
    await wang.write("PATCH", "/me", {"region": "nantong"})
    read = await wang.post("/readings", {"text": "8月15-16号参加《护理安全》培训班两天 专业"}, key="")
    draft = read["draft"]
    assert (draft["start"], draft["end"], draft["quantity"], draft["unit"]) == ("2026-08-15", "2026-08-16", 2, "day")
    assert (draft["title"], draft["mode"], draft["category"]) == ("护理安全", "training_class", "professional")
    assert read["preview"]["hours"] == 12
    form = {name: value for name, value in draft.items() if value is not None}
    refused = await wang.post("/entries", form, 409)
    assert refused["code"] == "consent_needed"
    entry = await wang.post("/entries", {**form, "consent": True}, 201)
    assert (entry["state"], entry["hours"], entry["number"]) == ("claimed", 12, 1)
    assert [one["what"] for one in entry["history"]] == ["claimed"]
    ruling = await wang.get(f"/entries/{entry['id']}/ruling")
    assert (ruling["hours"], ruling["counts"]) == (12, 12)
    step = next(one for one in ruling["steps"] if one["citation"])
    article = await wang.get(step["citation"]["path"])
    assert article["text"]
    assert ruling["quotes"][0]["text"]
    summary = await wang.get("/summary")
    assert next(one for one in summary["categories"] if one["name"] == "professional")["pending"] == 12


async def test_correcting_withdrawing_and_what_may_be_done(wang: Phone) -> None:
    entry = await wang.post("/entries", ENTRY, 201)
    path = f"/entries/{entry['id']}"
    assert (await wang.post(f"{path}/correction", {"quantity": 2}, 409))["code"] == "same"
    anew = await wang.post(f"{path}/correction", {"quantity": 1.5}, 200)
    assert (anew["quantity"], anew["replaces"]) == (1.5, entry["id"])
    old = await wang.get(path)
    assert (old["state"], old["replaced_by"], old["may"]) == ("withdrawn", anew["id"], [])
    assert (await wang.post(f"{path}/withdrawal", {}, 409))["code"] == "withdrawn"
    gone = await wang.post(f"/entries/{anew['id']}/withdrawal", {}, 200)
    assert gone["state"] == "withdrawn"
    assert (await wang.post(f"/entries/{anew['id']}/appeal", {"words": "我参加了全程"}, 409))["code"] == "withdrawn"


async def test_what_cannot_be_is_refused_with_the_sentence_of_the_chat(wang: Phone) -> None:
    for change, word in (
        ({"start": "2026-12-01", "end": "2026-12-02"}, "12月"),
        ({"start": "2025-12-31", "end": "2026-01-01"}, "年"),
        ({"quantity": 5000}, ""),
    ):
        told = await wang.post("/entries", {**ENTRY, **change}, 422)
        assert told["code"] == "impossible"
        assert told["errors"][0]["field"] in change
        assert word in told["detail"]
    await wang.post("/entries", ENTRY, 201)
    alike = await wang.post("/entries", ENTRY, 409)
    assert alike["code"] == "alike"
    assert len(alike["entry"]) == 40
    await wang.post("/entries", {**ENTRY, "anyway": True}, 201)
    assert len((await wang.get("/entries"))["items"]) == 2


async def test_pages_of_records_hold_while_others_are_added(wang: Phone) -> None:
    for day in range(10, 15):
        await wang.post("/entries", {**ENTRY, "start": f"2026-03-{day}", "end": f"2026-03-{day}"}, 201)
    first = await wang.get("/entries", limit=2)
    await wang.post("/entries", {**ENTRY, "start": "2026-04-01", "end": "2026-04-01"}, 201)
    second = await wang.get("/entries", limit=2, cursor=first["next_cursor"])
    third = await wang.get("/entries", limit=2, cursor=second["next_cursor"])
    assert third["next_cursor"] is None
    days = [one["start"] for page in (first, second, third) for one in page["items"]]
    assert days == [f"2026-03-{day}" for day in (14, 13, 12, 11, 10)]
    assert (await wang.get("/entries", state="verified"))["items"] == []


async def test_the_rules_answer_without_a_sentence(wang: Phone) -> None:
    asked = {"mode": "seminar_class", "quantity": 2, "unit": "day"}
    everywhere = await wang.post("/conversions", asked, key="")
    assert len(everywhere["everywhere"]) > 3
    there = await wang.post("/conversions", {**asked, "place": "nantong"}, key="")
    assert there["hours"] == 12
    assert there["everywhere"] == []
    supposed = await wang.post("/what-ifs", {"activities": [asked]}, key="")
    assert supposed["gifts"][0]["steps"]
    found = await wang.get("/policies", q="公需科目要多少学时", place="jilin")
    assert found["required"]
    asked_for = await wang.get("/policies", q="学时证明要保存多久", place="jilin")
    assert asked_for["answers"] or asked_for["silent"]
    places = (await wang.get("/places"))["items"]
    document = next(one for one in places if one["place"] == "jilin")["documents"][0]
    whole = await wang.get(document["path"])
    assert whole["articles"]
    one = await wang.get(whole["articles"][0]["path"])
    assert one["previous"] is None
    assert (await wang.get(one["next"]))["previous"]


async def test_reminders_are_kept_and_grants_counted_once(wang: Phone) -> None:
    await wang.write("PATCH", "/me", {"region": "jilin"})
    await wang.post("/entries", ENTRY, 201)
    wanted = {"every": "week", "on": 5, "more_stages": [45], "asked": [{"on": "2026-12-01", "about": "交证书"}]}
    told = await wang.write("PUT", "/reminders", wanted)
    assert (told["every"], told["on"], told["asked"]) == ("week", 5, [{"on": "2026-12-01", "about": "交证书"}])
    assert 45 in told["stages"]
    assert told["ahead"]
    assert (await wang.get("/reminders")) == told
    assert (await wang.write("PUT", "/reminders", {"asked": [{"on": "2026-11-01"}]}, 422))["code"] == "past_day"
    granted = await wang.post("/grants", {"template": NOTICE.id, "accepted": True}, key="grant-key-1")
    assert granted["templates"] == [{"template": NOTICE.id, "left": 1}]
    again = await wang.post("/grants", {"template": NOTICE.id, "accepted": True}, key="grant-key-1")
    assert again == granted
