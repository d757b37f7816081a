"""Every article with a number in it has cases, and docs/rules.md says which: the table there is this one.

`python -m tests.rules.test_case_table` prints the table as it should stand.
"""

import re
import sys
from pathlib import Path

import jieba
import pytest
import yaml

from rules.articles import Texts
from rules.book import load

ROOT = Path(__file__).parents[2]
BOOK = load()
LIBRARY = Texts(BOOK)
_NUMBER = r"(?:[\d.]+|[一二三四五六七八九十百两]+)"
_MEASURE = r"学时|学分|天|小时|万字|千字|字|分钟|日内|个月|%|篇|部(?=以上)|分之[一二三四五六七八九十]|等奖|至五年|元"
NUMBERED = re.compile(rf"{_NUMBER}\s*(?:{_MEASURE})|每?半天|每千字")

ONLY_TOLD = {  # numbers that decide no hours: they are answered from the text, by the question beside
    ("jilin", "第四条"): "职工教育经费提多少",
    ("jiangxi", "第十六条"): "培训项目要提前多久公布",
    ("nantong", "2011:第十条"): "脱产培训三个月要签合同吗",
    ("nantong", "2011:第二十九条"): "申诉多少日内答复",
    ("nantong", "2011:第三十四条"): "职工教育经费提取比例",
    ("beijing", "第十六条"): "申诉多少日内答复",
    ("henan", "第二十五条"): "申诉三十日内处理",
    ("chongqing", "第十八条"): "不登记继续教育情况怎么处罚",
}


def numbered() -> list[tuple[str, str]]:
    """Place and notation of every article that holds a number."""
    return [
        (place.code, page.notation)
        for place in BOOK.places.values()
        for document in place.documents
        for page in LIBRARY.pages(place.code, document.key)
        if NUMBERED.search(page.text)
    ]


def cases() -> list[tuple[str, str, str]]:
    """Place, article and what it says, of every worked case."""
    found = []
    for file in sorted((ROOT / "tests" / "cases").glob("*.yaml")):
        content = yaml.safe_load(file.read_text("utf-8"))
        found += [(content["place"], case["article"], case["says"]) for case in content["cases"] if "article" in case]
    return found


def table() -> str:
    rows: dict[tuple[str, str], list[str]] = {}
    for place, article, says in cases():
        rows.setdefault((place, article), []).append(says)
    lines = ["| place | article | cases | what they say |", "| --- | --- | ---: | --- |"]
    for (place, article), said in rows.items():
        told = "；".join(said)
        told = told if len(told) <= 90 else f"{told[:89]}…"
        lines.append(f"| {place} | {article} | {len(said)} | {told} |")
    return "\n".join(lines)


@pytest.mark.parametrize(("place", "article"), numbered())
def test_an_article_with_a_number_has_cases(place: str, article: str) -> None:
    if (place, article) in ONLY_TOLD:
        hits = LIBRARY.search(place, ONLY_TOLD[place, article], jieba.lcut)
        assert any(hit.article.notation.startswith(article) for hit in hits)
        return
    own = [one for code, one, _ in cases() if code == place and one.startswith(article)]
    national = [one for code, one, _ in cases() if code == "national" and one.startswith(article)]
    assert len(own or national) >= 2


def test_what_is_only_told_has_a_number() -> None:
    assert set(ONLY_TOLD) <= set(numbered())


def test_the_articles_of_the_cases_are_in_the_texts_or_summaries() -> None:
    known = {
        (place.code, page.notation)
        for place in BOOK.places.values()
        for document in (*place.documents, *BOOK.place("national").documents)
        for page in LIBRARY.pages(place.code, document.key)
    }
    for place, article, _ in cases():
        assert article == "摘要" or any(code == place and article.startswith(one) for code, one in known), article


def test_the_table_in_the_docs_is_this_one() -> None:
    docs = (ROOT / "docs" / "rules.md").read_text("utf-8")
    assert table() in docs, "run python -m tests.rules.test_case_table and put what it prints into docs/rules.md"


if __name__ == "__main__":
    sys.stdout.write(table() + "\n")
