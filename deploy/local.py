"""huajie on one machine: nats-server and the services, started, watched over and stopped together."""

import asyncio
import os
import signal
import sys
import time
import urllib.request
from collections.abc import Callable
from functools import partial
from pathlib import Path

from deploy.beforehand import check_logs, check_policies
from deploy.broker import Broker, BrokerError
from deploy.guard import Child, Died, Guard
from deploy.node import SERVICES, Node
from deploy.processes import DataLock, rotate
from shared.settings import PREFIX, Settings

Say = Callable[[str], None]

BROKER_SECONDS = 5.0
"""Between two questions to the broker, and before another attempt to start it."""
ANSWER_SECONDS = 5.0
"""How long an answer may take; a broker that is stopped may take twice as long for it."""
SILENT_TIMES = 3
"""How often JetStream may leave a question unanswered."""


async def run(
    node: Node,
    region: str | None,
    say: Say,
    stop: asyncio.Event,
    *,
    separate: bool = False,
    port: int | None = None,
    regions: Path | None = None,
    on_ready: Callable[[], None] = lambda: None,
) -> None:
    """Run the node until `stop` is set. Raises ProcessError when it cannot be started."""
    with DataLock(node.data):
        if port is not None:
            node.port("all", port)  # whatever is wrong is told before anything is made
        region = node.prepare(region, regions)
        check_policies(settings := node.settings(region, ""))
        check_logs(settings)
        if settings.oidc_issuer is None:
            node.keyring()  # one that is damaged is told now
        broker = Broker(node.data / "nats")
        await asyncio.to_thread(broker.start)
        try:
            settings = node.settings(region, broker.url)
            names = list(SERVICES) if separate else ["all"]
            ports = {name: node.port(name, port) for name in names}
            addresses = {service: f"http://127.0.0.1:{ports[service if separate else 'all']}" for service in SERVICES}
            children = [_child(name, ports[name], settings) for name in names]

            def ready() -> None:
                node.announce(region, addresses)
                on_ready()

            def died(death: Died) -> None:
                say(
                    f"{death.name} 意外退出（代码 {death.code}），{death.pause:g} 秒后重启 / "
                    f"{death.name} died (code {death.code}); it starts again in {death.pause:g} s"
                )

            watching = asyncio.create_task(_watch_broker(broker, say))
            try:
                await Guard(children, died).run(stop, ready)
            finally:
                watching.cancel()
                node.withdraw()
        finally:
            await asyncio.to_thread(broker.stop)


def stop_on_signals(stop: asyncio.Event) -> None:
    """Let Ctrl-C and SIGTERM set the event, and a terminal that is gone, unless it was to be outlived (nohup)."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
            loop.add_signal_handler(number, stop.set)


def _child(name: str, port: int, settings: Settings) -> Child:
    argv = [sys.executable, "-m", "deploy.serve", name, "--port", str(port), "--parent", str(os.getpid())]
    live = f"http://127.0.0.1:{port}/{'intake' if name == 'all' else name}/health/live"
    others = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    env = others | settings.to_environment()
    return Child(name, argv, env, settings.data / "logs" / f"{name}.log", partial(_answers, live))


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=1) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


async def _watch_broker(broker: Broker, say: Say, patience: float = ANSWER_SECONDS) -> None:
    """Start the broker again when it dies, or stores nothing any more. It keeps its port, and everybody reconnects."""
    while True:
        if await _is_deaf(broker, patience):
            if not broker.has_room:
                say(
                    f"nats-server 无法再存储：{broker.folder} 所在磁盘已满，请腾出空间，届时自动重启 / "
                    f"nats-server stores nothing: the disk of {broker.folder} is full. Make room; it is then started again"
                )
            while not broker.has_room:  # noqa: ASYNC110 - a disk tells nobody
                await asyncio.sleep(BROKER_SECONDS)
            say("nats-server 已停止存储，正在重启 / nats-server had stopped storing; starting it again")
            await asyncio.to_thread(broker.stop, 2 * patience)
        else:
            say("nats-server 意外退出，正在重启 / nats-server died; starting it again")
        try:
            await asyncio.to_thread(broker.start)
        except BrokerError as error:
            say(str(error))
            await asyncio.sleep(BROKER_SECONDS)


async def _is_deaf(broker: Broker, patience: float) -> bool:
    """Wait until something is wrong with the broker: False when it died, True when JetStream answers no more. Meanwhile its log
    is kept short.
    """
    silent = asked = 0.0
    while silent < SILENT_TIMES:
        await asyncio.sleep(0.5)
        rotate(broker.log)
        if not broker.alive:
            return False
        if time.monotonic() - asked >= BROKER_SECONDS:
            silent = 0 if await asyncio.to_thread(broker.keeps, patience) else silent + 1
            asked = time.monotonic()
    return True
