"""The platform's access token of each account: one row that all processes share, with one of them refreshing it."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT reads the same on SQLite

from storage.sealing import Vault
from storage.statements import Statement, Step, Visit
from storage.tables import TokenRow, columns, table

_TABLE = table(TokenRow)

_READ = Statement(
    select(_TABLE.c.token, _TABLE.c.expires_at).where(_TABLE.c.appid == bindparam("of"), _TABLE.c.token.is_not(None))
)
_new = insert(_TABLE).values(columns(TokenRow, token=None, expires_at=None))
_LEASE = Statement(
    _new.on_conflict_do_update(
        index_elements=["appid"],
        set_={"refresher": _new.excluded.refresher, "refreshing_until": _new.excluded.refreshing_until},
        where=or_(
            _TABLE.c.refreshing_until.is_(None),
            _TABLE.c.refreshing_until <= bindparam("now", type_=_TABLE.c.refreshing_until.type),
            _TABLE.c.refresher == _new.excluded.refresher,
        ),
    )
)
_SAVE = Statement(
    update(_TABLE)
    .where(_TABLE.c.appid == bindparam("of"))
    .values(token=bindparam("sealed"), expires_at=bindparam("until"), refreshing_until=None, refresher="")
)


def read(vault: Vault, appid: str) -> Visit[tuple[str, datetime] | None]:
    (rows,) = yield (Step(_READ, {"of": appid}),)
    return (vault.open(rows[0][0], _place(appid)).decode(), rows[0][1]) if rows else None


def lease(appid: str, runner: str, now: datetime, seconds: float) -> Visit[bool]:
    """Whether the runner may fetch the next token: nobody else's lease is running."""
    until = now + timedelta(seconds=seconds)
    values = {"appid": appid, "refresher": runner, "refreshing_until": until, "now": now}
    (rows,) = yield (Step(_LEASE, values),)
    return bool(rows)


def save(vault: Vault, appid: str, token: str, expires_at: datetime) -> Visit[None]:
    """Keeps a token that was fetched under a lease, and ends the lease."""
    sealed = vault.seal(token.encode(), _place(appid))
    yield (Step(_SAVE, {"of": appid, "sealed": sealed, "until": expires_at}),)


def _place(appid: str) -> str:
    return f"tokens/{appid}"
