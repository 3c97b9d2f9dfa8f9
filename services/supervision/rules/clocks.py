"""登记告知交办: registered late (T1), not handed on (T2), the person not told (T3), the assigned day missed (T9). Pure."""

from services.supervision.dossier import Noted
from services.supervision.rules.rule import Rule
from services.supervision.rules.verdict import CLOSED, IMPORTED, Matter, Verdict, after, begun, evidence, quiet
from shared.deadlines import Limit
from shared.events import Fact
from shared.events.casework import CaseAccepted, ClosureRequested, DocumentFiled, ProgressReported
from shared.events.intake import (
    AcceptanceRefused,
    CaseDispatched,
    CaseRegistered,
    NoticeOfAcceptanceServed,
    RouteDetermined,
)
from shared.policy.rules import DayRule, PlainRule
from shared.terms import DispatchKind, DocumentKind, Route
from shared.workdays import business_date

REGISTERED_IN_TIME = quiet("登记及时", "registered in time")
HANDED_ON = quiet("已转送、交办或受理", "forwarded, assigned or accepted")
TOLD = quiet("已书面告知信访人", "the person was told in writing")
NO_RESULT_ASKED = quiet("没有指定办理期限的交办", "nothing assigned with a day for the result")


def late_registration(matter: Matter, rule: DayRule) -> Verdict:
    """登记迟延: entered in the books so many days after it was received. A ledger that is taken in is no late entry."""
    registered: Noted[CaseRegistered] | None = matter.dossier.registered
    if registered is None or registered.imported:
        return IMPORTED
    deadline = matter.deadline(registered.on, rule.limit)
    entered = business_date(registered.recorded)
    if deadline.due is None or entered <= deadline.due:
        return REGISTERED_IN_TIME
    n = (entered - registered.on).days
    return after(
        deadline,
        matter.today,
        lambda: (f"收到 {n} 天后（{entered}）才登记", f"registered {n} days after it was received, on {entered}"),
        lambda: (f"最迟应在 {deadline.due} 登记", f"to be registered by {deadline.due}"),
        [evidence(registered, f"{entered} 录入", f"entered on {entered}")],
    )


def not_forwarded(matter: Matter, rule: PlainRule) -> Verdict:
    """未按期转送交办: nobody was sent it within the 15 days of Art 22, and it was neither taken up nor refused, nor sent to another
    road: that it takes the petition procedure hands it to nobody.
    """
    dossier = matter.dossier
    registered = dossier.registered
    if dossier.closed:
        return CLOSED
    if registered is None or registered.imported:
        return IMPORTED
    roads = [noted.fact for noted in dossier.all(RouteDetermined) if not noted.fact.demands]
    elsewhere = any(road.route is not Route.PETITION for road in roads)
    if elsewhere or any(dossier.first(kind) for kind in (CaseDispatched, CaseAccepted, AcceptanceRefused)):
        return HANDED_ON
    deadline = matter.deadline(registered.on, matter.standard.policy_on(registered.on).limits.forward)
    n = matter.days_since(registered)
    return after(
        deadline,
        matter.today,
        lambda: (f"收到已 {n} 天，没有转送、交办", f"neither forwarded nor assigned in {n} days"),
        lambda: (f"最迟应在 {deadline.due} 转送、交办", f"to be forwarded or assigned by {deadline.due}"),
        [evidence(registered, "收到", "received")],
    )


def not_told(matter: Matter, rule: PlainRule) -> Verdict:
    """未按期书面告知: nobody told the person in writing within the 15 days of Art 23, from receipt or from the dispatch.

    Where name or address are unclear nobody could be told, and the notice says so. A refusal tells the person too.
    """
    dossier = matter.dossier
    registered = dossier.registered
    if dossier.closed:
        return CLOSED
    if registered is None:
        return IMPORTED
    sent = [noted for noted in dossier.all(CaseDispatched) if noted.fact.unit == dossier.unit]
    start: Noted[Fact] = sent[0] if sent else registered
    if start.imported:
        return IMPORTED
    told = [
        n for n in dossier.all(NoticeOfAcceptanceServed) if not sent or n.on >= start.on or n.fact.unit == dossier.unit
    ]
    if told or dossier.first(AcceptanceRefused):
        return TOLD
    deadline = matter.deadline(start.on, matter.standard.policy_on(start.on).limits.notice)
    (zh, en), n = begun(start), matter.days_since(start)
    return after(
        deadline,
        matter.today,
        lambda: (f"{zh}已 {n} 天，没有书面告知信访人", f"{n} days after {en} nobody has told the person in writing"),
        lambda: (f"最迟应在 {deadline.due} 书面告知", f"the person is to be told in writing by {deadline.due}"),
        [evidence(start, "起算点", "the start")],
    )


def assigned_overdue(matter: Matter, rule: PlainRule) -> Verdict:
    """交办逾期未报: the day by which the result was to be back has passed, and neither the result nor a report came.

    An interim report since the assignment is an answer of a kind: the sign is that nothing came at all.
    """
    dossier = matter.dossier
    if dossier.closed:
        return CLOSED
    sent = dossier.last(CaseDispatched)
    if (
        sent is None
        or sent.fact.kind is not DispatchKind.ASSIGN
        or sent.fact.due_on is None
        or sent.fact.due_on <= sent.on
    ):
        return NO_RESULT_ASKED
    answers: list[Noted[Fact]] = [*dossier.here(ClosureRequested), *dossier.here(ProgressReported)]
    answers += [n for n in dossier.here(DocumentFiled) if n.fact.kind is DocumentKind.HANDLING_REPORT]
    if since := [noted for noted in answers if noted.on >= sent.on]:
        last = max(since, key=lambda noted: noted.place)
        return quiet(f"交办后于 {last.on} 有{last.label}", f"since it was assigned, on {last.on}: {last.label_en}")
    asked = Limit((sent.fact.due_on - sent.on).days, "calendar", "next-day", "none", rule.basis)
    deadline = matter.deadline(sent.on, asked, dossier.stood_still)
    return after(
        deadline,
        matter.today,
        lambda: (
            f"交办期限 {deadline.due} 已过，没有反馈结果",
            f"the result was due on {deadline.due}; nothing came back",
        ),
        lambda: (f"最迟应在 {deadline.due} 反馈结果", f"the result is due by {deadline.due}"),
        [evidence(sent, f"要求 {sent.fact.due_on} 前反馈", f"result asked for by {sent.fact.due_on}")],
    )


RULES = (
    Rule("late-registration", "T1", DayRule, late_registration, past=True),
    Rule("not-forwarded", "T2", PlainRule, not_forwarded),
    Rule("not-told", "T3", PlainRule, not_told),
    Rule("assigned-overdue", "T9", PlainRule, assigned_overdue, (CaseDispatched,), NO_RESULT_ASKED),
)
