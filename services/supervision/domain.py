"""督查: what follows from a verdict. A process manager: its commands come from facts and from the clock. Pure.

It finds, tells and records. A sanction is always a named human's decision.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from typing import ClassVar

from services.supervision.dossier import Dossier, evolve
from services.supervision.notices import notices
from services.supervision.rules import STALLING, Verdict, assess
from shared.decider import Command, Decider, NoSuchCase, Scope
from shared.directory import Directory
from shared.events import Asked, Fact
from shared.events.intake import CaseDispatched
from shared.events.supervision import (
    CaseStalled,
    FindingRaised,
    FindingResolved,
    FindingRestated,
    StallCleared,
    SweepCompleted,
    SweepSkipped,
)
from shared.policy import Policy
from shared.standard import Standard
from shared.terms import Role
from shared.workdays import DAY, business_date, start_of

GRACE = timedelta(days=1)
"""How long a verdict waits for earlier history that was announced and is still being laid down."""

SWEEPS = "sweeps"
"""The history under which the sweeps themselves are recorded."""


class Assess(Command):
    """评查: judge the case as of a moment, by the policy in force."""

    roles: ClassVar[frozenset[Role]] = frozenset({Role.SYSTEM, Role.SUPERVISOR})

    as_of: datetime


class RecordSweep(Command):
    """巡查记录: one pass over what was due is finished."""

    roles: ClassVar[frozenset[Role]] = frozenset({Role.SYSTEM})

    as_of: datetime
    policy: str
    cases: int
    due: int
    decided: int
    skipped: tuple[SweepSkipped, ...]
    positions: dict[str, int]


def decide(
    standard: Standard,
    directory: Callable[[], Directory],
    dossier: Dossier,
    command: Command,
    asked: Asked,  # noqa: ARG001
) -> list[Fact]:
    """What a command means here and now. `[]` means: already so."""
    match command:
        case RecordSweep():
            return [SweepCompleted(**dict(command))]
        case Assess() if dossier.registered is None:
            raise NoSuchCase
        case Assess():
            return conclude(standard, dossier, verdicts(standard, dossier, command.as_of), command.as_of, directory)
        case _:
            raise TypeError(command)


def waits_until(dossier: Dossier) -> datetime | None:
    """Until when no verdict would be fair, because announced history is still missing. A whole second, as due rows are."""
    if dossier.registered is None or not dossier.history_missing:
        return None
    return (dossier.registered.recorded + GRACE).replace(microsecond=0)


def verdicts(standard: Standard, dossier: Dossier, as_of: datetime) -> dict[str, Verdict]:
    """Every rule's answer as of a moment; none while announced history is waited for."""
    waits = waits_until(dossier)
    return {} if waits is not None and as_of < waits else assess(dossier, standard, business_date(as_of))


def conclude(
    standard: Standard,
    dossier: Dossier,
    answers: Mapping[str, Verdict],
    as_of: datetime,
    directory: Callable[[], Directory] = Directory,
) -> list[Fact]:
    """What follows from the verdicts and has not been said: findings, the stall, notices. Once said, nothing is left.

    The directory tells whom a notice names, never whether there is one.
    """
    if not answers:
        return []
    today = business_date(as_of)
    policy = standard.policy_on(today)
    facts: list[Fact] = []
    findings = dict(dossier.findings)
    raised = dossier.raised
    for rule, verdict in answers.items():
        found = findings.get(rule)
        if verdict.shows and found is None:
            raised += 1
            findings[rule] = _finding(FindingRaised, f"finding-{raised}", rule, verdict, policy, as_of)
            facts.append(findings[rule])
        elif verdict.shows and found is not None and _moved(found, verdict):
            findings[rule] = _finding(FindingRestated, found.finding_id, rule, verdict, policy, as_of)
            facts.append(findings[rule])
        elif not verdict.shows and found is not None:
            del findings[rule]
            facts.append(
                FindingResolved(
                    finding_id=found.finding_id, rule=rule, as_of=as_of, sentence_zh=verdict.zh, sentence_en=verdict.en
                )
            )
    open_findings = [findings[rule] for rule in answers if rule in findings]
    facts += _stall(dossier, open_findings, policy, as_of)
    facts += notices(dossier, open_findings, policy, standard.calendar, as_of, directory)
    return facts


def _moved(found: FindingRaised, verdict: Verdict) -> bool:
    """Whether a finding stands on another ground than it says: another day, or other facts."""
    return found.since != verdict.since or [e.id for e in found.counted] != [e.id for e in verdict.counted]


def _finding(
    kind: type[FindingRaised], finding_id: str, rule: str, verdict: Verdict, policy: Policy, as_of: datetime
) -> FindingRaised:
    settings = policy.rules.by_id()[rule]
    return kind(
        finding_id=finding_id,
        rule=rule,
        name=settings.name,
        kind=settings.kind,
        basis=settings.basis,
        policy=policy.version,
        since=verdict.since or business_date(as_of),
        as_of=as_of,
        sentence_zh=verdict.zh,
        sentence_en=verdict.en,
        counted=verdict.counted,
        ignored=verdict.ignored,
        arithmetic=verdict.arithmetic,
    )


def _stall(dossier: Dossier, findings: list[FindingRaised], policy: Policy, as_of: datetime) -> list[Fact]:
    """The case as a whole: idle for these reasons, or idle no more."""
    reasons = [finding for finding in findings if finding.rule in STALLING]
    if not reasons:
        return [StallCleared(as_of=as_of)] if dossier.stalled else []
    stalled = CaseStalled(
        since=min(finding.since for finding in reasons),
        rules=tuple(finding.rule for finding in reasons),
        sentence_zh="；".join(finding.sentence_zh for finding in reasons),
        sentence_en="; ".join(finding.sentence_en for finding in reasons),
        policy=policy.version,
    )
    said = dossier.stalled and dossier.stalled.model_copy(update={"policy": policy.version})
    return [] if said == stalled else [stalled]


def changes_on(dossier: Dossier, answers: Mapping[str, Verdict], today: date) -> date | None:
    """The next day on which an answer or a notice changes though nothing more is heard."""
    days = [verdict.changes_on for verdict in answers.values()]
    days.append(dossier.next_day(today))
    if dossier.notice is not None and dossier.notice.due_on is not None:
        days.append(dossier.notice.due_on + DAY)
    return min((day for day in days if day is not None and day > today), default=None)


def next_moment(standard: Standard, dossier: Dossier, now: datetime) -> datetime | None:
    """When the case must be asked again: now, when something is still to be said; else when an answer can change."""
    if dossier.registered is None:
        return None
    waits = waits_until(dossier)
    if waits is not None and now < waits:
        return waits
    answers, today = verdicts(standard, dossier, now), business_date(now)
    if conclude(standard, dossier, answers, now):
        return now
    days = (changes_on(dossier, answers, today), standard.next_policy_from(today))
    return min((start_of(day) for day in days if day is not None), default=None)


def scope(dossier: Dossier) -> Scope | None:
    """Where the case belongs; None while nothing is known of it."""
    if dossier.registered is None:
        return None
    units = {dossier.registered.fact.unit, dossier.unit, *(sent.fact.unit for sent in dossier.all(CaseDispatched))}
    return Scope(dossier.registered.fact.region, frozenset(units - {""}))


def supervision(standard: Standard, directory: Callable[[], Directory] = Directory) -> Decider[Dossier]:
    """The decider, given the policies and the calendar to judge by, and the directory of units as it is known when asked."""
    return Decider(initial=Dossier(), evolve=evolve, decide=partial(decide, standard, directory), scope=scope)
