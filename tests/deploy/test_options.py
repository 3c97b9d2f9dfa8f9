"""How a case is named on the command line."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from deploy.node import SERVICES, Node
from deploy.options import case_id_of, client_of
from deploy.processes import ProcessError
from tests.house import REGION, house


def test_a_number_that_several_cases_bear_is_told_with_their_ids(tmp_path: Path) -> None:
    with house(tmp_path) as running:
        for case_id, number in (("c-1", "HY-1"), ("c-2", "HY-2"), ("c-3", "HY-2")):
            running.register(case_id, original_number=number)
        running.settle()
        running.clock.set(datetime.now(UTC))
        node = Node(running.settings.data)
        node.announce(REGION, dict.fromkeys(SERVICES, f"http://127.0.0.1:{running.port}"))
        with client_of(node.data) as client:
            assert [case_id_of(client, named) for named in ("HY-1", "c-3", "nowhere")] == ["c-1", "c-3", "nowhere"]
            with pytest.raises(ProcessError, match="c-2、c-3"):
                case_id_of(client, "HY-2")
