"""Fixtures for intake: its decider, a PostgreSQL of its own, where it is installed, and vaults."""

from typing import Any

import pytest

from services.intake.domain import intake
from shared.standard import Standard
from tests.intake.vaults import file_vault, sql, vault
from tests.postgres import cluster, dsn
from tests.spec import Spec

__all__ = ["cluster", "dsn", "file_vault", "sql", "vault"]


@pytest.fixture
def here(standard: Standard) -> Spec[Any]:
    return Spec(intake(standard))
