"""登记告知交办: registered late (T1), not handed on (T2), the person not told (T3), the assigned day missed (T9). Pure."""

from datetime import date

from services.supervision.dossier import Dossier
from services.supervision.noted import Noted
from services.supervision.rules.coming_back import settles
from services.supervision.rules.idling import meetings
from services.supervision.rules.rule import Rule
from services.supervision.rules.verdict import CLOSED, IMPORTED, Matter, Verdict, after, begun, evidence, quiet
from shared.deadlines import Limit
from shared.events import Fact
from shared.events.casework import CaseAccepted, ClosureRequested, DocumentFiled, OpinionServed, ProgressReported
from shared.events.intake import (
    AcceptanceRefused,
    CaseDispatched,
    CaseRegistered,
    DispatchObjected,
    JurisdictionRuled,
    NoticeOfAcceptanceServed,
    PetitionTakenOver,
    RepeatPetitionLinked,
    RouteDetermined,
)
from shared.policy.rules import DayRule, InterimRule, PlainRule
from shared.terms import DispatchKind, DocumentKind, Route
from shared.workdays import business_date

REGISTERED_IN_TIME = quiet("登记及时", "registered in time")
HANDED_ON = quiet("已转送、交办或受理", "forwarded, assigned or accepted")
TOLD = quiet("已书面告知信访人", "the person was told in writing")
NO_RESULT_ASKED = quiet("没有指定办理期限的交办", "nothing assigned with a day for the result")


def late_registration(matter: Matter, rule: DayRule) -> Verdict:
    """登记迟延: entered in the books so many days after it was received, when the matter was first brought or when it was brought
    once more: every petition is registered (Art 21). A ledger that is taken in is no late entry, nor is what was entered in time
    in another case, by mistake. What was taken back from this one had been entered late all the same.
    """
    registered: Noted[CaseRegistered] | None = matter.dossier.registered
    petitions = [*([registered] if registered else []), *matter.dossier.all(RepeatPetitionLinked)]
    booked = [(noted, day) for noted in petitions if (day := _entered_on(matter.dossier, noted)) is not None]
    if not booked:
        return IMPORTED
    for noted, entered in booked:
        deadline = matter.deadline(noted.on, rule.limit)
        if deadline.due is not None and entered > deadline.due:
            break
    else:
        return REGISTERED_IN_TIME
    n = (entered - noted.on).days
    return after(
        deadline,
        matter.today,
        lambda: (f"收到 {n} 天后（{entered}）才登记", f"registered {n} days after it was received, on {entered}"),
        lambda: (f"最迟应在 {deadline.due} 登记", f"to be registered by {deadline.due}"),
        [evidence(noted, f"{entered} 录入", f"entered on {entered}")],
    )


def _entered_on(dossier: Dossier, petition: Noted[Fact]) -> date | None:
    """When a petition came into the books: here, or before that in a case from which it was taken over, under its number, or under
    another one than any petition has here. None for what a ledger claims.
    """
    number = petition.fact.petition_id if isinstance(petition.fact, RepeatPetitionLinked) else ""
    others = {noted.fact.petition_id for noted in dossier.all(RepeatPetitionLinked)} - {number}
    moved = [noted.fact for noted in dossier.all(PetitionTakenOver) if noted.fact.received_on == petition.on]
    days = [fact.entered_on for fact in moved if fact.petition_id not in others]
    if petition.imported or None in days:
        return None
    return min([business_date(petition.recorded), *(day for day in days if day is not None)])


def not_forwarded(matter: Matter, rule: PlainRule) -> Verdict:
    """未按期转送交办: nobody was sent it within the 15 days of Art 22, and it was neither taken up nor refused, nor sent to another
    road: that it takes the petition procedure hands it to nobody.

    What comes back, because a unit sent it back or its other road was none, is received once more: it is not parked. Nor does
    the person who comes again write to a closed case: it is opened again, handed on, refused, or settled with them.
    """
    dossier = matter.dossier
    start = _come_again(dossier) if dossier.closed else _received(dossier)
    if start is None:
        return CLOSED if dossier.closed else HANDED_ON
    if start.imported:
        return IMPORTED
    deadline = matter.deadline(start.on, matter.standard.policy_on(start.on).limits.forward)
    n, again = matter.days_since(start), start is not dossier.registered
    back, back_en = ("回到信访部门", "back at the petition office") if again else ("收到", "received")
    if isinstance(start.fact, RepeatPetitionLinked):
        back, back_en = "办结后再次提出", "brought again after the closing"
    return after(
        deadline,
        matter.today,
        lambda: (f"{back}已 {n} 天，没有转送、交办", f"{back_en}, and neither forwarded nor assigned in {n} days"),
        lambda: (f"最迟应在 {deadline.due} 转送、交办", f"to be forwarded or assigned by {deadline.due}"),
        [evidence(start, back, back_en)],
    )


def _received(dossier: Dossier) -> Noted[Fact] | None:
    """What put the case into the hands of the petition office, where it still lies; None when it was handed on since."""
    moves: list[Noted[Fact]] = [noted for noted in dossier.all(RouteDetermined) if not noted.fact.demands]
    for kind in (CaseDispatched, CaseAccepted, AcceptanceRefused, DispatchObjected):
        moves += dossier.all(kind)
    lies: Noted[Fact] | None = dossier.registered
    holder, away = "", False
    for noted in sorted(moves, key=lambda noted: noted.place):
        match noted.fact:
            case CaseDispatched(unit=unit) | CaseAccepted(unit=unit):
                lies, holder, away = None, unit, False
            case DispatchObjected(unit=unit) if unit == holder:
                lies, holder = noted, ""
            case RouteDetermined(route=Route.PETITION):
                lies, away = noted if away and not holder else lies, False
            case RouteDetermined():
                lies, away = None, True
            case AcceptanceRefused():
                lies = None
    return lies


def _come_again(dossier: Dossier) -> Noted[Fact] | None:
    """The petition that came after the closing, and lies with the closed case; None when there is none, or it was answered."""
    closing, lies = dossier.closing, None
    if closing is None or dossier.merged is not None:
        return None
    for noted in dossier.facts:
        if isinstance(noted.fact, CaseDispatched | AcceptanceRefused) or settles(noted.fact):
            lies = None
        elif isinstance(noted.fact, RepeatPetitionLinked) and noted.place > closing.place and not noted.imported:
            lies = lies or (noted if noted.fact.petition_id not in dossier.unlinked else None)
    return lies


def not_told(matter: Matter, rule: PlainRule) -> Verdict:
    """未按期书面告知: nobody told the person in writing within the 15 days of Art 23, from receipt or from the dispatch.

    Where name or address are unclear nobody could be told, and the notice says so: until the person is met, who can be told from
    then on. A refusal tells the person too, and so does a reply.
    """
    dossier = matter.dossier
    registered = dossier.registered
    if dossier.closed:
        return CLOSED
    if registered is None:
        return IMPORTED
    sent = [noted for noted in dossier.all(CaseDispatched) if noted.fact.unit == dossier.unit]
    start: Noted[Fact] = sent[0] if sent else registered
    told = [
        n for n in dossier.all(NoticeOfAcceptanceServed) if not sent or n.on >= start.on or n.fact.unit == dossier.unit
    ]
    if dossier.first(AcceptanceRefused) or any(noted.fact.exempt is None for noted in told):
        return TOLD
    zh, en = begun(start)
    if told:
        met = next((noted for noted in meetings(dossier) if noted.place > told[-1].place), None)
        if met is None or dossier.here(OpinionServed):
            return TOLD
        start, zh, en = met, "见到信访人", "the person was met"
    if start.imported:
        return IMPORTED
    deadline = matter.deadline(start.on, matter.standard.policy_on(start.on).limits.notice)
    n = matter.days_since(start)
    return after(
        deadline,
        matter.today,
        lambda: (f"{zh}已 {n} 天，没有书面告知信访人", f"{n} days after {en} nobody has told the person in writing"),
        lambda: (f"最迟应在 {deadline.due} 书面告知", f"the person is to be told in writing by {deadline.due}"),
        [evidence(start, "起算点", "the start")],
    )


def assigned_overdue(matter: Matter, rule: InterimRule) -> Verdict:
    """交办逾期未报: the day by which the result was to be back has passed, and neither the result nor an interim report came.

    An interim report is an answer for so many days, and no result: whoever reported once, early, still owes the result. What
    was assigned before a relapse was answered by the closing. A ruling that leaves the case where it was takes no day back.
    """
    dossier = matter.dossier
    if dossier.closed:
        return CLOSED
    sent = _asked(dossier)
    if (
        sent is None
        or sent.fact.kind is not DispatchKind.ASSIGN
        or sent.fact.due_on is None
        or sent.fact.due_on <= sent.on
    ):
        return NO_RESULT_ASKED
    results: list[Noted[Fact]] = [*dossier.here(ClosureRequested)]
    results += [n for n in dossier.here(DocumentFiled) if n.fact.kind is DocumentKind.HANDLING_REPORT]
    if since := [noted for noted in results if noted.on >= sent.on]:
        last = max(since, key=lambda noted: noted.place)
        return quiet(f"交办后于 {last.on} 有{last.label}", f"since it was assigned, on {last.on}: {last.label_en}")
    asked = Limit((sent.fact.due_on - sent.on).days, "calendar", "next-day", "none", rule.basis)
    deadline = matter.deadline(sent.on, asked, dossier.stood_still)
    interim = [noted for noted in dossier.here(ProgressReported) if noted.on >= sent.on]
    counted = [evidence(sent, f"要求 {sent.fact.due_on} 前反馈", f"result asked for by {sent.fact.due_on}")]
    if interim and deadline.due is not None:
        held = matter.deadline(interim[-1].on, rule.limit, dossier.stood_still)
        if held.due is None or held.due > deadline.due:
            deadline = held
            counted.append(
                evidence(interim[-1], "最近一次汇报，不是结果", "the last interim report, which is no result")
            )
    reported, reported_en = ("，此前只有汇报", "; there were interim reports only") if interim else ("", "")
    return after(
        deadline,
        matter.today,
        lambda: (
            f"交办期限 {sent.fact.due_on} 已过，至 {deadline.due} 没有反馈结果{reported}",
            f"the result was due on {sent.fact.due_on}; by {deadline.due} nothing came back{reported_en}",
        ),
        lambda: (f"最迟应在 {deadline.due} 反馈结果", f"the result is due by {deadline.due}"),
        counted,
    )


def _asked(dossier: Dossier) -> Noted[CaseDispatched] | None:
    """The dispatch that says by when the result is wanted: the last, but for those that went with a ruling which left the case with
    the unit that had it.
    """
    ruled = {(noted.on, noted.fact.unit) for noted in dossier.all(JurisdictionRuled)}
    back = [(noted.fact.unit, noted.place) for noted in dossier.all(DispatchObjected)]
    sent: Noted[CaseDispatched] | None = None
    for noted in dossier.here(CaseDispatched):
        its = (noted.on, noted.fact.unit) in ruled and sent is not None and sent.fact.unit == noted.fact.unit
        if not its or any(unit == noted.fact.unit and sent.place < at < noted.place for unit, at in back if sent):
            sent = noted
    return sent


RULES = (
    Rule("late-registration", "T1", DayRule, late_registration, past=True),
    Rule("not-forwarded", "T2", PlainRule, not_forwarded),
    Rule("not-told", "T3", PlainRule, not_told),
    Rule("assigned-overdue", "T9", InterimRule, assigned_overdue, (CaseDispatched,), NO_RESULT_ASKED),
)
