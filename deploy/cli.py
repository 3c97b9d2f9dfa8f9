"""The command line of huajie. Every command takes `--data DIR`, talks to the `up` that runs there, and says so when none does."""

import asyncio
import errno
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from deploy import printing
from deploy.explaining import explaining
from deploy.lists import lists
from deploy.logs import logs
from deploy.node import Node
from deploy.operating import operating
from deploy.options import VAR, AsOf, Data, Json, moment
from deploy.processes import ProcessError
from deploy.reports import reports
from shared.terms import Role

cli = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="化解 huajie: 信访积案化解的事实账本",
    add_completion=False,
)
for topic in (lists, explaining, reports, operating, logs):
    cli.add_typer(topic)


def main() -> None:
    """Run the command line. Failures that people can mend are told in both languages, with exit code 1."""
    try:
        try:
            cli(prog_name="huajie")
        finally:
            sys.stdout.flush()
    except BrokenPipeError:  # whoever read has seen enough: `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except ProcessError as error:
        printing.failure(error.zh, error.en)
        sys.exit(1)
    except OSError as error:
        printing.failure(*told(error))
        sys.exit(1)


def told(error: OSError) -> tuple[str, str]:
    """What the system does not let us do, and what helps, in both languages."""
    what, why = error.filename or "huajie", error.strerror or str(error)
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"{what}：磁盘已满，请腾出空间后再试", f"{what}: the disk is full; make room and try again"
    return f"{what}：{why}；请检查路径和权限", f"{what}: {why}; check the path, and who owns it"


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

    if separate and port is not None:
        raise ProcessError("--port 只用于单进程", "--port is for the one process, not for --separate")
    node = Node(data)

    def ready() -> None:
        for service, address in node.running().addresses.items():
            printing.line(f"{service:12} {address}/{service}/health/ready")
        printing.line(("huajie 已启动 / is up", "bold"), f"  {node.data}  (Ctrl-C 停止 / stops it)")

    async def run() -> None:
        stop = asyncio.Event()
        local.stop_on_signals(stop)
        await local.run(node, region, printing.say, stop, separate=separate, port=port, on_ready=ready)

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
    from deploy.importing import import_file

    sys.exit(import_file(Node(data), file, region, dry_run=dry_run, as_json=as_json))


@cli.command()
def organisation(
    file: Annotated[
        Path | None, typer.Argument(help="机构名册 .xlsx 或 .csv；不给则列出 / a roster; none: show")
    ] = None,
    region: Annotated[str | None, typer.Option(help="表中未写地区时所用 / region of rows that name none")] = None,
    data: Data = VAR,
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="列出哪一天的 / show as of this day")
    ] = None,
    as_of: AsOf = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只检查，不导入 / read and check only")] = False,
    as_json: Json = False,
) -> None:
    """导入或列出机构、任职。退出码同 import / enter, or show, units and who holds their posts."""
    if file is None:
        from deploy.directory import show

        show(Node(data), on.date() if on else None, moment(as_of), as_json=as_json)
        return
    from deploy.organisation import import_roster

    sys.exit(import_roster(Node(data), file, region, dry_run=dry_run, as_json=as_json))


@cli.command()
def restored(data: Data = VAR, as_json: Json = False) -> None:
    """案卷从备份恢复之后、再次启动之前执行 / after logs were restored from a backup, before the next `up`."""
    from deploy.restoring import renew

    names = renew(Node(data))
    if as_json:
        printing.as_json(names)
    else:
        printing.table("案卷新名 / the logs' new names", ("服务", "epoch"), list(names.items()))
        printing.out.print("接着 / next: ./huajie up, ./huajie rebuild reporting")


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
    from shared.identity import UNIT_BOUND, Actor

    node = Node(data)
    if role in UNIT_BOUND and unit is None:
        raise ProcessError(
            f"{role.label}只看得到本单位的案件，请用 --unit 指明单位，名称与案件所载一致",
            f"a {role.value} sees the cases of one unit only: name it with --unit, as its cases do",
        )
    node.regions(region)
    try:
        who = Actor(id=actor, role=role, unit=unit, region=region or node.running().region)
    except ValueError as error:
        raise ProcessError(*str(error).split(" / ", 1)) from error
    signed = node.keyring().issue(who, lifetime=timedelta(hours=hours), now=datetime.now(UTC))
    printing.out.print(signed, soft_wrap=True, markup=False)


@cli.command()
def campaign(
    template: Annotated[str, typer.Argument(help="模板，见 deploy/campaigns / a template")],
    name: Annotated[str, typer.Option("--id", help="专项编号，如 campaign-2026-d10 / its id")],
    unit: Annotated[list[str], typer.Option(help="参加单位，可多个 / units that take part")],
    year: Annotated[int, typer.Option(min=2000, max=2199, help="年份 / year")],
    by: Annotated[str, typer.Option(help="启动人姓名 / who opens it")],
    data: Data = VAR,
) -> None:
    """按模板启动一个专项 / open a campaign from one of the seed plans' templates."""
    from deploy.campaigning import check_units, from_template, templates
    from deploy.client import Client
    from shared.events import Official
    from shared.workdays import business_date

    known = templates()
    if template not in known:
        raise ProcessError(
            f"没有模板 {template}，有：{'、'.join(known)}", f"no template {template}; there are {', '.join(known)}"
        )
    node = Node(data)
    today = business_date(datetime.now(UTC))
    opened = from_template(known[template], year, node.running().region, unit, today, Official(id=by, name=by))
    with Client(node, Role.PETITION_OFFICE) as client:
        check_units(client, unit)
        client.post(f"/supervision/campaigns/{name}/open-campaign", opened.model_dump(mode="json"))
    printing.out.print(f"已启动 / opened: {name}")


@cli.command()
def replay(
    since: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="从哪一天 / first day")] = None,
    until: Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="到哪一天 / last day")] = None,
    policy: Annotated[
        Path | None, typer.Option(help="另一份口径，可只写不同之处（based_on）/ another policy, or an overlay")
    ] = None,
    data: Data = VAR,
    as_json: Json = False,
) -> None:
    """复盘：按当时所知重新评查，与当时所发对照 / judge history anew, beside what was said. Writes nothing.

    退出码 5：未给 --policy 而不一致 / exit code 5 when it differs though no other policy was given.
    """
    from deploy.replaying import replay_node

    sys.exit(replay_node(Node(data), since and since.date(), until and until.date(), policy, as_json=as_json))


@cli.command()
def verify(data: Data = VAR, as_json: Json = False) -> None:
    """核验：案卷是否仍是当初所说 / whether the logs still hold what was said: chained, and alike wherever it was heard.

    退出码 5：有不符 / exit code 5 when something is not as it was said. Writes nothing.
    """
    from deploy.verifying import verify_node

    sys.exit(verify_node(Node(data), as_json=as_json))


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
