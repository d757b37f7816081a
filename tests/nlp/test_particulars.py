"""Who somebody says they are, and what is no such thing."""

from datetime import date

import pytest

from nlp.particulars import particulars

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("said", "name", "facts"),
    [
        ("我叫王建国", "王建国", {}),
        ("你好，我的名字是李梅。", "李梅", {}),
        ("我是王建国", "王建国", {}),
        ("我叫阿依古丽·买买提", "阿依古丽·买买提", {}),
        ("我在南通市第一人民医院上班", "", {"employer": "南通市第一人民医院"}),
        ("我叫李梅，在成都七中教书", "李梅", {"employer": "成都七中"}),
        ("工作单位是江西铜业", "", {"employer": "江西铜业"}),
        ("我是中级，明年评副高", "", {"level": "intermediate", "target_level": "associate", "review_year": 2027}),
        ("我2028年申报正高", "", {"target_level": "senior", "review_year": 2028}),
        ("我是2022年3月聘的中级", "", {"level": "intermediate", "appointment": {"start": "2022-03-01"}}),
    ],
)
def test_what_is_said_of_oneself(said: str, name: str, facts: dict[str, object]) -> None:
    found = particulars(said, TODAY)
    assert (found.name, found.facts) == (name, facts)


@pytest.mark.parametrize(
    "said",
    [
        "我是护士",
        "我是会计",
        "我在南通工作",
        "昨天听了半天讲座，专业课",
        "我还差多少学时",
        "高级职称要多少学时",
        "我是新手",
        "",
    ],
)
def test_what_says_nothing_of_oneself(said: str) -> None:
    assert not particulars(said, TODAY)
