"""登记认定交办: what intake allows, a file per topic. Pure.

Its log holds histories of two kinds: cases, and the units that have to do with them. Whichever a history begins with, it is.
"""

from collections.abc import Callable, Iterator, Sequence

from services.intake.domain import (
    backlog,
    dispatching,
    merging,
    organisation,
    posts,
    queries,
    registering,
    routing,
    unlinking,
)
from services.intake.domain.case import Case, evolve, scope
from services.intake.domain.claims import ImportDispatches, import_dispatches
from services.intake.domain.desk import CaseCommand, Desk, Rules
from services.intake.domain.merging import (
    MergeCase,
    TakeInCase,
    TakeOutCase,
    UnmergeCase,
    check_there,
    take_in,
    take_out,
)
from services.intake.domain.organisation import EstablishUnit
from services.intake.domain.registering import RegisterCase, register
from services.intake.domain.roster import Hall, UnitCommand, UnitRules, check_life
from services.intake.domain.unlinking import TakeOverPetition, UnlinkRepeatPetition, check_on_books, take_over
from shared.decider import Command, Decider, NoSuchCase, Rejected, Scope
from shared.directory import Directory, Unit
from shared.events import Asked, Fact, Recorded
from shared.events.intake import IntakeFact, UnitEstablished, UnitFact
from shared.recusal import keep_away
from shared.standard import Standard

Kept = Case | Unit
"""What a history of intake's is about."""

TOPICS = (registering, unlinking, backlog, routing, merging, dispatching, queries)

RULES: Rules = {command: rule for topic in TOPICS for command, rule in topic.RULES.items()}
UNIT_RULES: UnitRules = {**organisation.RULES, **posts.RULES}


def decide(
    standard: Standard, directory: Callable[[], Directory], case: Case, command: Command, asked: Asked
) -> list[IntakeFact]:
    """What a command about a case means here and now. `[]` means: already so."""
    if isinstance(command, RegisterCase):
        return register(standard, case, command)
    if isinstance(command, TakeInCase):
        check_there(case, command)
    if isinstance(command, TakeOverPetition):
        check_on_books(case, command)
    if case.registered is None:
        raise NoSuchCase
    desk = Desk(case, case.registered, standard, asked, directory)
    keep_away(asked.actor, (*case.facts, *(said for said, _ in case.heard)))
    if isinstance(command, TakeInCase):
        return take_in(desk, command)
    if isinstance(command, TakeOverPetition):
        return take_over(case, command)
    if isinstance(command, ImportDispatches):
        return import_dispatches(case, command)
    if not isinstance(command, CaseCommand):
        raise TypeError(command)
    if isinstance(command, TakeOutCase):
        return take_out(case, command)
    merged = case.merged
    if merged is not None and not isinstance(command, MergeCase | UnmergeCase | UnlinkRepeatPetition):
        raise Rejected(
            "merged",
            f"本案已于 {merged.merged_on} 并入 {merged.into}，请在该案办理。",
            f"This case was merged into {merged.into} on {merged.merged_on}; go on there.",
        )
    return list(RULES[type(command)](desk, command))


def decide_unit(directory: Directory, unit: Unit, command: UnitCommand) -> list[UnitFact]:
    """What a command about a unit means. `[]` means: already so."""
    if unit.established is None and not isinstance(command, EstablishUnit):
        raise Rejected(
            "no-such-unit",
            "没有这个机构。请先登记（establish-unit）。",
            "There is no such unit. Establish it first.",
        )
    facts = list(UNIT_RULES[type(command)](Hall(unit, directory), command))
    for fact in facts:
        check_life(unit, fact)
    return facts


def evolve_kept(kept: Kept, recorded: Recorded) -> Kept:
    """What a fact means for a history of either kind."""
    if isinstance(recorded.fact, UnitFact):
        return (kept if isinstance(kept, Unit) else Unit(recorded.case_id)).plus(recorded)
    return kept if isinstance(kept, Unit) else evolve(kept, recorded)


def scope_of(kept: Kept) -> Scope | None:
    """Where a history belongs: a unit to the region for which it was last entered, also while that is being corrected."""
    if isinstance(kept, Case):
        return scope(kept)
    regions = [entry.fact.region for entry in kept.entries if isinstance(entry.fact, UnitEstablished)]
    return Scope(regions[-1]) if regions else None


def intake(standard: Standard, directory: Callable[[], Directory] = Directory) -> Decider[Kept]:
    """The decider, given the policies that set the limits, and the directory of all units as it is known when asked."""

    def decide_kept(kept: Kept, command: Command, asked: Asked) -> Sequence[Fact]:
        if not isinstance(command, UnitCommand):
            if isinstance(kept, Unit):
                raise NoSuchCase
            return decide(standard, directory, kept, command, asked)
        if isinstance(kept, Case) and kept != Case():
            raise Rejected("not-a-unit", "这是案件编号，不是机构编号。", "This is the id of a case, not of a unit.")
        return decide_unit(directory(), kept if isinstance(kept, Unit) else Unit(), command)

    def entails(kept: Kept, recorded: Recorded) -> Iterator[tuple[str, Command]]:
        if isinstance(kept, Case):
            yield from merging.entailed(kept, recorded)
            yield from unlinking.entailed(kept, recorded)

    return Decider(
        initial=Case(),
        evolve=evolve_kept,
        decide=decide_kept,
        scope=scope_of,
        commands=(*RULES, *UNIT_RULES),
        entails=entails,
    )
