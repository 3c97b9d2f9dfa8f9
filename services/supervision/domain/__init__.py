"""督查: what supervision allows and concludes, a file per topic. Pure."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from services.supervision.domain import (
    campaigns,
    findings,
    inspections,
    judging,
    notices,
    registers,
    retaliation,
    suggestions,
    treatments,
    units,
    years,
)
from services.supervision.domain.campaign import Campaign, CampaignCommand
from services.supervision.domain.desk import CaseCommand, Desk, Rules
from services.supervision.domain.inspections import InspectUnit
from services.supervision.domain.judging import Assess, judge
from services.supervision.domain.policies import AdoptStandard, PublishPolicy, Shelf, adopt_standard, publish_policy
from services.supervision.domain.registers import PublishRegister
from services.supervision.domain.retaliation import Retaliation, RetaliationCommand
from services.supervision.domain.sweeps import RecordSweep, record_sweep
from services.supervision.domain.units import AssessBook, Conduct
from services.supervision.domain.years import Year, YearCommand
from services.supervision.dossier import Dossier
from services.supervision.dossier import evolve as evolve_case
from services.supervision.unitbook import Library, empty
from shared.decider import Command, Decider, NoSuchCase, Scope
from shared.directory import Directory
from shared.events import Asked, Fact, Named, Recorded
from shared.events.casework import CaseworkFact, LeaderAssigned, LeaderReplaced
from shared.events.intake import CaseDispatched, IntakeFact
from shared.events.supervision import (
    AnnualReportSubmitted,
    AssessmentsCirculated,
    BookOpened,
    CampaignOpened,
    PolicyPublished,
    RetaliationReported,
    StandardAdopted,
    SuggestionMade,
    SupervisionFact,
    SweepCompleted,
    UnitAssessed,
)
from shared.standard import Standard
from shared.workdays import business_date

State = Dossier | Campaign | Conduct | Retaliation | Shelf | Year
"""What the history of a case, a campaign, a unit, a report of retaliation, the policies or a region's year comes to.

Each begins as an empty dossier.
"""

HANDLING = (IntakeFact, CaseworkFact)
"""What intake and casework say."""

TOPICS = (findings, notices, suggestions, treatments, inspections)

RULES: Rules = {command: rule for topic in TOPICS for command, rule in topic.RULES.items()}


def evolve(state: State, recorded: Recorded) -> State:
    """What one more fact adds."""
    if isinstance(state, Dossier) and isinstance(recorded.fact, HANDLING):
        return evolve_case(state, recorded)  # nearly every fact
    match state, recorded.fact:
        case Dossier(), CampaignOpened() as fact:
            return Campaign(fact)
        case Dossier(), RetaliationReported() as fact:
            return Retaliation(fact)
        case Campaign() | Retaliation(), SupervisionFact() as fact:
            return state.after(fact)
        case Dossier(), BookOpened() as fact:
            return Conduct(recorded.case_id, fact, recorded.occurred_on)
        case Conduct(), BookOpened() as fact:
            return Conduct(recorded.case_id, fact, recorded.occurred_on, state.words.after(fact, recorded.id))
        case Conduct(), SupervisionFact() as fact:
            return state.after(fact, recorded.id)
        case Dossier(), PolicyPublished() | StandardAdopted() as fact:
            return Shelf().after(fact)
        case Dossier() | Year(), (AnnualReportSubmitted() | UnitAssessed() | AssessmentsCirculated()) as fact:
            return (state if isinstance(state, Year) else Year()).after(fact)
        case Dossier(), SweepCompleted():
            return state
        case Shelf(), PolicyPublished() | StandardAdopted() as fact:
            return state.after(fact)
        case Dossier(), _:
            return evolve_case(state, recorded)
        case _:
            return state


def decide(
    standard: Standard,
    directory: Callable[[], Directory],
    library: Library,
    state: State,
    command: Command,
    asked: Asked,
) -> list[Fact]:
    """What a command means here and now. `[]` means: already so."""
    match command:
        case RecordSweep():
            return list(record_sweep(command))
        case PublishPolicy():
            return list(publish_policy(state if isinstance(state, Shelf) else Shelf(), command))
        case AdoptStandard():
            return list(adopt_standard(state if isinstance(state, Shelf) else Shelf(), command))
        case YearCommand():
            return list(years.decide(state if isinstance(state, Year) else Year(), command, asked))
        case PublishRegister() if isinstance(state, Campaign):
            return list(registers.publish_register(state, command, directory()))
        case CampaignCommand():
            return campaigns.decide(state if isinstance(state, Campaign) else None, command, asked, directory)
        case RetaliationCommand():
            return list(retaliation.decide(state if isinstance(state, Retaliation) else None, command))
        case AssessBook():
            return units.assess_book(
                standard, directory, library, state if isinstance(state, Conduct) else None, command
            )
        case InspectUnit() if isinstance(state, Conduct):
            desk = Desk(Dossier(words=state.words), standard, asked)
            book = library(state.name, business_date(asked.now))
            return list(inspections.inspect_unit(desk, book, state.staff(directory(), command.held_on), command))
        case CaseCommand() if isinstance(state, Conduct):
            return list(RULES[type(command)](Desk(Dossier(words=state.words), standard, asked), command))
        case _ if not isinstance(state, Dossier) or state.registered is None:
            raise NoSuchCase
        case Assess():
            return judge(standard, directory, state, command)
        case CaseCommand():
            return list(RULES[type(command)](Desk(state, standard, asked), command))
        case _:
            raise TypeError(command)


def next_moment(
    standard: Standard,
    state: State,
    now: datetime,
    library: Library = empty,
    directory: Callable[[], Directory] = Directory,
) -> datetime | None:
    """When a history must be asked again; None when time changes nothing in it."""
    match state:
        case Dossier():
            return judging.next_moment(standard, state, now, directory)
        case Campaign():
            return campaigns.next_moment(state, now)
        case Conduct():
            return units.next_moment(standard, library, state, now)
        case _:
            return None


def scope(state: State) -> Scope | None:
    """Where a history belongs; None while nothing is known of it. Whoever is given a suggestion has to be able to answer."""
    if isinstance(state, Campaign | Conduct | Retaliation | Year):
        return state.scope
    if isinstance(state, Shelf) or state.registered is None:
        return None
    units: set[Named] = {(state.registered.fact.unit, state.registered.on)}
    units |= {(sent.fact.unit, sent.on) for sent in state.all(CaseDispatched)}
    units |= {(n.fact.unit, n.on) for n in state.facts if isinstance(n.fact, LeaderAssigned | LeaderReplaced)}
    units |= {(suggested.addressed_to, suggested.made_on) for suggested in state.words.all(SuggestionMade)}
    units |= {state.held} if state.held else set()
    return Scope(state.registered.fact.region, frozenset(named for named in units if named[0]))


def supervision(
    standard: Standard, directory: Callable[[], Directory] = Directory, library: Library = empty
) -> Decider[State]:
    """The decider, given the policies and the calendar to judge by, the directory of units as it is known when asked, and the
    books of the units as they are then.
    """
    return Decider(
        initial=Dossier(),
        evolve=evolve,
        decide=partial(decide, standard, directory, library),
        scope=scope,
        commands=(*RULES, InspectUnit, *campaigns.COMMANDS, PublishRegister, *retaliation.COMMANDS),
    )
