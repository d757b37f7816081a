"""Makes `weights.txt` (the intent model) and `words.txt` (the dictionary) from `phrases/*.yaml` and jieba's word list.

    python -m nlp.training          writes both
    python -m nlp.training --words  writes the dictionary only

The model is multinomial logistic regression over the features of `nlp.features`. Examples come from the phrases by
choosing among their alternatives; the choice depends only on the phrase, so that the result can be reproduced.
"""

import re
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

import yaml

from nlp.features import Sketch, features, runs, sketch
from nlp.normalize import clean, fold

HERE = Path(__file__).parent
PER_PHRASE = 24
EPOCHS, RATE, DECAY = 14, 0.35, 2e-5
MIN_FREQUENCY = 30  # of a word in jieba's list to enter ours

FILLERS: dict[str, list[str]] = {
    "date": "昨天 前天 今天 上周三 上周五 上周二到周四 8月15号 8月15-17号 十月三号 上个月 上个月20号 11月 3月5日至7日 这周一 2026年9月10日 大前天 25号 9月 十二月二十四号 昨天下午 上周末 今早 国庆 12月30号 周三 9.12 上周 明天 下周一 11月25日".split(),
    "year": "今年 去年 2025年 前年 本年度 2024年 今年度 上年度 24年 二〇二五年 2023年 明年".split(),
    "qty": "6学时 3天 两小时 半天 90分钟 18学时 12个学时 八学时 一天 三天 4个学时 两个半天 3个半小时 10学分 20课时 一整天 2小时 五天 一上午 3000字 32学时 120分钟 一篇".split(),
    "cat": "公需 专业 公需课 专业课 公需科目 专业科目 公共科目 公需部分 选修".split(),
    "mode": "讲座 学术讲座 培训班 网课 学术会议 研修班 论文 线上课程 远程教育 进修 考察 自学 网络学习 面授课 年会 研讨会 直播课 考试 专著 进修班 培训 实践活动 学术年会 线上培训 省级学术会议 报告会".split(),
    "region": "吉林 江西 四川 内蒙古 南通 成都 北京 呼和浩特 广东 长春 河南 湖南".split(),
    "level": "中级 副高 正高 初级 高级 高级工程师 工程师 副高级 助理工程师 中级职称 高工".split(),
    "index": "第2条 第一条 第3条 第五条 第3个 第1条 第四条 第10条".split(),
    "person": "张伟 李娜 王强 刘洋 陈刚 赵敏 孙丽 周杰 老王 吴静 王工 郑凯 杨帆 徐磊 马超 何军 高翔 林峰 李建国 王晓燕 小李 张老师".split(),
    "dept": "技术部 工程部 财务科 质检科 人事部 设计院 市场部 内科 二车间 后勤处 语文组 护理部 信息中心".split(),
    "days": "提前3天 提前两天 提前一周 提前7天 提前半个月 提前15天 提前一个月 提前十天".split(),
    "title": "BIM技术研修班 安全生产培训班 职业道德 建筑节能新技术 检测员培训班 法律讲座 人工智能专题 消防安全 护理新进展学习班 会计准则 水利工程质量 急救技能培训 大数据 项目管理讲座 教学法研讨会 乡村振兴专题培训 装配式建筑技术交流会 绩效评价 知识产权网络课 数据安全 注册建造师面授班 心理健康讲座 钢结构焊接培训".split(),
}  # fmt: skip
_SLOT = re.compile(r"\{(\w+)\}")
_CHOICE = re.compile(r"\[([^\[\]]*)\]")


@dataclass(frozen=True, slots=True)
class Example:
    intent: str
    phrase: str
    seen: Sketch


@cache
def phrases() -> dict[str, list[str]]:
    """The phrases of every intent."""
    merged: dict[str, list[str]] = {}
    for path in sorted((HERE / "phrases").glob("*.yaml")):
        for intent, lines in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            merged.setdefault(intent, []).extend(str(line) for line in lines)
    return merged


def said(phrase: str, count: int) -> list[str]:
    """Up to `count` different sentences of a phrase."""
    chance = Random(zlib.crc32(phrase.encode()))  # noqa: S311 the same choice every time is the point
    sentences: dict[str, None] = {}
    for _ in range(count * 3):
        chosen = _CHOICE.sub(lambda found: chance.choice(found[1].split("|")), phrase)
        chosen = _SLOT.sub(lambda found: chance.choice(FILLERS[found[1]]), chosen)
        chosen = chosen.strip(" ，,：:")
        if chosen:
            sentences[chosen] = None
        if len(sentences) == count:
            break
    return list(sentences)


def examples() -> Iterator[Example]:
    """All examples that the model learns from."""
    for intent, lines in phrases().items():
        for phrase in lines:
            for sentence in said(phrase, PER_PHRASE):
                yield Example(intent, phrase, sketch(fold(clean(sentence))))


def known_runs(learned: list[Example]) -> dict[str, set[str]]:
    """For each pair of characters seen in scope, the phrases that it occurs in."""
    known: dict[str, set[str]] = {}
    for example in learned:
        if example.intent != "unknown":
            for run in runs(example.seen.signs):
                known.setdefault(run, set()).add(example.phrase)
    return known


def novelty(seen: Sketch, known: dict[str, set[str]], phrase: str | None) -> str:
    """How much of a sentence no other phrase has said, as a feature."""
    pairs = runs(seen.signs)
    new = sum(1 for pair in pairs if not (known.get(pair, set()) - {phrase}))
    return f"new:{round(4 * new / len(pairs))}"


def train(learned: list[Example]) -> tuple[list[str], dict[str, list[float]], set[str]]:
    """Labels, the weights of every feature for each label, and the known runs."""
    import numpy as np  # noqa: PLC0415 only training needs it

    known = known_runs(learned)
    labels = sorted({example.intent for example in learned})
    rows = [[*features(example.seen), novelty(example.seen, known, example.phrase), "bias"] for example in learned]
    support: dict[str, set[str]] = {}
    for example, row in zip(learned, rows, strict=True):
        for feature in row:
            support.setdefault(feature, set()).add(example.phrase)
    names = sorted(feature for feature, where in support.items() if len(where) >= 2 or feature.startswith("w:"))
    place = {feature: index for index, feature in enumerate(names)}
    data = [np.array([place[feature] for feature in row if feature in place]) for row in rows]
    targets = [labels.index(example.intent) for example in learned]
    said_by = {}
    for example in learned:
        said_by[example.phrase, example.intent] = said_by.get((example.phrase, example.intent), 0) + 1
    share = [said_by[example.phrase, example.intent] ** -0.35 for example in learned]
    weights = np.zeros((len(names), len(labels)))
    slopes = np.full((len(names), len(labels)), 1e-3)
    order = list(range(len(data)))
    chance = Random(7)  # noqa: S311
    for _ in range(EPOCHS):
        chance.shuffle(order)
        for row_at in order:
            where = data[row_at]
            scores = weights[where].sum(0)
            odds = np.exp(scores - scores.max())
            odds /= odds.sum()
            odds[targets[row_at]] -= 1
            slope = share[row_at] * odds + DECAY * weights[where]
            slopes[where] += slope * slope
            weights[where] -= RATE * slope / np.sqrt(slopes[where])
    return labels, {name: weights[index].tolist() for name, index in place.items()}, {run for run, where in known.items() if where}


def rendered(labels: list[str], weights: dict[str, list[float]], known: set[str]) -> str:
    """The model as text: the labels, the known runs, then one line a feature with the weights that matter."""
    lines = ["\t".join(labels), "\t".join(sorted(known))]
    for name in sorted(weights):
        kept = [f"{index}:{round(weight * 100)}" for index, weight in enumerate(weights[name]) if abs(weight) >= 0.12]
        if kept:
            lines.append(f"{name}\t{' '.join(kept)}")
    return "\n".join(lines) + "\n"


def word_list() -> str:
    """Jieba's frequent words with our own terms."""
    import jieba  # noqa: PLC0415

    ours = "学时 课时 公需 公需课 公需科目 专业课 专业科目 继续教育 继教 登记表 学时证明 研修班 培训班 进修班 网课 讲座 学术讲座 学术会议 副高 正高 中级 初级 职称 评职称 公需学时 专业学时 人社厅 人社局 达标 达标率 完成率 群发 驳回 退回 待审 待审核 核验 审核 折算 结转 登记手册 学分".split()
    frequencies = {}
    for line in (Path(jieba.__file__).parent / "dict.txt").read_text(encoding="utf-8").splitlines():
        word, count, *_ = line.split(" ")
        if int(count) >= MIN_FREQUENCY or len(word) == 1:
            frequencies[word] = int(count)
    frequencies |= {word: max(frequencies.get(word, 0), 2000) for word in ours}
    return "".join(f"{word} {count}\n" for word, count in sorted(frequencies.items()))


def main() -> None:
    (HERE / "words.txt").write_text(word_list(), encoding="utf-8")
    if "--words" not in sys.argv:
        (HERE / "weights.txt").write_text(rendered(*train(list(examples()))), encoding="utf-8")


if __name__ == "__main__":
    main()
