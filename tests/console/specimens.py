"""What stands in the braces of the doors' paths, in the institute of `tests.console.people`.

Whoever adds a door with a new name in braces adds here how such a thing comes to be. `tests/console/test_doors.py` then
opens it as its own unit (a GET must answer 200) and as another unit, which must not find it.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from domain.batch import Batch, BatchKind, BatchState
from domain.broadcast import Audience, NewBroadcast, Noticing, Whom
from tests.console.desk import Desk
from tests.console.people import INSTITUTE, settle

NOT_OF_A_UNIT = {"kind"}  # a word of ours, the same for everybody
NEVER_SEEN = (
    "{photo}",
    "/review/second/",
    "/exports/{export}/file",
)  # no specimen that really opens; still tried by others


async def _member(desk: Desk) -> str:
    roster = await desk.store.desk.roster(INSTITUTE)
    return str(next(one.id for one in roster if one.name == "李娜"))


async def _claim(desk: Desk) -> str:
    return next(iter(desk.people["李娜"].claims.values()))


async def _photo(_desk: Desk) -> str:
    return "ab" * 32


def _moving(kind: BatchKind) -> Callable[[Desk], Awaitable[str]]:
    """A batch that is under way: every page of it can be seen."""

    async def begun(desk: Desk) -> str:
        now, content = (
            desk.clock.now(),
            {"file": "a.xlsx", "letters": {}, "units": [INSTITUTE], "year": desk.clock.now().year},
        )
        content |= {"source": "官方平台"}
        batch = Batch(
            f"{kind.value:0<24}", INSTITUTE, kind, BatchState.READ, desk.people["王芳"].id, now, content=content
        )
        await desk.store.sheets.open(batch, now)
        state = BatchState.RUNNING if kind is BatchKind.WORKBOOK else BatchState.REHEARSING
        await desk.store.sheets.change(BatchState.READ, replace(batch, state=state, rows=1, total=1), now)
        return batch.id

    return begun


async def _poster(desk: Desk) -> str:
    browser = await desk.as_("王芳")
    await browser.post("/console/people/invitations", {"unit": INSTITUTE, "department": "结构一所"})
    found = await browser.get("/console/people/invitations")
    return found.text.partition("/console/people/invitations/")[2].partition('"')[0].partition("/")[0]


async def _notice(desk: Desk) -> str:
    """A notice that waits for a second person."""
    now, author = desk.clock.now(), desk.people["王芳"]
    audience = Audience(unit=INSTITUTE, whom=Whom.ALL, year=now.year)
    new = NewBroadcast("0123456789abcdef", audience, "请完成公需科目", now, size=60, approved=False)
    noticing = Noticing(new=new, unit=INSTITUTE)
    await settle(desk.store, author.sender, 90, now, desk.service.book, noticing=noticing)
    return new.id


async def _kind(_desk: Desk) -> str:
    return "roster"


SPECIMENS: dict[str, Callable[[Desk], Awaitable[str]]] = {
    "member": _member,
    "claim": _claim,
    "photo": _photo,
    "batch": _moving(BatchKind.ROSTER),
    "export": _moving(BatchKind.WORKBOOK),
    "comparison": _moving(BatchKind.OFFICIAL),
    "poster": _poster,
    "notice": _notice,
    "kind": _kind,
}
