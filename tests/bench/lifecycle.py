"""Whole lives of cases through HTTP, with everything running: on empty books, and on books with many cases."""

import asyncio
import json
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import uvloop
from eventsourcing.persistence import StoredEvent

from deploy.demo import SAMPLE_REGION
from deploy.node import Node
from shared.events import GENESIS, Asked, document
from shared.store import SQLiteLog
from tests.bench import casebook
from tests.bench.figures import Effort, Figure, Goal
from tests.bench.load import Connection, post
from tests.bench.node import Running, embedded

CLIENTS = 16
PATIENCE = 900.0
"""Seconds until many stored cases have been heard and judged."""
NOT_ARRIVED = 404
"""Casework's answer while a registration is on its way to it."""
ASKED_AGAIN_SECONDS = 0.005

Step = tuple[str, str, dict[str, Any]]
"""A command of a life: the service, the command, its body."""


def figures(folder: Path, wanted: frozenset[str], effort: Effort) -> Sequence[Figure]:
    """lifecycle: lives per second on empty books, and on books with many cases."""
    if "lifecycle" not in wanted:
        return []
    rates = []
    for stored in (0, effort.stored):
        room = folder / str(stored)
        room.mkdir()
        with embedded(room, "--separate", prepare=partial(_fill, stored)) as running:
            running.settle(PATIENCE)
            rates.append(uvloop.run(_lives(running, 2 * effort.seconds)))
    steps = len(life(0))
    return [
        Figure(
            "lifecycle", f"lives of {steps} commands, {CLIENTS} clients, separate processes", rates[0], "/s",
            goal=Goal(60, paced=True),
        ),
        Figure(
            "lifecycle", f"the same with {effort.stored:,} cases stored", rates[1], "/s", rates[1] / rates[0], "none stored",
            Goal(0.9, of_ratio=True),
        ),
    ]  # fmt: skip


def life(n: int) -> list[Step]:
    """The commands of the n-th case's life, all of them in its last weeks."""
    today = datetime.now(UTC).date() - timedelta(days=1)

    def day(before: int) -> str:
        return (today - timedelta(days=before)).isoformat()

    opening = casebook.opening(n).model_copy(update={"received_on": today - timedelta(days=30)})
    registration = opening.model_dump(mode="json", exclude={"petitioner_id"})
    person = {"name": "张某某", "phone": f"1391{n:07d}"}
    official, unit = casebook.OFFICIAL.model_dump(mode="json"), casebook.UNIT
    visit = {"kind": "home", "official": official, "note": "当面听取诉求。"}
    return [
        ("intake", "register-case", {**registration, "petitioner": person}),
        ("intake", "dispatch-case", {"kind": "forward", "unit": unit, "dispatched_on": day(28)}),
        ("casework", "accept-case", {"unit": unit, "accepted_on": day(27)}),
        ("casework", "assign-leader", {"leader": official, "unit": unit, "assigned_on": day(26)}),
        ("casework", "adopt-plan", {"adopted_on": day(25), "measures": [{"what": "核对清单", "who": "经管站"}]}),
        ("casework", "log-visit", {**visit, "visit_id": "v-1", "visited_on": day(20)}),
        ("casework", "log-visit", {**visit, "visit_id": "v-2", "visited_on": day(10)}),
        (
            "casework",
            "issue-opinion",
            {
                "number": f"意见{n}",
                "issued_on": day(6),
                "facts": "经核查，差额属实。",
                "answers": [{"demand": 1, "outcome": "supported", "reasons": "属实"}],
                "legal_basis": "土地管理法第四十八条",
                "remedy": "三十日内可申请复查",
                "signed_by": official,
            },
        ),
        (
            "casework",
            "serve-opinion",
            {"number": f"意见{n}", "outcome": "supported", "served_on": day(5), "how": "in-person"},
        ),
        ("casework", "close-case", {"closed_on": day(1), "summary": "差额已补发。"}),
    ]


def _fill(cases: int, node: Node) -> None:
    """Put registrations into intake's log before anybody has started: everybody else hears of them on starting."""
    today = datetime.now(UTC).date()
    asked = Asked(actor="bench", role="petition-office", now=datetime.now(UTC))

    def events() -> Iterator[StoredEvent]:
        for n in range(cases):
            fact = casebook.opening(n).model_copy(update={"received_on": today})
            case_id = f"stored-{n}"
            raw = document(fact, region=SAMPLE_REGION, case_id=case_id, version=1, prevhash=GENESIS, asked=asked)
            yield StoredEvent(case_id, 1, "CaseRegistered:1", raw)

    log = SQLiteLog(node.data / "intake.db")
    try:
        waiting = list(events())
        for first in range(0, len(waiting), casebook.APPENDED):
            log.append(waiting[first : first + casebook.APPENDED])
    finally:
        log.close()


async def _lives(running: Running, seconds: float) -> float:
    """Lives completed per second. Raises RuntimeError when a command is refused."""
    numbers, done = count(1), 0
    ends = (begun := time.perf_counter()) + seconds

    async def client() -> None:
        nonlocal done
        hands = {service: Hand() for service in ("intake", "casework")}
        for service, hand in hands.items():
            await hand.connect(running.port(service))
        while time.perf_counter() < ends:
            n = next(numbers)
            for service, command, body in life(n):
                request = post(
                    f"/{service}/cases/life-{n}/{command}", running.token, json.dumps(body, ensure_ascii=False).encode()
                )
                while (status := await hands[service].ask(request)) == NOT_ARRIVED and service == "casework":  # noqa: ASYNC110 - as clients do
                    await asyncio.sleep(ASKED_AGAIN_SECONDS)
                if status != 200:
                    raise RuntimeError(f"{command}: {status}")
            done += 1
        for hand in hands.values():
            hand.close()

    await asyncio.gather(*(client() for _ in range(CLIENTS)))
    return done / (time.perf_counter() - begun)


class Hand:
    """A client that gives one command after the other."""

    def __init__(self) -> None:
        self._answer: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._connection = Connection(lambda _, status: self._answer.set_result(status), self._lost)

    def _lost(self) -> None:
        if not self._answer.done():
            self._answer.set_exception(ConnectionError("the server hung up / 服务断开了连接"))

    async def connect(self, port: int) -> None:
        """Connect to a service."""
        await asyncio.get_running_loop().create_connection(lambda: self._connection, "127.0.0.1", port)

    async def ask(self, request: bytes) -> int:
        """The status of the answer."""
        self._answer = asyncio.get_running_loop().create_future()
        self._connection.send(request)
        return await self._answer

    def close(self) -> None:
        """Hang up."""
        self._connection.close()
