"""From what offices write to the house's closed vocabularies: channels, categories, kinds of step. Pure."""

import re
import unicodedata
from typing import TypeVar

from services.intake.ledger.entries import StepKind
from shared.terms import BacklogCriterion, Category, Channel, Span, Term

T = TypeVar("T", bound=Term)

NO = frozenset({"否", "不是", "非", "未", "没有"})

CHANNELS = {
    Channel.ASSIGNED: "上级交办|交办|转办|转送|督办|巡视|巡察|移交",
    Channel.ONLINE: "网上|网络|网信|网投|互联网|信箱|邮箱|邮件|微信|小程序|留言|APP",
    Channel.PHONE: "来电|电话|热线|12345",
    Channel.LETTER: "来信|信件|信函|写信|邮寄",
    Channel.VISIT: "(?<!信)访",
}

CATEGORIES = {
    Category.LAND: "土地|征地|国土|自然资源",
    Category.DEMOLITION: "拆迁|征迁|房屋征收|棚改|安置房",
    Category.ENTERPRISE: "改制|国企|国有企业",
    Category.LITIGATION: "涉法|涉诉|政法|法院|诉讼",
    Category.LABOUR: "劳动|社保|社会保障|社会保险|欠薪|工资|养老保险|工伤",
    Category.ENVIRONMENT: "环境|环保|污染|生态",
    Category.EDUCATION_HEALTH: "教育|学校|卫生|医疗|医患|卫健",
    Category.MILITARY: "涉军|优抚|退役|军人|复员",
    Category.PROPERTY: "物业",
    Category.RURAL: "三农|农业|农村|涉农|村务|惠农",
    Category.PERSONNEL: "组织人事|人事|干部|换届",
    Category.OTHER: "其他|其它|综合",
}

SPANS = {
    Span.CROSS_REGION: "跨地区|跨区域|跨省|跨市|跨县|跨乡镇",
    Span.CROSS_DEPARTMENT: "跨部门|跨单位",
    Span.CROSS_INDUSTRY: "跨行业",
    Span.PERSON_FROM_MATTER: "人事分离",
    Span.PERSON_FROM_HOUSEHOLD: "人户分离",
    Span.ALL_APART: "人事户分离|人户事分离",
}

CRITERIA = {
    BacklogCriterion.OVERDUE: "超期|逾期|未办结",
    BacklogCriterion.REPEATED: "重复",
    BacklogCriterion.DISSATISFIED: "不满意",
}

STEPS = {
    StepKind.RETURN_VISIT: "回访",
    StepKind.RELAPSE: "反弹|重新上访|再次上访",
    StepKind.REPEAT: "重复信访|重复来访|重复访|重复来信|重复反映|再次来访|再次来信|再次反映",
    StepKind.RECEPTION: "接访|接待|约访|约见|面谈|见面",
    StepKind.GOING_DOWN: "下访",
    StepKind.HOME_VISIT: "走访|入户|上门|家访",
    StepKind.EXTENSION: "延期|延长",
    StepKind.OBJECTION: "退回|退件|退办|异议",
    StepKind.LEADER: "包案|包保|包联|更换领导|调整领导|明确领导",
    StepKind.PLAN: "方案|一案一策",
    StepKind.REPLY: "答复|处理意见|复函",
    StepKind.CLOSE: "办结|结案|销号|销案",
    StepKind.FORWARD: "转送|转办|转交|移送|移交|转出",
    StepKind.DISPATCH: "交办|派单|分办",
    StepKind.ACCEPT: "受理",
}
"""Looked through in this order, since 办结回访 is a return visit and 领导包案接访 a reception. 下访约访 goes down."""

UNIT = re.compile(
    r".*(局|委|办|镇|乡|街道|政府|法院|检察院|医院|中心|公司|会|部|处|所|站|队|村|社区|厂|校|学|行|集团|开发区)"
)
WHOLE_UNIT = re.compile(r".*(局|委|办|镇|乡|街道|政府|法院|检察院|医院|中心|公司)")
"""What a unit's name ends with; the second, also where the line ends: not 人力资源和社会, of which 保障局 is the next line."""
ENDING = re.compile("(党委|党组|人民政府|政府|办公室|办事处|街道办|委员会|管委会|管理局|服务中心|有限公司)")
"""What belongs to the name before it, and is no other unit: 柳林镇党委、政府."""

NOT_DONE = re.compile("[未拟催拒无]|不予|计划|准备|要求|建议|申请(?!延)|(?<!接)待|下一步|预约")
"""未办结 closes nothing and 拟下访 visits nobody: what was not done, or only planned or urged, is a note."""

LONGEST_KIND = 12
"""A longer text in the column of the kind tells a story, and a story names many kinds."""


def channel_of(said: str) -> Channel | None:
    """The channel that is named first; None when none is."""
    return _first(_named(said, CHANNELS))


def categories_of(said: str) -> tuple[Category, ...]:
    """Every category that is named, in the order of the text."""
    return tuple(_named(said, CATEGORIES))


def spans_of(said: str) -> tuple[Span, ...]:
    """Every span that is named, in the order of the text."""
    return tuple(_named(said, SPANS))


def criterion_of(said: str) -> BacklogCriterion | None:
    """The criterion that is named. A mere 是 names none."""
    return _first(_named(said, CRITERIA))


def units_of(said: str) -> list[str]:
    """The units that a cell names, one a line or between marks, when it is sure that there are several: else none."""
    lines = [re.split("[、,，;；/]", line) for line in said.splitlines()]
    named = [[unit for word in line if (unit := _narrow(word))] for line in lines]
    units = [unit for line in named for unit in line]
    whole = all(WHOLE_UNIT.fullmatch(line[-1]) for line in named[:-1] if line)
    sure = whole and all(UNIT.fullmatch(unit) and not ENDING.fullmatch(unit) for unit in units)
    return units if sure and len(units) > 1 else []


def step_kind_of(said: str) -> StepKind:
    """The kind of step; 备注 for what is not known, not done or only planned."""
    narrow = _narrow(said)
    if len(narrow) > LONGEST_KIND or NOT_DONE.search(narrow):
        return StepKind.NOTE
    if "下访" in narrow and "回访" not in narrow:
        return StepKind.GOING_DOWN
    return next((kind for kind, pattern in STEPS.items() if re.search(pattern, narrow)), StepKind.NOTE)


def _named(said: str, words: dict[T, str]) -> list[T]:
    """The words that are named, in the order of the text, then of the table."""
    narrow = _narrow(said)
    places = {word: re.search(f"{word.label}|{pattern}", narrow) for word, pattern in words.items()}
    found = {word: place.start() for word, place in places.items() if place}
    return [] if narrow in NO else sorted(found, key=found.__getitem__)


def _first(found: list[T]) -> T | None:
    return found[0] if found else None


def _narrow(said: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", said))
