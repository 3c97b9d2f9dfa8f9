"""All that a service hears, over one connection. Hearing nothing never keeps a service from working."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from faststream.nats import NatsBroker
from nats.aio.client import Client

from shared.bus.listen import BUS_ERRORS, WATCH_SECONDS, Listener, Receive
from shared.bus.streams import Line, hang_up, heed_cancellation, noted, reach

HEARING_SECONDS = 0.05
CONNECT_SECONDS = 5.0
FINISH_SECONDS = 3.0
"""How long a batch that is being taken in may keep us from stopping."""


class _Broker(NatsBroker):
    """FastStream holds no client until it has connected; who gives up on it before that has a socket to let go of too."""

    client: Line | None = None

    async def _connect(self) -> Line:
        self.client = Line()
        await self.client.connect(**self._connection_kwargs)
        self.config.connect(self.client)
        return self.client


class Ears:
    """The listeners of a service. Of several processes of one service, only the one that holds the lease listens."""

    def __init__(self, url: str, service: str) -> None:
        self._url, self._service = url, service
        self.listeners: list[Listener] = []
        self.lease: Callable[[], bool] = lambda: True
        """Whether this process is the one to listen. Batches shared out among several could not be taken in in order."""

    def listens(self, region: str, speaker: str, receive: Receive) -> None:
        """Declare, before `run`, that this service listens to a speaker."""
        self.listeners.append(Listener(self._service, region, speaker, receive))

    async def catch_up(self) -> None:
        """Wait until everything that is on the bus now has been heard: before that, silence proves nothing."""
        while True:
            try:
                newest = [await listener.newest() for listener in self.listeners]
                while any(  # noqa: ASYNC110 - the broker tells it only when asked
                    [await listener.heard_up_to() < seq for listener, seq in zip(self.listeners, newest, strict=True)]
                ):
                    await asyncio.sleep(HEARING_SECONDS)
                return
            except BUS_ERRORS:
                await asyncio.sleep(5 * HEARING_SECONDS)

    async def run(self) -> None:
        """Connect, however long it takes, and listen until cancelled."""
        while True:
            try:
                await reach(self._url, f"{self._service}-ears")
                await self._listen()
            except BUS_ERRORS as error:
                self._say(f"broker: {type(error).__name__}")
            heed_cancellation()
            await asyncio.sleep(0.5)

    async def _listen(self) -> None:
        """Listen over one connection, until it or the lease is lost."""

        async def closed() -> None:
            for listener in self.listeners:
                listener.deafen()

        broker = _Broker(
            self._url,
            logger=None,
            apply_types=False,
            max_reconnect_attempts=-1,
            reconnect_time_wait=1,
            graceful_timeout=FINISH_SECONDS,
            error_cb=noted(f"{self._service}-ears"),
            closed_cb=closed,
        )
        try:
            client = await asyncio.wait_for(broker.connect(), CONNECT_SECONDS)
            for listener in self.listeners:
                listener.attach(client.jetstream(timeout=CONNECT_SECONDS))
            while not await asyncio.to_thread(self.lease):
                self._say(None)  # another process listens
                await asyncio.sleep(1)
            await self._guard(client, asyncio.gather(*(listener.run(broker) for listener in self.listeners)))
        finally:
            try:
                with suppress(Exception):
                    await asyncio.wait_for(broker.stop(), FINISH_SECONDS)
            finally:  # also when whoever stops us does not want to wait for that
                if broker.client is not None:
                    await hang_up(broker.client)

    async def _guard(self, client: Client, listening: "asyncio.Future[list[None]]") -> None:
        """Until the connection has been away for a while, or the lease is gone.

        FastStream ends the reconnecting of its client on some errors, such as an authorization that timed out under load.
        """
        away = 0
        try:
            while away < 2 and await asyncio.to_thread(self.lease):
                if (await asyncio.wait({listening}, timeout=WATCH_SECONDS))[0]:
                    await listening
                away = 0 if client.is_connected else away + 1
        finally:
            listening.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await listening

    def _say(self, trouble: str | None) -> None:
        for listener in self.listeners:
            listener.trouble = trouble
