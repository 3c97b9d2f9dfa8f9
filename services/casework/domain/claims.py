"""补录: what a ledger claims of the time before this system. Pure."""

from typing import Annotated, ClassVar

from pydantic import Field

from services.casework.domain.acceptance import AcceptCase
from services.casework.domain.case import Case
from services.casework.domain.closing import CloseCase, ReportRelapse
from services.casework.domain.contact import LogVisit
from services.casework.domain.leadership import AssignLeader
from services.casework.domain.opinion import ServeOpinion
from services.casework.domain.plan import AdoptPlan
from services.casework.domain.progress import ReportProgress
from services.casework.domain.settlement import GrantAid
from shared.decider import WHOLE, Command, Day, ImportedCommand, Note
from shared.events.casework import (
    AidGranted,
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
from shared.given import Person
from shared.terms import Role


class ClaimedExtension(Command):
    """An extension as a ledger claims it: who approved it and whether the person was told may be missing."""

    roles: ClassVar[frozenset[Role]] = frozenset()

    days: Annotated[int, Field(ge=1, le=3660), WHOLE]
    approved_on: Day
    approved_by: Person
    reason: Note = ""
    told_on: Day | None = None
    assigner: Note = ""


Claim = (
    AcceptCase
    | AssignLeader
    | LogVisit
    | AdoptPlan
    | ClaimedExtension
    | ServeOpinion
    | ReportProgress
    | CloseCase
    | ReportRelapse
    | GrantAid
)
"""A step of earlier history; the name of its date field tells which."""


class ImportHistory(ImportedCommand):
    """补录: lay down what a ledger claims happened before this system. Claims are kept as claims; rules judge them later."""

    roles: ClassVar[frozenset[Role]] = frozenset({Role.REGISTRAR, Role.PETITION_OFFICE})

    steps: Annotated[tuple[Claim, ...], Field(max_length=10_000)]


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
    GrantAid: AidGranted,
}
"""What each claim is a claim of."""


def import_history(case: Case, command: ImportHistory) -> list[CaseworkFact]:
    """What a ledger claims is laid down as it is: the past is not refused, it is marked as imported and judged later.

    What is there already, whoever said it, adds nothing; an acceptance is there, whatever was noted with it.
    """
    known = set(map(_deed, case.facts))
    said: dict[CaseworkFact, CaseworkFact] = {}
    for fact in map(claimed, command.steps):
        said.setdefault(_deed(fact), fact)
    facts = [fact for deed, fact in said.items() if deed not in known]
    return [*facts, HistoryImported(steps=len(command.steps))] if facts or not case.history_there else []


def _deed(fact: CaseworkFact) -> CaseworkFact:
    """What tells one claim from another."""
    return fact.model_copy(update={"note": ""}) if isinstance(fact, CaseAccepted) else fact


def claimed(step: Claim) -> CaseworkFact:
    """The fact that a step claims. It follows from the step alone, so that it is the same one in every import."""
    return LAID_DOWN_AS[type(step)](**dict(step))
