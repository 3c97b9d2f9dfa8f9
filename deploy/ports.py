"""Ports of this machine on which a process of a node listens (端口)."""

import random
import socket
from contextlib import suppress

from deploy.processes import ProcessError

UNREGISTERED = range(20000, 32000)
"""Free ports are sought below the range that the kernel hands to outgoing connections (32768 and up on Linux), so that
none of those takes ours while whoever listens there is started again."""


def is_free(port: int) -> bool:
    """Whether a process could listen on it now."""
    with suppress(OSError), socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as servers do: a closing one is no obstacle
        probe.bind(("127.0.0.1", port))
        return True
    return False


def free_port(last: int = 0) -> int:
    """The one it was, when that is free, else another that is. Raises ProcessError when there is none."""
    for port in (last, *random.sample(UNREGISTERED, 100)):
        if port and is_free(port):
            return port
    raise ProcessError("本机没有可用的端口", "this machine has no free port")
