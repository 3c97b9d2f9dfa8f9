"""What outsiders may ask of the files of a case: send one, get it back, and see who did."""

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, TypeAdapter

from services.casework.domain.citations import OpenFile, file_history
from services.casework.domain.documents import Digest, ReceiveFile, received
from services.casework.papers import Filing, also_filed, case_of_asker
from shared.events.casework import FileOpened, FileReceived
from shared.files import Arrived, Files, FilesUnavailable, NoSuchFile, TooLarge, Unwanted, arriving, recognised
from shared.files.kinds import ENDING
from shared.http import Caller, CaseId, Problem, Runtime, runtime_of
from shared.http.commands import REFUSALS, asking_of, obeyed
from shared.http.problems import documented
from shared.http.routes import IfMatch, Key
from shared.store import Forbidden
from shared.store import Request as Asking
from shared.terms import Role
from shared.workdays import business_date

router = APIRouter(prefix="/casework/cases/{case_id}", tags=["casework"])


class Kept(BaseModel):
    """收件: what came in, by which it is filed; and where the same file is filed already."""

    model_config = ConfigDict(frozen=True)

    sha256: str
    size: int
    media_type: str
    also_filed: tuple[Filing, ...]


class Looked(BaseModel):
    """调阅记录: who was handed which file, and when (UTC)."""

    model_config = ConfigDict(frozen=True)

    actor_id: str
    sha256: str
    at: datetime


WATCHERS = frozenset({Role.AUDITOR, Role.SUPERVISOR, Role.PETITION_OFFICE})
"""Who may see who was handed files."""
KEPT = TypeAdapter(Kept)
LOOKS = TypeAdapter(list[Looked])
FILENAME = re.compile(r"filename\*?\s*=\s*(?:\"([^\"]*)\"|([^;]+))", re.I)
BODY = {"required": True, "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
NAMED = {
    "name": "Content-Disposition",
    "in": "header",
    "required": True,
    "schema": {"type": "string", "pattern": r'filename\*?\s*=\s*("[^"]*"|[^";]+)'},
    "description": 'the file\'s name, as in `attachment; filename="a.pdf"`: only how it ends is looked at, and it is not kept',
}


@router.post(
    "/files",
    operation_id="casework-receive-file",
    summary="收件：上传文件，按内容和扩展名检查 / send a file, as the body of the request",
    status_code=201,
    response_model=Kept,
    responses=documented(*REFUSALS),
    openapi_extra={"requestBody": BODY, "parameters": [NAMED]},
)
async def receive_file(
    request: Request, case_id: CaseId, actor: Caller, idempotency_key: Key = None, if_match: IfMatch = None
) -> Response:
    """The file is kept by its SHA-256; which paper it is, `file-document` says. Twice is once."""
    runtime, files = runtime_of(request), files_of(request)
    asking = asking_of(request, actor, idempotency_key, if_match)
    await runtime.in_thread(case_of_asker, runtime, case_id, actor)
    if actor.role not in ReceiveFile.roles:
        raise Forbidden("您的岗位不能上传案件材料。", "Your role may not send files of a case.")
    name = _name(request)
    with _told(runtime):
        async with arriving(
            request.stream(), runtime.settings.data / "arriving", runtime.settings.max_file_bytes
        ) as file:
            media_type = await asyncio.to_thread(_keep, files, file, name)
    command = ReceiveFile(
        sha256=file.sha256, size=file.size, media_type=media_type, received_on=business_date(runtime.clock())
    )
    await obeyed("casework", "ReceiveFile", runtime.store.handle(case_id, command, asking))
    elsewhere = await runtime.in_thread(also_filed, runtime, file.sha256, case_id, actor)
    kept = Kept(sha256=file.sha256, size=file.size, media_type=media_type, also_filed=elsewhere)
    return Response(KEPT.dump_json(kept), 201, media_type="application/json")


@router.get(
    "/files/{sha256}",
    operation_id="casework-file",
    summary="下载本案收到的文件 / a file that came in for the case",
    response_class=Response,
    responses={
        200: {"content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in ENDING}},
        **documented(401, 403, 404, 422, 503),
    },
)
async def send_file(request: Request, case_id: CaseId, sha256: Annotated[Digest, Path()], actor: Caller) -> Response:
    """To be saved, never to be shown or run by a browser. To whom it is handed out is on record first."""
    runtime = runtime_of(request)
    came = received(await runtime.in_thread(case_of_asker, runtime, case_id, actor), sha256)
    if came is None:
        raise Problem(404, "no-such-file", "本案没有收到这份文件。", "No such file has come in for this case.")
    with _told(runtime):
        chunks = await asyncio.to_thread(files_of(request).get, sha256)
    opening = OpenFile(sha256=sha256, case_id=case_id)
    await obeyed("casework", "OpenFile", runtime.store.handle(file_history(sha256), opening, Asking(actor)))
    return StreamingResponse(
        chunks,
        media_type=came.media_type,
        headers={
            "Content-Length": str(came.size),
            "Content-Disposition": f'attachment; filename="{sha256[:16]}.{ENDING[came.media_type]}"',
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )


@router.get(
    "/file-looks",
    operation_id="casework-file-looks",
    summary="谁调阅过本案的文件 / who was handed the files of a case",
    response_model=list[Looked],
    responses=documented(401, 403, 404, 422, 503),
)
async def file_looks(request: Request, case_id: CaseId, actor: Caller) -> Response:
    """The first time a day of each of them, in order."""
    runtime = runtime_of(request)
    if actor.role not in WATCHERS:
        raise Forbidden(
            "只有审计、督查和信访部门可以查看调阅记录。",
            "Only auditors, supervisors and the petition office see who was handed files.",
        )

    def looks() -> list[Looked]:
        came = case_of_asker(runtime, case_id, actor).all(FileReceived)
        opened = (one for file in came for one in runtime.store.history(file_history(file.sha256)))
        return sorted(
            (
                Looked(actor_id=one.actor, sha256=one.fact.sha256, at=one.time)
                for one in opened
                if isinstance(one.fact, FileOpened) and one.fact.case_id == case_id
            ),
            key=lambda look: look.at,
        )

    return Response(LOOKS.dump_json(await runtime.in_thread(looks)), media_type="application/json")


def files_of(request: Request) -> Files:
    """Where the files are kept."""
    files: Files = runtime_of(request).parts["files"]
    return files


def _name(request: Request) -> str:
    """How the file is called. It goes nowhere: names of files name people."""
    found = FILENAME.search(request.headers.get("content-disposition", ""))
    if found is None:
        raise Problem(
            422,
            "no-file-name",
            '请在 Content-Disposition 中写明文件名，例如 attachment; filename="a.pdf"。',
            'Name the file in Content-Disposition, as in attachment; filename="a.pdf".',
        )
    return (found[1] or found[2] or "").strip()


def _keep(files: Files, arrived: Arrived, name: str) -> str:
    """Look what it is, and keep it. Answers the media type."""
    media_type = recognised(arrived.file, name)
    files.put(arrived.file, arrived.sha256)
    return media_type


@contextmanager
def _told(runtime: Runtime) -> Iterator[None]:
    """What may go wrong with a file, as a problem."""
    try:
        yield
    except Unwanted as error:
        raise Problem(415, "unwanted-file", error.zh, error.en) from error
    except TooLarge as error:
        limit = runtime.settings.max_file_bytes // 1024
        raise Problem(
            413,
            "too-large",
            f"文件超过 {limit} KiB，请压缩或拆分后上传。",
            f"The file is longer than {limit} KiB: make it smaller, or send it in parts.",
            {"Connection": "close"},
        ) from error
    except NoSuchFile as error:
        zh, en = (
            "登记有此文件，但存放处没有，请联系系统管理。",
            "It was received, but is not where files are kept: ask the operator.",
        )
        raise Problem(404, "file-missing", zh, en) from error
    except FilesUnavailable as error:
        zh, en = "暂时无法存取文件，请稍后重试。", "Files cannot be kept or read now; try again later."
        raise Problem(503, "files-unavailable", zh, en, {"Retry-After": "5"}) from error
