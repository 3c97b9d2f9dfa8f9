"""Rebuilding the read model from the bus, beside the live one."""

import asyncio
import time
from typing import Any

from shared.bus import replay
from shared.http import Problem
from shared.readmodel import ReadModel, Rebuild
from shared.settings import Settings
from shared.store import Delivery


class Rebuilder:
    """Fills a new generation of tables from the streams' first fact on, and switches when it has caught up."""

    def __init__(self, model: ReadModel, settings: Settings, speakers: tuple[str, ...]) -> None:
        self._model, self._settings, self._speakers = model, settings, speakers
        self._running = asyncio.Lock()

    async def rebuild(self) -> dict[str, Any]:
        """Rebuild and switch. Raises Problem when a rebuild is already running."""
        if self._running.locked():
            raise Problem(409, "rebuilding", "正在重建，请等待完成。", "A rebuild is already running; wait for it.")
        async with self._running:
            begun, facts = time.perf_counter(), 0
            generation: Rebuild = await asyncio.to_thread(self._model.begin_rebuild)

            async def receive(deliveries: list[Delivery]) -> None:
                nonlocal facts
                await asyncio.to_thread(generation.receive, deliveries)
                facts += len(deliveries)

            while True:
                for speaker in self._speakers:
                    await replay(self._settings.nats_url, self._settings.region, speaker, receive)
                if await asyncio.to_thread(generation.switch):
                    break
            return {"facts": facts, "seconds": round(time.perf_counter() - begun, 3)}
