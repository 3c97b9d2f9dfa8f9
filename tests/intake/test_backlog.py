"""Which matters are backlog: by the plans' criteria, excluded and looked at again; and what screening says of a matter."""

from typing import Any

from services.intake.domain import intake
from services.intake.domain.backlog import ExcludeBacklog, IdentifyByPlan
from services.intake.domain.case import Case
from services.intake.domain.screening import screening
from shared.standard import Standard
from shared.terms import (
    Category,
)
from tests.intake.handing_down import BY_PLAN, EXCLUDED, HERE, LOOKED_AT, command
from tests.sample import (
    closed,
    day,
    repeat,
    reply,
)
from tests.spec import Spec


def test_a_matter_is_backlog_of_a_plan_by_how_often_it_was_brought_wherever(here: Spec[Any]) -> None:
    """次数定义, changed: by matter, whatever the channel; a visit to a higher office counts no more than a letter here."""
    asked = command(IdentifyByPlan, criterion="times", features=())
    said = BY_PLAN.model_copy(update={"criterion": "times", "name": "两年内三次以上", "features": ()})
    here.given(*HERE, repeat("2024-11-05"), repeat("2026-11-03")).when(asked).then_rejected("criterion-not-met")
    here.given(*HERE, repeat("2024-11-06"), repeat("2026-11-03")).when(asked).then(said)


def test_a_matter_that_was_closed_without_its_end_is_backlog_of_a_plan(here: Spec[Any]) -> None:
    asked = command(IdentifyByPlan, criterion="not-ended", features=())
    said = BY_PLAN.model_copy(update={"criterion": "not-ended", "name": "未按程序终结", "features": ()})
    here.given(*HERE, closed("2026-11-04")).when(asked).then(said)
    here.given(*HERE, reply("2026-11-03"), closed("2026-11-04")).when(asked).then_rejected("criterion-not-met")
    here.given(*HERE, BY_PLAN, said).when(command(ExcludeBacklog)).then(EXCLUDED)


def test_screening_says_class_turn_focus_and_what_the_plans_count(standard: Standard) -> None:
    registered_as = HERE[0].model_copy(update={"categories": (Category.PERSONNEL,), "urgent": True})
    given = Spec(intake(standard)).given(registered_as, repeat("2026-11-03"), BY_PLAN, EXCLUDED, LOOKED_AT)
    case, (policy,) = given.state, standard.policies
    assert isinstance(case, Case)
    said = screening(case, registered_as, standard, day("2026-11-20"))
    assert (said.turn, said.matter_class, said.focus) == (1, "组织人事问题类", ("干部调整",))
    assert [(c.criterion, c.met, c.identified) for c in said.by_plan] == [
        ("four-features", True, True),
        ("times", False, False),
        ("not-ended", False, False),
    ]
    assert (said.excluded, said.urgent_unreported, said.brought) == (
        False,
        True,
        (day("2026-11-02"), day("2026-11-03")),
    )
    assert (said.in_self_check, said.self_check_from) == (True, day("2021-11-20"))
    later = screening(case, registered_as, standard, day("2031-11-03"))
    assert later.in_self_check is False
    without = Standard((policy.model_copy(update={"classes": ()}),), standard.calendar)
    nothing = screening(case, HERE[0], without, day("2028-02-29"))
    assert (nothing.turn, nothing.matter_class, nothing.self_check_from) == (None, "", day("2023-02-28"))
    words = HERE[0].model_copy(update={"demands": ("村里换届选举程序不合规定",)})
    assert screening(case, words, standard, day("2026-11-20")).focus == ("换届工作",)
    assert screening(case, words, standard, day("2026-11-20")).matter_class == "其它遗留问题类"
