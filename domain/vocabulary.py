"""The closed lists of values that messages, rules and the ledger share.

Values are the ones of the public contract (`xueshi parse`, `xueshi decide`); Chinese names and articles are in
`docs/glossary.md`.
"""

from enum import StrEnum


class Category(StrEnum):
    """科目: what kind of subject an activity belongs to."""

    PUBLIC = "public"  # 公需科目
    PROFESSIONAL = "professional"  # 专业科目
    ELECTIVE = "elective"  # 个人选修科目 (南通 only)


class Mode(StrEnum):
    """学习方式: how a person learned, as the regulations list it."""

    TRAINING_CLASS = "training_class"  # 培训班
    SEMINAR_CLASS = "seminar_class"  # 研修班
    REFRESHER_CLASS = "refresher_class"  # 进修班
    DISTANCE = "distance"  # 远程/网络
    ACADEMIC_CONFERENCE = "academic_conference"  # 学术会议
    ACADEMIC_LECTURE = "academic_lecture"  # 学术讲座
    ACADEMIC_VISIT = "academic_visit"  # 学术访问
    PRACTICE = "practice"  # 继续教育实践活动
    INSPECTION = "inspection"  # 业务/实践考察
    OVERSEAS = "overseas"  # 出国（境）进修培训
    DEGREE = "degree"  # 学历学位教育
    UNIT_ASSESSED_STUDY = "unit_assessed_study"  # 单位组织的有考核的学习
    SELF_STUDY = "self_study"  # 自学
    PUBLICATION = "publication"  # 正式发表出版
    HIGH_LEVEL_BASE = "high_level_base"  # 市高层次人才培训基地
    AWARD = "award"  # 科技进步奖
    MONOGRAPH = "monograph"  # 专著、译著
    PAPER = "paper"  # 论文
    EXAM = "exam"  # 职称（职业）资格考试


class Unit(StrEnum):
    """Unit of a raw quantity. 天, 半天 and 小时 stay what they are: the rules say how many 学时 they give."""

    CLASS_HOUR = "class_hour"  # 学时 already stated on a certificate
    MINUTE = "minute"
    CLOCK_HOUR = "clock_hour"
    DAY = "day"
    HALF_DAY = "half_day"
    CHAR = "char"  # 字
    CREDIT = "credit"  # 学分
    ITEM = "item"


class EntryState(StrEnum):
    """Where recorded hours stand; an activity is in exactly one state."""

    CLAIMED = "claimed"
    VERIFIED = "verified"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


class WorkField(StrEnum):
    """从事的专业领域: some sectors have their own hour rules (四川 二（二）第4段)."""

    ENGINEERING = "engineering"
    HEALTH = "health"
    EDUCATION = "education"
    ACCOUNTING = "accounting"
    AGRICULTURE = "agriculture"
    OTHER = "other"
