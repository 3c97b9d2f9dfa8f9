"""The closed vocabularies of the house: every word beside its Chinese label. This file is the glossary."""

from enum import StrEnum
from typing import Self


class Term(StrEnum):
    """A word of a closed vocabulary: the value travels in facts, the label is what people read."""

    label: str

    def __new__(cls, value: str, label: str) -> Self:
        word = str.__new__(cls, value)
        word._value_ = value
        word.label = label
        return word

    @classmethod
    def labelled(cls, label: str) -> Self | None:
        """The word whose Chinese label this is, or None."""
        return next((word for word in cls if word.label == label), None)


class Channel(Term):
    """渠道: how the matter reached the office (信访工作条例 Art 17)."""

    LETTER = "letter", "来信"
    VISIT = "visit", "来访"
    PHONE = "phone", "来电"
    ONLINE = "online", "网上"
    ASSIGNED = "assigned", "上级交办"


class Category(Term):
    """领域: what the matter is about (seed plan D6)."""

    LAND = "land", "土地征用"
    DEMOLITION = "demolition", "房屋拆迁"
    ENTERPRISE = "enterprise", "企业改制"
    LITIGATION = "litigation", "涉法涉诉"
    LABOUR = "labour", "劳动社保"
    ENVIRONMENT = "environment", "环境保护"
    EDUCATION_HEALTH = "education-health", "教育卫生"
    MILITARY = "military", "涉军优抚"
    PROPERTY = "property", "物业管理"
    RURAL = "rural", "三农"
    PERSONNEL = "personnel", "组织人事"
    OTHER = "other", "其他"


class Span(Term):
    """三跨三分离: what makes the responsibility hard to place (seed plans D3, D6, D9, D10)."""

    CROSS_REGION = "cross-region", "跨地区"
    CROSS_DEPARTMENT = "cross-department", "跨部门"
    CROSS_INDUSTRY = "cross-industry", "跨行业"
    PERSON_FROM_MATTER = "person-from-matter", "人事分离"
    PERSON_FROM_HOUSEHOLD = "person-from-household", "人户分离"
    ALL_APART = "all-apart", "人事户分离"


class BacklogCriterion(Term):
    """积案认定标准: the three criteria of seed plan D4."""

    OVERDUE = "overdue", "交办转送后超期未办结"
    REPEATED = "repeated", "办结后群众重复信访"
    DISSATISFIED = "dissatisfied", "对处理结果评价不满意"


class DispatchKind(Term):
    """交办 wants the result back by a date, 转送 does not (信访工作条例 Art 22)."""

    ASSIGN = "assign", "交办"
    FORWARD = "forward", "转送"


class VisitKind(Term):
    """How an official met, or went to meet, the person."""

    RECEPTION = "reception", "接访"
    GOING_DOWN = "going-down", "下访"
    HOME = "home", "走访"
    RETURN = "return", "回访"


class Outcome(Term):
    """处理意见: what the written reply says (信访工作条例 Art 32)."""

    SUPPORTED = "supported", "予以支持"
    EXPLAINED = "explained", "解释说明"
    DECLINED = "declined", "不予支持"


class ServedHow(Term):
    """送达方式: how a document reached the person."""

    IN_PERSON = "in-person", "当面"
    BY_POST = "by-post", "邮寄"
    OTHER = "other", "其他"


class RelapseSign(Term):
    """反弹: how it came to light that a closed matter is not settled."""

    REPEAT_PETITION = "repeat-petition", "重复信访"
    FAILED_RETURN_VISIT = "failed-return-visit", "回访发现未落实"
    BROKEN_AGREEMENT = "broken-agreement", "协议未履行"
    DISSATISFIED = "dissatisfied", "评价不满意"


class CaseState(Term):
    """Where a case stands, as every list and report counts it."""

    REGISTERED = "registered", "已登记"
    DISPATCHED = "dispatched", "已交办"
    HANDLING = "handling", "办理中"
    CLOSED = "closed", "已办结"
    RELAPSED = "relapsed", "反弹重办"


class NoticeLevel(Term):
    """督办层级: the rungs of a notice (信访工作条例 Arts 39, 40; a sanction is always a named human's decision)."""

    REMINDER = "reminder", "提醒"
    SUPERVISION = "supervision", "督办"
    ACCOUNTABILITY = "accountability", "追责建议"


class FindingKind(Term):
    """A breach follows from dates and fields alone; a suspicion asks a human to look."""

    BREACH = "breach", "违反时限或程序"
    SUSPICION = "suspicion", "疑似空转"


class Role(Term):
    """岗位: what an actor may do is told by commands, which name the roles that may give them."""

    REGISTRAR = "registrar", "登记员"
    HANDLER = "handler", "承办人"
    LEADER = "leader", "包案领导"
    UNIT_HEAD = "unit-head", "单位负责人"
    PETITION_OFFICE = "petition-office", "信访部门"
    SUPERVISOR = "supervisor", "督查员"
    AUDITOR = "auditor", "审计员"
    SYSTEM = "system", "系统"
