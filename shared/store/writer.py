"""One writer thread per log: jobs are queued, taken in groups, and each group is committed once."""

import asyncio
import logging
import queue
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from shared.store.beside import Rows
from shared.store.draft import Draft
from shared.store.refusals import Unavailable

logger = logging.getLogger(__name__)
S = TypeVar("S")

GROUP = 256
"""Most jobs in one commit."""

Work = Callable[[Draft[S], datetime], tuple[Any, Rows]]
"""Adds to the draft; answers a result, and the rows to write beside the events."""


@dataclass(slots=True)
class Job(Generic[S]):
    """Something to be decided by the writer, and whoever waits for its result on an event loop."""

    work: Work[S]
    reads_inbox: bool = False
    """Whether it decides by what is heard and parked. It ends its group: those rows, and the units that it may take in, are
    read from disk, so that what the log holds before a fact is what was known when it was said.
    """
    done: asyncio.Future[Any] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    result: Any = None
    error: BaseException | None = None

    def settle(self) -> None:
        """Answer whoever waits, if anybody still does."""
        if self.done.done():
            return
        if self.error is None:
            self.done.set_result(self.result)
        else:
            self.done.set_exception(self.error)


class Writer(Generic[S]):
    """The thread. It outlives whatever a job or the log does to it: a dead writer would leave every caller waiting."""

    def __init__(self, name: str, commit: Callable[[list[Job[S]]], None]) -> None:
        """`commit` gives every job of a group a result or an error."""
        self._commit = commit
        self._jobs: queue.SimpleQueue[Job[S] | None] = queue.SimpleQueue()
        self._queueing, self._closed = threading.Lock(), False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def submit(self, job: Job[S]) -> asyncio.Future[Any]:
        """Queue a job. Cancelling the future before the job's turn takes the job out; later, it changes nothing.

        Raises Unavailable once closed.
        """
        with self._queueing:
            if self._closed:
                raise Unavailable(RuntimeError("closed"))
            self._jobs.put(job)
        return job.done

    def close(self) -> None:
        """Finish what is queued."""
        with self._queueing:
            self._closed = True
            self._jobs.put(None)
        self._thread.join()

    def _run(self) -> None:
        job = self._jobs.get()
        while job is not None:
            group, closing = [job], False
            while len(group) < GROUP and not group[-1].reads_inbox and not closing and not self._jobs.empty():
                job = self._jobs.get()
                closing = job is None
                if job is not None:
                    group.append(job)
            self._do([job for job in group if not job.done.cancelled()])
            job = None if closing else self._jobs.get()

    def _do(self, group: list[Job[S]]) -> None:
        if not group:
            return
        try:
            self._commit(group)
        except Exception as error:
            logger.exception("a group of commands could not be committed")
            for job in group:
                job.error = error
        for loop in {job.done.get_loop() for job in group}:
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                loop.call_soon_threadsafe(_settle, [job for job in group if job.done.get_loop() is loop])


def _settle(jobs: Sequence[Job[Any]]) -> None:
    for job in jobs:
        job.settle()
