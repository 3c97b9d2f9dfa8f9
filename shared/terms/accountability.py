"""督办问责: words about what follows from a finding, and about campaigns."""

from shared.terms.term import Term


class Missed(Term):
    """逾期事项: which date of a notice went by."""

    ANSWER = "answer", "未按期答复"
    RECTIFICATION = "rectification", "未按期整改"
    REDO = "redo", "未按期补课"


class Treatment(Term):
    """处理措施: what may only be proposed here; a named human of the body that may decides (信访工作条例 Arts 39, 40)."""

    LISTING = "listing", "挂牌督办"
    CRITICISM = "criticism", "通报批评"
    TALK = "talk", "约谈"
    RECTIFICATION = "rectification", "责令限期整改"
    CORRECTION = "correction", "责令改正"
    ADMONITION = "admonition", "谈话提醒、批评教育、诫勉"
    DISCIPLINE = "discipline", "处分"

    @property
    def of_a_person(self) -> bool:
        """Whether only an official can be treated so, never a unit (公务员法 Art 57; 政务处分法 Arts 7, 8)."""
        return self in (Treatment.ADMONITION, Treatment.DISCIPLINE)


class Body(Term):
    """有权机关: who may decide on a treatment (domain of 信访工作条例 Arts 39-46, 公务员法 Art 57, 政务处分法 Arts 7-8)."""

    PETITION_OFFICE = "petition-office", "信访部门"
    JOINT_MEETING = "joint-meeting", "信访工作联席会议"
    SUPERIOR = "superior", "上级机关"
    MANAGING_ORGAN = "managing-organ", "任免机关、单位"
    SUPERVISORY_ORGAN = "supervisory-organ", "监察机关"


class SuggestionKind(Term):
    """三项建议 (信访工作条例 Art 40)."""

    WORK = "work", "改进工作"
    POLICY = "policy", "完善政策"
    ACCOUNTABILITY = "accountability", "追究责任"


class Adoption(Term):
    """采纳情况 (信访工作条例 Art 40)."""

    WHOLE = "whole", "采纳"
    PART = "part", "部分采纳"
    NONE = "none", "不采纳"


class ReturnCause(Term):
    """倒查结论: why a matter came back after it was closed. Never where or how people petitioned."""

    NOT_SETTLED = "not-settled", "问题未真正解决"
    NOT_CARRIED_OUT = "not-carried-out", "处理意见未落实"
    WRONG_FACTS = "wrong-facts", "认定事实有误"
    WRONG_PROCEDURE = "wrong-procedure", "程序不当"
    NEW_FACTS = "new-facts", "出现新情况"
    NO_FAULT = "no-fault", "办结无误"


class RetaliationGround(Term):
    """不予移送的理由: why a report of retaliation is not passed on."""

    NOT_SO = "not-so", "经核实不存在打击报复"
    TAKEN_BACK = "taken-back", "反映人自愿撤回"
    KNOWN = "known", "已由有权机关处理"


class Measure(Term):
    """专项目标: what a campaign may aim at. Never where people petition, nor whether they do."""

    CLOSED = "closed", "办结率"
    RESOLVED = "resolved", "化解率（办结且未反弹）"


class Mark(Term):
    """计分事项: what counts in a unit's quarter (季度考核, seed plan D13). Each mark is traced to one fact."""

    FINDING = "finding", "发现问题"
    UPHELD = "upheld", "问题认定"
    REMINDER = "reminder", "提醒"
    SUPERVISION = "supervision", "督办"
    ACCOUNTABILITY = "accountability", "追责建议"
    UNHEEDED = "unheeded", "督办逾期"
    SANCTION = "sanction", "处理决定"
    REPORT_MISSED = "report-missed", "专项报告未报送"
    COMMENDATION = "commendation", "表扬"


class ReportedTo(Term):
    """报告对象: to whom the petition office reports its year (信访工作条例 Art 41)."""

    OWN_LEVEL = "own-level", "本级党委和政府"
    OFFICE_ABOVE = "office-above", "上一级党委和政府信访部门"


class Grade(Term):
    """考核等次: what a unit's yearly assessment comes to (信访工作条例 Art 39). A named human says it; nothing computes it."""

    EXCELLENT = "excellent", "优秀"
    GOOD = "good", "良好"
    PASSED = "passed", "合格"
    FAILED = "failed", "不合格"


class NoticeState(Term):
    """督办状态: how far a notice has come."""

    ISSUED = "issued", "已发出"
    SERVED = "served", "已送达"
    ACKNOWLEDGED = "acknowledged", "已签收"
    ANSWERED = "answered", "已答复"
    REPORTED = "reported", "整改待评判"
    REDO = "redo", "限期补课"
    DONE = "done", "整改完成"
    ESCALATED = "escalated", "已升级"
    WITHDRAWN = "withdrawn", "已撤回"
    CLOSED = "closed", "已销号"


class FindingState(Term):
    """问题状态: what has been said about a finding."""

    RAISED = "raised", "待申辩"
    ANSWERED = "answered", "已申辩待认定"
    UPHELD = "upheld", "已认定"
    WITHDRAWN = "withdrawn", "已撤销"
