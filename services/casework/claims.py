"""补录: what a ledger claims of the time before this system. Pure."""

from services.casework.case import Case
from services.casework.commands import (
    AcceptCase,
    AdoptPlan,
    AssignLeader,
    Claim,
    ClaimedExtension,
    CloseCase,
    ImportHistory,
    LogVisit,
    ReportProgress,
    ReportRelapse,
    ServeOpinion,
)
from shared.decider import Command
from shared.events.casework import (
    CaseAccepted,
    CaseClosed,
    CaseRelapsed,
    CaseworkFact,
    ExtensionApproved,
    HistoryImported,
    LeaderAssigned,
    OpinionServed,
    PlanAdopted,
    ProgressReported,
    VisitLogged,
)

LAID_DOWN_AS: dict[type[Command], type[CaseworkFact]] = {
    AcceptCase: CaseAccepted,
    AssignLeader: LeaderAssigned,
    LogVisit: VisitLogged,
    AdoptPlan: PlanAdopted,
    ClaimedExtension: ExtensionApproved,
    ServeOpinion: OpinionServed,
    ReportProgress: ProgressReported,
    CloseCase: CaseClosed,
    ReportRelapse: CaseRelapsed,
}
"""What each claim is a claim of."""


def import_history(case: Case, command: ImportHistory) -> list[CaseworkFact]:
    """What a ledger claims is laid down as it is: the past is not refused, it is marked as imported and judged later.

    What is there already, whoever said it, adds nothing.
    """
    known = set(case.facts)
    facts = [fact for fact in dict.fromkeys(map(claimed, command.steps)) if fact not in known]
    return [*facts, HistoryImported(steps=len(command.steps))] if facts or not case.history_there else []


def claimed(step: Claim) -> CaseworkFact:
    """The fact that a step claims. It follows from the step alone, so that it is the same one in every import."""
    return LAID_DOWN_AS[type(step)](**dict(step))
