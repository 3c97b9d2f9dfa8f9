"""What supervision's tests judge by."""

import pytest

from shared.standard import Standard
from tests.supervision.lives import only


@pytest.fixture(scope="session")
def standard(national: Standard) -> Standard:
    """Six signs, by which lives can be told, and those that follow from notices and suggestions: every other rule would
    have its word in each of them.
    """
    told = ("no-leader", "idle", "never-met", "overdue", "relapse", "ping-pong")
    return only(national, *told, "reply-differs", "notice-unheeded", "not-rectified", "suggestion-unanswered")
