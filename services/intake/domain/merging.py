"""并案: what is one matter with another goes on under one number, and what was merged by mistake under its own again. Pure."""

from collections.abc import Iterator
from typing import ClassVar

from services.intake.domain.case import Case
from services.intake.domain.desk import REGISTERING, CaseCommand, Desk, Rules, once
from services.intake.domain.dispatching import not_to_the_accused
from shared.decider import OF_NUMBERS, Day, Name, Rejected, Text
from shared.events import Recorded
from shared.events.intake import CaseDispatched, CaseMerged, CaseTakenIn, CaseTakenOut, CaseUnmerged, IntakeFact
from shared.given import Person
from shared.terms import DispatchKind, Role


class MergeCase(CaseCommand):
    """并案: this is one matter with another case, under whose number it goes on (seed plan D11)."""

    roles: ClassVar[frozenset[Role]] = REGISTERING

    merged_on: Day
    into: Name
    reason: Text


class TakeInCase(CaseCommand):
    """并入: follows from another case that is merged into this one; nobody gives it alone."""

    roles: ClassVar[frozenset[Role]] = frozenset()

    other: Name
    region: str
    """The county of the other case (GB/T 2260)."""
    merged_on: Day
    brought: tuple[Day, ...]
    from_above: bool = False
    assigned: CaseDispatched | None = None
    """交办: how the other was handed down, with the day by which its result is wanted."""


class UnmergeCase(CaseCommand):
    """撤销并案: undo a merge that was a mistake: another matter, or another case. Its days and limits are its own again."""

    roles: ClassVar[frozenset[Role]] = frozenset({Role.PETITION_OFFICE})

    unmerged_on: Day
    approved_by: Person
    reason: Text


class TakeOutCase(CaseCommand):
    """拆出: follows from undoing a merge; nobody gives it alone."""

    roles: ClassVar[frozenset[Role]] = frozenset()

    other: Name
    unmerged_on: Day


def merge_case(desk: Desk, command: MergeCase) -> list[IntakeFact]:
    """Never into itself; once, until that is undone."""
    before = desk.case.merged
    fact = CaseMerged(**dict(command))
    if before == fact:
        return []
    if before is not None:
        raise Rejected("merged", f"本案已并入 {before.into}。", f"This case was merged into {before.into} already.")
    if command.into == desk.case.case_id:
        raise Rejected("merged-into-itself", "案件不能并入自身。", "No case is merged into itself.")
    if (undone := desk.case.last(CaseUnmerged)) is not None and command.merged_on < undone.unmerged_on:
        raise Rejected(
            "merged-before-unmerged",
            f"{undone.unmerged_on} 已撤销并案，再次并案不能早于该日。",
            f"A merge was undone on {undone.unmerged_on}; the case cannot be merged again before that.",
        )
    return once(desk, fact)


def unmerge_case(desk: Desk, command: UnmergeCase) -> list[IntakeFact]:
    """Only a merge that stands is undone, and not before it was made."""
    fact, merged = CaseUnmerged(**dict(command)), desk.case.merged
    if fact in desk.case.facts:
        return []
    if merged is None:
        raise Rejected("not-merged", "本案没有并案，无可撤销。", "This case is not merged: there is nothing to undo.")
    if command.unmerged_on < merged.merged_on:
        raise Rejected(
            "unmerged-before-merged",
            f"本案于 {merged.merged_on} 并案，撤销不能早于该日。",
            f"The case was merged on {merged.merged_on}; that cannot be undone before it.",
        )
    return [fact]


def entailed(case: Case, recorded: Recorded) -> Iterator[tuple[str, TakeInCase | TakeOutCase]]:
    """A case is merged into one that knows of it, and taken out of it again."""
    merged = recorded.fact
    if isinstance(merged, CaseUnmerged) and (into := case.last(CaseMerged)) is not None:
        yield into.into, TakeOutCase(other=recorded.case_id, unmerged_on=merged.unmerged_on)
    if isinstance(merged, CaseMerged) and case.registered is not None:
        yield (
            merged.into,
            TakeInCase(
                other=recorded.case_id,
                region=case.registered.region[:6],
                merged_on=merged.merged_on,
                brought=case.received,
                from_above=case.from_above,
                assigned=case.holder if case.holder and case.holder.kind is DispatchKind.ASSIGN else None,
            ),
        )


def take_in(desk: Desk, command: TakeInCase) -> list[IntakeFact]:
    """What was wanted of the other by a day is wanted here by that day: a case goes on under its own number, and takes in others
    only there. No assignment from above is lost in a merge.
    """
    case = desk.case
    if (gone := case.merged) is not None:
        raise Rejected(
            "merged-into-merged",
            f"{case.case_id} 自身已并入 {gone.into}。请并入 {gone.into}。",
            f"{case.case_id} was itself merged into {gone.into}. Merge into that one.",
        )
    if case.holds(command.other):
        return []
    taken = CaseTakenIn(**command.model_dump(exclude={"region", "assigned"}))
    return [taken, *_handed_on(desk, command)]


def _handed_on(desk: Desk, command: TakeInCase) -> list[IntakeFact]:
    """The assignment of the other, to whoever has this case; nothing when this one is due no later."""
    sent, held = command.assigned, desk.case.holder
    if sent is None or sent.due_on is None:
        return []
    if held is not None and held.due_on is not None and held.due_on <= sent.due_on:
        return []
    unit, on = held.unit if held else sent.unit, command.merged_on
    if sent.due_on <= on:
        raise Rejected(
            "merged-past-its-day",
            f"{command.other} 的交办期限 {sent.due_on} 已到，不能并入他案。请先反馈结果，或把另一件并入 {command.other}。",
            f"The result of {command.other} was wanted by {sent.due_on}: it is not merged away. Give the result first, or merge"
            f" the other case into {command.other}.",
        )
    not_to_the_accused(desk, (unit, on))
    brought = {"with_case": command.other, "note": f"随 {command.other} 并入"}
    return [sent.model_copy(update={"unit": unit, "dispatched_on": on, **brought})]


def check_there(case: Case, command: TakeInCase) -> None:
    """Raise Rejected unless the case is on the books of the other's county."""
    if case.registered is None or not case.registered.region.startswith(command.region):
        raise Rejected(
            "merged-into-nothing",
            f"本县没有 into 所填的案件，不能并入。into 应填另一案的案件 id（case_id）。{OF_NUMBERS[0]}",
            f"No case of this county has the id given as into: the case_id of the other case is wanted.{OF_NUMBERS[1]}",
        )


def take_out(case: Case, command: TakeOutCase) -> list[IntakeFact]:
    """What the case does not hold, as one that was merged before such things were told, is not taken out."""
    if not case.holds(command.other):
        return []
    if case.merged is not None:
        raise Rejected(
            "unmerged-from-merged",
            f"{case.case_id} 自身已并入 {case.merged.into}，请先撤销该并案，再撤销本案的并案。",
            f"{case.case_id} was itself merged into {case.merged.into}. Undo that merge first, then this one.",
        )
    return [CaseTakenOut(**dict(command)), *_handed_back(case, command)]


def _handed_back(case: Case, command: TakeOutCase) -> list[IntakeFact]:
    """The assignment that came with the other is its own again: here what had been before holds once more, of the unit that has
    the case. Whoever got it only by the merge keeps it, with no day for the result: that, intake decides anew.
    """
    held = case.holder
    if held is None or held.with_case != command.other:
        return []
    before = [sent for sent in case.dispatches if not sent.with_case or case.holds(sent.with_case)]
    before = [sent for sent in before if sent.with_case != command.other]
    way = {"kind": DispatchKind.FORWARD, **(before[-1].model_dump() if before else {})}
    back = {"with_case": command.other, "note": f"{command.other} 拆出，其交办随之撤回"}
    return [CaseDispatched.model_validate({**way, "unit": held.unit, "dispatched_on": command.unmerged_on, **back})]


RULES: Rules = {MergeCase: merge_case, UnmergeCase: unmerge_case}
