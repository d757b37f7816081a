"""Sentences that nobody means well with: long, repetitive, broken. Read by tests, timed by benchmarks/reading.py."""

HOSTILE = [
    *("", " ", "\x00", "\ud800", "'; DROP TABLE people;--", "<script>alert(1)</script>", "%s%n{0}", "\u202e抱歉", "∞"),
    *("第99999999999999999999条", "0月0日", "99月99号", "9999年12月31日后", "一亿亿亿亿天前", "2月30号", "31号"),
    *("100000000000天前", "1e999", "NaN学时", "三" * 399 + "天", "A" * 4000 + "学时", "8月15-" * 100, "在参加" * 130),
    *(char * 400 for char in "第上一的，a张《点和在周半1１(-😀三"),
    *(word * 200 for word in ("不是", "上周", "2024年", "《》", "每天", "学时", "提前", "参加", "12:", "8月", "1-")),
    *(
        word * 60
        for word in ("零万年", "腊月8月后", "这三〇", "两", "20240305", "月底到", "前3天", "二十年前", "第一个周", "半")
    ),
]
