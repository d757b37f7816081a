"""What is kept of a person, who looked, and deletion."""

from bot.api.call import Call
from bot.api.models.wishes import ErasureAsked, ErasureTaken, KeptTold, LookTold, PrivacyTold
from handlers import forms
from wording import say


async def shown(call: Call) -> PrivacyTold:
    store, person, zone = call.parts.store, call.person, call.now.tzinfo
    entries = await store.load_entries(person.id, None)
    photos = [one for one in await store.desk.photos_of(person.id) if not one.removed]
    asked = (await store.outreach.agenda(person.id)).wishes.asked
    told = sum(1 for one in (person.name, person.phone, person.id_number) if one) + len(person.profile)
    counts = {"entries": len(entries), "photos": len(photos), "facts": told, "reminders": len(asked)}
    return PrivacyTold(
        notice=say("api.notice"),
        consented_at=person.consented_at.astimezone(zone) if person.consented_at else None,
        kept=[KeptTold(what=name, label=say(f"api.kept.{name}"), count=count) for name, count in counts.items()],
        looks=[
            LookTold(at=one.at.astimezone(zone), who=one.viewer or say("proof.somebody"), unit=one.unit, what=one.what)
            for one in await store.accesses.of_person(person.id)
        ],
        confirm=say("privacy.word"),
    )


async def erased(call: Call) -> ErasureTaken:
    await call.fill(forms.ERASE, confirm=call.asked(ErasureAsked).confirm)
    return ErasureTaken(state="erasing")
