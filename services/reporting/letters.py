"""年度报告 to be printed: what Art 41 lists, in the words of a report. It names offices, units and numbers, and no petitioner."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from services.reporting.annual import YearAsked, region_year
from services.reporting.api import model_of
from services.reporting.yearbook import annual_report
from shared.http import Caller, runtime_of
from shared.http.letters import LETTER, printed
from shared.letters import written_day
from shared.masking import mask
from shared.terms import ReportedTo
from shared.workdays import business_date

router = APIRouter(prefix="/reporting/annual-report", tags=["reporting"])

PLACES = {1: "matters", 2: "handed_on", 3: "suggestions", 4: "rest"}
"""Where in the template each section stands."""
NONE = "无。"


@router.get(
    "/letter",
    operation_id="reporting-annual-letter",
    summary="年度报告（.docx） / the annual report, to be printed",
    **LETTER,
)
async def read_letter(request: Request, actor: Caller, asked: Annotated[YearAsked, Query()]) -> Response:
    """The figures of the annual report, asked as of the same moment; what there was none of is left out."""
    runtime = runtime_of(request)
    said = await runtime.in_thread(annual_report, model_of(request), actor, region_year(request, actor, asked))
    return await printed(
        runtime,
        "annual-report.docx",
        report_words(said, runtime.parts["regions"]),
        f"annual-{said['region']}-{said['year']}",
    )


def report_words(said: Mapping[str, Any], regions: Mapping[str, str]) -> dict[str, str | Sequence[str]]:
    """The words of a report. The same figures give the same words, whenever they are asked for."""
    place = regions.get(said["region"], said["region"])
    sections = {PLACES[section["number"]]: _numbered(section["figures"]) for section in said["sections"]}
    return {
        **sections,
        "place": place,
        "organ": f"{place}信访部门",
        "year": str(said["year"]),
        "as_of": written_day(business_date(said["as_of"])),
        "sent": [_sent(one) for one in said["submissions"]] or "尚未报送。",
        "made_on": written_day(business_date(said["as_of"])),
    }


def _numbered(figures: Sequence[Mapping[str, Any]]) -> list[str]:
    return [f"{n}. {line}" for n, line in enumerate(_lines(figures), 1)] or [NONE]


def _lines(figures: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for figure in figures:
        if figure["number"] or figure["of"]:
            share = "" if figure["rate"] is None else f"（{figure['number']} ÷ {figure['of']} = {figure['rate']:.1%}）"
            yield f"{figure['label']}：{figure['number']}{share}。"


def _sent(one: Mapping[str, Any]) -> str:
    other = f"。其他事项：{mask(one['other'])}" if one["other"] else ""
    to = next(term.label for term in ReportedTo if term == one["to"])
    return f"{written_day(one['submitted_on'])}报送{to}（{one['document']}）{other}。"
