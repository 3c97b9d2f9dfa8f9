"""Refusals of intake that its other tables do not tell; the year in a county hears each of them through HTTP."""

from typing import Any

import pytest

from services.intake.domain.backlog import IdentifyBacklog, TagCase
from services.intake.domain.desk import CaseCommand
from services.intake.domain.dispatching import DispatchCase
from services.intake.domain.registering import LinkRepeatPetition
from shared.events import Fact
from tests.intake.handing_down import HERE
from tests.sample import TOWN, day
from tests.spec import Spec


def sending(kind: str, due: str | None = None) -> DispatchCase:
    return DispatchCase(kind=kind, unit=TOWN, dispatched_on=day("2026-11-05"), due_on=due and day(due))


REFUSALS: list[tuple[str, tuple[Fact, ...], CaseCommand]] = [
    ("assignment-needs-due-date", HERE, sending("assign")),
    ("assignment-needs-letter-number", HERE, sending("assign", "2026-12-05")),
    ("due-before-dispatch", HERE, sending("forward", "2026-11-04")),
    ("criterion-not-shown", HERE, IdentifyBacklog(criterion="overdue", identified_on=day("2026-11-05"))),
    ("same-matter-unsaid", HERE, LinkRepeatPetition(petition_id="p", channel="visit", received_on=day("2026-11-05"))),
    ("before-receipt", HERE, TagCase(tagged_on=day("2026-11-01"), spans=("cross-region",))),
]


@pytest.mark.parametrize(("rule", "before", "asked"), REFUSALS, ids=[rule for rule, *_ in REFUSALS])
def test_what_is_refused(here: Spec[Any], rule: str, before: tuple[Fact, ...], asked: CaseCommand) -> None:
    here.given(*before).when(asked).then_rejected(rule)
