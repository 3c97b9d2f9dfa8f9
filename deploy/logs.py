"""The commands about event logs: another system's comes in, ours goes out."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from deploy.node import Node
from deploy.reading import VAR, Data, Json

logs = typer.Typer()


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
