"""Health says what is wrong while it is wrong, and a service stops when it is told to."""

import asyncio
import json
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from deploy.node import Node
from deploy.operating import status
from deploy.serve import APPS
from shared.bus.streams import connect
from shared.events.casework import CaseClosed
from shared.http import Runtime
from shared.identity import Unauthenticated, Verifier
from shared.settings import Settings
from shared.terms import Role
from tests.house import NOON, REGION, House, house, petition
from tests.spec import recorded

ROOT = Path(__file__).parents[2]


@pytest.fixture
def running(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path) as it:
        yield it


def ready(running: House, service: str) -> bool:
    return running.ask("GET", f"/{service}/health/ready", None).status_code == 200


def test_all_services_become_ready_and_say_their_lags(running: House) -> None:
    running.register("c-1")
    running.settle()
    for service in APPS:
        assert running.ask("GET", f"/{service}/health/live", None).json() == {"service": service, "status": "live"}
        said = running.ask("GET", f"/{service}/health/ready", None).json()
        assert said["troubles"] == []
        assert said["region"] == "610499"
        assert set(said.get("listen_lag", {}).values()) == {0}
    supervision = running.ask("GET", "/supervision/health/ready", None).json()
    assert supervision["to_judge"] == 0
    running.until(lambda: running.ask("GET", "/supervision/health/ready", None).json()["swept_on"] == "2026-11-20")


def test_while_the_broker_is_away_readiness_says_so_and_commands_are_still_obeyed(running: House) -> None:
    running.register("c-1")
    running.settle()
    running.broker.stop()
    running.until(lambda: not ready(running, "intake"))
    said = running.ask("GET", "/intake/health/ready", None).json()
    assert any(trouble.startswith("relay: ") for trouble in said["troubles"])
    running.register("c-2")
    assert running.ask("GET", "/intake/health/ready", None).json()["relay_lag"] == 1
    for service in ("casework", "supervision", "reporting"):
        running.until(lambda service=service: not ready(running, service))
        assert running.ask("GET", f"/{service}/health/live", None).status_code == 200
    running.broker.start()
    running.arrived("c-2")
    for service in APPS:
        running.until(lambda service=service: ready(running, service))


def test_a_stream_that_ends_otherwise_than_the_log_is_told_as_a_fork(tmp_path: Path) -> None:
    with house(tmp_path) as before:
        before.register("c-1")
        before.settle()
    for file in (tmp_path / "data").glob("intake.db*"):
        file.unlink()  # as if the log had been lost, and a new one begun
    with house(tmp_path) as after:
        after.until(lambda: not ready(after, "intake"))
        (trouble,) = after.ask("GET", "/intake/health/ready", None).json()["troubles"]
        assert "INTAKE" in trouble


def test_whoever_sets_the_clock_back_dates_nothing_back_and_undoes_no_finding(tmp_path: Path) -> None:
    """Neither while it runs nor by starting it anew: else what came too late could still be entered in time."""
    with house(tmp_path) as before:
        before.register("c-1")
        before.settle()
        found = before.get("/supervision/cases/c-1/facts")["facts"]
        assert any(fact["type"].endswith("FindingRaised") for fact in found)
        before.clock.set(NOON - timedelta(days=300))
        last = _entered(before, "c-2")
        assert last >= NOON
    with house(tmp_path, NOON - timedelta(days=300)) as after:
        assert _entered(after, "c-3") >= last
        after.until(lambda: after.ask("GET", "/supervision/cases/c-3/facts").status_code == 200)
        assert after.get("/supervision/cases/c-1/facts")["facts"] == found
        (trouble,) = after.ask("GET", "/intake/health/ready", None).json()["troubles"]
        assert trouble.startswith(f"the clock is behind what was last recorded, at {last:%Y-%m-%d %H:}")
        after.clock.set(NOON + timedelta(hours=1))
        after.until(lambda: ready(after, "intake"))
        assert _entered(after, "c-4") >= NOON + timedelta(hours=1)


def _entered(running: House, case_id: str) -> datetime:
    """When the registration of a new case was recorded."""
    said = running.give(f"/intake/cases/{case_id}/register-case", petition(phone=f"1380000{case_id[-1]:0>4}"))
    return datetime.fromisoformat(said["facts"][0]["time"])


def test_facts_that_are_parked_are_told(running: House) -> None:
    fact = recorded(CaseClosed(closed_on=date(2026, 1, 1))).raw.replace(b"CaseClosed:1", b"CaseClosed:99")
    headers = {"Huajie-Origin": "610499.casework", "Huajie-Epoch": "e", "Huajie-Position": "1", "Huajie-Previous": "0"}

    async def publish() -> None:
        client = await connect(running.settings.nats_url, "test")
        await client.jetstream().publish("facts.61.04.99.casework.CaseClosed", fact, headers=headers)
        await client.close()

    asyncio.run(publish())
    running.until(lambda: not ready(running, "reporting"))
    said = running.ask("GET", "/reporting/health/ready", None).json()
    assert said["parked"] == 1
    assert "CaseClosed" in said["troubles"][-1]
    assert 'huajie_facts_parked{service="reporting"} 1.0' in running.ask("GET", "/reporting/metrics", None).text


def test_what_cannot_be_asked_is_a_trouble_beside_the_others_and_is_counted_no_less(
    running: House, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(sqlite3.connect(running.settings.data / "reporting.db")) as rows:
        rows.execute("ALTER TABLE generations RENAME TO gone")
    answer = running.ask("GET", "/reporting/health/ready", None)
    assert answer.status_code == 503
    assert any("generations" in trouble for trouble in answer.json()["troubles"])
    assert answer.json()["service"] == "reporting"
    assert running.ask("GET", "/reporting/metrics", None).status_code == 200
    running.clock.set(datetime.now(UTC))
    node = Node(running.settings.data)
    node.announce(REGION, dict.fromkeys(APPS, f"http://127.0.0.1:{running.port}"))
    with pytest.raises(SystemExit) as ended:
        status(node.data, as_json=True)
    assert ended.value.code == 4
    said = json.loads(capsys.readouterr().out)
    assert [service["service"] for service in said["services"]] == list(APPS)
    assert said["counts"] == []


def test_metrics_count_commands_by_outcome_and_name_no_case_and_no_person(running: House) -> None:
    running.register("c-1")
    running.ask(
        "POST",
        "/intake/cases/c-1/dispatch-case",
        Role.AUDITOR,
        json={"kind": "forward", "unit": "乙", "dispatched_on": "2026-02-01"},
    )
    running.settle()
    answer = running.ask("GET", "/intake/metrics", None)
    assert answer.headers["content-type"].startswith("text/plain")
    text = answer.text
    assert 'huajie_commands_total{command="RegisterCase",outcome="obeyed",service="intake"}' in text
    assert 'huajie_commands_total{command="DispatchCase",outcome="forbidden",service="intake"}' in text
    assert 'huajie_relay_lag{service="intake"} 0.0' in text
    for secret in ("c-1", "张某某", "1390000", "柳林镇", "征地"):
        assert secret not in text


ENDS = """
import asyncio, sys
from pathlib import Path
from shared.http import Runtime
from shared.settings import Settings

async def fail():
    await asyncio.sleep(0.01)
    raise ValueError("what nobody foresaw")

async def main():
    folder = Path(sys.argv[1])
    Runtime("intake", Settings(region="610499", data=folder, nats_url="x", policies=folder)).background(fail())
    await asyncio.sleep(100)

if sys.argv[2] == "uvloop":
    import uvloop
    uvloop.run(main())
else:
    asyncio.run(main())
"""


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_work_beside_the_app_that_ends_with_an_error_ends_the_process(tmp_path: Path, loop: str) -> None:
    ended = subprocess.run([sys.executable, "-c", ENDS, tmp_path, loop], cwd=ROOT, timeout=90, capture_output=True)
    assert ended.returncode == 70
    assert b"what nobody foresaw" in ended.stderr


async def test_who_waits_for_an_issuer_keeps_neither_log_nor_bus_waiting(tmp_path: Path) -> None:
    runtime = Runtime("intake", Settings(region="610499", data=tmp_path, nats_url="x", policies=tmp_path))
    answered = threading.Event()

    def key_for(_: str) -> Ed25519PublicKey:
        answered.wait()
        return Ed25519PrivateKey.generate().public_key()

    runtime.verifier = Verifier("huajie", "huajie", "EdDSA", key_for, clock=runtime.clock)
    asking = [asyncio.create_task(runtime.identify(f"token-{n}")) for n in range(100)]
    try:
        await asyncio.sleep(0)
        assert await asyncio.wait_for(asyncio.to_thread(lambda: "relayed"), 10) == "relayed"
    finally:
        answered.set()
        refused = await asyncio.gather(*asking, return_exceptions=True)
        runtime.readers.shutdown()
    assert all(isinstance(one, Unauthenticated) for one in refused)


async def test_a_service_stops_although_a_library_swallows_the_cancellation(tmp_path: Path) -> None:
    swallowed = 0

    async def stubborn() -> None:
        nonlocal swallowed
        while True:
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                swallowed += 1
                if swallowed > 2:
                    raise

    runtime = Runtime("intake", Settings(region="610499", data=tmp_path, nats_url="x", policies=tmp_path))
    runtime.background(stubborn())
    await asyncio.sleep(0)
    await asyncio.wait_for(runtime.stack.aclose(), 5)
    assert swallowed == 3
