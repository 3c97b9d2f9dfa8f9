"""What follows from verdicts: findings, the stall, the notice ladder, and when the case is asked again."""

from services.supervision.domain import scope, supervision
from services.supervision.domain.judging import Assess, next_moment
from services.supervision.domain.sweeps import SWEEPS, RecordSweep
from services.supervision.dossier import Dossier
from services.supervision.queries import dossier_of
from shared.decider import Scope, obey
from shared.events import Fact
from shared.events.supervision import (
    CaseStalled,
    FindingRaised,
    FindingResolved,
    FindingRestated,
    NoticeIssued,
    ReverseInquiryOpened,
    SweepCompleted,
)
from shared.standard import Standard
from shared.terms import NoticeLevel
from tests.sample import (
    BUREAU,
    TOWN,
    closed,
    day,
    dispatched,
    leader,
    objected,
    plan,
    registered,
    relapsed,
    reply,
    report,
    visit,
)
from tests.spec import Spec, asked, recorded
from tests.supervision.lives import Late, concluded, diary, history, lived, moment, only, overlay, then_another

HERE = registered("2026-01-05")
DILIGENT = (HERE, leader("2026-01-06"), visit("2026-01-07"), reply("2026-01-08"))
"""Idle from 2026-02-08 on, and nothing else; silent until 2026-02-07."""


def test_a_finding_is_raised_with_its_evidence_the_case_is_idle_and_somebody_is_told(standard: Standard) -> None:
    facts = history(*DILIGENT)
    now = moment("2026-02-07")
    quiet = Spec(supervision(standard), now).given(*facts)
    quiet.when(Assess(as_of=now)).then()
    late = moment("2026-02-08")
    raised, stalled, told = concluded(standard, dossier_of(facts), late)
    Spec(supervision(standard), late).given(*facts).when(Assess(as_of=late)).then(raised, stalled, told)
    assert isinstance(raised, FindingRaised)
    assert (raised.rule, raised.since, raised.policy) == ("idle", day("2026-02-08"), "national-2026.7")
    assert raised.counted[0].type == "OpinionServed"
    assert isinstance(stalled, CaseStalled)
    assert stalled.sentence_zh == raised.sentence_zh
    assert isinstance(told, NoticeIssued)
    assert (told.level, told.due_on, told.addressee.name) == (NoticeLevel.REMINDER, day("2026-02-18"), "李某 副镇长")


def test_what_is_not_registered_is_not_judged(standard: Standard) -> None:
    spec = Spec(supervision(standard))
    spec.given(leader("2026-01-06")).when(Assess(as_of=moment("2026-11-20"))).then_rejected("no-such-case")
    assert next_moment(standard, dossier_of(history(leader("2026-01-06"))), moment("2026-11-20")) is None


def test_a_case_that_is_registered_for_a_later_day_is_left_alone_until_then(standard: Standard) -> None:
    dossier = dossier_of(history(Late(HERE, "2026-01-01")))
    assert concluded(standard, dossier, moment("2026-01-02")) == []
    assert next_moment(standard, dossier, moment("2026-01-02")) == moment("2026-01-05")


# Findings


def test_a_finding_is_resolved_by_what_it_asked_for_and_the_notice_and_the_stall_end(standard: Standard) -> None:
    watched = lived(standard, *DILIGENT, visit("2026-02-10"), until="2026-03-12")
    assert diary(watched, Fact) == [
        "02-08 FindingRaised finding-1 idle",
        "02-08 stalled idle",
        "02-08 reminder notice-1",
        "02-10 FindingResolved finding-1 idle",
        "02-10 StallCleared",
        "02-10 closed notice-1",
    ]
    resolved = next(r.fact for r in watched.said if isinstance(r.fact, FindingResolved))
    assert resolved.sentence_zh == "最近一次实质进展是 2026-02-10 的接访，最迟 2026-03-12 应有新的进展"


def test_a_finding_that_comes_again_is_another_finding(standard: Standard) -> None:
    watched = lived(standard, *DILIGENT, visit("2026-02-10"), until="2026-03-13")
    assert diary(watched, Fact)[-3:] == [
        "03-13 FindingRaised finding-2 idle",
        "03-13 stalled idle",
        "03-13 reminder notice-2",
    ]


def test_a_late_fact_that_moves_the_ground_restates_the_finding_and_leaves_the_notice_alone(standard: Standard) -> None:
    facts = (*DILIGENT, Late(plan("2026-01-09"), "2026-02-12"))
    watched = lived(standard, *facts, until="2026-02-15")
    assert diary(watched, Fact)[3:] == ["02-12 FindingRestated finding-1 idle", "02-12 stalled idle"]
    restated = watched.said[3].fact
    assert isinstance(restated, FindingRestated)
    assert restated.since == day("2026-02-09")
    assert restated.counted[0].type == "PlanAdopted"
    assert watched.dossier.stalled is not None
    assert watched.dossier.stalled.since == day("2026-02-09")
    assert watched.dossier.findings == {"idle": restated}


def test_another_return_restates_how_often_it_was_sent_back(standard: Standard) -> None:
    moves = (dispatched("2026-01-07"), objected("2026-01-08"), objected("2026-01-09"), objected("2026-01-10"))
    watched = lived(standard, HERE, *moves, until="2026-01-11")
    found = [r.fact for r in watched.said if isinstance(r.fact, FindingRaised)]
    assert [(fact.since, len(fact.counted)) for fact in found] == [(day("2026-01-09"), 2), (day("2026-01-09"), 3)]
    assert watched.dossier.findings["ping-pong"].finding_id == "finding-1"
    assert "3 次" in watched.dossier.findings["ping-pong"].sentence_zh


def test_growing_older_restates_nothing(standard: Standard) -> None:
    daily = [report(f"2026-02-{n:02}") for n in range(9, 18)]
    watched = lived(standard, *DILIGENT, *daily, until="2026-02-18")
    assert len(watched.said) == 3


def test_the_stall_says_what_still_holds_when_one_of_its_reasons_has_gone(standard: Standard) -> None:
    """Found: after a leader was named the list went on saying that there was none."""
    watched = lived(standard, HERE, leader("2026-02-10"), until="2026-02-12")
    assert diary(watched, CaseStalled) == [
        "01-21 stalled no-leader",
        "02-05 stalled no-leader idle",
        "02-10 stalled idle",
    ]
    assert watched.dossier.stalled is not None
    assert "没有包案领导" not in watched.dossier.stalled.sentence_zh
    assert watched.dossier.stalled.since == day("2026-02-05")


def test_a_relapse_is_found_but_is_no_stall(standard: Standard) -> None:
    watched = lived(standard, *DILIGENT, closed("2026-01-09"), relapsed("2026-01-20"), until="2026-01-25")
    assert diary(watched, Fact) == [
        "01-20 FindingRaised finding-1 relapse",
        "01-20 ReverseInquiryOpened",
        "01-20 reminder notice-1",
    ]
    assert watched.dossier.stalled is None


def test_a_reverse_inquiry_past_its_day_is_told_to_the_joint_meeting(national: Standard) -> None:
    """Found: it only stood in a list of what waits; whoever was to look into the closing was asked by nobody."""
    life = (*DILIGENT, closed("2026-01-09"), relapsed("2026-01-20"))
    patient = overlay(only(national, "relapse", "supervisor-idle"), "supervisor-idle", days=90)
    watched = lived(patient, *life, until="2026-02-25")
    assert diary(watched, FindingRaised) == [
        "01-20 FindingRaised finding-1 relapse",
        "02-20 FindingRaised finding-2 supervisor-idle",
    ]
    told = [r.fact for r in watched.said if isinstance(r.fact, NoticeIssued) and "finding-2" in r.fact.findings]
    assert [(str(fact.issued_on), fact.addressee.role) for fact in told] == [("2026-02-20", "joint-meeting")]


def test_what_came_back_is_looked_into_though_something_was_done_on_the_very_day(national: Standard) -> None:
    """Found: a visit on the day of the relapse, and nobody ever asked why the matter had been closed."""
    back = (*DILIGENT, closed("2026-01-09"), relapsed("2026-01-20"))
    watched = lived(only(national, "relapse"), *back, visit("2026-01-20"), until="2026-02-01")
    (inquiry,) = (r.fact for r in watched.said if isinstance(r.fact, ReverseInquiryOpened))
    assert (str(inquiry.closed_on), str(inquiry.back_on), inquiry.finding_id) == ("2026-01-09", "2026-01-20", "")
    told = Late(back[-1], "2026-01-20", imported=True)
    claimed = lived(only(national, "relapse"), *back[:-1], told, visit("2026-01-20"), until="2026-02-01")
    assert not any(isinstance(r.fact, ReverseInquiryOpened) for r in claimed.said)


def test_each_return_is_looked_into_once_and_a_ledgers_word_where_it_was_found(national: Standard) -> None:
    twice = (*DILIGENT, closed("2026-01-09"), relapsed("2026-01-20"), closed("2026-01-25"), relapsed("2026-02-10"))
    claimed = (*DILIGENT, closed("2026-01-09"), Late(relapsed("2026-01-20"), "2026-01-20", imported=True))
    for life, rule, opened in (
        (twice, "relapse", [("inquiry-1", "2026-01-20"), ("inquiry-2", "2026-02-10")]),
        (claimed, "relapse", [("inquiry-1", "2026-01-20")]),
        (twice, "idle", []),  # where nobody looks for returns
    ):
        said = (r.fact for r in lived(only(national, rule), *life, until="2026-03-01").said)
        found = [fact for fact in said if isinstance(fact, ReverseInquiryOpened)]
        assert [(fact.inquiry_id, str(fact.back_on)) for fact in found] == opened


def test_a_closed_case_is_quiet(standard: Standard) -> None:
    watched = lived(standard, HERE, closed("2026-01-10"), until="2028-01-01")
    assert watched.said == []
    assert watched.due is None


def test_closing_ends_everything(standard: Standard) -> None:
    watched = lived(standard, HERE, closed("2026-04-01"), until="2027-01-01")
    assert watched.dossier.findings == {}
    assert watched.dossier.stalled is None
    assert watched.dossier.notice is None
    raised, resolved = diary(watched, FindingRaised), diary(watched, FindingResolved)
    assert len(raised) == len(resolved) == 4
    assert "notice-unheeded" in raised[1]


def test_a_rule_that_a_new_policy_drops_takes_its_finding_with_it(standard: Standard) -> None:
    """Found: the finding of a rule that was switched off stayed open for good."""
    newer = then_another(standard, day("2026-02-12"), "idle", enabled=False)
    watched = lived(newer, *DILIGENT, until="2026-03-01")
    assert diary(watched, Fact)[3:] == [
        "02-12 FindingResolved finding-1 idle",
        "02-12 StallCleared",
        "02-12 closed notice-1",
    ]


def test_a_new_policy_is_applied_on_its_first_day_though_nothing_happens(standard: Standard) -> None:
    """Found: nobody asked again when another policy came into force, so it applied only after the next fact."""
    newer = then_another(standard, day("2026-01-20"), "idle", days=5)
    watched = lived(newer, *DILIGENT, until="2026-01-25")
    assert diary(watched, FindingRaised) == ["01-20 FindingRaised finding-1 idle"]
    (raised,) = (r.fact for r in watched.said if isinstance(r.fact, FindingRaised))
    assert (raised.since, raised.policy) == (day("2026-01-14"), "from-2026-01-20")


def test_a_stricter_policy_restates_what_was_found_and_a_milder_one_resolves_it(standard: Standard) -> None:
    stricter = lived(then_another(standard, day("2026-02-12"), "idle", days=20), *DILIGENT, until="2026-02-12")
    assert diary(stricter, FindingRestated) == ["02-12 FindingRestated finding-1 idle"]
    milder = lived(then_another(standard, day("2026-02-12"), "idle", days=90), *DILIGENT, until="2026-02-12")
    assert diary(milder, FindingResolved) == ["02-12 FindingResolved finding-1 idle"]


# The case as a whole


def test_the_case_belongs_to_every_unit_that_it_was_given_to() -> None:
    facts = (HERE, dispatched("2026-01-06"), objected("2026-01-07"), dispatched("2026-01-08", BUREAU))
    town = {(TOWN, HERE.received_on), (TOWN, day("2026-01-06"))}
    assert scope(dossier_of(history(*facts))) == Scope("610499", frozenset({*town, (BUREAU, day("2026-01-08"))}))
    assert scope(dossier_of(history(*facts[:3]))) == Scope("610499", frozenset(town))
    assert scope(Dossier()) is None


def test_a_sweep_is_recorded_as_it_was(standard: Standard) -> None:
    sweep = RecordSweep(
        as_of=moment("2026-11-20"), policy="national-2026.7", cases=3, due=2, decided=2, skipped=(), positions={"a": 7}
    )
    fact = SweepCompleted(**dict(sweep))
    decider = supervision(standard)
    assert obey(decider, Dossier(), sweep, asked()) == [fact]
    assert decider.evolve(Dossier(), recorded(fact, case_id=SWEEPS)) == Dossier()
