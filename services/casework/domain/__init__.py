"""办案: what casework allows, a file per topic. Pure."""

from collections.abc import Callable
from functools import partial

from services.casework.domain import (
    acceptance,
    closing,
    commitments,
    contact,
    demands,
    documents,
    inquiry,
    leadership,
    meetings,
    opinion,
    plan,
    progress,
    recusal,
    review,
    settlement,
)
from services.casework.domain.case import Case, claimed_day, evolve, scope
from services.casework.domain.claims import ImportHistory, import_history
from services.casework.domain.desk import CaseCommand, Desk, Rules
from shared.decider import Command, Decider, NoSuchCase, Rejected
from shared.directory import Directory
from shared.events import Asked
from shared.events.casework import CaseworkFact
from shared.standard import Standard

TOPICS = (
    acceptance,
    leadership,
    plan,
    commitments,
    contact,
    inquiry,
    meetings,
    demands,
    settlement,
    opinion,
    progress,
    documents,
    closing,
    review,
    recusal,
)

RULES: Rules = {command: rule for topic in TOPICS for command, rule in topic.RULES.items()}


def decide(
    standard: Standard, directory: Callable[[], Directory], case: Case, command: Command, asked: Asked
) -> list[CaseworkFact]:
    """What a command means here and now. `[]` means: already so."""
    if case.region is None:
        raise NoSuchCase
    if isinstance(command, ImportHistory):
        return import_history(case, command)
    if not isinstance(command, CaseCommand):
        raise TypeError(command)
    recusal.keep_away(case, asked)
    if case.closed is not None and not command.when_closed:
        raise Rejected(
            "case-closed",
            f"案件已于 {case.closed.closed_on} 办结。如有反弹，请先登记反弹（report-relapse）。",
            f"The case was closed on {case.closed.closed_on}. If it has relapsed, report the relapse first.",
        )
    facts = RULES[type(command)](Desk(case, standard, asked, directory), command)
    for fact in facts:
        if case.received_on is not None and claimed_day(fact) < case.received_on:
            raise Rejected(
                "before-receipt",
                f"日期 {claimed_day(fact)} 早于收到信访事项的 {case.received_on}。请核对日期。",
                f"{claimed_day(fact)} lies before the petition was received, {case.received_on}. Check the date.",
            )
    return list(facts)


def casework(standard: Standard, directory: Callable[[], Directory] = Directory) -> Decider[Case]:
    """The decider, given the policies that set the time limits, and the directory of units as it is known when asked."""
    return Decider(
        initial=Case(),
        evolve=evolve,
        decide=partial(decide, standard, directory),
        scope=scope,
        commands=(*RULES, ImportHistory),
    )
