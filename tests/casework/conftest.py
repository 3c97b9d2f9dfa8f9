"""What the tests of casework stand on."""

from typing import Any

import pytest

from services.casework.domain import casework
from services.casework.domain.standing import standing
from shared.directory import Directory
from shared.events import Fact
from shared.standard import Standard
from tests.sample import day
from tests.spec import Spec


@pytest.fixture
def here(standard: Standard) -> Spec[Any]:
    return Spec(casework(standard))


@pytest.fixture
def at(standard: Standard) -> Any:
    """How a case of these facts stands on a day."""

    def stands(*facts: Fact, on: str = "2026-09-25", directory: Directory | None = None) -> Any:
        return standing(Spec(casework(standard)).given(*facts).state, standard, day(on), directory)

    return stands
