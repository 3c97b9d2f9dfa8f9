"""Fixtures for what is shared: logs, stores and read models of both kinds, and listeners that soon notice faults."""

from tests.postgres import cluster, dsn, log
from tests.shared.listening import watchful
from tests.shared.on_the_bus import store
from tests.shared.petition_rows import model, url

__all__ = ["cluster", "dsn", "log", "model", "store", "url", "watchful"]
