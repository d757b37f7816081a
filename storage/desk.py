"""Photos, rosters and reviews as the service asks for them: one method for each visit (`storage.store.Store.desk`)."""

from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

from domain.proof import Kept, Look, Mark, Twin
from domain.review import Address, Desk, File, Member, Membership, Waiting
from storage import members, photos, reviews, settings
from storage.members import REVIEWERS, Employee
from storage.sealing import Vault
from storage.statements import Visit

T = TypeVar("T")


class Run(Protocol):
    def __call__(self, visit: Visit[T], *, durable: bool = False) -> Coroutine[Any, Any, T]: ...


class DeskStore:
    """Made by the store; `run` is its driver's."""

    def __init__(self, run: Run, vault: Vault) -> None:
        self._run = run
        self._vault = vault

    # Photos

    async def keep_photo(self, person_id: str, photo: str, content_type: str, size: int, now: datetime) -> None:
        """The bytes of a picture have been stored. To be called after that."""
        await self._run(photos.keep(person_id, photo, content_type, size, now), durable=True)

    async def photos_of(self, person_id: str) -> list[Kept]:
        """All pictures of a person with what was read in them, oldest first; removed ones too."""
        return await self._run(photos.of_person(self._vault, person_id))

    async def save_reading(
        self,
        person_id: str,
        photo: str,
        record: Mapping[str, Any] | None,
        flaw: str,
        marks: Iterable[tuple[Mark, str]],
        now: datetime,
    ) -> None:
        """What was read in a picture, or why it cannot be, and by what it is found again."""
        await self._run(photos.save_reading(self._vault, person_id, photo, record, flaw, now))
        await self._run(photos.mark(self._vault, person_id, photo, marks), durable=True)

    async def twins(self, person_id: str, photo: str, marks: Sequence[tuple[Mark, str]]) -> list[Twin]:
        """Other pictures that share a mark."""
        return await self._run(photos.twins(self._vault, person_id, photo, marks))

    async def due_photos(self, now: datetime) -> list[tuple[str, str]]:
        """Pictures whose time is over, as (person, photo); up to 100."""
        return await self._run(photos.due(now))

    async def remove_photo(self, person_id: str, photo: str, now: datetime) -> bool:
        """The picture's time is over: its bytes may now be deleted. False: it has been put to use since."""
        return await self._run(photos.remove(person_id, photo, now), durable=True)

    async def look(self, key: str, person_id: str, photo: str, viewer_id: str, unit: str, now: datetime) -> None:
        """Somebody is about to see a person's picture. To be called before they do; `key` makes it once."""
        await self._run(photos.look(key, person_id, photo, viewer_id, unit, now), durable=True)

    async def looks(self, person_id: str) -> list[Look]:
        """Who has looked at a person's pictures, latest first."""
        return await self._run(photos.looks(self._vault, person_id))

    # Rosters

    async def import_roster(self, unit: str, employees: Sequence[Employee], now: datetime) -> None:
        """Adds employees or updates them; who has said who they are stays bound."""
        await self._run(members.put(self._vault, unit, employees, now), durable=True)

    async def roster(self, unit: str, *, also_gone: bool = False) -> list[Member]:
        return await self._run(members.of_unit(self._vault, unit, also_gone=also_gone))

    async def leave(self, member_id: int) -> None:
        """Takes an employee off the roster."""
        await self._run(members.leave(member_id), durable=True)

    async def memberships(self, person_id: str) -> list[Member]:
        return await self._run(members.of_person(self._vault, person_id))

    async def membership(self, person_id: str, code: str, name: str, phone: str, now: datetime) -> Membership:
        """What a person and units have to do with each other, given what they have just said."""
        return await self._run(members.membership(self._vault, person_id, code, name, phone, now))

    async def set_organizers(self, unit: str, organizers: Iterable[str]) -> None:
        """The organisers that a unit accepts without a hint; none means all."""
        await self._run(members.set_organizers(unit, organizers), durable=True)

    # Reviews

    async def waits(self, person_id: str) -> Membership:
        """For the person who waits: since when, and how long their unit usually takes."""
        return await self._run(reviews.waits(self._vault, person_id))

    async def reviewed_units(self, person_id: str) -> tuple[str, ...]:
        """The units whose claims somebody may review."""
        found = await self._run(members.units_of(person_id))
        return tuple(dict.fromkeys(unit for unit, role in found if role in REVIEWERS))

    async def desk(self, person_id: str, choose: Callable[[Sequence[Waiting]], Sequence[Waiting]]) -> Desk:
        """What waits for a reviewer, with the files that `choose` picks of it; their own claims are left out."""
        units = await self.reviewed_units(person_id)
        waiting = await self._run(reviews.waiting(self._vault, units))
        others = [one for one in waiting if one.person_id != person_id]
        files: list[File] = []
        for one in choose(others):
            found = await self._run(reviews.file(self._vault, one))
            if found is not None:
                files.append(found)
        known = await self._run(settings.of_units(units))
        return Desk(
            units=units,
            waiting=tuple(others),
            files=tuple(files),
            own=len(waiting) - len(others),
            organizers={unit: one.organizers for unit, one in known.items()},
            reasons={unit: one.reasons for unit, one in known.items()},
        )

    async def address(self, person_id: str) -> Address | None:
        """Where a person is written to."""
        return await self._run(reviews.address(person_id))
