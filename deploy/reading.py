"""The commands that read: what a running node knows, for people as text and for programs as JSON."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer

from deploy import printing
from deploy.node import Node
from deploy.processes import ProcessError
from shared.events.histories import kind_of
from shared.terms import CaseState, Kept, Role

reading = typer.Typer()
rebuilding = typer.Typer(no_args_is_help=True, help="重建读模型 / rebuild read models")
reading.add_typer(rebuilding, name="rebuild")

Data = Annotated[Path, typer.Option("--data", help="数据目录 / the node's data folder")]
Json = Annotated[bool, typer.Option("--json", help="输出一个 JSON / print one JSON document")]
Case = Annotated[str, typer.Argument(help="案件 id，或原编号 / case id, or its original number")]
AsOf = Annotated[
    datetime | None, typer.Option("--as-of", help="截至何时所知 / as known at, UTC unless a zone is given")
]
About = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="评查哪一天 / the day that is judged")]
VAR = Path("var")


@reading.command()
def cases(
    data: Data = VAR,
    state: Annotated[CaseState | None, typer.Option(help="状态 / state")] = None,
    unit: Annotated[str | None, typer.Option(help="责任单位 / unit")] = None,
    leader: Annotated[str | None, typer.Option(help="包案领导 / leader")] = None,
    number: Annotated[str | None, typer.Option(help="原编号 / original number")] = None,
    stalled: Annotated[bool | None, typer.Option(help="只看（不）空转的 / stalled or not")] = None,
    as_of: AsOf = None,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 100,
    as_json: Json = False,
) -> None:
    """案件列表 / list cases, longest stalled first."""
    with _client(data) as client:
        said = client.get(
            "/reporting/cases",
            state=state and state.value,
            unit=unit,
            leader=leader,
            number=number,
            stalled=stalled,
            as_of=moment(as_of),
            limit=limit,
        )
    if as_json:
        printing.as_json(said)
    else:
        printing.cases(said["cases"])
        printing.more(said)


@reading.command()
def stalled(
    data: Data = VAR, limit: Annotated[int, typer.Option(min=1, max=1000)] = 100, as_json: Json = False
) -> None:
    """挂账空转的案件和原因 / stalled cases and why."""
    with _client(data) as client:
        said = client.get("/reporting/cases", stalled=True, limit=limit)
        said["unit_findings"] = client.get("/reporting/unit-findings", open=True)["findings"]
    if as_json:
        printing.as_json(said)
    else:
        printing.stalled(said["cases"])
        printing.more(said)
        printing.unit_findings(said["unit_findings"])


@reading.command()
def notices(
    data: Data = VAR,
    everything: Annotated[bool, typer.Option("--all", help="含已销号的 / closed ones too")] = False,
    as_of: AsOf = None,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 100,
    as_json: Json = False,
) -> None:
    """督办通知 / notices and to whom."""
    with _client(data) as client:
        said = client.get("/reporting/notices", live=None if everything else True, as_of=moment(as_of), limit=limit)
    if as_json:
        printing.as_json(said)
    else:
        printing.notices(said["notices"])
        printing.more(said)


@reading.command()
def waiting(
    item: Annotated[list[str] | None, typer.Option(help="待办事项，如 return-visit，可多个 / what waits")] = None,
    unit: Annotated[str | None, typer.Option(help="责任单位 / unit")] = None,
    leader: Annotated[str | None, typer.Option(help="包案领导 / leader")] = None,
    data: Data = VAR,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 100,
    as_json: Json = False,
) -> None:
    """待办：异议、验收、复查复核、听证、查询、回访 / what waits for an answer, what is due soonest first."""
    with _client(data) as client:
        said = client.get("/reporting/waiting", item=item, unit=unit, leader=leader, limit=limit)
    printing.as_json(said) if as_json else printing.waiting(said)


@reading.command()
def commitments(
    unit: Annotated[str | None, typer.Option(help="责任单位 / unit")] = None,
    leader: Annotated[str | None, typer.Option(help="包案领导 / leader")] = None,
    who: Annotated[str | None, typer.Option(help="责任人 / whoever is to do it")] = None,
    state: Annotated[
        list[Kept] | None, typer.Option(help="兑现情况，可多个；不给则不含已兑现的 / how it stands")
    ] = None,
    due: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="到期日不晚于 / due by this day")] = None,
    data: Data = VAR,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 100,
    as_json: Json = False,
) -> None:
    """承诺事项：措施、会商决定、承诺、协议条款 / what was to be done: by whom, by when, and what came of it."""
    states = [one.value for one in state or [Kept.OPEN, Kept.OVERDUE, Kept.BROKEN]]
    with _client(data) as client:
        due_to = due.date().isoformat() if due else None
        said = client.get(
            "/reporting/commitments", unit=unit, leader=leader, who=who, state=states, due_to=due_to, limit=limit
        )
    printing.as_json(said) if as_json else printing.commitments(said)


@reading.command()
def scores(
    quarter: Annotated[str, typer.Argument(help="季度或年度，如 2026Q3、2026 / a quarter, or a year")],
    data: Data = VAR,
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """季度考核，每一分都能追到一条事实 / units' points, each traced to a fact."""
    with _client(data) as client:
        said = client.get("/reporting/scores", quarter=quarter, as_of=moment(as_of))
    printing.as_json(said) if as_json else printing.scores(said)


@reading.command()
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
    with _client(data) as client:
        if out is not None:
            asked = {"year": year, "region": region, "as_of": moment(as_of)}
            _write(out, client.fetch("/reporting/annual-report/letter", **asked))
            return
        said = client.get("/reporting/annual-report", year=year, region=region, as_of=moment(as_of))
    printing.as_json(said) if as_json else printing.annual(said)


@reading.command()
def campaigns(
    campaign: Annotated[str | None, typer.Argument(help="专项编号 / a campaign")] = None,
    data: Data = VAR,
    as_json: Json = False,
) -> None:
    """专项：目标与实绩，报送与缺报 / campaigns, their targets and reports."""
    with _client(data) as client:
        listed = client.get("/reporting/campaigns")["campaigns"]
        names = [campaign] if campaign else [row["campaign"] for row in listed]
        said = [client.get(f"/reporting/campaigns/{name}") for name in names]
    printing.as_json(said) if as_json else printing.campaigns(said)


@reading.command()
def history(case: Case, data: Data = VAR, as_of: AsOf = None, as_json: Json = False) -> None:
    """一个案件的全部事实 / every fact of a case."""
    with _client(data, Role.AUDITOR) as client:
        said = client.get(f"/supervision/cases/{_case_id(client, case)}/history", as_of=moment(as_of))
    printing.as_json(said) if as_json else printing.history(said["facts"])


@reading.command()
def explain(
    case: Case,
    data: Data = VAR,
    as_of: AsOf = None,
    about: About = None,
    as_json: Json = False,
) -> None:
    """评查结论是怎么得出的 / the derivation of the verdict: of a day, as known at a moment."""
    with _client(data, Role.AUDITOR) as client:
        said = client.get(
            f"/supervision/cases/{_case_id(client, case)}/explain",
            as_of=moment(as_of),
            about=about and about.date().isoformat(),
        )
    printing.as_json(said) if as_json else printing.explained(said)


@reading.command("explain-unit")
def explain_unit(
    unit: Annotated[str, typer.Argument(help="单位名称，如案件所载 / the unit, as its cases name it")],
    data: Data = VAR,
    region: Annotated[str | None, typer.Option(help="所在地区，默认本级 / its region, this node's by default")] = None,
    as_of: AsOf = None,
    about: About = None,
    as_json: Json = False,
) -> None:
    """单位评查：跨案件的迹象是怎么得出的 / what is found of a unit across its cases, and how it follows."""
    with _client(data, Role.AUDITOR) as client:
        said = client.get(
            "/supervision/explain-unit",
            unit=unit,
            region=region,
            as_of=moment(as_of),
            about=about and about.date().isoformat(),
        )
    printing.as_json(said) if as_json else printing.explained(said)


@reading.command()
def units(
    unit: Annotated[str | None, typer.Argument(help="单位 / a unit")] = None,
    data: Data = VAR,
    everything: Annotated[bool, typer.Option("--all", help="含已消除的 / what holds no more too")] = False,
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """单位问题：跨案件的迹象 / what is found of units across their cases."""
    with _client(data) as client:
        said = client.get("/reporting/unit-findings", unit=unit, open=None if everything else True, as_of=moment(as_of))
    printing.as_json(said) if as_json else printing.unit_findings(said["findings"])


@reading.command()
def letter(
    case: Case,
    notice: Annotated[str | None, typer.Option(help="提醒函、督办函：通知编号 / of this notice")] = None,
    suggestion: Annotated[str | None, typer.Option(help="建议书：建议编号 / of this suggestion")] = None,
    decision: Annotated[
        str | None, typer.Option(help="挂牌督办等处理决定：提请编号 / of this decided proposal")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="写到哪个文件 / the file to write; <case>.docx by default")] = None,
    data: Data = VAR,
) -> None:
    """交办函、督办函、建议书或处理决定，可打印的 .docx；案件处也可写单位台账编号 book-… / a letter, to be printed: how the case was
    handed down, a notice, a suggestion, a decision; of a case, or of a unit as a whole by its book.
    """
    said = {"notices": notice, "suggestions": suggestion, "decisions": decision}
    named = [(kind, name) for kind, name in said.items() if name]
    if len(named) > 1:
        raise ProcessError("--notice、--suggestion、--decision 只能择一", "one of --notice, --suggestion, --decision")
    with _client(data) as client:
        book = kind_of(case) == "book"
        case_id = case if book else _case_id(client, case)
        if named:
            ((kind, name),) = named
            about = f"/supervision/{'books' if book else 'cases'}/{case_id}"
            made = client.fetch(f"{about}/{kind}/{quote(name, safe='')}/letter")
            file = out or Path(f"{case_id}-{name}.docx")
        else:
            made = client.fetch(f"/intake/cases/{case_id}/assignment-letter")
            file = out or Path(f"{case_id}.docx")
    _write(file, made)


@reading.command()
def status(data: Data = VAR, as_json: Json = False) -> None:
    """进程、滞后、件数 / processes, lags, counts. Exit code 4 when something is wrong."""
    with _client(data) as client:
        services = [client.health(service) for service in client.running.addresses]
        answers = not any("no answer" in trouble for trouble in services[-1]["troubles"])
        counts = client.get("/reporting/counts", by="state")["counts"] if answers else []
    if as_json:
        printing.as_json({"pid": client.running.pid, "services": services, "counts": counts})
    else:
        rows = [
            (
                s["service"],
                s.get("relay_lag"),
                s.get("listen_lag"),
                s.get("parked"),
                "；".join(s["troubles"]) or "正常 ok",
            )
            for s in services
        ]
        printing.table("服务 / services", ("服务", "待发 relay lag", "待收 listen lag", "搁置 parked", "情况"), rows)
        printing.counts(counts, "state")
    if any(service["troubles"] for service in services):
        sys.exit(4)


@rebuilding.command("reporting")
def rebuild_reporting(data: Data = VAR, as_json: Json = False) -> None:
    """在旁边重建报表数据，再切换 / rebuild beside the live rows, then switch."""
    with _client(data, Role.SYSTEM) as client:
        said = client.post("/reporting/rebuild")
    if as_json:
        printing.as_json(said)
    else:
        printing.out.print(f"已重建 / rebuilt: {said['facts']} 条事实 facts, {said['seconds']} s")


@reading.command()
def redrive(data: Data = VAR, as_json: Json = False) -> None:
    """重试搁置的事实 / try parked facts once more, when the cause is gone."""
    with _client(data, Role.SYSTEM) as client:
        said = {name: client.post(f"/{name}/redrive")["through"] for name in client.running.addresses}
    if as_json:
        printing.as_json(said)
    else:
        printing.table("重试 / re-driven", ("服务", "通过的案件 cases through"), [(k, len(v)) for k, v in said.items()])


def _write(file: Path, made: bytes) -> None:
    try:
        file.write_bytes(made)
    except OSError as error:
        raise ProcessError(
            f"无法写入 {file}：{error.strerror}", f"{file} cannot be written: {error.strerror}"
        ) from error
    printing.out.print(f"已写入 / written: {file}", markup=False, soft_wrap=True)


def _client(data: Path, role: Role = Role.SUPERVISOR) -> Any:
    from deploy.client import Client

    return Client(Node(data), role)


def _case_id(client: Any, case: str) -> str:
    """The id of a case that is named by its id or by its original number."""
    found = client.get("/reporting/cases", number=case, limit=2)["cases"]
    return str(found[0]["case_id"]) if len(found) == 1 else case


def moment(said: datetime | None) -> str | None:
    """The moment as the services take it: UTC where no zone is given."""
    return None if said is None else (said if said.tzinfo else said.replace(tzinfo=UTC)).isoformat()
