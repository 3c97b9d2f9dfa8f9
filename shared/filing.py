"""归档: what was filed under a number is filed once, and the number stands for nothing else. Pure."""

from collections.abc import Iterable
from typing import TypeVar

from shared.decider import Rejected
from shared.events import Fact

F = TypeVar("F", bound=Fact)


def filed(fact: F, said: Iterable[Fact], *names: str) -> list[F]:
    """The fact, unless it was said. Raises Rejected when what stands in the fields of these names stands for something else.

    The last of the names is the one to be told: the number that has to be another.
    """
    for other in said:
        if type(other) is type(fact) and all(getattr(other, name) == getattr(fact, name) for name in names):
            if other == fact:
                return []
            number = f"{names[-1]} {getattr(fact, names[-1])}"
            raise Rejected(
                "id-taken",
                f"{number} 已用于另一条不同的记录，请换一个编号。",
                f"{number} stands for another record already; use another.",
            )
    return [fact]
