"""督查: words about findings and notices, and about who may do what."""

from shared.terms.term import Term


class NoticeLevel(Term):
    """督办层级: the rungs of a notice (信访工作条例 Arts 39, 40; a sanction is always a named human's decision)."""

    REMINDER = "reminder", "提醒"
    SUPERVISION = "supervision", "督办"
    ACCOUNTABILITY = "accountability", "追责建议"


class FindingKind(Term):
    """A breach follows from dates and fields alone; a suspicion asks a human to look."""

    BREACH = "breach", "认定"
    SUSPICION = "suspicion", "疑似"


class Role(Term):
    """岗位: what an actor may do is told by commands, which name the roles that may give them.

    联席办 assigns, rules and sanctions (Arts 24, 39), a 复查复核员 reviews for the higher organ (Arts 35, 36), a 回访员 asks
    whoever petitioned how it turned out, and handles nothing.
    """

    REGISTRAR = "registrar", "登记员"
    HANDLER = "handler", "承办人"
    LEADER = "leader", "包案领导"
    UNIT_HEAD = "unit-head", "单位负责人"
    PETITION_OFFICE = "petition-office", "信访部门"
    JOINT_MEETING = "joint-meeting", "联席办"
    REVIEWER = "reviewer", "复查复核员"
    CALL_BACK = "call-back", "回访员"
    SUPERVISOR = "supervisor", "督查员"
    AUDITOR = "auditor", "审计员"
    SYSTEM = "system", "系统"
