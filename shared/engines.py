"""Letting go of a database that threads may still read: a request that was cancelled leaves its reading behind."""

import time

import sqlalchemy as sa

CLOSE_SECONDS = 30
"""How long a reader may keep a database from being closed; its connection then ends with the process."""


def let_go(engine: sa.Engine, patience: float = CLOSE_SECONDS) -> None:
    """Close all connections of an engine, as soon as none is in use. A pool closes none that is given back after its end."""
    deadline = time.monotonic() + patience
    while isinstance(pool := engine.pool, sa.QueuePool) and pool.checkedout() and time.monotonic() < deadline:
        time.sleep(0.01)  # a pool tells nobody
    engine.dispose()
