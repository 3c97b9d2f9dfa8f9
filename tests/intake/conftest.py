"""Fixtures for intake: a PostgreSQL of its own, where it is installed, and vaults."""

from tests.intake.vaults import file_vault, sql, vault
from tests.postgres import cluster, dsn

__all__ = ["cluster", "dsn", "file_vault", "sql", "vault"]
