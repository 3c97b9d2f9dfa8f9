"""办案: what casework allows. Pure."""

from datetime import datetime
from functools import partial

from services.casework.case import Case, claimed_day, evolve, scope
from services.casework.claims import import_history
from services.casework.commands import (
    AcceptCase,
    AdoptPlan,
    ApproveExtension,
    AssignLeader,
    CloseCase,
    ImportHistory,
    LogVisit,
    ReportProgress,
    ReportRelapse,
    ServeOpinion,
)
from shared.decider import Command, Decider, NoSuchCase, Rejected
from shared.events import Asked
from shared.events.casework import (
    CaseAccepted,
    CaseClosed,
    CaseRelapsed,
    CaseworkFact,
    ExtensionApproved,
    LeaderAssigned,
    LeaderReplaced,
    OpinionServed,
    PlanAdopted,
    ProgressReported,
    VisitLogged,
)
from shared.standard import Standard
from shared.terms import VisitKind
from shared.workdays import business_date


def decide(standard: Standard, case: Case, command: Command, asked: Asked) -> list[CaseworkFact]:
    """What a command means here and now. `[]` means: already so."""
    if case.region is None:
        raise NoSuchCase
    if isinstance(command, ImportHistory):
        return import_history(case, command)
    facts = _live(standard, case, command, asked.now)
    for fact in facts:
        if case.received_on is not None and claimed_day(fact) < case.received_on:
            raise Rejected(
                "before-receipt",
                f"日期 {claimed_day(fact)} 早于收到信访事项的 {case.received_on}。请核对日期。",
                f"{claimed_day(fact)} lies before the petition was received, {case.received_on}. Check the date.",
            )
    return facts


def _live(standard: Standard, case: Case, command: Command, now: datetime) -> list[CaseworkFact]:
    """What a command means that is about the present, and so has to keep the rules."""
    match command:
        case LogVisit():
            return log_visit(case, command)
        case ReportRelapse():
            return report_relapse(case, command)
        case CloseCase():
            return close(case, command)
        case _ if case.closed is not None:
            raise Rejected(
                "case-closed",
                f"案件已于 {case.closed.closed_on} 办结。如有反弹，请先登记反弹（report-relapse）。",
                f"The case was closed on {case.closed.closed_on}. If it has relapsed, report the relapse first.",
            )
        case AcceptCase():
            return accept(case, command)
        case AssignLeader():
            return assign_leader(case, command)
        case AdoptPlan():
            return _once(case, PlanAdopted(**dict(command)))
        case ApproveExtension():
            return approve_extension(standard, case, command, now)
        case ServeOpinion():
            return _once(case, OpinionServed(**dict(command)))
        case ReportProgress():
            told = any(report.report_id == command.report_id for report in case.all(ProgressReported))
            return [] if told else [ProgressReported(**dict(command))]
        case _:
            raise TypeError(command)


def _once(case: Case, fact: CaseworkFact) -> list[CaseworkFact]:
    return [] if fact in case.facts else [fact]


def accept(case: Case, command: AcceptCase) -> list[CaseworkFact]:
    """Once; and once more by a unit that the case was sent on to. The time limit runs from the first acceptance."""
    fact, before = CaseAccepted(**dict(command)), case.all(CaseAccepted)
    if not before or fact in before:
        return _once(case, fact)
    last, sent = before[-1], case.dispatched
    if sent is None or sent.unit != command.unit or last.unit == command.unit:
        raise Rejected(
            "already-accepted",
            f"{last.unit}已于 {last.accepted_on} 受理；受理日不能更改，办理期限从首次受理之日起算。",
            f"{last.unit} accepted it on {last.accepted_on}; that day stands, the limit runs from the first acceptance.",
        )
    if command.accepted_on < max(sent.dispatched_on, last.accepted_on):
        raise Rejected(
            "accepted-before-dispatch",
            f"{last.unit}于 {last.accepted_on} 受理，{sent.dispatched_on} 转到{sent.unit}；受理日不能早于这两天。",
            f"Accepted on {last.accepted_on} and sent on on {sent.dispatched_on}, it is accepted anew no earlier than that.",
        )
    return [fact]


def assign_leader(case: Case, command: AssignLeader) -> list[CaseworkFact]:
    """One leader per case; another takes over only for a reason (seed plan D7)."""
    if not case.leaders:
        return [LeaderAssigned(**dict(command))]
    now, since = case.leaders[-1].leader, claimed_day(case.leaders[-1])
    if now.id == command.leader.id:
        return []
    if not command.reason:
        raise Rejected(
            "replacing-needs-reason",
            f"该案已由{now.name}包案，一案不得两人包。更换包案领导请填写 reason。",
            f"{now.name} owns this case and no two leaders own one case. To replace the leader, give a reason.",
        )
    if command.assigned_on < since:
        raise Rejected(
            "replaced-before-assigned",
            f"{now.name}自 {since} 起包案，更换日期 {command.assigned_on} 不能早于该日。",
            f"{now.name} has owned the case since {since}; nobody can take over before that, on {command.assigned_on}.",
        )
    return [
        LeaderReplaced(leader=command.leader, unit=command.unit, replaced_on=command.assigned_on, reason=command.reason)
    ]


def log_visit(case: Case, command: LogVisit) -> list[CaseworkFact]:
    if any(visit.visit_id == command.visit_id for visit in case.all(VisitLogged)):
        return []
    if case.closed is not None and command.kind is not VisitKind.RETURN:
        raise Rejected(
            "closed-takes-return-visits",
            "案件已办结，只能登记回访。",
            "The case is closed; only a return visit (回访) can be logged.",
        )
    return [VisitLogged(**dict(command))]


def approve_extension(standard: Standard, case: Case, command: ApproveExtension, now: datetime) -> list[CaseworkFact]:
    """At most 30 days, once, before the due date, reasons told to the person (Art 34). A relapse begins a new limit."""
    fact, start = ExtensionApproved(**dict(command)), case.limit_from
    if fact in case.facts:
        return []
    if start is None:
        raise Rejected("not-accepted", "案件尚未受理，没有期限可延。", "Not accepted yet: there is no limit to extend.")
    if case.in_round(ExtensionApproved):
        raise Rejected(
            "extended-once", "已延期一次，不得再延（第三十四条）。", "Extended once already; Art 34 knows no second."
        )
    most, due = standard.policy_on(start).limits.extension_max, standard.handling(start).due
    if command.days > most:
        raise Rejected(
            "extension-too-long",
            f"延期不得超过 {most} 日（第三十四条），申请为 {command.days} 日。",
            f"An extension is at most {most} days (Art 34); this asks for {command.days}.",
        )
    if command.approved_on < start:
        raise Rejected(
            "extension-too-early",
            f"办理期限自 {start} 起算，不能在 {command.approved_on} 就批准延期。",
            f"The limit runs from {start}; it could not be extended on {command.approved_on}.",
        )
    if due is not None and command.approved_on > due:
        raise Rejected(
            "extension-too-late",
            f"办理期限 {due} 已过，{command.approved_on} 批准的延期无效（第三十四条）。",
            f"The limit ended on {due}; an extension approved on {command.approved_on} comes too late (Art 34).",
        )
    if command.told_on > business_date(now):
        raise Rejected(
            "told-in-the-future",
            f"told_on 为 {command.told_on}，尚未到来。请在告知信访人之后再登记延期。",
            f"told_on is {command.told_on}, still to come. Record the extension once the person has been told.",
        )
    return [fact]


def close(case: Case, command: CloseCase) -> list[CaseworkFact]:
    """Only what has a leader, a meeting and a served reply is closed, and not on an earlier day than these."""
    if case.closed is not None:
        return []
    met = next((visit for visit in case.in_round(VisitLogged) if visit.met_petitioner), None)
    reply = next(iter(case.in_round(OpinionServed)), None)
    needed = (
        (case.leaders[0] if case.leaders else None, "包案领导", "an owner leader"),
        (met, "与信访人见面的记录", "a visit in which the person was met"),
        (reply, "已送达的书面答复", "a served written reply"),
    )
    if missing := [(zh, en) for there, zh, en in needed if there is None]:
        raise Rejected(
            "not-ready-to-close",
            f"不能办结，还缺：{'、'.join(zh for zh, _ in missing)}。",
            f"The case cannot be closed; missing: {', '.join(en for _, en in missing)}.",
        )
    for there, zh, en in needed:
        if there is not None and command.closed_on < claimed_day(there):
            raise Rejected(
                "closed-too-early",
                f"办结日 {command.closed_on} 早于{zh}的日期 {claimed_day(there)}。",
                f"The closing, {command.closed_on}, lies before {en}: {claimed_day(there)}.",
            )
    return [CaseClosed(**dict(command))]


def report_relapse(case: Case, command: ReportRelapse) -> list[CaseworkFact]:
    fact = CaseRelapsed(**dict(command))
    if case.closed is None:
        if case.relapsed == fact:
            return []
        raise Rejected("not-closed", "案件尚未办结，不存在反弹。", "The case is not closed, so it cannot relapse.")
    if command.relapsed_on < case.closed.closed_on:
        raise Rejected(
            "relapse-before-closing",
            f"反弹日期 {command.relapsed_on} 早于办结日 {case.closed.closed_on}。",
            f"The relapse, {command.relapsed_on}, lies before the closing, {case.closed.closed_on}.",
        )
    return [fact]


def casework(standard: Standard) -> Decider[Case]:
    """The decider, given the policies that set the time limits."""
    return Decider(
        initial=Case(),
        evolve=evolve,
        decide=partial(decide, standard),
        scope=scope,
        commands=(
            AcceptCase,
            AssignLeader,
            LogVisit,
            AdoptPlan,
            ApproveExtension,
            ServeOpinion,
            ReportProgress,
            CloseCase,
            ReportRelapse,
            ImportHistory,
        ),
    )
