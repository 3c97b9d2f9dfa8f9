"""处理意见: the reply to the person, from the one answer of all units to its being carried out. Pure."""

from typing import Annotated, ClassVar

from pydantic import Field

from services.casework.domain.case import Case
from services.casework.domain.demands import judged
from services.casework.domain.desk import HANDLING, CaseCommand, Desk, Rules, filed, once
from services.casework.domain.offices import same_unit
from shared.decider import Day, Name, Note, Rejected, Text
from shared.events.casework import (
    AnswerAgreed,
    CaseworkFact,
    OpinionCarriedOut,
    OpinionIssued,
    OpinionServed,
    ResponsibilityFixed,
    ReviewDecided,
)
from shared.given import Part, Person, Reply
from shared.redone import first_quashing
from shared.terms import Outcome, Role, ServedHow


class AgreeAnswer(CaseCommand):
    """统一答复口径: the units concerned agree on the one answer that the person gets (seed plan D1)."""

    roles: ClassVar[frozenset[Role]] = HANDLING

    agreed_on: Day
    units: Annotated[tuple[Name, ...], Field(min_length=2, max_length=50)]
    answer: Text


class IssueOpinion(CaseCommand):
    """处理意见书: what Art 32 wants in it: facts, an answer to each demand, the law; and where a review may be asked for.

    In a case that is split, each opinion answers the demands whose turn it is (seed plan D5).
    """

    roles: ClassVar[frozenset[Role]] = HANDLING

    number: Name
    issued_on: Day
    facts: Text
    answers: Annotated[tuple[Reply, ...], Field(min_length=1, max_length=50)]
    legal_basis: Text
    remedy: Text
    signed_by: Person
    sections: Annotated[tuple[Part, ...], Field(max_length=20)] = ()


class ServeOpinion(CaseCommand):
    """答复送达: the written reply reached the person; when they would not take it, the note says who witnessed that. When it came
    neither by hand nor by post, the note says how, and who signed for it or witnessed that.
    """

    roles: ClassVar[frozenset[Role]] = HANDLING

    number: Name
    outcome: Outcome
    served_on: Day
    how: ServedHow
    refused: bool = False
    note: Note = ""


class CarryOutOpinion(CaseCommand):
    """意见落实: what the opinion supports has been done, with proof (Art 32). Also after closing."""

    when_closed: ClassVar[bool] = True
    roles: ClassVar[frozenset[Role]] = HANDLING

    number: Name
    carried_out_on: Day
    proof: Text


def agree_answer(desk: Desk, command: AgreeAnswer) -> list[CaseworkFact]:
    return once(desk.case, AnswerAgreed(**dict(command)))


def issue_opinion(desk: Desk, command: IssueOpinion) -> list[CaseworkFact]:
    """Every demand is answered, each once: a demand that is passed over is a tail (seed plan D6: 不留尾巴). Only what was
    judged to be settled in a later turn is left to a later opinion, which need not repeat the earlier ones (D5). Units that
    answer together answer as one (D1).
    """
    answered, there = [answer.demand for answer in command.answers], desk.case.demands
    if len(set(answered)) < len(answered) or max(answered) > there:
        raise Rejected(
            "no-such-demand",
            f"answers 中每项诉求只能答复一次，编号为 1 至 {there}。",
            f"Each demand is answered once; they are numbered from 1 to {there}.",
        )
    turns = {demand: said.order for demand, said in judged(desk.case).items()}
    turn = max(turns.get(demand, 1) for demand in answered)
    before = {answer.demand for opinion in standing_opinions(desk.case) for answer in opinion.answers}
    left = set(range(1, there + 1)) - before.union(answered, desk.case.elsewhere)
    if missing := sorted(demand for demand in left if turns.get(demand, 1) <= turn):
        listed = "、".join(map(str, missing))
        raise Rejected(
            "demand-unanswered",
            f"第 {listed} 项诉求没有答复。处理意见须逐项答复；分割办理的，先在诉求甄别（assess-demand）中以 order 排在后面。",
            f"Demand {', '.join(map(str, missing))} is not answered. An opinion answers every demand; what is split off is"
            " first given a later turn (order) by assess-demand.",
        )
    _agreed_on(desk, command)
    headings = {section.heading for section in command.sections}
    wanted = desk.standard.policy_on(command.issued_on).opinion.sections
    if lacking := [heading for heading in wanted if heading not in headings]:
        raise Rejected(
            "section-missing",
            f"本地规定处理意见书还须写明：{'、'.join(lacking)}。请填入 sections。",
            f"Where this policy holds, an opinion also says: {', '.join(lacking)}. Give them as sections.",
        )
    return filed(desk.case, OpinionIssued(**dict(command)), "number")


def _agreed_on(desk: Desk, command: IssueOpinion) -> None:
    """Raise Rejected where several units answer for the case, and have not agreed on what it is answered (seed plan D1)."""
    division, case = next(reversed(desk.case.all(ResponsibilityFixed)), None), desk.case
    if division is None or not division.secondary:
        return
    said = [fact for fact in case.in_round(AnswerAgreed) if case.quashed_on < fact.agreed_on <= command.issued_on]
    agreed = [(unit, fact.agreed_on) for fact in said[-1:] for unit in fact.units]
    parts = [(unit, division.fixed_on) for unit in (division.main, *division.secondary)]
    if silent := [unit for unit, on in parts if not any(same_unit(desk, (unit, on), other) for other in agreed)]:
        raise Rejected(
            "answer-not-agreed",
            f"本案由多个单位共同负责，须先统一答复口径（agree-answer），还缺：{'、'.join(silent)}。",
            f"Several units answer for this case: first they agree on one answer (agree-answer). Missing: {', '.join(silent)}.",
        )


def standing_opinions(case: Case) -> list[OpinionIssued]:
    """The opinions of this round that no review has quashed since."""
    return [fact for fact in case.in_round(OpinionIssued) if fact.issued_on > case.quashed_on]


def serve_opinion(desk: Desk, command: ServeOpinion) -> list[CaseworkFact]:
    """What is served is an opinion that was issued, not before its day; it says what that says, and answers what that answers.
    What a review quashed answers nobody from that day on: that it had been served before may be entered late. One that was
    refused needs a witness, and so does one that was sent in another way, or somebody who signed for it. A suggestion or an
    accusation, and what takes another road, is replied to without one (Arts 29-31).
    """
    if command.refused and not command.note.strip():
        raise Rejected(
            "refusal-without-witness",
            "信访人拒收的，请在 note 写明见证人和经过。",
            "When the person refuses the reply, the note says who witnessed it, and how.",
        )
    if command.how is ServedHow.OTHER and not command.note.strip():
        raise Rejected(
            "served-how",
            "以其他方式送达的，请在 note 写明如何送达、由谁签收或见证。",
            "When the reply is sent in another way, the note says how it came, and who signed for it or witnessed that.",
        )
    case = desk.case
    issued = next((fact for fact in case.all(OpinionIssued) if fact.number == command.number), None)
    if issued is None:
        fact = OpinionServed(**dict(command))
        if fact not in case.facts and case.by_petition_procedure:
            known = "、".join(fact.number for fact in case.all(OpinionIssued)) or "-"
            raise Rejected(
                "opinion-not-issued",
                f"没有签发过文号为 {command.number} 的处理意见；已签发：{known}。请核对文号，或先登记处理意见书（issue-opinion）。",
                f"No opinion {command.number} was issued; issued were: {known}. Check the number, or first put the opinion down"
                " (issue-opinion).",
            )
        return once(case, fact)
    if command.served_on < issued.issued_on:
        raise Rejected(
            "served-before-issued",
            f"送达日 {command.served_on} 早于意见书日期 {issued.issued_on}。",
            f"Served on {command.served_on}, before the opinion's own day, {issued.issued_on}.",
        )
    quashing = _quashing(case, issued)
    if quashing is not None and command.served_on >= quashing.decided_on:
        raise Rejected(
            "opinion-quashed",
            f"处理意见 {issued.number} 已于 {quashing.decided_on} 撤销。请送达重新作出的意见；撤销之前已经送达的，请核对送达日。",
            f"The opinion {issued.number} was quashed on {quashing.decided_on}. Serve the one that was issued anew; where it was"
            " served before that, check the day.",
        )
    if command.outcome not in (said := {answer.outcome: answer.outcome.label for answer in issued.answers}):
        raise Rejected(
            "outcome-differs",
            f"意见书 {issued.number} 的处理意见是{'、'.join(said.values())}，不是{command.outcome.label}。请更正 outcome。",
            f"The opinion {issued.number} says {', '.join(said)}, not {command.outcome}. Correct the outcome.",
        )
    part = len(issued.answers) < case.demands
    demands = tuple(sorted(answer.demand for answer in issued.answers)) if part else ()
    return once(case, OpinionServed(**dict(command), demands=demands))


def carry_out_opinion(desk: Desk, command: CarryOutOpinion) -> list[CaseworkFact]:
    """Only what was served can be carried out. What a review quashed binds nobody from that day on: that it had been carried
    out before may be entered late.
    """
    case = desk.case
    served = next((fact for fact in case.all(OpinionServed) if fact.number == command.number), None)
    if served is None:
        known = "、".join(fact.number for fact in case.all(OpinionServed)) or "-"
        raise Rejected(
            "no-such-opinion",
            f"没有送达过文号为 {command.number} 的处理意见；已送达：{known}。",
            f"No opinion {command.number} was served; served were: {known}.",
        )
    facts = filed(case, OpinionCarriedOut(**dict(command)), "number")
    issued = next((fact for fact in case.all(OpinionIssued) if fact.number == command.number), served)
    quashing = _quashing(case, issued)
    if facts and quashing is not None and command.carried_out_on >= quashing.decided_on:
        raise Rejected(
            "opinion-quashed",
            f"处理意见 {command.number} 已于 {quashing.decided_on} 撤销，不再落实。请登记重新作出的意见的落实；撤销之前已经落实的，"
            "请核对落实日。",
            f"The opinion {command.number} was quashed on {quashing.decided_on} and is carried out no more. Name the one that was"
            " issued anew; where it had been carried out before that, check the day.",
        )
    return facts


def _quashing(case: Case, said: OpinionIssued | OpinionServed) -> ReviewDecided | None:
    """The review that quashed what was said there, if one has."""
    return first_quashing(case.facts[case.facts.index(said) + 1 :])


RULES: Rules = {
    AgreeAnswer: agree_answer,
    IssueOpinion: issue_opinion,
    ServeOpinion: serve_opinion,
    CarryOutOpinion: carry_out_opinion,
}
