"""诉求甄别: each demand is judged on its own, and the judgement obliges to something. Pure."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import Field

from services.casework.domain.case import Case
from services.casework.domain.desk import HANDLING, CaseCommand, Desk, Rules, once
from shared.decider import WHOLE, Day, Note, Rejected, Text
from shared.events.casework import CaseworkFact, DemandAssessed, InquiryReported
from shared.terms import Duty, Judgement, Role

DUTIES: Mapping[Judgement, tuple[Duty, ...]] = {
    Judgement.FOUNDED: (Duty.SOLVE,),
    Judgement.PARTLY: (Duty.SOLVE, Duty.EXPLAIN),
    Judgement.EXCESSIVE: (Duty.SOLVE, Duty.EXPLAIN),
    Judgement.UNFOUNDED: (Duty.EXPLAIN,),
    Judgement.HARDSHIP: (Duty.EXPLAIN, Duty.HELP),
}
"""三到位一处理: what a judgement obliges to (信访工作条例 Art 27; seed plans D2, D3, D6)."""


class AssessDemand(CaseCommand):
    """诉求甄别: judge one demand, counted from 1, with the facts and the law it rests on; split cases name the turn."""

    roles: ClassVar[frozenset[Role]] = HANDLING

    demand: Annotated[int, Field(ge=1, le=50), WHOLE]
    judgement: Judgement
    facts: Text
    legal_basis: Note = ""
    assessed_on: Day
    order: Annotated[int, Field(ge=1, le=50), WHOLE] = 1


def judged(case: Case) -> dict[int, DemandAssessed]:
    """The newest word on each demand."""
    return {fact.demand: fact for fact in case.all(DemandAssessed)}


def assess_demand(desk: Desk, command: AssessDemand) -> list[CaseworkFact]:
    """Every judgement rests on law (seed plan D7); "unfounded" on an inquiry report too, or it is a label (D6; Art 32)."""
    case = desk.case
    fact = DemandAssessed(**dict(command))
    if fact in case.facts:
        return []
    if command.demand > case.demands:
        raise Rejected(
            "no-such-demand",
            f"该案登记了 {case.demands} 项诉求，没有第 {command.demand} 项。",
            f"{case.demands} demands are registered; there is no number {command.demand}.",
        )
    if command.judgement in (Judgement.UNFOUNDED, Judgement.HARDSHIP):
        missing = [] if case.all(InquiryReported) else [("核查报告", "an inquiry report")]
        missing += (
            [] if command.legal_basis.strip() else [("法律政策依据（legal_basis）", "the legal basis (legal_basis)")]
        )
        if missing:
            raise Rejected(
                "unfounded-without-ground",
                f"认定诉求不合理，还缺：{'、'.join(zh for zh, _ in missing)}。",
                f"To call a demand unfounded takes: {', '.join(en for _, en in missing)}.",
            )
    if not command.legal_basis.strip():
        raise Rejected(
            "judged-without-law",
            "诉求认定须有法律政策依据，请填写 legal_basis：解决问题不得突破法律法规。",
            "A judgement rests on law: give the legal_basis. Nothing is conceded beyond it.",
        )
    return once(case, fact)


RULES: Rules = {AssessDemand: assess_demand}
