"""Letters 公函 over HTTP: a template of the node, filled, as a .docx to be printed."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import Response

from shared.files.kinds import DOCX
from shared.http.problems import Problem, documented
from shared.http.runtime import Runtime
from shared.letters import TemplateUnusable, letter

LETTER: dict[str, Any] = {
    "response_class": Response,
    "responses": {
        200: {"content": {DOCX: {"schema": {"type": "string", "format": "binary"}}}},
        **documented(401, 403, 404, 409, 422, 503),
    },
}
"""What a route that answers with a letter says of itself."""


async def printed(runtime: Runtime, template: str, words: Mapping[str, str | Sequence[str]], name: str) -> Response:
    """The letter under this file name. Raises Problem when the node's template is not there, or of no use."""
    folder = runtime.settings.templates
    try:
        if folder is None:
            raise TemplateUnusable("本节点没有设置模板目录。", "This node has no folder of templates.")
        made = await runtime.in_thread(lambda: letter((folder / template).read_bytes(), words))
    except OSError as error:
        raise Problem(
            503,
            "template",
            f"读不到模板 {template}，请联系系统管理。",
            f"The template {template} cannot be read: ask the operator.",
        ) from error
    except TemplateUnusable as error:
        raise Problem(503, "template", f"{template}：{error.zh}", f"{template}: {error.en}") from error
    return Response(
        made,
        media_type=DOCX,
        headers={
            "Content-Disposition": f'attachment; filename="{name}.docx"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )
