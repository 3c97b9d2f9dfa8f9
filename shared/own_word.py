"""各说各话: somebody of a unit speaks for that unit alone; the petition office may enter what a unit said. Pure."""

from shared.decider import Rejected
from shared.events import Asked, Named
from shared.identity import UNIT_BOUND


def check_own_word(asked: Asked, named: Named) -> None:
    """Raise Rejected for somebody of a unit who speaks for another, under whatever name of its own."""
    if asked.role in UNIT_BOUND and asked.unit is not None and not asked.is_of(named):
        raise Rejected(
            "another-units-word",
            f"您属于{asked.unit}，不能以{named[0]}的名义办理。请由该单位或信访部门登记。",
            f"You are of {asked.unit} and do not speak for {named[0]}: that unit, or the petition office, does.",
        )
