"""The server mode: the same house with its logs, its vault and its rows in PostgreSQL."""

import shutil
from pathlib import Path

from tests.house import house


def test_the_life_of_a_case_on_postgresql(dsn: str, tmp_path: Path) -> None:
    with house(tmp_path, dsn=dsn) as running:
        case_id = running.arrived(running.register())
        path = f"/casework/cases/{case_id}"
        running.give(f"{path}/accept-case", {"unit": "柳林镇", "accepted_on": "2026-01-06"})
        running.settle()
        row = running.get(f"/reporting/cases/{case_id}")
        assert (row["state"], row["unit"]) == ("handling", "柳林镇")
        person = running.give(f"/intake/cases/{case_id}/open-petitioner", {"purpose": "核对补偿面积"})
        assert person["name"] == "张某某"
        assert running.get(f"/supervision/cases/{case_id}/history")["facts"]
    shutil.rmtree(tmp_path / "nats")
    with house(tmp_path, dsn=dsn) as running:  # a new broker, and the logs of before
        running.settle()
        assert running.get(f"/reporting/cases/{case_id}")["state"] == "handling"
