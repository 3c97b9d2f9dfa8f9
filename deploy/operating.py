"""The commands of whoever runs a node: how it does, and what helps it up."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import typer

from deploy import printing
from deploy.options import VAR, Data, Json, client_of
from deploy.processes import ProcessError
from deploy.reports import tell_counts
from shared.terms import Role

if TYPE_CHECKING:
    from deploy.client import Client

operating = typer.Typer()
rebuilding = typer.Typer(no_args_is_help=True, help="重建读模型 / rebuild read models")
operating.add_typer(rebuilding, name="rebuild")


@operating.command()
def status(data: Data = VAR, as_json: Json = False) -> None:
    """进程、滞后、件数 / processes, lags, counts. Exit code 4 when something is wrong."""
    with client_of(data) as client:
        services = client.healths()
        counts = _counts(client, services[-1]["troubles"])
    if as_json:
        printing.as_json({"pid": client.running.pid, "services": services, "counts": counts})
    else:
        rows = [
            (
                s["service"],
                s.get("pid"),
                s.get("relay_lag"),
                "\n".join(f"{speaker} {lag}" for speaker, lag in s.get("listen_lag", {}).items()),
                s.get("parked"),
                "；".join(s["troubles"]) or "正常 ok",
            )
            for s in services
        ]
        columns = ("服务", "进程 pid", "待发 relay lag", "待收 listen lag", "搁置 parked", "情况")
        printing.table(f"服务 / services, up {client.running.pid}", columns, rows)
        tell_counts(counts, "state")
    if any(service["troubles"] for service in services):
        sys.exit(4)


def _counts(client: "Client", troubles: Sequence[str]) -> list[dict[str, Any]]:
    """Cases by state; none when reporting has troubles for which it cannot tell."""
    if any("no answer" in trouble for trouble in troubles):
        return []
    try:
        found: list[dict[str, Any]] = client.get("/reporting/counts", by="state")["counts"]
    except ProcessError:
        if not troubles:
            raise
        return []
    return found


@rebuilding.command("reporting")
def rebuild_reporting(data: Data = VAR, as_json: Json = False) -> None:
    """在旁边重建报表数据，再切换 / rebuild beside the live rows, then switch."""
    with client_of(data, Role.SYSTEM) as client, printing.err.status("正在重建 / rebuilding"):
        said = client.work("/reporting/rebuild")
    if as_json:
        printing.as_json(said)
    else:
        printing.out.print(f"已重建 / rebuilt: {said['facts']} 条事实 facts, {said['seconds']} s")


@operating.command()
def redrive(data: Data = VAR, as_json: Json = False) -> None:
    """重试搁置的事实 / try parked facts once more, when the cause is gone."""
    with client_of(data, Role.SYSTEM) as client:
        said = {name: client.work(f"/{name}/redrive")["through"] for name in client.running.addresses}
    if as_json:
        printing.as_json(said)
    else:
        printing.table("重试 / re-driven", ("服务", "通过的案件 cases through"), [(k, len(v)) for k, v in said.items()])
