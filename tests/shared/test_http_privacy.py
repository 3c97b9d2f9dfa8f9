"""What tells who a petitioner is lies in the vault, encrypted, and nowhere else in the house."""

import asyncio
import json
import logging
from pathlib import Path

import pytest

from shared.bus.streams import connect
from shared.terms import Role
from tests.house import House, house, petition

NAME, PHONE, NUMBER, ADDRESS = "欧阳某某", "13987654321", "11010519491231002X", "清河县柳林镇三组十二号"
SECRETS = [NAME, PHONE, NUMBER, ADDRESS]
PERSON = {"name": NAME, "phone": PHONE, "id_number": NUMBER, "address": ADDRESS}


async def published(running: House) -> bytes:
    """All that is in the streams."""
    client = await connect(running.settings.nats_url, "test")
    js, said = client.jetstream(), b""
    for stream in await js.streams_info():
        for seq in range(1, stream.state.last_seq + 1):
            message = await js.get_msg(stream.config.name or "", seq)
            said += f"{message.subject} {message.headers}".encode() + (message.data or b"")
    await client.close()
    return said


def found_in(said: bytes) -> list[str]:
    """The secrets that these bytes hold, in any of the forms that JSON and addresses give them."""
    forms = {
        secret: [
            secret.encode(),
            secret.encode("gb18030"),
            secret.encode("utf-16-le"),
            json.dumps(secret)[1:-1].encode(),
        ]
        for secret in SECRETS
    }
    return [secret for secret, written in forms.items() if any(form in said for form in written)]


def test_a_petitioner_leaves_no_trace_outside_the_vault(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    answers = []
    with house(tmp_path) as running:
        body = petition(person=PERSON, demands=[f"本人联系电话{PHONE}，身份证{NUMBER}，要求发放补偿款"])
        running.give("/intake/cases/c-1/register-case", body)
        running.arrived("c-1")
        for broken in (
            {**body, "petitioner": {**PERSON, "name": ""}},
            {**body, "petitioner": {**PERSON, NAME: PHONE}},
            {**body, "channel": PHONE},
            {**body, "headcount": NUMBER},
            {**body, "received_on": ADDRESS},
            body,
        ):
            answers += [running.ask("POST", "/intake/cases/c-2/register-case", json=broken)]
        row = {"sheet": "台账", "row": 2, "received_on": "2026-01-05", "channel": "letter", "region": "610499"}
        row |= {"unit": "柳林镇", "demand": f"电话{PHONE}", "petitioner": PERSON}
        for said in (row, {**row, "channel": PHONE}, {**row, "unit": "x" * 201}, {**row, "steps": [{"note": NAME}]}):
            entries = {"imported_from": "abc", "rows": [said]}
            answers.append(running.ask("POST", "/intake/ledger", json=entries))
        note = f"{PHONE} 无人接听"
        visit = {
            "visit_id": "v",
            "kind": "home",
            "visited_on": "2026-02-01",
            "official": {"id": "o", "name": "李某"},
            "note": note,
        }
        running.give("/casework/cases/c-1/log-visit", visit)
        looked = running.ask("POST", "/intake/cases/c-1/open-petitioner", json={"purpose": f"致电{PHONE}"})
        assert looked.json() == PERSON
        assert looked.headers["cache-control"] == "no-store"
        running.settle()
        for path in (
            "/intake/cases/c-1/facts",
            "/supervision/cases/c-1/history",
            "/reporting/cases",
            "/intake/metrics",
        ):
            answers += [running.ask("GET", path)]
        answers.append(running.ask("GET", "/intake/cases/c-1/petitioner-looks", Role.AUDITOR))
        assert [answer.status_code for answer in answers[:6]] == [422, 422, 422, 422, 422, 409]
        assert found_in(b"".join(answer.content for answer in answers)) == []
        assert found_in(asyncio.run(published(running))) == []
        files = {file: file.read_bytes() for file in (tmp_path / "data").rglob("*") if file.is_file()}
        assert any(file.name == "intake.db-wal" for file in files)
        assert {file.name: found_in(said) for file, said in files.items() if found_in(said)} == {}
        assert found_in(b"".join(file.read_bytes() for file in (tmp_path / "nats").rglob("*") if file.is_file())) == []
    assert found_in(caplog.text.encode()) == []
    assert found_in("".join(str(record.args) for record in caplog.records).encode()) == []


def test_every_look_is_on_record_and_told_to_those_who_watch(tmp_path: Path) -> None:
    with house(tmp_path) as running:
        running.give("/intake/cases/c-1/register-case", petition(person=PERSON))
        path = "/intake/cases/c-1/open-petitioner"
        for role in (Role.AUDITOR, Role.SUPERVISOR, Role.UNIT_HEAD, Role.SYSTEM):
            refused = running.ask("POST", path, role, unit="柳林镇", json={"purpose": "看看"})
            assert (refused.status_code, found_in(refused.content)) == (403, [])
        assert running.ask("POST", path, Role.HANDLER, unit="别处", json={"purpose": "看看"}).status_code == 403
        assert running.ask("POST", path, json={"purpose": " "}).status_code == 422
        running.give(path, {"purpose": "电话回访"}, Role.HANDLER, unit="柳林镇", who="李某")
        looks = running.get("/intake/cases/c-1/petitioner-looks", Role.AUDITOR)
        assert [(look["actor_id"], look["action"], look["purpose"]) for look in looks] == [("李某", "read", "电话回访")]
        assert looks[0]["at"].startswith("2026-11-20T04:0")
        assert running.ask("GET", "/intake/cases/c-1/petitioner-looks", Role.HANDLER, unit="柳林镇").status_code == 403
