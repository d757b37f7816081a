"""What HR would object to, found before they look: each hint where it belongs, and none where a proof is in order."""

from datetime import date
from typing import Any

import pytest

from domain.ledger import Activity as Claimed
from domain.proof import Mark, Objection
from domain.vocabulary import Category, Mode, Unit
from handlers.precheck import is_empty, marks, meant, normal, of_claim, of_proof, stated
from nlp.proofs.proof import Activity, Proof

COURSE = Activity(
    title="桥梁检测技术培训班", organizer="青禾市建设培训中心", hours=24.0, start="2026-05-12", end="2026-05-14"
)


def proof(*activities: Activity, **fields: Any) -> Proof:
    return Proof(activities=activities or (COURSE,), legibility=0.9, **fields)


def claimed(**fields: Any) -> Claimed:
    values: dict[str, Any] = {
        "start": date(2026, 5, 12),
        "end": date(2026, 5, 14),
        "category": Category.PROFESSIONAL,
        "mode": Mode.TRAINING_CLASS,
        "quantity": 24,
        "unit": Unit.CLASS_HOUR,
        "title": "桥梁检测技术培训班",
    }
    return Claimed(**(values | fields))


@pytest.mark.parametrize(
    ("read", "holder", "organizers", "found"),
    [
        (proof(name="王建国"), "王建国", (), []),
        (proof(name="王 建 国"), "王建国", ("青禾市建设培训中心",), []),
        (proof(name="阿依古丽・买买提"), "阿依古丽·买买提", (), []),
        (proof(), "王建国", (), []),  # no name to compare
        (proof(name="李娜"), None, (), []),  # nobody to compare it with
        (proof(name="李娜"), "王建国", (), [Objection.NAME_DIFFERS]),
        (proof(people=("李娜", "王建国")), "王建国", (), []),  # a list of several
        (proof(people=("李娜", "孙立")), "王建国", (), [Objection.NAME_DIFFERS]),
        (proof(), None, ("青禾市人社局",), [Objection.ORGANIZER_UNKNOWN]),
        (proof(), None, ("青禾市建设培训中心（总部）",), []),
        (proof(Activity(title="讲座", hours=4.0)), None, ("青禾市人社局",), []),  # no organiser was read
        (proof(Activity(title="讲座", start="2026-05-12")), None, (), [Objection.HOURS_MISSING]),
        (proof(Activity(title="讲座", days=2.0)), None, (), []),
        (proof(Activity()), "王建国", ("青禾市人社局",), [Objection.UNREADABLE]),
    ],
)
def test_a_proof_by_itself(read: Proof, holder: str | None, organizers: tuple[str, ...], found: list[str]) -> None:
    assert of_proof(read, holder, organizers) == found


@pytest.mark.parametrize(
    ("changes", "year", "found"),
    [
        ({}, 2026, []),
        ({"quantity": 25}, 2026, [Objection.HOURS_DIFFER]),
        ({"quantity": 3, "unit": Unit.DAY}, 2026, []),  # told in another unit: nothing that could differ
        ({}, 2025, [Objection.YEAR_DIFFERS]),
    ],
)
def test_a_claim_beside_its_proof(changes: dict[str, Any], year: int, found: list[str]) -> None:
    assert of_claim(COURSE, claimed(**changes), year) == found


def test_a_proof_across_new_year_fits_either_year() -> None:
    read = Activity(hours=8.0, start="2025-12-30", end="2026-01-02")
    assert of_claim(read, claimed(quantity=8), 2025) == of_claim(read, claimed(quantity=8), 2026) == []


def test_of_several_activities_the_one_that_is_claimed_is_compared() -> None:
    public = Activity(title="人工智能通识", hours=30.0, start="2026-03-01", end="2026-03-31")
    assert meant(proof(public, COURSE), claimed()) is COURSE
    assert meant(proof(public, COURSE), claimed(title="", start=date(2026, 3, 1), end=date(2026, 3, 31))) is public
    assert meant(proof(public, COURSE), claimed(title="", start=date(2026, 1, 1), end=date(2026, 1, 1))) is COURSE


def test_amounts_are_taken_as_they_count_most_directly() -> None:
    assert stated(Activity(hours=8.0, credits=2.0, days=1.0)) == (8.0, Unit.CLASS_HOUR)
    assert stated(Activity(credits=2.0, days=1.0)) == (2.0, Unit.CREDIT)
    assert stated(Activity(days=1.0)) == (1.0, Unit.DAY)
    assert stated(Activity(title="讲座")) is None
    assert is_empty(Activity(organizer="青禾市建设培训中心", certificate_no="1"))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (Activity(certificate_no="NMG-2026-00871"), Activity(certificate_no="nmg 2026 00871")),
        (Activity(certificate_no="（2026）第00871号"), Activity(certificate_no="(2026)第00871号")),
    ],
)
def test_a_number_read_in_two_ways_is_one_mark(first: Activity, second: Activity) -> None:
    one, two = (dict(marks(proof(read), "x"))[Mark.NUMBER] for read in (first, second))
    assert one == two


def test_what_many_proofs_share_is_no_mark() -> None:
    shared = proof(Activity(title="讲座", certificate_no="12"), name="王建国", qr="https://study.example/app")
    assert marks(shared, "a1") == [(Mark.FILE, "a1")]
    own = proof(name="王建国", qr="https://study.example/check?no=20260514")
    assert {kind for kind, _ in marks(own, "a1")} == {Mark.FILE, Mark.QR, Mark.EVENT}
    assert Mark.EVENT not in dict(marks(proof(), "a1"))  # of nobody: many have been to the same course


def test_words_are_compared_without_what_a_camera_adds() -> None:
    assert normal(" 青禾市（建设）培训中心。") == normal("青禾市(建设)培训中心")
    assert normal(None) == ""
