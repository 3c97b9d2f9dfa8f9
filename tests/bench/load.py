"""A lean HTTP/1.1 load generator: keep-alive, one request at a time per connection, no more Python than it takes."""

import asyncio
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import cast

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
Answered = Callable[["Connection", int], None]


def post(path: str, token: str, body: bytes, headers: Mapping[str, str] | None = None) -> bytes:
    """The bytes of a POST with a JSON body."""
    more = "".join(f"{name}: {value}\r\n" for name, value in (headers or {}).items())
    head = (
        f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {token}\r\n"
        f"content-type: application/json\r\ncontent-length: {len(body)}\r\n{more}\r\n"
    )
    return head.encode() + body


class Connection(asyncio.Protocol):
    """One connection. `answered` gets it back with the status of the answer to its last request."""

    def __init__(self, answered: Answered, lost: Callable[[], None]) -> None:
        self._answered, self._lost = answered, lost
        self._received = b""
        self.sent_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def send(self, request: bytes) -> None:
        """Ask; not before the answer to the last request."""
        self.sent_at = time.perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        received = self._received + data if self._received else data
        head = received.find(b"\r\n\r\n")
        length = LENGTH.search(received, 0, head + 2) if head >= 0 else None
        if length is None or len(received) < head + 4 + int(length[1]):
            self._received = received
            return
        self._received = b""
        self._answered(self, int(received[9:12]))

    def connection_lost(self, error: Exception | None) -> None:  # noqa: ARG002 - asyncio's own hook
        self._lost()

    def close(self) -> None:
        """Hang up; that is no loss."""
        self._lost = lambda: None
        self._transport.close()


@dataclass
class Load:
    """What a load came to. Times are in seconds."""

    seconds: float = 0.0
    waits: list[float] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)
    """The statuses of answers that were no 200."""
    own_cpu: float = 0.0
    """What the generator itself burnt."""

    @property
    def rate(self) -> float:
        """Answers per second."""
        return len(self.waits) / self.seconds

    def wait_ms(self, percent: int) -> float:
        """A percentile of the time from request to answer, in milliseconds."""
        return percentile(self.waits, percent) * 1000


def percentile(values: list[float], percent: int) -> float:
    """The value that so many percent do not exceed; nan of nothing."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)] if ordered else float("nan")


class _Lost:
    """Ends a load when a connection breaks, instead of waiting for its answer for ever."""

    def __init__(self) -> None:
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def __call__(self) -> None:
        if not self.done.done():
            self.done.set_exception(ConnectionError("the server hung up / 服务断开了连接"))


async def closed_loop(
    port: int, clients: int, requests: Iterator[bytes], seconds: float = 3600.0, warm_up: float = 0.0
) -> Load:
    """Each client asks again as soon as it is answered, for so long or until the requests end."""
    load, lost, idle = Load(), _Lost(), 0

    def answered(connection: Connection, status: int) -> None:
        nonlocal idle
        now = time.perf_counter()
        if status != 200:
            load.refused.append(status)
        elif now >= begun:
            load.waits.append(now - connection.sent_at)
        request = next(requests, None) if now < ends else None
        if request is not None:
            connection.send(request)
            return
        idle += 1
        if idle == len(connections) and not lost.done.done():
            lost.done.set_result(None)

    connections = [await _connect(port, answered, lost) for _ in range(clients)]
    begun = time.perf_counter() + warm_up
    ends = begun + seconds
    for connection in connections:
        answered(connection, 200)
    load.waits.clear()
    await asyncio.sleep(warm_up)
    cpu = time.process_time()
    await lost.done
    load.seconds, load.own_cpu = time.perf_counter() - begun, time.process_time() - cpu
    for connection in connections:
        connection.close()
    return load


async def open_loop(
    port: int, rate: float, requests: Iterator[bytes], seconds: float, heard: Callable[[int, float], None]
) -> Load:
    """Asks at a fixed rate, however slow the answers. `heard` gets each answer's number and moment. A wait counts from the
    moment at which the request was due."""
    load, lost, count = Load(), _Lost(), round(rate * seconds)
    idle: asyncio.Queue[Connection] = asyncio.Queue()
    asked: dict[Connection, tuple[int, float]] = {}

    def answered(connection: Connection, status: int) -> None:
        now = time.perf_counter()
        number, due = asked.pop(connection)
        if status == 200:
            load.waits.append(now - due)
            heard(number, now)
        else:
            load.refused.append(status)
        idle.put_nowait(connection)
        if len(load.waits) + len(load.refused) == count:
            lost.done.set_result(None)

    connections = [await _connect(port, answered, lost) for _ in range(32)]
    for connection in connections:
        idle.put_nowait(connection)
    begun, cpu = time.perf_counter(), time.process_time()
    for number in range(count):
        due = begun + number / rate
        if (early := due - time.perf_counter()) > 0:
            await asyncio.sleep(early)
        connection = await asyncio.wait_for(idle.get(), 60)
        asked[connection] = number, due
        connection.send(next(requests))
    await lost.done
    load.seconds, load.own_cpu = time.perf_counter() - begun, time.process_time() - cpu
    for connection in connections:
        connection.close()
    return load


async def _connect(port: int, answered: Answered, lost: Callable[[], None]) -> Connection:
    loop = asyncio.get_running_loop()
    _, connection = await loop.create_connection(lambda: Connection(answered, lost), "127.0.0.1", port)
    return connection
