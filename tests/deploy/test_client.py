"""Talking to a node that takes its time, or does not answer at all."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from deploy import client as door
from deploy.client import Client
from deploy.node import Node
from deploy.processes import ProcessError
from shared.terms import Role

SERVICES = ("intake", "casework", "reporting")
SLOW = 0.6


class Services(BaseHTTPRequestHandler):
    """Take their time over a command, and say how they do when all have been asked."""

    together = threading.Barrier(len(SERVICES))

    def do_POST(self) -> None:
        """Answer late."""
        time.sleep(SLOW)
        self._answer()

    def do_GET(self) -> None:
        """Answer when each of us is asked."""
        self.together.wait(SLOW * 10)
        self._answer()

    def _answer(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"troubles": []}')

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def node(folder: Path) -> Iterator[Client]:
    """A client of a node whose services these are."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Services)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    it = Node(folder)
    it.announce("610431", dict.fromkeys(SERVICES, f"http://127.0.0.1:{server.server_port}"))
    try:
        with Client(it, Role.SYSTEM) as client:
            yield client
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_long_work_is_waited_for_and_no_other_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Found: a rebuild of more than a minute was told as a service that cannot be reached."""
    monkeypatch.setattr(door, "ANSWER_SECONDS", SLOW / 4)
    with node(tmp_path) as client:
        assert client.work("/reporting/rebuild") == {"troubles": []}
        with pytest.raises(ProcessError, match="无法访问服务"):
            client.post("/reporting/rebuild")


def test_services_are_asked_at_once_how_they_do(tmp_path: Path) -> None:
    """Found: of four that hang, `status` said so only after each had been waited for."""
    with node(tmp_path) as client:
        assert client.healths() == [{"troubles": []}] * len(SERVICES)


def test_of_a_service_that_does_not_answer_it_is_said_where_its_log_is(tmp_path: Path) -> None:
    with node(tmp_path) as client:
        pass
    with Client(Node(tmp_path), Role.SYSTEM) as client:
        (trouble,) = client.health("intake")["troubles"]
    assert "no answer" in trouble
    assert str(tmp_path / "logs") in trouble
