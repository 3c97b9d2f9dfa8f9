"""Worked cases of the signs of idling (I)."""

from shared.events import Fact
from shared.terms import EvidenceKind, Judgement, MeetingKind, Outcome, ReviewVerdict, SuspensionGround, VisitKind
from tests.sample import (
    BUREAU,
    LI,
    OTHER,
    WANG,
    accepted,
    closed,
    day,
    dispatched,
    leader,
    meeting,
    merged,
    objected,
    plan,
    registered,
    relapsed,
    replaced,
    report,
    resumed,
    stopped,
    unmerged,
    visit,
)
from tests.supervision.account import WITHDRAWN
from tests.supervision.deeds import (
    ZHAO,
    aid,
    broken,
    carried_out,
    decided,
    evidence_by,
    fulfilled,
    hearing,
    inquiry,
    judged_as,
    met_for,
    nobody_in,
    not_taken_up,
    opinion,
    planned,
    promise,
    ruled,
    seen_by_others,
    served,
    supported,
    visit_by,
    wrote,
)
from tests.supervision.lives import Late
from tests.supervision.worked import Worked, besides, fires, late, not_yet, on_the_day, paused, policy

HERE = registered("2026-01-05")
STOPPED = (stopped("2026-01-10"), resumed("2026-01-20"))
AGAIN = (HERE, closed("2026-02-01"), relapsed("2026-02-20"))
OWNED = (HERE, leader("2026-01-06"))
NAMED = Late(leader("2026-01-06").model_copy(update={"undated": True}), "2026-03-01", imported=True)
"""Whom a ledger names without a day, when it comes."""
REFUSED = (HERE, not_taken_up("2026-01-10"))
"""Nobody has it to handle, until somebody accepts it all the same, or it is handed to a unit."""
SWAPPED = (*OWNED, replaced("2026-01-10"), replaced("2026-01-12", LI), replaced("2026-01-14", ZHAO))
SENT_BACK = (HERE, dispatched("2026-01-10"), objected("2026-01-12"), dispatched("2026-01-14", BUREAU))
TALK = (met_for("2026-01-10", "2026-03-01"), met_for("2026-01-20", "2026-03-02"), met_for("2026-01-30", "2026-03-03"))
WAITING = "该案涉及多个部门，历史遗留问题复杂，正在协调，继续跟进。"
SAME = (wrote("2026-01-20", WAITING), wrote("2026-02-20", WAITING), wrote("2026-03-20", f"{WAITING}3月。"))
SUPPORTS = (HERE, served("2026-02-01"))
ONE_DONE = fulfilled("2026-01-07", "decision-2026-01-06-1")
SEEN_TO = fulfilled("2026-01-20", "promise-1").model_copy(update={"seen_to_by": LI})
CHAIRED = met_for("2026-01-20", "2026-03-01").model_copy(update={"chair": LI})
EXPLAINED = served("2026-02-01", number="a", outcome=Outcome.EXPLAINED)
CLEAR = ("补发差额", "经管站", "2026-03-01")
MORE = ("核对面积", "国土所", "2026-03-20")
FOUNDED, PARTLY = Judgement.FOUNDED, Judgement.PARTLY
TO_AND_FRO = tuple(
    fact
    for out, back in (("2026-01-20", "2026-01-21"), ("2026-02-01", "2026-02-02"), ("2026-03-20", "2026-03-21"))
    for fact in (merged(out), unmerged(back))
)
"""Merged into another case, and taken out again on the next day, whenever something would have been due."""
CLEARED = WITHDRAWN.model_copy(update={"withdrawn_on": day("2026-02-10"), "counted": ("intake:case-1:1",)})
CLEARED_AGAIN = CLEARED.model_copy(update={"withdrawn_on": day("2026-03-15")})
OTHERS_CLEARED = CLEARED.model_copy(update={"rule": "no-leader"})
OTHER_EVIDENCE = evidence_by("2026-02-15").model_copy(update={"note": "走访四邻"})
SAME_EVIDENCE = evidence_by("2026-02-15").model_copy(update={"note": "查阅，发放清单。"})


def _stops(one: SuspensionGround, other: SuspensionGround) -> tuple[Fact, ...]:
    """Stopped from February to April, and from the next day to September again."""
    return stopped("2026-02-01", one), resumed("2026-04-01"), stopped("2026-04-02", other), resumed("2026-09-01")


IDLING: dict[str, tuple[Worked, ...]] = {
    "no-leader": (
        fires((HERE,), "2026-02-01", "2026-01-21"),
        besides(REFUSED, "2026-06-01", None),
        besides((*REFUSED, dispatched("2026-01-12")), "2026-02-01", "2026-01-28"),
        besides((*REFUSED, accepted("2026-01-08")), "2026-02-01", "2026-01-21"),
        not_yet((HERE,), "2026-01-20"),
        on_the_day((HERE, dispatched("2026-01-10")), "2026-01-26"),
        paused((HERE, *STOPPED), "2026-02-01", "2026-01-21"),
        late((HERE, Late(leader("2026-01-10"), "2026-02-01")), "2026-02-01", None),
        policy((HERE,), "2026-02-01", "2026-01-09", days=3),
    ),
    "idle": (
        fires((HERE, report("2026-02-01")), "2026-03-01", "2026-02-05"),
        not_yet((HERE,), "2026-02-04"),
        on_the_day((HERE, visit("2026-01-31")), "2026-03-03"),
        paused((HERE, *STOPPED), "2026-03-01", "2026-02-15"),
        late((HERE, Late(visit("2026-02-01"), "2026-02-20")), "2026-02-19", "2026-02-05"),
        policy((HERE,), "2026-03-01", "2026-01-16", days=10),
        besides((HERE, merged("2026-01-10"), unmerged("2026-02-10")), "2026-03-07", None),
        besides(
            (HERE, merged("2026-01-10"), unmerged("2026-02-10")), "2026-03-13", "2026-03-08"
        ),  # as a clock that stood
        besides((HERE, *TO_AND_FRO), "2026-04-20", "2026-02-07"),
        besides((HERE, planned("2026-01-20", CLEAR), planned("2026-02-15", CLEAR)), "2026-03-01", "2026-02-20"),
        besides((HERE, planned("2026-01-20", CLEAR), planned("2026-02-15", MORE)), "2026-03-01", None),
        besides((HERE, judged_as("2026-01-20", FOUNDED), judged_as("2026-02-15", FOUNDED)), "2026-03-01", "2026-02-20"),
        besides((HERE, judged_as("2026-01-20", FOUNDED), judged_as("2026-02-15", PARTLY)), "2026-03-01", None),
        besides((HERE, judged_as("2026-01-20", FOUNDED), judged_as("2026-02-15", FOUNDED, 2)), "2026-03-01", None),
        besides((HERE, visit("2026-01-20", met=False), visit("2026-02-15", met=False)), "2026-03-01", "2026-02-20"),
        besides((HERE, visit("2026-01-20", met=False), visit("2026-02-15")), "2026-03-01", None),
        besides(
            (HERE, visit("2026-01-10", met=False), visit("2026-01-20"), visit("2026-02-15", met=False)),
            "2026-03-01",
            None,
        ),
        *(
            besides(
                (HERE, nobody_in("2026-01-10"), visit("2026-01-20", kind=kind), nobody_in("2026-02-15")),
                "2026-03-01",
                since,
            )
            for kind, since in (
                (VisitKind.RECEPTION, "2026-02-20"),  # the person came to the office, and is looked for at home again
                (VisitKind.HOME, None),
            )
        ),
        besides(
            (HERE, visit("2026-01-10"), visit("2026-01-20", kind=VisitKind.HOME), nobody_in("2026-02-15")),
            "2026-03-01",
            None,
        ),
        besides((HERE, supported("2026-01-20"), supported("2026-02-15")), "2026-03-01", "2026-02-20"),
        besides((HERE, aid("2026-01-20"), aid("2026-02-15")), "2026-03-01", "2026-02-20"),
        besides((HERE, seen_by_others("2026-01-20"), seen_by_others("2026-02-15")), "2026-03-01", "2026-02-20"),
        besides((HERE, seen_by_others("2026-01-20"), seen_by_others("2026-02-15", "依据不足")), "2026-03-01", None),
        besides((HERE, evidence_by("2026-01-20"), evidence_by("2026-02-15")), "2026-03-01", "2026-02-20"),
        besides((HERE, meeting("2026-01-20"), meeting("2026-02-15")), "2026-03-01", "2026-02-20"),
        besides((HERE, met_for("2026-01-20", "2026-03-01"), met_for("2026-02-15")), "2026-03-01", "2026-02-20"),
        besides((HERE, inquiry("2026-01-20"), inquiry("2026-02-15")), "2026-03-01", "2026-02-20"),
        besides((HERE, opinion("2026-01-20"), opinion("2026-02-15")), "2026-03-01", "2026-02-20"),
        besides((HERE, opinion("2026-01-20"), opinion("2026-02-15", text="经查，面积无误。")), "2026-03-01", None),
        besides((HERE, served("2026-01-20"), served("2026-02-15")), "2026-03-01", "2026-02-20"),
        besides((HERE, served("2026-01-20"), served("2026-02-15", number="b")), "2026-03-01", None),
        besides((*AGAIN, supported("2026-03-01")), "2026-03-31", None),
        besides((HERE, CLEARED), "2026-03-12", None),  # what was withdrawn is no licence: its days run anew
        besides((HERE, CLEARED), "2026-03-20", "2026-03-13"),
        besides((HERE, visit("2026-01-20"), CLEARED), "2026-03-01", "2026-02-20"),  # of another finding
        besides(
            (HERE, planned("2026-01-10", CLEAR), planned("2026-01-20", MORE), planned("2026-02-15", CLEAR)),
            "2026-03-01",
            "2026-02-20",
        ),
        besides(  # of another round
            (HERE, planned("2026-01-10", CLEAR), *AGAIN[1:], planned("2026-03-01", CLEAR)), "2026-03-28", None
        ),
        besides((HERE, evidence_by("2026-01-20"), OTHER_EVIDENCE), "2026-03-01", None),
        besides((HERE, evidence_by("2026-01-20"), SAME_EVIDENCE), "2026-03-01", "2026-02-20"),
        besides((HERE, OTHERS_CLEARED), "2026-03-01", "2026-02-05"),  # of another sign
        besides((HERE, CLEARED, CLEARED_AGAIN), "2026-03-30", None),
    ),
    "never-met": (
        fires((HERE,), "2026-04-01", "2026-03-07"),
        not_yet((HERE,), "2026-03-06"),
        on_the_day((HERE, accepted("2026-01-10")), "2026-03-12"),
        paused((HERE, *STOPPED), "2026-04-01", "2026-03-07"),
        late((HERE, Late(visit("2026-02-01"), "2026-03-15")), "2026-03-15", None),
        policy((HERE,), "2026-03-01", "2026-02-05", days=30),
        besides((HERE, evidence_by("2026-02-01", kind=EvidenceKind.PETITIONER_HEARD)), "2026-04-01", None),
        besides((HERE, evidence_by("2026-02-01")), "2026-04-01", "2026-03-07"),
        besides((HERE, hearing("2026-02-01")), "2026-04-01", None),
    ),
    "leader-absent": (
        fires((*OWNED, visit_by("2026-01-20", WANG)), "2026-03-01", "2026-02-06"),
        not_yet(OWNED, "2026-02-05"),
        on_the_day(OWNED, "2026-02-06"),
        paused((*OWNED, *STOPPED), "2026-03-01", "2026-02-16"),
        late((*OWNED, Late(visit("2026-02-01"), "2026-02-20")), "2026-02-20", None),
        policy(OWNED, "2026-03-01", "2026-01-17", days=10),
        besides((*OWNED, leader("2026-01-20")), "2026-03-01", "2026-02-06"),
        besides((*OWNED, evidence_by("2026-01-20", LI)), "2026-06-01", None),
        besides((*OWNED, inquiry("2026-01-20")), "2026-06-01", None),
        besides((*OWNED, opinion("2026-01-20", signed_by=LI)), "2026-06-01", None),
        besides((*OWNED, CHAIRED), "2026-06-01", None),
        besides((*OWNED, CHAIRED.model_copy(update={"chair": WANG})), "2026-06-01", "2026-02-06"),
        besides((*OWNED, planned("2026-01-20", CLEAR).model_copy(update={"drawn_up_by": LI})), "2026-06-01", None),
        besides((*OWNED, SEEN_TO), "2026-06-01", None),
        besides((*OWNED, visit("2026-01-20"), replaced("2026-02-01")), "2026-04-01", "2026-03-04"),
        besides((HERE, leader("2026-01-06"), closed("2026-01-20"), relapsed("2026-02-20")), "2026-04-01", "2026-03-23"),
        besides((HERE, NAMED), "2026-03-31", None),
        besides((HERE, NAMED), "2026-06-01", "2026-04-01"),
        besides((HERE, NAMED, Late(visit("2026-01-20"), "2026-03-01", imported=True)), "2026-06-01", None),
        besides((HERE, NAMED, Late(leader("2026-02-10"), "2026-03-10", imported=True)), "2026-03-20", "2026-03-13"),
    ),
    "leader-swapped": (
        fires(SWAPPED, "2026-02-01", "2026-01-14"),
        not_yet(SWAPPED[:-1], "2026-02-01"),
        on_the_day(SWAPPED, "2026-01-14"),
        paused((*SWAPPED, *STOPPED), "2026-02-01", "2026-01-14"),
        late((*SWAPPED[:-1], Late(SWAPPED[-1], "2026-02-01")), "2026-02-01", "2026-01-14"),
        policy(SWAPPED[:-1], "2026-02-01", "2026-01-12", times=2),
        besides((*OWNED, leader("2026-01-10"), leader("2026-01-12"), leader("2026-01-14")), "2026-02-01", None),
        besides(
            (*SWAPPED[:-1], closed("2026-01-20"), relapsed("2026-02-20"), replaced("2026-02-21")), "2026-03-01", None
        ),
    ),
    "plan-empty": (
        fires((HERE, planned("2026-01-20")), "2026-02-01", "2026-01-20"),
        not_yet((HERE, planned("2026-01-20", CLEAR)), "2026-02-01"),
        on_the_day((HERE, planned("2026-01-20", ("补发差额", "", "2026-03-01"))), "2026-01-20"),
        paused((HERE, *STOPPED, planned("2026-01-20")), "2026-02-01", "2026-01-20"),
        late((HERE, planned("2026-01-20"), Late(planned("2026-01-25", CLEAR), "2026-02-01")), "2026-02-01", None),
        policy((HERE, planned("2026-01-20")), "2026-02-01", None, enabled=False),
        besides((HERE, plan("2026-01-20")), "2026-02-01", "2026-01-20"),
        besides((HERE, Late(plan("2026-01-20"), "2026-02-01", imported=True)), "2026-02-01", None),
    ),
    "idle-meetings": (
        fires((HERE, *TALK), "2026-02-05", "2026-01-30"),
        not_yet((HERE, *TALK[:2]), "2026-02-05"),
        on_the_day((HERE, *TALK), "2026-01-30"),
        paused((HERE, *TALK, *STOPPED), "2026-02-05", "2026-01-30"),
        late((HERE, *TALK, Late(fulfilled("2026-01-25", "decision-2026-01-10-1"), "2026-02-05")), "2026-02-05", None),
        policy((HERE, *TALK[:2]), "2026-02-05", "2026-01-20", times=2),
        besides(
            (HERE, *TALK, promise("2026-01-31", "2026-03-01"), fulfilled("2026-02-01", "promise-1")),
            "2026-02-05",
            "2026-01-30",
        ),
        besides((*AGAIN, meeting("2026-02-21")), "2026-03-01", None),
        besides((HERE, met_for("2026-01-06", "2026-01-08"), ONE_DONE, *TALK), "2026-02-05", "2026-01-30"),
        besides((HERE, met_for("2026-01-06", "2026-01-08"), ONE_DONE, *TALK[:2]), "2026-02-05", None),
    ),
    "decision-overdue": (
        fires((HERE, TALK[0]), "2026-04-01", "2026-03-02"),
        not_yet((HERE, TALK[0]), "2026-03-01"),
        on_the_day((HERE, *TALK), "2026-03-02"),
        paused((HERE, TALK[0], *STOPPED), "2026-04-01", "2026-03-02"),
        late((HERE, TALK[0], Late(fulfilled("2026-02-20", "decision-2026-01-10-1"), "2026-03-10")), "2026-03-10", None),
        policy((HERE, TALK[0]), "2026-04-01", None, enabled=False),
        besides((HERE, *TALK, fulfilled("2026-02-20", "decision-2026-01-10-1")), "2026-04-01", "2026-03-03"),
        besides((HERE, *TALK, report("2026-03-02")), "2026-04-01", "2026-03-02"),
    ),
    "not-carried-out": (
        fires(SUPPORTS, "2026-04-01", "2026-03-04"),
        not_yet(SUPPORTS, "2026-03-03"),
        on_the_day(SUPPORTS, "2026-03-04"),
        paused((*SUPPORTS, stopped("2026-02-05"), resumed("2026-02-15")), "2026-04-01", "2026-03-14"),
        late((*SUPPORTS, Late(carried_out("2026-02-20"), "2026-03-10")), "2026-03-10", None),
        policy(SUPPORTS, "2026-04-01", "2026-02-12", days=10),
        besides((*SUPPORTS, closed("2026-02-10")), "2026-04-01", "2026-03-04"),
        besides((HERE, served("2026-02-01", outcome=Outcome.DECLINED)), "2026-04-01", None),
        besides((*SUPPORTS, carried_out("2026-02-20", "别的文号")), "2026-04-01", "2026-03-04"),
        besides(
            (HERE, opinion("2026-01-30", number="a"), EXPLAINED), "2026-04-01", "2026-03-04"
        ),  # whatever was served
        besides((*SUPPORTS, closed("2026-02-10"), relapsed("2026-03-10")), "2026-04-01", "2026-03-04"),
        besides(
            (*SUPPORTS, closed("2026-02-10"), relapsed("2026-03-10"), served("2026-03-20", outcome=Outcome.DECLINED)),
            "2026-04-01",
            None,
        ),
        besides((*SUPPORTS, decided("2026-02-20", ReviewVerdict.QUASHED)), "2026-04-01", None),
    ),
    "promise-broken": (
        fires((HERE, promise("2026-01-10", "2026-02-10")), "2026-03-01", "2026-02-11"),
        not_yet((HERE, promise("2026-01-10", "2026-02-10")), "2026-02-10"),
        on_the_day((HERE, promise("2026-01-10", "2026-02-10")), "2026-02-11"),
        paused((HERE, promise("2026-01-10", "2026-02-10"), *STOPPED), "2026-03-01", "2026-02-11"),
        late(
            (HERE, promise("2026-01-10", "2026-02-10"), Late(fulfilled("2026-02-01", "promise-1"), "2026-02-20")),
            "2026-02-20",
            None,
        ),
        policy((HERE, promise("2026-01-10", "2026-02-10")), "2026-03-01", None, enabled=False),
        besides(
            (HERE, promise("2026-01-10", "2026-02-10"), broken("2026-01-20", "promise-1")), "2026-01-25", "2026-01-20"
        ),
        besides((HERE, promise("2026-01-10", "2026-02-10"), closed("2026-02-01")), "2026-03-01", "2026-02-11"),
        besides(
            (HERE, promise("2026-01-10", "2026-02-10"), closed("2026-02-01"), relapsed("2026-02-20")),
            "2026-03-01",
            "2026-02-11",
        ),
        besides(
            (
                HERE,
                promise("2026-01-10", "2026-02-10"),
                broken("2026-01-20", "promise-1"),
                fulfilled("2026-02-01", "promise-1"),
            ),
            "2026-03-01",
            None,
        ),
        besides(
            (
                HERE,
                promise("2026-01-10", "2026-02-10"),
                fulfilled("2026-02-01", "promise-1"),
                broken("2026-02-05", "promise-1"),
            ),
            "2026-02-06",
            "2026-02-05",
        ),
    ),
    "never-escalated": (
        fires((HERE, accepted("2026-01-10")), "2026-08-01", "2026-07-10"),
        not_yet((HERE, accepted("2026-01-10")), "2026-07-09"),
        on_the_day((HERE,), "2026-07-05"),
        paused((HERE, *STOPPED), "2026-08-01", "2026-07-15"),
        late((HERE, Late(met_for("2026-06-01", kind=MeetingKind.EXECUTIVE), "2026-07-10")), "2026-07-10", None),
        policy((HERE,), "2026-08-01", "2026-04-06", days=90),
        besides((HERE, met_for("2026-06-01", kind=MeetingKind.JOINT_MEETING)), "2026-08-01", None),
        besides((HERE, meeting("2026-06-01")), "2026-08-01", "2026-07-05"),
        besides((HERE, stopped("2026-02-01")), "2026-07-31", None),
        besides(
            (HERE, stopped("2026-02-01")), "2026-09-01", "2026-08-01"
        ),  # stopped, and nobody has written a word since
        besides((HERE, stopped("2026-02-01"), report("2026-07-01")), "2026-12-28", None),
        besides((HERE, stopped("2026-02-01"), resumed("2026-10-01")), "2026-12-31", None),
        *(
            besides((HERE, *_stops(one, other)), "2026-09-30", since)
            for one, other, since in (
                (SuspensionGround.APPRAISAL, SuspensionGround.APPRAISAL, "2026-09-02"),  # appraised once more
                (SuspensionGround.HEARING, SuspensionGround.HEARING, "2026-09-02"),
                (SuspensionGround.HEARING, SuspensionGround.APPRAISAL, None),
                (SuspensionGround.COURT, SuspensionGround.COURT, None),  # two instances, which are the courts' own
            )
        ),
    ),
    "excuse-repeated": (
        fires((HERE, *SAME), "2026-04-01", "2026-03-20"),
        not_yet((HERE, *SAME[:2], wrote("2026-03-20", "资金已到位，下周发放到户。")), "2026-04-01"),
        on_the_day((HERE, *SAME), "2026-03-20"),
        paused((HERE, *STOPPED, *SAME), "2026-04-01", "2026-03-20"),
        late((HERE, *SAME, Late(visit("2026-03-01"), "2026-04-01")), "2026-04-01", None),
        policy((HERE, *SAME[:2]), "2026-04-01", "2026-02-20", times=2),
        besides((HERE, *SAME, visit("2026-03-25")), "2026-04-01", None),
        besides((HERE, *SAME, meeting("2026-03-25", decides=False)), "2026-04-01", "2026-03-20"),
        besides((HERE, *SAME, wrote("2026-03-25", "资金已到位，下周发放到户。")), "2026-04-01", None),
    ),
    "ping-pong": (
        fires((*SENT_BACK, objected("2026-01-16", BUREAU)), "2026-02-01", "2026-01-16"),
        not_yet((*SENT_BACK, objected("2026-01-16", BUREAU)), "2026-01-15"),
        on_the_day((*SENT_BACK, objected("2026-01-16", BUREAU)), "2026-01-16"),
        paused((*SENT_BACK, *STOPPED, objected("2026-01-16", BUREAU)), "2026-02-01", "2026-01-16"),
        late(
            (*SENT_BACK, objected("2026-01-16", BUREAU), Late(accepted("2026-01-17", OTHER), "2026-02-01")),
            "2026-02-01",
            None,
        ),
        policy(SENT_BACK, "2026-02-01", "2026-01-12", times=1),
        besides(
            (*SENT_BACK, objected("2026-01-16", BUREAU), ruled("2026-01-18", OTHER), dispatched("2026-01-18", OTHER)),
            "2026-02-01",
            None,
        ),
        besides((*SENT_BACK, ruled("2026-01-15", BUREAU), objected("2026-01-16", BUREAU)), "2026-02-01", None),
    ),
}
