"""Fixtures for what is shared: logs of both kinds."""

from tests.postgres import cluster, dsn, log

__all__ = ["cluster", "dsn", "log"]
