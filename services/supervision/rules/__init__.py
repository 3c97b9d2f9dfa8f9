"""督查规则: the signs of stalling and sham closing (domain signs I1, I2, I4, I9, T5, T6, C10), one file per family.

Each is a pure function of the facts, the policy and the day. A verdict says whether the sign shows, why in one sentence,
which facts were counted, which were ignored and why, the arithmetic of its dates, and on which day its answer changes by
itself.
"""

from collections.abc import Callable, Collection
from datetime import date

from services.supervision.dossier import Dossier
from services.supervision.rules.answering import differs, unanswered, unheeded
from services.supervision.rules.closing import relapse
from services.supervision.rules.idling import idle, never_met, no_leader
from services.supervision.rules.limits import late
from services.supervision.rules.passing import ping_pong
from services.supervision.rules.verdict import Matter, Verdict, quiet
from shared.standard import Standard

__all__ = ["AFTERMATH", "RULES", "STALLING", "Verdict", "assess"]

Rule = Callable[[Matter], Verdict]

RULES: dict[str, Rule] = {
    "no-leader": no_leader,
    "idle": idle,
    "never-met": never_met,
    "overdue": late,
    "relapse": relapse,
    "ping-pong": ping_pong,
    "reply-differs": differs,
    "notice-unheeded": unheeded,
    "suggestion-unanswered": unanswered,
}

AFTERMATH = frozenset({"notice-unheeded", "suggestion-unanswered"})
"""What follows from notices and suggestions themselves: no reason for yet another notice, nor for calling the case idle."""

STALLING = frozenset(RULES) - {"relapse", "reply-differs"} - AFTERMATH
"""Signs that the case is on the books but idle; a relapse or an untrue reply is a sign of sham closing instead."""

DISABLED = quiet("现行口径未启用此规则", "the policy in force does not use this rule")


def assess(
    dossier: Dossier, standard: Standard, today: date, only: Collection[str] = RULES.keys()
) -> dict[str, Verdict]:
    """The verdict of every rule, or only of these, by rule: same facts, same policies, same day, same verdict.

    Empty for a case that is not registered by that day.
    """
    matter = Matter(dossier.until(today), standard, today)
    if matter.dossier.registered is None:
        return {}
    enabled = matter.policy.rules.by_id()
    return {name: rule(matter) if enabled[name].enabled else DISABLED for name, rule in RULES.items() if name in only}
