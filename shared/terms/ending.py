"""办结反弹复查: words about how a case ends, and comes back."""

from shared.terms.term import Term


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


class EvaluationState(Term):
    """评价状态, as the national system shows it: nothing to evaluate yet, open, given, or past its time."""

    NOT_YET = "not-yet", "未评价"
    OPEN = "open", "待评价"
    DONE = "done", "已评价"
    OVERDUE = "overdue", "超期未评价"


class RelapseSign(Term):
    """反弹: how it came to light that a closed matter is not settled."""

    REPEAT_PETITION = "repeat-petition", "重复信访"
    FAILED_RETURN_VISIT = "failed-return-visit", "回访发现未落实"
    BROKEN_AGREEMENT = "broken-agreement", "协议未履行"
    DISSATISFIED = "dissatisfied", "评价不满意"


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


class CaseState(Term):
    """Where a case stands, as every list and report counts it."""

    REGISTERED = "registered", "已登记"
    DISPATCHED = "dispatched", "已交办"
    HANDLING = "handling", "办理中"
    CLOSED = "closed", "已办结"
    RELAPSED = "relapsed", "反弹重办"
    MERGED = "merged", "已并案"
