"""Ports: the one it was while that is free, and never one that an outgoing connection may be given."""

import socket
from pathlib import Path

from deploy.node import Node
from deploy.ports import UNREGISTERED, free_port, is_free


def test_no_outgoing_connection_takes_the_port_of_a_service_that_is_started_again(tmp_path: Path) -> None:
    for name in ("all", "intake"):
        assert Node(tmp_path).port(name) in UNREGISTERED


def test_a_node_keeps_its_port_while_that_is_free(tmp_path: Path) -> None:
    node = Node(tmp_path)
    kept = node.port("all")
    assert node.port("all") == kept == free_port(kept)
    with socket.socket() as other:
        other.bind(("127.0.0.1", kept))
        other.listen()
        assert not is_free(kept)
        assert node.port("all") != kept
