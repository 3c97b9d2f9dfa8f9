"""An invented county's facts: twelve for each case, in the order in which the three speakers' logs would hold them."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from eventsourcing.persistence import StoredEvent
from pydantic_core import from_json

from deploy.demo import SAMPLE_REGION
from services.reporting.rebuilding import BATCH
from shared.bus import origin_of
from shared.events import GENESIS, Asked, Fact, Official, document, sha256
from shared.events.casework import (
    CaseAccepted,
    CaseClosed,
    LeaderAssigned,
    Measure,
    OpinionServed,
    PlanAdopted,
    VisitLogged,
)
from shared.events.intake import CaseDispatched, CaseRegistered
from shared.events.supervision import Addressee, CaseStalled, Evidence, FindingRaised, NoticeIssued, StallCleared
from shared.store import Delivery, Log, SQLiteLog
from shared.terms import Category, Channel, DispatchKind, FindingKind, NoticeLevel, Outcome, ServedHow, VisitKind

APPENDED = 500
"""Facts in one append."""
IN_HAND = 300
"""Cases that the county works on at the same time: so far apart in the log lie two steps of one case."""
FACTS_PER_CASE = 12
CASEWORK_FACTS_PER_CASE = 6

OFFICIAL = Official(id="L-007", name="张某某", post="副县长")
UNIT = "城关镇人民政府"
FIRST_DAY = date(2025, 1, 6)


def opening(n: int) -> CaseRegistered:
    """The registration of the n-th case."""
    return CaseRegistered(
        petitioner_id=f"p-{n:032x}",
        channel=Channel.VISIT,
        received_on=FIRST_DAY,
        region=SAMPLE_REGION,
        unit="县信访局",
        demands=(f"反映第{n}号地块征收补偿款至今未足额发放，要求核查并补发。",),
        headcount=3,
        categories=(Category.LAND,),
        original_number=f"河信〔2025〕{n}号",
    )


def visit(n: int, day: int) -> VisitLogged:
    """A visit in the n-th case."""
    return VisitLogged(
        visit_id=f"v-{n}-{day}",
        kind=VisitKind.GOING_DOWN,
        visited_on=FIRST_DAY + timedelta(days=day),
        official=OFFICIAL,
        note="到村核对征收协议和发放清单，与信访人当面说明差额的由来。",
    )


def life(n: int) -> dict[str, list[Fact]]:
    """What each speaker says of the n-th case."""

    def day(after: int) -> date:
        return FIRST_DAY + timedelta(days=after)

    moment = datetime(2025, 4, 1, 4, tzinfo=UTC)
    zh = "自受理至今已过 60 日办理期限，期间仅有两次下访记录，未见书面答复送达信访人（信访工作条例第三十四条）。"
    en = "The 60 days of Art 34 have passed since acceptance; two visits are logged and no written reply was served."
    evidence = tuple(
        Evidence(id=f"casework:case-{n}:{v}", type="VisitLogged", on=day(20), why_zh="计入", why_en="counts")
        for v in (4, 5)
    )
    casework: list[Fact] = [
        CaseAccepted(unit=UNIT, accepted_on=day(5)),
        LeaderAssigned(leader=OFFICIAL, unit=UNIT, assigned_on=day(6)),
        PlanAdopted(adopted_on=day(10), measures=(Measure(what="核对发放清单", who="经管站", due_on=day(30)),)),
        visit(n, 20),
        OpinionServed(
            number=f"河政信复〔2025〕{n}号", outcome=Outcome.SUPPORTED, served_on=day(90), how=ServedHow.IN_PERSON
        ),
        CaseClosed(closed_on=day(91), summary="差额已补发，信访人签字确认。"),
    ]
    assert len(casework) == CASEWORK_FACTS_PER_CASE
    return {
        "intake": [
            opening(n),
            CaseDispatched(kind=DispatchKind.ASSIGN, unit=UNIT, dispatched_on=day(2), due_on=day(62)),
        ],
        "casework": casework,
        "supervision": [
            FindingRaised(
                finding_id=f"F-{n}", rule="handling-overdue", name="超期未办结", kind=FindingKind.BREACH, basis="第三十四条",
                policy="national-2026.7", since=day(66), as_of=moment, sentence_zh=zh, sentence_en=en, counted=evidence,
                ignored=(), arithmetic=("2025-01-11 + 60 日 = 2025-03-12",),
            ),
            CaseStalled(since=day(66), rules=("handling-overdue",), sentence_zh=zh, sentence_en=en, policy="national-2026.7"),
            NoticeIssued(
                notice_id=f"N-{n}", level=NoticeLevel.REMINDER, findings=(f"F-{n}",), sentence_zh=zh, sentence_en=en,
                addressee=Addressee(role="leader", name=OFFICIAL.name, unit=UNIT), issued_on=day(67), due_on=day(82),
                policy="national-2026.7",
            ),
            StallCleared(as_of=moment),
        ],
    }  # fmt: skip


def logs(folder: Path, facts: int) -> dict[str, Log]:
    """The logs of the three speakers, with about so many facts in all. Close them."""
    made: dict[str, Log] = {}
    cases = range(facts // FACTS_PER_CASE)
    for speaker in life(0):
        made[speaker] = SQLiteLog(folder / f"{speaker}.db")
        waiting: list[StoredEvent] = []
        for event in _events(speaker, cases):
            waiting.append(event)
            if len(waiting) == APPENDED:
                made[speaker].append(waiting)
                waiting = []
        if waiting:
            made[speaker].append(waiting)
    return made


def _events(speaker: str, cases: range) -> Iterator[StoredEvent]:
    lives = {n: life(n)[speaker] for n in cases}
    steps = sorted((n + step * IN_HAND, n, step) for n in cases for step in range(len(lives[n])))
    previous: dict[int, bytes] = {}
    for at, n, step in steps:
        fact = lives[n][step]
        asked = Asked(
            actor="bench", role="petition-office", now=datetime(2025, 5, 1, tzinfo=UTC) + timedelta(seconds=at)
        )
        prevhash = sha256(previous[n]) if n in previous else GENESIS
        raw = document(
            fact, region=SAMPLE_REGION, case_id=f"case-{n}", version=step + 1, prevhash=prevhash, asked=asked
        )
        previous[n] = raw
        yield StoredEvent(f"case-{n}", step + 1, f"{type(fact).__name__}:{fact.schema_version}", raw)


def deliveries(speaker: str, log: Log) -> Iterator[Delivery]:
    """A log as listeners get it."""
    origin, epoch, previous = origin_of(SAMPLE_REGION, speaker), log.epoch(), 0
    while events := log.since(previous, APPENDED):
        for event in events:
            yield Delivery(origin, epoch, event.id, previous, event.state)
            previous = event.id


def merged(logs: Mapping[str, Log]) -> list[list[Delivery]]:
    """All logs together, by the time of recording, in batches as a rebuild makes them."""
    every = [delivery for speaker, log in logs.items() for delivery in deliveries(speaker, log)]
    every.sort(key=lambda delivery: str(from_json(delivery.document)["time"]))
    return [every[n : n + BATCH] for n in range(0, len(every), BATCH)]
