"""Every door as everybody who may not open it: strangers, other roles, another unit, and without the form's token."""

import re
from collections.abc import Iterator

from console.doors import Door, Room
from console.rooms import ROOMS
from domain.person import Role
from tests.console.desk import Browser, Desk
from tests.console.specimens import NEVER_SEEN, NOT_OF_A_UNIT, SPECIMENS

WHO = {Role.HR_ADMIN: "王芳", Role.REVIEWER: "赵敏", Role.APPROVER: "陈静", Role.OPERATOR: "运维老周"}
ELSEWHERE = "何院长"  # HR of another unit, who may do there what 王芳 may here


def doors() -> Iterator[tuple[Room, Door]]:
    for room in ROOMS:
        for door in room.doors:
            yield room, door


def names(door: Door) -> list[str]:
    return re.findall(r"\{(\w+)", door.path)


async def specimens(desk: Desk) -> dict[str, str]:
    wanted = {name for _, door in doors() for name in names(door)}
    missing = wanted - SPECIMENS.keys()
    assert not missing, f"tests/console/specimens.py does not say how to make {sorted(missing)}"
    return {name: await SPECIMENS[name](desk) for name in sorted(wanted)}


def address(door: Door, found: dict[str, str]) -> str:
    return "/console" + re.sub(r"\{(\w+)[^}]*\}", lambda name: found[name[1]], door.path)


async def knock(desk: Desk, browser: Browser, door: Door, path: str, *, csrf: bool = True) -> int:
    desk.clock.advance(1)  # so that nobody knocks too often
    page = await (browser.get(path) if door.method == "GET" else browser.post(path, csrf=csrf))
    return page.status


async def test_nobody_opens_a_door_who_is_not_signed_in(desk: Desk) -> None:
    stranger, found = await desk.stranger(), await specimens(desk)
    for _, door in doors():
        assert await knock(desk, stranger, door, address(door, found)) == 401, f"{door.method} {door.path}"


async def test_nobody_opens_a_door_of_other_roles(desk: Desk) -> None:
    found = await specimens(desk)
    for role, name in WHO.items():
        browser = await desk.as_(name)
        for room, door in doors():
            if role not in room.may_enter(door):
                status = await knock(desk, browser, door, address(door, found))
                assert status == 403, f"{role} at {door.method} {door.path}"


async def test_nothing_of_another_unit_is_found(desk: Desk) -> None:
    found, browser = await specimens(desk), await desk.as_(ELSEWHERE)
    for room, door in doors():
        if Role.HR_ADMIN in room.may_enter(door) and set(names(door)) - NOT_OF_A_UNIT:
            status = await knock(desk, browser, door, address(door, found))
            assert status == 404, f"{door.method} {door.path} is {status} for another unit"


async def test_the_specimens_open_for_their_own_unit(desk: Desk) -> None:
    """Without this, `not found` would prove nothing."""
    found, browser = await specimens(desk), await desk.as_(WHO[Role.HR_ADMIN])
    for room, door in doors():
        opens = door.method == "GET" and Role.HR_ADMIN in room.may_enter(door)
        if opens and names(door) and not any(mark in door.path for mark in NEVER_SEEN):
            status = await knock(desk, browser, door, address(door, found))
            assert status in (200, 286), f"{door.path} is {status} for its own unit"  # 286: nothing more to ask for


async def test_nothing_is_done_without_the_token_of_the_form(desk: Desk) -> None:
    found = await specimens(desk)
    browsers = {role: await desk.as_(name) for role, name in WHO.items()}
    for room, door in doors():
        if door.method == "GET":
            continue
        browser = browsers[room.may_enter(door)[0]]
        path = address(door, found)
        assert await knock(desk, browser, door, path, csrf=False) == 403, f"{door.method} {door.path}"
        other = browsers[Role.REVIEWER].form_token if browser is not browsers[Role.REVIEWER] else "0" * 64
        page = await browser.post(path, {"csrf": other}, csrf=False)
        assert page.status == 403, f"{door.method} {door.path} with the token of somebody else"
        page = await browser.post(path, {"csrf": browser.form_token}, **{"Sec-Fetch-Site": "cross-site"})
        assert page.status == 403, f"{door.method} {door.path} from another site"


async def test_no_door_hides_behind_another(desk: Desk) -> None:
    addresses = [(door.method, door.path) for _, door in doors()]
    assert len(addresses) == len(set(addresses))


async def test_hostile_addresses_are_answered_with_a_sentence(desk: Desk) -> None:
    browser = await desk.as_("王芳")
    found = {
        "member": "99999999999999999999",
        "claim": "x" * 300,
        "photo": "..",
        "batch": "%27",
        "poster": "🙂",
        "kind": "%2e",
    }
    for _, door in doors():
        if door.method == "GET" and names(door):
            hostile = {name: found.get(name, "%27;--") for name in names(door)}
            status = await knock(desk, browser, door, address(door, hostile))
            assert status in (403, 404), f"{door.path} is {status} for what cannot be"
    for path in ("/console/people?q=%00", "/console/%00", "/console/people/%0a1"):
        assert (await browser.get(path)).status in (400, 404)
