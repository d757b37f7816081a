"""Links and sign-ins on both databases: once, for a time, in one browser; and how far a role reaches."""

import asyncio
from datetime import timedelta

import pytest

from domain.access import IDLE_FOR, LINK_FOR, SIGNED_IN_FOR, Granted
from domain.person import Role
from storage.store import Store
from tests.storage.said import NOW, change, later, message, opened, raw

BROWSER = "Mozilla/5.0 (X11; Linux x86_64) Chrome/156"


async def admin(store: Store, sender: str = "oHr", name: str = "王芳", *grants: tuple[str, Role]) -> str:
    said = message(1, sender)
    turn = await opened(store, said)
    await store.settle(change(said, turn, person={"name": name}), NOW, durable=True)
    for unit, role in grants:
        await store.grant(turn.person.id, unit, role)
    return turn.person.id


async def test_a_link_signs_in_once_and_only_for_a_while(store: Store) -> None:
    wang = await admin(store, "oHr", "王芳", ("集团", Role.HR_ADMIN))
    await store.console.make_link(wang, "link", NOW)
    assert await store.console.linked("link", NOW) == (wang, "王芳")
    assert await store.console.linked("link", NOW + LINK_FOR) is None
    assert not await store.console.enter("token", "link", BROWSER, "Chrome", NOW + LINK_FOR)
    assert not await store.console.enter("token", "another", BROWSER, "Chrome", NOW)
    tries = [store.console.enter(f"token{number}", "link", BROWSER, "Chrome", NOW) for number in range(5)]
    assert sorted(await asyncio.gather(*tries)) == [False, False, False, False, True]
    assert await store.console.linked("link", NOW) is None
    assert len(await store.console.sign_ins(wang, NOW)) == 1


async def test_a_new_link_ends_the_earlier_ones(store: Store) -> None:
    wang = await admin(store)
    await store.console.make_link(wang, "first", NOW)
    await store.console.make_link(wang, "second", later(1))
    assert await store.console.linked("first", later(1)) is None
    assert await store.console.linked("second", later(1)) is not None


async def test_nothing_kept_can_be_used(store: Store, url: str) -> None:
    wang = await admin(store)
    await store.console.make_link(wang, "the-link-token", NOW)
    assert "the-link-token" not in str(await raw(url, "SELECT * FROM console_links"))
    await store.console.enter("the-token", "the-link-token", BROWSER, "Chrome", NOW)
    kept = str(await raw(url, "SELECT * FROM sign_ins"))
    assert "the-token" not in kept
    assert BROWSER not in kept


async def test_a_sign_in_is_of_one_browser_and_ends(store: Store) -> None:
    wang = await admin(store)
    await store.console.make_link(wang, "link", NOW)
    await store.console.enter("token", "link", BROWSER, "Chrome", NOW)
    found = await store.console.signed("token", BROWSER, NOW)
    assert found is not None
    assert (found.person_id, found.name, found.device) == (wang, "王芳", "Chrome")
    assert await store.console.signed("token", "another browser", NOW) is None
    assert await store.console.signed("tokem", BROWSER, NOW) is None
    assert await store.console.signed("token", BROWSER, NOW + IDLE_FOR) is None
    at = NOW
    while at < NOW + SIGNED_IN_FOR - timedelta(hours=1):
        assert await store.console.signed("token", BROWSER, at) is not None, "asking for pages keeps it"
        at += timedelta(hours=1)
    assert await store.console.signed("token", BROWSER, NOW + SIGNED_IN_FOR) is None, "however busy it was"


async def test_signing_out_here_elsewhere_and_everywhere(store: Store) -> None:
    wang, li = await admin(store), await admin(store, "oLi", "李强")
    for who, number in ((wang, 1), (wang, 2), (wang, 3), (li, 4)):
        await store.console.make_link(who, f"link{number}", NOW)
        await store.console.enter(f"token{number}", f"link{number}", BROWSER, "Chrome", NOW)
    first = await store.console.signed("token1", BROWSER, NOW)
    others = await store.console.signed("token4", BROWSER, NOW)
    assert first is not None
    assert others is not None
    assert not await store.console.sign_out(others.digest, wang), "nobody ends somebody else's"
    assert await store.console.sign_out(first.digest, wang)
    assert await store.console.signed("token1", BROWSER, NOW) is None
    await store.console.sign_out_everywhere(wang)
    assert await store.console.sign_ins(wang, NOW) == []
    assert await store.console.signed("token4", BROWSER, NOW) is not None


async def test_a_role_reaches_the_units_below(store: Store) -> None:
    wang = await admin(store, "oHr", "王芳", ("集团", Role.HR_ADMIN), ("别处", Role.REVIEWER))
    for name, parent in (("一公司", "集团"), ("一公司工程处", "一公司"), ("外单位", "别的集团")):
        await store.console.place_unit(name, parent)
    await store.console.make_link(wang, "link", NOW)
    await store.console.enter("token", "link", BROWSER, "Chrome", NOW)
    found = await store.console.signed("token", BROWSER, NOW)
    assert found is not None
    assert set(found.granted) == {
        Granted("集团", Role.HR_ADMIN),
        Granted("一公司", Role.HR_ADMIN, "集团"),
        Granted("一公司工程处", Role.HR_ADMIN, "一公司"),
        Granted("别处", Role.REVIEWER),
    }


async def test_in_the_talk_a_role_reaches_as_far(store: Store) -> None:
    """The unit where it was given comes first: a question without a unit is about that one."""
    wang = await admin(store, "oHr", "王芳", ("集团", Role.HR_ADMIN))
    for name, parent in (("一公司", "集团"), ("一公司工程处", "一公司"), ("外单位", "别的集团")):
        await store.console.place_unit(name, parent)
    assert await store.desk.reviewed_units(wang) == ("集团", "一公司", "一公司工程处")


async def test_a_circle_of_units_is_refused(store: Store) -> None:
    assert await store.console.place_unit("一公司", "集团")
    assert await store.console.place_unit("工程处", "一公司")
    assert not await store.console.place_unit("集团", "工程处")
    assert not await store.console.place_unit("集团", "集团")


async def test_what_somebody_may_no_longer_is_gone_with_the_next_page(store: Store) -> None:
    wang = await admin(store, "oHr", "王芳", ("集团", Role.HR_ADMIN), ("集团", Role.REVIEWER))
    await store.console.make_link(wang, "link", NOW)
    await store.console.enter("token", "link", BROWSER, "Chrome", NOW)
    assert await store.console.withdraw(wang, "集团", Role.HR_ADMIN)
    assert not await store.console.withdraw(wang, "集团", Role.HR_ADMIN)
    found = await store.console.signed("token", BROWSER, NOW)
    assert found is not None
    assert found.granted == (Granted("集团", Role.REVIEWER),)
    person = await store.find_person(wang)
    assert person is not None
    assert person.roles == [Role.REVIEWER]


@pytest.mark.parametrize("seconds", [0, 299])
async def test_a_deleted_person_is_signed_out(store: Store, seconds: int) -> None:
    wang = await admin(store, "oHr", "王芳", ("集团", Role.HR_ADMIN))
    await store.console.make_link(wang, "link", NOW)
    await store.console.enter("token", "link", BROWSER, "Chrome", NOW)
    await store.erase(wang, later(seconds))
    assert await store.console.signed("token", BROWSER, later(seconds)) is None
