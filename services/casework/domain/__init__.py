"""办案: what casework allows, a file per topic. Pure."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from services.casework.domain import (
    acceptance,
    citations,
    closing,
    commitments,
    contact,
    demands,
    documents,
    funds,
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
from services.casework.domain.citations import Citations, CiteFile, CiteText, OpenFile, SayElsewhere
from services.casework.domain.claims import ImportHistory, import_history
from services.casework.domain.desk import CaseCommand, Desk, Rules
from services.casework.domain.documents import ReceiveFile
from services.casework.domain.funds import Fund, FundCommand, FundFact
from shared.decider import Command, Decider, NoSuchCase, Rejected, Scope
from shared.directory import Directory
from shared.events import Asked, Fact, Recorded
from shared.events.casework import CaseworkFact, FileCited, FileOpened, InterestDeclared, TextCited
from shared.events.intake import AccusedNamed
from shared.recusal import keep_away
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
    keep_away(asked.actor, (*case.told(AccusedNamed), *case.all(InterestDeclared)))
    if case.merged is not None:
        raise Rejected(
            "merged",
            f"本案已于 {case.merged.merged_on} 并入 {case.merged.into}，请在该案办理。",
            f"This case was merged into {case.merged.into} on {case.merged.merged_on}; go on there.",
        )
    may_be_given = command.when_closed or (command.when_reviewed and case.under_review)
    may_be_given = may_be_given or (command.when_ended and case.ended is not None)
    if case.closed is not None and not may_be_given:
        raise Rejected(
            "case-closed",
            f"案件已于 {case.closed.closed_on} 办结。如有反弹，请先登记反弹（report-relapse）。",
            f"The case was closed on {case.closed.closed_on}. If it has relapsed, report the relapse first.",
        )
    facts = RULES[type(command)](Desk(case, standard, asked, directory), command)
    for fact in facts:
        recusal.keep_out(case, fact)
        if case.received_on is not None and claimed_day(fact) < case.received_on:
            raise Rejected(
                "before-receipt",
                f"日期 {claimed_day(fact)} 早于收到信访事项的 {case.received_on}。请核对日期。",
                f"{claimed_day(fact)} lies before the petition was received, {case.received_on}. Check the date.",
            )
    return list(facts)


History = Case | Fund | Citations
"""What a history of casework's log adds up to: a case's, a fund's, or that of a file or a text that several cases may hold.

What a fact or a command says tells of which kind its history is; an empty one is any.
"""


def _evolve(state: History, recorded: Recorded) -> History:
    if isinstance(recorded.fact, FundFact):
        return funds.evolve(state if isinstance(state, Fund) else Fund(), recorded)
    if isinstance(recorded.fact, FileCited | FileOpened | TextCited):
        return citations.evolve(state if isinstance(state, Citations) else Citations(), recorded)
    return evolve(state, recorded) if isinstance(state, Case) else state


def _decide(
    standard: Standard, directory: Callable[[], Directory], state: History, command: Command, asked: Asked
) -> Sequence[Fact]:
    match command:
        case FundCommand():
            return funds.decide(state if isinstance(state, Fund) else Fund(), command)
        case CiteFile() | CiteText():
            return citations.cite(state if isinstance(state, Citations) else Citations(), command)
        case OpenFile():
            return citations.open_file(state if isinstance(state, Citations) else Citations(), command, asked)
        case SayElsewhere():
            return citations.say_elsewhere(state if isinstance(state, Case) else Case(), command, asked)
        case _:
            return decide(standard, directory, state if isinstance(state, Case) else Case(), command, asked)


def _scope(state: History) -> Scope | None:
    match state:
        case Fund():
            return funds.scope(state)
        case Citations():
            return None  # nobody reads it as it is: each case that it names has a scope of its own
        case _:
            return scope(state)


def _entails(state: History, recorded: Recorded) -> Iterator[tuple[str, Command]]:
    if isinstance(state, Case):
        yield from funds.payments(state, recorded)
        yield from citations.cited_by(recorded)
    if isinstance(state, Citations):
        yield from citations.found_by(state, recorded)


def casework(standard: Standard, directory: Callable[[], Directory] = Directory) -> Decider[Any]:
    """The decider of all of casework's histories, given the policies that set the time limits, and the directory of units as
    it is known when asked.

    Its commands are those about a case that HTTP carries as they are.
    """
    return Decider(
        initial=Case(),
        evolve=_evolve,
        decide=partial(_decide, standard, directory),
        scope=_scope,
        commands=(*(command for command in RULES if command is not ReceiveFile), ImportHistory),
        entails=_entails,
    )
