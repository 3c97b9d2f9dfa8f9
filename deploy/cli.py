"""The command line of huajie. Every command takes `--data DIR`, talks to the `up` that runs there, and says so when none does."""

import asyncio
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from deploy import printing
from deploy.node import Node
from deploy.processes import ProcessError
from shared.terms import CaseState, Role

cli = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="化解 huajie: 信访积案化解的事实账本",
    add_completion=False,
)
rebuild = typer.Typer(no_args_is_help=True, help="重建读模型 / rebuild read models")
cli.add_typer(rebuild, name="rebuild")

Data = Annotated[Path, typer.Option("--data", help="数据目录 / the node's data folder")]
Json = Annotated[bool, typer.Option("--json", help="输出一个 JSON / print one JSON document")]
Case = Annotated[str, typer.Argument(help="案件 id，或原编号 / case id, or its original number")]
AsOf = Annotated[
    datetime | None, typer.Option("--as-of", help="截至何时所知 / as known at, UTC unless a zone is given")
]
VAR = Path("var")


def main() -> None:
    """Run the command line. Failures that people can mend are told in both languages, with exit code 1."""
    try:
        cli()
    except ProcessError as error:
        printing.err.print(f"huajie: {error.zh}\n        {error.en}", style="red", markup=False, soft_wrap=True)
        sys.exit(1)


@cli.command()
def up(
    data: Data = VAR,
    region: Annotated[str | None, typer.Option(help="本级行政区划代码（首次启动）/ this node's region")] = None,
    separate: Annotated[bool, typer.Option(help="每个服务一个进程 / a process per service")] = False,
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="HTTP 端口（单进程）/ port of the one process")
    ] = None,
) -> None:
    """启动：nats-server 和四个服务，直到 Ctrl-C / run the node until Ctrl-C."""
    from deploy import local

    node = Node(data)

    def ready() -> None:
        for service, address in node.running().addresses.items():
            printing.out.print(f"{service:12} {address}/{service}/health/ready")
        printing.out.print(f"[bold]huajie 已启动 / is up[/bold]  {node.data}  (Ctrl-C 停止 / stops it)")

    async def run() -> None:
        stop = asyncio.Event()
        local.stop_on_signals(stop)
        await local.run(node, region, printing.err.print, stop, separate=separate, port=port, on_ready=ready)

    asyncio.run(run())


@cli.command()
def demo(
    once: Annotated[bool, typer.Option("--once", help="打印结果后退出 / exit after printing")] = False,
    ledger: Annotated[Path | None, typer.Option(help="另一个台账 / another ledger to import")] = None,
    as_json: Json = False,
) -> None:
    """演示：启动全部服务，导入示例台账，看空转案件和督办通知 / everything on real input."""
    from deploy.demo import run_demo

    sys.exit(asyncio.run(run_demo(ledger, once=once or as_json, as_json=as_json)))


@cli.command("import")
def import_ledger(
    file: Annotated[Path, typer.Argument(help="台账 .xlsx 或 .csv / the ledger")],
    region: Annotated[str | None, typer.Option(help="表中未写地区时所用 / region of rows that name none")] = None,
    data: Data = VAR,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只检查，不导入 / read and check only")] = False,
    as_json: Json = False,
) -> None:
    """导入台账。退出码 0 全部导入，3 有行被退回 / import a ledger; exit code 3 when rows were refused."""
    from deploy.demo import import_file

    sys.exit(import_file(Node(data), file, region, dry_run=dry_run, as_json=as_json))


@cli.command()
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
            as_of=_moment(as_of),
            limit=limit,
        )
    printing.as_json(said) if as_json else printing.cases(said["cases"])


@cli.command()
def stalled(
    data: Data = VAR, limit: Annotated[int, typer.Option(min=1, max=1000)] = 100, as_json: Json = False
) -> None:
    """挂账空转的案件和原因 / stalled cases and why."""
    with _client(data) as client:
        said = client.get("/reporting/cases", stalled=True, limit=limit)
    printing.as_json(said) if as_json else printing.stalled(said["cases"])


@cli.command()
def notices(
    data: Data = VAR,
    everything: Annotated[bool, typer.Option("--all", help="含已销号的 / closed ones too")] = False,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 100,
    as_json: Json = False,
) -> None:
    """督办通知 / notices and to whom."""
    with _client(data) as client:
        said = client.get("/reporting/notices", live=None if everything else True, limit=limit)
    printing.as_json(said) if as_json else printing.notices(said["notices"])


@cli.command()
def history(case: Case, data: Data = VAR, as_of: AsOf = None, as_json: Json = False) -> None:
    """一个案件的全部事实 / every fact of a case."""
    with _client(data, Role.AUDITOR) as client:
        said = client.get(f"/supervision/cases/{_case_id(client, case)}/history", as_of=_moment(as_of))
    printing.as_json(said) if as_json else printing.history(said["facts"])


@cli.command()
def explain(case: Case, data: Data = VAR, as_of: AsOf = None, as_json: Json = False) -> None:
    """评查结论是怎么得出的 / the derivation of the verdict."""
    with _client(data, Role.AUDITOR) as client:
        said = client.get(f"/supervision/cases/{_case_id(client, case)}/explain", as_of=_moment(as_of))
    printing.as_json(said) if as_json else printing.explained(said)


@cli.command()
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


@rebuild.command("reporting")
def rebuild_reporting(data: Data = VAR, as_json: Json = False) -> None:
    """在旁边重建报表数据，再切换 / rebuild beside the live rows, then switch."""
    with _client(data, Role.SYSTEM) as client:
        said = client.post("/reporting/rebuild")
    if as_json:
        printing.as_json(said)
    else:
        printing.out.print(f"已重建 / rebuilt: {said['facts']} 条事实 facts, {said['seconds']} s")


@cli.command()
def token(
    role: Annotated[Role, typer.Option(help="岗位 / role")],
    data: Data = VAR,
    actor: Annotated[str, typer.Option("--id", help="谁 / who")] = "operator",
    unit: Annotated[str | None, typer.Option(help="单位 / unit")] = None,
    region: Annotated[str | None, typer.Option(help="地区，默认本级 / region, this node's by default")] = None,
    hours: Annotated[float, typer.Option(min=0.01, max=24 * 365)] = 12,
) -> None:
    """签发访问令牌（本机密钥）/ issue a token with this node's key."""
    from shared.identity import Actor, Keyring

    node = Node(data)
    who = Actor(id=actor, role=role, unit=unit, region=region or node.running().region)
    signed = Keyring(node.data / "identity.key").issue(who, lifetime=timedelta(hours=hours), now=datetime.now(UTC))
    printing.out.print(signed, soft_wrap=True, markup=False)


@cli.command()
def docs(check: Annotated[bool, typer.Option("--check", help="只比较 / compare only")] = False) -> None:
    """生成 OpenAPI、AsyncAPI 文档 / write docs/ from the code."""
    from deploy.documents import write_documents

    sys.exit(write_documents(check=check))


@cli.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def test(context: typer.Context) -> None:
    """全部检查和测试；--all 含慢的 / every check and test."""
    from deploy.checks import run_tests

    sys.exit(run_tests(context.args))


@cli.command()
def lint() -> None:
    """格式、类型、分层 / formatting, types, layers."""
    from deploy.checks import run_lint

    sys.exit(run_lint())


@cli.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def bench(context: typer.Context) -> None:
    """测量 / measure, as ratios in one run."""
    sys.exit(subprocess.run([sys.executable, "-m", "tests.bench", *context.args], check=False).returncode)


def _client(data: Path, role: Role = Role.SUPERVISOR) -> Any:
    from deploy.client import Client

    return Client(Node(data), role)


def _case_id(client: Any, case: str) -> str:
    """The id of a case that is named by its id or by its original number."""
    found = client.get("/reporting/cases", number=case, limit=2)["cases"]
    return str(found[0]["case_id"]) if len(found) == 1 else case


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).isoformat()
