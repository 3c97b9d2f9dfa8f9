"""督办函、建议书、处理决定: what a unit is told, as a letter to be printed; of a case, or of a unit as a whole."""

from collections.abc import Callable, Iterable, Mapping
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from services.supervision.wording import Words, decision_words, notice_words, suggestion_words
from shared.events import Recorded
from shared.events.histories import kind_of
from shared.http import Caller, CaseId, check_may_read, runtime_of
from shared.http.letters import LETTER, printed
from shared.http.who import BookId
from shared.identity import Actor
from shared.standard import Standard

router = APIRouter(prefix="/supervision", tags=["supervision"])

Told = Annotated[str, Path(min_length=1, max_length=200, description="编号 / its id within the case")]
Wording = Callable[[Iterable[Recorded], str, Standard, Mapping[str, str]], Words]


async def _written(request: Request, actor: Actor, about: str, told: str, wording: Wording, kind: str) -> Response:
    """The letter of this word of a history, for whoever may read that. What people chose as an id is no part of a file's name."""
    runtime = runtime_of(request)
    history = await runtime.in_thread(runtime.store.history, about)
    check_may_read(actor, history, kind_of(about))
    words = wording(history, told, runtime.parts["standard"], runtime.parts["regions"])
    return await printed(runtime, f"{kind}-letter.docx", words, f"{about}-{told if kind == 'notice' else kind}")


@router.get(
    "/cases/{case_id}/notices/{notice_id}/letter",
    operation_id="supervision-notice-letter",
    summary="提醒函、督办函（.docx） / a notice as a letter, to be printed",
    **LETTER,
)
async def read_notice(request: Request, case_id: CaseId, notice_id: Told, actor: Caller) -> Response:
    """What is found, by which text and by which sum, what is asked and until when; for whoever may read the case."""
    return await _written(request, actor, case_id, notice_id, notice_words, "notice")


@router.get(
    "/books/{book_id}/notices/{notice_id}/letter",
    operation_id="supervision-book-notice-letter",
    summary="对单位的提醒函、督办函（.docx） / a notice about a unit as a whole as a letter",
    **LETTER,
)
async def read_notice_of_unit(request: Request, book_id: BookId, notice_id: Told, actor: Caller) -> Response:
    """The same of what was found of a unit across its cases."""
    return await _written(request, actor, book_id, notice_id, notice_words, "notice")


@router.get(
    "/cases/{case_id}/suggestions/{suggestion_id:path}/letter",
    operation_id="supervision-suggestion-letter",
    summary="建议书（.docx） / a suggestion in writing (Art 40), to be printed",
    **LETTER,
)
async def read_suggestion(request: Request, case_id: CaseId, suggestion_id: Told, actor: Caller) -> Response:
    """What is suggested, on which findings, and until when it is answered; for whoever may read the case."""
    return await _written(request, actor, case_id, suggestion_id, suggestion_words, "suggestion")


@router.get(
    "/books/{book_id}/suggestions/{suggestion_id:path}/letter",
    operation_id="supervision-book-suggestion-letter",
    summary="对单位的建议书（.docx） / a suggestion about a unit as a whole in writing",
    **LETTER,
)
async def read_suggestion_of_unit(request: Request, book_id: BookId, suggestion_id: Told, actor: Caller) -> Response:
    """The same of what was found of a unit across its cases."""
    return await _written(request, actor, book_id, suggestion_id, suggestion_words, "suggestion")


@router.get(
    "/cases/{case_id}/decisions/{proposal_id:path}/letter",
    operation_id="supervision-decision-letter",
    summary="挂牌督办、通报批评等处理决定（.docx） / a treatment that was decided, as a letter",
    **LETTER,
)
async def read_decision(request: Request, case_id: CaseId, proposal_id: Told, actor: Caller) -> Response:
    """What a named human of which body has decided, by which text, on which findings; for whoever may read the case."""
    return await _written(request, actor, case_id, proposal_id, decision_words, "decision")


@router.get(
    "/books/{book_id}/decisions/{proposal_id:path}/letter",
    operation_id="supervision-book-decision-letter",
    summary="对单位的处理决定（.docx） / a treatment of a unit as a whole, as a letter",
    **LETTER,
)
async def read_decision_of_unit(request: Request, book_id: BookId, proposal_id: Told, actor: Caller) -> Response:
    """The same of what was found of a unit across its cases."""
    return await _written(request, actor, book_id, proposal_id, decision_words, "decision")
