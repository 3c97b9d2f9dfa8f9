"""推诿退转: units that hand a case around (I9). Pure."""

from services.supervision.dossier import Noted
from services.supervision.rules.verdict import CLOSED, Matter, Verdict, evidence, quiet
from shared.events.casework import CaseAccepted, CaseRelapsed
from shared.events.intake import CaseDispatched, DispatchObjected
from shared.events.supervision import Evidence


def ping_pong(matter: Matter) -> Verdict:
    """推诿退转: sent back, or passed on to yet another unit, so often that nobody takes it.

    Sending back and the dispatch that follows it are one move, not two; the first dispatch is none. A relapse begins the
    count anew.
    """
    dossier = matter.dossier
    if dossier.closed:
        return CLOSED
    moves: list[Evidence] = []
    holder = ""
    for noted in dossier.facts:
        match noted.fact:
            case DispatchObjected(unit=unit):
                moves.append(evidence(noted, f"{unit}退回", f"{unit} sent it back"))
                holder = ""
            case CaseDispatched(unit=unit):
                if holder not in ("", unit):
                    moves.append(evidence(noted, f"由{holder}转到{unit}", f"from {holder} to {unit}"))
                holder = unit
            case CaseRelapsed():
                moves.clear()
    times, n = matter.policy.rules.ping_pong.times, len(moves)
    if not moves:
        return quiet("没有被退回或转办", "never sent back or on")
    if n < times:
        return quiet(f"被退回、转办 {n} 次", f"times sent back or on: {n}")
    accepted: Noted[CaseAccepted] | None = dossier.last(CaseAccepted)
    if accepted and accepted.on >= moves[-1].on:
        return quiet(f"退转之后，{accepted.fact.unit}已受理", f"{accepted.fact.unit} has accepted it since")
    return Verdict(
        True,
        f"案件已被退回、转办 {n} 次，至今无单位受理",
        f"no unit has accepted it since; times sent back or on: {n}",
        since=moves[times - 1].on,
        counted=tuple(moves),
        arithmetic=(f"{n} 次 ≥ {times} 次 / times",),
    )
