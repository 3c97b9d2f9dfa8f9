"""Invented facts, short enough for a table: one function per fact, days as ISO text, everything else by default."""

from datetime import date

from shared.events import Official
from shared.events.casework import (
    Answer,
    CaseAccepted,
    CaseClosed,
    CaseRelapsed,
    ClockResumed,
    ClockSuspended,
    Commitment,
    ExtensionApproved,
    LeaderAssigned,
    LeaderReplaced,
    Measure,
    MeetingHeld,
    OpinionIssued,
    OpinionServed,
    PlanAdopted,
    ProgressReported,
    VisitLogged,
)
from shared.events.intake import (
    BacklogIdentified,
    CaseDispatched,
    CaseMerged,
    CaseRegistered,
    CaseUnmerged,
    DispatchObjected,
    RepeatPetitionLinked,
    RepeatPetitionUnlinked,
    RouteDetermined,
)
from shared.terms import (
    BacklogCriterion,
    Channel,
    DispatchKind,
    MeetingKind,
    Outcome,
    RelapseSign,
    Route,
    ServedHow,
    SuspensionGround,
    VisitKind,
)

TOWN, BUREAU, OTHER = "柳林镇", "县住建局", "青石镇"
LI = Official(id="li", name="李某", post="副镇长")
WANG = Official(id="wang", name="王某", post="镇长")


def day(text: str) -> date:
    """The day."""
    return date.fromisoformat(text)


def registered(on: str, unit: str = TOWN, *, history_follows: bool = False) -> CaseRegistered:
    return CaseRegistered(
        petitioner_id="person-1",
        channel=Channel.LETTER,
        received_on=day(on),
        region="610499",
        unit=unit,
        demands=("征地补偿款没有发放，要求核实",),
        history_follows=history_follows,
    )


def repeat(on: str, petition_id: str = "") -> RepeatPetitionLinked:
    said = {"petition_id": petition_id or f"petition-{on}", "channel": Channel.VISIT, "received_on": day(on)}
    return RepeatPetitionLinked(**said, same_matter="同一块地的补偿")


def unlinked(on: str, repeat: RepeatPetitionLinked, belongs_to: str = "case-2") -> RepeatPetitionUnlinked:
    """That petition, taken back on a day."""
    of = {"petition_id": repeat.petition_id, "received_on": repeat.received_on, "belongs_to": belongs_to}
    return RepeatPetitionUnlinked(**of, unlinked_on=day(on), approved_by=WANG, reason="反映的是另一块地")


def backlog(on: str) -> BacklogIdentified:
    return BacklogIdentified(criterion=BacklogCriterion.REPEATED, identified_on=day(on), note="旧档所载")


def dispatched(on: str, unit: str = TOWN, kind: DispatchKind = DispatchKind.FORWARD) -> CaseDispatched:
    return CaseDispatched(kind=kind, unit=unit, dispatched_on=day(on))


def objected(on: str, unit: str = TOWN) -> DispatchObjected:
    return DispatchObjected(unit=unit, objected_on=day(on), reason="不属于本单位职责范围")


def accepted(on: str, unit: str = TOWN) -> CaseAccepted:
    return CaseAccepted(unit=unit, accepted_on=day(on))


def leader(on: str, who: Official = LI) -> LeaderAssigned:
    return LeaderAssigned(leader=who, unit=TOWN, assigned_on=day(on))


def replaced(on: str, who: Official = WANG) -> LeaderReplaced:
    return LeaderReplaced(leader=who, unit=TOWN, replaced_on=day(on), reason="分工调整")


def visit(on: str, *, met: bool = True, kind: VisitKind = VisitKind.RECEPTION) -> VisitLogged:
    return VisitLogged(visit_id=f"visit-{on}-{met}", kind=kind, visited_on=day(on), official=LI, met_petitioner=met)


def visit_in(on: str, begun: str, where: str, official: Official = LI) -> VisitLogged:
    return visit(on).model_copy(update={"begun": begun, "where": where, "official": official})


def plan(on: str) -> PlanAdopted:
    return PlanAdopted(adopted_on=day(on), measures=(Measure(what="核对发放清单", who="经管站"),))


def extension(on: str, days: int = 30, *, told: bool = True) -> ExtensionApproved:
    told_on = day(on) if told else None
    return ExtensionApproved(days=days, approved_on=day(on), approved_by=WANG, reason="案情复杂", told_on=told_on)


def opinion(on: str) -> OpinionIssued:
    """The opinion that `reply` of that day serves."""
    return OpinionIssued(
        number=f"柳信复〔2026〕{on}",
        issued_on=day(on),
        facts="经核查，少发三亩补偿款",
        answers=(Answer(demand=1, outcome=Outcome.SUPPORTED, reasons="属实"),),
        legal_basis="土地管理法第四十八条",
        remedy="三十日内可向县政府申请复查",
        signed_by=LI,
    )


def reply(on: str) -> OpinionServed:
    return OpinionServed(
        number=f"柳信复〔2026〕{on}", outcome=Outcome.SUPPORTED, served_on=day(on), how=ServedHow.IN_PERSON
    )


def report(on: str, visits: int | None = None, meetings: int | None = None) -> ProgressReported:
    return ProgressReported(
        report_id=f"report-{on}", reported_on=day(on), text="继续跟进", visits=visits, meetings=meetings
    )


def closed(on: str) -> CaseClosed:
    return CaseClosed(closed_on=day(on), summary="差额已补发")


def relapsed(on: str) -> CaseRelapsed:
    return CaseRelapsed(sign=RelapseSign.BROKEN_AGREEMENT, relapsed_on=day(on))


def meeting(on: str, *, decides: bool = True) -> MeetingHeld:
    decided = Commitment(commitment_id=f"decision-{on}", what="补发差额", who="经管站", due_on=day(on))
    return MeetingHeld(
        meeting_id=f"meeting-{on}",
        kind=MeetingKind.COORDINATION,
        held_on=day(on),
        units=(TOWN,),
        decisions=(decided,) * decides,
    )


def stopped(on: str, ground: SuspensionGround = SuspensionGround.COURT) -> ClockSuspended:
    return ClockSuspended(suspended_on=day(on), ground=ground, note="民事诉讼未决")


def resumed(on: str) -> ClockResumed:
    return ClockResumed(resumed_on=day(on))


def routed(on: str, route: Route = Route.ARBITRATION) -> RouteDetermined:
    return RouteDetermined(route=route, determined_on=day(on), approved_by=WANG, reason="应先行仲裁")


def merged(on: str) -> CaseMerged:
    return CaseMerged(merged_on=day(on), into="case-2", reason="同一事项")


def unmerged(on: str) -> CaseUnmerged:
    return CaseUnmerged(unmerged_on=day(on), approved_by=WANG, reason="不是同一块地")
