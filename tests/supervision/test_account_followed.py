"""What follows by itself from what people say about findings and notices, or do not say."""

from operator import eq

from services.supervision.domain import supervision
from services.supervision.domain.desk import CaseCommand
from services.supervision.domain.findings import AnswerFinding, UpholdFinding, WithdrawFinding
from services.supervision.domain.judging import Assess
from services.supervision.domain.notices import AnswerNotice, JudgeRectification, ReportRectification, WithdrawNotice
from services.supervision.dossier import evolve
from services.supervision.notices import notices
from services.supervision.queries import dossier_of
from services.supervision.rules import assess
from services.supervision.words import Words
from shared.decider import obey
from shared.events import Asked, Fact
from shared.events.supervision import Evidence, FindingRaised, FindingRestated, LimitApproached, NoticeIssued
from shared.standard import Standard
from shared.terms import Role
from tests.sample import day, reply, visit
from tests.spec import NOW, Spec, recorded
from tests.supervision.account import (
    ANSWERED,
    FOUND,
    HERE,
    LOOKED,
    NOT_DONE,
    NOTICE,
    PROPOSED,
    REPLY,
    REPORT,
    SANCTIONED,
    SUGGESTED,
    TAKEN_BACK,
    UPHELD,
    WATCHED,
    WITHDRAWN,
    command,
)
from tests.supervision.deeds import opinion
from tests.supervision.lives import Late, Watched, diary, history, lived, moment, only

DILIGENT = WATCHED[:2]


def told(
    standard: Standard,
    *said: tuple[str, CaseCommand],
    until: str,
    kinds: tuple[type[Fact], ...] = (Fact,),
    entered: str = "2026-08-01",
    role: Role = Role.SYSTEM,
) -> list[str]:
    """A case idle since 2026-09-03, with what people said on which days; the diary of what supervision said."""
    watched = Watched(standard)
    replied = (opinion("2026-08-03"), reply("2026-08-03"))
    for heard in history(Late(HERE, entered), visit("2026-08-03"), *replied, DILIGENT[1]):
        watched.hear(heard)
    on = day("2026-08-04")
    decider = supervision(standard)
    words = list(said)
    while on <= day(until):
        watched.judge(moment(str(on)))
        while words and words[0][0] == str(on):
            now = moment(str(on), 9)
            for fact in obey(decider, watched.dossier, words.pop(0)[1], Asked(actor="x", role=role, now=now)):
                written = recorded(fact, watched.heard + len(watched.said) + 1, now=now)
                watched.said.append(written)
                watched.dossier = evolve(watched.dossier, written)
            watched.judge(now)
        on = day(str(on.fromordinal(on.toordinal() + 1)))
    return diary(watched, *kinds)


def answered(on: str) -> tuple[str, CaseCommand]:
    return on, command(AnswerFinding, answered_on=day(on))


def test_unheeded_it_goes_up_and_says_which_day_was_missed(standard: Standard) -> None:
    assert told(standard, until="2026-09-15") == [
        "09-03 FindingRaised finding-1 idle",
        "09-03 stalled idle",
        "09-03 reminder notice-1",
        "09-14 NoticeEscalated",
        "09-14 supervision notice-2",
        "09-14 FindingRaised finding-2 notice-unheeded",
    ]


def test_what_cannot_be_undone_is_done_when_it_was_answered_for_and_is_told_no_more(national: Standard) -> None:
    report = command(ReportRectification, reported_on=day("2026-08-12"))
    done = command(JudgeRectification, judged_on=day("2026-08-13"), done=True, redo_by=None)
    said = told(
        national,
        ("2026-08-12", report),
        ("2026-08-13", done),
        until="2026-08-25",
        entered="2026-08-20",
        role=Role.PETITION_OFFICE,
    )
    assert [word for word in said if "LimitApproached" not in word][:5] == [
        "08-09 FindingRaised finding-1 late-registration",
        "08-09 reminder notice-1",
        "08-12 RectificationReported",
        "08-13 RectificationJudged",
        "08-13 closed notice-1",
    ]
    assert "08-20 NoticeEscalated" in told(national, until="2026-08-25", entered="2026-08-20")
    assert not any("Escalated" in word or "late-registration" in word for word in said[2:])


def test_what_was_answered_for_is_told_again_on_new_evidence() -> None:
    done = NOT_DONE.model_copy(update={"done": True, "redo_by": None})
    words = Words().after(FOUND).after(NOTICE, "supervision:case-1:2").after(REPORT).after(done)
    assert words.settled.keys() == {"finding-1"}
    assert words.named(words.live[0]) == set()
    other = Evidence(id="casework:case-1:9", type="VisitLogged", on=day("2026-11-17"))
    for counted, settled in (((), {"finding-1"}), (FOUND.counted, {"finding-1"}), ((*FOUND.counted, other), set())):
        assert words.after(FindingRestated(**dict(FOUND) | {"counted": counted})).settled.keys() == settled


def test_what_is_contested_is_pressed_no_further_until_somebody_has_spoken(standard: Standard) -> None:
    upheld = command(UpholdFinding, upheld_on=day("2026-09-20"))
    assert told(standard, answered("2026-09-05"), until="2026-10-30")[3:] == ["09-05 FindingAnswered"]
    assert told(standard, answered("2026-09-05"), ("2026-09-20", upheld), until="2026-09-21")[3:] == [
        "09-05 FindingAnswered",
        "09-20 FindingUpheld",
        "09-20 NoticeEscalated",
        "09-20 supervision notice-2",
        "09-20 FindingRaised finding-2 notice-unheeded",
    ]


def test_a_withdrawn_finding_takes_its_notice_and_its_stall_with_it_and_stays_away(standard: Standard) -> None:
    withdraw = command(WithdrawFinding, withdrawn_on=day("2026-09-06"))
    assert told(standard, ("2026-09-06", withdraw), until="2026-10-06")[3:] == [
        "09-06 FindingWithdrawn",
        "09-06 StallCleared",
        "09-06 closed notice-1",
    ]


def test_that_idling_was_withdrawn_is_no_licence_to_leave_the_case_alone_for_ever(standard: Standard) -> None:
    """Found: nothing new ever happens in an idle case, so that one withdrawal kept it out of sight for good."""
    withdraw = command(WithdrawFinding, withdrawn_on=day("2026-09-06"))
    again = told(standard, ("2026-09-06", withdraw), until="2026-10-07")[6:]
    assert again == ["10-07 FindingRaised finding-2 idle", "10-07 stalled idle", "10-07 reminder notice-2"]


def test_a_withdrawn_finding_comes_back_on_new_evidence(standard: Standard) -> None:
    watched = Watched(standard)
    withdrawn = WITHDRAWN.model_copy(update={"counted": ("casework:case-1:2",), "withdrawn_on": day("2026-09-06")})
    for fact in history(HERE, DILIGENT[1], visit("2026-08-03"), reply("2026-08-03")):
        watched.hear(fact)
    watched.judge(moment("2026-09-03"))
    (found,) = (r.fact for r in watched.said if isinstance(r.fact, FindingRaised))
    withdrawn = withdrawn.model_copy(update={"counted": tuple(e.id for e in found.counted)})
    decider = supervision(standard)
    watched.hear(recorded(withdrawn, 50, now=moment("2026-09-06")))
    watched.judge(moment("2026-09-06"))
    watched.hear(recorded(visit("2026-09-07"), 60, now=moment("2026-09-07")))
    for on in ("2026-09-07", "2026-10-07", "2026-10-08"):
        watched.judge(moment(on))
    assert [r.fact.finding_id for r in watched.said if isinstance(r.fact, FindingRaised)] == ["finding-1", "finding-2"]
    assert decider.scope(watched.dossier) is not None


def test_an_answer_in_time_gives_days_for_the_deed_and_a_missed_one_goes_up(standard: Standard) -> None:
    answer = command(AnswerNotice, answered_on=day("2026-09-10"))
    assert told(standard, ("2026-09-10", answer), until="2026-09-27")[3:] == [
        "09-10 NoticeAnswered",
        "09-26 NoticeEscalated",
        "09-26 supervision notice-2",
        "09-26 FindingRaised finding-2 not-rectified",
    ]


def test_what_is_not_done_is_made_up_for_or_goes_up(standard: Standard) -> None:
    report = command(ReportRectification, reported_on=day("2026-09-10"))
    redo = command(JudgeRectification, judged_on=day("2026-09-20"), redo_by=day("2026-09-25"))
    said = told(standard, ("2026-09-10", report), ("2026-09-20", redo), until="2026-09-27")
    assert said[3:] == [
        "09-10 RectificationReported",
        "09-20 RectificationJudged",
        "09-26 NoticeEscalated",
        "09-26 supervision notice-2",
        "09-26 FindingRaised finding-2 not-rectified",
    ]


def test_a_notice_taken_back_is_told_anew_or_never_again(standard: Standard) -> None:
    anew = command(WithdrawNotice, withdrawn_on=day("2026-09-05"))
    assert told(standard, ("2026-09-05", anew), until="2026-09-06")[3:] == [
        "09-05 NoticeWithdrawn",
        "09-05 reminder notice-2",
    ]
    never = command(WithdrawNotice, withdrawn_on=day("2026-09-05"), reissue=False)
    assert told(standard, ("2026-09-05", never), until="2026-11-20")[3:] == ["09-05 NoticeWithdrawn"]


def test_what_was_kept_quiet_is_told_again_on_new_evidence(standard: Standard) -> None:
    """Found: a notice that was withdrawn for good kept its finding quiet for ever, whatever came to light since. What was known
    when it was withdrawn is no news, though it was not named for a while.
    """
    first = FOUND.model_copy(update={"counted": tuple(Evidence(id=one, type="x", on=FOUND.since) for one in "ab")})
    never = TAKEN_BACK.model_copy(update={"reissue": False})

    def restated(*ids: str) -> FindingRestated:
        counted = tuple(Evidence(id=one, type="x", on=FOUND.since) for one in ids)
        return FindingRestated(**{**dict(FOUND), "counted": counted})

    def tells(*since: Fact) -> list[str]:
        life = enumerate((HERE, WATCHED[1], first, NOTICE, never, *since), 1)
        words = dossier_of([recorded(fact, n) for n, fact in life]).words
        policy, found = standard.policies[0], [*words.findings.values()]
        said = notices(words, found, policy, standard.calendar, NOW, lambda: NOTICE.addressee, eq, office=False)
        return [fact.notice_id for fact in said if isinstance(fact, NoticeIssued)]

    assert tells() == tells(restated("b")) == tells(restated("a"), restated("a", "b")) == []
    assert tells(restated("a", "b", "c")) == tells(restated("c")) == ["notice-2"]
    assert tells(restated("c"), restated("a")) == ["notice-2"], "once there is news, it is not quiet again"


def test_a_suggestion_that_nobody_answers_is_found_on_the_day_after(standard: Standard) -> None:
    facts = [recorded(fact, n) for n, fact in enumerate((HERE, SUGGESTED), 1)]
    dossier = dossier_of(facts)
    assert not assess(dossier, standard, day("2026-12-14"))["suggestion-unanswered"].shows
    late = assess(dossier, standard, day("2026-12-15"))["suggestion-unanswered"]
    assert (late.since, late.counted[0].id) == (day("2026-12-15"), "supervision:case-1:2")


def test_an_inspection_that_saw_otherwise_is_found_until_there_is_a_new_reply(standard: Standard) -> None:
    life = (*WATCHED, reply("2026-11-01"), LOOKED)
    dossier = dossier_of([recorded(fact, n) for n, fact in enumerate(life, 1)])
    assert assess(dossier, standard, day("2026-11-20"))["reply-differs"].since == day("2026-11-15")
    mended = dossier_of([recorded(fact, n) for n, fact in enumerate((*life, reply("2026-11-16")), 1)])
    assert not assess(mended, standard, day("2026-11-20"))["reply-differs"].shows


def test_whoever_is_about_to_be_late_is_told_ahead_once_for_each_share(standard: Standard) -> None:
    from tests.sample import accepted
    from tests.supervision.lives import lived

    watched = lived(standard, HERE, DILIGENT[1], accepted("2026-08-02"), visit("2026-08-02"), until="2026-10-03")
    days = [said for said in diary(watched, Fact) if "LimitApproached" in said]
    assert days == ["09-16 LimitApproached", "09-25 LimitApproached"]


def test_each_limit_that_runs_is_told_ahead_to_whoever_can_still_keep_it(national: Standard) -> None:
    """Forwarding is the petition office's own to do: it is told itself, and the unit of what is the unit's."""
    from tests.supervision.deeds import assigned
    from tests.supervision.lives import lived

    facts = (HERE, assigned("2026-08-14", "2026-09-13"))
    ahead = [r.fact for r in lived(national, *facts, until="2026-09-12").said if isinstance(r.fact, LimitApproached)]
    assert [(str(near.due_on), near.rule, near.share, near.addressee.role) for near in ahead] == [
        ("2026-08-16", "not-forwarded", 75, "petition-office"),
        ("2026-08-16", "not-told", 75, "unit-head"),
        ("2026-08-29", "not-told", 75, "unit-head"),  # the unit has 15 days from when it was sent it
        ("2026-08-29", "not-told", 90, "unit-head"),
        ("2026-09-13", "assigned-overdue", 75, "unit-head"),
        ("2026-09-13", "assigned-overdue", 90, "unit-head"),
    ]


def test_a_failing_of_the_petition_office_goes_to_the_joint_meeting_beside_the_units_own(standard: Standard) -> None:
    from tests.supervision.lives import lived, overlay

    office = overlay(standard, "no-leader", about="office")
    watched = lived(office, HERE, until="2026-09-05")
    courses = {course.notice.addressee.role: course.notice for course in watched.dossier.words.live}
    assert courses.keys() == {"joint-meeting", "unit-head"}
    assert len({notice.notice_id for notice in courses.values()}) == 2


def test_a_supervisor_who_serves_nothing_is_told_on_and_the_sign_does_not_feed_itself(national: Standard) -> None:
    watched = lived(only(national, "no-leader", "supervisor-idle"), HERE, until="2028-01-01")
    assert diary(watched, FindingRaised, NoticeIssued) == [
        "08-17 FindingRaised finding-1 no-leader",
        "08-17 reminder notice-1",
        "08-28 supervision notice-2",
        "09-13 accountability notice-3",
        "09-13 FindingRaised finding-2 supervisor-idle",
        "09-13 reminder notice-4",
        "09-24 supervision notice-5",
        "09-29 FindingRestated finding-2 supervisor-idle",
        "10-10 accountability notice-6",
    ]
    office = {
        r.fact.unit for r in watched.said if isinstance(r.fact, FindingRaised) and r.fact.rule == "supervisor-idle"
    }
    assert office == {"信访部门"}
    to = [r.fact.addressee.role for r in watched.said if isinstance(r.fact, NoticeIssued)]
    assert to == ["unit-head"] * 3 + ["joint-meeting"] * 3


def test_assessing_twice_says_nothing_more_after_people_have_spoken(standard: Standard) -> None:
    life = (*WATCHED, ANSWERED, UPHELD, REPLY, REPORT, NOT_DONE, SUGGESTED, PROPOSED, SANCTIONED)
    example = Spec(supervision(standard)).given(*life)
    decider = supervision(standard)
    first = obey(decider, example.state, Assess(as_of=NOW), Asked(actor="x", role="system", now=NOW))
    example.when(Assess(as_of=NOW)).then(*first)
