"""Routes that carry commands. They read the request themselves: dependency injection would cost more than the command.

FastAPI writes the document of such a route from the signature of its endpoint; what is read here follows the same
signature, so the two cannot drift apart.
"""

import inspect
import json
import re
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Header, Request
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from pydantic import TypeAdapter, ValidationError
from starlette.types import Receive, Scope, Send

from shared.http.problems import Problem, invalid, refused_content, told
from shared.http.who import CaseId, actor_of, check_query

COMMAND_BYTES = 512 * 1024
"""The longest command. A fact is hardly longer than its command, and the bus carries a million bytes at most."""
BULK_BYTES = 8 * 1024 * 1024
"""The longest body that lays down many facts at once."""

Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        pattern=r"^[\x21-\x7e]+$",
        description="the same key with the same command gives the same facts again, and nothing happens twice",
    ),
]
VERSION = r'^(\*|(W/)?"?[0-9]{1,9}"?)$'
IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        pattern=VERSION,
        description='the version of the case that you have seen, as in `"3"`; `*` for any',
    ),
]

JSON = "application/json"
NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
"""The one character that JSON can write and PostgreSQL cannot keep."""


class CommandRoute(APIRoute):
    """Calls `endpoint` with those of `request`, `case_id`, `actor`, `idempotency_key` and `if_match` that it names, and
    with the body, which is its one other parameter. `case_id` is what its path names: a case, or a unit.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, endpoint, **options)
        wanted = inspect.signature(endpoint).parameters
        self._wanted = {
            name for name in wanted if name in ("request", "case_id", "actor", "idempotency_key", "if_match")
        }
        (self._body,) = wanted.keys() - self._wanted
        named: Any = wanted["case_id"].annotation if "case_id" in wanted else CaseId
        self._id: TypeAdapter[str] = TypeAdapter(named)
        self._content: TypeAdapter[Any] = TypeAdapter(wanted[self._body].annotation)
        self._limit = self.max_body_size or COMMAND_BYTES
        self.app = self._serve

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            response = await self._answer(request)
        except Exception as error:
            response = told(error)
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Any:
        actor = await actor_of(request)
        check_query(request)
        headers, case_id = request.headers, next(iter(request.path_params.values()), None)
        key, if_match = headers.get("idempotency-key"), headers.get("if-match")
        if wrong := _wrong(self._id, next(iter(request.path_params), ""), case_id) or _wrong(
            KEY, "Idempotency-Key", key
        ):
            return wrong
        said = {"request": request, "case_id": case_id, "actor": actor, "idempotency_key": key, "if_match": if_match}
        sent = await body_of(request, self._limit)
        try:
            body = self._content.validate_json(sent, strict=True)
        except ValidationError as error:
            return refused_content(error)
        json.loads(sent, object_pairs_hook=_each_once)
        return await self.endpoint(**{name: said[name] for name in self._wanted}, **{self._body: body})


KEY: TypeAdapter[str | None] = TypeAdapter(Key)


def _wrong(kind: TypeAdapter[Any], name: str, value: str | None) -> JSONResponse | None:
    if value is None:
        return None
    try:
        kind.validate_python(value)
    except ValidationError as error:
        return invalid([{**e, "loc": (name,)} for e in error.errors(include_url=False, include_input=False)])
    return None


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Raise Problem for a name that is there twice: two readers of such a body need not read the same."""
    said = dict(pairs)
    if len(said) < len(pairs):
        raise Problem(400, "name-twice", "同一字段出现了两次。", "A field is there twice.")
    return said


async def body_of(request: Request, limit: int) -> bytes:
    """The body. Raises Problem when it is longer than `limit` bytes, is not JSON, or cannot be kept."""
    kind = request.headers.get("content-type", JSON).partition(";")[0].strip().lower()
    if kind != JSON and not (kind.startswith("application/") and kind.endswith("+json")):
        raise Problem(415, "not-json-type", f"请以 {JSON} 提交（UTF-8）。", f"Send the body as {JSON}, in UTF-8.")
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise Problem(
                413,
                "too-large",
                f"内容超过 {limit // 1024} KiB，请分开提交。",
                f"The body is longer than {limit // 1024} KiB: send it in parts.",
                {"Connection": "close"},
            )
    if b"\\u0000" in body and NUL.search(body):
        raise Problem(422, "nul", "内容含有无法保存的空字符（\\u0000）。", "The body holds a NUL character.")
    return body
