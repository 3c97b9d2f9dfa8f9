"""报表用语: what waits, and how what was promised stands."""

from shared.terms.term import Term


class Awaited(Term):
    """待办事项: what waits, and so for whom: the sender, the joint meeting, the level above, the reviewer, who calls back, who
    watches, and whoever decides on what is proposed.
    """

    OBJECTION = "objection", "异议待处理"
    DISPUTE = "dispute", "管辖争议待裁定"
    CLOSURE_CHECK = "closure-check", "结案待验收"
    REVIEW = "review", "复查待决定"
    FINAL_REVIEW = "final-review", "复核待决定"
    HEARING = "hearing", "听证申请待答复"
    QUERY = "query", "查询待答复"
    RETURN_VISIT = "return-visit", "待回访"
    CAME_BACK = "came-back", "办结后重复信访待处理"
    BACKLOG = "backlog", "符合标准待认定积案"
    PLEA = "plea", "申辩待认定"
    RECTIFICATION = "rectification", "整改报告待评判"
    PROPOSAL = "proposal", "拟追责待提请"
    SANCTION = "sanction", "处理提请待决定"
    REVOCATION = "revocation", "依据已撤销的处理待撤销"
    COMMENDATION = "commendation", "表扬提请待决定"
    INQUIRY = "inquiry", "倒查待结论"
    SUGGESTION = "suggestion", "建议待反馈"
    ACCEPTANCE = "acceptance", "专项待验收"


class Promised(Term):
    """事项来源: where a commitment comes from."""

    MEASURE = "measure", "化解措施"
    DECISION = "decision", "会商决定"
    PROMISE = "promise", "限期承诺"
    TERM = "term", "协议条款"


class Kept(Term):
    """兑现情况: how a commitment stands; fulfilled counts though it was found broken before."""

    OPEN = "open", "未到期"
    OVERDUE = "overdue", "逾期未兑现"
    BROKEN = "broken", "落空"
    FULFILLED = "fulfilled", "已兑现"
