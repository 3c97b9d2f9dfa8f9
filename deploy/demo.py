"""The demonstration: a node in a temporary folder, the sample ledger through the real door, and what supervision makes of it."""

import asyncio
import tempfile
import time
from pathlib import Path

from deploy import local, printing
from deploy.client import Client
from deploy.files_read import ALL_IN, SOME_REFUSED, keep_refused
from deploy.importing import bring_in
from deploy.lists import how_many, tell_notices, tell_stalled
from deploy.node import HERE, Node
from deploy.organisation import enter
from deploy.processes import ProcessError
from deploy.reports import tell_counts, tell_rate
from shared.terms import Role

SAMPLE = HERE / "sample" / "ledger.xlsx"
SAMPLE_ROSTER = HERE / "sample" / "organisation.xlsx"
SAMPLE_REGIONS = HERE / "sample" / "regions.csv"
SAMPLE_REGION = "610499"

SETTLED_SECONDS = 300
"""How long a ledger may take to be heard and judged."""


async def run_demo(ledger: Path | None, *, once: bool, as_json: bool) -> int:
    """Start, import, wait, print; then stay up until Ctrl-C, or with `once` exit."""
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="huajie-demo-") as folder:
        node, stop, ready = Node(Path(folder), apart=True), asyncio.Event(), asyncio.Event()
        local.stop_on_signals(stop)
        running = asyncio.create_task(
            local.run(node, SAMPLE_REGION, printing.say, stop, regions=SAMPLE_REGIONS, on_ready=ready.set)
        )
        waiting = asyncio.create_task(ready.wait())
        await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
        code = 0
        try:
            if ready.is_set() and not stop.is_set():
                code = await asyncio.to_thread(_show, node, ledger, begun, as_json)
                if not once:
                    _addresses(node)
                    await stop.wait()
        finally:
            waiting.cancel()
            stop.set()
            await running
    return code


def _show(node: Node, ledger: Path | None, begun: float, as_json: bool) -> int:
    """The sample comes with the units of its county, so that notices name their heads; another ledger comes alone."""
    entered = None if ledger else enter(node, SAMPLE_ROSTER, None)
    imported = bring_in(node, ledger or SAMPLE, None, quiet=as_json)
    if not as_json:
        if entered:
            entered.tell()
        imported.tell()
    with Client(node, Role.SUPERVISOR) as client:
        if not client.settled(SETTLED_SECONDS):
            raise ProcessError(
                f"{SETTLED_SECONDS} 秒后事实仍未全部送达并评查；机器可能太忙，请稍后再试，或换一个较小的台账",
                f"after {SETTLED_SECONDS} s the facts have not all been heard and judged: the machine may be too busy, try again"
                " later or with a smaller ledger",
            )
        counts = client.get("/reporting/counts", by="state")["counts"]
        stalled = client.get("/reporting/cases", stalled=True, limit=1000)
        notices = client.get("/reporting/notices", limit=1000)
        rate = client.get("/reporting/resolution-rate")
    seconds = round(time.perf_counter() - begun, 1)
    if as_json:
        printing.as_json(
            {
                "organisation": entered and entered.summary(),
                "import": imported.summary(),
                "cases": counts,
                "stalled": stalled["cases"],
                "notices": notices["notices"],
                "resolution_rate": rate,
                "seconds": seconds,
            }
        )
    else:
        tell_stalled(stalled["cases"], more=bool(stalled["next"]))
        tell_notices(notices["notices"], why=False, more=bool(notices["next"]))
        tell_counts(counts, "state")
        tell_rate(rate)
        cases, idle = (sum(row[what] for row in counts) for what in ("cases", "stalled"))
        told = how_many(notices["notices"], more=bool(notices["next"]))
        printing.line(f"共 {cases} 案，空转 {idle} 案，督办通知 {told} 份，用时 {seconds} 秒")
    keep_refused(ledger or SAMPLE, imported.ledger)
    return SOME_REFUSED if imported.refusals else ALL_IN


def _addresses(node: Node) -> None:
    running = node.running()
    with Client(node, Role.SUPERVISOR) as client:
        console = f"{running.addresses['reporting']}/reporting/console/enter#{client.token}"
    printing.out.print(f"\n控制台 / console: {console}", markup=False, soft_wrap=True)
    for service, address in running.addresses.items():
        printing.out.print(f"  {service:12} {address}/{service}/openapi.json", markup=False, soft_wrap=True)
    printing.out.print(
        f"  其他命令 / other commands: ./huajie explain CASE --data {node.data}", markup=False, soft_wrap=True
    )
    printing.out.print("Ctrl-C 停止并删除演示数据 / stops it and removes its data")
