"""From finding to accountability: what people say about findings and notices."""

import pytest

from services.supervision.domain import RULES, supervision
from services.supervision.domain.desk import CaseCommand
from services.supervision.domain.findings import AnswerFinding, UpholdFinding, WithdrawFinding
from services.supervision.domain.inspections import ConcludeReverseInquiry, HoldInspection
from services.supervision.domain.notices import AnswerNotice, JudgeRectification, ReportRectification, WithdrawNotice
from services.supervision.domain.suggestions import AnswerSuggestion, MakeSuggestion
from services.supervision.domain.treatments import (
    DecideCommendation,
    DecideSanction,
    ProposeCommendation,
    ProposeSanction,
    RevokeSanction,
)
from shared.decider import Rejected, fold, obey
from shared.events import Asked, Fact
from shared.events.casework import InterestDeclared
from shared.standard import Standard
from shared.terms import ReturnCause, SuggestionKind, Treatment
from tests.sample import BUREAU, LI, OTHER, TOWN, day
from tests.spec import NOW, Spec, recorded
from tests.supervision.account import (
    ANSWERED,
    BACK,
    COMMENDED,
    EXAMPLES,
    NOT_DONE,
    PRAISED,
    PROPOSED,
    REPLY,
    REPORT,
    REVOKED,
    SANCTIONED,
    SUGGESTED,
    TAKEN_BACK,
    UPHELD,
    WATCHED,
    WITHDRAWN,
    ZHAO,
    command,
)

each = pytest.mark.parametrize("kind", EXAMPLES, ids=lambda kind: kind.__name__)


def test_every_rule_has_its_example() -> None:
    assert EXAMPLES.keys() == RULES.keys()


@each
def test_each_command_leads_to_its_fact(standard: Standard, kind: type[CaseCommand]) -> None:
    before, fact = EXAMPLES[kind]
    Spec(supervision(standard)).given(*before).when(command(kind)).then(fact)


@each
def test_no_command_reaches_a_case_that_has_not_arrived(standard: Standard, kind: type[CaseCommand]) -> None:
    Spec(supervision(standard)).given().when(command(kind)).then_rejected("no-such-case")


@each
def test_nothing_is_claimed_for_tomorrow(standard: Standard, kind: type[CaseCommand]) -> None:
    before, fact = EXAMPLES[kind]
    later = command(kind, **{str(fact.occurred): day("2026-11-21")})
    Spec(supervision(standard)).given(*before).when(later).then_rejected("in-the-future")


INTERESTED = InterestDeclared(declared_on=day("2026-08-03"), official=ZHAO, ground="与信访人有亲属关系")
UPHELD_AND_PROPOSED = (*WATCHED, ANSWERED, UPHELD, PROPOSED)
REFUSED = SANCTIONED.model_copy(update={"adopted": False})
OF_LI = PROPOSED.model_copy(update={"official": LI})
REFUSALS: list[tuple[str, tuple[Fact, ...], CaseCommand]] = [
    ("no-such-finding", WATCHED, command(AnswerFinding, finding_id="finding-9")),
    ("before-it-was", WATCHED, command(AnswerFinding, answered_on=day("2026-10-19"))),
    ("already-decided", (*WATCHED, ANSWERED, UPHELD), command(AnswerFinding, answer="又说")),
    ("before-it-was", (*WATCHED, ANSWERED), command(UpholdFinding, upheld_on=day("2026-11-12"))),
    ("not-heard", WATCHED, command(UpholdFinding, upheld_on=day("2026-10-30"))),
    ("already-decided", (*WATCHED, ANSWERED, WITHDRAWN), command(UpholdFinding)),
    ("already-decided", (*WATCHED, ANSWERED, WITHDRAWN), command(WithdrawFinding, reasons="另一个理由")),
    ("no-such-notice", WATCHED, command(AnswerNotice, notice_id="notice-9")),
    ("already-answered", (*WATCHED, REPLY), command(AnswerNotice, answer="再宽限几天")),
    ("before-it-was", WATCHED, command(AnswerNotice, answered_on=day("2026-11-11"))),
    ("report-waits", (*WATCHED, REPORT), command(ReportRectification, report_id="r-2")),
    ("id-taken", (*WATCHED, REPORT), command(ReportRectification, what="别的")),
    ("no-such-report", (*WATCHED, REPORT), command(JudgeRectification, report_id="r-9")),
    ("redo-by-when", (*WATCHED, REPORT), command(JudgeRectification, done=True)),
    ("redo-by-when", (*WATCHED, REPORT), command(JudgeRectification, redo_by=None)),
    ("redo-by-when", (*WATCHED, REPORT), command(JudgeRectification, redo_by=day("2026-11-16"))),
    ("still-found", (*WATCHED, REPORT), command(JudgeRectification, done=True, redo_by=None)),
    ("no-such-notice", (*WATCHED, TAKEN_BACK), command(WithdrawNotice, reissue=False)),
    ("report-repeated", (*WATCHED, REPORT, NOT_DONE), command(ReportRectification, report_id="r-2")),
    ("no-such-finding", WATCHED, command(MakeSuggestion, findings=("finding-9",))),
    ("not-upheld", WATCHED, command(MakeSuggestion, kind=SuggestionKind.ACCOUNTABILITY)),
    ("id-taken", (*WATCHED, SUGGESTED), command(MakeSuggestion, text="另一条")),
    ("no-such-suggestion", WATCHED, command(AnswerSuggestion)),
    ("not-upheld", (*WATCHED, ANSWERED), command(ProposeSanction)),
    ("not-upheld", (*WATCHED, ANSWERED, UPHELD, WITHDRAWN), command(ProposeSanction)),
    ("already-proposed", (*WATCHED, ANSWERED, UPHELD, PROPOSED), command(ProposeSanction, proposal_id="p-2")),
    ("already-proposed", (*WATCHED, ANSWERED, UPHELD, OF_LI), command(ProposeSanction, proposal_id="p-2", official=LI)),
    ("whom-it-is-about", (*WATCHED, ANSWERED, UPHELD), command(ProposeSanction, treatment=Treatment.ADMONITION)),
    ("no-such-proposal", WATCHED, command(DecideSanction)),
    ("not-that-body", (*WATCHED, ANSWERED, UPHELD, PROPOSED), command(DecideSanction, body="petition-office")),
    ("own-proposal", (*WATCHED, ANSWERED, UPHELD, PROPOSED), command(DecideSanction, by=ZHAO)),
    ("not-upheld", (*WATCHED, ANSWERED, UPHELD, PROPOSED, WITHDRAWN), command(DecideSanction)),
    ("no-such-decision", (*WATCHED, ANSWERED, UPHELD, PROPOSED), command(RevokeSanction)),
    ("no-such-decision", (*UPHELD_AND_PROPOSED, REFUSED), command(RevokeSanction)),
    ("not-that-body", (*UPHELD_AND_PROPOSED, SANCTIONED), command(RevokeSanction, body="petition-office")),
    ("before-it-was", (*UPHELD_AND_PROPOSED, SANCTIONED), command(RevokeSanction, revoked_on=day("2026-11-17"))),
    ("id-taken", (*UPHELD_AND_PROPOSED, SANCTIONED, REVOKED), command(RevokeSanction, reasons="另一理由")),
    ("no-such-proposal", WATCHED, command(DecideCommendation)),
    ("own-proposal", (*WATCHED, PRAISED), command(DecideCommendation, by=ZHAO)),
    ("has-a-part", (*WATCHED, PRAISED), command(DecideCommendation, by=LI)),
    ("already-proposed", (*WATCHED, PRAISED), command(ProposeCommendation, commendation_id="c-2")),
    ("already-proposed", (*WATCHED, PRAISED, COMMENDED), command(ProposeCommendation, commendation_id="c-2")),
    ("no-such-fact", WATCHED, command(ProposeCommendation, evidence=("casework:case-1:2", "x"))),
    ("too-few-inspectors", WATCHED, command(HoldInspection, members=(ZHAO, ZHAO))),
    ("inspects-himself", WATCHED, command(HoldInspection, members=(ZHAO, LI))),
    ("has-a-part", (*WATCHED, ANSWERED), command(UpholdFinding, by=LI)),
    ("has-a-part", (*WATCHED, ANSWERED), command(WithdrawFinding, by=LI)),
    ("has-a-part", (*WATCHED, REPORT), command(JudgeRectification, by=LI)),
    ("has-a-part", WATCHED, command(WithdrawNotice, by=LI)),
    ("has-a-part", UPHELD_AND_PROPOSED, command(DecideSanction, by=LI)),
    ("has-a-part", (*UPHELD_AND_PROPOSED, SANCTIONED), command(RevokeSanction, by=LI)),
    ("no-such-fact", WATCHED, command(HoldInspection, differences=({"fact": "x", "says": "甲", "seen": "乙"},))),
    ("no-such-inquiry", WATCHED, command(ConcludeReverseInquiry)),
    ("who-answers", (*WATCHED, BACK), command(ConcludeReverseInquiry, answerable=())),
    ("who-answers", (*WATCHED, BACK), command(ConcludeReverseInquiry, cause=ReturnCause.NO_FAULT)),
]


def test_whom_a_treatment_is_of_stays_with_it_to_the_end(standard: Standard) -> None:
    """Found: an official could only be named where the unit is, and then stood among the units."""
    here, upheld = Spec(supervision(standard)), (*WATCHED, ANSWERED, UPHELD)
    here.given(*upheld).when(command(ProposeSanction, official=LI)).then(OF_LI)
    here.given(*upheld, OF_LI).when(command(ProposeSanction, proposal_id="p-2")).then(
        PROPOSED.model_copy(update={"proposal_id": "p-2"})  # of the unit itself is another matter
    )
    decided, revoked = (fact.model_copy(update={"official": LI}) for fact in (SANCTIONED, REVOKED))
    here.given(*upheld, OF_LI).when(command(DecideSanction)).then(decided)
    here.given(*upheld, OF_LI, decided).when(command(RevokeSanction)).then(revoked)


@pytest.mark.parametrize(("rule", "before", "asked"), REFUSALS)
def test_what_is_refused(standard: Standard, rule: str, before: tuple[Fact, ...], asked: CaseCommand) -> None:
    Spec(supervision(standard)).given(*before).when(asked).then_rejected(rule)


@pytest.mark.parametrize(
    ("rule", "before", "asked"),
    [
        ("inspects-himself", (*WATCHED, INTERESTED), command(HoldInspection)),
        ("has-a-part", (*WATCHED, ANSWERED, INTERESTED), command(UpholdFinding)),
        ("has-a-part", (*WATCHED, BACK), command(ConcludeReverseInquiry, by=LI)),
    ],
)
def test_whoever_has_a_part_in_the_case_neither_inspects_nor_decides(
    standard: Standard, rule: str, before: tuple[Fact, ...], asked: CaseCommand
) -> None:
    """Found: the leader of a case could clear himself, and whoever had declared an interest could inspect and uphold."""
    Spec(supervision(standard)).given(*before).when(asked).then_rejected(rule)


@pytest.mark.parametrize(
    ("unit", "asked", "refused"),
    [
        (TOWN, command(AnswerNotice), None),
        (BUREAU, command(AnswerNotice), "not-the-addressee"),
        (TOWN, command(AnswerFinding), None),
        (OTHER, command(AnswerFinding), "not-its-finding"),
        (OTHER, command(AnswerSuggestion), None),
        (TOWN, command(AnswerSuggestion), "not-the-addressee"),
    ],
)
def test_a_unit_answers_for_itself(standard: Standard, unit: str, asked: CaseCommand, refused: str | None) -> None:
    decider = supervision(standard)
    state = fold(decider, [recorded(fact, n) for n, fact in enumerate((*WATCHED, SUGGESTED), 1)])
    who = Asked(actor="somebody", role="unit-head", unit=unit, now=NOW)
    if refused is None:
        assert obey(decider, state, asked, who)
    else:
        with pytest.raises(Rejected) as refusal:
            obey(decider, state, asked, who)
        assert refusal.value.rule == refused


def test_every_treatment_is_decided_by_the_body_that_may(standard: Standard) -> None:
    policy = standard.policies[-1]
    assert policy.treatments.keys() == set(Treatment)
    assert {body.value for body in policy.treatments[Treatment.LISTING].bodies} == {"joint-meeting"}
    assert {body.value for body in policy.treatments[Treatment.DISCIPLINE].bodies} == {
        "managing-organ",
        "supervisory-organ",
    }


def test_what_nobody_may_decide_is_not_proposed(standard: Standard) -> None:
    silent = tuple(policy.model_copy(update={"treatments": {}}) for policy in standard.policies)
    spec = Spec(supervision(Standard(silent, standard.calendar)))
    spec.given(*WATCHED, ANSWERED, UPHELD).when(command(ProposeSanction)).then_rejected("no-such-treatment")
