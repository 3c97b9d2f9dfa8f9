"""Cases whose stalls are planted: by the way a life is built it is known which signs it shows, and on which day each begins.

A case is a function of its number alone, so that any of them can be looked at again. Other systems miss each of these kinds:
whoever is nobody's has nobody to be reminded, and whatever is touched daily looks busy.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from random import Random

from shared.events import Fact, Official
from shared.events.casework import (
    CaseAccepted,
    CaseClosed,
    CaseRelapsed,
    ClockResumed,
    ClockSuspended,
    ExtensionApproved,
    LeaderAssigned,
    Measure,
    PlanAdopted,
    ProgressReported,
    VisitLogged,
)
from shared.events.intake import (
    CaseDispatched,
    CaseRegistered,
    DispatchObjected,
    NoticeOfAcceptanceServed,
    RepeatPetitionLinked,
)
from shared.terms import Category, Channel, DispatchKind, Purpose, RelapseSign, ServedHow, SuspensionGround, VisitKind
from shared.workdays import DAY

REGION = "610499"
WINDOW = tuple(date(2026, 6, 1) + n * DAY for n in range(7))
"""The days on which stalls begin. All that comes before has been recorded when the watch begins."""
AFTERWARDS = WINDOW[-1] + DAY
"""One day more: nothing may be said twice."""

UNITS = tuple(f"{name}镇人民政府" for name in ("柳林", "青石", "东塬", "河口", "白杨", "石门", "清水", "南坪"))
LI = Official(id="li", name="李某", post="副镇长")
SAID = (
    "核对补偿协议联系测绘单位查阅档案电话询问村组反馈材料移交法制科室会签等待上级批复整理卷宗准备约谈走访邻里调取账册"
)


@dataclass
class Life:
    """A case in the making: what happens in it, day by day before the day on which its signs begin."""

    turn: date
    unit: str
    random: Random
    facts: list[Fact] = field(default_factory=list)

    def ago(self, days: int) -> date:
        """So many days before the signs begin; negative for later."""
        return self.turn - days * DAY

    def registered(self, days: int) -> "Life":
        return self.add(
            CaseRegistered(
                petitioner_id="person-1",
                channel=self.random.choice([Channel.LETTER, Channel.VISIT]),
                received_on=self.ago(days),
                region=REGION,
                unit="县信访局",
                demands=("反映征收补偿款没有足额发放，要求核查。",),
                categories=(Category.LAND,),
                purpose=Purpose.CLAIM,
            )
        )

    def dispatched(self, days: int, unit: str = "", due: int | None = None) -> "Life":
        due_on = None if due is None else self.ago(due)
        unit = unit or self.unit
        return self.add(
            CaseDispatched(kind=DispatchKind.FORWARD, unit=unit, dispatched_on=self.ago(days), due_on=due_on)
        )

    def sent_back(self, days: int, unit: str = "") -> "Life":
        unit = unit or self.unit
        return self.add(DispatchObjected(unit=unit, objected_on=self.ago(days), reason="不属于本单位职责范围"))

    def told(self, days: int) -> "Life":
        return self.add(NoticeOfAcceptanceServed(unit=self.unit, served_on=self.ago(days), how=ServedHow.IN_PERSON))

    def accepted(self, days: int) -> "Life":
        return self.add(CaseAccepted(unit=self.unit, accepted_on=self.ago(days)))

    def taken_up(self, days: int) -> "Life":
        """Sent on, accepted, and the person told, within a few days."""
        return self.dispatched(days + 2).accepted(days).told(days)

    def owned(self, days: int) -> "Life":
        return self.add(LeaderAssigned(leader=LI, unit=self.unit, assigned_on=self.ago(days)))

    def planned(self, days: int) -> "Life":
        measures = (Measure(what="核对发放清单", who="经管站", due_on=self.ago(-60)),)
        return self.add(PlanAdopted(adopted_on=self.ago(days), measures=measures))

    def visited(self, *days: int) -> "Life":
        for n in days:
            self.add(VisitLogged(visit_id=f"visit-{n}", kind=VisitKind.GOING_DOWN, visited_on=self.ago(n), official=LI))
        return self

    def came_again(self, *days: int) -> "Life":
        for n in days:
            self.add(RepeatPetitionLinked(petition_id=f"again-{n}", channel=Channel.VISIT, received_on=self.ago(n)))
        return self

    def reported(self, *days: int) -> "Life":
        """Comments, each in words of its own: none of them is anything that was done."""
        for n in days:
            text = "".join(self.random.sample(SAID, 20))
            self.add(ProgressReported(report_id=f"report-{n}", reported_on=self.ago(n), text=text))
        return self

    def extended(self, days: int, by: int = 30) -> "Life":
        on = self.ago(days)
        return self.add(ExtensionApproved(days=by, approved_on=on, approved_by=LI, reason="案情复杂", told_on=on))

    def stood_still(self, days: int, until: int) -> "Life":
        ground = SuspensionGround.COURT
        self.add(ClockSuspended(suspended_on=self.ago(days), ground=ground, note="民事诉讼未决"))
        return self.add(ClockResumed(resumed_on=self.ago(until)))

    def closed(self, days: int) -> "Life":
        return self.add(CaseClosed(closed_on=self.ago(days), summary="差额已补发"))

    def relapsed(self, days: int) -> "Life":
        return self.add(CaseRelapsed(sign=RelapseSign.BROKEN_AGREEMENT, relapsed_on=self.ago(days)))

    def add(self, fact: Fact) -> "Life":
        self.facts.append(fact)
        return self


def unassigned(life: Life) -> None:
    """无人包案: all is done as it should be, and nobody owns it: 15 days from the dispatch."""
    life.registered(18).dispatched(16).accepted(14).told(14).planned(12).visited(11, 4)


def no_superior(life: Life) -> None:
    """无上级可报: nobody owns it, its unit has no head on record, and nothing was ever done."""
    life.registered(31).dispatched(16).accepted(14).told(14)


def touched_daily(life: Life) -> None:
    """天天有动静: for a month a comment every day, and the person comes again and again; nothing is done."""
    life.registered(50).taken_up(45).owned(44).planned(40).visited(31)
    life.reported(*range(30, 0, -1)).came_again(*life.random.sample(range(1, 31), 3))


def parked(life: Life) -> None:
    """待重新交办: sent back on the day itself, with a reason, and left lying there."""
    life.registered(31).told(18).dispatched(16).sent_back(16)


def reopened(life: Life) -> None:
    """重新打开: closed for long, back again, and its leader has not moved since."""
    life.registered(300).taken_up(290).owned(289).planned(285).visited(280, 260).closed(240).relapsed(31)
    life.reported(*life.random.sample(range(1, 31), 4))


def registered_anew(life: Life) -> None:
    """重登: the same matter entered once more, sent out and accepted anew: the 60 days go on from the first acceptance."""
    life.registered(66).taken_up(61).owned(60).planned(58).visited(50, 30, 10)
    life.came_again(3).dispatched(2).accepted(0)


def moved_about(life: Life) -> None:
    """推诿退转: sent back by one, given to another, passed on to a third."""
    first, second, third = life.random.sample(UNITS, 3)
    life.registered(8).dispatched(6, first).sent_back(5, first).dispatched(3, second).dispatched(0, third)


def extended_late(life: Life) -> None:
    """到期后延期: the limit has passed unanswered, and is then extended."""
    life.registered(66).taken_up(61).owned(60).planned(58).visited(50, 30, 10).extended(0)


def diligent(life: Life) -> None:
    """认真办理: every step in its time."""
    life.registered(50).taken_up(47).owned(46).planned(40).visited(39, 20, 1).reported(30, 10)


def paused(life: Life) -> None:
    """依法中止: long untouched, because a court had it; no more of its own days were used than are allowed."""
    life.registered(80).taken_up(75).owned(74).planned(72).visited(70).stood_still(65, 6)


def lawfully_extended(life: Life) -> None:
    """依法延期: extended before its limit, with good reason, and the person was told."""
    life.registered(80).taken_up(75).owned(74).planned(72).visited(70, 50, 30).extended(25).visited(7)


def on_the_last_day(life: Life) -> None:
    """末日办理: every step on the last day that is in time."""
    life.registered(60).dispatched(45).told(30).accepted(30).owned(30).visited(30, 0).came_again(15)


@dataclass(frozen=True)
class Kind:
    """How a life is built, and which signs it shows from the day of its turn, by construction."""

    build: Callable[[Life], None]
    shows: frozenset[str]

    @property
    def name(self) -> str:
        """What people call it, as its text begins."""
        return f"{(self.build.__doc__ or '').partition(':')[0]} {self.build.__name__}"


KINDS = tuple(
    Kind(build, frozenset(shows))
    for build, shows in (
        (unassigned, {"no-leader"}),
        (no_superior, {"no-leader", "idle"}),
        (touched_daily, {"idle"}),
        (parked, {"no-leader", "idle", "not-forwarded"}),
        (reopened, {"idle", "leader-absent"}),
        (registered_anew, {"overdue", "clock-reset"}),
        (moved_about, {"ping-pong"}),
        (extended_late, {"overdue", "invalid-extension"}),
        (diligent, set()),
        (paused, set()),
        (lawfully_extended, set()),
        (on_the_last_day, set()),
    )
)


@dataclass(frozen=True)
class Planted:
    """生成案件: a case, what happens in it in the order of its days, and what there is to be found in it."""

    case_id: str
    kind: Kind
    turn: date
    facts: tuple[Fact, ...]

    @property
    def signs(self) -> Mapping[str, date]:
        """The rules that have to find something, each with the first day on which there is something to be found."""
        return dict.fromkeys(self.kind.shows, self.turn)


def planted(number: int) -> Planted:
    """The n-th case: the kinds take turns; day, unit and details are drawn by its number."""
    random, kind = Random(number), KINDS[number % len(KINDS)]
    life = Life(random.choice(WINDOW), random.choice(UNITS), random)
    kind.build(life)
    return Planted(f"case-{number}", kind, life.turn, tuple(sorted(life.facts, key=happened_on)))


def happened_on(fact: Fact) -> date:
    """The day on which a fact says that it happened; all of these say one."""
    claimed = fact.claimed_time()
    assert isinstance(claimed, date)
    return claimed
