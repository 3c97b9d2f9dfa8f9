"""办案: what casework allows and what it means. Pure."""

from dataclasses import dataclass, replace
from functools import partial

from services.casework.commands import (
    AcceptCase,
    AdoptPlan,
    ApproveExtension,
    AssignLeader,
    ClaimedExtension,
    CloseCase,
    ImportHistory,
    LogVisit,
    ReportProgress,
    ReportRelapse,
    ServeOpinion,
)
from shared.decider import Command, Decider, NoSuchCase, Rejected, Scope
from shared.events import Asked, Fact, Official, Recorded
from shared.events.casework import (
    CaseAccepted,
    CaseClosed,
    CaseRelapsed,
    ExtensionApproved,
    HistoryImported,
    LeaderAssigned,
    LeaderReplaced,
    OpinionServed,
    PlanAdopted,
    ProgressReported,
    VisitLogged,
)
from shared.events.intake import CaseDispatched, CaseRegistered
from shared.standard import Standard
from shared.terms import VisitKind


@dataclass(frozen=True)
class Case:
    """What casework needs to remember of a case. What belongs to one round of handling starts anew on a relapse."""

    region: str | None = None
    units: frozenset[str] = frozenset()
    accepted: CaseAccepted | None = None
    leader: Official | None = None
    plan: PlanAdopted | None = None
    extension: ExtensionApproved | None = None
    visits: frozenset[str] = frozenset()
    reports: frozenset[str] = frozenset()
    met: bool = False
    opinion: OpinionServed | None = None
    closed: CaseClosed | None = None
    relapsed: CaseRelapsed | None = None
    imported: tuple[Fact, ...] = ()


def decide(standard: Standard, case: Case, command: Command, asked: Asked) -> list[Fact]:  # noqa: ARG001
    """What a command means here and now. `[]` means: already so."""
    if case.region is None:
        raise NoSuchCase
    match command:
        case ImportHistory():
            return import_history(case, command)
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
            plan = PlanAdopted(**dict(command))
            return [] if plan == case.plan else [plan]
        case ApproveExtension():
            return approve_extension(case, command, standard)
        case ServeOpinion():
            opinion = OpinionServed(**dict(command))
            return [] if opinion == case.opinion else [opinion]
        case ReportProgress():
            return [] if command.report_id in case.reports else [ProgressReported(**dict(command))]
        case _:
            raise TypeError(command)


def accept(case: Case, command: AcceptCase) -> list[Fact]:
    fact = CaseAccepted(**dict(command))
    if case.accepted is None:
        return [fact]
    if case.accepted == fact:
        return []
    raise Rejected(
        "already-accepted",
        f"{case.accepted.unit}已于 {case.accepted.accepted_on} 受理；受理日不能更改，办理期限从该日起算。",
        f"{case.accepted.unit} accepted it on {case.accepted.accepted_on}; that day stands, the time limit runs from it.",
    )


def assign_leader(case: Case, command: AssignLeader) -> list[Fact]:
    """One leader per case; another takes over only for a reason (seed plan D7)."""
    if case.leader is None:
        return [LeaderAssigned(leader=command.leader, unit=command.unit, assigned_on=command.assigned_on)]
    if case.leader.id == command.leader.id:
        return []
    if not command.reason:
        raise Rejected(
            "replacing-needs-reason",
            f"该案已由{case.leader.name}包案，一案不得两人包。更换包案领导请填写 reason。",
            f"{case.leader.name} owns this case and no two leaders own one case. To replace the leader, give a reason.",
        )
    return [
        LeaderReplaced(leader=command.leader, unit=command.unit, replaced_on=command.assigned_on, reason=command.reason)
    ]


def log_visit(case: Case, command: LogVisit) -> list[Fact]:
    if command.visit_id in case.visits:
        return []
    if case.closed is not None and command.kind is not VisitKind.RETURN:
        raise Rejected(
            "closed-takes-return-visits",
            "案件已办结，只能登记回访。",
            "The case is closed; only a return visit (回访) can be logged.",
        )
    return [VisitLogged(**dict(command))]


def approve_extension(case: Case, command: ApproveExtension, standard: Standard) -> list[Fact]:
    """At most 30 days, once, before the due date, reasons told to the person (Art 34)."""
    fact = ExtensionApproved(**dict(command))
    if case.extension == fact:
        return []
    if case.accepted is None:
        raise Rejected("not-accepted", "案件尚未受理，没有期限可延。", "Not accepted yet: there is no limit to extend.")
    if case.extension is not None:
        raise Rejected(
            "extended-once", "已延期一次，不得再延（第三十四条）。", "Extended once already; Art 34 knows no second."
        )
    extension_max = standard.policy_on(case.accepted.accepted_on).limits.extension_max
    if command.days > extension_max:
        raise Rejected(
            "extension-too-long",
            f"延期不得超过 {extension_max} 日（第三十四条），申请为 {command.days} 日。",
            f"An extension is at most {extension_max} days (Art 34); this asks for {command.days}.",
        )
    deadline = standard.handling(case.accepted.accepted_on)
    if deadline.due is not None and command.approved_on > deadline.due:
        raise Rejected(
            "extension-too-late",
            f"办理期限 {deadline.due} 已过，{command.approved_on} 批准的延期无效（第三十四条）。",
            f"The limit ended on {deadline.due}; an extension approved on {command.approved_on} comes too late (Art 34).",
        )
    return [fact]


def close(case: Case, command: CloseCase) -> list[Fact]:
    if case.closed is not None:
        return []
    missing = [
        words
        for there, words in (
            (case.leader is not None, ("包案领导", "an owner leader")),
            (case.met, ("与信访人见面的记录", "a visit in which the person was met")),
            (case.opinion is not None, ("已送达的书面答复", "a served written reply")),
        )
        if not there
    ]
    if missing:
        raise Rejected(
            "not-ready-to-close",
            f"不能办结，还缺：{'、'.join(zh for zh, _ in missing)}。",
            f"The case cannot be closed; missing: {', '.join(en for _, en in missing)}.",
        )
    return [CaseClosed(**dict(command))]


def report_relapse(case: Case, command: ReportRelapse) -> list[Fact]:
    fact = CaseRelapsed(**dict(command))
    if case.relapsed == fact:
        return []
    if case.closed is None:
        raise Rejected("not-closed", "案件尚未办结，不存在反弹。", "The case is not closed, so it cannot relapse.")
    if command.relapsed_on < case.closed.closed_on:
        raise Rejected(
            "relapse-before-closing",
            f"反弹日期 {command.relapsed_on} 早于办结日 {case.closed.closed_on}。",
            f"The relapse, {command.relapsed_on}, lies before the closing, {case.closed.closed_on}.",
        )
    return [fact]


def import_history(case: Case, command: ImportHistory) -> list[Fact]:
    """What a ledger claims is laid down as it is: the past is not refused, it is marked as imported and judged later."""
    facts: list[Fact] = []
    for step in command.steps:
        fact = _claimed(case, step)
        if fact is not None and fact not in case.imported and fact not in facts:
            facts.append(fact)
            case = meaning(case, fact)
    done = HistoryImported(steps=len(command.steps))
    return facts if done in case.imported else [*facts, done]


def _claimed(case: Case, step: Command) -> Fact | None:
    match step:
        case AcceptCase():
            return CaseAccepted(**dict(step))
        case AssignLeader() if case.leader is None:
            return LeaderAssigned(leader=step.leader, unit=step.unit, assigned_on=step.assigned_on)
        case AssignLeader() if case.leader is not None and case.leader.id == step.leader.id:
            return None
        case AssignLeader():
            return LeaderReplaced(
                leader=step.leader, unit=step.unit, replaced_on=step.assigned_on, reason=step.reason or "台账未载明"
            )
        case LogVisit():
            return VisitLogged(**dict(step))
        case AdoptPlan():
            return PlanAdopted(**dict(step))
        case ClaimedExtension():
            return ExtensionApproved(**dict(step))
        case ServeOpinion():
            return OpinionServed(**dict(step))
        case ReportProgress():
            return ProgressReported(**dict(step))
        case CloseCase():
            return CaseClosed(**dict(step))
        case ReportRelapse():
            return CaseRelapsed(**dict(step))
        case _:
            raise TypeError(step)


def evolve(case: Case, recorded: Recorded) -> Case:
    """What a fact means for what casework remembers. Facts it does not know change nothing."""
    if recorded.fact is None:
        return case
    if recorded.imported_from is not None and recorded.service == "casework":
        case = replace(case, imported=(*case.imported, recorded.fact))
    return meaning(case, recorded.fact)


def meaning(case: Case, fact: Fact) -> Case:
    match fact:
        case CaseRegistered():
            return replace(case, region=fact.region, units=case.units | {fact.unit})
        case CaseDispatched():
            return replace(case, units=case.units | {fact.unit})
        case CaseAccepted():
            return replace(case, accepted=case.accepted or fact, units=case.units | {fact.unit})
        case LeaderAssigned() | LeaderReplaced():
            return replace(case, leader=fact.leader, units=case.units | {fact.unit})
        case PlanAdopted():
            return replace(case, plan=fact)
        case VisitLogged():
            return replace(case, visits=case.visits | {fact.visit_id}, met=case.met or fact.met_petitioner)
        case ExtensionApproved():
            return replace(case, extension=fact)
        case OpinionServed():
            return replace(case, opinion=fact)
        case ProgressReported():
            return replace(case, reports=case.reports | {fact.report_id})
        case CaseClosed():
            return replace(case, closed=fact)
        case CaseRelapsed():
            return replace(case, closed=None, relapsed=fact, met=False, opinion=None)
        case _:
            return case


def scope(case: Case) -> Scope | None:
    """Where the case belongs; None while it has not arrived."""
    return None if case.region is None else Scope(case.region, case.units)


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
