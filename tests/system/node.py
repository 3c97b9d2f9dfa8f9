"""A whole node as its operator runs it: the command line in processes of its own."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from deploy.client import Client
from deploy.node import Node
from shared.terms import Role

ROOT = Path(__file__).resolve().parents[2]
REGIONS = ROOT / "deploy" / "sample" / "regions.csv"
READY = "已启动"

CASES = ("编号", "信访日期", "信访人", "联系电话", "责任单位", "反映问题", "人数", "包案领导", "备注栏目")
STEPS = ("编号", "日期", "办理方式", "经办人", "办理内容")
LEADERLESS = ("HY-002", "2025年4月2日", "王某某", "19900000002", "青石镇", "房屋拆迁安置没有落实", 1, "", "")
"""A row of a ledger: a case that nobody owns."""


def environment() -> dict[str, str]:
    """What `./huajie` sets before it runs the command line."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1", "COLUMNS": "200"}


def command(*words: str | Path, patience: float = 120) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    argv = [sys.executable, "-m", "deploy", *map(str, words)]
    return subprocess.run(argv, env=environment(), capture_output=True, text=True, timeout=patience, check=False)


class Up:
    """`huajie up` on a folder, until stopped."""

    def __init__(self, data: Path, *options: str) -> None:
        self.data = data
        data.mkdir(parents=True, exist_ok=True)
        (data / "regions.csv").write_text(REGIONS.read_text("utf-8"), "utf-8")
        argv = [sys.executable, "-m", "deploy", "up", "--data", str(data), "--region", "610499", *options]
        self.output = data.parent / f"{data.name}.out"
        with self.output.open("w") as out:
            self.process = subprocess.Popen(argv, env=environment(), stdout=out, stderr=out)
        try:
            self.wait_for(READY)
        except BaseException:
            self.stop()
            raise

    def wait_for(self, words: str, patience: float = 180) -> None:
        """Wait until `up` has said these words."""
        deadline = time.monotonic() + patience
        while words not in self.said():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.05)

    def said(self) -> str:
        """All that `up` has printed."""
        return self.output.read_text("utf-8")

    def children(self) -> dict[str, int]:
        """The processes that run this node, by what they are."""
        found = {}
        for entry in Path("/proc").iterdir():
            try:
                words = (entry / "cmdline").read_bytes().decode().split("\0")
            except (OSError, UnicodeDecodeError):
                continue
            if "deploy.serve" in words and f"--parent\0{self.process.pid}" in "\0".join(words):
                found[words[words.index("deploy.serve") + 1]] = int(entry.name)
            elif any(str(self.data) in word for word in words) and "nats-server" in words[0]:
                found["nats-server"] = int(entry.name)
        return found

    def read(self, *words: str) -> Any:
        """What a reading command answers as JSON."""
        done = command(*words, "--data", self.data, "--json")
        assert done.returncode in (0, 4), done.stderr
        return json.loads(done.stdout)

    def get(self, path: str, **parameters: Any) -> Any:
        """What a service answers, without the command line: for tests that ask often."""
        with Client(Node(self.data), Role.SUPERVISOR) as client:
            return client.get(path, **parameters)

    def settle(self, patience: float = 180) -> None:
        """Wait until all that was said has been heard and judged."""
        with Client(Node(self.data), Role.SUPERVISOR) as client:
            assert client.settled(patience), [client.health(service) for service in client.running.addresses]

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Tell it to stop, and wait until it has."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(30)


def ledger(path: Path, cases: Sequence[Sequence[Any]], steps: Sequence[Sequence[Any]] = ()) -> Path:
    """A ledger file with these rows."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "积案台账"
    for row in (("河阳县信访积案台账",), CASES, *cases):
        sheet.append(list(row))
    if steps:
        sheet = book.create_sheet("办理记录")
        for row in (STEPS, *steps):
            sheet.append(list(row))
    book.save(path)
    return path
