"""Fixtures for intake: a PostgreSQL of its own, where it is installed."""

from tests.postgres import cluster, dsn

__all__ = ["cluster", "dsn"]
