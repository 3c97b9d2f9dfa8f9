"""办结反弹: a matter that was closed is back (C10), or was until what showed it was taken back (B6). Pure."""

from collections.abc import Iterator
from datetime import date

from services.supervision.dossier import Dossier
from services.supervision.noted import Noted
from services.supervision.rules.idling import why_not
from services.supervision.rules.rule import Rule
from services.supervision.rules.verdict import Matter, Verdict, evidence, quiet, shown
from shared.events import Fact
from shared.events.casework import (
    CaseClosed,
    CaseEnded,
    CaseRelapsed,
    CommitmentFulfilled,
    OpinionCarriedOut,
    VisitLogged,
)
from shared.events.intake import (
    AcceptanceRefused,
    CaseTakenIn,
    CaseTakenOut,
    RepeatPetitionLinked,
    RepeatPetitionUnlinked,
)
from shared.policy.rules import DayRule, PlainRule
from shared.terms import RefusalGround
from shared.workdays import DAY, business_date

NEVER_CLOSED = quiet("从未办结", "never closed")
NONE_TAKEN_BACK = quiet("没有事后撤销的关联", "no petition was taken back afterwards")


def relapse(matter: Matter, rule: DayRule) -> Verdict:
    """办结反弹: the same matter is back, by whatever channel, within so many days of closing, and nothing is done about it.

    It shows on closed cases too: a repeat petition that nobody reports as a relapse counts, and so does a later letter on the
    matter that was booked as a case of its own and merged into this one. It ends with the remedy: any progress once the case is
    open again, as then the other rules watch it; while it stays closed, only what settles the matter (`settles`). To close it once
    more, with nothing done, is no remedy. What had been ended is answered by a refusal to take it up again (Art 36). What was
    linked by mistake is another matter's. The days are counted from when the closing was on record: no claimed day lets them run
    out sooner.
    """
    progress = matter.policy.progress
    most = rule.days
    closing: Noted[Fact] | None = None
    back: tuple[Noted[Fact], Noted[Fact], date] | None = None
    answer, ended = NEVER_CLOSED, matter.dossier.first(CaseEnded) is not None
    ignored = []
    for noted in matter.dossier.facts:
        if isinstance(noted.fact, RepeatPetitionLinked) and noted.fact.petition_id in matter.dossier.unlinked:
            ignored.append(evidence(noted, "已撤销关联，是另一事项", "taken back: another matter"))
        elif isinstance(noted.fact, CaseClosed):
            closing = noted
            answer = quiet(f"{noted.on} 办结后没有再次出现", f"it has not come back since it was closed on {noted.on}")
        elif closing is not None and (on := _again(noted.fact, noted.on, closing.on)) is not None:
            n = days_closed(closing, on)
            if n <= most:
                back = back or (closing, noted, on)
            elif back is None:
                answer = quiet(
                    f"办结 {n} 天后才再次出现，已过 {most} 日", f"back {n} days after closing, more than {most}"
                )
            if isinstance(noted.fact, CaseRelapsed):
                closing = None
        elif back is not None and _taken_out(back[1].fact, noted.fact):
            back = None
            answer = quiet(f"{noted.on} 已拆出，是另一事项", f"taken out again on {noted.on}: another matter")
        elif back is not None and (
            (settles(noted.fact) if closing is not None else why_not(progress, noted.fact) is None)
            or (ended and _refused(noted))
        ):
            back = None
            answer = quiet(
                f"再次出现后，{noted.on} 已有{noted.label}",
                f"it came back, and on {noted.on} was answered ({noted.label_en})",
            )
    if back is None:
        return answer._replace(ignored=tuple(ignored))
    closed, sign, on = back
    n, begun = days_closed(closed, on), max(closed.on, on - days_closed(closed, on) * DAY)
    return Verdict(
        True,
        f"{closed.on} 办结，{n} 天后（{on}）出现{sign.label}，此后未见补救",
        f"closed on {closed.on}, back {n} days later ({on}, {sign.label_en}), and nothing done about it since",
        since=sign.on,
        counted=(evidence(closed, "办结", "the closing"), evidence(sign, "再次出现", "it came back")),
        ignored=tuple(ignored),
        arithmetic=(f"{begun} → {on} = {n} 日 ≤ {most} 日 / {n} days ≤ {most}",),
    )


def returns(dossier: Dossier, most: int) -> Iterator[tuple[Noted[Fact], Noted[Fact]]]:
    """Each closing within so many days of which the matter came back, and the first sign of that, whatever was done about it
    since. What had been ended before, and what was taken out again or had been linked as another matter, is none.
    """
    if CaseClosed not in dossier.by_type:
        return
    closing, ended = None, dossier.first(CaseEnded)
    out = {noted.fact.other: noted.place for noted in dossier.all(CaseTakenOut)}
    for noted in dossier.facts:
        if isinstance(noted.fact, CaseClosed):
            closing = noted
        on = _again(noted.fact, noted.on, closing.on) if closing is not None else None
        match noted.fact:
            case CaseTakenIn(other=other):
                mistaken = noted.place < out.get(other, noted.place)
            case RepeatPetitionLinked(petition_id=petition):
                mistaken = petition in dossier.unlinked
            case _:
                mistaken = False
        if closing is None or on is None or mistaken:
            continue
        if days_closed(closing, on) <= most and (ended is None or noted.place < ended.place):
            yield closing, noted
        closing = None


def days_closed(closing: Noted[Fact], on: date) -> int:
    """For how many days a case had been closed, and been said to be; a ledger says so of its own time."""
    begun = closing.on if closing.imported else max(closing.on, business_date(closing.recorded))
    return max(0, (on - begun).days)


def settles(fact: Fact) -> bool:
    """Whether it settles what came back while the case stays closed: what was owed has been done, or somebody met the person, as
    whoever hears that it is not settled opens the case again. Money or a present beside the matter does not.
    """
    match fact:
        case OpinionCarriedOut() | CommitmentFulfilled():
            return True
        case VisitLogged(met_petitioner=True):
            return True
        case _:
            return False


def _again(fact: Fact, on: date, closed: date) -> date | None:
    """On which day the matter came back by this fact, after it was closed; None when it did not."""
    match fact:
        case CaseRelapsed() | RepeatPetitionLinked():
            return on
        case CaseTakenIn(brought=brought):
            return min((day for day in brought if day > closed), default=None)
        case _:
            return None


def _taken_out(back: Fact, fact: Fact) -> bool:
    """Whether the case by which the matter seemed to come back was another matter after all."""
    return isinstance(back, CaseTakenIn) and isinstance(fact, CaseTakenOut) and fact.other == back.other


def _refused(noted: Noted[Fact]) -> bool:
    return isinstance(noted.fact, AcceptanceRefused) and noted.fact.ground is RefusalGround.ENDED


def unlinked_afterwards(matter: Matter, rule: PlainRule) -> Verdict:
    """事后撤销关联: a petition that had come after the case was closed was taken back on a later day than it was entered, and
    with it what had shown that the matter is back. It may be right: whoever ordered it is on record, and answers.

    What was put right on the day itself accuses nobody, nor what a ledger's words were likened to.
    """
    dossier = matter.dossier
    closing = dossier.first(CaseClosed)
    linked = {noted.fact.petition_id: noted for noted in dossier.all(RepeatPetitionLinked)}
    taken_back = []
    for noted in dossier.all(RepeatPetitionUnlinked):
        link = linked.get(noted.fact.petition_id)
        if link is None or link.imported or closing is None or link.place < closing.place:
            continue
        if business_date(noted.recorded) > business_date(link.recorded):
            taken_back.append(noted)
    if not taken_back:
        return NONE_TAKEN_BACK
    first = taken_back[0]
    return shown(
        f"办结后再次收到的信访件 {len(taken_back)} 件，录入之后撤销关联，由{first.fact.approved_by.name}批准",
        f"petitions that came after closing, and were taken back after they had been entered: {len(taken_back)},"
        f" approved by {first.fact.approved_by.name}",
        first.on,
        [evidence(noted, noted.fact.reason, "taken back") for noted in taken_back],
    )


RULES = (
    Rule("relapse", "C10", DayRule, relapse, (CaseClosed,), NEVER_CLOSED),
    Rule(
        "unlinked-afterwards",
        "B6",
        PlainRule,
        unlinked_afterwards,
        (RepeatPetitionUnlinked,),
        NONE_TAKEN_BACK,
        past=True,
    ),
)
