"""Our history as an event log, from a running node: what leaves is what the asker may read, whole or not at all."""

import gzip
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from deploy.client import Refused
from deploy.log_exporting import export
from deploy.node import Node
from deploy.processes import DataLock
from services.supervision.export import FORMATS
from services.supervision.exporting import CASES_AT_ONCE
from shared.terms import Role
from tests.house import House, house
from tests.supervision.process_logs import check_ocel, check_xes


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """More cases than are read at once, of two units, and one elsewhere."""
    with house(tmp_path_factory.mktemp("house")) as it:
        for n in range(CASES_AT_ONCE + 3):
            it.register(f"case-{n:03}", unit="柳林镇" if n % 2 else "青石镇")
        it.register("case-town", region="610499001", unit="柳林镇", received_on="2026-11-10")
        it.settle()
        yield it


def cases_of(running: House, role: Role = Role.AUDITOR, unit: str | None = None, region: str = "610499") -> set[str]:
    """Which cases leave."""
    answer = running.ask("GET", "/supervision/export", role, unit=unit, region=region, params={"format": "xes"})
    assert answer.status_code == 200, answer.text
    return {next(iter(events)).split(":")[1] for events in check_xes(answer.content)}


def test_everybody_gets_what_they_may_read_and_asked_for(running: House) -> None:
    everything = cases_of(running)
    assert len(everything) == CASES_AT_ONCE + 4
    theirs = cases_of(running, Role.HANDLER, unit="柳林镇")
    assert theirs == {case for case in everything if case == "case-town" or int(case[-3:]) % 2}
    assert cases_of(running, Role.HANDLER, unit="别处") == set()
    assert cases_of(running, Role.AUDITOR, region="610431") == set()
    assert running.ask("GET", "/supervision/export?format=xes", None).status_code == 401


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"region": "610499001"}, 1),
        ({"received_from": "2026-11-01"}, 1),
        ({"received_to": "2026-11-01"}, CASES_AT_ONCE + 3),
        ({"stalled": "true"}, CASES_AT_ONCE + 3),
        ({"stalled": "false"}, 1),
        ({"unit": "柳林镇"}, (CASES_AT_ONCE + 3) // 2 + 1),
        ({"as_of": "2020-01-01T00:00:00Z"}, 0),
    ],
)
def test_filters(running: House, asked: dict[str, str], found: int) -> None:
    answer = running.ask("GET", "/supervision/export", Role.AUDITOR, params={"format": "xes", **asked})
    assert len(check_xes(answer.content)) == found


def test_what_is_asked_wrongly_is_told(running: House) -> None:
    for asked in ("", "format=pdf", "format=xes&as_of=yesterday", "format=xes&stale=1"):
        assert running.ask("GET", f"/supervision/export?{asked}").status_code == 422


def test_no_petitioner_and_no_narrative_is_in_any_of_them(running: House) -> None:
    for form, (media_type, _) in FORMATS.items():
        answer = running.ask("GET", f"/supervision/export?format={form}", Role.AUDITOR)
        assert answer.headers["content-type"] == media_type
        assert "张某某" not in answer.text
        assert "1390000" not in answer.text
        assert "征地补偿款" not in answer.text
        assert running.get("/intake/cases/case-000/facts")["facts"][0]["data"]["petitioner_id"] not in answer.text
    check_ocel(running.ask("GET", "/supervision/export?format=ocel", Role.AUDITOR).content)


def test_the_command_writes_a_file_whole_or_not_at_all(running: House, tmp_path: Path) -> None:
    node = Node(running.settings.data)
    node.announce("610499", {"supervision": f"http://127.0.0.1:{running.port}"})
    running.clock.set(datetime.now(UTC) + timedelta(seconds=1))
    out = tmp_path / "log.xes.gz"
    with DataLock(node.data):
        written = export(node, out, packed=True, format="xes", unit="柳林镇")
        with pytest.raises(Refused):
            export(node, tmp_path / "none", packed=False, format="pdf")
    content = gzip.decompress(out.read_bytes())
    assert len(content) == written
    assert len(check_xes(content)) == (CASES_AT_ONCE + 3) // 2 + 1
    assert {path.name for path in tmp_path.iterdir()} == {"log.xes.gz"}
