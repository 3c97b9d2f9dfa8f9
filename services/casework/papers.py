"""What outsiders may ask of the papers of a case: the register, and where else the same file is filed."""

from datetime import date

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, TypeAdapter

from services.casework.domain.case import Case
from services.casework.domain.citations import Citations, file_history
from services.casework.domain.documents import papers
from shared.decider import fold
from shared.events import Official
from shared.events.casework import FileReceived
from shared.http import Caller, CaseId, check_may_read, runtime_of
from shared.http.problems import documented
from shared.http.runtime import Runtime
from shared.http.who import belongs, is_recused
from shared.identity import Actor
from shared.terms import DocumentKind

router = APIRouter(prefix="/casework/cases/{case_id}", tags=["casework"])

MOST_CASES = 100
"""In how many cases, the newest first, the same file is looked for."""


class Filing(BaseModel):
    """同件: the same file, filed as a paper of another case that the asker may read."""

    model_config = ConfigDict(frozen=True)

    case_id: str
    document_id: str


class Paper(BaseModel):
    """档案: one paper of the register."""

    model_config = ConfigDict(frozen=True)

    document_id: str
    kind: DocumentKind
    number: str
    dated_on: date
    signer: Official | None
    sha256: str
    size: int
    media_type: str
    kept_at: str
    """Empty for a file that this system keeps."""
    also_filed: tuple[Filing, ...]


class Register(BaseModel):
    """六有归档: the papers of a case, and the files that came in and are no paper yet."""

    model_config = ConfigDict(frozen=True)

    papers: tuple[Paper, ...]
    unfiled: tuple[str, ...]
    """Digests."""


REGISTER = TypeAdapter(Register)


@router.get(
    "/papers",
    operation_id="casework-papers",
    summary="档案：本案的材料，及同一文件还归档在哪些案件 / the register of a case's papers",
    response_model=Register,
    responses=documented(401, 403, 404, 422, 503),
)
async def read_register(request: Request, case_id: CaseId, actor: Caller) -> Response:
    """Each with the other cases, among those that the asker may read, in which the same file is filed."""
    runtime = runtime_of(request)

    def read() -> Register:
        case = case_of_asker(runtime, case_id, actor)
        there = papers(case)
        filed = {paper.sha256 for paper in there}
        listed = (
            Paper(**paper.model_dump(), also_filed=also_filed(runtime, paper.sha256, case_id, actor)) for paper in there
        )
        return Register(
            papers=tuple(listed), unfiled=tuple(f.sha256 for f in case.all(FileReceived) if f.sha256 not in filed)
        )

    return Response(REGISTER.dump_json(await runtime.in_thread(read)), media_type="application/json")


def also_filed(runtime: Runtime, sha256: str, but: str, actor: Actor) -> tuple[Filing, ...]:
    """The other cases, among those that the actor may read, in which the file of this digest is filed; newest first."""
    store, found = runtime.store, list[Filing]()
    cited = fold(store.decider, store.history(file_history(sha256)))
    for case_id in reversed(cited.cases[-MOST_CASES:] if isinstance(cited, Citations) else ()):
        history = store.history(case_id)
        scope = belongs(history)
        if case_id == but or scope is None or not actor.covers(scope) or is_recused(actor, history):
            continue
        filed = papers(fold(store.decider, history))
        found += [Filing(case_id=case_id, document_id=its.document_id) for its in filed if its.sha256 == sha256]
    return tuple(found)


def case_of_asker(runtime: Runtime, case_id: str, actor: Actor) -> Case:
    """The case. Raises NoSuchCase, and Forbidden for whoever may not see its papers: they tell who the petitioner is."""
    history = runtime.store.history(case_id)
    check_may_read(actor, history)
    case: Case = fold(runtime.store.decider, history)
    return case
