"""Importing a ledger into a running node: read the file, register its rows, lay down their history."""

import hashlib
import re
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from deploy.client import Refused
from services.casework.domain.acceptance import AcceptCase
from services.casework.domain.claims import ClaimedExtension
from services.casework.domain.closing import CloseCase, ReportRelapse
from services.casework.domain.contact import LogVisit
from services.casework.domain.leadership import AssignLeader
from services.casework.domain.opinion import ServeOpinion
from services.casework.domain.plan import AdoptPlan
from services.casework.domain.progress import ReportProgress
from services.intake.ledger import (
    Ledger,
    LedgerRow,
    LedgerStep,
    Refusal,
    SkipReason,
    StepKind,
    read_ledger,
)
from services.intake.ledger.values import DIGITS, LONGEST_NAME, numeral
from services.intake.ledgers import INTAKE_STEPS
from shared.decider import Command
from shared.events import Official
from shared.events.casework import Measure
from shared.terms import Outcome, RelapseSign, ServedHow, VisitKind

ROWS_AT_ONCE = 100
BYTES_AT_ONCE = 4 * 1024 * 1024
"""Half of what a request may hold: one more row still fits."""
TOO_MUCH = frozenset({413, 422})
"""How a service refuses a history that is longer than it takes at once."""
ARRIVAL_SECONDS = 60.0
"""How long a registered case may take to arrive at casework before its history is given up on."""

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

Progress = Callable[[int, int], None]


class Door(Protocol):
    """The way into a running node."""

    def post(self, path: str, body: Any = None) -> Any:
        """Give a command. Raises Refused."""


@dataclass
class Imported:
    """What an import came to."""

    ledger: Ledger
    cases: int = 0
    repeats: int = 0
    skipped: int = 0

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """The rows that were not taken in, by the reader or by a service."""
        return self.ledger.refusals

    def summary(self) -> dict[str, Any]:
        """The numbers, as `--json` prints them."""
        rejected = [
            {"sheet": r.sheet, "row": r.row, "column": r.column, "reason": r.reason_zh, "reason_en": r.reason_en}
            for r in self.refusals
        ]
        return {"cases": self.cases, "repeats": self.repeats, "skipped": self.skipped, "rejected": rejected}


def read(
    path: Path, regions: dict[str, str], region: str | None, today: date, progress: Progress = lambda _done, _of: None
) -> Imported:
    """Read the file and refuse what cannot be taken in; nothing is sent yet. Raises LedgerUnreadable."""
    ledger = read_ledger(path, regions=regions, default_region=region, today=today, progress=progress)
    repeated = sum(line.why is SkipReason.REPEATED for line in ledger.skipped)
    return Imported(ledger, skipped=repeated)


def send(door: Door, imported: Imported, progress: Progress = lambda _done, _of: None) -> None:
    """Register every row and lay down its history; rows that a service refuses join the refusals."""
    ledger, source = imported.ledger, imported.ledger.digest[:16]
    done, refused = 0, list[tuple[LedgerRow, str, str]]()
    for rows in chunks(ledger.rows):
        for row, outcome in take_in(door, rows, source):
            match outcome["became"]:
                case "case":
                    imported.cases += 1
                case "repeat":
                    imported.repeats += 1
                case "skipped":
                    imported.skipped += 1
                case _:
                    refused.append((row, outcome["reason_zh"], outcome["reason_en"]))
        done += len(rows)
        progress(done, len(ledger.rows))
    imported.ledger = ledger.refusing(refused)


def take_in(door: Door, rows: Sequence[LedgerRow], source: str) -> list[tuple[LedgerRow, dict[str, Any]]]:
    """Register rows and lay down the history of those that were not refused; answers what became of each."""
    body = {"imported_from": source, "rows": [row.model_dump(mode="json") for row in rows]}
    outcomes = list(zip(rows, door.post("/intake/ledger", body), strict=True))
    histories: dict[str, list[Command]] = {}
    for row, outcome in outcomes:
        if outcome["became"] != "rejected" and (claims := claims_of(row)):
            histories.setdefault(outcome["case_id"], []).extend(claims)
    for case_id, steps in histories.items():
        try:
            _lay_down(door, case_id, steps, source)
        except Refused as refused:
            if refused.status not in TOO_MUCH:
                raise
            said = {"became": "rejected", "reason_zh": f"办理记录：{refused.zh}", "reason_en": f"steps: {refused.en}"}
            outcomes = [(row, said if its.get("case_id") == case_id else its) for row, its in outcomes]
    return outcomes


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
        reason = "台账“包案领导”栏，未载日期"
        claims.insert(0, AssignLeader(leader=leader, unit=row.unit, assigned_on=row.received_on, reason=reason))
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


def _lay_down(door: Door, case_id: str, steps: Sequence[Command], source: str) -> None:
    """Send a case's history, as soon as the case has arrived at casework."""
    body = {"imported_from": source, "steps": [step.model_dump(mode="json") for step in steps]}
    deadline = time.monotonic() + ARRIVAL_SECONDS
    while True:
        try:
            door.post(f"/casework/cases/{case_id}/import-history", body)
            return
        except Refused as refused:
            if refused.status != 404 or time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def chunks(rows: Iterable[LedgerRow]) -> Iterator[list[LedgerRow]]:
    """Rows together, as many as one request may hold."""
    chunk, size = list[LedgerRow](), 0
    for row in rows:
        chunk.append(row)
        size += len(row.model_dump_json().encode())
        if len(chunk) == ROWS_AT_ONCE or size > BYTES_AT_ONCE:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk
