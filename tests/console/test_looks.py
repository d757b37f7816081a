"""Who saw whose record: written down before it is shown, read by the person and by the unit."""

import io
import json
import zipfile

from domain.access import Seen
from tests.console.desk import Desk
from tests.console.people import BRANCH, HOSPITAL, INSTITUTE, message


async def test_a_person_hears_who_saw_their_record(desk: Desk) -> None:
    zhang = desk.people["张伟"]
    (member,) = [one for one in await desk.store.desk.roster(INSTITUTE) if one.name == "张伟"]
    visitor = await desk.as_("王芳")
    for _ in range(3):  # opened again within minutes, it is one look
        assert (await visitor.get(f"/console/people/{member.id}")).status == 200
    await desk.store.accesses.note(desk.people["何院长"].id, None, HOSPITAL, Seen.EXPORT, desk.clock.now())
    await desk.store.accesses.note(desk.people["王芳"].id, None, INSTITUTE, Seen.EXPORT, desk.clock.now())
    said = message(zhang.sender, 50, desk.clock.now()).model_copy(update={"text": "谁看过我的记录"})
    answer = await desk.service.turns.run(said)
    assert answer is not None
    assert answer.text.count("看了您的记录") == 1
    assert answer.text.count("导出了单位的名单") == 1, "of their own unit, not of others"
    assert "王芳" in answer.text
    assert "何院长" not in answer.text


async def test_the_copy_of_ones_data_says_it_too(desk: Desk) -> None:
    zhang = desk.people["张伟"]
    await desk.store.accesses.note(desk.people["王芳"].id, zhang.id, INSTITUTE, Seen.RECORD, desk.clock.now())
    packed = await desk.service.privacy.copy(zhang.id)
    assert packed is not None
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        known = json.loads(archive.read("data.json"))
    assert [(one["who"], one["what"]) for one in known["seen_by"]] == [("王芳", "record")]


async def test_a_unit_sees_its_own_log_alone(desk: Desk) -> None:
    now = desk.clock.now()
    for viewer, person, unit in (("王芳", "张伟", INSTITUTE), ("钱进", "孙丽", BRANCH), ("何院长", "吴迪", HOSPITAL)):
        await desk.store.accesses.note(desk.people[viewer].id, desk.people[person].id, unit, Seen.RECORD, now)
    text = (await (await desk.as_("王芳")).get("/console/settings/looks")).text
    assert "张伟" in text
    assert "孙丽" in text, "the branch is theirs too"
    assert "吴迪" not in text
    text = (await (await desk.as_("钱进")).get("/console/settings/looks")).text
    assert "孙丽" in text
    assert "张伟" not in text


async def test_many_looks_come_in_pages(desk: Desk) -> None:
    for number in range(60):
        at = desk.clock.advance(700)
        what = Seen.EXPORT if number % 2 else Seen.LIST
        await desk.store.accesses.note(desk.people["王芳"].id, None, INSTITUTE, what, at)
    visitor = await desk.as_("王芳")
    first = await visitor.get("/console/settings/looks")
    assert first.text.count('<th scope="row">') == 50
    more = first.text.partition("/console/settings/looks?before=")[2].partition('"')[0]
    second = await visitor.get(f"/console/settings/looks?before={more}")
    assert second.text.count('<th scope="row">') == 10
    assert (await visitor.get("/console/settings/looks?before=x%27")).status == 200
