"""Laws of the account: whatever people answer and judge on whatever days, and whenever the clock asks."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.supervision.domain import State, supervision
from services.supervision.domain.desk import CaseCommand
from services.supervision.domain.findings import AnswerFinding, UpholdFinding, WithdrawFinding
from services.supervision.domain.inspections import HoldInspection
from services.supervision.domain.notices import (
    AcknowledgeNotice,
    AnswerNotice,
    JudgeRectification,
    RecordService,
    ReportRectification,
    WithdrawNotice,
)
from services.supervision.domain.suggestions import AnswerSuggestion, MakeSuggestion
from services.supervision.domain.treatments import DecideSanction, ProposeSanction, RevokeSanction
from services.supervision.dossier import Dossier, evolve
from services.supervision.rules import AFTERMATH
from shared.decider import Decider, Rejected, obey
from shared.events import Asked
from shared.events.supervision import (
    FindingAnswered,
    FindingRaised,
    FindingUpheld,
    InspectionHeld,
    NoticeAcknowledged,
    NoticeIssued,
    NoticeServed,
    NoticeSupplemented,
    SanctionDecided,
    SanctionProposed,
    SanctionRevoked,
    SuggestionAnswered,
    SuggestionMade,
)
from shared.standard import Standard
from shared.terms import NoticeLevel
from shared.workdays import DAY, start_of
from tests.sample import LI, accepted, leader, registered, visit
from tests.spec import recorded
from tests.supervision.account import command
from tests.supervision.lives import Watched, history, overlay

FIRST, LAST = date(2026, 2, 1), date(2026, 5, 31)
LIFE = history(registered("2026-01-05"), accepted("2026-01-06"), leader("2026-01-20", LI), visit("2026-01-21"))
Word = tuple[date, CaseCommand]


def _answer(on: date, n: int) -> CaseCommand:
    return command(AnswerFinding, finding_id=f"finding-{n}", answered_on=on)


def _uphold(on: date, n: int) -> CaseCommand:
    return command(UpholdFinding, finding_id=f"finding-{n}", upheld_on=on)


def _withdraw(on: date, n: int) -> CaseCommand:
    return command(WithdrawFinding, finding_id=f"finding-{n}", withdrawn_on=on)


def _reply(on: date, n: int) -> CaseCommand:
    return command(AnswerNotice, notice_id=f"notice-{n}", answered_on=on)


def _report(on: date, n: int) -> CaseCommand:
    return command(ReportRectification, notice_id=f"notice-{n}", report_id=f"r-{n}-{on}", reported_on=on)


def _take_back(on: date, n: int) -> CaseCommand:
    return command(WithdrawNotice, notice_id=f"notice-{n}", withdrawn_on=on, reissue=n % 2 == 0)


def _serve(on: date, n: int) -> CaseCommand:
    return command(RecordService, notice_id=f"notice-{n}", served_on=on)


def _acknowledge(on: date, n: int) -> CaseCommand:
    return command(AcknowledgeNotice, notice_id=f"notice-{n}", acknowledged_on=on)


def _suggest(on: date, n: int) -> CaseCommand:
    return command(MakeSuggestion, suggestion_id=f"s-{n}", findings=(), made_on=on)


def _feed_back(on: date, n: int) -> CaseCommand:
    return command(AnswerSuggestion, suggestion_id=f"s-{n}", answered_on=on)


def _inspect(on: date, n: int) -> CaseCommand:
    return command(HoldInspection, inspection_id=f"i-{n}", held_on=on)


def _propose(on: date, n: int) -> CaseCommand:
    return command(ProposeSanction, proposal_id=f"p-{n}", findings=(f"finding-{n}",), proposed_on=on)


def _decide(on: date, n: int) -> CaseCommand:
    return command(DecideSanction, proposal_id=f"p-{n}", decided_on=on)


def _revoke(on: date, n: int) -> CaseCommand:
    return command(RevokeSanction, proposal_id=f"p-{n}", revoked_on=on)


SAYINGS = (
    *(_answer, _uphold, _withdraw, _reply, _report, _take_back, _serve, _acknowledge),
    *(_suggest, _feed_back, _inspect, _propose, _decide, _revoke),
)


@st.composite
def words(draw: Callable[..., object], sayings: tuple[Callable[[date, int], CaseCommand], ...] = SAYINGS) -> list[Word]:
    """What people say, in the order of its days."""
    found = draw(st.lists(st.tuples(st.dates(FIRST, LAST), st.sampled_from(sayings), st.integers(1, 4)), max_size=10))
    assert isinstance(found, list)
    return [(on, say(on, n)) for on, say, n in sorted(found, key=lambda word: word[0])]


def lived(standard: Standard, said: list[Word], *, daily: bool, judged: bool = True) -> Watched:
    """The case, with these words; what a rule refuses is not said. Pending reports are judged wanting a week later."""
    watched, waiting, decider = Watched(standard), list(said), supervision(standard)
    for fact in LIFE:
        watched.hear(fact)
    on = FIRST
    while on <= LAST + 20 * DAY:
        if daily or (watched.due is not None and watched.due <= start_of(on)):
            watched.judge(start_of(on))
        now = start_of(on) + timedelta(hours=9)
        spoken = False
        while waiting and waiting[0][0] == on:
            spoken |= say(watched, decider, waiting.pop(0)[1], now)
        for course in watched.dossier.words.live:
            if judged and course.report is not None and course.report.reported_on + 7 * DAY == on:
                verdict = {"notice_id": course.notice.notice_id, "report_id": course.report.report_id}
                redo = command(JudgeRectification, **verdict, judged_on=on, redo_by=on + 10 * DAY)
                spoken |= say(watched, decider, redo, now)
        if spoken:
            watched.judge(now)
        on += DAY
    return watched


def say(watched: Watched, decider: Decider[State], asked: CaseCommand, now: datetime) -> bool:
    """Somebody says something, unless a rule refuses."""
    who = Asked(actor="x", role="system", now=now)
    try:
        facts = obey(decider, watched.dossier, asked, who)
    except Rejected:
        return False
    for fact in facts:
        written = recorded(fact, watched.heard + len(watched.said) + 1, now=now)
        watched.said.append(written)
        watched.dossier = evolve(watched.dossier, written)
    return bool(facts)


TWO_SUGGESTED = [(on, _suggest(on, n)) for n, on in enumerate((date(2026, 2, 6), date(2026, 2, 7)), start=1)]
"""Found: when one was overdue, nobody asked again on the day on which the other was."""


@settings(max_examples=25)
@given(words(), st.booleans())
@example(said=TWO_SUGGESTED, watching_too=False)
def test_one_live_notice_of_a_kind_no_finding_vanishes_and_any_ticks_lead_to_the_same(
    standard: Standard, said: list[Word], watching_too: bool
) -> None:
    standard = overlay(standard, "supervisor-idle", enabled=watching_too)
    daily, seldom = lived(standard, said, daily=True), lived(standard, said, daily=False)
    assert [(r.time, r.fact) for r in daily.said] == [(r.time, r.fact) for r in seldom.said]
    dossier = Dossier()
    for fact in LIFE:
        dossier = evolve(dossier, fact)
    raised: set[str] = set()
    for written in daily.said:
        dossier = evolve(dossier, written)
        if isinstance(written.fact, FindingRaised):
            raised.add(written.fact.finding_id)
        assert raised == dossier.words.known.keys()
        for office in (True, False):
            its = dossier.words.courses(about_office=office)
            assert len({course.on_last_rung for course in its}) == len(its)
            named = [name for course in its for name in course.notice.findings]
            assert len(named) == len({*named})
        for found in dossier.findings.values():
            assert found.finding_id in raised


@settings(max_examples=25)
@given(words())
def test_whatever_is_found_of_a_unit_is_told_at_once(standard: Standard, said: list[Word]) -> None:
    """Unless it is contested, or a named human has said that no more is to be told of it."""
    watched = lived(standard, said, daily=True)
    told, dossier, before = set[str](), Dossier(), None
    for written in [*LIFE, *watched.said]:
        if before is not None and written.time.date() > before.date():
            found = {f.finding_id for rule, f in dossier.findings.items() if rule not in AFTERMATH}
            assert found - dossier.words.silent <= told
        dossier = evolve(dossier, written)
        if isinstance(written.fact, NoticeIssued | NoticeSupplemented):
            told |= {*written.fact.findings}
        before = written.time
    assert any(isinstance(r.fact, NoticeSupplemented) for r in lived(standard, [], daily=False).said)


@settings(max_examples=25)
@given(words((_uphold, _reply)), words((_answer,)))
def test_nothing_heavier_follows_from_defending_oneself(
    standard: Standard, others: list[Word], answers: list[Word]
) -> None:
    """公务员法 Art 63: with the answers, no rung comes earlier, nor a higher one at all."""
    both = sorted((*others, *answers), key=lambda word: word[0])

    def rungs(watched: Watched) -> dict[NoticeLevel, datetime]:
        first: dict[NoticeLevel, datetime] = {}
        for written in watched.said:
            if isinstance(written.fact, NoticeIssued):
                first.setdefault(written.fact.level, written.time)
        return first

    # Upholding needs no answer once the time for it is over; so the same words are said in both lives, but for the answers.
    silent, defended = rungs(lived(standard, others, daily=False)), rungs(lived(standard, both, daily=False))
    assert defended.keys() <= silent.keys()
    for level, at in defended.items():
        assert at >= silent[level]


IN_ORDER = (
    *(_serve, _acknowledge, _answer, _uphold, _suggest, _feed_back, _inspect, _propose, _decide, _withdraw, _revoke),
)
"""Each word where it has its place, a day after the one before."""


def test_some_words_are_said(standard: Standard) -> None:
    """The laws are not empty: what may be said is taken, each word where it has its place."""
    first = date(2026, 2, 25)
    begun = [(first + n * DAY, word(first + n * DAY, 1)) for n, word in enumerate(IN_ORDER)]
    taken = {type(written.fact) for written in lived(standard, begun, daily=False).said}
    assert taken >= {
        *(NoticeServed, NoticeAcknowledged, FindingAnswered, FindingUpheld, SuggestionMade, SuggestionAnswered),
        *(InspectionHeld, SanctionProposed, SanctionDecided, SanctionRevoked, NoticeSupplemented),
    }
