"""What counts in a region's year: one row for each fact that a figure of the annual report counts (信访工作条例 Art 41). Pure.

A figure is the number of its rows, and they can be listed: so every number leads back to facts.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from shared.events import Recorded
from shared.events.casework import CaseClosed, CaseRelapsed
from shared.events.intake import (
    AccusedNamed,
    CaseDispatched,
    CaseRegistered,
    DispatchObjected,
    RepeatPetitionLinked,
    RepeatPetitionUnlinked,
)
from shared.events.supervision import (
    AnnualReportSubmitted,
    AssessmentsCirculated,
    CommendationDecided,
    FindingUpheld,
    FindingWithdrawn,
    NoticeClosed,
    NoticeEscalated,
    NoticeIssued,
    NoticeWithdrawn,
    ReverseInquiryConcluded,
    SanctionDecided,
    SanctionRevoked,
    SuggestionAnswered,
    SuggestionMade,
    UnitAssessed,
)
from shared.readmodel import Change, Get
from shared.terms import NoticeState, Term


class AnnualItem(Term):
    """年报事项: what the annual report counts. Never where or how people petitioned."""

    REGISTERED = "registered", "登记"
    REPEATED = "repeated", "重复信访"
    UNLINKED = "unlinked", "撤销关联"
    CLOSED = "closed", "办结"
    RELAPSED = "relapsed", "反弹"
    FIELD = "field", "涉及领域"
    COMPLAINT = "complaint", "被投诉"
    DISPATCHED = "dispatched", "转送交办"
    RETURNED = "returned", "异议退回"
    NOTICE = "notice", "督办"
    SUGGESTION = "suggestion", "建议"
    UPHELD = "upheld", "问题认定"
    INQUIRY = "inquiry", "倒查"
    SANCTION = "sanction", "处理决定"
    TREATED = "treated", "对个人的处理决定"
    COMMENDATION = "commendation", "表扬"


class Awaiting(Term):
    """尚无结果: of what the outcome is still awaited."""

    LIVE = "live", "在办"
    UNANSWERED = "unanswered", "未反馈"


def of_a_person(fact: SanctionDecided | SanctionRevoked) -> bool:
    """Whether an official was treated so, not a unit. Before a fact could say so, the treatment tells: whom `about` named then, is
    not known.
    """
    return fact.official is not None or fact.treatment.of_a_person


def deeds(recorded: Recorded, get: Get) -> Iterable[Change]:
    """The rows that a fact of a case adds, or whose outcome it says."""
    case_id, fact = recorded.case_id, recorded.fact

    def row(item: AnnualItem, ref: str, on: date, kind: str = "", unit: str = "", outcome: str = "") -> Change:
        said = {"item": item.value, "on": on, "kind": kind, "unit": unit, "outcome": outcome}
        beside = {"case_id": case_id, "fact_id": recorded.id, "place": str(on)}
        return "deeds", f"{case_id}/{item}/{ref}", {**said, **beside}

    def outcome(item: AnnualItem, ref: str, said: str) -> Change:
        return "deeds", f"{case_id}/{item}/{ref}", {"outcome": said}

    match fact:
        case CaseRegistered():
            yield row(AnnualItem.REGISTERED, "", fact.received_on, unit=fact.unit)
            for category in fact.categories:
                yield row(AnnualItem.FIELD, category, fact.received_on, category, fact.unit)
        case RepeatPetitionLinked():
            if get("deeds", f"{case_id}/{AnnualItem.REPEATED}/{fact.petition_id}") is None:
                yield row(AnnualItem.REPEATED, fact.petition_id, fact.received_on)
        case RepeatPetitionUnlinked():  # of the same petition, which is no repeat of this case's, and may be heard of first
            sheet, key, said = row(AnnualItem.REPEATED, fact.petition_id, fact.received_on)
            yield sheet, key, {**said, "item": AnnualItem.UNLINKED.value}
        case AccusedNamed():
            for unit in fact.units:
                yield row(AnnualItem.COMPLAINT, unit, fact.named_on, unit=unit)
        case CaseDispatched(with_case=""):  # what a merge carries over was counted where it was said
            yield row(AnnualItem.DISPATCHED, recorded.id, fact.dispatched_on, fact.kind, fact.unit)
        case DispatchObjected():
            yield row(AnnualItem.RETURNED, recorded.id, fact.objected_on, unit=fact.unit)
        case CaseClosed():
            yield row(AnnualItem.CLOSED, recorded.id, fact.closed_on)
        case CaseRelapsed():
            yield row(AnnualItem.RELAPSED, recorded.id, fact.relapsed_on, fact.sign)
        case NoticeIssued():
            unit = fact.addressee.unit
            yield row(AnnualItem.NOTICE, fact.notice_id, fact.issued_on, fact.level, unit, Awaiting.LIVE)
        case NoticeEscalated():
            yield outcome(AnnualItem.NOTICE, fact.notice_id, NoticeState.ESCALATED)
        case NoticeWithdrawn():
            yield outcome(AnnualItem.NOTICE, fact.notice_id, NoticeState.WITHDRAWN)
        case NoticeClosed():
            yield outcome(AnnualItem.NOTICE, fact.notice_id, NoticeState.CLOSED)
        case SuggestionMade():
            yield row(
                AnnualItem.SUGGESTION,
                fact.suggestion_id,
                fact.made_on,
                fact.kind,
                fact.addressed_to,
                Awaiting.UNANSWERED,
            )
        case SuggestionAnswered():
            yield outcome(AnnualItem.SUGGESTION, fact.suggestion_id, fact.adoption)
        case FindingUpheld():
            found = get("findings", f"{case_id}/{fact.finding_id}") or {}
            yield row(
                AnnualItem.UPHELD, fact.finding_id, fact.upheld_on, found.get("rule") or "", found.get("unit") or ""
            )
        case FindingWithdrawn() if get("deeds", f"{case_id}/{AnnualItem.UPHELD}/{fact.finding_id}") is not None:
            yield outcome(AnnualItem.UPHELD, fact.finding_id, NoticeState.WITHDRAWN)
        case ReverseInquiryConcluded():
            yield row(AnnualItem.INQUIRY, fact.inquiry_id, fact.concluded_on, fact.cause)
        case SanctionDecided(adopted=True) if of_a_person(fact):
            yield row(AnnualItem.TREATED, fact.proposal_id, fact.decided_on, fact.treatment)
        case SanctionDecided(adopted=True):
            yield row(AnnualItem.SANCTION, fact.proposal_id, fact.decided_on, fact.treatment, fact.about)
        case SanctionRevoked():
            item = AnnualItem.TREATED if of_a_person(fact) else AnnualItem.SANCTION
            yield outcome(item, fact.proposal_id, NoticeState.WITHDRAWN)
        case CommendationDecided(adopted=True):
            yield row(AnnualItem.COMMENDATION, fact.commendation_id, fact.decided_on, unit=fact.about)


def years(recorded: Recorded) -> Iterable[Change]:
    """What was said of a region's year: to whom it was reported, how units were assessed, among whom that was made known."""
    fact, key = recorded.fact, f"{recorded.case_id}/{recorded.version}"
    match fact:
        case AnnualReportSubmitted():
            said = fact.model_dump(include={"region", "year", "to", "document", "as_of", "other", "submitted_on"})
            said |= {"to": fact.to.value, "as_of": fact.as_of.isoformat()}
            yield "submissions", key, {**said, **_by(recorded)}
        case UnitAssessed():
            said = fact.model_dump(include={"region", "year", "unit", "points", "reasons", "assessed_on"})
            said |= {"grade": fact.grade.value, "as_of": fact.as_of.isoformat()}
            said |= {"leaders": [leader.name for leader in fact.leaders], "revised_because": fact.revised_because}
            said |= {"circulated_on": None}  # what is corrected has not been made known yet
            yield "assessments", f"{recorded.case_id}/{fact.unit}", {**said, **_by(recorded)}
        case AssessmentsCirculated():
            for unit in fact.units:
                yield "assessments", f"{recorded.case_id}/{unit}", {"circulated_on": fact.circulated_on}


def _by(recorded: Recorded) -> dict[str, Any]:
    fact: Any = recorded.fact
    return {"by": fact.by.name, "fact_id": recorded.id}
