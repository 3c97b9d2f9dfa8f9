"""Errors as RFC 9457 problem details: a stable type, both languages, and what to do. No 500 for what a client can send."""

import logging
import re
from collections.abc import Mapping, Sequence
from typing import Any

from eventsourcing.persistence import PersistenceError
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.routing import Match

from shared.decider import NoSuchCase, Rejected
from shared.identity import IssuerUnreachable, Unauthenticated
from shared.store import Conflict, Forbidden, KeyReused, Refused, Stale, Unavailable, cure
from shared.workdays import UnknownYear

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"


class Problem(Exception):
    """An error to be told over HTTP as it is. `more` goes into the document beside the members of RFC 9457."""

    def __init__(
        self, status: int, kind: str, zh: str, en: str, headers: Mapping[str, str] | None = None, **more: Any
    ) -> None:
        super().__init__(f"{zh} / {en}")
        self.status, self.kind, self.zh, self.en, self.headers, self.more = status, kind, zh, en, headers, more


TITLES = {
    400: "请求有误 / Bad request",
    401: "未登录 / Not signed in",
    403: "无权限 / Not permitted",
    404: "没有找到 / Not found",
    405: "方法不允许 / Method not allowed",
    409: "规则不允许 / Refused by a rule",
    412: "案件已更新 / The case has moved on",
    413: "内容过大 / Too large",
    414: "地址过长 / Address too long",
    415: "内容类型不符 / Unsupported media type",
    422: "填写有误 / Invalid content",
    431: "请求头过大 / Header fields too large",
    500: "系统错误 / Internal error",
    503: "暂时不可用 / Unavailable",
}

SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457 problem details, in both languages",
    "required": ["type", "title", "status", "detail", "detail_en"],
    "properties": {
        "type": {
            "type": "string",
            "pattern": "^urn:huajie:problem:[a-z0-9-]+$",
            "description": "stable name of the problem; ends with the rule that refused",
        },
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "中文说明"},
        "detail_en": {"type": "string"},
        "errors": {
            "type": "array",
            "description": "which fields are wrong; what was sent is never repeated",
            "items": {
                "type": "object",
                "required": ["field", "reason", "reason_zh", "kind"],
                "properties": {name: {"type": "string"} for name in ("field", "reason", "reason_zh", "kind")},
            },
        },
        "candidates": {
            "type": "array",
            "description": "with likely-repeat: earlier cases of the same person that read alike, likest first",
            "items": {
                "type": "object",
                "required": ["case_id", "received_on", "demand", "likeness"],
                "properties": {
                    "case_id": {"type": "string"},
                    "received_on": {"type": "string", "format": "date"},
                    "demand": {"type": "string"},
                    "likeness": {"type": "number", "description": "0-100"},
                },
            },
        },
    },
}
REFERENCE = {"$ref": "#/components/schemas/Problem"}


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The OpenAPI responses of these problems."""
    return {
        status: {"description": TITLES[status], "content": {MEDIA_TYPE: {"schema": REFERENCE}}} for status in statuses
    }


def respond(
    status: int, kind: str, zh: str, en: str, headers: Mapping[str, str] | None = None, **more: Any
) -> JSONResponse:
    """A problem document."""
    body = {
        "type": f"urn:huajie:problem:{kind}",
        "title": TITLES.get(status, TITLES[500]),
        "status": status,
        "detail": zh,
        "detail_en": en,
        **more,
    }
    return JSONResponse(body, status, media_type=MEDIA_TYPE, headers=dict(headers or {}))


ADDRESS = {
    404: ("no-such-address", "没有这个地址，请核对路径。", "There is no such address: check the path."),
    405: ("method", "该地址不接受这种请求方法，可用的见 Allow。", "This address takes other methods: see Allow."),
    414: (
        "long-address",
        "地址过长，请缩短查询条件。",
        "The address is too long: ask with fewer or shorter parameters.",
    ),
    431: (
        "large-headers",
        "请求头过大，请减少请求头。",
        "The header fields are too large: send fewer or shorter ones.",
    ),
}
"""What the web framework itself refuses."""


def told(error: Exception) -> JSONResponse:
    """The problem document of an error. What nobody foresaw is logged and becomes a 500."""
    match error:
        case Problem():
            return respond(error.status, error.kind, error.zh, error.en, error.headers, **error.more)
        case NoSuchCase():
            return respond(404, error.rule, error.zh, error.en)
        case Rejected():
            return respond(409, error.rule, error.zh, error.en)
        case UnknownYear():
            return respond(409, "unknown-year", error.zh, error.en)
        case IssuerUnreachable():
            return respond(503, "issuer-unreachable", error.zh, error.en, {"Retry-After": "5"})
        case Unauthenticated():
            return respond(401, "unauthenticated", error.zh, error.en, {"WWW-Authenticate": "Bearer"})
        case Forbidden():
            return respond(403, "forbidden", error.zh, error.en)
        case Stale():
            return respond(412, "stale", error.zh, error.en, {"ETag": f'"{error.current}"'})
        case KeyReused():
            return respond(422, "idempotency-key-reused", error.zh, error.en)
        case Conflict():
            return respond(409, "conflict", error.zh, error.en, {"Retry-After": "1"})
        case Unavailable():
            return respond(503, "unavailable", error.zh, error.en, {"Retry-After": "5"})
        case PersistenceError() | DBAPIError():
            logger.error("the database cannot be used: %s", type(error).__name__)
            zh, en = cure(error)  # what the database says beside, may be somebody's data
            said = f"暂时无法读写数据，{zh}。", f"The data cannot be read or written now; {en}."
            return respond(503, "unavailable", *said, {"Retry-After": "5"})
        case RequestValidationError():
            return invalid(error.errors())
        case HTTPException():
            kind, zh, en = ADDRESS.get(error.status_code, ("request", "请求无法处理。", f"{error.detail}."))
            return respond(error.status_code, kind, zh, en, error.headers)
        case ClientDisconnect():
            return respond(400, "disconnected", "连接已断开。", "The connection was lost.")
        case _:
            logger.exception("unexpected error", exc_info=error)
            return respond(500, "internal", "系统内部错误，已记录。", "An internal error; it has been logged.")


DAY, MOMENT = "2026-01-31", "2026-01-31T09:30:00+08:00"
REASONS = {
    "missing": "缺失",
    "extra_forbidden": "没有这个字段，请核对拼写或去掉",
    "enum": "只能填 {expected}",
    "literal_error": "只能填 {expected}",
    "string_too_long": "太长，最多 {max_length} 字",
    "string_too_short": "不能为空，至少 {min_length} 字",
    "string_pattern_mismatch": "格式不符，或为空白；格式为 {pattern}",
    "too_long": "太多，最多 {max_length} 项",
    "too_short": "太少，至少 {min_length} 项",
    "greater_than_equal": "太小或太早，不得小于 {ge}",
    "less_than_equal": "太大或太晚，不得大于 {le}",
    "timezone_aware": f"须写明时区，如 {MOMENT}",
    "repeated": "只能有一个值",
    "string": "应为文字，用引号括起",
    "bool": "应为 true 或 false",
    "int": "应为整数",
    "float": "应为数字",
    "date": f"不是日期，请写成 {DAY}",
    "datetime": f"不是时刻，请写成 {MOMENT}",
    "tuple": "应为一组值，写在 [ ] 之内",
    "list": "应为一组值，写在 [ ] 之内",
    "dict": "应为若干字段，写在 { } 之内",
    "model": "应为若干字段，写在 { } 之内",
}
"""Why a field is wrong and how to mend it, in Chinese, by pydantic's kind of error, or by what its name begins with: date_parsing.
Its limits are ours, and told."""
WRITTEN = {"date": f"; write it as {DAY}", "datetime": f"; write it as {MOMENT}"}
"""What pydantic does not say in English."""
FIELD = re.compile(r"[A-Za-z_][A-Za-z_-]{0,40}")
"""What may be a field of ours; anything else was made up by the sender and could be somebody's name or number."""


def invalid(errors: Sequence[Mapping[str, Any]]) -> JSONResponse:
    """Which fields are wrong and why. What was sent is not repeated: it may be somebody's data."""
    if any(error["type"] == "json_invalid" for error in errors):
        return respond(400, "not-json", "请求内容不是有效的 UTF-8 JSON。", "The body is not valid UTF-8 JSON.")
    found = [_field(error) for error in errors[:100]]
    return respond(422, "invalid", *_sentences(found), errors=found)


def refused_content(error: ValidationError) -> JSONResponse:
    """The problem document for a body that pydantic refuses."""
    return invalid(_bare(error))


def field_reasons(error: ValidationError) -> tuple[str, str]:
    """Which fields pydantic refuses and why, as a sentence in each language, without what they said."""
    return _sentences([_field(each) for each in _bare(error)])


def _bare(error: ValidationError) -> Sequence[Mapping[str, Any]]:
    return error.errors(include_url=False, include_input=False)


def _field(error: Mapping[str, Any]) -> dict[str, str]:
    place = [part for part in error["loc"] if part not in ("body", "query", "path")]
    kind, about = error["type"], error["type"].split("_")[0]
    return {
        "field": ".".join(_place(part) for part in place) or "body",
        "reason": error["msg"] + WRITTEN.get(about, ""),
        "reason_zh": _in_chinese(REASONS.get(kind) or REASONS.get(about, "填写有误"), error.get("ctx") or {}),
        "kind": kind,
    }


def _in_chinese(reason: str, limits: Mapping[str, Any]) -> str:
    """With the limits in their places, of which only its own are told."""
    return re.sub(r"\{(\w+)\}", lambda name: str(limits.get(name[1], "—")).replace(" or ", ", "), reason)


def _place(part: object) -> str:
    return str(part) if isinstance(part, int) or FIELD.fullmatch(str(part)) else "…"


def _sentences(found: Sequence[Mapping[str, str]]) -> tuple[str, str]:
    zh = sorted({f"{e['field']}（{e['reason_zh']}）" for e in found})
    en = sorted({f"{e['field']}: {e['reason']}" for e in found})
    return "以下字段有误：" + "；".join(zh) + "。", "These fields are wrong: " + "; ".join(en) + "."


def _methods(request: Request) -> list[str]:
    """What this address takes: the framework would name those of one of its routes only."""
    found = [route for route in request.app.routes if route.matches(request.scope)[0] is not Match.NONE]
    return _taken(request) or sorted({method for route in found for method in getattr(route, "methods", None) or ()})


def _taken(request: Request) -> list[str]:
    """What the routes take whose path is this address to the letter; none when there is no such route."""
    exactly = [route for route in request.app.routes if getattr(route, "path", None) == request.scope["path"]]
    return sorted({method for route in exactly for method in getattr(route, "methods", None) or ()})


def handle_problems(app: FastAPI) -> None:
    """Make an app tell every error as a problem."""

    async def tell(request: Request, error: Exception) -> JSONResponse:
        taken = _taken(request) if isinstance(error, RequestValidationError) else []
        if taken and request.method not in taken:  # it names another route, which is no wrong parameter of this one
            error = HTTPException(405)
        if isinstance(error, HTTPException) and error.status_code == 405:
            error.headers = {"Allow": ", ".join(_methods(request))}
        return told(error)

    known = (Problem, Rejected, Refused, UnknownYear, Unauthenticated, PersistenceError, DBAPIError)
    for kind in (*known, HTTPException, RequestValidationError, ClientDisconnect, Exception):
        app.add_exception_handler(kind, tell)
