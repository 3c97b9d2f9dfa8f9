"""交办函: the letter with which a case is handed down, from the facts of the case. It tells nothing of who the petitioner is."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from fastapi import APIRouter, Request, Response

from services.intake.domain.case import Case
from shared.deadlines import compute
from shared.decider import NoSuchCase, fold
from shared.events import Recorded
from shared.events.casework import CaseAccepted
from shared.events.intake import BacklogIdentified, CaseDispatched, CaseRegistered
from shared.http import Caller, CaseId, Problem, check_may_read, runtime_of
from shared.http.letters import LETTER, printed
from shared.letters import UNNUMBERED, written_day, written_sum
from shared.masking import mask
from shared.standard import Standard

router = APIRouter(prefix="/intake/cases/{case_id}", tags=["intake"])

TEMPLATE = "assignment-letter.docx"


@router.get(
    "/assignment-letter",
    operation_id="intake-assignment-letter",
    summary="交办函（.docx） / the letter of the newest dispatch, to be printed",
    **LETTER,
)
async def read_letter(request: Request, case_id: CaseId, actor: Caller) -> Response:
    """The petitioner is named by the case number only; whoever may know more asks for it by `open-petitioner`."""
    runtime = runtime_of(request)
    history = await runtime.in_thread(runtime.store.history, case_id)
    check_may_read(actor, history)
    words = assignment(
        history, fold(runtime.store.decider, history), runtime.parts["standard"], runtime.parts["registrar"].regions
    )
    return await printed(runtime, TEMPLATE, words, case_id)


def assignment(
    history: Iterable[Recorded], case: Case, standard: Standard, regions: Mapping[str, str]
) -> dict[str, str | Sequence[str]]:
    """The words of the letter of the newest dispatch that was not sent back. Raises NoSuchCase, and Problem when there is none.

    The same facts give the same words, whenever they are asked for.
    """
    registered, sent = case.registered, case.holder
    if registered is None:
        raise NoSuchCase
    if sent is None:
        raise Problem(
            409,
            "not-dispatched",
            "案件尚未交办或转送，没有交办函。请先交办（dispatch-case）。",
            "The case has not been handed to anybody: there is no letter. Dispatch it first (dispatch-case).",
        )
    facts = list(history)
    sender = next(r.unit for r in reversed(facts) if r.fact == sent)
    place = regions.get(registered.region[:6], registered.region[:6])
    accepted = min((r.fact.accepted_on for r in facts if isinstance(r.fact, CaseAccepted)), default=None)
    backlog = [r.fact for r in facts if isinstance(r.fact, BacklogIdentified)]
    return {
        "organ": sender or f"{place}信访部门",
        "letter_number": sent.letter_number or UNNUMBERED,
        "kind": sent.kind.label,
        "case_id": facts[0].case_id,
        "original_number": registered.original_number or "无",
        "unit": sent.unit,
        "received_on": written_day(registered.received_on),
        "channel": registered.channel.label,
        "headcount": str(registered.headcount),
        "demands": _demands(registered),
        "criteria": [f"{written_day(b.identified_on)}认定：{b.criterion.label}。" for b in backlog]
        or "尚未认定为信访积案。",
        "due": _due(sent),
        "arithmetic": _arithmetic(accepted, sent.dispatched_on, standard),
        "dispatched_on": written_day(sent.dispatched_on),
    }


def _demands(registered: CaseRegistered) -> list[str]:
    """Masked once more: what came in before a pattern was known may still hold a number."""
    return [f"{n}. {' '.join(mask(demand).split())}" for n, demand in enumerate(registered.demands, 1)]


def _due(sent: CaseDispatched) -> str:
    if sent.due_on is None:
        return "按法定期限办理。"
    days = (sent.due_on - sent.dispatched_on).days
    return f"请于{written_day(sent.due_on)}前报送办理结果（自{written_day(sent.dispatched_on)}起{days}日）。"


def _arithmetic(accepted_on: date | None, dispatched_on: date, standard: Standard) -> list[str]:
    """The limits of Arts 23 and 34 with their sums. While nobody has accepted, the second runs from the end of the first."""
    if accepted_on is not None:
        return [f"法定办结期限（自{written_day(accepted_on)}受理起）：{written_sum(standard.handling(accepted_on))}"]
    notice = compute(dispatched_on, standard.policy_on(dispatched_on).limits.notice, standard.calendar)
    lines = [f"受理告知期限（自收到交办起）：{written_sum(notice)}"]
    if notice.due is not None:
        lines.append(
            f"法定办结期限（至迟于{written_day(notice.due)}受理）：{written_sum(standard.handling(notice.due))}"
        )
    return lines
