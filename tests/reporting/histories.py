"""Random histories of cases, as the three speakers would publish them; and what they come to, worked out slowly and plainly."""

import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from shared.events import GENESIS, Asked, Fact, Official, Recorded, document, read
from shared.events.casework import (
    CaseAccepted,
    CaseClosed,
    CaseRelapsed,
    ExtensionApproved,
    LeaderAssigned,
    LeaderReplaced,
    OpinionServed,
    PlanAdopted,
    ProgressReported,
    VisitLogged,
)
from shared.events.intake import (
    BacklogIdentified,
    CaseDispatched,
    CaseRegistered,
    DispatchObjected,
    RepeatPetitionLinked,
    RepeatPetitionUnlinked,
)
from shared.events.supervision import Addressee, CaseStalled, NoticeClosed, NoticeIssued, StallCleared
from shared.identity import UNIT_BOUND, Actor
from shared.store import Delivery
from shared.terms import (
    BacklogCriterion,
    Channel,
    DispatchKind,
    NoticeLevel,
    Outcome,
    RelapseSign,
    ServedHow,
    VisitKind,
)
from shared.workdays import business_date
from tests.spec import NOW, asked

START = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
UNITS = ("甲镇", "乙镇", "丙局")
REGIONS = ("610499", "610499100", "610401", "320500")
LEADERS = (
    Official(id="l-1", name="李某", post="副县长"),
    Official(id="l-2", name="王某"),
    Official(id="l-3", name="王某"),
)


def a_day(chance: random.Random) -> date:
    return date(2026, 1, 1) + timedelta(days=chance.randrange(60))


def _intake(chance: random.Random, n: int) -> Fact:
    day, unit = a_day(chance), chance.choice(UNITS)
    if n == 0:
        return CaseRegistered(
            petitioner_id="p",
            channel=chance.choice(list(Channel)),
            received_on=day,
            region=chance.choice(REGIONS),
            unit=unit,
            demands=chance.choice((("补偿款",), ("补偿款", "安置房"))),
            original_number=chance.choice((None, "HY-1", "HY-2")),
        )
    return chance.choice(
        (
            CaseDispatched(kind=DispatchKind.FORWARD, unit=unit, dispatched_on=day),
            DispatchObjected(unit=unit, objected_on=day, reason="不归我管"),
            RepeatPetitionLinked(petition_id=f"r-{n}", channel=Channel.VISIT, received_on=day),
            RepeatPetitionUnlinked(
                petition_id=f"r-{chance.randrange(1, n + 1)}",
                received_on=day,
                unlinked_on=day,
                belongs_to="case-2",
                approved_by=LEADERS[0],
                reason="另一事项",
            ),
            BacklogIdentified(criterion=BacklogCriterion.REPEATED, identified_on=day),
        )
    )


def _casework(chance: random.Random, n: int) -> Fact:
    day, unit, who = a_day(chance), chance.choice(UNITS), chance.choice(LEADERS)
    return chance.choice(
        (
            CaseAccepted(unit=unit, accepted_on=day),
            LeaderAssigned(leader=who, unit=unit, assigned_on=day),
            LeaderReplaced(leader=who, unit=unit, replaced_on=day, reason="调整"),
            VisitLogged(visit_id=f"v-{n}", kind=VisitKind.HOME, visited_on=day, official=who),
            PlanAdopted(adopted_on=day, measures=()),
            ExtensionApproved(days=chance.randrange(1, 31), approved_on=day, approved_by=who, reason="复杂"),
            OpinionServed(
                number=f"{n}",
                outcome=chance.choice(list(Outcome)),
                served_on=day,
                how=ServedHow.BY_POST,
                demands=chance.choice(((), (1,), (2,))),
            ),
            ProgressReported(report_id=f"{n}", reported_on=day, text="在办"),
            CaseClosed(closed_on=day),
            CaseRelapsed(sign=RelapseSign.REPEAT_PETITION, relapsed_on=day),
        )
    )


def _supervision(chance: random.Random, n: int) -> Fact:
    day, unit = a_day(chance), chance.choice(UNITS)
    if n % 2:
        level = chance.choice(list(NoticeLevel))
        told = Addressee(role="unit-head", name=f"{unit}主要负责人", unit=unit)
        due = chance.choice((None, day))
        return NoticeIssued(
            notice_id=f"notice-{n}",
            level=level,
            addressee=told,
            findings=(),
            sentence_zh="空转",
            sentence_en="idle",
            issued_on=day,
            due_on=due,
            follows=f"notice-{n - 2}" if n > 2 else None,
            policy="p-1",
        )
    return chance.choice(
        (
            CaseStalled(since=day, rules=("idle",), sentence_zh="空转", sentence_en="idle", policy="p-1"),
            StallCleared(as_of=START),
            NoticeClosed(notice_id=f"notice-{max(n - 1, 1)}", as_of=START),
        )
    )


def at(n: int) -> datetime:
    """When the nth fact of a log was recorded."""
    return NOW + timedelta(minutes=n)


def log(*facts: tuple[str, Fact]) -> list[Delivery]:
    """One speaker's log of these facts, each the next of its history, and recorded a minute after the one before."""
    said: list[Delivery] = []
    versions: dict[str, int] = {}
    for n, (name, fact) in enumerate(facts, 1):
        versions[name] = versions.get(name, 0) + 1
        raw = document(
            fact, region="610499", case_id=name, version=versions[name], prevhash=GENESIS, asked=asked(at(n))
        )
        said.append(Delivery(f"610499.{fact.speaker}", "e", n, n - 1, raw))
    return said


SPEAKERS = {"intake": _intake, "casework": _casework, "supervision": _supervision}


def logs(chance: random.Random, cases: int) -> dict[str, list[Delivery]]:
    """Each speaker's log, in its own order; the moments of recording rise, and are mixed between the logs."""
    turns = [
        (case_id, speaker, n)
        for case_id in (f"case-{c}" for c in range(cases))
        for speaker in SPEAKERS
        for n in range(chance.randrange(1 if speaker == "intake" else 0, 6))
    ]
    order = sorted(range(len(turns)), key=lambda _: chance.random())
    found: dict[str, list[Delivery]] = {speaker: [] for speaker in SPEAKERS}
    counters: dict[tuple[str, str], int] = {}
    for minute, turn in enumerate(order):
        case_id, speaker, _ = turns[turn]
        n = counters.get((case_id, speaker), 0)
        counters[case_id, speaker] = n + 1
        told = Asked(actor="tester", role="system", now=START + timedelta(minutes=minute))
        fact = SPEAKERS[speaker](chance, n)
        raw = document(fact, region="610499", case_id=case_id, version=n + 1, prevhash=GENESIS, asked=told)
        position = len(found[speaker]) + 1
        found[speaker].append(Delivery(f"610499.{speaker}", "e", position, position - 1, raw))
    return found


def by_time(said: dict[str, list[Delivery]]) -> list[Delivery]:
    """All logs as one who hears at once would hear them."""
    return sorted((d for log in said.values() for d in log), key=lambda d: read(d.document).time)


class Slow:
    """The answers, read off the facts one by one."""

    def __init__(self, facts: Sequence[Recorded]) -> None:
        self._cases: dict[str, list[Recorded]] = defaultdict(list)
        for fact in sorted(facts, key=lambda f: (f.occurred_on, f.service != "intake", f.version)):
            self._cases[fact.case_id].append(fact)

    def of(self, case_id: str) -> list[Recorded]:
        """A case's facts as they are claimed to have happened."""
        return self._cases[case_id]

    def row(self, case_id: str) -> dict[str, Any] | None:
        """The case's row; None while it is not registered."""
        all_said = self.of(case_id)
        said = [fact.fact for fact in all_said if fact.service != "supervision"]
        registered = next((fact for fact in said if isinstance(fact, CaseRegistered)), None)
        if registered is None:
            return None
        holder, dispatched = registered.unit, False
        for fact in said:
            if isinstance(fact, CaseDispatched | CaseAccepted):
                holder, dispatched = fact.unit, isinstance(fact, CaseDispatched)
            elif isinstance(fact, DispatchObjected) and fact.unit == holder:
                holder, dispatched = "", False
        led = [f for f in said if isinstance(f, LeaderAssigned | LeaderReplaced)]
        ends = [f for f in said if isinstance(f, CaseClosed | CaseRelapsed)]
        closed = ends[-1] if ends and isinstance(ends[-1], CaseClosed) else None
        accepted = [f.accepted_on for f in said if isinstance(f, CaseAccepted)]
        if closed:
            state = "closed"
        elif ends:
            state = "relapsed"
        else:
            state = "handling" if accepted else ("dispatched" if dispatched else "registered")
        stalls = sorted((f for f in all_said if f.service == "supervision"), key=lambda f: f.version)
        stall = [f for f in stalls if isinstance(f.fact, CaseStalled | StallCleared)]
        idle = stall[-1].fact if stall and isinstance(stall[-1].fact, CaseStalled) else None
        replies = [f for f in said if isinstance(f, OpinionServed)]
        answered, replied_on = set[int](), None
        for fact in said:
            if isinstance(fact, CaseRelapsed):
                answered, replied_on = set(), None
            elif isinstance(fact, OpinionServed):
                answered |= set(fact.demands or (1, 2))
                if answered >= {*range(1, len(registered.demands) + 1)}:
                    replied_on = replied_on or fact.served_on
        taken_back = {f.petition_id for f in said if isinstance(f, RepeatPetitionUnlinked)}
        visits = [f.visited_on for f in said if isinstance(f, VisitLogged)]
        plans = [f.adopted_on for f in said if isinstance(f, PlanAdopted)]
        return {
            "case_id": case_id,
            "original_number": registered.original_number,
            "received_on": registered.received_on,
            "region": registered.region,
            "channel": registered.channel.value,
            "categories": "",
            "headcount": 1,
            "demand": "；".join(registered.demands),
            "backlog": any(isinstance(f, BacklogIdentified) for f in said),
            "route": None,
            "merged_into": None,
            "refused_on": None,
            "repeats": sum(isinstance(f, RepeatPetitionLinked) and f.petition_id not in taken_back for f in said),
            "unit": holder,
            "due_on": None,
            "state": state,
            "accepted_on": min(accepted, default=None),
            "leader_id": led[-1].leader.id if led else None,
            "leader": " ".join(filter(None, (led[-1].leader.name, led[-1].leader.post))) if led else None,
            "visits": len(visits),
            "last_visit_on": max(visits, default=None),
            "plan_on": max(plans, default=None),
            "extended_days": sum(f.days for f in said if isinstance(f, ExtensionApproved)),
            "replied_on": replied_on,
            "unanswered": len({*range(1, len(registered.demands) + 1)} - answered),
            "outcome": replies[-1].outcome.value if replies else None,
            "closed_on": closed.closed_on if isinstance(closed, CaseClosed) else None,
            "relapses": sum(isinstance(f, CaseRelapsed) for f in said),
            "stalled_since": idle.since if isinstance(idle, CaseStalled) else None,
            "stall_zh": "空转" if idle else None,
            "stall_en": "idle" if idle else None,
            "stall_said_on": business_date(stall[-1].time) if idle else None,
        }

    def rows(self) -> list[dict[str, Any]]:
        """Every case's row, in the order of a list."""
        found = [row for case_id in list(self._cases) if (row := self.row(case_id))]
        never = date(9999, 12, 31)
        return sorted(found, key=lambda r: (r["stalled_since"] or never, r["received_on"], r["case_id"]))

    def live_notices(self) -> set[tuple[str, str]]:
        """The notices that are out."""
        out: set[tuple[str, str]] = set()
        for case_id, facts in self._cases.items():
            for fact in sorted((f for f in facts if f.service == "supervision"), key=lambda f: f.version):
                match fact.fact:
                    case NoticeIssued(notice_id=notice, follows=before):
                        out -= {(case_id, str(before))}
                        out |= {(case_id, notice)}
                    case NoticeClosed(notice_id=notice):
                        out -= {(case_id, notice)}
        return out

    def units(self, case_id: str) -> set[str]:
        """Every unit that a fact names as having the case."""
        return {unit for f in self.of(case_id) if (unit := getattr(f.fact, "unit", None))}

    def seen(self, rows: Iterable[dict[str, Any]], actor: Actor, now: "Slow") -> list[dict[str, Any]]:
        """Those that this actor may see, by who has the case now."""
        return [
            row
            for row in rows
            if actor.covers_region(row["region"])
            and (actor.role not in UNIT_BOUND or actor.unit in now.units(row["case_id"]))
        ]
