"""Worked cases of the signs of an inquiry, a hearing or a mediation for show (C)."""

from shared.terms import (
    DocumentKind,
    EndGround,
    SuspensionGround,
    VisitKind,
)
from tests.sample import (
    LI,
    WANG,
    closed,
    leader,
    merged,
    registered,
    resumed,
    stopped,
    visit,
)
from tests.supervision.deeds import (
    ZHAO,
    agreed,
    came_back,
    ended,
    evidence_by,
    handled_by,
    hearing,
    hearing_asked,
    hearing_declined,
    inquiry,
    paper,
    visit_by,
    votes,
    withdrawn,
)
from tests.supervision.lives import Late
from tests.supervision.worked import Worked, besides, fires, late, not_yet, on_the_day, paused, policy

HERE = registered("2026-01-05")
STOPPED = (stopped("2026-01-10"), resumed("2026-01-20"))


OWNED = (HERE, leader("2026-01-06"))
ASKED = (HERE, hearing_asked("2026-01-10"))
OWN = (HERE, visit("2026-01-20"), closed("2026-02-01"), came_back("2026-02-10", LI))
NOBODY_IN = visit_by("2026-02-12", ZHAO, VisitKind.RETURN).model_copy(update={"met_petitioner": False})
MEDIATED = (HERE, agreed("2026-01-10", "2026-03-01"))

INQUIRIES: dict[str, tuple[Worked, ...]] = {
    "unsigned-report": (
        fires((*OWNED, inquiry("2026-01-20", signed=None)), "2026-02-01", "2026-01-20"),
        not_yet((*OWNED, inquiry("2026-01-20")), "2026-02-01"),
        on_the_day((*OWNED, inquiry("2026-01-20", signed=WANG)), "2026-01-20"),
        paused((*OWNED, *STOPPED, inquiry("2026-01-20", signed=None)), "2026-02-01", "2026-01-20"),
        late((HERE, inquiry("2026-01-20"), Late(leader("2026-01-06"), "2026-02-01")), "2026-02-01", None),
        policy((*OWNED, inquiry("2026-01-20", signed=None)), "2026-02-01", None, enabled=False),
        besides(
            (*OWNED, paper("2026-01-20", DocumentKind.HANDLING_REPORT, "r", signer=WANG)), "2026-02-01", "2026-01-20"
        ),
        besides(
            (*OWNED, paper("2026-01-20", DocumentKind.HANDLING_REPORT, "r", signer=WANG), withdrawn("2026-01-21", "r")),
            "2026-02-01",
            None,
        ),
    ),
    "self-visit": (
        fires(
            (HERE, visit("2026-01-20"), closed("2026-02-01"), came_back("2026-02-10", LI)), "2026-03-01", "2026-02-10"
        ),
        not_yet((HERE, visit("2026-01-20"), closed("2026-02-01"), came_back("2026-02-10")), "2026-03-01"),
        besides((*OWN, NOBODY_IN), "2026-03-01", "2026-02-10"),  # who found nobody in has asked nobody
        on_the_day(
            (HERE, evidence_by("2026-01-20"), closed("2026-02-01"), came_back("2026-02-10", WANG)), "2026-02-10"
        ),
        paused(
            (HERE, visit("2026-01-20"), *STOPPED, closed("2026-02-01"), came_back("2026-02-10", LI)),
            "2026-03-01",
            "2026-02-10",
        ),
        late(
            (HERE, closed("2026-02-01"), came_back("2026-02-10", LI), Late(visit("2026-01-20"), "2026-02-20")),
            "2026-02-20",
            "2026-02-10",
        ),
        policy(
            (HERE, visit("2026-01-20"), closed("2026-02-01"), came_back("2026-02-10", LI)),
            "2026-03-01",
            None,
            enabled=False,
        ),
        besides(
            (HERE, handled_by("2026-01-06", ZHAO), closed("2026-02-01"), came_back("2026-02-10")),
            "2026-03-01",
            "2026-02-10",
        ),
        besides(
            (
                HERE,
                visit_by("2026-01-20", LI),
                closed("2026-02-01"),
                came_back("2026-02-10", LI),
                came_back("2026-02-20"),
            ),
            "2026-03-01",
            None,
        ),
        besides((*OWN[:-1], NOBODY_IN), "2026-03-01", None),
    ),
    "mediation-unproven": (
        fires(MEDIATED, "2026-02-01", "2026-01-26"),
        not_yet(MEDIATED, "2026-01-25"),
        on_the_day(MEDIATED, "2026-01-26"),
        paused((*MEDIATED, *STOPPED), "2026-02-01", "2026-01-26"),
        late((*MEDIATED, Late(paper("2026-01-10", DocumentKind.AGREEMENT), "2026-02-01")), "2026-02-01", None),
        policy(MEDIATED, "2026-02-01", "2026-01-16", days=5),
        besides((HERE, ended("2026-02-01", EndGround.AGREEMENT_PERFORMED)), "2026-02-02", "2026-02-01"),
    ),
    "hearing-ignored": (
        fires(ASKED, "2026-02-01", "2026-01-26"),
        not_yet(ASKED, "2026-01-25"),
        on_the_day((*ASKED, hearing_declined("2026-01-12", reason="")), "2026-01-26"),
        paused((*ASKED, stopped("2026-01-12"), resumed("2026-01-17")), "2026-02-10", "2026-01-31"),
        late((*ASKED, Late(hearing("2026-01-20"), "2026-02-01")), "2026-02-01", None),
        policy(ASKED, "2026-02-01", "2026-01-16", days=5),
        besides((*ASKED, hearing_declined("2026-01-12")), "2026-02-01", None),
        besides((*ASKED, closed("2026-01-20")), "2026-02-01", "2026-01-26"),
        besides((*ASKED, merged("2026-01-20")), "2026-02-01", None),
        besides((*ASKED, stopped("2026-01-12", SuspensionGround.HEARING)), "2026-02-10", "2026-01-26"),
    ),
    "thin-inquiry": (
        fires((HERE, inquiry("2026-01-20", votes(True))), "2026-02-01", "2026-01-20"),
        not_yet((HERE, inquiry("2026-01-20", votes(True, True))), "2026-02-01"),
        on_the_day((HERE, inquiry("2026-01-20", votes(True, False))), "2026-01-20"),
        paused((HERE, *STOPPED, inquiry("2026-01-20", votes(True))), "2026-02-01", "2026-01-20"),
        late((HERE, inquiry("2026-01-20", votes(True)), Late(inquiry("2026-01-22"), "2026-02-01")), "2026-02-01", None),
        policy((HERE, inquiry("2026-01-20", votes(True))), "2026-02-01", None, enabled=False),
        besides((HERE, inquiry("2026-01-20", votes(True, True, False, dissent=""))), "2026-02-01", "2026-01-20"),
        besides((HERE, inquiry("2026-01-20", votes(True, True, False))), "2026-02-01", None),
    ),
}
