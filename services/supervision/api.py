"""What outsiders may ask of supervision: histories and derivations, within the asker's scope."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import AwareDatetime
from pydantic_core import to_json

from services.supervision.domain import scope
from services.supervision.queries import as_document, derivation, dossier_of, known_at
from shared.decider import NoSuchCase
from shared.events import Recorded
from shared.http import Caller, CaseId, runtime_of
from shared.http.problems import documented
from shared.identity import Actor
from shared.standard import Standard
from shared.store import Forbidden

AsOf = Annotated[AwareDatetime | None, Query(description="as known at this moment, RFC 3339 with a zone")]

router = APIRouter(prefix="/supervision", tags=["supervision"])


async def _history(request: Request, case_id: str, actor: Actor) -> list[Recorded]:
    runtime = runtime_of(request)
    history = await runtime.in_thread(runtime.store.history, case_id)
    belongs = scope(dossier_of(history))
    if belongs is None:
        raise NoSuchCase
    if not actor.covers(belongs):
        raise Forbidden("该案件不在您的单位或地区范围内。", "This case lies outside your unit or region.")
    return list(history)


@router.get(
    "/cases/{case_id}/history",
    operation_id="supervision-history",
    summary="案件全部事实 / every fact of a case, from all services, as known at a moment",
    responses=documented(401, 403, 404, 422, 503),
)
async def history(request: Request, case_id: CaseId, actor: Caller, as_of: AsOf = None) -> Response:
    """The facts' own documents, in the order in which they were recorded."""
    facts = known_at(await _history(request, case_id, actor), as_of)
    body: dict[str, Any] = {"case_id": case_id, "as_of": as_of, "facts": [as_document(fact) for fact in facts]}
    return Response(to_json(body), media_type="application/json")


@router.get(
    "/cases/{case_id}/explain",
    operation_id="supervision-explain",
    summary="评查结论的推导 / the derivation of the verdict on a case",
    responses=documented(401, 403, 404, 422, 503),
)
async def explain(request: Request, case_id: CaseId, actor: Caller, as_of: AsOf = None) -> Response:
    """Every rule's answer, the facts counted and ignored, the arithmetic, and when the answer can next change."""
    runtime = runtime_of(request)
    standard: Standard = runtime.parts["standard"]
    facts = await _history(request, case_id, actor)
    moment: datetime = as_of or runtime.clock()
    return Response(to_json({"case_id": case_id, **derivation(standard, facts, moment)}), media_type="application/json")
