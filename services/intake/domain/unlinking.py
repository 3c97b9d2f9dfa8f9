"""撤销关联: a repeat petition that was linked to the wrong case is taken back, and counts where it is on the books. Pure.

None is lost by that: every petition is registered (Art 21), so whoever takes one back says where it is. Under the number under
which it was taken back it is not linked to this case again: what was obeyed late, or a ledger that comes again, brings back no
mistake.
"""

from collections.abc import Iterator
from datetime import date
from typing import ClassVar

from services.intake.domain.case import Case, Linked
from services.intake.domain.desk import CaseCommand, Desk, Rules
from shared.decider import OF_NUMBERS, Day, Name, Note, Rejected, Text
from shared.events import Recorded
from shared.events.intake import IntakeFact, PetitionTakenOver, RepeatPetitionLinked, RepeatPetitionUnlinked
from shared.given import Person
from shared.terms import Role


class UnlinkRepeatPetition(CaseCommand):
    """撤销关联: a repeat petition was linked to this case by mistake. `belongs_to` names the case in whose books it is, this one
    where one petition was entered twice. With `same_matter` it is linked there at once, which says why it is the same matter.
    """

    roles: ClassVar[frozenset[Role]] = frozenset({Role.PETITION_OFFICE})

    petition_id: Name
    unlinked_on: Day
    belongs_to: Name
    approved_by: Person
    reason: Text
    same_matter: Note = ""


class TakeOverPetition(CaseCommand):
    """转来: follows from unlinking a petition of this case in another; nobody gives it alone."""

    roles: ClassVar[frozenset[Role]] = frozenset()

    other: Name
    region: str
    """The county of the other case (GB/T 2260)."""
    linked: RepeatPetitionLinked
    entered_on: Day | None
    taken_over_on: Day
    same_matter: Note


def unlink_repeat(desk: Desk, command: UnlinkRepeatPetition) -> list[IntakeFact]:
    """Once; not before it was entered, or the days on which it counted would never have been."""
    case = desk.case
    linked = next((its for its in case.linked if its.fact.petition_id == command.petition_id), None)
    if linked is None:
        raise Rejected(
            "not-linked",
            "本案没有关联这个编号的重复信访。请核对 petition_id。",
            "No repeat petition of that number is linked to this case. Check petition_id.",
        )
    fact = RepeatPetitionUnlinked(**dict(command), received_on=linked.fact.received_on)
    if fact in case.facts:
        return []
    check_linked(case, command.petition_id)
    if (gone := case.merged) is not None:
        raise Rejected(
            "unlinked-while-merged",
            f"本案已并入 {gone.into}，该件也计入该案。请先撤销并案（unmerge-case），再撤销关联。",
            f"This case was merged into {gone.into}, and the petition counts there too. Undo the merge first (unmerge-case).",
        )
    if command.unlinked_on < linked.entered_on:
        raise Rejected(
            "unlinked-before-linked",
            f"该件于 {linked.entered_on} 登记关联，撤销不能早于该日。",
            f"The petition was linked on {linked.entered_on}; that cannot be taken back before.",
        )
    if command.belongs_to == case.case_id and case.received.count(fact.received_on) < 2:
        raise _on_no_books()
    return [fact]


def check_linked(case: Case, petition_id: str) -> None:
    """Raise Rejected for a petition that was taken back from this case."""
    taken_back = next((fact for fact in case.all(RepeatPetitionUnlinked) if fact.petition_id == petition_id), None)
    if taken_back is not None:
        raise Rejected(
            "unlinked",
            f"该件已于 {taken_back.unlinked_on} 撤销关联，归入 {taken_back.belongs_to}。确属本案的，请以新的 petition_id 登记。",
            f"The petition was taken back on {taken_back.unlinked_on}: it belongs to {taken_back.belongs_to}. If it is of this"
            " case after all, link it with a petition_id of its own.",
        )


def entailed(case: Case, recorded: Recorded) -> Iterator[tuple[str, TakeOverPetition]]:
    """The case in whose books it is takes it over, with the day on which it was entered."""
    fact, asked = recorded.fact, case.registered
    if not isinstance(fact, RepeatPetitionUnlinked) or fact.belongs_to == recorded.case_id or asked is None:
        return
    linked = next(its for its in case.linked if its.fact.petition_id == fact.petition_id)
    yield (
        fact.belongs_to,
        TakeOverPetition(
            other=recorded.case_id,
            region=asked.region[:6],
            linked=linked.fact,
            entered_on=_entered_on(case, linked),
            taken_over_on=fact.unlinked_on,
            same_matter=fact.same_matter,
        ),
    )


def _entered_on(case: Case, linked: Linked) -> date | None:
    """When the petition came into the books: here, or before, in a case from which it was taken over itself."""
    before = (fact.entered_on for fact in case.all(PetitionTakenOver) if fact.petition_id == linked.fact.petition_id)
    return next(before, None if linked.imported else linked.entered_on)


def check_on_books(case: Case, command: TakeOverPetition) -> None:
    """Raise Rejected unless the case is on the books of the other's county."""
    if case.registered is None or not case.registered.region.startswith(command.region):
        raise _on_no_books(*OF_NUMBERS)


def take_over(case: Case, command: TakeOverPetition) -> list[IntakeFact]:
    """It is linked here, where that is asked for and was not done; else it has to be on these books: what came on that day."""
    told = command.model_dump(include={"other", "entered_on", "taken_over_on"})
    linked = command.linked
    fact = PetitionTakenOver(**told, petition_id=linked.petition_id, received_on=linked.received_on)
    if fact in case.facts:
        return []
    if (gone := case.merged) is not None:
        raise Rejected(
            "unlinked-into-merged",
            f"{case.case_id} 自身已并入 {gone.into}。请改填 {gone.into}。",
            f"{case.case_id} was itself merged into {gone.into}. Name that one.",
        )
    if command.same_matter.strip() and all(its.fact.petition_id != linked.petition_id for its in case.linked):
        return [linked.model_copy(update={"same_matter": command.same_matter}), fact]
    if linked.received_on not in case.received:
        raise _on_no_books()
    return [fact]


def _on_no_books(more: str = "", more_en: str = "") -> Rejected:
    return Rejected(
        "unlinked-to-nothing",
        "件件应登记（第二十一条）：belongs_to 须是本县案件，并有这一天收到的信访件。请先登记，或填写 same_matter 一并关联。"
        + more,
        "Every petition is registered (Art 21): belongs_to has to be a case of this county in which a petition of that day is on"
        " the books. Register it first, or give same_matter and it is linked there." + more_en,
    )


RULES: Rules = {UnlinkRepeatPetition: unlink_repeat}
