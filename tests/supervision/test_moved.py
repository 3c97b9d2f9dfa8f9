"""A case that goes to another unit while a notice about it is live: nobody is pressed, or kept from answering, for that."""

import pytest

from services.supervision.domain import supervision
from services.supervision.domain.desk import CaseCommand
from services.supervision.domain.notices import AcknowledgeNotice, AnswerNotice, ReportRectification
from shared.decider import Rejected, obey
from shared.directory import Directory
from shared.events import Asked, Fact
from shared.events.intake import UnitEstablished, UnitRenamed
from shared.events.supervision import NoticeEscalated, NoticeIssued
from shared.standard import Standard
from tests.sample import BUREAU, OTHER, TOWN, day, dispatched, registered
from tests.spec import recorded
from tests.supervision.account import command
from tests.supervision.lives import lived, moment, only

SENT = (registered("2026-01-05"), dispatched("2026-01-06", TOWN))


def told(
    standard: Standard, *facts: Fact, until: str = "2026-04-01", directory: Directory | None = None
) -> list[tuple[str, str, str]]:
    watched = lived(only(standard, "no-leader"), *SENT, *facts, until=until, directory=directory)
    issued = [r.fact for r in watched.said if isinstance(r.fact, NoticeIssued)]
    gone = [r.fact.to for r in watched.said if isinstance(r.fact, NoticeEscalated)]
    assert gone == [notice.notice_id for notice in issued if notice.follows]
    return [(f"{notice.issued_on:%m-%d}", notice.level.value, notice.addressee.unit) for notice in issued]


def test_whoever_was_never_told_is_told_before_anybody_proposes_anything(national: Standard) -> None:
    """Found: a unit that was given the case in the middle heard of it for the first time from the last rung."""
    first = [("01-22", "reminder", TOWN), ("02-02", "supervision", TOWN)]
    assert told(national) == [*first, ("02-18", "accountability", TOWN)]
    assert told(national, dispatched("2026-02-10", BUREAU)) == [
        *first,
        ("02-18", "supervision", BUREAU),
        ("03-06", "accountability", BUREAU),
    ]


def test_handing_a_case_to_and_fro_keeps_nothing_from_going_up(national: Standard) -> None:
    said = told(national, dispatched("2026-02-10", BUREAU), dispatched("2026-02-25", TOWN))
    assert said[-2:] == [("02-18", "supervision", BUREAU), ("03-06", "accountability", TOWN)]


def test_ever_new_units_keep_it_from_the_last_rung_no_longer(national: Standard) -> None:
    """Found: with each unit that was given the case the same rung began anew, as often as the case was handed on."""
    round_it_goes = [
        dispatched("2026-02-10", BUREAU),
        dispatched("2026-02-25", OTHER),
        dispatched("2026-03-10", "甲镇"),
    ]
    assert told(national, *round_it_goes, until="2026-06-01") == [
        ("01-22", "reminder", TOWN),
        ("02-02", "supervision", TOWN),
        ("02-18", "supervision", BUREAU),
        ("03-06", "accountability", "信访部门"),  # nobody is pressed who was never told
    ]


def test_a_unit_that_is_renamed_was_told_under_its_other_name(national: Standard) -> None:
    renamed = (
        UnitEstablished(name=TOWN, region="610499", established_on=day("2010-01-01")),
        UnitRenamed(name="柳林街道", renamed_on=day("2026-02-10")),
    )
    entered = [recorded(fact, n, f"unit-{0:016x}", now=moment("2026-01-01")) for n, fact in enumerate(renamed, 1)]
    known = Directory().plus(entered)
    assert told(national, directory=known)[1:] == [
        ("02-02", "supervision", TOWN),
        ("02-18", "accountability", "柳林街道"),
    ]


@pytest.mark.parametrize("unit", [TOWN, BUREAU, OTHER])
@pytest.mark.parametrize("kind", [AcknowledgeNotice, AnswerNotice, ReportRectification])
def test_whoever_has_the_case_now_answers_too(national: Standard, kind: type[CaseCommand], unit: str) -> None:
    """Found: only the unit that had given the case away could answer, and report what it could not do any more."""
    asked_of = only(national, "no-leader")
    watched = lived(asked_of, *SENT, dispatched("2026-02-10", BUREAU), until="2026-02-12")
    days = {"acknowledged_on": day("2026-02-12"), "answered_on": day("2026-02-12"), "reported_on": day("2026-02-12")}
    fields = {name: value for name, value in days.items() if name in kind.model_fields}
    asked = command(kind, notice_id="notice-2", **fields)
    who = Asked(actor="x", role="unit-head", unit=unit, now=moment("2026-02-12", 9))
    if unit == OTHER:
        with pytest.raises(Rejected, match=f"{TOWN}、{BUREAU}"):
            obey(supervision(asked_of), watched.dossier, asked, who)
    else:
        assert len(obey(supervision(asked_of), watched.dossier, asked, who)) == 1
