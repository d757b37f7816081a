"""The texts split where citations point, and found by words."""

import hashlib
import warnings
from pathlib import Path

import pytest

from rules.articles import TEXTS, Texts, UnknownArticleError
from rules.book import load

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # jieba's own escapes, told when Python compiles it first
    import jieba

BOOK = load()
LIBRARY = Texts(BOOK)

BEGINNINGS = [
    ("jilin", "decree-267", "第十一条第二款第（一）项", "（一）参加培训班、研修班或者进修班学习；"),
    ("jilin", "decree-267", "第十一条第三款", "继续教育方式和学时的具体认定办法，由省"),
    ("jilin", "decree-267", "第八条第三款第（四）项", "（四）承担与所在用人单位协商确定的"),
    ("jiangxi", "decree-259", "第十条第一款", "专业技术人员参加继续教育的时间，每年累计不少于九十学时"),
    ("jiangxi", "decree-259", "第二十七条", "本办法自2023年3月1日起施行。"),
    ("sichuan", "opinion-2016-20", "二（二）第1段", "专业技术人员参加继续教育的时间，每年累计应不少于90学时"),
    ("sichuan", "opinion-2016-20", "二（二）第3段", "参加学习、培训、研修、学术活动"),
    ("sichuan", "opinion-2016-20", "二（二）第4段", "继续教育中的学历教育、教师培训、继续医学教育"),
    ("sichuan", "opinion-2016-20", "四第2段", "国家机关、事业单位和社会团体的专业技术人员无正当理由"),
    ("sichuan", "opinion-2016-20", "三（二）", "用人单位要保障专业技术人员参加继续教育的权利"),
    ("sichuan", "opinion-2016-20", "五（一）", "继续教育经费由政府、单位和个人多种渠道解决：\n1.各级财政"),
    ("neimenggu", "measures-2017-3", "第十条", "继续教育实行学时考核和证书登记制度"),
    ("neimenggu", "measures-2017-3", "第十二条第（八）项", "（八）单位组织的有考核的学习；"),
    ("neimenggu", "measures-2017-3", "第十五条", "专业技术人员按照有关法律法规从事有职业资格要求工作的"),
    ("nantong", "2021", "2021:一", "根据人社部《专业技术人员继续教育规定》"),
    ("nantong", "2021", "2021:四（二）", "申报我市各级别评审委员会的专业技术人员"),
    ("nantong", "2011", "2011:第十七条第（四）项第2目", "2. 出版1部以上专著、译著"),
    ("nantong", "2011", "2011:第十七条第（五）项", "（五）专业技术人员接受继续教育符合下列情形之一的，视为完成当年度"),
    ("nantong", "2011", "2011:第二十七条第二款第（二）项", "（二）聘任期内每年平均继续教育学分（学时）"),
    ("nantong", "order-25", "第八条", "专业技术人员参加继续教育的时间，每年累计不少于90学时"),
    ("national", "order-25", "令第25号公布令", "《专业技术人员继续教育规定》2015年8月3日"),
]


@pytest.mark.parametrize(("place", "document", "notation", "beginning"), BEGINNINGS)
def test_a_notation_finds_its_text(place: str, document: str, notation: str, beginning: str) -> None:
    article = LIBRARY.article(place, document, notation)
    assert article.text.startswith(beginning)
    assert LIBRARY.quote(place, article.citation) == article


@pytest.mark.parametrize(
    ("place", "document", "notation"),
    [
        ("jilin", "decree-267", "第二十六条"),
        ("jilin", "decree-267", "第十一条第四款"),
        ("jilin", "decree-267", "第十一条第二款第（六）项"),
        ("jilin", "decree-267", "第十一条第〇款"),
        ("sichuan", "opinion-2016-20", "二（二）第5段"),
        ("sichuan", "opinion-2016-20", "二（四）"),
        ("nantong", "2011", "第十七条"),
        ("nantong", "2021", "2011:第十七条"),
        ("nantong", "2011", "2011:第十七条第（四）项第4目"),
        ("jilin", "decree-267", ""),
        ("jilin", "decree-267", "第十一条" * 500),
    ],
)
def test_what_is_not_in_the_text_is_not_found(place: str, document: str, notation: str) -> None:
    with pytest.raises(UnknownArticleError):
        LIBRARY.article(place, document, notation)


def test_a_document_of_another_place_is_not_found() -> None:
    with pytest.raises(KeyError):
        LIBRARY.article("jilin", "decree-259", "第一条")


@pytest.mark.parametrize(
    ("place", "document", "count"),
    [
        ("jilin", "decree-267", 25),
        ("jiangxi", "decree-259", 27),
        ("neimenggu", "measures-2017-3", 35),
        ("nantong", "2011", 38),
    ],
)
def test_every_article_is_there_in_order(place: str, document: str, count: int) -> None:
    pages = LIBRARY.pages(place, document)
    assert len(pages) == count
    assert pages[-1].notation.endswith("条")
    assert all(page.text for page in pages)


def test_no_word_of_a_text_is_lost() -> None:
    """The articles together hold the document, apart from title, marks, headings and white space."""
    whole = (TEXTS / "neimenggu.txt").read_text("utf-8")
    body = whole[whole.index("第一条") :]
    pages = LIBRARY.pages("neimenggu", "measures-2017-3")
    told = "".join(page.notation + page.text for page in pages)
    headings = ["第二章  内容和方式", "第三章  组织管理和公共服务", "第四章  相关责任", "第五章附则"]
    for heading in headings:
        body = body.replace(heading, "")
    assert "".join(told.split()) == "".join(body.split())


def test_a_broken_line_of_the_scan_is_joined() -> None:
    assert "综合管理与分级分类负责相结合的管理体制。" in LIBRARY.article("nantong", "2011", "2011:第五条").text
    assert "(继续教育培训网址" in LIBRARY.article("nantong", "2021", "2021:三").text


def test_the_texts_are_the_published_ones() -> None:
    digests = {
        "jilin": "2903aadd8ecd39c3",
        "jiangxi": "6b4f981851e278f8",
        "sichuan": "427c4edddf6a8213",
        "neimenggu": "30dd9e597f59e3ca",
        "nantong": "3b71dd735c3fe097",
    }
    for place, digest in digests.items():
        content = Path(TEXTS / f"{place}.txt").read_bytes()
        assert hashlib.sha256(content).hexdigest().startswith(digest)


def test_national_facts_are_marked_as_a_summary() -> None:
    assert all(page.summary for page in LIBRARY.pages("national", "order-25"))
    assert not any(page.summary for page in LIBRARY.pages("jilin", "decree-267"))


def cut(text: str) -> list[str]:
    return list(jieba.cut(text))


QUESTIONS = [
    ("jilin", "公需课包括哪些", "第九条"),
    ("jilin", "没完成会怎样", "第二十二条"),
    ("jilin", "每年要多少学时", "第十一条第一款"),
    ("jiangxi", "自由职业者适用吗", "第二十六条第二款"),
    ("jiangxi", "继续教育对评职称有什么用", "第二十一条第二款"),
    ("sichuan", "没完成会怎样", "四第2段"),
    ("sichuan", "上班时间能去学习吗", "三（一）"),
    ("sichuan", "学分怎么换成学时", "二（二）第4段"),
    ("sichuan", "论文能算学时吗", "二（二）第3段"),
    ("neimenggu", "没完成会怎样", "第三十一条"),
    ("nantong", "每年要多少学时", "2011:第十六条"),
    ("nantong", "单位不让我学怎么办", "2011:第九条"),
]


@pytest.mark.parametrize(("place", "question", "notation"), QUESTIONS)
def test_a_question_finds_its_article(place: str, question: str, notation: str) -> None:
    hits = LIBRARY.search(place, question, cut)
    assert hits
    assert any(hit.article.notation.startswith(notation) for hit in hits[:2])
    assert LIBRARY.search(place, cut(question), cut) == hits


@pytest.mark.parametrize("question", ["今天天气怎么样", "哪里能买到火车票", "产假期间怎么办", "", "？？？", "的了吗"])
@pytest.mark.parametrize("place", ["jilin", "nantong", "national"])
def test_what_the_texts_do_not_say_is_not_answered(place: str, question: str) -> None:
    assert LIBRARY.search(place, question, cut) == []


def test_a_question_in_one_place_is_not_answered_from_another() -> None:
    hits = LIBRARY.search("jilin", "单位不让我学怎么办", cut, limit=10)
    assert {hit.article.place for hit in hits} <= {"jilin", "national"}
    assert len(LIBRARY.search("jilin", "单位不让我学怎么办", cut, limit=1)) == 1
