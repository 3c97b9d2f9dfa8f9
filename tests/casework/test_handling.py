"""Inquiry, meetings, demands, agreements, opinions, documents, clocks, closing and review: what each command leads to,
and each refusal. Every command is also obeyed twice (tests/spec.py)."""

from typing import Any

import pytest

from services.casework.domain import RULES
from services.casework.domain.acceptance import ResumeClock, SuspendClock
from services.casework.domain.closing import CloseCase, LookBack, RequestClosure, ReviewClosure
from services.casework.domain.commitments import FulfilCommitment, MakePromise
from services.casework.domain.contact import AnnounceGoingDown, LogVisit, ReportGoingDown
from services.casework.domain.demands import AssessDemand
from services.casework.domain.desk import CaseCommand
from services.casework.domain.documents import FileDocument, WithdrawDocument
from services.casework.domain.inquiry import ReportInquiry, TakeEvidence
from services.casework.domain.leadership import (
    FixResponsibility,
    FormTaskForce,
    ReportOwnership,
)
from services.casework.domain.meetings import DeclineHearing, HoldMeeting
from services.casework.domain.opinion import CarryOutOpinion, IssueOpinion, ServeOpinion
from services.casework.domain.plan import AdoptPlan
from services.casework.domain.review import DecideReview, EndCase, RequestReview, TakeUpReview
from services.casework.domain.settlement import GiveSupport, GrantAid, ReachAgreement
from shared.events import Fact
from shared.events.casework import (
    Measure,
    Vote,
)
from shared.terms import (
    AcceptanceQuestion,
    DispatchKind,
    DocumentKind,
    Outcome,
    PaperForm,
    ReviewVerdict,
    ServedHow,
    VisitKind,
)
from tests.casework.handling import (
    AGREEMENT,
    AID,
    ASKED_HEARING,
    CLOSED,
    CONTESTED,
    DIVISION,
    ENDED,
    EVIDENCE,
    EXAMPLES,
    EXTEND,
    HERE,
    INQUIRY,
    ONE_ANSWER,
    OPEN,
    OPINION,
    PAPER,
    PASSED,
    PROMISE,
    READY,
    REQUESTED,
    RESUMED,
    STOPPED,
    SUGGESTED,
    WENT_DOWN,
    checked,
    command,
    decided,
    due,
)
from tests.sample import (
    BUREAU,
    LI,
    TOWN,
    WANG,
    day,
    dispatched,
    reply,
    routed,
)
from tests.spec import Spec

each = pytest.mark.parametrize("kind", EXAMPLES, ids=lambda kind: kind.__name__)


@each
def test_each_command_leads_to_its_fact(here: Spec[Any], kind: type[CaseCommand]) -> None:
    before, fact, _ = EXAMPLES[kind]
    here.given(*before).when(command(kind)).then(fact)


@each
def test_no_command_reaches_a_case_that_has_not_arrived(here: Spec[Any], kind: type[CaseCommand]) -> None:
    here.given().when(command(kind)).then_rejected("no-such-case")


@each
def test_nothing_happens_before_the_petition_came_or_tomorrow(here: Spec[Any], kind: type[CaseCommand]) -> None:
    before, fact, _ = EXAMPLES[kind]
    for on in ("2026-07-31", "2026-11-21"):
        example = here.given(*before).when(command(kind, **{str(fact.occurred): day(on)}))
        with pytest.raises(Exception, match=r"[\u4e00-\u9fff].* / .*[a-z]{3}"):
            example.then(fact)


@pytest.mark.parametrize("kind", [k for k in RULES if not k.when_closed and k in EXAMPLES], ids=lambda k: k.__name__)
def test_a_closed_case_is_not_handled(here: Spec[Any], kind: type[CaseCommand]) -> None:
    here.given(*CLOSED).when(command(kind)).then_rejected("case-closed")


def serving(**changes: Any) -> ServeOpinion:
    return ServeOpinion(**reply("2026-09-10").model_dump(exclude={"demands"}) | changes)


TOGETHER = DIVISION.model_copy(update={"secondary": (BUREAU,), "assisting": ()})
QUASHED = (*READY, CONTESTED, decided(ReviewVerdict.QUASHED))
AS_READY = {"number": "柳信复〔2026〕2026-09-10", "outcome": "supported", "how": "in-person"}
REFUSALS: list[tuple[str, tuple[Fact, ...], CaseCommand]] = [
    ("id-taken", (*OPEN, EVIDENCE), command(TakeEvidence, kind="site")),
    ("verifier-twice", OPEN, command(ReportInquiry, votes=(Vote(official=LI, agrees=True),) * 2)),
    ("too-few-verifiers", OPEN, command(ReportInquiry, votes=(Vote(official=LI, agrees=True),))),
    (
        "dissent-without-words",
        OPEN,
        command(ReportInquiry, votes=(Vote(official=LI, agrees=True), Vote(official=WANG, agrees=False))),
    ),
    (
        "no-majority",
        OPEN,
        command(
            ReportInquiry,
            votes=(Vote(official=LI, agrees=True), Vote(official=WANG, agrees=False, dissent="面积有争议")),
        ),
    ),
    ("commitment-id-taken", (*OPEN, PROMISE), command(HoldMeeting, decisions=(due("2026-09-30", "p-1"),))),
    ("commitment-id-taken", OPEN, command(HoldMeeting, decisions=(due("2026-09-30"), due("2026-09-30")))),
    ("due-before-made", OPEN, command(MakePromise, promise=due("2026-08-21", "p-1"))),
    ("no-hearing-requested", OPEN, command(DeclineHearing)),
    ("no-hearing-requested", (*OPEN, ASKED_HEARING), command(DeclineHearing, declined_on=day("2026-08-27"))),
    ("no-such-demand", OPEN, command(AssessDemand, demand=2)),
    ("unfounded-without-ground", OPEN, command(AssessDemand, judgement="unfounded")),
    ("unfounded-without-ground", (*OPEN, INQUIRY), command(AssessDemand, judgement="hardship", legal_basis="")),
    ("judged-without-law", OPEN, command(AssessDemand, legal_basis=" ")),
    ("not-wished", OPEN, command(GiveSupport, wished=False)),
    ("no-such-demand", OPEN, command(IssueOpinion, answers=OPINION.answers * 2)),
    ("demand-unanswered", (HERE.model_copy(update={"demands": ("一", "二")}), *OPEN[1:]), command(IssueOpinion)),
    ("answer-not-agreed", (*OPEN, TOGETHER), command(IssueOpinion)),
    ("answer-not-agreed", (*OPEN, TOGETHER, ONE_ANSWER), command(IssueOpinion, issued_on=day("2026-08-20"))),
    (
        "answer-not-agreed",
        (*OPEN, TOGETHER, ONE_ANSWER.model_copy(update={"units": (TOWN, "青石镇")})),
        command(IssueOpinion),
    ),
    ("commitment-id-taken", (*OPEN, PROMISE), command(ReachAgreement, terms=(due("2026-09-30", "p-1"),))),
    ("due-before-made", OPEN, command(ReachAgreement, terms=(due("2026-09-02"),))),
    ("no-such-opinion", READY, command(CarryOutOpinion, number="柳信复〔2026〕2号")),
    ("no-such-opinion", OPEN, command(CarryOutOpinion)),
    ("no-such-commitment", OPEN, command(FulfilCommitment)),
    ("before-it-was-made", (*OPEN, AGREEMENT), command(FulfilCommitment, fulfilled_on=day("2026-09-02"))),
    ("no-leader", OPEN, ReportOwnership(reported_on=day("2026-08-07"), to="县联席办")),
    ("unit-twice", OPEN, command(FixResponsibility, assisting=(TOWN,))),
    ("changing-needs-reason", (*OPEN, DIVISION), command(FixResponsibility, main=BUREAU, assisting=())),
    ("head-must-lead-the-unit", OPEN, command(FormTaskForce, head_leads_unit=False)),
    ("announced-too-late", OPEN, command(AnnounceGoingDown, contacted_on=day("2026-08-29"))),
    ("announced-too-late", OPEN, command(AnnounceGoingDown, announced_on=day("2026-09-03"))),
    ("no-going-down", OPEN, command(ReportGoingDown)),
    ("no-going-down", (*OPEN, WENT_DOWN), command(ReportGoingDown, handed_on=day("2026-09-06"))),
    ("first-and-in-remit", OPEN, command(FixResponsibility, first_responsible=WANG, in_remit=(WANG,))),
    ("form-of-other-material", OPEN, command(FileDocument, form=PaperForm.SUMMARY)),
    ("aid-not-compared", OPEN, command(GrantAid, cents=5_000_000)),
    ("no-limit-of-art-34", SUGGESTED, EXTEND),
    ("no-review-requested", CLOSED, command(TakeUpReview)),
    ("refusal-without-reason", (*CLOSED, CONTESTED), command(TakeUpReview, taken_up=False)),
    ("not-signed-by-leader", READY, command(FileDocument, kind="handling-report", signer=WANG)),
    ("no-such-document", OPEN, command(WithdrawDocument)),
    ("clock-not-running", (HERE,), command(SuspendClock)),
    ("clock-not-running", OPEN, command(SuspendClock, suspended_on=day("2026-08-04"))),
    ("clock-suspended", (*OPEN, STOPPED), command(SuspendClock, suspended_on=day("2026-08-16"))),
    ("suspended-before-resumed", (*OPEN, STOPPED, RESUMED), command(SuspendClock, suspended_on=day("2026-08-20"))),
    ("clock-running", OPEN, command(ResumeClock)),
    ("resumed-before-suspended", (*OPEN, STOPPED), command(ResumeClock, resumed_on=day("2026-08-14"))),
    ("not-ready-to-close", OPEN, command(RequestClosure)),
    ("no-closure-requested", READY, command(ReviewClosure)),
    ("five-questions", (*READY, REQUESTED), command(ReviewClosure, checks=PASSED.checks[:1] * 5)),
    (
        "nothing-to-mend",
        (*READY, REQUESTED),
        command(ReviewClosure, checks=tuple(c.model_copy(update={"yes": False}) for c in PASSED.checks)),
    ),
    ("not-reviewed", (*READY, REQUESTED), CloseCase(closed_on=day("2026-09-12"))),
    (
        "not-reviewed",
        (*READY, dispatched("2026-08-02", kind=DispatchKind.ASSIGN)),
        CloseCase(closed_on=day("2026-09-12")),
    ),
    (
        "sent-back",
        (*READY, REQUESTED, checked("2026-09-12", AcceptanceQuestion.COMPLETE)),
        CloseCase(closed_on=day("2026-09-12")),
    ),
    ("closed-too-early", (*READY, REQUESTED, PASSED), CloseCase(closed_on=day("2026-09-11"))),
    ("not-closed", READY, command(LookBack)),
    ("look-back-by-handler", CLOSED, command(LookBack, official=LI)),
    ("nothing-to-contest", OPEN, command(RequestReview)),
    ("nothing-to-contest", CLOSED, command(RequestReview, stage="final-review")),
    ("requested-too-late", CLOSED, command(RequestReview, requested_on=day("2026-10-11"))),
    ("contested-was-quashed", QUASHED, command(RequestReview, requested_on=day("2026-11-01"))),
    ("opinion-quashed", QUASHED, ServeOpinion(**AS_READY, served_on=day("2026-10-30"))),
    ("no-review-requested", CLOSED, command(DecideReview)),
    ("reviewed-by-handling-unit", (*CLOSED, CONTESTED), command(DecideReview, unit=TOWN)),
    ("reviewed-by-handler", (*CLOSED, CONTESTED), command(DecideReview, reviewer=LI)),
    ("no-ground-to-end", CLOSED, command(EndCase, ended_on=day("2026-10-10"))),
    ("no-ground-to-end", (*CLOSED, CONTESTED), command(EndCase)),
    ("no-ground-to-end", CLOSED, command(EndCase, ground="final-review")),
    ("no-ground-to-end", (*CLOSED, AGREEMENT), command(EndCase, ground="agreement-performed")),
    ("already-ended", (*CLOSED, ENDED), command(EndCase, ended_on=day("2026-10-12"))),
    (
        "return-visit-by-handler",
        CLOSED,
        LogVisit(visit_id="r-1", kind=VisitKind.RETURN, visited_on=day("2026-10-12"), official=LI),
    ),
    (
        "refusal-without-witness",
        OPEN,
        ServeOpinion(
            number="x", outcome=Outcome.DECLINED, served_on=day("2026-09-10"), how=ServedHow.IN_PERSON, refused=True
        ),
    ),
    (
        "served-how",
        OPEN,
        ServeOpinion(number="x", outcome=Outcome.DECLINED, served_on=day("2026-09-10"), how=ServedHow.OTHER, note=" "),
    ),
    ("opinion-not-issued", OPEN, serving()),
    ("opinion-not-issued", (*OPEN, OPINION), serving(number="柳信复〔2026〕2号")),
    ("outcome-differs", (*OPEN, OPINION), serving(outcome=Outcome.DECLINED)),
    (
        "served-before-issued",
        (*OPEN, OPINION),
        ServeOpinion(
            number=OPINION.number, outcome=Outcome.SUPPORTED, served_on=day("2026-09-05"), how=ServedHow.IN_PERSON
        ),
    ),
    (
        "due-before-made",
        OPEN,
        AdoptPlan(
            adopted_on=day("2026-08-10"), measures=(Measure(what="核对", who="经管站", due_on=day("2026-08-09")),)
        ),
    ),
]


@pytest.mark.parametrize(("rule", "before", "asked"), REFUSALS, ids=[f"{n}-{r[0]}" for n, r in enumerate(REFUSALS)])
def test_what_is_refused(here: Spec[Any], rule: str, before: tuple[Fact, ...], asked: CaseCommand) -> None:
    here.given(*before).when(asked).then_rejected(rule)


def test_what_has_no_opinion_is_replied_to_without_one(here: Spec[Any]) -> None:
    """A suggestion (Art 29); a claim that takes another road (Art 31)."""
    for before in (SUGGESTED, (*OPEN, routed("2026-08-10"))):
        here.given(*before).when(serving()).then(reply("2026-09-10"))
        here.given(*before, OPINION).when(serving(outcome=Outcome.DECLINED)).then_rejected("outcome-differs")


def test_a_large_sum_says_what_others_got(here: Spec[Any]) -> None:
    large = AID.model_copy(update={"cents": 5_000_000, "comparable": "同村同类困难两户，各五万元"})
    here.given(*OPEN).when(command(GrantAid, cents=large.cents, comparable=large.comparable)).then(large)
    below = AID.model_copy(update={"cents": 4_999_999})
    here.given(*OPEN).when(command(GrantAid, cents=below.cents)).then(below)


def test_a_form_of_a_plan_is_filed_as_other_material(here: Spec[Any]) -> None:
    for form in PaperForm:
        filed = PAPER.model_copy(update={"kind": DocumentKind.OTHER, "form": form})
        here.given(*OPEN).when(command(FileDocument, kind="other", form=form)).then(filed)


def test_units_that_answer_together_have_agreed_on_one_answer(here: Spec[Any]) -> None:
    here.given(*OPEN, TOGETHER, ONE_ANSWER).when(command(IssueOpinion)).then(OPINION)
    here.given(*OPEN, DIVISION).when(command(IssueOpinion)).then(OPINION)  # who only assists answers for nothing
    alone = ONE_ANSWER.model_copy(update={"units": ("县住建局", "县财政局")})
    refusal = here.given(*OPEN, TOGETHER, alone).when(command(IssueOpinion)).then_rejected("answer-not-agreed")
    assert TOGETHER.main in refusal.zh
