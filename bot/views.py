"""What is known of a person when the service speaks first: their outlook in the store, under their unit's calendar."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from domain.ledger import Claim, fold
from domain.reminder import Courtesy, DeadlineSetting
from outreach.calendars import Calendar, calendar, review_year
from outreach.looking import View
from outreach.rulings import subject_of
from outreach.standings import series_of
from storage.outreach import Outlook
from storage.store import Store

_USUAL = Courtesy()  # of units that have set nothing


@dataclass(frozen=True, slots=True)
class Calendars:
    """What all units have set, read at once for a sweep over many people."""

    settings: dict[str, list[DeadlineSetting]] = field(default_factory=dict)
    courtesies: dict[str, Courtesy] = field(default_factory=dict)

    def of(self, unit: str, series: str) -> Calendar:
        return calendar(self.settings.get(unit, ()), series, self.courtesies.get(unit) or _USUAL)


async def calendars(store: Store, now: datetime) -> Calendars:
    """The settings of every unit for last year and later."""
    settings: dict[str, list[DeadlineSetting]] = {}
    for one in await store.outreach.deadlines_since(now.year - 1):
        settings.setdefault(one.unit, []).append(one)
    return Calendars(settings, await store.outreach.courtesies())


async def view(
    store: Store, person_id: str, units: Calendars, now: datetime, consent_url: str = ""
) -> tuple[View, Outlook] | None:
    """A person as they are now, and what was read; None: there is none. `now` is in the service's zone."""
    outlook = await store.outreach.outlook(person_id, (now.year - 1, now.year), now)
    if outlook is None:
        return None
    claims = fold(outlook.entries)
    if review_year(subject_of(outlook.person)) is not None:
        claims = fold(await store.load_entries(person_id, None))
    return _view(outlook, claims, units, now, consent_url), outlook


def _view(outlook: Outlook, claims: Sequence[Claim], units: Calendars, now: datetime, consent_url: str) -> View:
    agenda, person = outlook.agenda, outlook.person
    since = agenda.since or outlook.known_since
    return View(
        person=person,
        unit=outlook.unit,
        department=outlook.department,
        claims=claims,
        known=units.of(outlook.unit, series_of(person.profile)),
        wishes=agenda.wishes,
        log=outlook.log,
        heard=outlook.heard,
        since=max(since, outlook.known_since).astimezone(now.tzinfo),
        consents=sum(left for way in outlook.ways for left in way.consents.values()),
        consent_url=consent_url,
    )
