"""One route per command, made from the command's class: `POST /<service>/cases/{case_id}/<command>`.

A command about a history that is no case names it in the address: `/supervision/campaigns/{campaign_id}/…`.
"""

import inspect
import re
import time
from collections.abc import Awaitable, Callable, Iterable
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request, Response

from shared.decider import Command, Decider, ImportedCommand, Rejected
from shared.http.documents import Facts, facts_response
from shared.http.problems import Problem, documented
from shared.http.routes import BULK_BYTES, VERSION, CommandRoute, IfMatch, Key
from shared.http.who import (
    BookId,
    Caller,
    CampaignId,
    CaseId,
    RetaliationId,
    UnitId,
    check_may_read,
    runtime_of,
    theirs,
)
from shared.identity import Actor
from shared.metrics import COMMAND_SECONDS, COMMANDS
from shared.store import Answer, Forbidden, Refused
from shared.store import Request as Asking
from shared.terms import Role

TRACEPARENT = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")

WITH_ETAG: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "事实；空表示早已如此 / the facts; none: it was already so",
        "headers": {"ETag": {"schema": {"type": "string"}, "description": "the case's version now"}},
    }
}
IDS: dict[str, Any] = {
    "case": CaseId,
    "unit": UnitId,
    "campaign": CampaignId,
    "retaliation": RetaliationId,
    "book": BookId,
}
"""How a path names what a command is about."""
REFUSALS = (400, 401, 403, 404, 409, 412, 413, 415, 422, 503)
"""What any command may be answered with, beside its facts."""


def kebab(name: str) -> str:
    """`LogVisit` → `log-visit`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()


def command_routes(service: str, decider: Decider[Any]) -> APIRouter:
    """The routes of a service's commands, and of reading what its log holds about a case."""
    router = APIRouter(prefix=f"/{service}", tags=[service])
    for command in decider.commands:
        told = inspect.getdoc(command) or command.__name__
        for about in (command.history, *command.also):
            router.add_api_route(
                f"/{about}s/{{{about}_id}}/{kebab(command.__name__)}",
                _endpoint(service, command, about),
                methods=["POST"],
                route_class_override=CommandRoute,
                max_body_size=BULK_BYTES if issubclass(command, ImportedCommand) else None,
                operation_id="-".join((service, *([about] if about in command.also else []), kebab(command.__name__))),
                summary=told.partition(".")[0],
                description=_described(command, told),
                response_model=Facts,
                responses={**WITH_ETAG, **documented(*REFUSALS)},
            )

    histories = {about: command.readers for command in decider.commands for about in (command.history, *command.also)}
    for about, readers in sorted(histories.items()):
        router.add_api_route(
            f"/{about}s/{{{about}_id}}/facts",
            _reading(service, about, readers),
            methods=["GET"],
            operation_id=f"{service}-facts" if about == "case" else f"{service}-{about}-facts",
            summary=f"本服务关于该案的全部事实 / every fact that this service has said about the {about}",
            response_model=Facts,
            responses={**WITH_ETAG, **documented(401, 403, 404, 422, 503)},
        )
    return router


def add_named_routes(
    router: APIRouter, service: str, commands: Iterable[type[Command]], history_of: Callable[[Any], str]
) -> None:
    """Routes of commands that themselves say which history they are about: `POST <prefix>/<command>`, no id in the address."""
    for command in commands:
        told = inspect.getdoc(command) or command.__name__
        router.add_api_route(
            f"/{kebab(command.__name__)}",
            _named_endpoint(service, command, history_of),
            methods=["POST"],
            route_class_override=CommandRoute,
            operation_id=f"{service}-{kebab(command.__name__)}",
            summary=told.partition(".")[0],
            description=_described(command, told),
            response_model=Facts,
            responses={**WITH_ETAG, **documented(*(status for status in REFUSALS if status != 404))},
        )


def _described(command: type[Command], told: str) -> str:
    return f"{told}\n\n可执行 / may give it: " + "、".join(f"{role.label} ({role})" for role in sorted(command.roles))


def _named_endpoint(
    service: str, kind: type[Command], history_of: Callable[[Any], str]
) -> Callable[..., Awaitable[Response]]:
    async def endpoint(
        request: Request, actor: Caller, command: Command, idempotency_key: Key = None, if_match: IfMatch = None
    ) -> Response:
        asking = asking_of(request, actor, idempotency_key, if_match)
        work = runtime_of(request).store.handle(history_of(command), command, asking)
        answer = await obeyed(service, counted_as(kind), work)
        return facts_response(answer.facts, answer.version)

    endpoint.__annotations__["command"] = Annotated[kind, Body()]
    endpoint.__name__ = kebab(kind.__name__)
    return endpoint


def _endpoint(service: str, kind: type[Command], about: str) -> Callable[..., Awaitable[Response]]:
    async def endpoint(
        request: Request,
        case_id: CaseId,
        actor: Caller,
        command: Command,
        idempotency_key: Key = None,
        if_match: IfMatch = None,
    ) -> Response:
        asking = asking_of(request, actor, idempotency_key, if_match)
        answer = await obeyed(service, counted_as(kind), runtime_of(request).store.handle(case_id, command, asking))
        return facts_response(answer.facts, answer.version)

    endpoint.__annotations__ |= {"command": Annotated[kind, Body()], "case_id": IDS[about]}
    endpoint.__name__ = kebab(kind.__name__)
    return endpoint


def _reading(service: str, about: str, readers: frozenset[Role]) -> Callable[..., Awaitable[Response]]:
    async def read_facts(request: Request, case_id: CaseId, actor: Caller) -> Response:
        if actor.role not in readers:  # before anything is looked up: not even whether it is there is theirs to know
            raise Forbidden("您的岗位不能查阅。", f"A {actor.role} may not read this.")
        store = runtime_of(request).store
        history = await runtime_of(request).in_thread(store.history, case_id)
        check_may_read(actor, history, about)
        said = theirs(actor, (fact for fact in history if fact.service == service))
        return facts_response(said, len(history))

    read_facts.__annotations__ |= {"case_id": IDS[about]}
    return read_facts


def asking_of(request: Request, actor: Actor, key: str | None, if_match: str | None) -> Asking:
    """What surrounds a command, from the request's headers. Raises Problem for an If-Match that names no version."""
    traceparent = request.headers.get("traceparent")
    return Asking(
        actor=actor,
        key=key,
        expected=None if if_match is None else _version(if_match),
        traceparent=traceparent if traceparent and TRACEPARENT.fullmatch(traceparent) else None,
    )


def counted_as(kind: type[Command]) -> str | None:
    """The name under which a command is counted; None of what not everybody may read: anybody may read the counts."""
    return kind.__name__ if kind.readers == frozenset(Role) else None


async def obeyed(service: str, command: str | None, answer: Awaitable[Answer]) -> Answer:
    """Wait for the answer, and count how it went, unless the command has no name to be counted under."""
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
        if command is not None:
            COMMANDS.labels(service, command, outcome).inc()
        COMMAND_SECONDS.labels(service).observe(time.perf_counter() - begun)


def _version(if_match: str) -> int | None:
    if re.fullmatch(VERSION, if_match) is None:
        raise Problem(
            400, "if-match", 'If-Match 应为案件版本，例如 "3"。', 'If-Match must be a case version, such as "3".'
        )
    return None if if_match == "*" else int(if_match.removeprefix("W/").strip('"'))
