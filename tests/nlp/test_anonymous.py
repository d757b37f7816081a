"""What tells who somebody is does not stay in a kept sentence; what it is about does."""

import pytest

from domain.person import Person
from nlp.anonymous import cleaned

NOBODY = Person(id="p")
PERSONAL = [
    ("我叫王建国，昨天听了讲座", "王建国"),
    ("我的手机13812345678，明天联系", "13812345678"),
    ("电话 0513-85123456 转人事", "85123456"),
    ("身份证32060219900101123X对不上", "19900101123"),
    ("证书编号NT2026-000123号录不进去", "000123"),
    ("发到wang.jianguo@example.com", "wang.jianguo"),
    ("微信号wjg_1990加我", "wjg_1990"),
    ("我在南通市第一人民医院做护士", "第一人民医院"),
    ("华信建设有限公司的培训", "华信建设"),
    ("李主任说讲座不算", "李主任"),
    ("幺三八零零一二三四五六七打给我", "三八零零"),
    ("看这个https://example.com/u/1?id=9", "example.com"),
]


@pytest.mark.parametrize(("said", "secret"), PERSONAL)
def test_what_is_personal_goes(said: str, secret: str) -> None:
    assert secret not in cleaned(said, NOBODY)


def test_what_the_person_has_told_of_themselves_goes_too() -> None:
    person = Person(id="p", name="欧阳小鱼", phone="051385123456", profile={"employer": "阳光苗圃"})
    assert cleaned("欧阳小鱼在阳光苗圃学嫁接", person) == "〔本人信息〕在〔本人信息〕学嫁接"


@pytest.mark.parametrize(
    "said",
    [
        "上周三下午听了半天学术讲座，专业课",
        "2026年3月15日到3月18日培训班24学时",
        "2026-03-15学了90分钟",
        "第2条改成4学时",
        "内蒙古公需最少几学时",
        "10000字的自学笔记算多少",
    ],
)
def test_what_is_not_personal_stays(said: str) -> None:
    assert cleaned(said, NOBODY) == said
