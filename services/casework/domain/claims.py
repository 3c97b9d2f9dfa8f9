"""补录: what a ledger claims of the time before this system. Pure."""

from collections.abc import Iterable, Iterator
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
from shared.decider import WHOLE, Command, Day, ImportedCommand, Name, Note, Rejected
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


class ClaimedLeader(Command):
    """The leader whom a ledger names without a day, in a column of the case's own line: taken as the leader since receipt, as
    long as nobody else is known to own the case.
    """

    roles: ClassVar[frozenset[Role]] = frozenset()

    leader: Person
    unit: Name
    received_on: Day


Claim = (
    AcceptCase
    | AssignLeader
    | ClaimedLeader
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
    ClaimedLeader: LeaderAssigned,
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

    What is there already, whoever said it, adds nothing; an acceptance is there, whatever was noted with it. Raises Rejected
    for a leader without a day beside another one: a column that changed since does not say since when.
    """
    known = set(map(_deed, case.facts))
    said: dict[CaseworkFact, CaseworkFact] = {}
    for fact in map(claimed, _of_one_leader(case, command.steps)):
        said.setdefault(_deed(fact), fact)
    facts = [fact for deed, fact in said.items() if deed not in known]
    return [*facts, HistoryImported(steps=len(command.steps))] if facts or not case.history_there else []


def _of_one_leader(case: Case, steps: Iterable[Claim]) -> Iterator[Claim]:
    """The steps, without those that name a leader who owned the case already."""
    owners = [fact.leader.name for fact in case.leaders]
    owners += [step.leader.name for step in steps if isinstance(step, AssignLeader)]
    for step in steps:
        if not isinstance(step, ClaimedLeader):
            yield step
        elif not owners:
            owners.append(step.leader.name)
            yield step
        elif step.leader.name not in owners:
            now, named = owners[-1], step.leader.name
            raise Rejected(
                "leader-differs",
                f"“包案领导”栏写的是{named}，在册的是{now}，一案不得两人包。已更换的，请在办理记录中补一行“包案”，"
                "写明日期、人和原因，或在本案办理更换；未更换的，请改正该栏。",
                f"The leader's column names {named}, on the books is {now}, and no two leaders own one case. If the leader was"
                " replaced, add a step 包案 with the day, the name and the reason, or replace the leader in the case; if not,"
                " correct the column.",
            )


def _deed(fact: CaseworkFact) -> CaseworkFact:
    """What tells one claim from another."""
    return fact.model_copy(update={"note": ""}) if isinstance(fact, CaseAccepted) else fact


def claimed(step: Claim) -> CaseworkFact:
    """The fact that a step claims. It follows from the step alone, so that it is the same one in every import."""
    if isinstance(step, ClaimedLeader):
        reason = "台账“包案领导”栏，未载日期"
        since = step.received_on
        return LeaderAssigned(leader=step.leader, unit=step.unit, assigned_on=since, reason=reason, undated=True)
    return LAID_DOWN_AS[type(step)](**dict(step))
