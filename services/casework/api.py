"""What outsiders may ask of casework beside giving commands."""

from fastapi import APIRouter, Request, Response
from pydantic import TypeAdapter

from services.casework.domain.standing import WholeStanding, standing
from shared.decider import NoSuchCase, fold
from shared.http import AsOf, Caller, CaseId, check_may_read, runtime_of
from shared.http.problems import documented
from shared.workdays import business_date

router = APIRouter(prefix="/casework", tags=["casework"])
ANSWER = TypeAdapter(WholeStanding)


@router.get(
    "/cases/{case_id}/standing",
    operation_id="casework-standing",
    summary="办理情况：诉求、承诺、清单、六有、期限、回访 / how far a case has come, and what is missing",
    response_model=WholeStanding,
    responses=documented(401, 403, 404, 422, 503),
)
async def read_standing(request: Request, case_id: CaseId, actor: Caller, as_of: AsOf = None) -> Response:
    """Today in Asia/Shanghai, or on the day of an earlier moment, as known then; by the policy in force; each limit with its
    arithmetic, and on whom it falls what is missing.
    """
    runtime = runtime_of(request)
    history = await runtime.in_thread(runtime.store.history, case_id)
    check_may_read(actor, history)
    case = fold(runtime.store.decider, (fact for fact in history if as_of is None or fact.time <= as_of))
    if case.region is None:
        raise NoSuchCase
    directory = await runtime.in_thread(runtime.roster)
    said = standing(case, runtime.parts["standard"], business_date(as_of or runtime.clock()), directory, as_of)
    return Response(ANSWER.dump_json(said), media_type="application/json")
