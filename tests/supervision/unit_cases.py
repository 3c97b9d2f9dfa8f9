"""What a worked case of a sign across the cases of a unit is: what its clerks wrote down, and what a group saw there."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from services.supervision.rules import UNIT_RULES, Verdict
from services.supervision.unitbook import Entry, UnitBook, entry
from services.supervision.words import Words
from shared.events import Asked, Fact, document, read
from shared.events.casework import VisitLogged
from shared.events.intake import BacklogExcluded
from shared.events.supervision import Difference, UnitInspected
from shared.standard import Standard
from shared.terms import ExclusionGround
from shared.workdays import start_of
from tests.sample import (
    LI,
    TOWN,
    WANG,
    accepted,
    day,
    resumed,
    stopped,
    visit,
)
from tests.supervision.lives import overlay
from tests.supervision.worked import Kind

RULES = {rule.id: rule for rule in UNIT_RULES}
Said = Entry | UnitInspected
"""What a unit is judged by: what stands in its book, and the inspections of it."""
LONG = "经查，{}发放清单漏列两户，差额由经管站按照县里的标准核算后补发到户，信访人对核算的过程和结果没有异议。"


def excluded(on: str) -> BacklogExcluded:
    return BacklogExcluded(ground=ExclusionGround.LITIGATION, excluded_on=day(on), approved_by=WANG, reason="已起诉")


def line(
    fact: Fact, case: int, at: str = "", *, n: int = 0, by: str = "clerk", unit: str = TOWN, imported: bool = False
) -> Entry:
    """What a unit's clerk wrote down of a case, on the day itself or later, so many minutes after noon."""
    claimed = fact.claimed_time()
    assert isinstance(claimed, date)
    noon = start_of(date.fromisoformat(at) if at else claimed) + timedelta(hours=12, minutes=n)
    who = Asked(actor=by, role="handler", now=noon, unit=unit, imported_from="ledger" if imported else None)
    made = document(fact, region="610499", case_id=f"case-{case}", version=n + 1, prevhash="0" * 64, asked=who)
    found = entry(read(made))
    assert found is not None
    return found


def asked(national: Standard, rule: str, said: Iterable[Said], today: str, unit: str = TOWN, **other: Any) -> Verdict:
    """The answer about a unit; inspections are of the town."""
    standard, known = overlay(national, rule, **other) if other else national, [*said]
    words, book = Words(), UnitBook.of(unit, [one for one in known if isinstance(one, Entry)])
    for fact in known:
        if isinstance(fact, UnitInspected) and unit == TOWN:
            words = words.after(fact, f"supervision:book:{fact.inspection_id}")
    return RULES[rule].ask(book.inspected(words), standard.policies[0], date.fromisoformat(today))


def went_there(on: str, told: str = "", *, differs: bool = True) -> UnitInspected:
    """A group went to the town, which had been told of it, or had not."""
    differences = (Difference(fact=VISITED.id, says="已入户", seen="查无此事"),) if differs else ()
    return UnitInspected(
        inspection_id=f"d-{on}",
        told_on=day(told or on),
        held_on=day(on),
        members=(WANG, LI),
        seen="抽查三件",
        differences=differences,
    )


def taken(n: int, *more: Fact, of_those: int = 0) -> list[Entry]:
    """So many cases taken on, and of some of them more."""
    entries = [line(accepted("2026-01-10"), case) for case in range(n)]
    return entries + [line(fact, case, n=k + 1) for case in range(of_those) for k, fact in enumerate(more)]


def noted(on: str, note: str) -> VisitLogged:
    return visit(on).model_copy(update={"note": note})


EAST, WEST = "610499100201", "610499100202"
VISITED = line(visit("2026-03-01"), 1)
Told = tuple[str, Sequence[Said], str, str | None]
STOPPED = [line(stopped("2026-02-01"), 0, n=90), line(resumed("2026-02-11"), 0, n=91)]
"""A clock of one of its cases lawfully stood still: signs across cases have no clock, and say the same."""
Kinds = dict[Kind, tuple[Sequence[Said], str, str | None, dict[str, Any]]]


def six(
    entries: Sequence[Said], since: str, fewer: Sequence[Said], late: tuple[Sequence[Said], str], **policy: Any
) -> Kinds:
    """The six kinds of worked cases of a sign that shows since a day: without one of its entries, or before it is known, or by
    another policy it does not.
    """
    return {
        "fires": (entries, "2026-04-01", since, {}),
        "just not": (fewer, "2026-04-01", None, {}),
        "on the day": (entries, since, since, {}),
        "pause": ([*entries, *STOPPED], "2026-04-01", since, {}),
        "late": (*late, None, {}),
        "policy": (entries, "2026-04-01", None, policy),
    }
