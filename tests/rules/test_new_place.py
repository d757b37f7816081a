"""Adding a place costs one folder and no Python: 辽宁, in a temporary book, is decided, checked and searched."""

import shutil
from datetime import date
from pathlib import Path

from domain.vocabulary import Category, Mode, Unit
from rules.annual_hours import decide
from rules.articles import Texts
from rules.book import PARAMETERS, load
from rules.check import check_folder
from rules.conversion import convert
from rules.deadlines import deadlines
from rules.readiness import readiness
from rules.ruling import Case, Subject
from wording import say

PLACE = """
code: liaoning
name: 辽宁省
names: [辽宁]
categories: [public, professional]
documents:
  - {key: measures, title: 辽宁省专业技术人员继续教育办法（测试用）, issuer: 辽宁省人民政府, grade: A,
     in_force: 2020-01-01, text: liaoning.txt}
annual_hours:
  total:
    - {start: 2020-01-01, hours: 80, unit: class_hour, strength: hard, review_by: 2027-12-31,
       source: {document: measures, article: 第一条第一款}}
modes:
  - start: 2020-01-01
    review_by: 2027-12-31
    source: {document: measures, article: 第一条第二款}
    listed: {academic_lecture: 第一条第二款, self_study: 第一条第二款}
    decided_by: 省人社厅
    decided_in: {document: measures, article: 第二条}
conversions:
  - {key: stated, start: 2020-01-01, review_by: 2027-12-31, units: {class_hour: 1}, per: 1, hours: 1, parts: kept,
     says: stated, source: {document: measures, article: 第一条第二款}}
  - {key: lecture, label: 学术讲座, start: 2020-01-01, review_by: 2027-12-31, modes: [academic_lecture],
     units: {half_day: 1, day: 2}, per: 1, hours: 3, parts: down, says: half_days,
     source: {document: measures, article: 第一条第二款}}
caps:
  - {key: self_study, label: 自学, start: 2020-01-01, review_by: 2027-12-31, modes: [self_study], hours: 20,
     source: {document: measures, article: 第一条第二款}}
deadlines:
  - {key: public_2026, label: 2026年公需科目, kind: earn_by, year: 2026, closes: 2026-11-30, category: public,
     source: {document: measures, article: 第二条}}
period_checks:
  - {key: average, label: 聘期平均, what: average, start: 2020-01-01, review_by: 2027-12-31,
     source: {document: measures, article: 第二条}}
"""
TEXT = """第一条 专业技术人员每年参加继续教育不少于80学时。
学术讲座每半天计3学时，自学每年不超过20学时。
第二条 其他由省人力资源社会保障厅确定，公需科目11月底前完成。
"""
ON = date(2026, 12, 31)


def test_a_new_place_is_one_folder(tmp_path: Path) -> None:
    root, texts = tmp_path / "book", tmp_path / "texts"
    for place in ("national", "nantong"):
        shutil.copytree(PARAMETERS / place, root / place)
    shutil.copytree(Path(PARAMETERS).parent / "texts", texts)
    (root / "liaoning").mkdir()
    (root / "liaoning" / "place.yaml").write_text(PLACE, "utf-8")
    (texts / "liaoning.txt").write_text(TEXT, "utf-8")
    assert check_folder(root, texts) == []
    book, who = load(root), Subject("liaoning", {"appointment": {"start": "2026-01-01"}})
    lecture = Case("a", date(2026, 3, 1), Category.PROFESSIONAL, Mode.ACADEMIC_LECTURE, 2, Unit.DAY)
    alone = Case("b", date(2026, 3, 2), Category.PROFESSIONAL, Mode.SELF_STUDY, 75, Unit.CLASS_HOUR)
    found = convert(lecture, who, ON, book)
    assert found.hours == 12
    assert say(found.steps[0].key, **found.steps[0].values) == "学术讲座：2天，一天按两个半天，每半天计3学时，共12学时"
    year = decide(who, [lecture, alone], 2026, ON, book)
    assert (year.totals["total"], year.remaining["total"], year.complete) == (32, 48, False)
    assert [(cap.limit, cap.before, cap.after) for cap in year.caps] == [(20, 75, 20)]
    assert [one.closes for one in deadlines(book, "liaoning", 2026)] == [date(2026, 11, 30), date(2026, 12, 31)]
    assert readiness(who, [lecture], ON, book).average is not None
    (hit,) = Texts(book, texts).search("liaoning", "半天讲座计几学时", list, limit=1)
    assert hit.article.notation == "第一条第二款"
