"""What counts and what does not: small pages, each for one rule."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.vocabulary import Category
from nlp.proofs.extraction import extract
from nlp.proofs.page import Line, Page
from nlp.proofs.proof import Proof


def page(*rows: str, pitch: float = 60) -> Page:
    """Rows of text under one another; cells of a row are separated by two bars and stand 400 pixels apart."""
    lines = []
    for number, row in enumerate(rows):
        for column, text in enumerate(row.split("||")):
            if text:
                left = 100.0 + 400 * column
                lines.append(Line(text, left, number * pitch, left + 30 * len(text), number * pitch + 34))
    return Page(tuple(lines))


def read(*rows: str, holder: str | None = None) -> Proof:
    return extract(page(*rows), holder)


def test_labels_with_values_behind_them() -> None:
    proof = read(
        "姓名：王小明", "培训班名称：新会计准则培训", "主办单位：某省会计学会", "学时：24", "证书编号：KJ2024001234"
    )
    first = proof.activities[0]
    assert (proof.name, first.title, first.organizer) == ("王小明", "新会计准则培训", "某省会计学会")
    assert (first.hours, first.certificate_no) == (24.0, "KJ2024001234")


def test_cells_to_the_right_and_below() -> None:
    beside = read("姓名||王小明||性别||男", "培训项目||新会计准则培训", "学时||24")
    assert (beside.name, beside.activities[0].title, beside.activities[0].hours) == ("王小明", "新会计准则培训", 24.0)
    below = read("姓名||培训班名称||学时", "王小明||新会计准则培训||24")
    assert (below.name, below.activities[0].title, below.activities[0].hours) == ("王小明", "新会计准则培训", 24.0)


def test_a_running_sentence() -> None:
    proof = read(
        "证明",
        "兹证明 王小明 同志于2024年3月5日至7日参加由某省会计学会主办的“新会计准则培训”，共计24学时，考核合格。",
        "某省会计学会",
        "2024年3月9日",
    )
    first = proof.activities[0]
    assert (proof.name, first.title, first.organizer) == ("王小明", "新会计准则培训", "某省会计学会")
    assert (first.start, first.end, first.hours) == ("2024-03-05", "2024-03-07", 24.0)


@pytest.mark.parametrize("issued", ["发证日期：2024年3月9日", "颁发日期 Date of Issue: 2024-03-09", "2024年3月9日"])
def test_the_day_of_issue_is_never_the_training(issued: str) -> None:
    first = read("结业证书", "姓名：王小明", "课程名称：新会计准则培训", "某省会计学会", issued).activities[0]
    assert (first.start, first.end) == (None, None)


def test_a_day_of_completion_leaves_the_start_open() -> None:
    first = read("课程名称：新会计准则培训", "完成时间：2024-03-09 10:11:12").activities[0]
    assert (first.start, first.end) == (None, "2024-03-09")


def test_months_stay_months() -> None:
    first = read("培训时间：2024年3月至5月", "学时：80").activities[0]
    assert (first.start, first.end) == ("2024-03", "2024-05")


@pytest.mark.parametrize(
    ("said", "category"),
    [
        ("科目类别：公需科目", Category.PUBLIC),
        ("课程性质：专业课", Category.PROFESSIONAL),
        ("科目：专业", Category.PROFESSIONAL),
        ("专业技术人员继续教育证书", None),
        ("培训类别：面授", None),
    ],
)
def test_the_category_only_where_it_is_stated(said: str, category: Category | None) -> None:
    assert read("姓名：王小明", said).activities[0].category == category


@pytest.mark.parametrize(
    ("printed", "hours", "credits_", "days"),
    [
        ("学时：贰拾肆", 24, None, None),
        ("学时：60学时（折合3.5学分）", 60, 3.5, None),
        ("授予学分：Ⅰ类学分5分", None, 5, None),
        ("参加某局举办的某某业务培训，会期三天。", None, None, 3),
        ("参加某局举办的某某业务培训，每年不少于90学时，本次共计8课时。", 8, None, None),
        ("学习时长：178分钟", None, None, None),
        ("学时：12345", None, None, None),
    ],
)
def test_amounts_as_printed(printed: str, hours: float | None, credits_: float | None, days: float | None) -> None:
    first = read("培训证明", printed).activities[0]
    assert (first.hours, first.credits, first.days) == (hours, credits_, days)


def test_the_host_and_the_employer_are_no_organisers() -> None:
    proof = read("工作单位：某市水务集团", "承办单位：某培训学校", "主办单位：某市水利局")
    assert proof.activities[0].organizer == "某市水利局"
    assert read("工作单位：某市水务集团", "承办单位：某培训学校").activities[0].organizer is None


def test_other_numbers_are_not_the_certificates() -> None:
    proof = read(
        "身份证号：110101199001011234",
        "项目编号：2024-01-02-003（国）",
        "某人培〔2024〕12号",
        "证号：7579**********7710",
    )
    assert proof.activities[0].certificate_no is None


@pytest.mark.parametrize("name", ["欧阳明", "阿依古丽·买买提", "王 明", "覃小红"])
def test_names_of_all_kinds(name: str) -> None:
    assert read(f"姓名：{name}", "学时：8").name == name.replace(" ", "")


def test_a_list_of_people_needs_to_know_whose_row() -> None:
    rows = (
        "某某业务培训人员学时汇总表",
        "姓名||工作单位||学时",
        "王小明||某局||8",
        "李小红||某院||16",
        "张大伟||某站||24",
    )
    assert read(*rows).name is None
    assert read(*rows).people == ("王小明", "李小红", "张大伟")
    mine = read(*rows, holder="李小红")
    assert (mine.name, mine.activities[0].hours, mine.activities[0].title) == ("李小红", 16.0, "某某业务培训")


def test_a_yearly_statement_is_two_activities() -> None:
    proof = read("姓名：王小明", "2024年度公需科目30学时，专业科目60学时，合计90学时。")
    assert [(item.category, item.hours) for item in proof.activities] == [
        (Category.PUBLIC, 30.0),
        (Category.PROFESSIONAL, 60.0),
    ]


def test_a_misread_range_is_marked() -> None:
    first = read("开始时间：2024-03-09", "结束时间：2024-03-05", "学时：8").activities[0]
    assert {"start", "end"} <= set(first.unsure)


def test_an_empty_page_is_an_illegible_proof() -> None:
    proof = extract(Page())
    assert len(proof.activities) == 1
    assert not proof.legible


_FRAGMENTS = st.sampled_from(
    [
        *("姓名", "学时", "共计", "：", "〔", "“", "《", "2024年", "3月", "至", "主办单位", "的", "参加", "举办", "12"),
        *("（", "公需科目", "编号", "证书", "*", "合计", "专业", "O", "同志", "局", "·"),
    ]
)
_TEXT = st.lists(_FRAGMENTS, max_size=40).map("".join) | st.text(max_size=60)
_SIDE = st.floats(-1e6, 1e6, allow_nan=False)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.builds(Line, _TEXT, _SIDE, _SIDE, _SIDE, _SIDE, st.floats(0, 1)), max_size=12))
def test_no_page_breaks_it(lines: list[Line]) -> None:
    proof = extract(Page(tuple(lines)), "王小明")
    assert proof.activities
    assert all(0 <= sure <= 1 for sure in (*proof.confidence.values(), *proof.activities[0].confidence.values()))


@pytest.mark.parametrize(
    "text", ["共计" * 150, "培训" * 150, "由某局举办的" * 50, "2024年3月" * 60, "王·" * 140, "(" * 290, "学分" * 140]
)
def test_repetition_is_read_to_its_end(text: str) -> None:
    assert extract(page(*[text] * 20)).activities
