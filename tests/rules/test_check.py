"""`check_folder` finds every way that the book can be wrong: one file of `broken/` each, its first line saying what."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from rules.book import PARAMETERS, load
from rules.check import check_folder, overdue
from wording import knows

BROKEN = Path(__file__).parent / "broken"


def folder_with(file: Path, root: Path) -> Path:
    """A book of one place, liaoning, whose only file is `file`; with jilin where the two must be told apart."""
    (root / "liaoning").mkdir(parents=True)
    shutil.copy(file, root / "liaoning" / "place.yaml")
    if file.stem == "name_of_another":
        shutil.copytree(PARAMETERS / "jilin", root / "jilin")
    return root


def test_the_book_has_no_problems() -> None:
    assert check_folder(knows=knows) == []


def test_the_good_file_has_no_problems(tmp_path: Path) -> None:
    assert check_folder(folder_with(BROKEN / "good.yaml", tmp_path / "book")) == []


@pytest.mark.parametrize(
    "file", sorted(set(BROKEN.glob("*.yaml")) - {BROKEN / "good.yaml"}), ids=lambda file: file.stem
)
def test_each_mistake_is_found_with_its_file_and_key(file: Path, tmp_path: Path) -> None:
    key, words = file.read_text("utf-8").splitlines()[0].removeprefix("# ").split(" | ")
    problems = check_folder(folder_with(file, tmp_path / "book"), knows=knows)
    assert len(problems) == 1
    assert problems[0].file == "liaoning/place.yaml"
    assert problems[0].key == key
    assert words in problems[0].wrong
    assert problems[0].cure


def test_a_key_in_two_files_is_refused(tmp_path: Path) -> None:
    root = folder_with(BROKEN / "good.yaml", tmp_path / "book")
    (root / "liaoning" / "zz.yaml").write_text("categories: [public]\n", "utf-8")
    (problem,) = check_folder(root)
    assert (problem.file, problem.key) == ("liaoning/zz.yaml", "categories")
    assert "place.yaml" in problem.wrong


def test_overdue_names_what_nobody_has_looked_at() -> None:
    book = load()
    review_by = date(2027, 12, 31)
    assert overdue(book, review_by) == []
    found = overdue(book, date(2028, 1, 1))
    assert {problem.file.split("/")[0] for problem in found} == set(book.places)
    assert not [problem for problem in found if problem.key == "waivers.fifth_round"]  # ended: nothing to look at
    keys = {problem.key for problem in found if problem.file.startswith("nantong")}
    assert {"annual_hours.public_at_most", "annual_hours.public", "modes", "caps.self_study_one_third"} <= keys
    assert {"conversions.stated", "conditions.self_study", "deemed.exam", "elsewhere.yangtze_delta"} <= keys
    assert {"open_units.credits", "period_checks.yearly_average"} <= keys
    assert "annual_hours.industry_total" in {problem.key for problem in found if problem.file.startswith("sichuan")}
    totals = [
        problem for problem in found if problem.file.startswith("nantong") and problem.key == "annual_hours.total"
    ]
    assert len(totals) == 1  # the two that were replaced are settled
