"""Errors as RFC 9457 problem details: a stable type, both languages, and what to do. No 500 for what a client can send."""

import logging
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from shared.decider import NoSuchCase, Rejected
from shared.identity import IssuerUnreachable, Unauthenticated
from shared.store import Conflict, Forbidden, KeyReused, Refused, Stale, Unavailable

logger = logging.getLogger(__name__)


class Problem(Exception):
    """An error to be told over HTTP as it is."""

    def __init__(self, status: int, kind: str, zh: str, en: str, **more: Any) -> None:
        super().__init__(f"{zh} / {en}")
        self.status, self.kind, self.zh, self.en, self.more = status, kind, zh, en, more


TITLES = {
    400: "请求有误 / Bad request",
    401: "未登录 / Not signed in",
    403: "无权限 / Not permitted",
    404: "没有找到 / Not found",
    405: "方法不允许 / Method not allowed",
    409: "规则不允许 / Refused by a rule",
    412: "案件已更新 / The case has moved on",
    413: "内容过大 / Too large",
    422: "填写有误 / Invalid content",
    500: "系统错误 / Internal error",
    503: "暂时不可用 / Unavailable",
}

SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "detail_en"],
    "properties": {
        "type": {"type": "string", "description": "stable name of the problem; ends with the rule that refused"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "中文说明"},
        "detail_en": {"type": "string"},
    },
}


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The OpenAPI responses of these problems."""
    body = {"application/problem+json": {"schema": SCHEMA}}
    return {status: {"description": TITLES[status], "content": body} for status in statuses}


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
    return JSONResponse(body, status, media_type="application/problem+json", headers=dict(headers or {}))


def _told(error: Exception) -> JSONResponse:
    match error:
        case Problem():
            return respond(error.status, error.kind, error.zh, error.en, **error.more)
        case NoSuchCase():
            return respond(404, error.rule, error.zh, error.en)
        case Rejected():
            return respond(409, error.rule, error.zh, error.en)
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
        case HTTPException():
            return respond(
                error.status_code,
                f"http-{error.status_code}",
                TITLES.get(error.status_code, str(error.detail)),
                str(error.detail),
                error.headers,
            )
        case _:
            logger.exception("unexpected error", exc_info=error)
            return respond(500, "internal", "系统内部错误，已记录。", "An internal error; it has been logged.")


def _invalid(error: RequestValidationError) -> JSONResponse:
    """Which field is wrong and why. What was sent is not repeated: it may be somebody's data."""
    found = [
        {
            "field": ".".join(str(part) for part in e["loc"][1:]) or str(e["loc"][0]),
            "reason": e["msg"],
            "kind": e["type"],
        }
        for e in error.errors()
    ]
    if any(e["kind"] == "json_invalid" for e in found):
        return respond(400, "not-json", "请求内容不是有效的 JSON。", "The body is not valid JSON.", errors=found)
    fields = "、".join(sorted({e["field"] for e in found}))
    return respond(
        422,
        "invalid",
        f"以下字段有误或缺失：{fields}。",
        "These fields are wrong or missing: " + "; ".join(f"{e['field']}: {e['reason']}" for e in found),
        errors=found,
    )


def handle_problems(app: FastAPI) -> None:
    """Make an app tell every error as a problem."""

    async def told(_: Request, error: Exception) -> JSONResponse:
        return _told(error)

    async def invalid(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        return _invalid(error)

    for kind in (Problem, Rejected, Refused, Unauthenticated, HTTPException, Exception):
        app.add_exception_handler(kind, told)
    app.add_exception_handler(RequestValidationError, invalid)
