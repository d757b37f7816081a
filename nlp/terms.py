"""The field's terms: categories, learning modes, review levels, work fields, entries by number, people, departments."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from domain.vocabulary import Category, Mode, WorkField
from nlp.numerals import CHINESE, integer_of
from nlp.places import code_of
from nlp.places import pattern as place_pattern


@dataclass(frozen=True, slots=True)
class Term:
    """One term found: `kind` is a slot name; `value` is that slot's value."""

    at: int
    end: int
    kind: str
    value: Any


_CATEGORY_TAIL = "(?:继续教育)?(?:科目|课程|课|类别|类|那个|部分)?"
CATEGORIES = (
    (Category.ELECTIVE, "(?:个人)?选修" + _CATEGORY_TAIL),
    (Category.PUBLIC, "公需" + _CATEGORY_TAIL + "|公共(?:必修)?(?:科目|课程|课|类|必修)"),
    (Category.PROFESSIONAL, "专业(?!技术|人员|人才|水平|能力|职务|资格|性|知识更新|从事)" + _CATEGORY_TAIL),
)
# In this order of preference when a sentence names several: what decides the hours first.
MODES = (
    (Mode.DISTANCE, "网课|网络(?:课程|课堂|课|学习|教育|培训|授课|听课|继续教育|直播|公开课)|线上|在线(?:学习|学|课程|课|听|培训|教育|看|上|平台)|远程(?:教育|培训|学习|课程|课|授课|听课|会议)?|慕课|直播课?|录播课?|网上(?:学习|学|课程|课|听|看|上课|培训)|在?网上|云课堂|云课|空中课堂|mooc|刷课|学习强国"),
    (Mode.MONOGRAPH, "专著|译著|编著|著作|出(?:了|版)?(?:一?[本部])?书|教材"),
    (Mode.PUBLICATION, "发表|发(?:了|过)?[一两二三0-9]?篇|见刊|刊发|刊登|核心期刊"),
    (Mode.PAPER, "论文|译文|文章|sci|期刊"),
    (Mode.AWARD, "科技进步奖|科技奖|科学技术奖|进步奖|发明奖|获奖|[一二三]等奖|得奖|奖项"),
    (Mode.EXAM, "(?:职称|资格|职业资格|执业|执业资格|注册|一建|二建|一级建造师|二级建造师|注会|注册会计师|经济师|会计师|建造师|法考|司考|执业药师|执业医师|全国统一)考试|考试(?:通过|合格)|考(?:过|下|取|上)了?|考试|考证"),
    (Mode.HIGH_LEVEL_BASE, "高层次人才培训基地|高层次人才基地|人才培训基地"),
    (Mode.OVERSEAS, "出国(?:境|进修|培训|学习|考察)*|出境(?:进修|培训|学习)*|国外(?:进修|培训|学习)|海外(?:进修|培训|学习|研修)|境外(?:进修|培训|学习|研修)?|留学"),
    (Mode.ACADEMIC_VISIT, "学术访问|访问学者|访学|学术互访"),
    (Mode.ACADEMIC_LECTURE, "学术讲座|学术报告会?|专题讲座|讲座|报告会|宣讲会?|学术沙龙|专题报告|讲课"),
    (Mode.ACADEMIC_CONFERENCE, "学术(?:会议|年会|会|交流会|研讨会|论坛|交流)|研讨会|年会|论坛|峰会|交流会|(?:省级|国家级|全国|国际|全国性|国际性|市级|地区级|行业)(?:的)?(?:学术)?会议?|参会"),
    (Mode.SEMINAR_CLASS, "高级研修班|高研班|研修班|研讨班|研修"),
    (Mode.REFRESHER_CLASS, "进修班|进修"),
    (Mode.DEGREE, "学历(?:学位)?(?:教育|提升)?|学位|在职研究生|研究生|读研|读博|考研|硕士|博士|函授|专升本|自考|成人高考|成教|夜大|电大|本科"),
    (Mode.INSPECTION, "(?:业务|实践|实地|外出)?考察|观摩|参观学习"),
    (Mode.PRACTICE, "(?:继续教育)?实践活动|支教|义诊|下乡|对口帮扶|帮扶|技术服务|一线实习|实训|送教|带教"),
    (Mode.UNIT_ASSESSED_STUDY, "单位(?:内部)?组织的?(?:集中|业务|政治|内部)?(?:考核)?(?:学习|考核)|单位(?:内部)?(?:学习|内训|集中学习|业务学习)|内部学习|内训|科室学习|院内学习|校本(?:研修|培训)|业务学习"),
    (Mode.SELF_STUDY, "自学|读书笔记|学习笔记|看书"),
    (Mode.TRAINING_CLASS, "培训班|面授班|面授课?|集训班?|轮训班?|岗前培训|短训班|提高班|学习班|培训课?|训练营"),
)  # fmt: skip
LEVELS = (
    ("senior", "正高级?(?:工程师|职称|会计师|教师|经济师|农艺师)?|正高工|教授级高工|教授级|主任医师|主任护师|研究员|教授"),
    ("associate", "副高级?(?:工程师|职称)?|副教授|副主任(?:医|护|药|技)师|副研究员|高级(?:工程师|职称|会计师|教师|经济师|农艺师|讲师|审计师|统计师)|高工|高职(?!院|称)|高会|高级(?!研修|研讨|别)"),
    ("intermediate", "中级(?:工程师|职称|会计师|经济师)?|中职(?!院|学)|主治(?:医师)?|主管(?:护师|药师)|(?<!高级)(?<!助理)(?<!副)讲师|一级教师|(?<![高助][级理])工程师(?!们)"),
    ("junior", "初级(?:工程师|职称|会计师)?|助理(?:工程师|会计师|讲师|经济师|农艺师)?|助工|员级|技术员|二级教师"),
)  # fmt: skip
FIELDS = (
    (WorkField.HEALTH, "医生|护士|医师|护师|药师|卫生|医疗|医院|临床|医务|护理|大夫|检验师"),
    (WorkField.EDUCATION, "老师|教师|中小学|教育系统|教书|幼师|讲师|学校"),
    (WorkField.ACCOUNTING, "会计|财务|审计|注会|出纳"),
    (WorkField.AGRICULTURE, "农业|农艺|畜牧|兽医|林业|农技|水产"),
    (WorkField.ENGINEERING, "工程(?!部)|建筑|土木|机械|电气|市政|施工|造价|监理|测绘|化工|软件|设计院|建造师"),
)
_INDEX = rf"第[ ]?(?P<index>[0-9]{{1,4}}|{CHINESE}{{1,4}})[ ]?(?:条|个|项|笔|次|号|行|份|单)?(?:记录|登记|申报)?|(?:编号|序号|no\.?|#)[ ]?(?P<index2>[0-9]{{1,4}})|(?<![0-9第.])(?P<index3>[0-9]{{1,3}})号?(?:条|笔|号(?=记录|登记|申报|那条))(?!龙|例|款)"
_DEPARTMENT = (
    "(?P<department>(?:技术|工程|财务|人事|人力资源|行政|市场|销售|生产|质检|质量|安全|研发|设计|项目|采购|后勤|信息|法务|审计|运营|维修|设备|物资|计划|经营|规划|企划|党群|宣传|总务|医务|护理|教务|学生|科研|科技|教学|施工|预算|造价|合约|综合|办公|检验|检测|化验|内科|外科|妇产|儿|急诊|放射|药剂|骨|眼|口腔|麻醉|影像|中医|康复|门诊|病案|感染|呼吸|心血管|神经|肿瘤|消化|数学|语文|英语|物理|化学|体育|小学|初中|高中|一|二|三|四|五|第一|第二|第三|机电|电气|土建|测绘|勘察|园林|道路|桥梁|水利|环保|网络|软件|产品|客服|品控|仓储|物流|基建|动力|调度|试验|工艺|总工|监理|成本|投资|国际|培训|组织|纪检|保卫|统计)"
    "(?:分)?(?:部门|部|科室|科|处(?!理|罚|分)|室|车间|中心|分公司|公司|事业部|项目部|所|组(?!织)|院|股(?!票)|队|班组|教研组|工区|办)|工会|人事处|办公室|人力资源部|总工办|护理部|[0-9]{1,2}(?:车间|班组|号车间)|[a-z]{1,4}部)"
)
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜谢邹喻章潘葛范彭鲁韦马苗方俞任袁柳鲍史唐费薛雷贺倪汤罗毕郝安常于傅齐康伍余顾孟黄萧尹姚邵汪毛米贝戴宋庞熊纪项祝董梁杜阮蓝闵季贾江颜郭梅林钟徐邱骆高夏蔡田胡霍万卢莫房丁邓洪包左石崔龚程陆翁荀羊侯宁仇刘叶白池乔向覃温游易廖聂曾文关欧苏肖辛耿翟樊窦裴申屈管车段"
_COMPOUND = "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|司徒|令狐"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建国志文辉玲梅鹏宇浩凯健俊帆婷雪琳晨阳峰宁博龙飞亮波斌彬琴莉萍燕云慧巧美倩佳嘉欣怡雅晶瑞林森海江山河松柏柱栋梁德仁义礼智信忠孝成功胜利民庆祥福禄寿康乐安泰永恒昌盛兴旺东南西北中春夏秋冬日月星晓光朝昕旭亚振家天宝银金铭钰珍珠璐瑶莹洁清冰心诗韵梦思雨萌萱涵梓轩子豪翔毅坚立新学良才世少小大长根生荣贵广源进远达友发全友仲伯叔季荷菊竹莲蓉蕾薇茜芬芸苗颖岚岩峻岭川泉湖润泽洪波涌浪津淼鑫焱垚卫民凤凰鸣鹤雁雄虎彪豹骏马腾跃启迪晖昊然若可一诺言语舒曼妮娅娇媛妍姗婉婧嫣婕莎蓓菲菁萌琪琦瑾瑜璇珊珂玮琛琼瑛丹彤彦彩虹耀威武双庭廷宏宗宣容宽富寒尧尚岳川帅希席常平幸建强弘彬征徽恩悦惠慈承抒拓政敬斯方旋旺旻昭晋景智曦曼朋本杉朗望杨柳栩桐楠楷榕樱欢歌正殿毓民沁沛沐泓泰洲济浚浩淑渊温源溪滨滢漫潇澄灵灿炎炜烁烨焕煜熙照爱牧玄珩理琰瑄甜申画畅皓益盈真睿知石砚祎祖禹秉程稷穆立竣笑笛筠简素紫绍维绮翰聪育致航艺芝若苏茂荷菡蕊蓝薪虞融衍裕西言诚谦谨贞贤赫超越路轲辰逸遥道邦郁重钊钧铁锋锐锦键长闻阔陶隆隽雯霄霖靓青静非韬韶音顺颂颜风飒馨驰骁骞高魁黎默齐"
_TITLES = "工程师|老师|主任|科长|处长|经理|医生|大夫|总工|师傅|院长|校长|护士长|会计|部长|组长|工|姐|哥|总|局|博士|教授"
_PERSON_NEXT = (
    "(?=$|[的 ,、:;.!?。]|那条|那个|这条|这个|那份|这边|那边|还|学了|学的|学得|学习|学完|学时|学满|今年|去年|前年|明年|20[0-9]{2}|达标|完成|公需|专业|选修|有|缺|差|欠|够|是不|是否|进度|情况|通过|退回|驳回|打回|不通过|没|登记|申报|报的|交的|提交|批准|同意|核验|审核|"
    "第[0-9一二三四五六七八九]|档案|记录|现在|目前|攒|拿|修|上了|上完|学|合格|一共|总共|累计|本年|能|同志|这人|不行|不批|可以|没问题|准|ok|和|跟|与|记|过|以及|材料|证明|重新|再|补|讲座|培训|论文|网课|考|到底|怎么|咋|得|都|进展)"
)
_PERSON = (
    rf"(?P<person>(?:{_COMPOUND})[{_GIVEN}]{{1,2}}|[老小](?:[{_SURNAMES}])(?:{_TITLES})?(?!时)|[{_SURNAMES}](?:{_TITLES})(?!程|作|会|资|地|局|共|结|计|数|体|是|院|部|学|分)"
    rf"|[{_SURNAMES}](?:某某?|[{_GIVEN}]{{1,2}})){_PERSON_NEXT}"
)
_NOT_PEOPLE = frozenset(
    "高级 安全 方法 方面 成功 平安 时光 常见 常用 马上 文明 广东 广西 江西 江苏 山东 云南 安徽 海南 东方 应该 全部 万一 金额 项目 于是 任何 关于 向来 易学 石林 温州 安阳 高新 高中 高学 常学 文学 文本 "
    "文化 严重 费用 项庆 管理 任务 金融 和平 林业 程序 方向 计算 明显 包括 高明 何时 白天 黄金 毛病 向学 关心 文学 经常 常年 段子 易懂 时间 高峰 安排 申明 许可 关中 全国 向上 江山 安心 许多 温馨 万能 高大 高可 高远 常常 曾经 "
    "都学 章程 管道 管用 管好 马达 车程 石油 梅雨 金银 白银 白学 白天 黄河 江南 江北 江东 文山 文成 鲁山 钟山 方正 方圆 石家 房山 平常 平时 文凭 任职 任教 任课 安装 白白 汤圆 祝福 祝贺 祝你 于都 高达 高速 车辆 车间 马路 "
    "高温 雷雨 雷达 水利 米兰 时学 金华 安康 常德 文昌 易县 宁波 康定 万元 方可 万事 管家 万分 安宁 申请 高考 常务 马虎 石头 方程 万全 关于 关联 游学 文艺 雪天 任意 纪律 莫名 何必 何况 何在 尤其 向前 向来 夏天 夏季 秋天 常态 江河 "
    "包全 石化 申诉 温度 温习 安静 房子 段位 段落 易错 文献 关键 车子 车上 管控 高兴 高潮 严格 严谨 严肃 华为 贺信 方才 史学 包容 毛利 季度 房源 全年 文书 万里 高原 申辩 申明 向导 江门 江湖 聂荣 温泉 花钱 关爱 关怀 万泉 万国 宁夏 宁静 成都 高等 金山 安庆 "
    "管学 易建 时长 何时 包过 高学 易过 常补 向我 车学 管我 祝我 包我 高得".split()
)


@cache
def _scanner() -> re.Pattern[str]:
    parts = [f"(?P<index_>{_INDEX})", _DEPARTMENT, _PERSON, f"(?P<region>{place_pattern()})"]
    parts += [f"(?P<category_{category.value}>{said})" for category, said in CATEGORIES]
    parts += [f"(?P<level_{level}>{said})" for level, said in LEVELS]
    parts += [f"(?P<mode_{mode.value}>{said})" for mode, said in MODES]
    return re.compile("|".join(parts))


def terms_in(text: str) -> list[Term]:
    """The terms of a folded text in order, not overlapping."""
    terms: list[Term] = []
    at = 0
    scan = _scanner().search
    while found := scan(text, at):
        term = _term(found)
        if term is None:
            at = found.start() + 1
            continue
        terms.append(term)
        at = found.end()
    return terms


def _term(found: re.Match[str]) -> Term | None:
    name = found.lastgroup or ""
    if found["index_"]:
        number = integer_of(found["index"] or found["index2"] or found["index3"] or "")
        return None if number is None else Term(found.start(), found.end(), "index", number)
    if found["department"]:
        return Term(found.start(), found.end(), "department", found["department"])
    if found["person"]:
        return None if found["person"] in _NOT_PEOPLE else Term(found.start(), found.end(), "person", found["person"])
    if found["region"]:
        return Term(found.start(), found.end(), "region", code_of(found["region"]))
    kind, _, value = name.partition("_")
    if kind == "category":
        return Term(found.start(), found.end(), kind, Category(value))
    if kind == "mode":
        return Term(found.start(), found.end(), kind, Mode(value))
    return Term(found.start(), found.end(), kind, value)


_MODE_RANK = {mode: rank for rank, (mode, _) in enumerate(MODES)}


def preferred_mode(modes: list[Mode]) -> Mode | None:
    """The mode that decides when several are named: 网上的讲座 is distance learning."""
    return min(modes, key=_MODE_RANK.__getitem__) if modes else None


@cache
def _field_patterns() -> tuple[tuple[WorkField, re.Pattern[str]], ...]:
    return tuple((work_field, re.compile(said)) for work_field, said in FIELDS)


def work_field_in(text: str) -> WorkField | None:
    """The sector of work that a folded text names, if any."""
    return next((work_field for work_field, said in _field_patterns() if said.search(text)), None)


_MEETING_LEVELS = (
    ("international", re.compile("国际")),
    ("national", re.compile("国家级|全国|全国性|国家")),
    ("below_regional", re.compile("地区以下|县级|区县|县里|区级|校级|院级")),
    ("regional", re.compile("地区级|市级|地市级")),
    ("provincial", re.compile("省级|省里|全省")),
)
_JOURNAL_LEVELS = (
    ("provincial_or_above", re.compile("省级|部级|部省级|国家级|核心|sci|ei|cssci|北大核心")),
    ("municipal", re.compile("市级|市厅级")),
    ("county", re.compile("县级")),
)


def attrs_in(text: str, mode: Mode | None) -> dict[str, Any]:
    """Conditions that the rules ask about, named as in `xueshi decide`, as far as the text says them."""
    if mode is Mode.ACADEMIC_CONFERENCE:
        level = next((name for name, said in _MEETING_LEVELS if said.search(text)), None)
        return {"level": level} if level else {}
    if mode in (Mode.PAPER, Mode.PUBLICATION):
        level = next((name for name, said in _JOURNAL_LEVELS if said.search(text)), None)
        return {"journal_level": level} if level else {}
    if mode is Mode.AWARD:
        grade = re.search("([一二三四])等奖", text)
        level = "municipal" if re.search("市级|市厅|厅级|市科技", text) else "county" if "县" in text else None
        found: dict[str, Any] = {"grade": "一二三四".index(grade[1]) + 1} if grade else {}
        return found | ({"level": level} if level else {})
    if mode is Mode.SELF_STUDY:
        return {"assessed": True} if re.search("有考核|经考核|考核合格", text) else {}
    return {}
