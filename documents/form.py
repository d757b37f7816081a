"""The registration form (登记表): what all regions ask for, verified and claimed apart, each figure with its article.

The fields are the union of what 吉林 第十四条, 江西 第十七条, 四川 二（三）, 内蒙古 第十条 and 南通
第二十七条 have registered: kind, content, time, result of the assessment, recognised hours, and what proves them.
"""

from typing import Any

from documents.year import Year, days, figure, quantity
from domain.ledger import Claim
from domain.masking import masked_number
from domain.vocabulary import EntryState
from rules.ruling import TOTAL, Citation
from wording import say


def form(year: Year, code: str, qr: str | None) -> dict[str, Any]:
    """The values of the template `form`. `code` is the check code, `qr` its picture as SVG."""
    proofs = _proofs(year)
    return {
        "title": say("document.form_title", year=year.standing.year),
        "subtitle": _subtitle(year),
        "code": code,
        "qr": qr,
        "person": _person(year),
        "summary": [_line(year, name) for name in year.categories()],
        "conclusion": _conclusion(year),
        "verified": [_entry(year, claim, proofs) for claim in year.of_state(EntryState.VERIFIED)],
        "claimed": [_entry(year, claim, proofs) for claim in year.of_state(EntryState.CLAIMED)],
        "notes": _notes(year),
        "proofs": _proof_lines(year, proofs),
        "documents": _documents(year),
    }


def _subtitle(year: Year) -> str:
    basis = year.basis()
    day = say("date.day_of_year", year=year.day.year, month=year.day.month, day=year.day.day)
    return say("document.form_subtitle", place=year.place, document=year.title(basis) if basis else "", day=day)


def _person(year: Year) -> list[tuple[str, str]]:
    person = year.person
    told = say("document.not_told")
    return [
        (say("document.name"), person.name or told),
        (say("document.id_number"), masked_number(person.id_number) if person.id_number else told),
        (say("document.employer"), str(person.profile.get("employer") or told)),
        (say("document.field"), say(f"work_field.{person.work_field}") if person.work_field else told),
        (say("document.place"), year.place),
        (say("document.year"), str(year.standing.year)),
    ]


def _line(year: Year, name: str) -> dict[str, str]:
    """One category: what is asked, what is verified, what is only claimed, what verified hours lack."""
    required = year.standing.required.get(name)
    verified = year.verified.totals.get(name, 0)
    return {
        "category": say(f"category.{name}"),
        "required": figure(required.hours) if required else "—",
        "verified": figure(verified),
        "claimed": figure(year.standing.totals.get(name, 0) - verified),
        "missing": figure(year.verified.remaining.get(name, 0)) if required else "—",
        "source": year.marked(required.citation) if required else "",
    }


def _conclusion(year: Year) -> str:
    if year.verified.complete:
        return say("document.form_done")
    if year.verified.complete is None and not year.missing():
        return say("document.form_open")
    return say("document.form_missing", hours=year.missing())


def _entry(year: Year, claim: Claim, proofs: dict[str, int]) -> dict[str, Any]:
    activity = claim.activity
    hours = year.standing.recognised.get(claim.id)
    return {
        "number": claim.number,
        "category": say(f"category.{activity.category}"),
        "mode": say(f"mode.{activity.mode}"),
        "title": activity.title,
        "organizer": activity.organizer,
        "days": days(activity),
        "quantity": quantity(activity),
        "assessment": _assessment(claim),
        "hours": None if hours is None else figure(hours),
        "source": year.marked(_citation(year, claim)),
        "proofs": " ".join(say("document.proof_label", number=proofs[photo]) for photo in claim.proofs),
    }


def _assessment(claim: Claim) -> str:
    assessed = claim.activity.attrs.get("assessed")
    return say(
        "document.not_said" if assessed is None else "document.assessed" if assessed else "document.not_assessed"
    )


def _citation(year: Year, claim: Claim) -> Citation | None:
    """The article that gives the claim its hours: that of its last step that cites one."""
    cited = [step.citation for step in year.standing.steps if step.case == claim.id and step.citation]
    return cited[-1] if cited else None


def _notes(year: Year) -> list[str]:
    """Limits that cut hours, and activities whose hours the rules leave open."""
    caps = [
        say("document.cap", source=year.marked(cap.citation), before=cap.before, after=cap.after)
        for cap in year.standing.caps
        if cap.after < cap.before
    ]
    unsure = [
        say("document.form_hours_open", number=claim.number, why=_why(year, claim))
        for claim in year.claims
        if year.standing.recognised.get(claim.id, 0) is None
    ]
    return caps + unsure


def _why(year: Year, claim: Claim) -> str:
    """The last thing that the rules say of a claim."""
    steps = [step for step in year.standing.steps if step.case == claim.id]
    return say(steps[-1].key, **steps[-1].values) if steps else say("document.open")


def _proofs(year: Year) -> dict[str, int]:
    """Pictures of the claims that stand, numbered from 1."""
    standing = year.of_state(EntryState.VERIFIED) + year.of_state(EntryState.CLAIMED)
    photos = dict.fromkeys(photo for claim in standing for photo in claim.proofs)
    return {photo: number for number, photo in enumerate(photos, 1)}


def _proof_lines(year: Year, proofs: dict[str, int]) -> list[dict[str, Any]]:
    of = {photo: claim.number for claim in year.claims for photo in claim.proofs}
    return [
        {
            "label": say("document.proof_label", number=number),
            "number": of[photo],
            "certificate": year.readings.get(photo, {}).get("certificate_no") or say("document.no_certificate"),
            "fingerprint": photo,
        }
        for photo, number in proofs.items()
    ]


def _documents(year: Year) -> list[str]:
    """Every document that the form rests on, with its number, in the order of their marks."""
    found = [year.book.document(year.standing.region, key) for key in year.documents()]
    return [f"{chr(ord('①') + place)}《{document.title}》{document.number}" for place, document in enumerate(found)]


def shown(year: Year) -> dict[str, Any]:
    """What `/verify/<code>` may show of a form: the total figures, nothing of what was learned where."""
    required = year.standing.required.get(TOTAL)
    return {
        "year": year.standing.year,
        "place": year.place,
        "verified": figure(year.verified.totals.get(TOTAL, 0)),
        "claimed": figure(year.standing.totals.get(TOTAL, 0) - year.verified.totals.get(TOTAL, 0)),
        "required": figure(required.hours) if required else "—",
    }
