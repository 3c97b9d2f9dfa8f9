"""回避: whoever has an interest in a case, or is one whom it is about, neither opens nor touches it (Arts 28, 30). Pure."""

from collections.abc import Iterable

from shared.decider import Rejected
from shared.events import Fact
from shared.events.casework import InterestDeclared
from shared.events.intake import AccusedNamed


def recused_by(fact: Fact | None) -> frozenset[str]:
    """The ids of the officials whom a fact keeps away from its case: who is accused, or has declared an interest."""
    match fact:
        case AccusedNamed(officials=officials):
            return frozenset(official.id for official in officials)
        case InterestDeclared(official=official):
            return frozenset((official.id,))
        case _:
            return frozenset()


def keep_away(official_id: str, said: Iterable[Fact]) -> None:
    """Raise Rejected for somebody whom what was said of a case keeps away from it."""
    if any(official_id in recused_by(fact) for fact in said):
        raise Rejected(
            "recused",
            "您与本案有利害关系或为被反映人，应当回避（第二十八条、第三十条）。请由他人办理。",
            "You have an interest in this case, or it is about you, and have to keep away (Arts 28, 30). Somebody else acts.",
        )
