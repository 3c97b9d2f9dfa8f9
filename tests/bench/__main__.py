"""`./huajie bench`: measure everything in one run, or single rows with `--only`."""

import argparse
import signal
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from statistics import median

from rich.console import Console

from deploy.checks import ROOT
from deploy.processes import ProcessError
from tests.bench import bus, disk, figures, lifecycle, long_case, replaying, serving, sweeping
from tests.bench.figures import FULL, QUICK, Figure, Part
from tests.bench.pace import pace

ROWS = (
    "fsync",
    "append",
    "command",
    "envelope",
    "start",
    "memory",
    "http",
    "visible",
    "long-case",
    "verdict",
    "sweep",
    "lifecycle",
    "relay",
    "rebuild",
    "replay",
)
PARTS: dict[str, Part] = {
    "日志 log": disk.figures,
    "信封 envelope": disk.envelope,
    "单进程 one process": serving.in_one_process,
    "办案进程 casework alone": serving.in_its_own_process,
    "长案 long case": long_case.figures,
    "督查 sweeping": sweeping.figures,
    "消息 bus": bus.figures,
    "办案全程 lifecycle": lifecycle.figures,
    "复盘 replay": replaying.figures,
}


def main() -> None:
    """Measure and print. Exit code 0 whatever the figures are; whatever was started is stopped, also on Ctrl-C."""
    parser = argparse.ArgumentParser(prog="huajie bench", description="测量 / measure, in one run on this machine")
    parser.add_argument("--only", action="append", choices=ROWS, help="只测这些 / these rows only; may be repeated")
    parser.add_argument("--quick", action="store_true", help="短测，数字较粗 / a short run with rougher figures")
    parser.add_argument("--json", action="store_true", help="输出一个 JSON / print one JSON document")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    wanted = frozenset(asked.only or ROWS) | {"fsync"}  # the disk's own speed belongs to the facts of the machine
    err, begun = Console(stderr=True, highlight=False), time.monotonic()
    found, paces = list[Figure](), list[float]()
    try:
        (ROOT / "var").mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="bench-", dir=ROOT / "var", ignore_cleanup_errors=True) as folder:
            for name, part in PARTS.items():
                with err.status(f"测量 measuring: {name}"):
                    room = Path(folder) / str(len(list(Path(folder).iterdir())))
                    room.mkdir()
                    before = pace()
                    measured = part(room, wanted, QUICK if asked.quick else FULL)
                    now = (before + pace()) / 2
                    found += [replace(figure, pace=now) for figure in measured]
                    paces.append(now)
            facts = figures.machine(Path(folder), found[0].figure or 0.0) | {"pace": round(median(paces), 2)}
    except ProcessError as error:
        err.print(f"huajie: {error.zh}\n        {error.en}", style="red", markup=False)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    facts["seconds"] = round(time.monotonic() - begun)
    (figures.as_json if asked.json else figures.as_table)(facts, found)


if __name__ == "__main__":
    main()
