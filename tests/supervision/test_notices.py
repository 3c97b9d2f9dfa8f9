"""The notice ladder: who is told of what, and what follows when it goes unheeded."""

from services.supervision.course import OFFICE
from services.supervision.domain import supervision
from services.supervision.domain.notices import ReportRectification
from services.supervision.dossier import evolve
from services.supervision.rules import AFTERMATH, OF_THE_WATCH
from shared.decider import obey
from shared.events import Asked
from shared.events.supervision import (
    FindingRaised,
    NoticeClosed,
    NoticeIssued,
    NoticeSupplemented,
)
from shared.policy import Rung
from shared.standard import Standard
from shared.terms import NoticeLevel
from tests.sample import (
    accepted,
    day,
    leader,
    merged,
    plan,
    registered,
    reply,
    report,
    unmerged,
    visit,
)
from tests.spec import recorded
from tests.supervision.account import command
from tests.supervision.deeds import planned
from tests.supervision.lives import Late, diary, lived, moment, only, rewritten

HERE = registered("2026-01-05")
DILIGENT = (HERE, leader("2026-01-06"), visit("2026-01-07"), reply("2026-01-08"))
"""Idle from 2026-02-08 on, and nothing else; silent until 2026-02-07."""


def test_a_notice_that_goes_unheeded_leads_to_the_next_rung_and_above_the_last_only_humans_decide(
    standard: Standard,
) -> None:
    watched = lived(standard, *DILIGENT, until="2027-12-31")
    assert diary(watched, NoticeIssued) == [
        "02-08 reminder notice-1",
        "02-19 supervision notice-2",
        "03-07 accountability notice-3",
    ]
    notices = [r.fact for r in watched.said if isinstance(r.fact, NoticeIssued)]
    assert [notice.follows for notice in notices] == [None, "notice-1", "notice-2"]
    assert [notice.due_on for notice in notices] == [day("2026-02-18"), day("2026-03-06"), None]


def test_a_notice_may_be_heeded_on_its_last_day(standard: Standard) -> None:
    judged = lived(standard, *DILIGENT, report("2026-02-18"), until="2026-02-19")
    assert diary(judged, NoticeIssued) == ["02-08 reminder notice-1", "02-19 supervision notice-2"]
    watched = lived(standard, *DILIGENT, visit("2026-02-18"), until="2026-03-01")
    assert diary(watched, NoticeIssued, NoticeClosed) == ["02-08 reminder notice-1", "02-18 closed notice-1"]


def test_a_policy_may_set_a_day_for_the_last_rung_and_nothing_follows_it(standard: Standard) -> None:
    """Found: the watch stopped on such a case with an IndexError."""
    answered = rewritten(
        standard,
        lambda policy: policy.model_copy(
            update={
                "notices": policy.notices.model_copy(
                    update={
                        "ladder": policy.notices.ladder
                        | {NoticeLevel.ACCOUNTABILITY: Rung(basis="第四十条", answer_days=30)}
                    }
                )
            }
        ),
    )
    watched = lived(answered, *DILIGENT, until="2027-12-31")
    assert len(diary(watched, NoticeIssued)) == 3


def test_whoever_was_reminded_of_one_thing_is_reminded_of_another_before_anything_worse(standard: Standard) -> None:
    facts = (HERE, accepted("2026-01-06"), visit("2026-01-12"), leader("2026-02-10"), plan("2026-02-10"))
    watched = lived(standard, *facts, until="2026-03-20")
    assert diary(watched, NoticeIssued, NoticeClosed, FindingRaised) == [
        "01-21 FindingRaised finding-1 no-leader",
        "01-21 reminder notice-1",
        "02-01 supervision notice-2",
        "02-01 FindingRaised finding-2 notice-unheeded",
        "02-10 closed notice-2",
        "03-08 FindingRaised finding-3 overdue",
        "03-08 reminder notice-3",
        "03-13 FindingRaised finding-4 idle",
        "03-19 supervision notice-4",
        "03-19 FindingRaised finding-5 notice-unheeded",
    ]


def test_what_stands_on_the_last_rung_keeps_nobody_from_being_told_of_something_else(national: Standard) -> None:
    """Found: once accountability had been proposed in a case, nobody was told of what came up in it later, be it the legal
    limit; and what nobody had been told of stood in the proposal.
    """
    watched = lived(national, HERE, accepted("2026-01-06"), visit("2026-01-07"), until="2026-08-15")
    raised = {r.fact.finding_id: r.fact.rule for r in watched.said if type(r.fact) is FindingRaised}
    issued = [r.fact for r in watched.said if isinstance(r.fact, NoticeIssued) and r.fact.addressee.role != OFFICE]
    assert [(str(notice.issued_on), notice.level, [raised[f] for f in notice.findings]) for notice in issued[:6]] == [
        ("2026-01-21", "reminder", ["no-leader", "not-told"]),
        ("2026-02-01", "supervision", ["no-leader", "not-told"]),
        ("2026-02-17", "accountability", ["no-leader", "not-told"]),
        ("2026-02-17", "reminder", ["idle"]),
        ("2026-02-28", "supervision", ["idle"]),
        ("2026-03-16", "accountability", ["no-leader", "not-told", "idle"]),
    ]
    told_on = {raised[f]: str(notice.issued_on) for notice in reversed(issued) for f in notice.findings}
    assert told_on.keys() == {rule for rule in raised.values() if rule not in AFTERMATH | OF_THE_WATCH}
    assert told_on["overdue"] == "2026-03-16"  # its reminder waited for the one about idling to go its way
    proposals = [notice for notice in issued if notice.level is NoticeLevel.ACCOUNTABILITY]
    before = [{f for other in issued[: issued.index(one)] for f in other.findings} for one in proposals]
    assert all({*one.findings} <= told for one, told in zip(proposals, before, strict=True))


def test_what_comes_up_while_a_notice_is_on_its_way_is_told_at_once(national: Standard) -> None:
    """Found: whoever had a notice to answer was not told of anything else until that one had gone its way, for months."""
    facts = (HERE, accepted("2026-01-06"), visit("2026-01-07"))
    watched = lived(only(national, "no-leader", "idle"), *facts, until="2026-03-17")
    said = [r.fact for r in watched.said if isinstance(r.fact, NoticeIssued | NoticeSupplemented)]
    rules = {r.fact.finding_id: r.fact.rule for r in watched.said if isinstance(r.fact, FindingRaised)}

    def line(fact: NoticeIssued | NoticeSupplemented) -> tuple[str, str, list[str]]:
        its = (fact.issued_on, fact.level.value) if isinstance(fact, NoticeIssued) else (fact.told_on, fact.notice_id)
        return f"{its[0]:%m-%d}", its[1], [rules[name] for name in fact.findings]

    assert [line(fact) for fact in said] == [
        ("01-21", "reminder", ["no-leader"]),
        ("02-01", "supervision", ["no-leader"]),
        ("02-07", "notice-2", ["idle"]),
        ("02-17", "accountability", ["no-leader"]),
        ("02-17", "reminder", ["idle"]),
        ("02-28", "supervision", ["idle"]),
        ("03-16", "accountability", ["no-leader", "idle"]),
    ]
    found_on = [f"{r.time:%m-%d}" for r in watched.said if isinstance(r.fact, FindingRaised)]
    assert found_on == ["01-20", "02-06"]  # in UTC: each was told on the day on which it was found


def test_what_was_told_beside_a_notice_has_its_own_when_that_is_settled(national: Standard) -> None:
    facts = (HERE, accepted("2026-01-06"), visit("2026-01-07"), leader("2026-02-10"))
    watched = lived(only(national, "no-leader", "idle"), *facts, until="2026-03-01")
    assert diary(watched, NoticeIssued, NoticeClosed, NoticeSupplemented) == [
        "01-21 reminder notice-1",
        "02-01 supervision notice-2",
        "02-07 NoticeSupplemented",
        "02-10 closed notice-2",
        "02-10 reminder notice-3",
        "02-21 supervision notice-4",
    ]


def test_what_is_answered_for_on_the_last_rung_is_not_mixed_with_what_comes_later(national: Standard) -> None:
    """While a report about what stands there waits for a supervisor, nothing more is put beside it."""
    decider = supervision(national)
    watched = lived(national, HERE, accepted("2026-01-06"), visit("2026-01-07"), until="2026-03-10")
    standing = next(course for course in watched.dossier.words.live if course.on_last_rung)
    asked = command(
        ReportRectification, notice_id=standing.notice.notice_id, report_id="r-1", reported_on=day("2026-03-10")
    )
    for fact in obey(decider, watched.dossier, asked, Asked(actor="x", role="system", now=moment("2026-03-10"))):
        written = recorded(fact, watched.heard + len(watched.said) + 1, now=moment("2026-03-10"))
        watched.said.append(written)
        watched.dossier = evolve(watched.dossier, written)
    for on in ("2026-03-17", "2026-04-20"):
        watched.judge(moment(on))
    assert [c.notice.notice_id for c in watched.dossier.words.live if c.report] == [standing.notice.notice_id]
    names = [f for c in watched.dossier.words.courses(about_office=False) for f in c.notice.findings]
    assert len(names) == len({*names})


def test_a_notice_closes_when_its_own_ground_is_gone_and_a_new_one_begins_below(standard: Standard) -> None:
    """Found: a notice about what was settled went up the ladder for what had come up since."""
    facts = (
        HERE,
        accepted("2026-01-06"),
        leader("2026-01-07"),
        visit("2026-01-31"),
        Late(visit("2026-03-05"), "2026-03-11"),
    )
    watched = lived(standard, *facts, until="2026-03-12")
    assert diary(watched, NoticeIssued, NoticeClosed) == [
        "03-03 reminder notice-1",
        "03-11 closed notice-1",
        "03-11 reminder notice-2",
    ]


def test_a_case_that_is_merged_away_for_a_day_goes_on_at_the_rung_on_which_it_stood(national: Standard) -> None:
    """Found: a day under another number, and the ladder began anew, as often as somebody liked."""
    watched = lived(only(national, "idle"), *DILIGENT, merged("2026-02-25"), unmerged("2026-02-26"), until="2026-03-31")
    assert diary(watched, NoticeIssued, NoticeClosed) == [
        "02-08 reminder notice-1",
        "02-19 supervision notice-2",
        "02-25 closed notice-2",
        "02-26 supervision notice-3",
        "03-14 accountability notice-4",
    ]


def test_what_is_new_is_told_beside_what_is_back_and_presses_nobody(national: Standard) -> None:
    """What the unit was never told of begins nothing above the first rung: it is told beside it."""
    life = (*DILIGENT, merged("2026-02-25"), planned("2026-02-26"), unmerged("2026-02-26"))
    back = lived(
        only(national, "leader-absent", "plan-empty"), HERE, leader("2026-01-06"), *life[4:], until="2026-02-27"
    )
    assert diary(back, NoticeIssued, NoticeSupplemented)[-2:] == [
        "02-26 supervision notice-3",
        "02-26 NoticeSupplemented",
    ]
