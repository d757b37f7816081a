"""Every talk in `*.yaml` is held three times: as it is, with a restart after every line, and with every line repeated.

A line says what the person does (`says`, `follows`, `taps`, `picks`, `sends`, `photographs`: what is read on the
picture) and what they then read (`hears`: all of these; `never`: none of these). `as` names somebody else who does it;
`told` is what others then hear. `staff` is a unit's roster, `hr` who reviews it;
`approves` and `rejects` tap under the request for the latest notice. `ledger` counts the claims that stand;
`later` moves the clock by hours. The bot must say exactly one answer to every line unless `hears` is absent and
`silent: true` is there.
"""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from domain.delivery import TEXT_LIMIT
from domain.message import MessageKind
from domain.person import Role
from domain.picture import Flaw
from domain.reminder import Courtesy
from nlp.proofs.proof import FIELDS, Proof, proof_of
from storage.members import Employee
from tests.talk import ZONE, Talk, shown, talking

FOLDER = Path(__file__).parent
TALKS = [
    pytest.param(talk, id=f"{file.stem}: {talk['name']}")
    for file in sorted(FOLDER.glob("*.yaml"))
    for talk in yaml.safe_load(file.read_text("utf-8"))
]
UNIT = "演示单位"
NOON = "2026-11-20T09:30:00"


@pytest.mark.parametrize("way", ["plain", "restart", "repeat"])
@pytest.mark.parametrize("script", TALKS)
async def test_talk(script: dict[str, Any], way: str, tmp_path: Path) -> None:
    now = datetime.fromisoformat(script.get("now", NOON)).replace(tzinfo=ZONE)
    async with talking(tmp_path, now) as talk:
        if "region" in script:
            await talk.say(script.get("region_said", f"我在{talk.book.place(script['region']).name}"))
            await talk.say("跳过")
        if "staff" in script:
            await _employ(talk, script)
        for line in script["talk"]:
            await _hold(talk, line, way)


async def _hold(talk: Talk, line: dict[str, Any], way: str) -> None:
    if "later" in line:
        talk.now += timedelta(hours=line["later"])
        return
    talk.sender = line.get("as", "oTalk")
    replies = await _act(talk, line)
    others = [reply for recipient, reply in talk.overheard if recipient != talk.sender]
    for part in line.get("told", []):
        assert part in shown(others), f"after {line} another should read {part!r}, but reads:\n{shown(others)}"
    assert "told" in line or not others, f"after {line} nobody else should hear: {shown(others)}"
    heard = shown(replies)
    if line.get("silent"):
        assert not replies, f"{line} should stay unanswered, heard: {heard}"
    else:
        assert heard.strip(), f"silence after {line}"
    for part in line.get("hears", []):
        assert part in heard, f"after {line} the person should read {part!r}, but reads:\n{heard}"
    for part in line.get("never", []):
        assert part not in heard, f"after {line} the person should not read {part!r}, but reads:\n{heard}"
    assert all(len(reply.text.encode()) <= TEXT_LIMIT for reply in replies)
    if "ledger" in line:
        assert await talk.standing() == line["ledger"], f"after {line}; heard:\n{heard}"
    if way == "restart":
        await talk.restart()
    if way == "repeat":
        before = await talk.standing()
        again = await talk.turns.run(talk.said[-1])
        assert again == (replies[0] if replies else None), "a repeat must get the same answer"
        assert await talk.sent() == [], "a repeat must not send anything more"
        assert await talk.standing() == before, "a repeat must change nothing"


async def _act(talk: Talk, line: dict[str, Any]) -> list[Any]:
    if "says" in line:
        return await talk.say(line["says"])
    if "follows" in line:
        return await talk.follow()
    if "taps" in line:
        return await talk.tap(line["taps"])
    if "picks" in line:
        return await talk.pick(line["picks"])
    for act in ("approves", "rejects"):
        if act in line:
            (broadcast, *_) = await talk.store.broadcasts.latest(UNIT)
            return await talk.pick(f"{act.removesuffix('s')}:{broadcast.id}")
    if "photographs" in line:
        return await talk.photograph(_proof(line["photographs"]))
    return await talk.send(talk.message(MessageKind(line["sends"]), **line.get("with", {})))


def _proof(told: Any) -> Proof | Flaw:
    if isinstance(told, str):
        return Flaw(told)
    empty = dict.fromkeys(FIELDS)
    listed = [{**empty, "confidence": {}, **one} for one in told.get("activities", ())]
    record = {**empty, "confidence": {}, "legibility": 0.95, **(listed[0] if listed else {}), **told}
    return proof_of({**record, "activities": listed} if listed else record)


async def _employ(talk: Talk, script: dict[str, Any]) -> None:
    """The unit 演示单位 with its staff, each bound by what they say; the reviewers get their role."""
    staff = [Employee(name, phone) for name, phone in script["staff"].values()]
    await talk.store.desk.import_roster(UNIT, staff, talk.now)
    for sender, (name, phone) in script["staff"].items():
        talk.sender = sender
        assert "已加入" in shown(await talk.say(f"绑定 {name} {phone}"))
        if sender in script.get("hr", ()):
            await talk.store.grant(await talk.person_id(), UNIT, Role.HR_ADMIN)
    await talk.store.desk.set_organizers(UNIT, script.get("organizers", ()))
    if "approved_above" in script:
        await talk.store.outreach.set_courtesy(UNIT, Courtesy(approved_above=script["approved_above"]))
    talk.sender = "oTalk"
