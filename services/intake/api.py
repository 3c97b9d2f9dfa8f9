"""What outsiders may ask of intake beside its plain commands: register a person's petition, see who the person is."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Body, Request, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter

from services.intake.domain.case import Case
from services.intake.domain.desk import REGISTERING
from services.intake.domain.registering import Petition
from services.intake.domain.screening import Screening, screening
from services.intake.ledgers import Entries, Outcome, take_in
from services.intake.registration import LikelyMatter, LikelyRepeat, Registrar
from services.intake.vault import Petitioner
from shared.decider import Name, NoSuchCase, fold
from shared.events.intake import CaseRegistered
from shared.http import Caller, CaseId, Problem, check_may_read, runtime_of
from shared.http.commands import REFUSALS, WITH_ETAG, asking_of, obeyed
from shared.http.documents import Facts, facts_response
from shared.http.problems import documented
from shared.http.routes import BULK_BYTES, CommandRoute, IfMatch, Key
from shared.identity import Actor
from shared.masking import mask
from shared.store import Forbidden
from shared.terms import Role
from shared.workdays import business_date

READERS = frozenset({Role.REGISTRAR, Role.HANDLER, Role.LEADER, Role.PETITION_OFFICE, Role.CALL_BACK})
"""Who may see who the petitioner is; every look is recorded."""
WATCHERS = frozenset({Role.AUDITOR, Role.SUPERVISOR, Role.PETITION_OFFICE})
"""Who may see who has looked."""


class Registration(Petition):
    """登记: a petition and the person who brought it. The identity goes to the vault, the facts carry an opaque id."""

    petitioner: Petitioner
    distinct_from: Annotated[frozenset[Name], Field(max_length=100)] = frozenset()
    """Earlier cases of this person that the registrar has looked at and found to be other matters."""


class Look(BaseModel):
    """查看: why somebody needs to know who the petitioner is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    purpose: Annotated[
        str,
        Field(
            min_length=2,
            max_length=200,
            pattern=r"^[\s\x85]*[^\s\x00\x85\ufeff][^\x00]*[^\s\x00\x85\ufeff][\s\x85]*$",
            description="为何查看",
        ),
        AfterValidator(lambda said: mask(said.strip())),
    ]


class Looked(BaseModel):
    """查看记录: who opened, or erased, the petitioner's identity, why, and when (UTC)."""

    actor_id: str
    action: Literal["read", "erase"]
    purpose: str
    at: datetime


LOOKS = TypeAdapter(list[Looked])
OUTCOMES = TypeAdapter(list[Outcome])
LIKELY = TypeAdapter(list[LikelyMatter])
SCREENED = TypeAdapter(Screening)

router = APIRouter(prefix="/intake", tags=["intake"])


def registrar_of(request: Request) -> Registrar:
    """The registrar that runs behind this app."""
    registrar: Registrar = runtime_of(request).parts["registrar"]
    return registrar


async def register_case(
    request: Request,
    case_id: CaseId,
    actor: Caller,
    registration: Annotated[Registration, Body()],
    idempotency_key: Key = None,
    if_match: IfMatch = None,
) -> Response:
    """每一件都要登记。同一人的相似事项会被提示，由人判断是否为重复信访。

    Every petition is registered. A similar matter of the same person is offered as a repeat (409, `likely-repeat`, with
    `candidates`): link a repeat petition to that case, or name it in `distinct_from`.
    """
    asking = asking_of(request, actor, idempotency_key, if_match)
    work = registrar_of(request).register(
        case_id, registration.petitioner, registration, registration.distinct_from, asking
    )
    try:
        answer = await obeyed("intake", "RegisterCase", work)
    except LikelyRepeat as repeat:
        listed = [asdict(candidate) for candidate in repeat.candidates]
        raise Problem(409, repeat.rule, repeat.zh, repeat.en, candidates=listed) from repeat
    return facts_response(answer.facts, answer.version)


async def import_ledger(request: Request, actor: Caller, entries: Annotated[Entries, Body()]) -> Response:
    """Register each row, link repeats, and lay down how it was dispatched. Twice adds nothing."""
    if actor.role not in REGISTERING:
        raise Forbidden(
            "只有登记员和信访部门可以导入台账。", "Only a registrar or the petition office imports ledgers."
        )
    outcomes = await take_in(registrar_of(request), entries, actor)
    return Response(OUTCOMES.dump_json(outcomes), media_type="application/json")


async def open_petitioner(request: Request, case_id: CaseId, actor: Caller, look: Annotated[Look, Body()]) -> Response:
    """The person's identity, for those who handle the case. It is asked for by POST, so that no address tells why."""
    registrar, petitioner_id = await _petitioner_of(request, case_id, actor, READERS)
    runtime = runtime_of(request)
    person = await runtime.in_thread(registrar.vault.read, petitioner_id, actor.id, look.purpose, runtime.clock())
    return Response(person.model_dump_json(), media_type="application/json", headers={"Cache-Control": "no-store"})


@router.get(
    "/cases/{case_id}/petitioner-looks",
    operation_id="intake-petitioner-looks",
    summary="谁查看过信访人身份 / who has looked at the petitioner's identity",
    response_model=list[Looked],
    responses=documented(401, 403, 404, 422, 503),
)
async def petitioner_looks(request: Request, case_id: CaseId, actor: Caller) -> Response:
    """Every look, with its purpose, in order. Who the person is, is not told."""
    registrar, petitioner_id = await _petitioner_of(request, case_id, actor, WATCHERS)
    looks = await runtime_of(request).in_thread(registrar.vault.readers, petitioner_id)
    found = [Looked(**asdict(look)) for look in looks]
    return Response(LOOKS.dump_json(found), media_type="application/json")


@router.get(
    "/cases/{case_id}/likely-repeats",
    operation_id="intake-likely-repeats",
    summary="疑似重复信访 / cases that may be the same matter",
    response_model=list[LikelyMatter],
    responses=documented(401, 403, 404, 422, 503),
)
async def likely_repeats(request: Request, case_id: CaseId, actor: Caller) -> Response:
    """同一事实和理由才是同一事项，由人判断。A human confirms with link-repeat-petition, or declines with decline-repeat."""
    if actor.role not in REGISTERING:
        raise Forbidden(
            "只有登记员和信访部门可以查看疑似重复。", "Only a registrar or the petition office sees likely repeats."
        )
    registrar, case, registered = await _case_of(request, case_id, actor)
    found = await runtime_of(request).in_thread(registrar.likely_repeats, case_id, registered, case, actor)
    return Response(LIKELY.dump_json(found), media_type="application/json")


@router.get(
    "/cases/{case_id}/screening",
    operation_id="intake-screening",
    summary="排查：分类、化解顺序、重点领域、积案标准 / what the policy says of the matter",
    response_model=Screening,
    responses=documented(401, 403, 404, 422, 503),
)
async def read_screening(request: Request, case_id: CaseId, actor: Caller) -> Response:
    """As of today in Asia/Shanghai, by the policy in force."""
    _, case, registered = await _case_of(request, case_id, actor)
    runtime = runtime_of(request)
    today = business_date(runtime.clock())
    said = screening(case, registered, runtime.parts["standard"], today)
    return Response(SCREENED.dump_json(said), media_type="application/json")


async def _case_of(request: Request, case_id: str, actor: Actor) -> tuple[Registrar, Case, CaseRegistered]:
    """A case that this actor may read. Raises NoSuchCase, Forbidden."""
    runtime = runtime_of(request)
    history = await runtime.in_thread(runtime.store.history, case_id)
    check_may_read(actor, history)
    case: Case = fold(runtime.store.decider, history)
    if case.registered is None:
        raise NoSuchCase
    return registrar_of(request), case, case.registered


async def _petitioner_of(request: Request, case_id: str, actor: Actor, roles: frozenset[Role]) -> tuple[Registrar, str]:
    """The vault's door and the petitioner's id. Raises Forbidden, NoSuchCase."""
    if actor.role not in roles:
        allowed = "、".join(role.label for role in sorted(roles))
        raise Forbidden(
            f"您的岗位不能查看；可由{allowed}查看。", f"Your role may not see this; {', '.join(sorted(roles))} may."
        )
    runtime, registrar = runtime_of(request), registrar_of(request)
    history = await runtime.in_thread(runtime.store.history, case_id)
    check_may_read(actor, history)
    registered = await runtime.in_thread(registrar.registered, case_id)
    if registered is None:
        raise NoSuchCase
    return registrar, registered.petitioner_id


router.add_api_route(
    "/cases/{case_id}/register-case",
    register_case,
    methods=["POST"],
    route_class_override=CommandRoute,
    operation_id="intake-register-case",
    summary="登记信访事项 / register a person's petition",
    response_model=Facts,
    responses={**WITH_ETAG, **documented(*REFUSALS)},
)
router.add_api_route(
    "/cases/{case_id}/open-petitioner",
    open_petitioner,
    methods=["POST"],
    route_class_override=CommandRoute,
    operation_id="intake-open-petitioner",
    summary="查看信访人身份（查看留痕） / who the petitioner is; the look is recorded",
    response_model=Petitioner,
    responses=documented(400, 401, 403, 404, 409, 413, 415, 422, 503),
)
router.add_api_route(
    "/ledger",
    import_ledger,
    methods=["POST"],
    route_class_override=CommandRoute,
    max_body_size=BULK_BYTES,
    operation_id="intake-ledger",
    summary="导入台账行 / take in rows of a ledger",
    response_model=list[Outcome],
    responses=documented(400, 401, 403, 413, 415, 422, 503),
)
