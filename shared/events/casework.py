"""What casework 办案 says."""

from datetime import date
from typing import ClassVar

from shared.events.fact import Fact, Official, Value
from shared.terms import Outcome, RelapseSign, ServedHow, VisitKind


class CaseworkFact(Fact, speaker="casework"):
    """A fact spoken by casework."""


class CaseAccepted(CaseworkFact):
    """受理: the responsible unit took the case on; the 60 days of Art 34 run from here."""

    occurred: ClassVar[str] = "accepted_on"

    unit: str
    accepted_on: date


class LeaderAssigned(CaseworkFact):
    """领导包案: one named leader owns the case from this day on (seed plan D7: never two on one case).

    A ledger's leaders are all laid down as assigned: that one took over from another follows from the order of the days.
    """

    occurred: ClassVar[str] = "assigned_on"

    leader: Official
    unit: str
    assigned_on: date
    reason: str = ""


class LeaderReplaced(CaseworkFact):
    """更换包案领导: another leader owns the case from now on, for the reason given."""

    occurred: ClassVar[str] = "replaced_on"

    leader: Official
    unit: str
    replaced_on: date
    reason: str


class VisitLogged(CaseworkFact):
    """接访下访走访回访: an official met, or went to meet, the person."""

    occurred: ClassVar[str] = "visited_on"

    visit_id: str
    kind: VisitKind
    visited_on: date
    official: Official
    met_petitioner: bool = True
    with_whom: str = ""
    note: str = ""


class Measure(Value):
    """化解措施: one thing to be done, by whom and by when."""

    what: str
    who: str
    due_on: date | None = None


class PlanAdopted(CaseworkFact):
    """一案一策: the plan for this one case."""

    occurred: ClassVar[str] = "adopted_on"

    adopted_on: date
    measures: tuple[Measure, ...]


class ExtensionApproved(CaseworkFact):
    """延期: the head of the unit granted up to 30 more days and the person was told why (信访工作条例 Art 34)."""

    occurred: ClassVar[str] = "approved_on"

    days: int
    approved_on: date
    approved_by: Official
    reason: str
    told_on: date | None = None


class OpinionServed(CaseworkFact):
    """处理意见送达: the written reply reached the person (信访工作条例 Arts 32, 35)."""

    occurred: ClassVar[str] = "served_on"

    number: str
    outcome: Outcome
    served_on: date
    how: ServedHow


class ProgressReported(CaseworkFact):
    """进展汇报: somebody wrote how things stand. A report is not progress."""

    occurred: ClassVar[str] = "reported_on"

    report_id: str
    reported_on: date
    text: str


class CaseClosed(CaseworkFact):
    """办结: the unit declares the matter settled."""

    occurred: ClassVar[str] = "closed_on"

    closed_on: date
    summary: str = ""


class CaseRelapsed(CaseworkFact):
    """反弹: a closed matter turned out not to be settled; the case is open again."""

    occurred: ClassVar[str] = "relapsed_on"

    sign: RelapseSign
    relapsed_on: date
    note: str = ""


class HistoryImported(CaseworkFact):
    """补录完成: what a ledger claims of the time before this system has been laid down; verdicts are fair from here on."""

    steps: int
