"""The registration form and the progress card: what stands on them, drawn for real, hostile words and all."""

import io
from datetime import date
from typing import Any

import pytest
from PIL import Image

from bot.papers import qr
from console.exports.years import year_of
from documents import card, form
from documents.render import RenderingFailed, pages, pdf
from documents.year import Year
from domain.ledger import Activity, Claim
from domain.paper import CODE_LETTERS, check_code, spaced, typed
from domain.person import Person
from domain.vocabulary import Category, EntryState, Mode, Unit
from rules.book import load
from tests.storage.said import NOW

BOOK = load()
DAY = date(2026, 11, 21)
HOSTILE = '#set page[*x*] $ \\ "quoted" <b> {name} \u202e抱歉 #eval("1+1")'


def claim(number: int, state: EntryState, **facts: Any) -> Claim:
    given: dict[str, Any] = {
        "start": date(2026, 3, number),
        "end": date(2026, 3, number),
        "category": Category.PROFESSIONAL,
        "mode": Mode.TRAINING_CLASS,
        "quantity": 8,
        "unit": Unit.CLASS_HOUR,
    }
    return Claim(f"c{number}", number, 2026, Activity(**(given | facts)), state, NOW)


def year(*claims: Claim, region: str = "neimenggu", **person: Any) -> Year:
    return year_of(Person(id="p1", region=region, **person), list(claims), 2026, DAY, BOOK, {})


def test_verified_and_claimed_hours_stand_apart() -> None:
    values = form.form(year(claim(1, EntryState.VERIFIED), claim(2, EntryState.CLAIMED, quantity=6)), "code", None)
    assert [row["number"] for row in values["verified"]] == [1]
    assert [row["number"] for row in values["claimed"]] == [2]
    total = values["summary"][-1]
    assert (total["verified"], total["claimed"], total["missing"]) == ("8", "6", "82")


def test_returned_and_withdrawn_claims_are_on_no_form() -> None:
    values = form.form(year(claim(1, EntryState.RETURNED), claim(2, EntryState.WITHDRAWN)), "code", None)
    assert values["verified"] == values["claimed"] == []


def test_every_figure_names_a_document_of_the_list() -> None:
    values = form.form(year(claim(1, EntryState.VERIFIED), claim(2, EntryState.CLAIMED)), "code", None)
    marks = {document[0] for document in values["documents"]}
    sources = [row["source"] for row in (*values["verified"], *values["claimed"], values["summary"][-1])]
    assert all(source[0] in marks for source in sources)


def test_an_open_activity_is_explained_and_a_cap_is_named() -> None:
    study = claim(
        1, EntryState.CLAIMED, mode=Mode.SELF_STUDY, quantity=60, attrs={"assessed": True, "recognised": True}
    )
    plain = claim(2, EntryState.CLAIMED, mode=Mode.SELF_STUDY, quantity=4)
    values = form.form(year(study, plain, region="sichuan"), "code", None)
    assert values["claimed"][1]["hours"] is None or values["notes"]
    assert any("2" in note for note in values["notes"])


def test_the_id_number_is_masked() -> None:
    values = form.form(year(name="王建国", id_number="150102199001011234"), "code", None)
    assert "150102199001011234" not in str(values)
    assert "1501**********1234" in str(values)


def test_who_verifies_sees_totals_only() -> None:
    shown = form.shown(year(claim(1, EntryState.VERIFIED, title="BIM"), name="王建国"))
    assert shown == {"year": 2026, "place": "内蒙古", "verified": "8", "claimed": "0", "required": "90"}


def test_a_form_is_drawn_whatever_was_written() -> None:
    many = [claim(1 + number % 28, EntryState.VERIFIED, title=HOSTILE, organizer="龘䶮" * 20) for number in range(60)]
    values = form.form(year(*many, name=HOSTILE), "K7QF-2M9X-4TBD", qr("http://127.0.0.1/verify/K7QF2M9X4TBD"))
    assert pdf("form", values).startswith(b"%PDF-")
    drawn = pages("form", values, ppi=40)
    assert len(drawn) > 1
    assert Image.open(io.BytesIO(drawn[0])).format == "PNG"


@pytest.mark.parametrize("region", sorted(BOOK.places))
def test_the_card_is_drawn_for_every_place(region: str) -> None:
    values = card.card(year(claim(1, EntryState.VERIFIED), claim(2, EntryState.CLAIMED), region=region))
    (drawn,) = pages("card", values)
    assert Image.open(io.BytesIO(drawn)).width > 300
    assert all(0 <= line["done"] + line["waiting"] <= 1 for line in values["lines"])


def test_values_that_do_not_fit_are_an_error_and_no_empty_paper() -> None:
    with pytest.raises(RenderingFailed):
        pdf("form", {"title": "x"})


def test_a_code_is_read_as_it_is_typed() -> None:
    code = check_code("0123456789abcdef" * 4)
    assert set(code) <= set(CODE_LETTERS)
    assert typed(spaced(code).lower()) == typed(f" {code[:6]} {code[6:]}") == code
    assert typed("K7QF-2M9X-4TB0") is None
    assert typed("K7QF") is None
