"""Processes that work for another: one that is killed is noticed, and none outlives the one that started it."""

import multiprocessing
import os
import signal
import time
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from shared.crew import crew

PATIENCE_SECONDS = 60
_given: list[int] = []


def begin(number: int) -> None:
    _given.append(number)


def plus(number: int) -> tuple[int, int]:
    return os.getpid(), _given[0] + number


def end() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def start_one_and_wait(told: Connection) -> None:
    """Of the process that is killed: it tells the id of one that works for it."""
    with crew(1, begin, 1) as hands:
        told.send(hands.submit(plus, 0).result()[0])
        time.sleep(PATIENCE_SECONDS)


def test_they_begin_with_what_they_are_given_and_work_elsewhere() -> None:
    with crew(2, begin, 40) as hands:
        answers = list(hands.map(plus, range(5)))
    assert [number for _, number in answers] == [40, 41, 42, 43, 44]
    assert os.getpid() not in {process for process, _ in answers}


def test_one_that_is_killed_is_noticed() -> None:
    with crew(1, begin, 1) as hands, pytest.raises(BrokenProcessPool):
        hands.submit(end).result(PATIENCE_SECONDS)


def test_none_outlives_the_one_that_started_it() -> None:
    mine, its = multiprocessing.Pipe()
    parent = multiprocessing.get_context("spawn").Process(target=start_one_and_wait, args=(its,))
    parent.start()
    its.close()
    assert mine.poll(PATIENCE_SECONDS)
    child = Path(f"/proc/{mine.recv()}")
    parent.kill()
    parent.join()
    parent.close()
    patience = time.monotonic() + PATIENCE_SECONDS
    while child.exists() and "Z" not in (child / "stat").read_text().split()[2] and time.monotonic() < patience:
        time.sleep(0.02)
    assert not child.exists() or (child / "stat").read_text().split()[2] == "Z"
