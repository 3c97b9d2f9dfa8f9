"""The commands about event logs: another system's comes in, ours goes out."""

import sys
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from deploy import printing
from deploy.node import Node
from deploy.options import VAR, AsOf, Data, Json, moment

logs = typer.Typer()


class Format(StrEnum):
    """In which format a log leaves."""

    XES = "xes"
    OCEL = "ocel"
    CSV = "csv"


Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])]


@logs.command("import-log")
def import_log(
    file: Annotated[Path, typer.Argument(help="外系统事件日志 .csv/.xes，可 .gz / the event log")],
    mapping: Annotated[Path, typer.Option(help="对照表 TOML / which column and activity is what")],
    region: Annotated[str | None, typer.Option(help="日志未写地区时所用 / region of cases that name none")] = None,
    data: Data = VAR,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只检查，不导入 / read and check only")] = False,
    as_json: Json = False,
) -> None:
    """导入外系统的事件日志。退出码 0 全部导入，3 有案件被退回 / import another system's log; 3 when cases were refused."""
    from deploy.log_importing import import_file

    sys.exit(import_file(Node(data), file, mapping, region, dry_run=dry_run, as_json=as_json))


@logs.command("export-log")
def export_log(
    form: Annotated[Format, typer.Option("--format", help="IEEE 1849 XES，OCEL 2.0 JSON，CSV")],
    out: Annotated[Path | None, typer.Option(help="写入文件；不写则输出 / a file, else standard output")] = None,
    gz: Annotated[bool, typer.Option("--gz", help="压缩 / packed with gzip")] = False,
    as_of: AsOf = None,
    unit: Annotated[str | None, typer.Option(help="现责任单位 / unit")] = None,
    region: Annotated[str | None, typer.Option(help="区划代码或前几位 / region, or its first digits")] = None,
    stalled: Annotated[bool | None, typer.Option(help="只要（不）空转的 / stalled or not")] = None,
    received_from: Day = None,
    received_to: Day = None,
    data: Data = VAR,
) -> None:
    """导出事件日志，供流程挖掘；不含信访人信息 / our history for process mining, without any petitioner's data."""
    from deploy.log_exporting import export

    written = export(
        Node(data),
        out,
        packed=gz,
        format=form.value,
        as_of=moment(as_of),
        unit=unit,
        region=region,
        stalled=stalled,
        received_from=received_from and received_from.date().isoformat(),
        received_to=received_to and received_to.date().isoformat(),
    )
    if out is not None:
        printing.err.print(f"已写入 / written: {out}（{written} 字节 bytes）", markup=False, soft_wrap=True)
