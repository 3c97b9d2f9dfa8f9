"""What follows from a finding falls with it, is said of whoever failed, and is decided anew on other facts."""

import pytest

from services.supervision.domain import supervision
from services.supervision.domain.desk import CaseCommand
from services.supervision.domain.findings import AnswerFinding, UpholdFinding, WithdrawFinding
from services.supervision.domain.treatments import ProposeSanction
from shared.decider import Rejected, fold, obey
from shared.events import Asked, Fact
from shared.events.supervision import (
    Evidence,
    FindingAnswered,
    FindingRaised,
    FindingRestated,
    FindingWithdrawn,
    NoticeEscalated,
    NoticeIssued,
)
from shared.standard import Standard
from shared.terms import Missed, NoticeLevel
from tests.sample import BUREAU, OTHER, TOWN, day, dispatched, registered
from tests.spec import Spec, recorded
from tests.supervision.account import ANSWERED, FOUND, NOTICE, SUGGESTED, UPHELD, WATCHED, command
from tests.supervision.lives import lived, moment, only

UNHEEDED = FOUND.model_copy(
    update={
        "finding_id": "finding-2",
        "rule": "notice-unheeded",
        "since": day("2026-11-23"),
        "as_of": moment("2026-11-23"),
        "counted": (Evidence(id="supervision:case-1:4", type="NoticeIssued", on=day("2026-11-12")),),
    }
)
URGED = NOTICE.model_copy(
    update={"notice_id": "notice-2", "level": NoticeLevel.SUPERVISION, "issued_on": day("2026-11-23"),
            "due_on": day("2026-12-08"), "follows": "notice-1"}
)  # fmt: skip
MISSED = NoticeEscalated(
    notice_id="notice-1", to="notice-2", missed=Missed.ANSWER, missed_on=day("2026-11-22"), as_of=moment("2026-11-23")
)
LATER = moment("2026-11-25", 12)
"""When people speak: after the day of the first notice went by."""
FOLLOWED = (*WATCHED, MISSED, URGED, UNHEEDED)
CLEARED = command(WithdrawFinding, withdrawn_on=day("2026-11-24"))


def test_what_followed_from_a_finding_that_is_withdrawn_is_withdrawn_with_it(standard: Standard) -> None:
    """Found: a unit that was cleared of idling stood on record for ever as not having heeded the notice about it."""
    after = Spec(supervision(standard), now=LATER).given(*FOLLOWED).when(CLEARED)
    first = command(WithdrawFinding, withdrawn_on=day("2026-11-24"))
    assert isinstance(first, WithdrawFinding)
    said = {"withdrawn_on": first.withdrawn_on, "by": first.by, "reasons": first.reasons}
    after.then(
        FindingWithdrawn(finding_id="finding-1", rule="idle", counted=("casework:case-1:2",), **said),
        FindingWithdrawn(finding_id="finding-2", rule="notice-unheeded", counted=("supervision:case-1:4",), **said),
    )


def test_what_followed_from_another_finding_too_stands(standard: Standard) -> None:
    other = FOUND.model_copy(update={"finding_id": "finding-3", "rule": "no-leader"})
    notice = NOTICE.model_copy(update={"findings": ("finding-1", "finding-3")})
    unheeded = UNHEEDED.model_copy(
        update={"counted": (Evidence(id="supervision:case-1:5", type="NoticeIssued", on=day("2026-11-12")),)}
    )
    given = (*WATCHED[:3], other, notice, MISSED, URGED, unheeded)
    facts = facts_of(standard, given, CLEARED)
    assert [fact.finding_id for fact in facts if isinstance(fact, FindingWithdrawn)] == ["finding-1"]


def facts_of(
    standard: Standard, given: tuple[Fact, ...], asked: CaseCommand, role: str = "supervisor", unit: str | None = None
) -> list[Fact]:
    decider = supervision(standard)
    state = fold(decider, [recorded(fact, n) for n, fact in enumerate(given, 1)])
    return obey(decider, state, asked, Asked(actor="x", role=role, unit=unit, now=LATER))


def test_a_suggestion_that_nobody_answers_is_the_failing_of_whoever_was_given_it(national: Standard) -> None:
    """Found: the unit that had the case was accused of another's silence, and the other could not answer for itself."""
    only_this = only(national, "suggestion-unanswered")
    made = recorded(SUGGESTED, 9, now=moment("2026-11-14"))
    watched = lived(only_this, registered("2026-08-01"), dispatched("2026-08-02", TOWN), until="2026-11-14")
    watched.hear(made)
    watched.judge(moment("2026-12-15"))
    found = [r.fact for r in watched.said if isinstance(r.fact, FindingRaised)]
    assert [(one.rule, one.unit) for one in found] == [("suggestion-unanswered", OTHER)]
    asked = command(AnswerFinding, finding_id="finding-1", answered_on=day("2026-12-15"))
    who = Asked(actor="x", role="unit-head", unit=OTHER, now=moment("2026-12-16"))
    facts = obey(supervision(only_this), watched.dossier, asked, who)
    assert [type(fact) for fact in facts] == [FindingAnswered]


def test_a_notice_that_was_not_heeded_is_the_failing_of_whoever_was_told(national: Standard) -> None:
    """Found: after a case had gone to another unit, that one was accused of what the first had left unanswered."""
    facts = (registered("2026-01-05"), dispatched("2026-01-06", TOWN), dispatched("2026-01-25", BUREAU))
    watched = lived(only(national, "no-leader", "notice-unheeded"), *facts, until="2026-02-10")
    told = [r.fact for r in watched.said if isinstance(r.fact, NoticeIssued)]
    assert told[0].addressee.unit == TOWN
    unheeded = [r.fact for r in watched.said if isinstance(r.fact, FindingRaised) and r.fact.rule == "notice-unheeded"]
    assert [one.unit for one in unheeded] == [TOWN]


OTHERWISE = FindingRestated(
    **{**dict(FOUND), "since": day("2026-11-16"), "as_of": moment("2026-11-17"),
       "counted": (Evidence(id="casework:case-1:9", type="VisitLogged", on=day("2026-10-17")),)}
)  # fmt: skip
MORE = FindingRestated(**{**dict(OTHERWISE), "counted": (*FOUND.counted, *OTHERWISE.counted)})
DECIDED = (*WATCHED, ANSWERED, UPHELD)


def test_what_was_upheld_is_undecided_when_it_stands_on_none_of_the_same_facts(standard: Standard) -> None:
    """Found: what was upheld could turn to other facts: nobody could answer these, and a treatment could rest on them."""
    again = command(AnswerFinding, answered_on=day("2026-11-18"), answer="另一事实也不属实")
    uphold = command(UpholdFinding, upheld_on=day("2026-11-20"))
    propose = command(ProposeSanction, proposed_on=day("2026-11-24"))
    for moved, refused in ((OTHERWISE, "not-upheld"), (MORE, None)):
        if refused is None:
            assert facts_of(standard, (*DECIDED, moved), propose)
            continue
        with pytest.raises(Rejected) as refusal:
            facts_of(standard, (*DECIDED, moved), propose)
        assert refusal.value.rule == refused
    with pytest.raises(Rejected) as refusal:  # its ten days to be heard run anew
        facts_of(standard, (*DECIDED, OTHERWISE), uphold)
    assert refusal.value.rule == "not-heard"
    [answer] = facts_of(standard, (*DECIDED, OTHERWISE), again, "unit-head", TOWN)
    Spec(supervision(standard), now=LATER).given(*DECIDED, OTHERWISE, answer).when(uphold).then(
        UPHELD.model_copy(update={"upheld_on": day("2026-11-20")})
    )
    [upheld] = facts_of(standard, (*DECIDED, OTHERWISE, answer), uphold)
    assert facts_of(standard, (*DECIDED, OTHERWISE, answer, upheld), propose)
    with pytest.raises(Rejected) as refusal:
        facts_of(standard, (*DECIDED, OTHERWISE, answer, upheld), again.model_copy(update={"answer": "又说"}))
    assert refusal.value.rule == "already-decided"
