"""The commands that look without serving: the ledger's chains, the rule book, and the first admin."""

import sys

from bot.settings import Settings
from domain.person import Role
from storage.sealing import Vault
from storage.store import Store


class Found(Exception):  # noqa: N818 - read as what happened
    """Something is wrong with what was looked at; the details have been printed."""


async def grant_role(settings: Settings, person: str, unit: str, role: str) -> None:
    """Gives `person` a role in a unit; raises ValueError with a sentence when there is no such role or person."""
    if role not in set(Role):
        raise ValueError(f"there is no role {role!r}: use one of {', '.join(Role)}")
    store = await Store.open(settings.database_url, Vault(settings.sealing_keys))
    try:
        await store.grant(person, unit, Role(role))
    finally:
        await store.close()
    sys.stdout.write(f"{person} is {role} of {unit}\n")
