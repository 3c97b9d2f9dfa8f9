"""案卷: what casework remembers of a case, in the order in which it is claimed to have happened. Pure."""

from bisect import bisect_right
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

from services.casework.domain.hands import handled_by
from shared.decider import Scope
from shared.events import Named, Recorded
from shared.events.casework import (
    CaseAccepted,
    CaseClosed,
    CaseEnded,
    CaseRelapsed,
    CaseworkFact,
    HistoryImported,
    LeaderAssigned,
    LeaderReplaced,
    OpinionServed,
    ReviewDecided,
    ReviewRequested,
)
from shared.events.intake import (
    AcceptanceRefused,
    CaseDispatched,
    CaseMerged,
    CaseRegistered,
    CaseTakenIn,
    CaseTakenOut,
    CaseUnmerged,
    DispatchObjected,
    IntakeFact,
    NoticeOfAcceptanceServed,
    RepeatPetitionLinked,
    RepeatPetitionUnlinked,
    RouteDetermined,
)
from shared.handling import takes_up
from shared.redone import quashes, unquashed
from shared.replies import elsewhere, roads, whole
from shared.terms import Channel, DispatchKind, Purpose, Route

F = TypeVar("F", bound=CaseworkFact)
T = TypeVar("T", bound=IntakeFact)


@dataclass(frozen=True)
class Case:
    """A case as casework knows it."""

    region: str | None = None
    registered: CaseRegistered | None = None
    received_on: date | None = None
    demands: int = 0
    """How many demands the petition holds."""
    opened_for: str = ""
    """The unit that the registration names."""
    units: frozenset[Named] = frozenset()
    dispatched: CaseDispatched | None = None
    """The newest dispatch."""
    merged: CaseMerged | None = None
    """Under which number it goes on, while it is merged."""
    heard: tuple[IntakeFact, ...] = ()
    """What intake said, in the order in which it arrived."""
    facts: tuple[CaseworkFact, ...] = ()
    """What was said here, by claimed day; of one day, in the order in which it was said."""
    history_there: bool = False
    """Whether earlier history has been laid down."""

    def all(self, kind: type[F]) -> list[F]:
        """The facts of a type."""
        return [fact for fact in self.facts if isinstance(fact, kind)]

    def told(self, kind: type[T]) -> list[T]:
        """What intake said of a type, by claimed day."""
        return sorted((fact for fact in self.heard if isinstance(fact, kind)), key=claimed_day)

    @property
    def repeats(self) -> list[RepeatPetitionLinked]:
        """重复信访: the repeat petitions that were linked, and not by mistake, whichever was heard first."""
        gone = {fact.petition_id for fact in self.told(RepeatPetitionUnlinked)}
        return [fact for fact in self.told(RepeatPetitionLinked) if fact.petition_id not in gone]

    @property
    def above_since(self) -> date | None:
        """上级交办: since when a higher level has assigned it: as it came in, or came again, or with what was merged into it."""
        came = [(self.registered.channel, self.registered.received_on)] if self.registered else []
        came += [(fact.channel, fact.received_on) for fact in self.repeats]
        days = [day for channel, day in came if channel is Channel.ASSIGNED]
        days += [taken.merged_on for taken in self.holds.values() if taken.from_above]
        return min(days, default=None)

    @property
    def holds(self) -> dict[str, CaseTakenIn]:
        """并入: the cases that were merged into this one and not taken out again."""
        merges = [fact for fact in self.heard if isinstance(fact, CaseTakenIn | CaseTakenOut)]
        said = {fact.other: fact for fact in merges}
        return {other: fact for other, fact in said.items() if isinstance(fact, CaseTakenIn)}

    @property
    def assigned(self) -> bool:
        """交办: whether it was handed down with the result to be given back, itself or with what was merged into it."""
        sent = [fact for fact in self.told(CaseDispatched) if fact.kind is DispatchKind.ASSIGN]
        return any(not fact.with_case or fact.with_case in self.holds for fact in sent)

    @property
    def route(self) -> RouteDetermined | None:
        """办理途径: the newest word on which road the matter as a whole takes; None while there is none."""
        return next(reversed(whole(self.told(RouteDetermined))), None)

    @property
    def roads(self) -> dict[int, Route]:
        """Which road each demand takes that was split off for one."""
        return roads(self.told(RouteDetermined))

    @property
    def elsewhere(self) -> frozenset[int]:
        """Which demands are answered on a statutory road of their own."""
        return elsewhere(self.told(RouteDetermined))

    @property
    def is_claim(self) -> bool:
        """申诉求决: whether somebody claims something; suggestions and accusations go by their own articles (Arts 29, 30)."""
        return self.registered is None or self.registered.purpose in (None, Purpose.CLAIM)

    @property
    def by_petition_procedure(self) -> bool:
        """Whether the 60 days of Art 34 are its limit: a claim (申诉求决) that takes no statutory route (Art 31)."""
        return self.is_claim and (self.route is None or self.route.route is Route.PETITION)

    def leader_on(self, day: date) -> str | None:
        """The id of whoever owned the case on a day; the first leader also for what came before."""
        owned = [fact.leader.id for fact in self.leaders if claimed_day(fact) <= day]
        return owned[-1] if owned else next((fact.leader.id for fact in self.leaders), None)

    @cached_property
    def round(self) -> tuple[CaseworkFact, ...]:
        """What was said since the case was last opened. A relapse begins a new round: all is to be done again."""
        starts = [n for n, fact in enumerate(self.facts) if isinstance(fact, CaseRelapsed)]
        return self.facts[starts[-1] + 1 if starts else 0 :]

    def in_round(self, kind: type[F]) -> list[F]:
        """The facts of a type in the present round."""
        return [fact for fact in self.round if isinstance(fact, kind)]

    @property
    def accepted(self) -> CaseAccepted | None:
        """The first acceptance: a later one, by another unit, does not start the time limit anew."""
        return next(iter(self.all(CaseAccepted)), None)

    @property
    def leaders(self) -> list[LeaderAssigned | LeaderReplaced]:
        """The owner leaders one after another; the last owns the case now."""
        return [fact for fact in self.facts if isinstance(fact, LeaderAssigned | LeaderReplaced)]

    @property
    def closed(self) -> CaseClosed | None:
        """The closing that stands: none when the case has relapsed since."""
        return next(reversed(self.in_round(CaseClosed)), None)

    @property
    def ended(self) -> CaseEnded | None:
        """终结: the end of the road; none when the case has relapsed since."""
        return next(reversed(self.in_round(CaseEnded)), None)

    @property
    def not_taken_up(self) -> AcceptanceRefused | None:
        """不予受理: the refusal that stands; none when somebody accepted it all the same, or it was handed to a unit since."""
        refused = next(reversed(self.told(AcceptanceRefused)), None)
        if refused is None or self.accepted is not None:
            return None
        return refused if self.dispatched is None or self.dispatched.dispatched_on <= refused.refused_on else None

    @property
    def replies(self) -> list[OpinionServed]:
        """答复: what was served in this round, and no review has quashed since: what was quashed answers nobody (Arts 35, 36)."""
        return [fact for fact in unquashed(self.round) if isinstance(fact, OpinionServed)]

    @property
    def quashed_on(self) -> date:
        """The day on which a review last quashed a reply of this round; what was said by then answers nobody (Arts 35, 36)."""
        return max((fact.decided_on for fact in filter(quashes, self.round)), default=date.min)

    @property
    def under_review(self) -> bool:
        """Whether a review was asked for, and has not been decided."""
        decided = {(fact.stage, fact.decided_on) for fact in self.all(ReviewDecided)}
        return any(
            not any(stage is asked.stage and on >= asked.requested_on for stage, on in decided)
            for asked in self.all(ReviewRequested)
        )

    @property
    def relapsed(self) -> CaseRelapsed | None:
        """The newest relapse: it opened the present round."""
        return next(reversed(self.all(CaseRelapsed)), None)

    @property
    def handlers(self) -> frozenset[str]:
        """The ids of the officials who have handled the case in this round: its leader, and whoever had a hand in it."""
        hands = {who.id for fact in self.round for who in handled_by(fact)}
        return frozenset(hands | {assigned.leader.id for assigned in self.leaders[-1:]})

    @property
    def ever_handled(self) -> frozenset[str]:
        """The same, in this round or before."""
        return frozenset(who.id for fact in self.facts for who in handled_by(fact))

    @property
    def held(self) -> Named:
        """The unit that answers for the case, and when it was named: who accepted it last or was sent it since.

        "" for a case that was sent back as not that unit's, and not sent on.
        """
        accepted, sent = self.all(CaseAccepted)[-1:], self.dispatched
        back = [f for f in self.told(DispatchObjected) if sent is not None and f.unit == sent.unit]
        gone = back[-1].objected_on if back and sent and back[-1].objected_on >= sent.dispatched_on else None
        if gone is not None and not (accepted and accepted[0].accepted_on >= gone):
            return "", gone
        if accepted and (sent is None or sent.dispatched_on <= accepted[0].accepted_on):
            return accepted[0].unit, accepted[0].accepted_on
        return (sent.unit, sent.dispatched_on) if sent else (self.opened_for, self.received_on or date.max)

    @property
    def holder(self) -> str:
        """The unit that answers for the case, as it was named; "" while none does."""
        return self.held[0]

    @property
    def taken_up_on(self) -> date | None:
        """The day on which the case was last taken up: by its relapse, else by the first acceptance."""
        if self.relapsed:
            return self.relapsed.relapsed_on
        return self.accepted.accepted_on if self.accepted else None

    @property
    def limit_from(self) -> date | None:
        """The day from which the time limit of Art 34 runs, as supervision reckons it (T5): anew from the day on which a review
        quashed the reply; else from the relapse or the first acceptance, or from the notice by which the unit took it up.
        """
        if self.quashed_on > date.min:
            return self.quashed_on
        told = (fact for fact in self.told(NoticeOfAcceptanceServed) if takes_up(fact, self.holder))
        return self.taken_up_on or next((fact.served_on for fact in told), None)


def claimed_day(fact: CaseworkFact | IntakeFact) -> date:
    """The day on which a fact is claimed to have happened."""
    day = fact.claimed_time()
    return day if day is not None else date.max


_FIELDS = tuple(field.name for field in fields(Case))


def _but(case: Case, **other: Any) -> Case:
    """The case with some fields otherwise, and nothing of what was worked out from them. `replace` goes through all of them
    with each fact, which took a third of the time to read a long case.
    """
    its, changed = case.__dict__, object.__new__(Case)
    changed.__dict__.update({name: its[name] for name in _FIELDS} | other)
    return changed


def evolve(case: Case, recorded: Recorded) -> Case:
    """What a fact means for what casework remembers. Facts it does not know change nothing."""
    match recorded.fact:
        case HistoryImported():
            return _but(case, history_there=True)
        case CaseworkFact() as fact:  # most are, and a type that matches nothing is dearest
            return _said_here(case, fact)
        case IntakeFact() as fact:
            return _told_by_intake(_but(case, heard=(*case.heard, fact)), fact, recorded.occurred_on)
        case _:
            return case


def _said_here(case: Case, fact: CaseworkFact) -> Case:
    facts, day = case.facts, claimed_day(fact)
    if not facts or claimed_day(facts[-1]) <= day:  # as nearly always
        facts = (*facts, fact)
    else:
        at = bisect_right(facts, day, key=claimed_day)
        facts = (*facts[:at], fact, *facts[at:])
    if isinstance(fact, CaseAccepted | LeaderAssigned | LeaderReplaced):
        return _but(case, facts=facts, units=case.units | {(fact.unit, day)})
    return _but(case, facts=facts)


def _told_by_intake(case: Case, fact: IntakeFact, on: date) -> Case:
    match fact:
        case CaseRegistered():
            return _but(
                case,
                registered=fact,
                region=fact.region,
                received_on=fact.received_on,
                demands=len(fact.demands),
                opened_for=fact.unit,
                units=case.units | {(fact.unit, on)},
            )
        case CaseDispatched():
            newer = case.dispatched is None or fact.dispatched_on >= case.dispatched.dispatched_on
            return _but(case, dispatched=fact if newer else case.dispatched, units=case.units | {(fact.unit, on)})
        case CaseMerged():
            return _but(case, merged=fact)
        case CaseUnmerged():
            return _but(case, merged=None)
        case _:
            return case


def scope(case: Case) -> Scope | None:
    """Where the case belongs; None while it has not arrived."""
    return None if case.region is None else Scope(case.region, case.units)
