"""The commands that report: points, the annual report, campaigns; how many cases there are, and how many are resolved."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from deploy import printing
from deploy.options import VAR, AsOf, Data, Json, client_of, moment
from shared.terms import CaseState, Grade, Mark, Measure, ReportedTo

reports = typer.Typer()


@reports.command()
def scores(
    quarter: Annotated[str, typer.Argument(help="季度或年度，如 2026Q3、2026 / a quarter, or a year")],
    data: Data = VAR,
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """季度考核，每一分都能追到一条事实 / units' points, each traced to a fact."""
    with client_of(data) as client:
        said = client.get("/reporting/scores", quarter=quarter, as_of=moment(as_of))
    printing.as_json(said) if as_json else tell_scores(said)


def tell_scores(said: Mapping[str, Any]) -> None:
    """Units' quarters, each point with its fact."""
    printing.line((f"季度考核 / scores {said['quarter']}", "bold"), f"  {said['policy']}")
    for score in said["scores"]:
        printing.line(f"{score['unit']}  {score['points']:+d}")
        for item in score["items"]:
            traced = f"    {item['points']:+d}  {item['on']}  {printing.label(Mark, item['mark'])}  {item['fact_id']}"
            printing.line(traced, style="dim")


@reports.command()
def annual(
    year: Annotated[int, typer.Argument(min=2000, max=2199, help="年度，如 2026 / a year")],
    region: Annotated[
        str | None, typer.Option(help="行政区划代码，默认本级 / a region, this node's by default")
    ] = None,
    data: Data = VAR,
    as_of: AsOf = None,
    out: Annotated[Path | None, typer.Option(help="写成可打印的 .docx / the .docx to write, to be printed")] = None,
    as_json: Json = False,
) -> None:
    """年度报告（条例第四十一条），每个数字都能追到所计的事实 / the annual report, each figure with its facts."""
    with client_of(data) as client:
        if out is not None:
            asked = {"year": year, "region": region, "as_of": moment(as_of)}
            printing.write(out, client.fetch("/reporting/annual-report/letter", **asked))
            return
        said = client.get("/reporting/annual-report", year=year, region=region, as_of=moment(as_of))
    printing.as_json(said) if as_json else tell_annual(said)


def tell_annual(said: Mapping[str, Any]) -> None:
    """The annual report: what Art 41 lists, to whom it was reported, and how units were assessed. What is none is left out."""
    printing.line(
        (f"年度报告 / annual report {said['year']}", "bold"), f"  {said['region']}  截至 as known at {said['as_of']}"
    )
    for section in said["sections"]:
        printing.line(f"({section['number']}) {section['title']}")
        for figure in section["figures"]:
            share = "" if figure["of"] is None else f" ÷ {figure['of']}"
            share += "" if figure["rate"] is None else f" = {figure['rate']:.1%}"
            if figure["number"] or figure["of"]:
                printing.line(f"    {figure['label']}  {figure['number']}{share}")
    for sent in said["submissions"]:
        printing.line(
            f"报送{printing.label(ReportedTo, sent['to'])}：{sent['submitted_on']}  {sent['document']}  {sent['other']}"
        )
    for unit in said["assessments"]:
        told = f"通报 {unit['circulated_on']}" if unit["circulated_on"] else "尚未通报"
        printing.line(
            f"考核 {unit['unit']}：{printing.label(Grade, unit['grade'])}  {unit['points']:+d}  {told}  {unit['reasons']}"
        )


@reports.command()
def campaigns(
    campaign: Annotated[str | None, typer.Argument(help="专项编号 / a campaign")] = None,
    data: Data = VAR,
    as_json: Json = False,
) -> None:
    """专项：目标与实绩，报送与缺报 / campaigns, their targets and reports."""
    with client_of(data) as client:
        listed = client.get("/reporting/campaigns")["campaigns"]
        names = [campaign] if campaign else [row["campaign"] for row in listed]
        said = [client.get(f"/reporting/campaigns/{name}") for name in names]
    printing.as_json(said) if as_json else tell_campaigns(said)


def tell_campaigns(said: Sequence[Mapping[str, Any]]) -> None:
    """Campaigns: targets beside what speaks against them, and reports that were missed."""
    printing.line((f"专项 / campaigns: {len(said)}", "bold"))
    for one in said:
        printing.line((one["campaign"], "bold"), f"  {one['name']}  {one['phase'] or '未开始'}")
        for f in one["figures"]:
            share = "—" if f["rate"] is None else f"{f['rate']:.1%}"
            aim = f"{printing.label(Measure, f['measure'])} {share} = {f['numerator']} ÷ {f['denominator']}，目标 {f['percent']}%"
            printing.line(f"    {aim}")
        beside = f"反弹 {one['relapsed']}，重复信访 {one['repeats']}，仍存在的问题 {one['open_findings']}"
        printing.line(f"    {beside}")
        for unmet in one["unmet"] or ():
            what = f"{printing.label(Measure, unmet['measure'])} {unmet['cases']} ÷ {unmet['total']}，目标 {unmet['percent']}%"
            silent = f"；未报数：{'、'.join(unmet['silent'])}" if unmet["silent"] else ""
            printing.line(f"    验收时未达目标（按所报）：{what}{silent}")
        for row in one["filings"]:
            if row["missed"]:
                late = f"，迟报 {row['filed_on']}" if row["filed_on"] else ""
                printing.line(f"    未按期报送：{row['unit']}  {row['report']}  限期 {row['due_on']}{late}")
            for f in row["figures"]:
                if f["differs"]:
                    ours = f"所报 {f['cases']}/{f['total']}，台账 {f['counted_cases']}/{f['counted_total']}"
                    what = f"{row['unit']}  {row['report']}  {printing.label(Measure, f['measure'])}"
                    printing.line(f"    报数与台账不符：{what}  {ours}")


def tell_counts(rows: Sequence[Mapping[str, Any]], by: str) -> None:
    """Cases and stalled cases by a column."""
    shown = [
        (printing.label(CaseState, row[by]) if by == "state" else row[by], row["cases"], row["stalled"]) for row in rows
    ]
    total = ("合计 total", sum(row["cases"] for row in rows), sum(row["stalled"] for row in rows))
    printing.table("案件 / cases", (by, "件数 cases", "其中空转 stalled"), [*shown, total])


def tell_rate(said: Mapping[str, Any]) -> None:
    """The resolution rate with both its numbers."""
    percent = "—" if said["rate"] is None else f"{said['rate']:.1%}"
    printing.line(
        ("化解率 / resolution rate", "bold"),
        f" {percent} = {said['numerator']} ÷ {said['denominator']}",
        f"（{said['definition']}；反弹 relapsed {said['relapsed']}；不计入 left out："
        f"不予受理 refused {said['refused']}，并入他案 merged {said['merged']}）",
    )
