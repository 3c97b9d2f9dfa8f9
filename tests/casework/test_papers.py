"""Files of a case over HTTP: taken in, kept, found again, never run; seen by whoever may see the case and by nobody else."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services.casework.domain.documents import FileDocument, ReceiveFile
from shared.events.casework import DocumentFiled
from shared.terms import Role
from tests.casework.handling import FILE, OPEN, PAPER, command
from tests.house import House, house
from tests.sample import day
from tests.shared.test_files import UNWANTED
from tests.spec import Spec

LIMIT = 3_000_000
OFFICIAL = {"id": "li", "name": "李某", "post": "副镇长"}


def test_a_file_that_comes_again_on_another_day_is_there_already(here: Spec[Any]) -> None:
    here.given(*OPEN, FILE).when(command(ReceiveFile, received_on=day("2026-11-20"))).then()


def test_a_paper_is_filed_when_its_file_came_in_or_when_it_is_kept_elsewhere(here: Spec[Any]) -> None:
    kept = command(FileDocument, kept_at="")
    here.given(*OPEN).when(kept).then_rejected("file-not-received")
    here.given(*OPEN, FILE).when(kept).then(DocumentFiled(**PAPER.model_dump() | {"kept_at": ""}))
    here.given(*OPEN).when(command(FileDocument)).then(PAPER)
    for wrong in ({"size": 1}, {"media_type": "image/png"}):
        here.given(*OPEN, FILE).when(command(FileDocument, kept_at="", **wrong)).then_rejected("not-the-file-received")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("house"), max_file_bytes=LIMIT) as it:
        yield it


def case(running: House, **said: Any) -> str:
    return running.arrived(running.register(**said))


def send(running: House, case_id: str, data: bytes, name: str | None = "答复.docx", **more: Any) -> Any:
    headers = {} if name is None else {"content-disposition": f'attachment; filename="{name}"'.encode()}
    return running.ask("POST", f"/casework/cases/{case_id}/files", headers=headers, content=data, **more)


def pdf() -> bytes:
    """A file that nobody else has sent."""
    return b"%PDF-1.7\n" + os.urandom(200)


def file(running: House, case_id: str, sent: Any, document_id: str = "d-1") -> None:
    body = {k: v for k, v in sent.json().items() if k != "also_filed"}
    said = {"document_id": document_id, "kind": "case-file", "dated_on": "2026-02-01"}
    running.give(f"/casework/cases/{case_id}/file-document", body | said)


def test_a_file_that_is_sent_comes_back_to_be_saved_and_never_run(running: House) -> None:
    case_id, data = case(running), pdf()
    sent = send(running, case_id, data, "答复.pdf")
    digest = hashlib.sha256(data).hexdigest()
    assert (sent.status_code, sent.json()) == (
        201,
        {"sha256": digest, "size": len(data), "media_type": "application/pdf", "also_filed": []},
    )
    back = running.ask("GET", f"/casework/cases/{case_id}/files/{digest}", Role.HANDLER, unit="柳林镇")
    assert (back.status_code, back.content) == (200, data)
    said = {name: back.headers[name] for name in ("content-type", "x-content-type-options", "content-disposition")}
    assert said == {
        "content-type": "application/pdf",
        "x-content-type-options": "nosniff",
        "content-disposition": f'attachment; filename="{digest[:16]}.pdf"',
    }
    assert "sandbox" in back.headers["content-security-policy"]
    assert "no-store" in back.headers["cache-control"]


def test_the_same_file_again_is_kept_and_said_once(running: House) -> None:
    case_id, data = case(running), pdf()
    answers = [send(running, case_id, data, "a.pdf") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    facts = running.get(f"/casework/cases/{case_id}/facts")["facts"]
    assert [fact["type"] for fact in facts] == ["huajie.casework.FileReceived"]
    assert "a.pdf" not in str(facts)  # how a file is called may name people: it is not kept


def test_where_else_a_file_is_filed_is_said_as_far_as_the_asker_may_see(running: House) -> None:
    mine, other, far = case(running), case(running), case(running, unit="青石镇")
    data = pdf()
    for n, case_id in enumerate((other, far)):
        file(running, case_id, send(running, case_id, data, "a.pdf"), f"d-{n}")
    sent = send(running, mine, data, "a.pdf")
    assert {f["case_id"]: f["document_id"] for f in sent.json()["also_filed"]} == {other: "d-0", far: "d-1"}
    file(running, mine, sent)
    seen = running.get(f"/casework/cases/{mine}/papers", Role.HANDLER, unit="柳林镇")
    (paper,) = seen["papers"]
    assert paper["also_filed"] == [{"case_id": other, "document_id": "d-0"}]
    assert (paper["sha256"], paper["kept_at"], seen["unfiled"]) == (sent.json()["sha256"], "", [])
    assert paper["signer"] is None
    withdrawn = {"document_id": "d-0", "withdrawn_on": "2026-02-02", "reason": "装错案卷"}
    running.give(f"/casework/cases/{other}/withdraw-document", withdrawn)
    (paper,) = running.get(f"/casework/cases/{mine}/papers", Role.HANDLER, unit="柳林镇")["papers"]
    assert paper["also_filed"] == []


def test_to_know_a_digest_is_not_to_have_the_file(running: House) -> None:
    theirs, mine = case(running, unit="青石镇"), case(running)
    data = pdf()
    digest = send(running, theirs, data, "a.pdf").json()["sha256"]
    body = {"document_id": "d-1", "kind": "other", "dated_on": "2026-02-01", "sha256": digest, "size": len(data)}
    body["media_type"] = "application/pdf"
    refused = running.ask("POST", f"/casework/cases/{mine}/file-document", Role.HANDLER, unit="柳林镇", json=body)
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:huajie:problem:file-not-received")
    for case_id, status in ((mine, 404), (theirs, 403)):
        answer = running.ask("GET", f"/casework/cases/{case_id}/files/{digest}", Role.HANDLER, unit="柳林镇")
        assert answer.status_code == status


def test_to_whom_a_file_was_handed_out_is_on_record(running: House) -> None:
    case_id, other, data = case(running), case(running), pdf()
    for each in (case_id, other):
        digest = send(running, each, data, "a.pdf").json()["sha256"]
    looks = f"/casework/cases/{case_id}/file-looks"
    assert running.get(looks, Role.AUDITOR) == []
    for who, unit in (("li", "柳林镇"), ("wang", "柳林镇"), ("li", "柳林镇"), ("sun", "青石镇")):
        running.ask("GET", f"/casework/cases/{case_id}/files/{digest}", Role.HANDLER, unit=unit, who=who)
    running.ask("GET", f"/casework/cases/{other}/files/{digest}", Role.HANDLER, unit="柳林镇", who="zhao")
    running.get(f"/casework/cases/{case_id}/papers", Role.HANDLER, unit="柳林镇", who="qian")
    assert [(look["actor_id"], look["sha256"]) for look in running.get(looks, Role.SUPERVISOR)] == [
        ("li", digest),
        ("wang", digest),
    ]
    assert running.ask("GET", looks, Role.HANDLER, unit="柳林镇").status_code == 403


def test_whom_the_petition_is_about_sees_and_sends_nothing(running: House) -> None:
    case_id, data = case(running), pdf()
    digest = send(running, case_id, data, "a.pdf").json()["sha256"]
    accused = {"named_on": "2026-01-06", "officials": [OFFICIAL]}
    running.give(f"/intake/cases/{case_id}/name-accused", accused)
    running.settle()
    for path in (f"files/{digest}", "papers"):
        answer = running.ask("GET", f"/casework/cases/{case_id}/{path}", Role.LEADER, unit="柳林镇", who="li")
        assert answer.status_code == 403
    assert send(running, case_id, data, "a.pdf", role=Role.LEADER, unit="柳林镇", who="li").status_code == 403
    assert running.ask("GET", f"/casework/cases/{case_id}/papers", Role.LEADER, unit="柳林镇").status_code == 200


@pytest.mark.parametrize(
    ("status", "kind", "data", "more"),
    [
        (422, "no-file-name", b"%PDF-", {"name": None}),
        (413, "too-large", b"%PDF-" + b"x" * LIMIT, {"name": "a.pdf"}),
        (415, "unwanted-file", b"MZ", {"name": "a.exe"}),
        (403, "forbidden", b"%PDF-", {"role": Role.AUDITOR}),
        (403, "forbidden", b"%PDF-", {"role": Role.HANDLER, "unit": "青石镇"}),
        (403, "forbidden", b"%PDF-", {"region": "610498"}),
        (401, "unauthenticated", b"%PDF-", {"role": None}),
    ],
)
def test_a_file_that_is_refused_is_not_kept(running: House, status: int, kind: str, data: bytes, more: Any) -> None:
    case_id = case(running)
    answer = send(running, case_id, data, **more)
    assert (answer.status_code, answer.json()["type"]) == (status, f"urn:huajie:problem:{kind}")
    assert answer.headers["content-type"] == "application/problem+json"
    assert running.get(f"/casework/cases/{case_id}/facts")["facts"] == []
    assert not kept(running, data)


@pytest.mark.parametrize(("name", "data"), UNWANTED)
def test_nothing_that_runs_comes_in(running: House, name: str, data: bytes) -> None:
    answer = send(running, case(running), data, name)
    assert (answer.status_code, answer.json()["type"]) == (415, "urn:huajie:problem:unwanted-file")


def test_a_file_of_no_case_is_refused(running: House) -> None:
    assert send(running, "nowhere", pdf(), "a.pdf").status_code == 404
    assert running.ask("GET", f"/casework/cases/{case(running)}/files/{'0' * 64}").status_code == 404
    assert running.ask("GET", f"/casework/cases/{case(running)}/files/x").status_code == 422


def test_a_file_that_is_gone_is_told_as_gone(running: House) -> None:
    case_id, data = case(running), pdf()
    digest = send(running, case_id, data, "a.pdf").json()["sha256"]
    (place,) = kept(running, data)
    place.unlink()
    answer = running.ask("GET", f"/casework/cases/{case_id}/files/{digest}")
    assert (answer.status_code, answer.json()["type"]) == (404, "urn:huajie:problem:file-missing")


def test_when_files_cannot_be_kept_nothing_is_said(running: House) -> None:
    case_id, data = case(running), pdf()
    digest = hashlib.sha256(data).hexdigest()
    blocked = running.settings.data / "files" / digest[:2]
    if blocked.exists():
        blocked = blocked / digest[2:4]
    blocked.write_text("a file where a folder should be")
    answer = send(running, case_id, data, "a.pdf")
    blocked.unlink()
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:huajie:problem:files-unavailable")
    assert running.get(f"/casework/cases/{case_id}/facts")["facts"] == []


def kept(running: House, data: bytes) -> list[Path]:
    return list((running.settings.data / "files").rglob(hashlib.sha256(data).hexdigest()))
