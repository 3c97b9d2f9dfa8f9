"""Worked cases of the signs of wrong data (B), and of the petitioner's rights (R)."""

from shared.terms import DocumentKind
from tests.sample import (
    BUREAU,
    LI,
    TOWN,
    WANG,
    accepted,
    closed,
    dispatched,
    leader,
    meeting,
    objected,
    registered,
    report,
    resumed,
    stopped,
    visit,
)
from tests.supervision.deeds import (
    ZHAO,
    accused,
    evidence_by,
    file_elsewhere,
    handled_by,
    inquiry,
    interest,
    one_answer,
    opinion,
    paper,
    queried,
    reported_urgent,
    text_elsewhere,
    told_how_it_stands,
    visit_by,
    votes,
    why_late,
    withdrawn,
)
from tests.supervision.lives import Late
from tests.supervision.worked import Worked, besides, fires, late, not_yet, on_the_day, paused, policy

HERE = registered("2026-01-05")
URGENT = HERE.model_copy(update={"urgent": True})
STOPPED = (stopped("2026-01-10"), resumed("2026-01-20"))
THEIRS = (HERE, paper("2026-01-22", DocumentKind.RETURN_VISIT, "b", "x"), file_elsewhere("2026-01-22", "x"))
SHUT = (HERE, paper("2026-01-20", DocumentKind.WRITTEN_REPLY, "reply"), closed("2026-02-01"))
TWICE = (
    HERE,
    paper("2026-01-20", DocumentKind.RETURN_VISIT, "a", digest="x"),
    paper("2026-01-22", DocumentKind.FOLLOW_UP, "b", digest="x"),
)
NAMED = (HERE, accused("2026-01-06", TOWN, officials=(LI,)))
STOPPED_AFTERWARDS = (Late(stopped("2026-01-10"), "2026-02-11"), Late(resumed("2026-01-20"), "2026-02-11"))
FILLED = Late(visit("2026-01-20"), "2026-02-10")
AHEAD = Late(visit("2026-02-10"), "2026-02-01")

DATA: dict[str, tuple[Worked, ...]] = {
    "impossible-time": (
        fires((HERE, AHEAD), "2026-03-01", "2026-02-10"),
        not_yet((HERE, Late(visit("2026-02-10"), "2026-02-10")), "2026-03-01"),
        on_the_day((HERE, AHEAD), "2026-02-10"),
        paused((HERE, *STOPPED, AHEAD), "2026-03-01", "2026-02-10"),
        late((HERE, AHEAD), "2026-02-09", None),
        policy((HERE, AHEAD), "2026-03-01", None, enabled=False),
        besides((HERE, Late(leader("2026-02-10"), "2026-02-01")), "2026-03-01", None),
        besides((HERE, Late(visit("2026-02-10"), "2026-03-01")), "2026-03-01", None),
    ),
    "numbers-differ": (
        fires((HERE, visit("2026-03-02"), report("2026-03-20", visits=2)), "2026-03-25", "2026-03-20"),
        not_yet((HERE, visit("2026-03-02"), visit("2026-03-20"), report("2026-03-20", visits=2)), "2026-03-25"),
        on_the_day((HERE, report("2026-03-20", meetings=1)), "2026-03-20"),
        paused((HERE, *STOPPED, report("2026-03-20", visits=1)), "2026-03-25", "2026-03-20"),
        late((HERE, Late(visit("2026-03-02"), "2026-03-24"), report("2026-03-20", visits=1)), "2026-03-25", None),
        policy((HERE, report("2026-03-20", visits=1)), "2026-03-25", None, enabled=False),
        besides(
            (HERE, Late(visit("2026-03-02"), "2026-03-26"), report("2026-03-20", visits=1)), "2026-03-25", "2026-03-20"
        ),
        besides((HERE, visit("2026-02-27"), report("2026-03-20", visits=1)), "2026-03-25", "2026-03-20"),
        besides((HERE, visit("2026-03-21"), report("2026-03-20", visits=1)), "2026-03-25", "2026-03-20"),
        besides((HERE, meeting("2026-03-02"), visit("2026-03-03"), report("2026-03-20", visits=0)), "2026-03-25", None),
        besides((HERE, report("2026-03-20")), "2026-03-25", None),
        besides((HERE, report("2026-03-20", visits=1), report("2026-03-24", visits=0)), "2026-03-25", None),
        besides((HERE, report("2026-03-20", visits=1), report("2026-04-20", visits=0)), "2026-04-25", "2026-03-20"),
        besides(
            (HERE, report("2026-03-20", visits=1), report("2026-03-24")), "2026-03-25", "2026-03-20"
        ),  # no word on it
        besides((HERE, Late(report("2026-03-20", visits=9), "2026-04-20", imported=True)), "2026-04-25", None),
        besides((HERE, report("2026-03-20", meetings=1), report("2026-04-20", visits=1)), "2026-04-25", "2026-03-20"),
    ),
    "same-proof": (
        fires(TWICE, "2026-02-01", "2026-01-22"),
        not_yet((*TWICE[:2], paper("2026-01-22", DocumentKind.FOLLOW_UP, "b", digest="y")), "2026-02-01"),
        on_the_day(TWICE, "2026-01-22"),
        paused((*TWICE, *STOPPED), "2026-02-01", "2026-01-22"),
        late((*TWICE, Late(withdrawn("2026-01-25", "b"), "2026-02-01")), "2026-02-01", None),
        policy(TWICE, "2026-02-01", None, enabled=False),
    ),
    "proof-elsewhere": (
        fires(THEIRS, "2026-02-01", "2026-01-22"),
        not_yet((*THEIRS[:2], file_elsewhere("2026-01-22", "y")), "2026-02-01"),
        on_the_day(THEIRS, "2026-01-22"),
        paused((*THEIRS, *STOPPED), "2026-02-01", "2026-01-22"),
        late((*THEIRS, Late(withdrawn("2026-01-25", "b"), "2026-02-01")), "2026-02-01", None),
        policy(THEIRS, "2026-02-01", None, kinds=(DocumentKind.PLAN,)),
        besides((HERE, Late(THEIRS[1], "2026-01-22", imported=True), THEIRS[2]), "2026-02-01", None),
        besides(
            (HERE, paper("2026-01-22", DocumentKind.LEADER_PAPER, "b", "x"), file_elsewhere("2026-01-22", "x")),
            "2026-02-01",
            None,
        ),
        besides((HERE, Late(THEIRS[1], "2026-01-30"), file_elsewhere("2026-01-30", "x")), "2026-02-01", "2026-01-30"),
    ),
    "text-elsewhere": (
        fires((HERE, opinion("2026-01-22"), text_elsewhere("2026-01-22")), "2026-02-01", "2026-01-22"),
        not_yet((HERE, opinion("2026-01-22"), text_elsewhere("2026-01-22", characters=99)), "2026-02-01"),
        on_the_day((HERE, visit("2026-01-22"), text_elsewhere("2026-01-22", characters=100)), "2026-01-22"),
        paused((HERE, opinion("2026-01-22"), text_elsewhere("2026-01-22"), *STOPPED), "2026-02-01", "2026-01-22"),
        late((HERE, Late(opinion("2026-01-22"), "2026-01-24"), text_elsewhere("2026-01-24")), "2026-01-23", None),
        policy((HERE, opinion("2026-01-22"), text_elsewhere("2026-01-22")), "2026-02-01", None, characters=201),
        besides(
            (HERE, opinion("2026-01-22"), text_elsewhere("2026-01-22"), one_answer("2026-01-10")), "2026-02-01", None
        ),
        besides(
            (HERE, visit("2026-01-22"), text_elsewhere("2026-01-22"), one_answer("2026-01-10")),
            "2026-02-01",
            "2026-01-22",
        ),
    ),
    "changed-afterwards": (
        fires((*SHUT, withdrawn("2026-02-10", "reply")), "2026-03-01", "2026-02-10"),
        not_yet((HERE, SHUT[1], withdrawn("2026-01-30", "reply"), SHUT[2]), "2026-03-01"),
        on_the_day((*SHUT, withdrawn("2026-02-10", "reply")), "2026-02-10"),
        paused((*SHUT, *STOPPED, withdrawn("2026-02-10", "reply")), "2026-03-01", "2026-02-10"),
        late(
            (
                *SHUT,
                withdrawn("2026-02-10", "reply"),
                Late(paper("2026-02-11", DocumentKind.WRITTEN_REPLY), "2026-03-01"),
            ),
            "2026-03-01",
            None,
        ),
        policy((*SHUT, withdrawn("2026-02-10", "reply")), "2026-03-01", None, enabled=False),
    ),
    "filled-after-stall": (
        fires((HERE, FILLED), "2026-03-01", "2026-02-10"),
        not_yet((HERE, Late(visit("2026-01-20"), "2026-02-04")), "2026-03-01"),
        on_the_day((HERE, FILLED), "2026-02-10"),
        paused((HERE, *STOPPED, FILLED), "2026-03-01", None),
        late((HERE, FILLED), "2026-02-09", None),
        policy((HERE, FILLED), "2026-03-01", None, days=22),
        besides((HERE, FILLED, why_late("2026-02-10")), "2026-03-01", None),
        besides((HERE, FILLED, why_late("2026-02-10", "2026-01-20")), "2026-03-01", None),
        besides((HERE, FILLED, why_late("2026-02-10", "2026-01-21", "2026-02-09")), "2026-03-01", "2026-02-10"),
        besides((HERE, FILLED, Late(why_late("2026-02-10"), "2026-02-11")), "2026-03-01", "2026-02-10"),
        besides((HERE, Late(visit("2026-01-20"), "2026-02-10", imported=True)), "2026-03-01", None),
        besides((HERE, Late(visit("2026-02-04"), "2026-02-10")), "2026-03-01", None),
        besides((HERE, Late(visit("2026-02-05"), "2026-02-20")), "2026-03-01", None),
        besides((HERE, visit("2026-02-01"), Late(visit("2026-01-20"), "2026-02-10")), "2026-03-01", None),
        besides((HERE, Late(report("2026-01-20"), "2026-02-10")), "2026-03-01", None),
        besides((HERE, closed("2026-01-10"), Late(visit("2026-01-20"), "2026-03-01")), "2026-03-01", None),
        besides((HERE, Late(stopped("2026-01-10"), "2026-02-10")), "2026-03-01", "2026-02-10"),  # a stop, too
        besides((HERE, *STOPPED_AFTERWARDS, Late(visit("2026-01-21"), "2026-02-12")), "2026-02-13", "2026-02-11"),
        besides((HERE, Late(stopped("2026-01-10"), "2026-02-10", imported=True)), "2026-03-01", None),
        besides((HERE, Late(visit("2026-02-04"), "2026-02-25")), "2026-03-01", "2026-02-25"),  # of the very day
    ),
    "sent-to-accused": (
        fires((*NAMED, dispatched("2026-01-10")), "2026-02-01", "2026-01-10"),
        not_yet((*NAMED, dispatched("2026-01-10", BUREAU)), "2026-02-01"),
        on_the_day((*NAMED, dispatched("2026-01-10")), "2026-01-10"),
        paused((*NAMED, *STOPPED, accepted("2026-01-15")), "2026-02-01", "2026-01-15"),
        late(
            (HERE, dispatched("2026-01-10"), Late(accused("2026-01-20", TOWN), "2026-02-01")),
            "2026-02-01",
            "2026-01-20",
        ),
        policy((*NAMED, dispatched("2026-01-10")), "2026-02-01", None, enabled=False),
        besides(
            (*NAMED, dispatched("2026-01-10"), objected("2026-01-12"), dispatched("2026-01-13", BUREAU)),
            "2026-02-01",
            None,
        ),
        besides(
            (HERE, accused("2026-01-06", BUREAU), handled_by("2026-01-10", assisting=(BUREAU,))),
            "2026-02-01",
            "2026-01-10",
        ),
        besides((HERE, accused("2026-01-06", BUREAU), handled_by("2026-01-10")), "2026-02-01", None),
    ),
    "no-recusal": (
        fires((*NAMED, visit("2026-01-20")), "2026-02-01", "2026-01-20"),
        not_yet((*NAMED, visit_by("2026-01-20", WANG)), "2026-02-01"),
        on_the_day((HERE, interest("2026-01-10", WANG), evidence_by("2026-01-20")), "2026-01-20"),
        paused((*NAMED, *STOPPED, visit("2026-01-20")), "2026-02-01", "2026-01-20"),
        late((*NAMED, Late(visit("2026-01-20"), "2026-02-01")), "2026-02-01", "2026-01-20"),
        policy((*NAMED, visit("2026-01-20")), "2026-02-01", None, enabled=False),
        besides((HERE, visit("2026-01-20"), interest("2026-01-25")), "2026-02-01", None),
        besides((HERE, leader("2026-01-20"), interest("2026-01-25")), "2026-02-01", "2026-01-25"),
        besides((*NAMED, opinion("2026-01-20", signed_by=LI)), "2026-02-01", "2026-01-20"),
        besides((*NAMED, handled_by("2026-01-20", LI)), "2026-02-01", "2026-01-20"),
        besides((HERE, handled_by("2026-01-06", LI), interest("2026-01-20")), "2026-02-01", "2026-01-20"),
        besides(
            (HERE, handled_by("2026-01-06", LI), interest("2026-01-20"), handled_by("2026-01-21", WANG)),
            "2026-02-01",
            None,
        ),
        besides((*NAMED, meeting("2026-01-20").model_copy(update={"chair": LI})), "2026-02-01", "2026-01-20"),
        besides((*NAMED, inquiry("2026-01-20", signed=LI)), "2026-02-01", "2026-01-20"),
        besides(
            (HERE, interest("2026-01-10", votes(True)[0].official), inquiry("2026-01-20")), "2026-02-01", "2026-01-20"
        ),
        besides(  # of several, in the order in which they acted
            (
                HERE,
                *(interest("2026-01-10", who) for who in (ZHAO, WANG, LI)),
                *(visit_by("2026-01-20", who) for who in (LI, ZHAO, WANG)),
            ),
            "2026-02-01",
            "2026-01-20",
        ),
    ),
    "urgent-late": (
        fires((URGENT,), "2026-02-01", "2026-01-07"),
        not_yet((URGENT,), "2026-01-06"),
        on_the_day((URGENT,), "2026-01-07"),
        paused((URGENT, *STOPPED), "2026-02-01", "2026-01-07"),
        late((URGENT, Late(reported_urgent("2026-01-06"), "2026-02-01")), "2026-02-01", None),
        policy((URGENT,), "2026-02-01", "2026-01-09", days=3),
        besides((HERE,), "2026-02-01", None),
    ),
    "query-unanswered": (
        fires((HERE, queried("2026-01-10")), "2026-02-01", "2026-01-26"),
        not_yet((HERE, queried("2026-01-10")), "2026-01-25"),
        on_the_day((HERE, queried("2026-01-10")), "2026-01-26"),
        paused((HERE, queried("2026-01-08"), *STOPPED), "2026-02-01", "2026-01-24"),
        late((HERE, queried("2026-01-10"), Late(told_how_it_stands("2026-01-20"), "2026-02-10")), "2026-02-10", None),
        policy((HERE, queried("2026-01-10")), "2026-02-01", "2026-01-18", days=7),
        besides((HERE, queried("2026-01-10"), told_how_it_stands("2026-01-30")), "2026-02-01", None),
        besides(
            (HERE, queried("2026-01-10"), queried("2026-01-12", "q-2"), told_how_it_stands("2026-01-11")),
            "2026-02-01",
            "2026-01-28",
        ),
        besides((*SHUT, queried("2026-02-10")), "2026-03-01", "2026-02-26"),
    ),
}
