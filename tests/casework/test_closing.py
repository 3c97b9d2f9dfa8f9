"""Extending the limit, closing a case, and what follows when it was closed in vain."""

from typing import Any

import pytest

from services.casework.domain import casework
from services.casework.domain.acceptance import ApproveExtension
from services.casework.domain.closing import CloseCase, ReportRelapse
from shared.decider import Command
from shared.events.intake import CaseTakenIn, CaseTakenOut
from shared.standard import Standard
from shared.terms import DispatchKind
from tests.sample import (
    accepted,
    closed,
    day,
    dispatched,
    extension,
    leader,
    registered,
    relapsed,
    replaced,
    reply,
    visit,
)
from tests.spec import Spec

HERE = registered("2026-09-01")
READY = (HERE, accepted("2026-09-05"), leader("2026-09-06"), visit("2026-09-20"), reply("2026-10-10"))
"""Accepted on 2026-09-05, so due on 2026-11-04."""
CLOSED = (*READY, closed("2026-10-12"))
REOPENED = (*CLOSED, relapsed("2026-11-01"))


def closing(on: str) -> CloseCase:
    return CloseCase(**closed(on).model_dump())


def relapsing(on: str) -> ReportRelapse:
    return ReportRelapse(**relapsed(on).model_dump())


def approve(on: str, **other: Any) -> ApproveExtension:
    return ApproveExtension(**{**extension(on).model_dump(), **other})


def test_an_extension_is_approved_on_the_last_day_of_the_limit(here: Spec[Any]) -> None:
    here.given(*READY[:2]).when(approve("2026-11-04")).then(extension("2026-11-04"))


def test_the_person_may_be_told_today(here: Spec[Any]) -> None:
    told = approve("2026-11-04", told_on="2026-11-20")
    here.given(*READY[:2]).when(told).then(extension("2026-11-04").model_copy(update={"told_on": day("2026-11-20")}))


@pytest.mark.parametrize(
    ("command", "rule"),
    [
        (approve("2026-11-05"), "extension-too-late"),
        (approve("2026-09-04"), "extension-too-early"),
        (approve("2026-11-04", days=31), "extension-too-long"),
        (approve("2026-11-04", told_on="2026-11-21"), "told-in-the-future"),
    ],
)
def test_an_extension_is_refused(here: Spec[Any], command: Command, rule: str) -> None:
    here.given(*READY[:2]).when(command).then_rejected(rule)


def test_what_is_not_accepted_has_no_limit_to_extend(here: Spec[Any]) -> None:
    here.given(HERE).when(approve("2026-10-01")).then_rejected("not-accepted")


def test_there_is_no_second_extension(here: Spec[Any]) -> None:
    here.given(*READY[:2], extension("2026-10-30", days=10)).when(approve("2026-11-04")).then_rejected("extended-once")


def test_what_was_assigned_with_a_merged_case_is_checked_from_above_while_that_is_merged(here: Spec[Any]) -> None:
    came = (
        CaseTakenIn(other="case-2", merged_on=day("2026-09-10"), from_above=True),
        dispatched("2026-09-10", kind=DispatchKind.ASSIGN).model_copy(update={"with_case": "case-2"}),
    )
    out = CaseTakenOut(other="case-2", unmerged_on=day("2026-09-15"))
    here.given(*READY, *came).when(closing("2026-10-12")).then_rejected("not-reviewed")
    here.given(*READY, *came, out).when(closing("2026-10-12")).then(closed("2026-10-12"))
    here.given(*READY, *came, out, *came).when(closing("2026-10-12")).then_rejected("not-reviewed")


def test_a_relapse_begins_a_new_limit_with_an_extension_of_its_own(here: Spec[Any]) -> None:
    """Found: the extension of the first round was held against the second, whose limit ran from the first acceptance."""
    facts = (*READY[:2], extension("2026-10-01"), *READY[2:], closed("2026-10-12"), relapsed("2026-10-15"))
    here.given(*facts).when(approve("2026-11-10")).then(extension("2026-11-10"))
    here.given(*facts).when(approve("2026-10-14")).then_rejected("extension-too-early")


def test_the_limit_is_that_of_the_policy_of_its_day(standard: Standard) -> None:
    policy = standard.policy_on(day("2026-09-05"))
    shorter = policy.limits.model_copy(update={"extension_max": 10})
    later = policy.model_copy(update={"version": "later", "effective_from": day("2026-10-01"), "limits": shorter})
    spec = Spec(casework(Standard((policy, later), standard.calendar)))
    spec.given(*READY[:2]).when(approve("2026-11-04")).then(extension("2026-11-04"))
    spec.given(HERE, accepted("2026-10-02")).when(approve("2026-11-04")).then_rejected("extension-too-long")


@pytest.mark.parametrize(("left_out", "missing"), [(2, "包案领导"), (3, "与信访人见面的记录"), (4, "已送达的书面答复")])
def test_a_case_is_not_closed_without_its_leader_its_meeting_and_its_reply(
    here: Spec[Any], left_out: int, missing: str
) -> None:
    facts = [fact for n, fact in enumerate(READY) if n != left_out]
    refusal = here.given(*facts).when(closing("2026-10-12")).then_rejected("not-ready-to-close")
    assert missing in refusal.zh


def test_all_that_is_missing_is_said_at_once(here: Spec[Any]) -> None:
    refusal = here.given(HERE).when(closing("2026-10-12")).then_rejected("not-ready-to-close")
    assert refusal.zh == "不能办结，还缺：包案领导、与信访人见面的记录、已送达的书面答复。"


def test_a_visit_that_missed_the_person_is_no_meeting(here: Spec[Any]) -> None:
    facts = (*READY[:3], visit("2026-09-20", met=False), READY[4])
    here.given(*facts).when(closing("2026-10-12")).then_rejected("not-ready-to-close")


def test_a_case_is_closed_on_the_day_of_its_reply_but_not_before(here: Spec[Any]) -> None:
    here.given(*READY).when(closing("2026-10-10")).then(closed("2026-10-10"))
    refusal = here.given(*READY).when(closing("2026-10-09")).then_rejected("closed-too-early")
    assert "2026-10-10" in refusal.zh


def test_a_later_change_of_leader_does_not_stand_in_the_way_of_the_closing_day(here: Spec[Any]) -> None:
    here.given(*READY, replaced("2026-11-02")).when(closing("2026-10-12")).then(closed("2026-10-12"))


def test_a_closed_case_is_closed_already(here: Spec[Any]) -> None:
    here.given(*CLOSED).when(closing("2026-10-20")).then()


def test_a_case_that_is_open_does_not_relapse(here: Spec[Any]) -> None:
    here.given(*READY).when(relapsing("2026-11-01")).then_rejected("not-closed")
    here.given(*REOPENED).when(relapsing("2026-11-02")).then_rejected("not-closed")


def test_a_relapse_does_not_lie_before_the_closing(here: Spec[Any]) -> None:
    here.given(*CLOSED).when(relapsing("2026-10-11")).then_rejected("relapse-before-closing")


def test_a_reopened_case_needs_a_new_meeting_and_a_new_reply(here: Spec[Any]) -> None:
    again = closing("2026-11-15")
    refusal = here.given(*REOPENED).when(again).then_rejected("not-ready-to-close")
    assert "包案领导" not in refusal.zh
    done = (*REOPENED, visit("2026-11-05"), reply("2026-11-14"))
    here.given(*done).when(again).then(closed("2026-11-15"))


def test_what_happened_before_the_relapse_does_not_count_after_it_however_late_it_is_logged(here: Spec[Any]) -> None:
    late = (*REOPENED, visit("2026-10-30"), reply("2026-10-31"))
    here.given(*late).when(closing("2026-11-15")).then_rejected("not-ready-to-close")


def test_a_case_closes_and_relapses_and_closes_and_relapses_on_one_day(here: Spec[Any]) -> None:
    """Found: the second relapse of the same words was taken for the first, and the case stayed closed."""
    once = (*CLOSED, relapsed("2026-10-12"), visit("2026-10-12"), reply("2026-10-12"))
    here.given(*once).when(closing("2026-10-12")).then(closed("2026-10-12"))
    here.given(*once, closed("2026-10-12")).when(relapsing("2026-10-12")).then(relapsed("2026-10-12"))
