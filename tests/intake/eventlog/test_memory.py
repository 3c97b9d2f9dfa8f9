"""A log ten times as long takes no more memory: measured in processes of their own."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.intake.eventlog.logs import HEADER, MAPPING, XES_MAPPING
from tests.system.node import environment

SCRIPT = """
import resource, sys
from datetime import date
from pathlib import Path
from services.intake.eventlog import load_mapping, open_log

path, mapping = map(Path, sys.argv[1:])
with open_log(path, load_mapping(mapping.read_text("utf-8"), "m"), regions={}, default_region="610499",
              today=date(2026, 11, 20)) as log:
    cases = sum(1 for _ in log.cases())
print(log.tally.events, cases, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
OF_ONE_CASE = 10


def table(events: int) -> Iterator[str]:
    """A table whose cases lie as far apart as they can."""
    yield f"{HEADER}\n"
    cases = events // OF_ONE_CASE
    for n in range(events):
        what = "登记" if n < cases else "上报"
        yield f"C{n % cases},{what},2026-{1 + n * 10 // events:02}-{1 + n % 28:02} 10:00,李某,柳林镇,第{n}次核对补偿清单\n"


def xes(events: int) -> Iterator[str]:
    """The same as XES, where a trace is a case."""
    yield '<?xml version="1.0"?><log xes.version="1849.2016">'
    for case in range(events // OF_ONE_CASE):
        yield f'<trace><string key="concept:name" value="C{case}"/>'
        for n in range(OF_ONE_CASE):
            what = "上报" if n else "登记"
            yield (
                f'<event><string key="concept:name" value="{what}"/><string key="org:group" value="柳林镇"/>'
                f'<date key="time:timestamp" value="2026-{n + 1:02}-05T10:00:00+08:00"/></event>\n'
            )
        yield "</trace>"
    yield "</log>"


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "mapping"), [("csv", MAPPING), ("xes", XES_MAPPING)])
def test_memory_stays_flat_in_the_length_of_the_log(tmp_path: Path, kind: str, mapping: str) -> None:
    rules, peaks = tmp_path / "m.toml", []
    rules.write_text(mapping, "utf-8")
    for events in (20_000, 200_000):
        log = tmp_path / f"{events}.{kind}"
        with log.open("w", encoding="utf-8") as stream:
            stream.writelines((table if kind == "csv" else xes)(events))
        argv = [sys.executable, "-c", SCRIPT, str(log), str(rules)]
        done = subprocess.run(argv, env=environment(), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        read, cases, peak = map(int, done.stdout.split())
        assert (read, cases) == (events, events // OF_ONE_CASE)
        peaks.append(peak)
    assert peaks[1] / peaks[0] < 1.2, peaks
