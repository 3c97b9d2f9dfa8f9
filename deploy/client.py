"""Talking to a running node from the same machine, as its operator."""

import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2

from deploy.node import Node
from deploy.processes import ProcessError
from shared.keyring import Holder
from shared.terms import Role

HEALTH_SECONDS = 10
"""How long a service may take to say how it does."""
ANSWER_SECONDS = 60.0
"""How long any other answer may take, unless the work is known to be long."""

TOKEN = "HUAJIE_TOKEN"
"""The variable with the token of somebody whom an issuer knows."""


class Refused(ProcessError):
    """The node answered with a problem."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        super().__init__(str(problem.get("detail", status)), str(problem.get("detail_en", status)))
        self.status, self.problem = status, problem

    @property
    def rule(self) -> str:
        """Which rule refused, or what else went wrong, as its problem is called."""
        return str(self.problem.get("type", "")).rpartition(":")[2]


class Client:
    """HTTP to the services of one running node, signed with the node's own key, or with the token in `HUAJIE_TOKEN`: a node that
    trusts an issuer believes no key of its own. Close it, or use it in a `with`.
    """

    def __init__(self, node: Node, role: Role, actor_id: str = "operator") -> None:
        self.running, self._logs = node.running(), node.data / "logs"
        self._given = os.environ.get(TOKEN)
        holder = Holder(id=actor_id, role=role, unit=None, region=self.running.region)
        self.token = self._given or node.keyring().issue(holder, lifetime=timedelta(hours=12), now=datetime.now(UTC))
        self._http = httpx2.Client(
            headers={"authorization": f"Bearer {self.token}"}, timeout=ANSWER_SECONDS, trust_env=False
        )

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *error: object) -> None:
        self._http.close()

    def get(self, path: str, **parameters: Any) -> Any:
        """Ask; parameters that are None are left out. Raises Refused, ProcessError."""
        return self._call("GET", path, params={k: v for k, v in parameters.items() if v is not None})

    def fetch(self, path: str, **parameters: Any) -> bytes:
        """A file. Raises Refused, ProcessError."""
        asked = {k: v for k, v in parameters.items() if v is not None}
        return self._answer("GET", path, params=asked).content

    def post(self, path: str, body: Any = None) -> Any:
        """Give a command. Raises Refused, ProcessError."""
        return self._call("POST", path, json=body)

    def work(self, path: str) -> Any:
        """Have a long work done, and wait for its end however long it takes. Raises Refused, ProcessError."""
        return self._call("POST", path, timeout=httpx2.Timeout(None, connect=ANSWER_SECONDS))

    def stream(self, path: str, **parameters: Any) -> Iterator[bytes]:
        """Ask for a long document, and get it in pieces. Raises Refused, ProcessError; also when it breaks off."""
        asked = {k: v for k, v in parameters.items() if v is not None}
        try:
            with self._http.stream("GET", self._url(path), params=asked) as answer:
                if not answer.is_success:
                    answer.read()
                    raise _refused(answer)
                yield from answer.iter_bytes()
        except httpx2.HTTPError as error:
            raise self._unreachable(error) from error

    def healths(self) -> list[dict[str, Any]]:
        """What each service says of itself; all are asked at once, so that those that hang are waited for once."""
        with ThreadPoolExecutor(len(self.running.addresses)) as threads:
            return list(threads.map(self.health, self.running.addresses))

    def health(self, service: str) -> dict[str, Any]:
        """What a service says of itself, well or not."""
        try:
            answer = self._http.get(self._url(f"/{service}/health/ready"), timeout=HEALTH_SECONDS)
            said: dict[str, Any] = answer.json()
        except (httpx2.HTTPError, ValueError) as error:
            return {
                "service": service,
                "troubles": [f"没有应答，日志在 {self._logs} / no answer: {type(error).__name__}"],
            }
        return said

    def settled(self, patience: float = 60.0) -> bool:
        """Wait until what was said has been heard and judged everywhere. False when that took longer than `patience`."""
        deadline, quiet = time.monotonic() + patience, 0
        while time.monotonic() < deadline:
            said = self.healths()
            moving = any(s["troubles"] or s.get("relay_lag") or any(s.get("listen_lag", {}).values()) for s in said)
            moving = moving or any(s.get("to_judge") for s in said)
            quiet = 0 if moving else quiet + 1
            if quiet == 3:
                return True
            time.sleep(0.1)
        return False

    def _url(self, path: str) -> str:
        return self.running.addresses[path.split("/")[1]] + path

    def _call(self, method: str, path: str, **more: Any) -> Any:
        return self._answer(method, path, **more).json()

    def _answer(self, method: str, path: str, **more: Any) -> httpx2.Response:
        try:
            answer = self._http.request(method, self._url(path), **more)
        except httpx2.HTTPError as error:
            raise self._unreachable(error) from error
        if answer.is_success:
            return answer
        if answer.status_code == 401 and not self._given:
            raise ProcessError(
                f"本节点不认本机签发的令牌：它只认所配置签发方的，请把签发方给您的令牌放在环境变量 {TOKEN} 中再执行；"
                "没有配置签发方的，是启动后 identity.key 换过，请重新启动 ./huajie up",
                "this node believes no token that is signed here: it believes those of its issuer only, so put yours into"
                f" {TOKEN} and do it again; where it has no issuer, identity.key is another than when it was started: start"
                " ./huajie up anew",
            )
        raise _refused(answer)

    def _unreachable(self, error: httpx2.HTTPError) -> ProcessError:
        return ProcessError(
            f"无法访问服务（{error}）；它可能正在启动，请稍后再试，仍不行请看 {self._logs} 中的日志",
            f"a service cannot be reached ({error}): it may be starting, try again in a moment, else see the logs in {self._logs}",
        )


def _refused(answer: httpx2.Response) -> Refused:
    try:
        problem = answer.json()
    except ValueError:
        problem = {"detail": answer.text[:200]}
    return Refused(answer.status_code, problem)
