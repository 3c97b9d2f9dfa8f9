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
    MERGED = "merged", "已并案"


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


class FundSource(Term):
    """资金来源: the three funds that help may come from (seed plans D6, D12, D13), and what a unit pays itself."""

    CIVIL_RELIEF = "civil-relief", "民政救济"
    JUDICIAL_RELIEF = "judicial-relief", "司法救助"
    HARD_CASES = "hard-cases", "特殊疑难信访问题专项资金"
    UNIT = "unit", "责任单位自筹"


class EvidenceKind(Term):
    """核查方式: how a fact was found out (seed plan D6: files, parties, neighbours who know; D2: 既听汇报又看卷宗)."""

    FILE = "file", "查阅卷宗"
    DOCUMENT = "document", "收集书证"
    SITE = "site", "实地查看"
    PETITIONER_HEARD = "petitioner-heard", "听取信访人意见"
    WITNESS_HEARD = "witness-heard", "知情群众参与核查"
    OFFICIAL_HEARD = "official-heard", "询问干部"


class MeetingKind(Term):
    """会商: which meeting took the case up."""

    CONSULTATION = "consultation", "集体会商会"
    COORDINATION = "coordination", "协调会"
    ANALYSIS = "analysis", "信访案例分析会"
    JOINT_MEETING = "joint-meeting", "联席会议"
    EXECUTIVE = "executive", "常务会议"


class Invited(Term):
    """Who came to a hearing from outside (seed plan D13); their posts, never their names."""

    DEPUTY = "deputy", "人大代表"
    CPPCC_MEMBER = "cppcc-member", "政协委员"
    LAWYER = "lawyer", "律师"
    EXPERT = "expert", "专家"
    NOTARY = "notary", "公证员"
    RESIDENT = "resident", "群众代表"


class OutsideView(Term):
    """第三方: who outside the handling unit looked at the matter (seed plans D6, D10)."""

    LAWYER = "lawyer", "律师参与"
    THIRD_PARTY = "third-party", "第三方评议"
    AFTER_JUDGMENT = "after-judgment", "判后答疑"
    LEGAL_AID = "legal-aid", "法律援助"


class Judgement(Term):
    """诉求甄别: what was found of one demand (信访工作条例 Art 27; seed plans D2, D3, D6)."""

    FOUNDED = "founded", "诉求合理"
    PARTLY = "partly", "部分合理"
    EXCESSIVE = "excessive", "诉求合理但要求过高"
    UNFOUNDED = "unfounded", "诉求不合理"
    HARDSHIP = "hardship", "诉求不合理但生活确有困难"


class Duty(Term):
    """三到位一处理 (信访工作条例 Art 27): what a judgement obliges to. Conduct that breaks the law is not this system's."""

    SOLVE = "solve", "解决问题到位"
    EXPLAIN = "explain", "解释疏导到位"
    HELP = "help", "帮扶救助到位"


class AgreementKind(Term):
    """调解和解 (信访工作条例 Art 33)."""

    MEDIATION = "mediation", "调解协议"
    SETTLEMENT = "settlement", "和解协议"


class SupportKind(Term):
    """帮扶: help beside the matter itself (seed plans D2, D6, D11). Psychological help only when wished."""

    WORK = "work", "就业帮扶"
    LIVING = "living", "生活帮扶"
    LEGAL = "legal", "法律服务"
    PSYCHOLOGICAL = "psychological", "心理疏导"


class LeaderRank(Term):
    """包案领导层级: what a plan demands of whoever owns a case (seed plans D6, D10)."""

    MAIN = "main", "主要领导"
    TEAM = "team", "班子成员"
    OTHER = "other", "其他领导"


class SuspensionGround(Term):
    """中止事由: what lets a time limit stand still."""

    HEARING = "hearing", "听证所需时间"
    COURT = "court", "诉讼未决"
    STATUTORY_ROUTE = "statutory-route", "其他法定途径办理中"
    APPRAISAL = "appraisal", "鉴定勘验"


class AcceptanceQuestion(Term):
    """验收五问: what is asked before a case is closed (seed plan D10)."""

    RESOLVED = "resolved", "是否化解"
    LAWFUL = "lawful", "处理程序是否合法"
    COMPLETE = "complete", "认定手续是否完备"
    CORRECT = "correct", "处理结论是否准确"
    SETTLED = "settled", "是否案结事了"


class Evaluated(Term):
    """评价对象: whose work the person evaluates."""

    PETITION_OFFICE = "petition-office", "信访部门"
    RESPONSIBLE_UNIT = "responsible-unit", "责任单位"


class Satisfaction(Term):
    """满意度 (国信发〔2014〕16号)."""

    SATISFIED = "satisfied", "满意"
    MOSTLY = "mostly", "基本满意"
    DISSATISFIED = "dissatisfied", "不满意"


class ReviewStage(Term):
    """复查复核 (信访工作条例 Arts 35, 36)."""

    REVIEW = "review", "复查"
    FINAL_REVIEW = "final-review", "复核"


class ReviewVerdict(Term):
    """复查复核结论."""

    UPHELD = "upheld", "维持"
    CHANGED = "changed", "变更"
    QUASHED = "quashed", "撤销并责令重新办理"


class EndGround(Term):
    """终结依据 (信访工作条例 Art 36; 山东省信访条例 Art 46)."""

    FINAL_REVIEW = "final-review", "复核意见已送达"
    NOT_CONTESTED = "not-contested", "期限内未申请复查复核"
    AGREEMENT_PERFORMED = "agreement-performed", "协议已履行"


class DocumentKind(Term):
    """文书: the papers that the plans name (seed plans D1, D6, D10, D11)."""

    CASE_FILE = "case-file", "基本案情材料"
    LEDGER = "ledger", "交办案件台账"
    ASSIGNMENT_LETTER = "assignment-letter", "交办函"
    LEADER_PAPER = "leader-paper", "确定包案领导和责任人的文件或纪要"
    PLAN = "plan", "化解方案"
    MINUTES = "minutes", "会议纪要"
    INQUIRY_REPORT = "inquiry-report", "核查报告"
    HANDLING_REPORT = "handling-report", "查办报告"
    WRITTEN_REPLY = "written-reply", "书面答复"
    RETURN_VISIT = "return-visit", "回访材料"
    FOLLOW_UP = "follow-up", "后续跟进帮扶材料"
    AGREEMENT = "agreement", "调解和解协议书"
    OTHER = "other", "其他材料"


class Purpose(Term):
    """信访目的 (信访工作条例 Arts 29-31)."""

    SUGGESTION = "suggestion", "建议意见"
    ACCUSATION = "accusation", "检举控告"
    CLAIM = "claim", "申诉求决"


class Route(Term):
    """办理途径 (信访工作条例 Art 31): the petition procedure, or one of five statutory routes."""

    PETITION = "petition", "信访程序"
    LITIGATION = "litigation", "诉讼等政法途径"
    ARBITRATION = "arbitration", "仲裁"
    PARTY_APPEAL = "party-appeal", "党员申诉、申请复审"
    ADMINISTRATIVE = "administrative", "行政复议、裁决、确认、许可、处罚"
    PERFORMANCE = "performance", "依法履行查处等职责"


class RefusalGround(Term):
    """不予受理依据 (信访工作条例 Arts 19, 22, 36)."""

    ENDED = "ended", "复核意见作出后以同一事实和理由再次提出"
    IN_HAND = "in-hand", "下级正在法定期限内办理"
    STATUTORY = "statutory", "应通过其他法定途径处理"


class ExclusionGround(Term):
    """积案排除依据 (seed plan D4)."""

    LITIGATION = "litigation", "涉法涉诉"
    ENDED = "ended", "已复查复核并备案终结"


class JurisdictionGround(Term):
    """管辖依据 (seed plan D9; 信访工作条例 Art 24)."""

    PLACE_OF_EVENT = "place-of-event", "事发地为主"
    HOUSEHOLD = "household", "户籍地常住地为辅"
    COMPETENCE = "competence", "谁主管谁负责"
    SUCCESSOR = "successor", "职权承继单位"


class Ruler(Term):
    """Who rules whose a case is (信访工作条例 Art 24)."""

    COMMON_SUPERIOR = "common-superior", "共同的上一级机关"
    JOINT_MEETING = "joint-meeting", "信访工作联席会议"


class NoticeExemption(Term):
    """免予告知 (信访工作条例 Art 23)."""

    UNKNOWN_ADDRESS = "unknown-address", "姓名（名称）、住址不清"
