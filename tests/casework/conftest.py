"""What the tests of casework stand on."""

from typing import Any

import pytest

from services.casework.domain import casework
from shared.standard import Standard
from tests.spec import Spec


@pytest.fixture
def here(standard: Standard) -> Spec[Any]:
    return Spec(casework(standard))
