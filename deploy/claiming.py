"""What the steps of a ledger's row claim of how its case was handled: the commands of casework, without their guards."""

import hashlib
import re
import unicodedata
from collections import Counter

from services.casework.domain.acceptance import AcceptCase
from services.casework.domain.claims import ClaimedExtension, ClaimedLeader
from services.casework.domain.closing import CloseCase, ReportRelapse
from services.casework.domain.contact import LogVisit
from services.casework.domain.leadership import AssignLeader
from services.casework.domain.opinion import ServeOpinion
from services.casework.domain.plan import AdoptPlan
from services.casework.domain.progress import ReportProgress
from services.intake.ledger import (
    INTAKE_STEPS,
    LedgerRow,
    LedgerStep,
    StepKind,
)
from services.intake.ledger.values import DIGITS, LONGEST_NAME, numeral
from shared.decider import Command
from shared.events import Official
from shared.events.casework import Measure
from shared.terms import Outcome, RelapseSign, ServedHow, VisitKind

VISITS = {
    StepKind.RECEPTION: VisitKind.RECEPTION,
    StepKind.GOING_DOWN: VisitKind.GOING_DOWN,
    StepKind.HOME_VISIT: VisitKind.HOME,
    StepKind.RETURN_VISIT: VisitKind.RETURN,
}

SERVED = {ServedHow.IN_PERSON: "当面|直接送|送达本人|本人签收", ServedHow.BY_POST: "邮寄|寄送|挂号|快递|EMS"}
IN_VAIN = re.compile("未见|没见到|没有见到|未能见面|未遇|不在家|无人在家|避而不见|拒绝见面|拒不见面")
DAYS = re.compile(rf"(?<![月\d{DIGITS}十])(\d{{1,3}}|[{DIGITS}十]{{1,3}})个?(?:自然)?[日天](?![{DIGITS}十\d])")
"""How long an extension is, in calendar days; no day of a month."""
LONGEST_EXTENSION = 30
"""Days, where the ledger does not say how many (信访工作条例 Art 34)."""


def claims_of(row: LedgerRow) -> list[Command]:
    """The row's steps that casework speaks of, as claims; and its leader column, when no step names the leader."""
    seen: Counter[str] = Counter()
    claims = []
    for step in row.steps:
        said = step.model_dump_json(exclude={"sheet", "row"})
        seen[said] += 1  # the same step twice in one file is two steps; the same step in two files is one
        ident = hashlib.sha256(f"{said}{seen[said]}".encode()).hexdigest()[:16]
        if (claim := _claim(row, step, ident)) is not None:
            claims.append(claim)
    if row.leader and not any(isinstance(claim, AssignLeader) for claim in claims):
        leader = Official(id=ident_of(row.unit, "/", row.leader), name=row.leader, post=row.leader_post or "")
        claims.insert(0, ClaimedLeader(leader=leader, unit=row.unit, received_on=row.received_on))
    return claims


def _claim(row: LedgerRow, step: LedgerStep, ident: str) -> Command | None:
    unit = step.unit or row.unit
    who = Official(id=ident_of(unit, "/", step.person or unit), name=step.person or unit)
    note = step.note
    match step.kind:
        case kind if kind in INTAKE_STEPS:
            return None
        case StepKind.ACCEPT:
            return AcceptCase(unit=unit, accepted_on=step.on, note=note)
        case StepKind.LEADER if name := step.person or row.leader:  # who names nobody, has assigned no leader
            post = (row.leader_post or "") if name == row.leader else ""
            leader = Official(id=ident_of(unit, "/", name), name=name, post=post)
            return AssignLeader(leader=leader, unit=unit, assigned_on=step.on, reason=note or "台账记载")
        case StepKind.PLAN:
            return AdoptPlan(adopted_on=step.on, measures=(Measure(what=note or "化解方案", who=who.name),))
        case kind if kind in VISITS:
            met = not IN_VAIN.search(note)
            return LogVisit(
                visit_id=ident, kind=VISITS[kind], visited_on=step.on, official=who, met_petitioner=met, note=note
            )
        case StepKind.EXTENSION:
            told = step.on if "告知" in note else None
            return ClaimedExtension(days=_days(note), approved_on=step.on, approved_by=who, reason=note, told_on=told)
        case StepKind.REPLY:
            outcome = next((word for word in Outcome if word.label in note), Outcome.EXPLAINED)
            number = ident_of(row.original_number or ident, "-答复")
            how = next((how for how, words in SERVED.items() if re.search(words, note)), ServedHow.OTHER)
            return ServeOpinion(number=number, outcome=outcome, served_on=step.on, how=how, note=note)
        case StepKind.CLOSE:
            return CloseCase(closed_on=step.on, summary=note)
        case StepKind.RELAPSE:
            return ReportRelapse(sign=RelapseSign.REPEAT_PETITION, relapsed_on=step.on, note=note)
        case _:
            return ReportProgress(report_id=ident, reported_on=step.on, text=note or step.kind.label)


def _days(note: str) -> int:
    said = DAYS.search(unicodedata.normalize("NFKC", note))
    days = 0 if said is None else int(said[1]) if said[1].isdecimal() else numeral(said[1])
    return days or LONGEST_EXTENSION


def ident_of(*parts: str) -> str:
    """What the parts say together; when that is longer than an id may be, its beginning and a digest of it."""
    said = "".join(parts)
    return said if len(said) <= LONGEST_NAME else f"{said[:160]}-{hashlib.sha256(said.encode()).hexdigest()[:16]}"
