"""One route per command, made from the command's class: `POST /<service>/cases/{case_id}/<command>`."""

import re
import time
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Body, Header, Request, Response
from pydantic import create_model

from shared.decider import Command, Decider, Rejected
from shared.events import Recorded
from shared.http.problems import Problem, documented
from shared.http.who import Caller, CaseId, runtime_of
from shared.identity import Actor
from shared.metrics import COMMAND_SECONDS, COMMANDS
from shared.store import Answer, Forbidden, Refused
from shared.store import Request as Asking

Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        max_length=200,
        pattern=r"^[\x21-\x7e]+$",
        description="the same key with the same command gives the same facts again, and nothing happens twice",
    ),
]
IfMatch = Annotated[
    str | None, Header(alias="If-Match", description='the version of the case that you have seen, as in `"3"`')
]
TRACEPARENT = re.compile(r"^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$")

Facts = create_model("Facts", facts=(list[dict[str, Any]], ...), version=(int, ...))


def kebab(name: str) -> str:
    """`LogVisit` → `log-visit`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()


def command_routes(service: str, decider: Decider[Any]) -> APIRouter:
    """The routes of a service's commands, and of reading what its log holds about a case."""
    router = APIRouter(prefix=f"/{service}/cases/{{case_id}}", tags=[service])
    for command in decider.commands:
        router.add_api_route(
            f"/{kebab(command.__name__)}",
            _endpoint(service, command),
            methods=["POST"],
            operation_id=f"{service}-{kebab(command.__name__)}",
            summary=(command.__doc__ or "").partition(".")[0],
            description=f"{command.__doc__}\n\n可执行 / may give it: "
            + "、".join(f"{role.label} ({role})" for role in sorted(command.roles)),
            response_model=Facts,
            responses={
                200: {"headers": {"ETag": {"schema": {"type": "string"}, "description": "the case's version now"}}},
                **documented(400, 401, 403, 404, 409, 412, 422, 503),
            },
        )

    async def read_facts(request: Request, case_id: CaseId, actor: Caller) -> Response:
        store = runtime_of(request).store
        history = await runtime_of(request).in_thread(store.history, case_id)
        state = decider.initial
        for recorded in history:
            state = decider.evolve(state, recorded)
        scope = decider.scope(state)
        if scope is None:
            raise Problem(404, "no-such-case", "没有这个案件。", "There is no such case here.")
        if not actor.covers(scope):
            raise Forbidden("该案件不在您的单位或地区范围内。", "This case lies outside your unit or region.")
        return facts_response([r for r in history if r.service == service], len(history))

    router.add_api_route(
        "/facts",
        read_facts,
        methods=["GET"],
        operation_id=f"{service}-facts",
        summary="本服务关于该案的全部事实 / every fact that this service has said about the case",
        response_model=Facts,
        responses=documented(401, 403, 404, 422, 503),
    )
    return router


def facts_response(facts: list[Recorded] | tuple[Recorded, ...], version: int) -> Response:
    """The facts' own documents, byte for byte, with the case's version as ETag."""
    body = b'{"facts":[' + b",".join(fact.raw for fact in facts) + b'],"version":' + str(version).encode() + b"}"
    return Response(body, media_type="application/json", headers={"ETag": f'"{version}"'})


def _endpoint(service: str, kind: type[Command]) -> Callable[..., Awaitable[Response]]:
    async def endpoint(
        request: Request,
        case_id: CaseId,
        actor: Caller,
        command: Command,
        idempotency_key: Key = None,
        if_match: IfMatch = None,
    ) -> Response:
        asking = asking_of(request, actor, idempotency_key, if_match)
        answer = await obeyed(service, kind.__name__, runtime_of(request).store.handle(case_id, command, asking))
        return facts_response(answer.facts, answer.version)

    endpoint.__annotations__["command"] = Annotated[kind, Body()]
    endpoint.__name__ = kebab(kind.__name__)
    return endpoint


def asking_of(request: Request, actor: Actor, key: str | None, if_match: str | None) -> Asking:
    """What surrounds a command, from the request's headers."""
    traceparent = request.headers.get("traceparent", "")
    return Asking(
        actor=actor,
        key=key,
        expected=_version(if_match),
        traceparent=traceparent if TRACEPARENT.match(traceparent) else None,
    )


async def obeyed(service: str, command: str, answer: Awaitable[Answer]) -> Answer:
    """Wait for the answer, and count how it went."""
    begun, outcome = time.perf_counter(), "obeyed"
    try:
        return await answer
    except (Rejected, Refused) as refusal:
        outcome = refusal.rule if isinstance(refusal, Rejected) else type(refusal).__name__.lower()
        raise
    except Exception:
        outcome = "failed"
        raise
    finally:
        COMMANDS.labels(service, command, outcome).inc()
        COMMAND_SECONDS.labels(service).observe(time.perf_counter() - begun)


def _version(if_match: str | None) -> int | None:
    if if_match is None or if_match.strip() == "*":
        return None
    found = re.fullmatch(r'(?:W/)?"?(\d{1,9})"?', if_match.strip(), re.ASCII)
    if found is None:
        raise Problem(
            400, "if-match", 'If-Match 应为案件版本，例如 "3"。', 'If-Match must be a case version, such as "3".'
        )
    return int(found[1])
