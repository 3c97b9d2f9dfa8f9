"""Fixtures for whole nodes: a PostgreSQL of the tests' own, where it is installed."""

from tests.postgres import cluster, dsn

__all__ = ["cluster", "dsn"]
