"""卷宗: what supervision knows of a case, in the order in which it is claimed to have happened. The dossier, and with it every
verdict, is a function of which facts there are; the order in which they arrive does not matter. Pure.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from itertools import takewhile
from typing import TypeVar, cast

from services.supervision.noted import Noted, note
from services.supervision.words import Words
from shared.deadlines import Suspension
from shared.events import Fact, Named, Recorded
from shared.events.casework import (
    CaseAccepted,
    CaseClosed,
    CaseRelapsed,
    CaseworkFact,
    ClockSuspended,
    HistoryImported,
    LateEntryExplained,
    LeaderAssigned,
    LeaderReplaced,
)
from shared.events.intake import (
    AcceptanceRefused,
    CaseDispatched,
    CaseMerged,
    CaseRegistered,
    CaseUnmerged,
    DispatchObjected,
    IntakeFact,
    ObjectionDeclined,
    ObjectionRaised,
    RepeatPetitionUnlinked,
    RouteDetermined,
)
from shared.events.supervision import CaseStalled, FindingRaised, NoticeIssued, SupervisionFact
from shared.replies import elsewhere
from shared.standard import suspensions
from shared.terms import Purpose, Route
from shared.workdays import business_date

F = TypeVar("F", bound=Fact)

HANDING_ON: tuple[type[Fact], ...] = (
    CaseDispatched,
    CaseAccepted,
    DispatchObjected,
    ObjectionRaised,
    ObjectionDeclined,
    CaseRelapsed,
)


@dataclass(frozen=True)
class Dossier:
    """What intake and casework have said about a case, and what supervision itself has."""

    facts: tuple[Noted[Fact], ...] = ()
    """What happened, in the order of `Noted.place`."""
    history_there: bool = False
    """Whether earlier history has been laid down."""
    words: Words = field(default_factory=Words)
    """What supervision itself has said."""

    @property
    def findings(self) -> dict[str, FindingRaised]:
        """Open findings, by rule."""
        return self.words.findings

    @property
    def stalled(self) -> CaseStalled | None:
        """The stall, while the case is idle."""
        return self.words.stalled

    @property
    def notice(self) -> NoticeIssued | None:
        """The live notice to whoever handles the case: what may still go up before what stands on the last rung."""
        course = self.words.course(about_office=False)
        return course.notice if course else None

    def saying(self, words: Words) -> "Dossier":
        """The dossier with other words. What was worked out from the facts still holds, and is not worked out again."""
        other = object.__new__(Dossier)
        other.__dict__.update(self.__dict__, words=words)
        return other

    def until(self, day: date) -> "Dossier":
        """The dossier without what is claimed for a later day: nobody is judged by what has not happened."""
        at = bisect_right(self.facts, day, key=lambda noted: noted.on)
        return self if at == len(self.facts) else replace(self, facts=self.facts[:at])

    def next_day(self, day: date) -> date | None:
        """The first day after this one for which something is claimed."""
        at = bisect_right(self.facts, day, key=lambda noted: noted.on)
        return self.facts[at].on if at < len(self.facts) else None

    @cached_property
    def by_type(self) -> dict[type[Fact], list[Noted[Fact]]]:
        """The facts of each type: one pass, so that no rule has to make another."""
        found: dict[type[Fact], list[Noted[Fact]]] = {}
        for noted in self.facts:
            found.setdefault(type(noted.fact), []).append(noted)
        return found

    def all(self, kind: type[F]) -> list[Noted[F]]:
        """The facts of a type."""
        return cast("list[Noted[F]]", self.by_type.get(kind, []))

    def here(self, kind: type[F]) -> list[Noted[F]]:
        """The facts of a type since the case was last opened."""
        found, opening = self.all(kind), self.reopening
        if opening is None or not found:
            return found
        opened = opening.place
        return [noted for noted in found if noted.place > opened]

    def first(self, kind: type[F]) -> Noted[F] | None:
        """The earliest fact of a type."""
        found = self.all(kind)
        return found[0] if found else None

    def last(self, *kinds: type[F]) -> Noted[F] | None:
        """The latest fact of one of these types."""
        found = [its[-1] for kind in kinds if (its := self.all(kind))]
        return max(found, key=lambda noted: noted.place) if len(found) > 1 else next(iter(found), None)

    def standing(self, kind: type[F], undone_by: type[Fact]) -> Noted[F] | None:
        """The latest fact of a type; None when one of the other type came after it."""
        found, undone = self.last(kind), self.last(undone_by)
        return None if found is not None and undone is not None and undone.place > found.place else found

    @cached_property
    def registered(self) -> Noted[CaseRegistered] | None:
        return self.first(CaseRegistered)

    @cached_property
    def accepted(self) -> Noted[CaseAccepted] | None:
        """The first acceptance: a later one, by another unit, does not start the time limit anew."""
        return self.first(CaseAccepted)

    @property
    def demands(self) -> int:
        """How many demands the petition holds."""
        return len(self.registered.fact.demands) if self.registered else 0

    @cached_property
    def closed(self) -> bool:
        """Whether the case is closed: a closing stands until the case relapses. What was merged goes on elsewhere; what was not
        taken up is nobody's to handle (Arts 19, 31, 36).
        """
        return self.closing is not None or self.merged is not None or self.not_taken_up

    @cached_property
    def not_taken_up(self) -> bool:
        """不予受理: refused, never accepted by anybody, and not handed to a unit since."""
        return self.accepted is None and self.standing(AcceptanceRefused, CaseDispatched) is not None

    @cached_property
    def merged(self) -> Noted[CaseMerged] | None:
        """The merge that stands; None when it was undone."""
        return self.standing(CaseMerged, CaseUnmerged)

    @cached_property
    def unlinked(self) -> frozenset[str]:
        """撤销关联: the numbers of the repeat petitions that had been linked by mistake, whichever was heard first."""
        return frozenset(noted.fact.petition_id for noted in self.all(RepeatPetitionUnlinked))

    @cached_property
    def closing(self) -> Noted[CaseClosed] | None:
        """The closing that stands; None while the case is open."""
        return self.standing(CaseClosed, CaseRelapsed)

    @cached_property
    def route(self) -> Noted[RouteDetermined] | None:
        """The road that the matter as a whole takes now; None while none was named, which is the petition procedure."""
        return next((noted for noted in reversed(self.all(RouteDetermined)) if not noted.fact.demands), None)

    @cached_property
    def elsewhere(self) -> frozenset[int]:
        """Which demands are answered on a statutory road of their own."""
        return elsewhere(noted.fact for noted in self.all(RouteDetermined))

    @cached_property
    def is_claim(self) -> bool:
        """求决: whether it is a claim, to which the limits of the petition procedure may apply; as far as is known, it is."""
        return self.registered is None or self.registered.fact.purpose in (None, Purpose.CLAIM)

    @cached_property
    def other_procedure(self) -> tuple[str, str] | None:
        """Why the limits of the petition procedure do not apply, in both languages; None while they do.

        Suggestions and accusations go by their own articles (信访工作条例 Arts 29, 30), claims on another road by that (Art 31).
        """
        purpose = self.registered.fact.purpose if self.registered else None
        if purpose is not None and not self.is_claim:
            return (
                f"{purpose.label}（第二十九条、第三十条），不适用信访程序的 60 日期限",
                f"a {purpose} (Arts 29, 30): the 60 days of the petition procedure do not apply",
            )
        routed = self.route
        if routed is not None and routed.fact.route is not Route.PETITION:
            return (
                f"自 {routed.on} 起走{routed.fact.route.label}，不适用信访程序的 60 日期限",
                f"since {routed.on} it takes another road ({routed.fact.route}): the 60 days do not apply",
            )
        return None

    @cached_property
    def relapse(self) -> Noted[CaseRelapsed] | None:
        """The relapse that opened the present round, when the case is open again."""
        return None if self.closed else self.reopening

    @cached_property
    def reopening(self) -> Noted[CaseRelapsed] | None:
        """The relapse that opened the present round, whether it is closed again or not; None in the first round."""
        return self.last(CaseRelapsed)

    @cached_property
    def round(self) -> tuple[Noted[Fact], ...]:
        """What has happened since the case was last opened: by its relapse, else by being registered."""
        opening = self.reopening
        if opening is None:
            return self.facts
        return self.facts[bisect_right(self.facts, opening.place, key=lambda noted: noted.place) :]

    @cached_property
    def leader(self) -> LeaderAssigned | LeaderReplaced | None:
        """The leader who owns the case now."""
        named = self.owning
        return named.fact if named else None

    @cached_property
    def owning(self) -> Noted[LeaderAssigned | LeaderReplaced] | None:
        """The fact that made the present leader the owner."""
        return self.last(LeaderAssigned, LeaderReplaced)

    @cached_property
    def owned_since(self) -> Noted[Fact] | None:
        """The fact by which the present leader came to own the case; what names the same again begins nothing anew, unless the
        first named no day.
        """
        named: list[Noted[LeaderAssigned | LeaderReplaced]] = [*self.all(LeaderAssigned), *self.all(LeaderReplaced)]
        named.sort(key=lambda noted: noted.place)
        theirs = [*takewhile(lambda noted: noted.fact.leader.id == named[-1].fact.leader.id, reversed(named))]
        dated = [noted for noted in theirs if not (isinstance(noted.fact, LeaderAssigned) and noted.fact.undated)]
        return next(reversed(dated or theirs), None)

    @cached_property
    def handed_on(self) -> list[Noted[Fact]]:
        """How the case went from hand to hand, and came back: what bears on whose it is, in order."""
        found = [noted for kind in HANDING_ON for noted in self.all(kind)]
        return sorted(found, key=lambda noted: noted.place)

    @cached_property
    def stood_still(self) -> tuple[Suspension, ...]:
        """When the clock stood still in this round."""
        if ClockSuspended not in self.by_type:
            return ()
        return suspensions(noted.fact for noted in self.round)

    def stood_still_by(self, deed: Noted[Fact]) -> tuple[Suspension, ...]:
        """The same, by what was on record before a deed was entered."""
        if not self.stood_still:
            return ()
        return suspensions(noted.fact for noted in self.round if noted.recorded < deed.recorded)

    @cached_property
    def held(self) -> Named | None:
        """The unit that answers for the case now, and when it was named: who last accepted it or was sent it, else who was
        named at first. None when that unit has objected: then nobody does, until the case is sent on.
        """
        holder = (self.registered.fact.unit, self.registered.on) if self.registered else None
        for noted in self.handed_on:
            match noted.fact:
                case CaseDispatched(unit=unit) | CaseAccepted(unit=unit):
                    holder = unit, noted.on
                case DispatchObjected(unit=unit) if holder and unit == holder[0]:
                    holder = None
        return holder

    @property
    def unit(self) -> str:
        """The unit that answers for the case now, as it was named; empty when nobody does."""
        return self.held[0] if self.held else ""

    def explained(self, deed: Noted[Fact]) -> bool:
        """补录说明: whether, on the very day on which a deed was entered, its unit said why what was done then had not been."""
        entered = business_date(deed.recorded)
        return any(
            noted.on == entered == business_date(noted.recorded)
            and noted.unit == deed.unit
            and noted.fact.covers(deed.on)
            for noted in self.all(LateEntryExplained)
        )

    @cached_property
    def history_missing(self) -> bool:
        """Whether earlier history was announced and has not been laid down yet."""
        return bool(self.registered and self.registered.fact.history_follows) and not self.history_there


def _with(facts: tuple[Noted[Fact], ...], noted: Noted[Fact]) -> tuple[Noted[Fact], ...]:
    """The facts with one more in its place. Most come in their order."""
    if not facts or facts[-1].place < noted.place:
        return (*facts, noted)
    at = bisect_left(facts, noted.place, key=lambda other: other.place)
    return (*facts[:at], noted, *facts[at:])


def evolve(dossier: Dossier, recorded: Recorded) -> Dossier:
    """What one more fact adds to the dossier."""
    match fact := recorded.fact:
        case HistoryImported():
            return replace(dossier, history_there=True)
        case IntakeFact() | CaseworkFact():
            return Dossier(_with(dossier.facts, note(recorded, fact)), dossier.history_there, dossier.words)
        case SupervisionFact():
            return dossier.saying(dossier.words.after(fact, recorded.id))
        case _:
            return dossier
