"""打击报复的反映: which reports there are, for the few who may know of them."""

from datetime import date

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field, TypeAdapter

from services.supervision.domain.retaliation import Retaliation, RetaliationCommand
from shared.decider import fold
from shared.events.supervision import RetaliationDismissed, RetaliationReferred
from shared.http import Caller, runtime_of
from shared.http.problems import documented
from shared.identity import Actor
from shared.store import Forbidden, Store
from shared.terms import Body, Channel, RetaliationGround

router = APIRouter(prefix="/supervision", tags=["supervision"], responses=documented(401, 403, 422, 503))

BEGINNING = "retaliation-"
LISTED = 1000
"""So many are listed at most, those that are decided included."""


class Report(BaseModel):
    """反映: one report of retaliation, and what became of it."""

    retaliation_id: str
    received_on: date
    channel: Channel
    document: str = Field(description="密封材料编号 / the number of the sealed paper")
    referred_to: Body | None = Field(description="移送机关")
    ground: RetaliationGround | None = Field(description="不予移送的理由")
    decided_on: date | None = Field(description="空为待决定 / empty: nobody has decided")


REPORTS = TypeAdapter(list[Report])


@router.get(
    "/retaliations",
    operation_id="supervision-retaliations",
    summary="打击报复的反映 / reports of retaliation, those that wait for a decision first",
    response_model=list[Report],
)
async def read_reports(request: Request, actor: Caller) -> Response:
    """For supervisors and auditors of the region; whoever else asks is not told whether there are any."""
    if actor.role not in RetaliationCommand.readers:
        raise Forbidden("您的岗位不能查阅。", f"A {actor.role} may not read this.")
    runtime = runtime_of(request)
    found = await runtime.in_thread(_reports, runtime.store, actor)
    return Response(REPORTS.dump_json(found), media_type="application/json", headers={"Cache-Control": "no-store"})


def _reports(store: Store[object], actor: Actor) -> list[Report]:
    ids = [history for history in store.case_ids(BEGINNING, LISTED) if history.startswith(BEGINNING)]
    kept = [(history, fold(store.decider, store.history(history))) for history in ids]
    found = [
        _report(history, state)
        for history, state in kept
        if isinstance(state, Retaliation) and actor.covers(state.scope)
    ]
    return sorted(found, key=lambda report: (report.decided_on is not None, report.received_on, report.retaliation_id))


def _report(history: str, state: Retaliation) -> Report:
    reported, decided = state.reported, state.decided
    return Report(
        retaliation_id=history,
        received_on=reported.received_on,
        channel=reported.channel,
        document=reported.document,
        referred_to=decided.to if isinstance(decided, RetaliationReferred) else None,
        ground=decided.ground if isinstance(decided, RetaliationDismissed) else None,
        decided_on=decided
        and (decided.referred_on if isinstance(decided, RetaliationReferred) else decided.dismissed_on),
    )
