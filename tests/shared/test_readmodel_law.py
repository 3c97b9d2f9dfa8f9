"""Law 2: a read model equals a fold over the logs, for any interleaving, duplicates, redeliveries, restarts and rebuilds."""

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.events import Recorded, read
from shared.events.casework import CaseAccepted
from shared.events.intake import RepeatPetitionLinked
from shared.events.supervision import StallCleared
from shared.readmodel import Change, Get, ReadModel, Sheet
from shared.readmodel import rows as rows_module
from shared.store import Delivery
from tests.petitions import DAY, NOON, Speaker, linked

CASES = Sheet(
    "cases",
    {"petitions": sa.Integer, "unit": sa.Text, "cleared": sa.Integer, "words": sa.Text},
    indexed=("unit",),
    versioned=True,
)
UNITS = Sheet("units", {"accepted": sa.Integer})
CASE_IDS = ("a", "b")
SPEAKERS = ("intake", "casework", "supervision")

Moment = int
"""Minutes after noon."""


def project(recorded: Recorded, get: Get) -> Iterable[Change]:
    """Each column of a case is fed by one speaker; `words` is derived from what all of them have said."""
    row = dict(get("cases", recorded.case_id) or {})
    match recorded.fact:
        case RepeatPetitionLinked():
            row["petitions"] = (row.get("petitions") or 0) + 1
        case CaseAccepted(unit=unit):
            row["unit"] = unit
            number = (get("units", f"{recorded.case_id}/{unit}") or {}).get("accepted") or 0
            yield "units", f"{recorded.case_id}/{unit}", {"accepted": number + 1}
        case StallCleared():
            row["cleared"] = (row.get("cleared") or 0) + 1
        case _:
            return
    said = {name: row.get(name) for name in ("petitions", "unit", "cleared")}
    yield "cases", recorded.case_id, {**said, "words": f"{said}"}


Rows = dict[tuple[str, str], dict[str, Any]]


def folded(facts: Iterable[Delivery]) -> Rows:
    """What the facts come to, worked out by hand."""
    rows: Rows = {}

    def get(sheet: str, key: str) -> Mapping[str, Any] | None:
        return rows.get((sheet, key))

    for delivery in facts:
        for sheet, key, change in list(project(read(delivery.document), get)):
            rows[sheet, key] = {**rows.get((sheet, key), {}), **change}
    return rows


def rows_of(model: ReadModel, moment: Moment | None = None) -> Rows:
    """The rows as they are, or as known at a moment."""
    found: Rows = {}
    with model.reading() as (connection, tables):
        for sheet in (CASES, UNITS) if moment is None else (CASES,):
            live = tables.sheets[sheet.name]
            wanted = [sa.select(live)]
            if moment is not None:
                old, at = tables.old[sheet.name], NOON + timedelta(minutes=moment)
                then = sa.select(*(old.c[column.name] for column in live.c))
                wanted = [
                    sa.select(live).where(live.c.known_from <= at),
                    then.where(old.c.known_from <= at, old.c.known_to > at),
                ]
            for query in wanted:
                for row in connection.execute(query).mappings():
                    assert (sheet.name, row["key"]) not in found
                    found[sheet.name, row["key"]] = {name: row[name] for name in sheet.columns}
    return found


@st.composite
def logs(draw: st.DrawFn) -> list[list[tuple[Moment, Delivery]]]:
    """Three logs, each with rising positions and with times that do not go back."""
    made = []
    for service in SPEAKERS:
        speaker, minute = Speaker(service, step=draw(st.integers(1, 3))), 0
        facts = []
        for _ in range(draw(st.integers(0, 7))):
            minute += draw(st.integers(0, 3))
            case_id = draw(st.sampled_from(CASE_IDS))
            at = NOON + timedelta(minutes=minute)
            fact = {
                "intake": linked(f"p{speaker.position}"),
                "casework": CaseAccepted(unit=draw(st.sampled_from("xyz")), accepted_on=DAY),
                "supervision": StallCleared(as_of=at),
            }[service]
            facts.append((minute, speaker.say(case_id, fact, at)))
        made.append(facts)
    return made


@st.composite
def interleaved(draw: st.DrawFn, whole: Sequence[Sequence[tuple[Moment, Delivery]]]) -> list[tuple[Moment, Delivery]]:
    """All facts, each log in its own order."""
    left = [list(log) for log in whole]
    line = []
    while any(left):
        line.append(draw(st.sampled_from([log for log in left if log])).pop(0))
    return line


@st.composite
def batches(draw: st.DrawFn, line: Sequence[Delivery]) -> list[list[Delivery]]:
    """The line cut into batches, some of which begin again with what was handed over before."""
    cut: list[list[Delivery]] = []
    done = 0
    while done < len(line):
        again, upto = draw(st.integers(0, done)), draw(st.integers(done + 1, len(line)))
        cut.append(list(line[again:upto]))
        done = upto
    return cut


class Fails(Exception):
    """A commit that does not happen."""


def receive(model: ReadModel, batch: Sequence[Delivery], fails: bool) -> None:
    """Take a batch in; if the commit is to fail, the same batch comes again."""
    if fails:

        def fail(_: sa.Connection) -> None:
            raise Fails

        sa.event.listen(model._database._engine, "commit", fail)
        try:
            model.receive(batch)
        except Fails:
            pass
        finally:
            sa.event.remove(model._database._engine, "commit", fail)
    model.receive(batch)


LAWFUL = settings(max_examples=40, suppress_health_check=list(HealthCheck))


@LAWFUL
@given(st.data())
def test_the_rows_are_the_fold_of_the_logs_whatever_happens_on_the_way(data: st.DataObject) -> None:
    whole = data.draw(logs())
    line = [delivery for _, delivery in data.draw(interleaved(whole))]
    expected = folded(delivery for log in whole for _, delivery in log)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'reporting.db'}"
        model = ReadModel(url, "reporting", [CASES, UNITS], project)
        try:
            for batch in data.draw(batches(line)):
                match data.draw(st.sampled_from(("", "", "", "restart", "fail", "forget", "rebuild"))):
                    case "restart":
                        model.close()
                        model = ReadModel(url, "reporting", [CASES, UNITS], project)
                        receive(model, batch, False)
                    case "fail":
                        receive(model, batch, True)
                    case "forget":
                        keeps, rows_module.CACHED_ROWS = rows_module.CACHED_ROWS, 1
                        receive(model, batch, False)
                        rows_module.CACHED_ROWS = keeps
                    case "rebuild":
                        receive(model, batch, False)
                        heard = model.heard()
                        rebuild = model.begin_rebuild()
                        again = [d for d in line if d.position <= heard.get((d.origin, d.epoch), 0)]
                        for part in data.draw(batches(again)):
                            rebuild.receive(part)
                        assert rebuild.switch()
                    case _:
                        receive(model, batch, False)
            assert rows_of(model) == expected
            assert rows_of(model, 10_000) == {name: row for name, row in expected.items() if name[0] == "cases"}
        finally:
            model.close()


@LAWFUL
@given(st.data())
def test_the_past_holds_what_was_recorded_by_then_and_nothing_later(data: st.DataObject) -> None:
    """In the order of their recording the facts give back every earlier fold. In any other order no version looks ahead."""
    whole = data.draw(logs())
    line = data.draw(interleaved(whole))
    with tempfile.TemporaryDirectory() as folder:
        model = ReadModel(f"sqlite:///{Path(folder) / 'reporting.db'}", "reporting", [CASES, UNITS], project)
        try:
            for batch in data.draw(batches([delivery for _, delivery in line])):
                model.receive(batch)
            for minute in range(-1, 22):
                known = rows_of(model, minute)
                for (_, case_id), row in known.items():
                    said = [d for at, d in line if at <= minute and read(d.document).case_id == case_id]
                    most = folded(said)["cases", case_id]
                    assert (row["petitions"] or 0) <= (most["petitions"] or 0)
                    assert (row["cleared"] or 0) <= (most["cleared"] or 0)
                    assert row["unit"] in {
                        None,
                        *(f.unit for d in said if isinstance(f := read(d.document).fact, CaseAccepted)),
                    }
            in_time = sorted(((at, d) for log in whole for at, d in log), key=lambda fact: fact[0])
            rebuild = model.begin_rebuild()
            for batch in data.draw(batches([delivery for _, delivery in in_time])):
                rebuild.receive(batch)
            assert rebuild.switch()
            for minute in range(-1, 22):
                by_then = folded(d for at, d in in_time if at <= minute)
                assert rows_of(model, minute) == {name: row for name, row in by_then.items() if name[0] == "cases"}
        finally:
            model.close()
