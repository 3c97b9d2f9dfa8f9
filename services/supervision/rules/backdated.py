"""期限过后补登: what a limit of the law asks for, entered when the limit had passed, as done within it (B6). Pure.

Nothing is ever changed here, and a late entry counts as what it says: a finding that rests on its absence ends by it. This is
what is left to see. A ledger that is taken in, and what was explained on the day of the entry, accuse nobody.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TypeVar

from services.supervision.cited import Cited
from services.supervision.dossier import Dossier
from services.supervision.noted import Noted
from services.supervision.rules.limits import limit_start
from services.supervision.rules.rule import Rule
from services.supervision.rules.verdict import Matter, Verdict, evidence, quiet, shown
from shared.deadlines import Deadline
from shared.events import Fact
from shared.events.casework import (
    CaseAccepted,
    CaseRelapsed,
    ClockSuspended,
    ExtensionApproved,
    OpinionServed,
    ReviewDecided,
    ReviewRequested,
)
from shared.events.intake import AcceptanceRefused, CaseDispatched, NoticeOfAcceptanceServed, RouteDetermined
from shared.policy.rules import DayRule
from shared.replies import elsewhere, unanswered
from shared.standard import suspensions
from shared.terms import ReviewStage, Route
from shared.workdays import business_date

F = TypeVar("F", bound=Fact)

ALL_IN_TIME = quiet("没有在期限过后补登的法定办理", "nothing that a limit asks for was entered when it had passed")


def met_afterwards(matter: Matter, rule: DayRule) -> Verdict:
    """期限过后补登: the limit had passed by all that was on record, and then what it asks for was entered, so many days late or
    more, as done in time: a dispatch (Art 22), a notice (Art 23), an extension or a reply (Art 34), a review (Arts 35, 36); or
    what takes the limit away, a stop of the clock or another road.
    """
    dossier = matter.dossier
    found: list[Cited] = []
    excused: list[Cited] = []
    sums: list[str] = []
    since: date | None = None
    coming: date | None = None
    for noted in dossier.facts:
        if type(noted.fact) not in ASKED_FOR or noted.imported:
            continue
        entered = business_date(noted.recorded)
        if (entered - noted.on).days < rule.days:
            continue
        due = next((d.due for d in _limits(matter, noted) if d.due is not None and noted.on <= d.due < entered), None)
        if due is None:
            continue
        if entered > matter.today:  # whoever asks about a day asks what was there to be found on it
            coming = min(coming or entered, entered)
        elif dossier.explained(noted):
            excused.append(evidence(noted, "当日已说明补录原因", "explained on the day of the entry"))
        else:
            found.append(evidence(noted, f"{entered} 才录入", f"entered only on {entered}"))
            sums.append(f"{noted.on} ≤ {due} < {entered}")
            since = min(since or entered, entered)
    if since is None:
        return ALL_IN_TIME._replace(ignored=tuple(excused), changes_on=coming)
    return shown(
        f"期限过后补登 {len(found)} 项，称在期限内办理：{found[0].on} 的办理 {found[0].why_zh}",
        f"entered when a limit had passed, as done within it: {len(found)} ({found[0].on}, {found[0].why_en})",
        since,
        found,
        sums,
        excused,
    )._replace(changes_on=coming)


def _limits(matter: Matter, noted: Noted[Fact]) -> Iterator[Deadline]:
    """The limit that a deed keeps, by what was on record before it was entered; none where it had been kept by then."""
    dossier, standard = matter.dossier, matter.standard
    registered = dossier.registered

    def before(kind: type[F]) -> list[Noted[F]]:
        return [one for one in dossier.all(kind) if one.recorded < noted.recorded]

    match noted.fact:
        case CaseDispatched():
            if registered is not None and not any(before(kind) for kind in HANDING_ON):
                yield matter.deadline(registered.on, standard.policy_on(registered.on).limits.forward)
        case NoticeOfAcceptanceServed(unit=unit):
            sent = [one for one in dossier.all(CaseDispatched) if one.fact.unit == unit and one.on <= noted.on]
            start = sent[0] if sent else registered
            if start is not None and all(one.fact.unit != unit for one in before(NoticeOfAcceptanceServed)):
                yield matter.deadline(start.on, standard.policy_on(start.on).limits.notice)
        case RouteDetermined(route=Route.PETITION):
            return
        case ExtensionApproved() | OpinionServed() | ClockSuspended() | RouteDetermined():
            its_round = _round_of(dossier, noted)
            ran_from = _ran_from(dossier, its_round, noted)
            if ran_from is None:
                return
            known = [one for one in its_round if one.recorded < noted.recorded]
            done = [one.fact for one in known if ran_from.place < one.place]
            if _is_owed(dossier, noted, done):
                days = next((fact.days for fact in done if isinstance(fact, ExtensionApproved)), 0)
                yield standard.handling(ran_from.on, days, suspensions=suspensions(one.fact for one in known))
        case ReviewDecided(stage=stage):
            limits = standard.policy_on(noted.on).limits
            limit = limits.review if stage is ReviewStage.REVIEW else limits.final_review
            for asked in dossier.all(ReviewRequested):
                if asked.fact.stage is stage and asked.on <= noted.on:
                    yield matter.deadline(asked.on, limit, dossier.stood_still_by(noted))
        case _:
            return


def _is_owed(dossier: Dossier, deed: Noted[Fact], done: Sequence[Fact]) -> bool:
    """Whether a deed kept, or took away, the limit of Art 34 of a demand that it still ran for, by what was on record before: one
    that was not answered, nor had taken another road. An extension counts once; a stop does as often as it is entered.
    """
    if not dossier.is_claim or (
        isinstance(deed.fact, ExtensionApproved) and any(isinstance(f, ExtensionApproved) for f in done)
    ):
        return False
    roads = [one.fact for one in dossier.all(RouteDetermined) if one.recorded < deed.recorded]
    whole = [fact.route for fact in roads if not fact.demands]
    if whole and whole[-1] is not Route.PETITION:
        return False
    replies = [fact for fact in done if isinstance(fact, OpinionServed)]
    left = unanswered(replies, dossier.demands, elsewhere(roads))
    its = deed.fact.demands if isinstance(deed.fact, OpinionServed | RouteDetermined) else ()
    return any(demand in left for demand in its or left)


def _round_of(dossier: Dossier, deed: Noted[Fact]) -> list[Noted[Fact]]:
    """What happened in the round to which the deed is said to belong, with the relapse that opened it."""
    opened = [noted.place for noted in dossier.all(CaseRelapsed)]
    begins = max((place for place in opened if place < deed.place), default=None)
    ends = min((place for place in opened if place > deed.place), default=None)
    after = dossier.facts if begins is None else [noted for noted in dossier.facts if noted.place >= begins]
    return [noted for noted in after if ends is None or noted.place < ends]


def _ran_from(dossier: Dossier, its_round: Sequence[Noted[Fact]], deed: Noted[Fact]) -> Noted[Fact] | None:
    """What the limit of Art 34 ran from when the deed is said to have been done: a quashing and a notice count when they were on
    record, a relapse and an acceptance by their days alone.
    """
    earlier = [noted for noted in its_round if noted.place < deed.place]
    known = (noted for noted in earlier if noted.recorded < deed.recorded)
    opened = next((noted for noted in earlier if isinstance(noted.fact, CaseRelapsed)), None) or dossier.accepted
    told = (n for n in dossier.all(NoticeOfAcceptanceServed) if n.place < deed.place and n.recorded < deed.recorded)
    return limit_start(known, opened if opened and opened.place < deed.place else None, told, dossier.unit)


ASKED_FOR: tuple[type[Fact], ...] = (
    CaseDispatched,
    NoticeOfAcceptanceServed,
    ExtensionApproved,
    OpinionServed,
    ReviewDecided,
    ClockSuspended,
    RouteDetermined,
)
"""What the limits of the law ask for, and what takes them away."""

HANDING_ON: tuple[type[Fact], ...] = (CaseDispatched, CaseAccepted, AcceptanceRefused)
"""What takes a case out of the hands of the petition office."""

RULES = (
    Rule(
        "met-afterwards",
        "B6",
        DayRule,
        met_afterwards,
        ASKED_FOR,
        ALL_IN_TIME,
        past=True,
    ),
)
