"""What the logs of a house say, what its rows and verdicts are, and what they should be: a fold over the logs."""

import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from pydantic import BaseModel
from pydantic_core import to_json

from deploy.node import POLICIES
from deploy.replaying import Asked, replay
from services.reporting.projections import SHEETS, project
from services.supervision.domain.judging import conclude, verdicts
from services.supervision.queries import derivation, dossier_of
from services.supervision.rules import TABLES
from shared.directory import Directory
from shared.events import Recorded, read
from shared.events.chain import verify_chain
from shared.events.histories import kind_of
from shared.readmodel import ReadModel
from shared.standard import Standard
from shared.terms import Role
from tests.house import House


def judged_alike(it: House, facts: list[Recorded]) -> None:
    """Each case's derivation is what the logs alone lead to, to the byte, and nothing that follows from it is unsaid."""
    texts = {path.name: path.read_text("utf-8") for path in POLICIES.glob("*.toml")}
    standard, moment, directory = Standard.of(texts, TABLES), it.clock(), Directory().plus(facts)

    def units() -> Directory:
        return directory

    by_case: dict[str, list[Recorded]] = defaultdict(list)
    for fact in facts:
        if kind_of(fact.case_id) == "case":
            by_case[fact.case_id].append(fact)
    for case_id, known in by_case.items():
        asked = {"as_of": moment.isoformat()}
        told = it.ask("GET", f"/supervision/cases/{case_id}/explain", Role.AUDITOR, who="auditor", params=asked)
        said = derivation(standard, known, moment, None, units)
        assert told.content == to_json({"case_id": case_id, **said})
        dossier = dossier_of(known)
        answers = verdicts(standard, dossier, moment, units)
        assert conclude(standard, dossier, answers, moment, units) == []


def replays_alike(it: House) -> None:
    """While the node runs: the rules over the year come to what was said in it, to the byte, read by one process or by two."""
    asked = Asked(it.settings.data, None, it.settings.policy_texts())
    tally = replay(asked, 2)
    assert tally.shown == []
    assert tally.found == tally.issued
    assert tally.issued["FindingRaised"] > 100
    assert replay(asked, 1) == tally


def logged(it: House, service: str) -> list[Recorded]:
    """What a service has said, each case's documents chained."""
    with sqlite3.connect(f"file:{it.settings.data / service}.db?mode=ro", uri=True) as connection:
        said = connection.execute(
            "SELECT originator_id, state FROM stored_events WHERE topic NOT LIKE 'adopted:%' ORDER BY rowid"
        ).fetchall()
    connection.close()
    by_case: dict[str, list[bytes]] = defaultdict(list)
    for case_id, document in said:
        by_case[case_id].append(document)
    for documents in by_case.values():
        verify_chain(documents)
    return [read(document) for _, document in said]


def rows(it: House) -> dict[tuple[str, str], dict[str, Any]]:
    """The rows of reporting, as they lie in its database."""
    model = ReadModel(f"sqlite:///{it.settings.data / 'reporting.db'}", "reporting", SHEETS, project)
    try:
        with model.reading() as (connection, tables):
            found = {}
            for sheet, table in tables.sheets.items():
                for row in connection.execute(sa.select(table)).mappings():
                    shown = {name: value for name, value in row.items() if name not in ("key", "known_from")}
                    found[sheet, str(row["key"])] = {
                        name: plain(value) for name, value in shown.items() if value is not None
                    }
            return found
    finally:
        model.close()


def folded(facts: list[Recorded]) -> dict[tuple[str, str], dict[str, Any]]:
    """The same, folded over the logs one after the other: the order between logs does not matter."""
    made: dict[tuple[str, str], dict[str, Any]] = {}

    def get(sheet: str, key: str) -> Mapping[str, Any] | None:
        return made.get((sheet, key))

    for fact in facts:
        for sheet, key, change in list(project(fact, get)):
            made[sheet, key] = {**made.get((sheet, key), {}), **change}
    return {
        place: {name: plain(value) for name, value in row.items() if value is not None} for place, row in made.items()
    }


def plain(value: Any) -> Any:
    """As JSON would give it back."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    return [plain(part) for part in value] if isinstance(value, list | tuple) else value
