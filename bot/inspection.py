"""The commands that look without serving: the ledger's chains, the rule book, and the first admin's way in."""

import sys
from datetime import date, datetime
from pathlib import Path

import wording
from bot.failures import SettingsError
from bot.settings import Settings
from console.signing import link, new_token
from domain.person import Role
from rules.book import load
from rules.check import Problem, check_folder, overdue
from storage.sealing import Vault
from storage.store import Store, UnknownPerson
from storage.verification import verify as verify_chains


class Found(Exception):
    """Something is wrong with what was looked at; the details have been printed."""


async def verify(settings: Settings) -> None:
    """Prints each break of a chain as it is found, and the count at the end. Raises Found when there was one."""
    report = await verify_chains(settings.database_url, tell)
    if report.findings:
        raise Found(f"{report.findings} of the ledger's {report.entries:,} entries need attention")
    tell(f"the ledger is whole: {report.entries:,} entries of {report.people:,} people; root {report.root}")


def check(on: date) -> None:
    """Prints each problem of the rule book with its file, key and cure. Raises Found when there was one.

    Values past the day by which somebody was to look at them are told, and are no problem of the book's form.
    """
    problems = problems_of(None)
    if problems:
        raise Found(f"the rule book has {len(problems)} problems")
    for late in overdue(load(), on):
        tell(late)
    tell("the rule book is well formed")


def problems_of(folder: Path | None) -> list[Problem]:
    """The problems of the book in `folder` (the package's own without it), printed one by one."""
    problems = check_folder(folder, knows=wording.knows)
    for problem in problems:
        tell(problem)
    return problems


async def grant_role(settings: Settings, person: str, unit: str, role: str) -> None:
    """Gives `person` a role in a unit; raises ValueError with a sentence when there is no such role or person."""
    if role not in set(Role):
        raise ValueError(f"there is no role {role!r}: use one of {', '.join(Role)}")
    store = await Store.open(settings.database_url, Vault(settings.sealing_keys))
    try:
        await store.grant(person, unit, Role(role))
    finally:
        await store.close()
    tell(f"{person} is {role} of {unit}")


async def sign_in_link(settings: Settings, person: str, now: datetime) -> None:
    """Prints a link that signs `person` in to the console once, soon."""
    if not settings.public_url:
        raise SettingsError("set XUESHI_PUBLIC_URL, the outside address that links start with")
    store = await Store.open(settings.database_url, Vault(settings.sealing_keys))
    token = new_token()
    try:
        if await store.find_person(person) is None:
            raise UnknownPerson("there is no person with this id")
        await store.console.make_link(person, token, now)
    finally:
        await store.close()
    tell(link(settings.public_url.rstrip("/"), token))


def tell(line: object) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
