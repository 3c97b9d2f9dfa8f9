"""Laws 3 and 4 on a whole node: what was acknowledged is kept, once, through kill -9, a wiped broker and a lost consumer."""

import os
import random
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import nats
import pytest

from shared.bus import connect, stream_name
from tests.system.node import Up, command, ledger

ROWS = [
    (
        f"HY-{n:03}",
        "2025-03-01",
        f"张某{n}",
        f"1990000{n:04}",
        "柳林镇",
        f"第{n}组征地补偿款没有发放，要求核实第{n}号地块",
        1,
        "",
        "",
    )
    for n in range(20)
]


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """A node with twenty cases; each test leaves it whole."""
    folder = tmp_path_factory.mktemp("node")
    node = Up(folder / "data")
    done = command("import", ledger(folder / "l.xlsx", ROWS), "--data", node.data)
    assert done.returncode == 0, done.stderr
    node.settle()
    yield node
    node.stop()


class Handler:
    """An official who logs visits and remembers which were acknowledged."""

    def __init__(self, node: Up) -> None:
        line = next(line for line in node.said().splitlines() if line.startswith("casework"))
        token = command("token", "--role", "petition-office", "--data", node.data).stdout.strip()
        address = line.split()[1].removesuffix("/casework/health/ready")
        self.http = httpx2.Client(
            base_url=address, headers={"authorization": f"Bearer {token}"}, timeout=5, trust_env=False
        )
        self.acknowledged: set[tuple[str, str]] = set()

    def log(self, case_id: str, visit_id: str) -> bool:
        """Log one visit; whether it was acknowledged."""
        visit = {
            "visit_id": visit_id,
            "kind": "home",
            "visited_on": "2026-10-01",
            "official": {"id": "li", "name": "李某某"},
        }
        try:
            answer = self.http.post(f"/casework/cases/{case_id}/log-visit", json=visit)
        except httpx2.HTTPError:
            return False
        if answer.status_code == 200:
            self.acknowledged.add((case_id, visit_id))
        return answer.status_code == 200

    def visits(self, case_id: str) -> list[str]:
        """Every visit that casework's log holds about a case."""
        facts = self.http.get(f"/casework/cases/{case_id}/facts").json()["facts"]
        return [fact["data"]["visit_id"] for fact in facts if fact["type"].endswith("VisitLogged")]


@pytest.fixture
def handler(up: Up) -> Iterator[Handler]:
    """Somebody who handles cases of this node."""
    somebody = Handler(up)
    with somebody.http:
        yield somebody


def ids(node: Up) -> list[str]:
    """The cases on the books."""
    return [case["case_id"] for case in node.get("/reporting/cases")["cases"]]


def visits_reported(node: Up) -> dict[str, int]:
    """How many visits reporting shows for each case."""
    return {case["case_id"]: case["visits"] for case in node.get("/reporting/cases")["cases"]}


async def streams(node: Up) -> dict[str, list[str]]:
    """What the broker holds: the ids of the documents of each stream, in order."""
    client = await connect(broker_url(node), "test")
    try:
        js = client.jetstream()
        found: dict[str, list[str]] = {}
        for service in ("intake", "casework", "supervision"):
            name = stream_name(service)
            last = (await js.stream_info(name)).state.last_seq
            messages = [await js.get_msg(name, seq) for seq in range(1, last + 1)]
            found[service] = [(message.headers or {})["Nats-Msg-Id"].rpartition(":")[2] for message in messages]
        return found
    finally:
        await client.close()


def broker_url(node: Up) -> str:
    """Where the node's own broker listens, from the environment of a process that uses it."""
    environ = Path(f"/proc/{node.children()['all']}/environ").read_bytes().decode().split("\0")
    return next(word.partition("=")[2] for word in environ if word.startswith("HUAJIE_NATS_URL="))


def test_kill_9_under_load_loses_nothing_acknowledged_and_doubles_nothing(up: Up, handler: Handler) -> None:
    cases, chance = ids(up), random.Random(7)
    deadline, kills, n = time.monotonic() + 180, 0, 0
    next_kill = time.monotonic() + 1
    while kills < 4 and time.monotonic() < deadline:
        n += 1
        case_id, visit_id = chance.choice(cases), f"v-{n}"
        while not handler.log(case_id, visit_id) and time.monotonic() < deadline:
            time.sleep(0.05)  # not acknowledged: ask again, which must not double it
        if time.monotonic() > next_kill:
            victim = ("all", "nats-server")[kills % 2]
            if (pid := up.children().get(victim)) is None:
                continue  # it has not been started again yet
            os.kill(pid, signal.SIGKILL)
            kills, next_kill = kills + 1, time.monotonic() + 4
    assert kills == 4
    assert len(handler.acknowledged) > 20
    _answers_again(handler, cases[0])
    up.settle()
    held = {case_id: handler.visits(case_id) for case_id in cases}
    for case_id, visits in held.items():
        assert len(visits) == len(set(visits))
        assert {visit for case, visit in handler.acknowledged if case == case_id} <= set(visits)
    assert visits_reported(up) == {case_id: len(visits) for case_id, visits in held.items()}


async def test_a_wiped_broker_is_filled_again_from_the_logs_in_order(up: Up, handler: Handler) -> None:
    cases = ids(up)
    for n in range(10):
        assert handler.log(cases[n], f"before-{n}")
    up.settle()
    before = await streams(up)
    reported = visits_reported(up)
    pid = up.children()["nats-server"]
    os.kill(pid, signal.SIGSTOP)  # so that its guard does not start it again before its disk is gone
    shutil.rmtree(next(folder for folder in (up.data / "nats").iterdir() if folder.is_dir()))
    os.kill(pid, signal.SIGKILL)
    up.wait_for("nats-server died")
    deadline = time.monotonic() + 180
    while not (after := await _streams_or_nothing(up)) or any(len(after[s]) < len(before[s]) for s in before):
        assert time.monotonic() < deadline, after
    assert {service: ids_[: len(before[service])] for service, ids_ in after.items()} == before
    assert visits_reported(up) == reported
    assert handler.log(cases[0], "after")
    up.settle()
    assert visits_reported(up)[cases[0]] == reported[cases[0]] + 1


async def test_a_deleted_consumer_is_noticed_and_made_again(up: Up, handler: Handler) -> None:
    client = await connect(broker_url(up), "test")
    js = client.jetstream()
    consumers = [info.name for info in await js.consumers_info(stream_name("casework"))]
    name = next(name for name in consumers if name.startswith("reporting"))
    await js.delete_consumer(stream_name("casework"), name)
    await client.close()
    case_id = ids(up)[0]
    reported = visits_reported(up)[case_id]
    assert handler.log(case_id, "unheard")
    deadline = time.monotonic() + 180
    while visits_reported(up)[case_id] != reported + 1:
        assert time.monotonic() < deadline
    up.settle()


def _answers_again(handler: Handler, case_id: str) -> None:
    deadline = time.monotonic() + 180
    while not handler.log(case_id, "the-last"):
        assert time.monotonic() < deadline
        time.sleep(0.2)


async def _streams_or_nothing(node: Up) -> dict[str, Any]:
    try:
        return await streams(node)
    except (OSError, TimeoutError, nats.errors.Error, nats.js.errors.Error, StopIteration):
        return {}
