"""The notice ladder: who is told of what, and what follows when it goes unheeded."""

import pytest

from services.supervision.course import OFFICE
from services.supervision.domain import supervision
from services.supervision.domain.notices import ReportRectification
from services.supervision.dossier import evolve
from services.supervision.notices import addressee
from services.supervision.queries import dossier_of
from services.supervision.rules import AFTERMATH, OF_THE_WATCH
from shared.decider import obey
from shared.directory import Directory
from shared.events import Asked, Fact, Official, Recorded
from shared.events.intake import (
    DelegationGiven,
    LeaveGranted,
    PostLeft,
    PostTaken,
    UnitEstablished,
    UnitFact,
    UnitRenamed,
)
from shared.events.supervision import (
    FindingRaised,
    NoticeClosed,
    NoticeIssued,
    NoticeSupplemented,
)
from shared.policy import Rung
from shared.standard import Standard
from shared.terms import LeaderRank, NoticeLevel, Role
from tests.sample import (
    BUREAU,
    LI,
    TOWN,
    WANG,
    accepted,
    day,
    dispatched,
    leader,
    merged,
    objected,
    plan,
    registered,
    replaced,
    reply,
    report,
    unmerged,
    visit,
)
from tests.spec import recorded
from tests.supervision.account import command
from tests.supervision.deeds import planned
from tests.supervision.lives import Late, concluded, diary, history, lived, moment, only, rewritten

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


@pytest.mark.parametrize(
    ("facts", "role", "name"),
    [
        ((HERE, leader("2026-01-06")), Role.LEADER, "李某 副镇长"),
        ((HERE, leader("2026-01-06"), replaced("2026-01-10", WANG)), Role.LEADER, "王某 镇长"),
        ((HERE, replaced("2026-01-10", WANG), Late(leader("2025-01-06", LI), "2026-01-15")), Role.LEADER, "王某 镇长"),
        ((HERE,), Role.UNIT_HEAD, f"{TOWN}主要负责人"),
        ((HERE, dispatched("2026-01-06", BUREAU)), Role.UNIT_HEAD, f"{BUREAU}主要负责人"),
        ((HERE, dispatched("2026-01-06", BUREAU), accepted("2026-01-06")), Role.UNIT_HEAD, f"{TOWN}主要负责人"),
        (
            (HERE, accepted("2026-01-06"), dispatched("2026-01-08", BUREAU)),
            Role.UNIT_HEAD,
            f"{BUREAU}主要负责人",
        ),
        ((HERE, dispatched("2026-01-06"), objected("2026-01-07")), Role.PETITION_OFFICE, "交办的信访部门"),
        ((HERE, dispatched("2026-01-06", BUREAU), objected("2026-01-07")), Role.UNIT_HEAD, f"{BUREAU}主要负责人"),
        ((), Role.PETITION_OFFICE, "交办的信访部门"),
    ],
)
def test_somebody_answers_for_the_case(
    standard: Standard, facts: tuple[Fact | Late, ...], role: Role, name: str
) -> None:
    who = addressee(dossier_of(history(*facts)), standard.policies[0], Directory(), moment("2026-11-20"))
    assert (who.role, who.name) == (role, name)


SUN = Official(id="sun", name="孙某", post="镇长")


def town(*more: UnitFact, at: str = "2026-01-01", region: str = "610499") -> list[Recorded]:
    """The town's own history, recorded on a day: 王某 heads it, and 李某 is his deputy."""
    facts = (
        UnitEstablished(name=TOWN, region=region, established_on=day("2010-01-01")),
        PostTaken(holding_id="h-1", official=WANG, since=day("2024-03-01"), rank=LeaderRank.MAIN, heads_unit=True),
        PostTaken(holding_id="h-2", official=LI, since=day("2024-03-01"), rank=LeaderRank.TEAM),
        *more,
    )
    return [recorded(fact, n, "unit-0000000000000001", now=moment(at)) for n, fact in enumerate(facts, 1)]


SUCCESSION = (
    PostLeft(holding_id="h-1", left_on=day("2026-03-01")),
    PostTaken(holding_id="h-3", official=SUN, since=day("2026-03-01"), rank=LeaderRank.MAIN, heads_unit=True),
)
EARLIER = [fact.model_copy(update={fact.occurred or "": day("2026-02-05")}) for fact in SUCCESSION]
AWAY = (
    LeaveGranted(
        leave_id="l-1",
        official_id="wang",
        granted_on=day("2026-02-01"),
        first_day=day("2026-02-02"),
        last_day=day("2026-02-20"),
    ),
    DelegationGiven(
        delegation_id="d-1",
        official_id="wang",
        delegate=LI,
        given_on=day("2026-02-01"),
        first_day=day("2026-02-02"),
        last_day=day("2026-02-20"),
    ),
)


@pytest.mark.parametrize(
    ("unit", "on", "name", "acting"),
    [
        (town(*SUCCESSION), "2026-02-28", "王某 镇长", None),
        (town(*SUCCESSION), "2026-03-01", "孙某 镇长", None),
        (town(*SUCCESSION, at="2026-03-02"), "2026-03-01", "柳林镇主要负责人", None),  # not known on that day
        (town(*AWAY), "2026-02-10", "王某 镇长（请假，李某代）", LI),
        (town(*AWAY), "2026-02-21", "王某 镇长", None),
        (town(AWAY[0]), "2026-02-10", "王某 镇长", None),  # away, and nobody acts: never nobody
        (town(SUCCESSION[0]), "2026-03-01", "柳林镇主要负责人", None),  # vacant
        (town(region="610498"), "2026-02-28", "柳林镇主要负责人", None),  # a namesake of another county
    ],
)
def test_the_head_of_the_day_is_told_as_known_at_the_moment(
    standard: Standard, unit: list[Recorded], on: str, name: str, acting: Official | None
) -> None:
    who = addressee(dossier_of(history(HERE)), standard.policies[0], Directory().plus(unit), moment(on))
    assert (who.role, who.name, who.unit, who.acting) == (Role.UNIT_HEAD, name, TOWN, acting)
    assert (who.person is None) == name.endswith("主要负责人")


def test_whoever_acts_for_the_owner_leader_is_told_as_well(standard: Standard) -> None:
    dossier = dossier_of(history(HERE, leader("2026-01-06", WANG)))
    who = addressee(dossier, standard.policies[0], Directory().plus(town(*AWAY)), moment("2026-02-10"))
    assert (who.role, who.person, who.acting) == (Role.LEADER, WANG, LI)


@pytest.mark.parametrize(
    ("more", "role", "person"),
    [
        ((PostLeft(holding_id="h-2", left_on=day("2026-02-10")),), Role.UNIT_HEAD, WANG),
        ((PostLeft(holding_id="h-2", left_on=day("2026-02-11")),), Role.LEADER, LI),
        (
            (
                PostLeft(holding_id="h-2", left_on=day("2026-02-10")),
                PostTaken(holding_id="h-9", official=LI, since=day("2026-02-10"), rank=LeaderRank.MAIN),
            ),
            Role.LEADER,
            LI,
        ),
    ],
)
def test_an_owner_leader_who_left_the_post_is_told_no_more_and_the_head_is(
    standard: Standard, more: tuple[UnitFact, ...], role: Role, person: Official
) -> None:
    """One who took another post of the unit owns the case still; of one who never held any here, nothing is known."""
    dossier, on = dossier_of(history(HERE, leader("2026-01-06", LI))), moment("2026-02-10")
    who = addressee(dossier, standard.policies[0], Directory().plus(town(*more)), on)
    assert (who.role, who.person) == (role, person)
    later = addressee(dossier, standard.policies[0], Directory().plus(town(*more, at="2026-02-12")), on)
    assert later.person == LI  # not known on that day
    guest = dossier_of(history(HERE, leader("2026-01-06", SUN)))
    assert addressee(guest, standard.policies[0], Directory().plus(town(*more)), on).person == SUN


def test_a_renamed_unit_is_addressed_by_its_name_of_the_day(standard: Standard) -> None:
    renamed = town(UnitRenamed(name="柳林街道", renamed_on=day("2026-02-01")))
    who = addressee(dossier_of(history(HERE)), standard.policies[0], Directory().plus(renamed), moment("2026-02-10"))
    assert (who.name, who.unit) == ("王某 镇长", "柳林街道")


def test_a_notice_is_the_same_whenever_it_is_replayed(standard: Standard) -> None:
    """Law 5: what was learnt of the head since changes nothing of what follows as of then."""
    later = town(*EARLIER, at="2026-02-20")[3:]
    then, now = Directory().plus(town()), Directory().plus([*town(), *later])
    dossier, on = dossier_of(history(HERE)), moment("2026-02-10")
    said = [concluded(standard, dossier, on, known) for known in (then, now)]
    assert said[0] == said[1]
    (notice,) = (fact for fact in said[0] if isinstance(fact, NoticeIssued))
    assert notice.addressee.person == WANG
    assert now.units["unit-0000000000000001"].head_on(day("2026-02-10")) == SUN


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


def test_a_successor_gets_the_next_rung_and_the_first_notice_stays_as_it_was(standard: Standard) -> None:
    directory = Directory().plus(town(*EARLIER))
    watched = lived(standard, HERE, until="2026-04-30", directory=directory)
    told = [(r.fact.level, r.fact.addressee.name) for r in watched.said if isinstance(r.fact, NoticeIssued)]
    assert told[:3] == [
        (NoticeLevel.REMINDER, "王某 镇长"),
        (NoticeLevel.SUPERVISION, "王某 镇长"),
        (NoticeLevel.ACCOUNTABILITY, "孙某 镇长"),
    ]


def test_a_leader_who_is_only_to_come_is_not_told(standard: Standard) -> None:
    watched = lived(standard, HERE, Late(leader("2026-03-01"), "2026-01-10"), until="2026-01-22")
    (told,) = (r.fact for r in watched.said if isinstance(r.fact, NoticeIssued))
    assert told.addressee.role == Role.UNIT_HEAD
