"""What outsiders may ask of intake beside its plain commands: register a person's petition, see who the person is."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from services.intake.domain import INTAKE, REGISTERING, Petition
from services.intake.ledgers import Entries, Outcome, take_in
from services.intake.registration import LikelyRepeat, Registrar
from services.intake.vault import Petitioner
from shared.decider import Name, NoSuchCase, fold
from shared.http import Caller, CaseId, Problem, runtime_of
from shared.http.commands import asking_of, obeyed
from shared.http.documents import Facts, facts_response
from shared.http.problems import documented
from shared.http.routes import IfMatch, Key
from shared.regions import UnknownRegion
from shared.store import Forbidden
from shared.terms import Role

READERS = frozenset({Role.REGISTRAR, Role.HANDLER, Role.LEADER, Role.PETITION_OFFICE})
"""Who may see who the petitioner is; every look is recorded."""

router = APIRouter(prefix="/intake", tags=["intake"])


class Registration(Petition):
    """登记: a petition and the person who brought it. The identity goes to the vault, the facts carry an opaque id."""

    petitioner: Petitioner
    distinct_from: Annotated[frozenset[Name], Field(max_length=100)] = frozenset()
    """Earlier cases of this person that the registrar has looked at and found to be other matters."""


def registrar_of(request: Request) -> Registrar:
    """The registrar that runs behind this app."""
    registrar: Registrar = runtime_of(request).parts["registrar"]
    return registrar


@router.post(
    "/cases/{case_id}/register-case",
    operation_id="intake-register-case",
    summary="登记信访事项 / register a person's petition",
    response_model=Facts,
    responses=documented(400, 401, 403, 409, 412, 422, 503),
)
async def register_case(
    request: Request,
    case_id: CaseId,
    actor: Caller,
    registration: Registration,
    idempotency_key: Key = None,
    if_match: IfMatch = None,
) -> Response:
    """每一件都要登记。同一人的相似事项会被提示，由人判断是否为重复信访。"""
    asking = asking_of(request, actor, idempotency_key, if_match)
    work = registrar_of(request).register(
        case_id, registration.petitioner, registration, registration.distinct_from, asking
    )
    try:
        answer = await obeyed("intake", "RegisterCase", work)
    except UnknownRegion as unknown:
        raise Problem(422, "unknown-region", unknown.zh, unknown.en) from unknown
    except LikelyRepeat as repeat:
        listed = [vars(candidate) for candidate in repeat.candidates]
        raise Problem(409, repeat.rule, repeat.zh, repeat.en, candidates=listed) from repeat
    return facts_response(answer.facts, answer.version)


@router.post(
    "/ledger",
    operation_id="intake-ledger",
    summary="导入台账行 / take in rows of a ledger",
    response_model=list[Outcome],
    responses=documented(400, 401, 403, 422, 503),
)
async def import_ledger(request: Request, actor: Caller, entries: Entries) -> list[Outcome]:
    """Register each row, link repeats, and lay down how it was dispatched. Twice adds nothing."""
    if actor.role not in REGISTERING:
        raise Forbidden(
            "只有登记员和信访部门可以导入台账。", "Only a registrar or the petition office imports ledgers."
        )
    return await take_in(registrar_of(request), entries, actor)


@router.get(
    "/cases/{case_id}/petitioner",
    operation_id="intake-petitioner",
    summary="查看信访人身份（查看留痕） / who the petitioner is; the look is recorded",
    response_model=Petitioner,
    responses=documented(401, 403, 404, 409, 422, 503),
)
async def read_petitioner(
    request: Request,
    case_id: CaseId,
    actor: Caller,
    purpose: Annotated[str, Query(min_length=2, max_length=200, description="为何查看 / what for")],
) -> Petitioner:
    """The person's identity, for those who handle the case."""
    if actor.role not in READERS:
        raise Forbidden("您的岗位不能查看信访人身份。", "Your role may not see who the petitioner is.")
    runtime = runtime_of(request)
    case = fold(INTAKE, await runtime.in_thread(runtime.store.history, case_id))
    scope = INTAKE.scope(case)
    if case.registered is None or scope is None:
        raise NoSuchCase
    if not actor.covers(scope):
        raise Forbidden("该案件不在您的单位或地区范围内。", "This case lies outside your unit or region.")
    vault, petitioner_id = registrar_of(request).vault, case.registered.petitioner_id
    return await asyncio.to_thread(vault.read, petitioner_id, actor.id, purpose, runtime.clock())
