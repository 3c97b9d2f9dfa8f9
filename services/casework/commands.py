"""What may be asked of casework 办案."""

from typing import Annotated, ClassVar

from pydantic import Field

from shared.decider import Command, Day, ImportedCommand, Name, Note, Text
from shared.events import Official
from shared.events.casework import Measure
from shared.terms import Outcome, RelapseSign, Role, ServedHow, VisitKind

HANDLING = frozenset({Role.HANDLER, Role.LEADER, Role.UNIT_HEAD, Role.PETITION_OFFICE})


class AcceptCase(Command):
    """受理: the responsible unit takes the case on. The 60 days of Art 34 run from this day."""

    roles: ClassVar[frozenset[Role]] = HANDLING

    unit: Name
    accepted_on: Day


class AssignLeader(Command):
    """领导包案: name the one leader who owns the case. Naming another gives a reason (seed plan D7)."""

    roles: ClassVar[frozenset[Role]] = frozenset({Role.UNIT_HEAD, Role.PETITION_OFFICE})

    leader: Official
    unit: Name
    assigned_on: Day
    reason: Note = ""


class LogVisit(Command):
    """接访下访走访回访: an official met, or went to meet, the person. After closing only a return visit is logged."""

    roles: ClassVar[frozenset[Role]] = HANDLING

    visit_id: Name
    kind: VisitKind
    visited_on: Day
    official: Official
    met_petitioner: bool = True
    with_whom: Note = ""
    note: Note = ""


class AdoptPlan(Command):
    """一案一策: adopt the plan for this case; a later plan takes the place of an earlier one."""

    roles: ClassVar[frozenset[Role]] = HANDLING

    adopted_on: Day
    measures: Annotated[tuple[Measure, ...], Field(min_length=1, max_length=100)]


class ApproveExtension(Command):
    """延期: the unit head grants up to 30 more days, once, before the due date, and the person is told why (Art 34)."""

    roles: ClassVar[frozenset[Role]] = frozenset({Role.UNIT_HEAD})

    days: Annotated[int, Field(ge=1, le=366)]
    approved_on: Day
    approved_by: Official
    reason: Text
    told_on: Day


class ServeOpinion(Command):
    """答复送达: the written reply reached the person (Arts 32, 35)."""

    roles: ClassVar[frozenset[Role]] = HANDLING

    number: Name
    outcome: Outcome
    served_on: Day
    how: ServedHow


class ReportProgress(Command):
    """进展汇报: write down how things stand. It is kept, and it moves no clock."""

    roles: ClassVar[frozenset[Role]] = HANDLING

    report_id: Name
    reported_on: Day
    text: Text


class CloseCase(Command):
    """办结: declare the matter settled. Refused without an owner leader, a visit to the person and a served reply."""

    roles: ClassVar[frozenset[Role]] = frozenset({Role.LEADER, Role.UNIT_HEAD, Role.PETITION_OFFICE})

    closed_on: Day
    summary: Note = ""


class ReportRelapse(Command):
    """反弹: a closed matter is not settled after all. The case opens again."""

    roles: ClassVar[frozenset[Role]] = HANDLING | {Role.REGISTRAR, Role.SUPERVISOR}

    sign: RelapseSign
    relapsed_on: Day
    note: Note = ""


class ClaimedExtension(Command):
    """An extension as a ledger claims it: who approved it and whether the person was told may be missing."""

    roles: ClassVar[frozenset[Role]] = frozenset()

    days: Annotated[int, Field(ge=1, le=3660)]
    approved_on: Day
    approved_by: Official
    reason: Note = ""
    told_on: Day | None = None


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
)
"""A step of earlier history; the name of its date field tells which."""


class ImportHistory(ImportedCommand):
    """补录: lay down what a ledger claims happened before this system. Claims are kept as claims; rules judge them later."""

    roles: ClassVar[frozenset[Role]] = frozenset({Role.REGISTRAR, Role.PETITION_OFFICE})

    steps: Annotated[tuple[Claim, ...], Field(max_length=10_000)]
