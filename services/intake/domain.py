"""登记认定交办: what intake allows and what it means. Pure."""

from dataclasses import dataclass, replace
from typing import Annotated, ClassVar

from pydantic import Field

from shared.decider import Command, Day, Decider, ImportedCommand, Name, NoSuchCase, Note, Rejected, Scope, Text
from shared.events import Asked, Fact, Recorded, Value
from shared.events.intake import (
    BacklogIdentified,
    CaseDispatched,
    CaseRegistered,
    DispatchObjected,
    RepeatPetitionLinked,
)
from shared.terms import BacklogCriterion, Category, Channel, DispatchKind, Role, Span

REGISTERING = frozenset({Role.REGISTRAR, Role.PETITION_OFFICE})

Region = Annotated[str, Field(pattern=r"^[1-9]\d{5}(\d{3}|\d{6})?$")]
"""GB/T 2260 code of where the matter happened, or a longer one of GB/T 10114 (town, village)."""


class Petition(Command):
    """信访事项: what a petition says, whoever brought it."""

    roles: ClassVar[frozenset[Role]] = REGISTERING

    channel: Channel
    received_on: Day
    region: Region
    unit: Name
    demands: Annotated[tuple[Text, ...], Field(min_length=1, max_length=50)]
    headcount: Annotated[int, Field(ge=1, le=100_000)] = 1
    categories: tuple[Category, ...] = ()
    spans: tuple[Span, ...] = ()
    original_number: Name | None = None
    extras: Annotated[dict[Name, Note], Field(max_length=200, default_factory=dict)]
    history_follows: bool = False


class RegisterCase(Petition):
    """登记: enter a petition in the books. Every petition is registered, whatever becomes of it (Arts 21-23)."""

    petitioner_id: Name


class LinkRepeatPetition(Command):
    """重复信访: the same person came again in the same matter; it joins this case instead of opening a second one."""

    roles: ClassVar[frozenset[Role]] = REGISTERING

    petition_id: Name
    channel: Channel
    received_on: Day
    original_number: Name | None = None
    note: Note = ""


class IdentifyBacklog(Command):
    """积案认定: the case meets one of the three criteria of seed plan D4."""

    roles: ClassVar[frozenset[Role]] = REGISTERING | {Role.SUPERVISOR}

    criterion: BacklogCriterion
    identified_on: Day
    note: Note = ""


class DispatchCase(Command):
    """交办/转送: hand the case to a responsible unit, with a date for the result when it is 交办 (Art 22)."""

    roles: ClassVar[frozenset[Role]] = REGISTERING

    kind: DispatchKind
    unit: Name
    dispatched_on: Day
    letter_number: Name | None = None
    due_on: Day | None = None
    note: Note = ""


class IntakeStep(Value):
    """One step of a case's earlier history that belongs to intake: 交办, 转送 or, without a kind, 退回."""

    kind: DispatchKind | None
    unit: Name
    on: Day
    note: Note = ""


class ImportDispatches(ImportedCommand):
    """Lay down, as claimed by a ledger, how the case was handed around before it came into this system."""

    roles: ClassVar[frozenset[Role]] = REGISTERING

    steps: tuple[IntakeStep, ...]


@dataclass(frozen=True)
class Case:
    """What intake needs to remember of a case."""

    registered: CaseRegistered | None = None
    units: frozenset[str] = frozenset()
    moves: frozenset[CaseDispatched | DispatchObjected] = frozenset()
    """How the case was handed around."""
    petitions: frozenset[str] = frozenset()
    criteria: frozenset[BacklogCriterion] = frozenset()


def decide(case: Case, command: Command, asked: Asked) -> list[Fact]:  # noqa: ARG001 - the shape of every decider
    """What a command means here and now. `[]` means: already so."""
    if isinstance(command, RegisterCase):
        return register(case, command)
    if case.registered is None:
        raise NoSuchCase
    match command:
        case LinkRepeatPetition():
            return link_repeat(case, command)
        case IdentifyBacklog():
            already = command.criterion in case.criteria
            return [] if already else [BacklogIdentified(**dict(command))]
        case DispatchCase():
            return dispatch(case.registered, case, command)
        case ImportDispatches():
            return import_dispatches(case, command)
        case _:
            raise TypeError(command)


def register(case: Case, command: RegisterCase) -> list[Fact]:
    """A case is registered once; the same registration again is already so, a different one is refused."""
    fact = CaseRegistered(**dict(command))
    if case.registered is None:
        return [fact]
    if case.registered == fact:
        return []
    raise Rejected(
        "already-registered",
        "该案件编号已登记，且内容不同。请换一个编号，或登记为重复信访。",
        "This case id is taken by a different registration. Use another id, or link a repeat petition.",
    )


def link_repeat(case: Case, command: LinkRepeatPetition) -> list[Fact]:
    if command.petition_id in case.petitions:
        return []
    return [RepeatPetitionLinked(**dict(command))]


def dispatch(registered: CaseRegistered, case: Case, command: DispatchCase) -> list[Fact]:
    """The same dispatch again is already so. 交办 names the date for the result (Art 22)."""
    if command.kind is DispatchKind.ASSIGN and command.due_on is None:
        raise Rejected(
            "assignment-needs-due-date",
            "交办必须写明反馈结果的期限（《信访工作条例》第二十二条）。请填写 due_on。",
            "An assignment (交办) names the date for the result (Art 22). Give due_on.",
        )
    if command.due_on is not None and command.due_on < command.dispatched_on:
        raise Rejected(
            "due-before-dispatch",
            f"期限 {command.due_on} 早于交办日 {command.dispatched_on}。请核对日期。",
            f"The due date {command.due_on} lies before the dispatch, {command.dispatched_on}. Check the dates.",
        )
    if command.dispatched_on < registered.received_on:
        raise Rejected(
            "before-receipt",
            f"交办日 {command.dispatched_on} 早于收到信访事项的 {registered.received_on}。请核对日期。",
            f"The dispatch, {command.dispatched_on}, lies before the petition was received, {registered.received_on}."
            " Check the dates.",
        )
    fact = CaseDispatched(**dict(command))
    return [] if fact in case.moves else [fact]


def import_dispatches(case: Case, command: ImportDispatches) -> list[Fact]:
    """What a ledger claims is laid down as it is: the past is not refused, it is marked as imported."""
    return [fact for fact in dict.fromkeys(map(claimed, command.steps)) if fact not in case.moves]


def claimed(step: IntakeStep) -> CaseDispatched | DispatchObjected:
    """The fact that a step claims."""
    if step.kind is None:
        return DispatchObjected(unit=step.unit, objected_on=step.on, reason=step.note or "退回")
    return CaseDispatched(kind=step.kind, unit=step.unit, dispatched_on=step.on, note=step.note)


def evolve(case: Case, recorded: Recorded) -> Case:
    """What a fact means for what intake remembers. Facts it does not know change nothing."""
    match recorded.fact:
        case CaseRegistered() as fact:
            return replace(case, registered=fact, units=case.units | {fact.unit})
        case RepeatPetitionLinked() as fact:
            return replace(case, petitions=case.petitions | {fact.petition_id})
        case BacklogIdentified() as fact:
            return replace(case, criteria=case.criteria | {fact.criterion})
        case CaseDispatched() as fact:
            return replace(case, moves=case.moves | {fact}, units=case.units | {fact.unit})
        case DispatchObjected() as fact:
            return replace(case, moves=case.moves | {fact})
        case _:
            return case


def scope(case: Case) -> Scope | None:
    """Where the case belongs; None while it is not registered."""
    return Scope(case.registered.region, case.units) if case.registered else None


INTAKE = Decider(
    initial=Case(),
    evolve=evolve,
    decide=decide,
    scope=scope,
    commands=(LinkRepeatPetition, IdentifyBacklog, DispatchCase),
)
