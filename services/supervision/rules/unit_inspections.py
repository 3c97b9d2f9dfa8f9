"""对单位督导: what a group saw in a unit, against what is on record of its cases (C17). Pure."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from services.supervision.cited import Cited
from services.supervision.rules.unit_rule import UnitRule, named
from services.supervision.rules.verdict import Verdict, quiet
from services.supervision.unitbook import UnitBook
from shared.policy.rules import PlainRule

AS_SEEN = quiet("没有督导发现与记录不符", "no inspection of the unit saw otherwise than its records say")


def records_differ(book: UnitBook, _today: date, _rule: PlainRule) -> Verdict:
    """记录不实: the last inspection of the unit saw otherwise than is on record of its cases. It ends with a later one that saw
    nothing of the kind.
    """
    if not book.inspections or not (last := book.inspections[-1][1]).differences:
        return AS_SEEN
    its, n = book.inspections[-1][0], len(last.differences)
    said = {difference.fact for difference in last.differences}
    return Verdict(
        True,
        f"{last.held_on} 督导发现 {n} 处与记录不符：{last.differences[0].seen}",
        f"an inspection of {last.held_on} saw otherwise than the records say; differences: {n}",
        since=last.held_on,
        counted=(
            Cited(id=its, type="UnitInspected", on=last.held_on, why_zh="所见", why_en="what was seen"),
            *named((one for one in book.entries if one.id in said), "所记", "what was written down"),
        ),
        arithmetic=(f"{n} 处不符 / differences",),
    )


RULES: Sequence[UnitRule[Any]] = (UnitRule("records-differ", "C17", PlainRule, records_differ),)
