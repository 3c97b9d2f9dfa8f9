"""六有归档: the register of a case's papers. Pure."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from services.casework.domain.case import Case
from services.casework.domain.desk import HANDLING, CaseCommand, Desk, Rules, filed
from shared.decider import WHOLE, Day, Name, Note, Rejected, Text
from shared.events.casework import CaseworkFact, DocumentFiled, DocumentWithdrawn, FileReceived
from shared.given import Person
from shared.terms import DocumentKind, PaperForm, Role

SIX: Mapping[str, tuple[DocumentKind, ...]] = {
    "有基本案情材料": (DocumentKind.CASE_FILE,),
    "有交办案件台账及交办函": (DocumentKind.LEDGER, DocumentKind.ASSIGNMENT_LETTER),
    "有确定包案领导和责任人的文件或纪要": (DocumentKind.LEADER_PAPER,),
    "有包案领导签字的查办报告": (DocumentKind.HANDLING_REPORT,),
    "有答复信访人的书面材料和回访材料": (DocumentKind.WRITTEN_REPLY, DocumentKind.RETURN_VISIT),
    "有后续跟进帮扶措施": (DocumentKind.FOLLOW_UP,),
}
"""六有 (seed plan D1), each with the papers that it takes. The sixth is follow-up and help, not control of persons."""

MediaType = Literal[
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "image/jpeg",
    "image/png",
    "text/csv",
    "text/plain",
]
"""What may be filed: nothing that runs."""

LARGEST = 1024**3
"""Bytes of one paper. A node may set a lower limit for what it keeps itself."""
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
"""SHA-256, as hex."""
Size = Annotated[int, Field(ge=1, le=LARGEST), WHOLE]


FILING = HANDLING | {Role.REGISTRAR, Role.CALL_BACK}
"""Who files papers: whoever handles, the registrar, and who calls back, for what came of it."""


class ReceiveFile(CaseCommand):
    """收件: a file came in for the case. Given with the file itself: `POST …/files`."""

    when_closed: ClassVar[bool] = True
    roles: ClassVar[frozenset[Role]] = FILING

    sha256: Digest
    size: Size
    media_type: MediaType
    received_on: Day


class FileDocument(CaseCommand):
    """归档: enter a paper in the register of the case: what it is, its number and day, its digest, where it lies.

    A paper that this system keeps is received first (`POST …/files`); of any other, `kept_at` says where it lies.
    """

    when_closed: ClassVar[bool] = True
    roles: ClassVar[frozenset[Role]] = FILING

    document_id: Name
    kind: DocumentKind
    number: Note = ""
    dated_on: Day
    signer: Person | None = None
    sha256: Digest
    size: Size
    media_type: MediaType
    kept_at: Note = ""
    form: PaperForm | None = None
    """表册: of other material, which form of a plan it is."""


class WithdrawDocument(CaseCommand):
    """撤回归档: a paper was filed by mistake. What was said of it stays on record."""

    when_closed: ClassVar[bool] = True
    roles: ClassVar[frozenset[Role]] = HANDLING

    document_id: Name
    withdrawn_on: Day
    reason: Text


def receive_file(desk: Desk, command: ReceiveFile) -> list[CaseworkFact]:
    """Once per file, on whatever day it comes again."""
    if received(desk.case, command.sha256) is not None:
        return []
    return [FileReceived(**dict(command))]


def received(case: Case, sha256: str) -> FileReceived | None:
    """The file of this digest that came in for the case."""
    return next((fact for fact in case.all(FileReceived) if fact.sha256 == sha256), None)


def file_document(desk: Desk, command: FileDocument) -> list[CaseworkFact]:
    """A report that the owner leader has to sign is signed by the owner leader (seed plan D1, ④)."""
    leaders = {fact.leader.id for fact in desk.case.leaders}
    if command.kind is DocumentKind.HANDLING_REPORT and (command.signer is None or command.signer.id not in leaders):
        raise Rejected(
            "not-signed-by-leader",
            "查办报告须由包案领导签字，请填写 signer。",
            "A handling report is signed by the owner leader; give the signer.",
        )
    if command.form is not None and command.kind is not DocumentKind.OTHER:
        raise Rejected(
            "form-of-other-material",
            f"表册（{command.form.label}）归入其他材料：kind 请填 other。",
            f"A form of a plan ({command.form}) is filed as other material: give kind other.",
        )
    if not command.kept_at.strip():
        came = received(desk.case, command.sha256)
        if came is None:
            raise Rejected(
                "file-not-received",
                "本系统没有为本案收到摘要为该 sha256 的文件。请先上传（POST …/files），或在 kept_at 写明原件存放处。",
                "No file of this digest has come in for this case. Send it first (POST …/files), or say in kept_at where the"
                " paper lies.",
            )
        if (came.size, came.media_type) != (command.size, command.media_type):
            raise Rejected(
                "not-the-file-received",
                f"收到的文件为 {came.media_type}，{came.size} 字节，与所填不符。",
                f"The file that came in is {came.media_type} of {came.size} bytes: not what is said here.",
            )
    return filed(desk.case, DocumentFiled(**dict(command)), "document_id")


def withdraw_document(desk: Desk, command: WithdrawDocument) -> list[CaseworkFact]:
    if command.document_id not in {fact.document_id for fact in desk.case.all(DocumentFiled)}:
        raise Rejected(
            "no-such-document",
            f"本案没有编号为 {command.document_id} 的材料。",
            f"This case has no document {command.document_id}.",
        )
    return filed(desk.case, DocumentWithdrawn(**dict(command)), "document_id")


def papers(case: Case) -> list[DocumentFiled]:
    """The papers that are filed, without those that were withdrawn."""
    withdrawn = {fact.document_id for fact in case.all(DocumentWithdrawn)}
    return [fact for fact in case.all(DocumentFiled) if fact.document_id not in withdrawn]


def six_haves(case: Case) -> dict[str, list[DocumentKind]]:
    """六有: which kinds of paper each of the six still lacks; an empty list is a have."""
    kinds = {paper.kind for paper in papers(case)}
    return {name: [kind for kind in wanted if kind not in kinds] for name, wanted in SIX.items()}


RULES: Rules = {ReceiveFile: receive_file, FileDocument: file_document, WithdrawDocument: withdraw_document}
