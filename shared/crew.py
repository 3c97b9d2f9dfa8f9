"""众手: work in several processes of their own, which are started afresh and share nothing.

One that is killed is noticed: what was asked of them raises BrokenProcessPool. None outlives the process that started it.
"""

import gc
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import wait
from typing import Any

COLLECTED = 100_000
"""How many new values are there before one looks for circles among them: what is folded and judged has none."""


@contextmanager
def crew(processes: int, begin: Callable[..., None], *given: Any) -> Iterator[ProcessPoolExecutor]:
    """So many processes, each of which begins with this. What has not been begun when they are let go is not done."""
    context = multiprocessing.get_context("spawn")
    hands = ProcessPoolExecutor(processes, context, _begin, (begin, given))
    try:
        yield hands
    finally:
        hands.shutdown(cancel_futures=True)


def _begin(begin: Callable[..., None], given: tuple[Any, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that started this one
    threading.Thread(target=_end_with_parent, daemon=True).start()
    begin(*given)
    gc.freeze()
    gc.set_threshold(COLLECTED)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
