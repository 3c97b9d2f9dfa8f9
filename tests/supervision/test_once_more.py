"""What is said once more: a report that was found wanting, and the praise of what was praised before."""

from typing import Any

import pytest

from services.supervision.domain import supervision
from services.supervision.domain.notices import ReportRectification
from services.supervision.domain.treatments import ProposeCommendation
from shared.standard import Standard
from tests.sample import BUREAU, day
from tests.spec import Spec
from tests.supervision.account import COMMENDED, NOT_DONE, PRAISED, REPORT, WATCHED, command

TWO = REPORT.model_copy(update={"proof": ("走访记录 4 号", "照片")})
SINCE = {"report_id": "r-2", "reported_on": day("2026-11-20")}
DECLINED = COMMENDED.model_copy(update={"adopted": False, "reasons": "尚未兑现"})


@pytest.mark.parametrize(
    "changes", [{}, {"what": "已入户，见面。"}, {"proof": ("照片",)}], ids=["all", "points", "less"]
)
def test_a_report_that_says_and_shows_no_more_is_refused(standard: Standard, changes: dict[str, Any]) -> None:
    asked = command(ReportRectification, **SINCE, **changes)
    Spec(supervision(standard)).given(*WATCHED, TWO, NOT_DONE).when(asked).then_rejected("report-repeated")


@pytest.mark.parametrize(
    "changes", [{"what": "已补发差额"}, {"proof": ("走访记录 4 号", "发放凭证")}], ids=["says", "shows"]
)
def test_a_report_that_says_or_shows_more_is_none(standard: Standard, changes: dict[str, Any]) -> None:
    more = REPORT.model_copy(update={**SINCE, **changes})
    asked = command(ReportRectification, **SINCE, **changes)
    Spec(supervision(standard)).given(*WATCHED, REPORT, NOT_DONE).when(asked).then(more)


def test_what_was_declined_and_what_another_did_may_be_praised(standard: Standard) -> None:
    for before, changes in (((PRAISED, DECLINED), {}), ((PRAISED,), {"about": BUREAU})):
        said = PRAISED.model_copy(update={"commendation_id": "c-2", **changes})
        asked = command(ProposeCommendation, commendation_id="c-2", **changes)
        Spec(supervision(standard)).given(*WATCHED, *before).when(asked).then(said)
