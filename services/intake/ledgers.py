"""Taking in the rows of a ledger (台账导入): each row becomes a case, or a repeat petition of one, once however often it comes."""

import asyncio
import uuid
from collections import defaultdict
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from services.intake.domain import (
    IdentifyBacklog,
    ImportDispatches,
    IntakeStep,
    LinkRepeatPetition,
    Petition,
)
from services.intake.ledger import LedgerRow, LedgerStep, StepKind
from services.intake.registration import Registrar, of_person
from services.intake.vault import Petitioner
from shared.decider import Name, Rejected
from shared.identity import Actor
from shared.regions import UnknownRegion, check_region
from shared.store import Refused, Request
from shared.terms import Channel, DispatchKind

SAME_MATTER = 90.0
"""How alike two demands of one person must read (0-100) for a ledger row to be linked without asking."""

INTAKE_STEPS = frozenset({StepKind.DISPATCH, StepKind.FORWARD, StepKind.OBJECTION, StepKind.REPEAT})
"""Steps of earlier history that intake speaks of; the others are casework's."""

KIND = {StepKind.DISPATCH: DispatchKind.ASSIGN, StepKind.FORWARD: DispatchKind.FORWARD, StepKind.OBJECTION: None}


class Entries(BaseModel):
    """Rows of one ledger."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    imported_from: Name
    """The file's digest."""
    rows: Annotated[tuple[LedgerRow, ...], Field(max_length=500)]


class Outcome(BaseModel):
    """What became of a row: `case_id` is the case that it is, or that it was linked to."""

    sheet: str
    row: int
    became: Literal["case", "repeat", "skipped", "rejected"]
    case_id: str | None = None
    reason_zh: str = ""
    reason_en: str = ""


async def take_in(registrar: Registrar, entries: Entries, actor: Actor) -> list[Outcome]:
    """Take in each row. Rows of one person go one after the other, so that a repeat finds the case it repeats."""
    store, vault = registrar.store, registrar.vault
    ids = [_case_id(registrar, row) for row in entries.rows]
    known = await asyncio.to_thread(lambda: {case_id: bool(store.log.events(case_id)) for case_id in ids})
    new = [(row, case_id) for row, case_id in zip(entries.rows, ids, strict=True) if not known[case_id]]
    people = [_person(row) for row, _ in new]
    petitioners = await asyncio.to_thread(vault.admit_many, people)
    by_person: dict[str, list[tuple[LedgerRow, str]]] = defaultdict(list)
    for pair, petitioner_id in zip(new, petitioners, strict=True):
        by_person[petitioner_id].append(pair)
    asking = Request(actor, imported_from=entries.imported_from)

    async def one_person(petitioner_id: str, theirs: list[tuple[LedgerRow, str]]) -> list[Outcome]:
        return [await _one(registrar, petitioner_id, row, case_id, asking) for row, case_id in theirs]

    done = await asyncio.gather(*(one_person(petitioner_id, theirs) for petitioner_id, theirs in by_person.items()))
    outcomes = {(o.sheet, o.row): o for found in done for o in found}
    for row, case_id in zip(entries.rows, ids, strict=True):
        if known[case_id]:
            await _lay_down(registrar, case_id, row, asking)
            outcomes[row.sheet, row.row] = Outcome(sheet=row.sheet, row=row.row, became="skipped", case_id=case_id)
    return [outcomes[row.sheet, row.row] for row in entries.rows]


async def _one(registrar: Registrar, petitioner_id: str, row: LedgerRow, case_id: str, asking: Request) -> Outcome:
    try:
        check_region(row.region, registrar.regions)
        petition = Petition(
            channel=row.channel,
            received_on=row.received_on,
            region=row.region,
            unit=row.unit,
            demands=(row.demand,),
            headcount=row.headcount,
            categories=row.categories,
            spans=row.spans,
            original_number=row.original_number,
            extras=row.extras,
            history_follows=any(step.kind not in INTAKE_STEPS for step in row.steps) or row.leader is not None,
        )
        command = of_person(petition, petitioner_id)
        candidates = await asyncio.to_thread(registrar.candidates, command)
        same = [c for c in candidates if c.likeness >= SAME_MATTER and c.case_id != case_id]
        if same:
            return await _link(registrar, same[0].case_id, row, case_id, asking)
        await asyncio.to_thread(registrar.vault.file, petitioner_id, case_id)
        await registrar.store.handle(case_id, command, asking)
        await _lay_down(registrar, case_id, row, asking)
    except (Rejected, Refused, UnknownRegion) as refusal:
        return Outcome(sheet=row.sheet, row=row.row, became="rejected", reason_zh=refusal.zh, reason_en=refusal.en)
    return Outcome(sheet=row.sheet, row=row.row, became="case", case_id=case_id)


async def _link(registrar: Registrar, case_id: str, row: LedgerRow, petition_id: str, asking: Request) -> Outcome:
    link = LinkRepeatPetition(
        petition_id=petition_id,
        channel=row.channel,
        received_on=row.received_on,
        original_number=row.original_number,
        note=row.demand[:4000],
    )
    answer = await registrar.store.handle(case_id, link, asking)
    await _lay_down(registrar, case_id, row, asking)
    return Outcome(sheet=row.sheet, row=row.row, became="repeat" if answer.facts else "skipped", case_id=case_id)


async def _lay_down(registrar: Registrar, case_id: str, row: LedgerRow, asking: Request) -> None:
    """The row's earlier history, as far as intake speaks of it. Steps that are there already add nothing."""
    handle = registrar.store.handle
    steps = [_intake_step(row, step) for step in row.steps if step.kind in KIND]
    if steps:
        imported_from = f"{asking.imported_from}"
        await handle(case_id, ImportDispatches(steps=tuple(steps), imported_from=imported_from), asking)
    for step in row.steps:
        if step.kind is StepKind.REPEAT:
            repeat = LinkRepeatPetition(
                petition_id=f"{case_id}-{step.on}",
                channel=Channel.VISIT if "访" in step.note else row.channel,
                received_on=step.on,
                note=step.note[:4000],
            )
            await handle(case_id, repeat, asking)
    if row.criterion is not None:
        backlog = IdentifyBacklog(criterion=row.criterion, identified_on=row.received_on, note="台账标注")
        await handle(case_id, backlog, asking)


def _intake_step(row: LedgerRow, step: LedgerStep) -> IntakeStep:
    return IntakeStep(kind=KIND[step.kind], unit=step.unit or row.unit, on=step.on, note=step.note[:4000])


def _person(row: LedgerRow) -> Petitioner:
    said = row.petitioner
    if said is None:
        return Petitioner(name="不详")
    return Petitioner(name=said.name, id_number=said.id_number, phone=said.phone, address=said.address)


def _case_id(registrar: Registrar, row: LedgerRow) -> str:
    """The same row is the same case, today and in a year: by its own number, else by a keyed digest of what it says."""
    if row.original_number:
        parts: tuple[str, ...] = (row.region[:6], row.original_number)
    else:
        name = row.petitioner.name if row.petitioner else ""
        parts = (row.region, row.received_on.isoformat(), row.unit, row.demand, name)
    return str(uuid.UUID(bytes=registrar.vault.digest(*parts)[:16], version=5))
