"""The house in one process: the four services as users run them, on a real broker, real files and a real port.

Time is told by a clock that tests may set; everything else is as in `./huajie up`.
"""

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import httpx2
import uvicorn

from deploy.broker import Broker
from deploy.client import Refused
from deploy.node import POLICIES, TEMPLATES
from deploy.serve import APPS, Together
from shared.identity import Actor
from shared.keyring import Keyring
from shared.settings import Settings
from shared.terms import Role

REGION = "610499"
PATIENCE = 40.0
NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
"""Noon of 2026-11-20 in Asia/Shanghai."""


class Clock:
    """The time, for all services at once: it goes on by itself from where it is set."""

    def __init__(self, now: datetime) -> None:
        self.set(now)

    def set(self, now: datetime) -> None:
        """Let it be this moment."""
        self._ahead = now.timestamp() - time.time()

    def __call__(self) -> datetime:
        return datetime.fromtimestamp(time.time() + self._ahead, UTC)


class House:
    """Running services, and the way in. Calls are made as an actor whose token the node itself has signed."""

    def __init__(self, settings: Settings, broker: Broker, port: int, clock: Clock) -> None:
        self.settings, self.broker, self.port, self.clock = settings, broker, port, clock
        self._keyring = Keyring(settings.data / "identity.key")
        self._http = httpx2.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=30)
        self._numbers = count(1)

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def token(
        self,
        role: Role,
        unit: str | None = None,
        region: str = REGION,
        who: str = "tester",
        lifetime: timedelta = timedelta(days=1),
    ) -> str:
        """A token, good from now on: for a day, when nothing else is said."""
        actor = Actor(id=who, role=role, unit=unit, region=region)
        return self._keyring.issue(actor, lifetime=lifetime, now=self.clock())

    def ask(
        self,
        method: str,
        path: str,
        role: Role | None = Role.PETITION_OFFICE,
        *,
        unit: str | None = None,
        region: str = REGION,
        who: str = "tester",
        headers: Mapping[str, Any] | None = None,
        **more: Any,
    ) -> httpx2.Response:
        """One request; without a role it carries no token."""
        said: dict[str, Any] = (
            {} if role is None else {"authorization": f"Bearer {self.token(role, unit, region, who)}"}
        )
        return self._http.request(method, path, headers={**said, **(headers or {})}, **more)

    def get(self, path: str, role: Role = Role.PETITION_OFFICE, **more: Any) -> Any:
        """What is answered, which must be well."""
        answer = self.ask("GET", path, role, **more)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def give(self, path: str, body: object, role: Role = Role.PETITION_OFFICE, **more: Any) -> Any:
        """Give a command that must be obeyed."""
        answer = self.ask("POST", path, role, json=body, **more)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, body: Any = None) -> Any:
        """Give a command as the importers do, who wait for a case that has not arrived. Raises Refused."""
        answer = self.ask("POST", path, json=body)
        if answer.status_code != 200:
            raise Refused(answer.status_code, answer.json())
        return answer.json()

    def new_id(self) -> str:
        """A case id that nobody has used."""
        return f"case-{next(self._numbers)}"

    def register(self, case_id: str | None = None, **said: Any) -> str:
        """Register a petition of a person of their own. Answers the case's id."""
        case_id = case_id or self.new_id()
        self.give(f"/intake/cases/{case_id}/register-case", petition(phone=f"1390000{next(self._numbers):04}", **said))
        return case_id

    def arrived(self, case_id: str) -> str:
        """Wait until casework has heard of the case."""
        self.until(lambda: self.ask("GET", f"/casework/cases/{case_id}/facts").status_code == 200)
        return case_id

    def until(self, so: Any, patience: float = PATIENCE) -> Any:
        """Wait until something is so, and answer it."""
        deadline = time.monotonic() + patience
        while not (found := so()):
            assert time.monotonic() < deadline, "it never became so"
            time.sleep(0.02)
        return found

    def settle(self) -> None:
        """Wait until all that was said has been heard and judged everywhere."""
        quiet = 0
        while quiet < 3:
            quiet = 0 if any(self._moves(service) for service in APPS) else quiet + 1
            time.sleep(0.02)

    def _moves(self, service: str) -> bool:
        """Whether something of a service has still to be heard or judged."""
        said = self.ask("GET", f"/{service}/health/ready", None).json()
        return bool(
            said["troubles"]
            or said.get("relay_lag")
            or any(said.get("listen_lag", {}).values())
            or said.get("to_judge")
        )


def petition(name: str = "张某某", phone: str = "13900000000", **said: Any) -> dict[str, Any]:
    """The body of a registration."""
    person = {"name": name, "phone": phone} | said.pop("person", {})
    return {
        "channel": "visit",
        "received_on": "2026-01-05",
        "region": REGION,
        "unit": "柳林镇",
        "demands": ["征地补偿款没有发放，要求核实"],
        "petitioner": person,
        **said,
    }


@contextmanager
def house(folder: Path, now: datetime = NOON, **settings: Any) -> Iterator[House]:
    """The four services, served until the block ends."""
    broker = Broker(folder / "nats")
    broker.start()
    said = {
        "region": REGION,
        "data": folder / "data",
        "policies": POLICIES,
        "templates": TEMPLATES,
        "sweep_seconds": 0.3,
        **settings,
    }
    node, clock = Settings.model_validate({"nats_url": broker.url, **said}), Clock(now)
    together = Together({name: create(node, clock) for name, create in APPS.items()})
    config = uvicorn.Config(
        together, host="127.0.0.1", port=0, log_config=None, access_log=False, lifespan="on", loop="asyncio"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, name="house")
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive(), "the house did not start"
            time.sleep(0.01)
        running = House(node, broker, server.servers[0].sockets[0].getsockname()[1], clock)
        try:
            yield running
        finally:
            running.close()
    finally:
        server.should_exit = True
        thread.join(PATIENCE)
        broker.stop()
        assert not thread.is_alive(), "the house did not stop"
