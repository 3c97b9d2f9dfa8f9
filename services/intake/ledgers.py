"""Taking in the rows of a ledger (台账导入): each row becomes a case, or a repeat petition of one, once however often it comes."""

import asyncio
import uuid
from collections import defaultdict
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.intake.domain.backlog import IdentifyBacklog
from services.intake.domain.claims import ImportDispatches, IntakeStep
from services.intake.domain.registering import LinkRepeatPetition, Petition
from services.intake.ledger import INTAKE_STEPS, LedgerRow, LedgerStep, StepKind
from services.intake.registration import ALIKE, Candidate, Registrar, alike, of_person
from services.intake.vault import Petitioner
from shared.decider import Name, Rejected
from shared.events.intake import CaseRegistered
from shared.http.problems import field_reasons
from shared.http.routes import COMMAND_BYTES
from shared.identity import Actor
from shared.store import Refused, Request, Unavailable
from shared.terms import Channel, DispatchKind

SAME_MATTER = 90.0
"""How alike two demands of one person must read (0-100) for a ledger row to be linked without asking."""

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


@dataclass(frozen=True)
class _Ready:
    """A row that can be taken in: as the case that it is, a petition, and the person who brought it."""

    row: LedgerRow
    case_id: str
    petition: Petition
    person: Petitioner
    moves: tuple[IntakeStep, ...]


async def take_in(registrar: Registrar, entries: Entries, actor: Actor) -> list[Outcome]:
    """Take in each row. Rows of one person go one after the other, so that a repeat finds the case it repeats.

    A row that is refused says why, and keeps no other from being taken in.
    """
    asking = Request(actor, imported_from=entries.imported_from)
    outcomes: dict[int, Outcome] = {}
    ready: dict[int, _Ready] = {}
    for n, row in enumerate(entries.rows):
        try:
            ready[n] = _ready(registrar, row, actor)
        except (Rejected, Refused, ValidationError) as error:
            outcomes[n] = _refused(row, error)
    known = await asyncio.to_thread(lambda: {n: registrar.registered(its.case_id) for n, its in ready.items()})
    new = [n for n in ready if known[n] is None]
    petitioners = await asyncio.to_thread(registrar.vault.admit_many, [ready[n].person for n in new])
    by_person: dict[str, list[int]] = defaultdict(list)
    for n, petitioner_id in zip(new, petitioners, strict=True):
        by_person[petitioner_id].append(n)

    async def one_person(petitioner_id: str, theirs: list[int]) -> None:
        async with registrar.turn(petitioner_id):
            for n in theirs:
                outcomes[n] = await _settled(ready[n].row, _new(registrar, petitioner_id, ready[n], asking))

    await asyncio.gather(*(one_person(petitioner_id, theirs) for petitioner_id, theirs in by_person.items()))
    for n, its in ready.items():
        if (before := known[n]) is not None:
            outcomes[n] = await _settled(its.row, _again(registrar, its, before, asking))
    return [outcomes[n] for n in range(len(entries.rows))]


def _ready(registrar: Registrar, row: LedgerRow, actor: Actor) -> _Ready:
    """Raises Rejected, Forbidden, ValidationError. Nothing is kept of who brought a row that is refused here."""
    registrar.check_place(actor, row.region)
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
    if len(petition.model_dump_json().encode()) > COMMAND_BYTES:
        raise Rejected(
            "too-large",
            f"该行内容超过 {COMMAND_BYTES // 1024} KiB，请删减。",
            f"The row is longer than {COMMAND_BYTES // 1024} KiB: shorten it.",
        )
    moves = tuple(_intake_step(row, step) for step in row.steps if step.kind in KIND)
    return _Ready(row, _case_id(registrar, row), petition, _person(row), moves)


async def _settled(row: LedgerRow, work: Awaitable[Outcome]) -> Outcome:
    try:
        return await work
    except Unavailable:
        raise
    except (Rejected, Refused, ValidationError) as error:
        return _refused(row, error)


def _refused(row: LedgerRow, error: Rejected | Refused | ValidationError) -> Outcome:
    zh, en = field_reasons(error) if isinstance(error, ValidationError) else (error.zh, error.en)
    return Outcome(sheet=row.sheet, row=row.row, became="rejected", reason_zh=zh, reason_en=en)


async def _new(registrar: Registrar, petitioner_id: str, its: _Ready, asking: Request) -> Outcome:
    command = of_person(its.petition, petitioner_id)
    candidates = await asyncio.to_thread(registrar.candidates, command)
    same = [c for c in candidates if c.likeness >= SAME_MATTER and c.case_id != its.case_id]
    if same:
        return await _link(registrar, same[0], its, asking)
    await asyncio.to_thread(registrar.vault.file, petitioner_id, its.case_id)
    await registrar.store.handle(its.case_id, command, asking)
    await _lay_down(registrar, its.case_id, its, asking)
    return Outcome(sheet=its.row.sheet, row=its.row.row, became="case", case_id=its.case_id)


async def _again(registrar: Registrar, its: _Ready, before: CaseRegistered, asking: Request) -> Outcome:
    """A row that is a case already: only the steps that are new are laid down."""
    if alike(its.petition.demands, before.demands) < ALIKE:
        raise Rejected(
            "number-taken",
            f"编号 {its.row.original_number} 在本地区已是另一事项，请核对编号或诉求。",
            f"The number {its.row.original_number} is another matter in this region: check the number, or the demand.",
        )
    await _lay_down(registrar, its.case_id, its, asking)
    return Outcome(sheet=its.row.sheet, row=its.row.row, became="skipped", case_id=its.case_id)


async def _link(registrar: Registrar, same: Candidate, its: _Ready, asking: Request) -> Outcome:
    row, case_id = its.row, same.case_id
    link = LinkRepeatPetition(
        petition_id=its.case_id,
        channel=row.channel,
        received_on=row.received_on,
        original_number=row.original_number,
        note=row.demand[:4000],
        same_matter=f"台账：同一信访人，诉求文字相似度 {same.likeness:g}",
    )
    answer = await registrar.store.handle(case_id, link, asking)
    await _lay_down(registrar, case_id, its, asking)
    return Outcome(sheet=row.sheet, row=row.row, became="repeat" if answer.facts else "skipped", case_id=case_id)


async def _lay_down(registrar: Registrar, case_id: str, its: _Ready, asking: Request) -> None:
    """The row's earlier history, as far as intake speaks of it. Steps that are there already add nothing."""
    handle, row = registrar.store.handle, its.row
    if its.moves:
        await handle(case_id, ImportDispatches(steps=its.moves, imported_from=f"{asking.imported_from}"), asking)
    for step in row.steps:
        if step.kind is StepKind.REPEAT:
            repeat = LinkRepeatPetition(
                petition_id=f"{case_id}-{step.on}",
                channel=Channel.VISIT if "访" in step.note else row.channel,
                received_on=step.on,
                note=step.note[:4000],
                same_matter="台账记为本案的重复信访",
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
    """The same row is the same case, today and in a year: by its own number, else by a keyed digest of what it says.

    The number of another system is the case of that system's number.
    """
    if row.original_number and row.system:
        parts: tuple[str, ...] = (row.region[:6], row.system, row.original_number)
    elif row.original_number:
        parts = (row.region[:6], row.original_number)
    else:
        name = row.petitioner.name if row.petitioner else ""
        parts = (row.region, row.received_on.isoformat(), row.unit, row.demand, name)
    return str(uuid.UUID(bytes=registrar.vault.digest(*parts)[:16], version=5))
