"""六有归档: what casework says about the papers of a case. The files themselves are kept beside the log, by their digest."""

from datetime import date
from typing import ClassVar

from shared.events.casework.spoken import CaseworkFact
from shared.events.fact import Official
from shared.terms import DocumentKind, PaperForm


class FileReceived(CaseworkFact):
    """收件: a file came in for the case and is kept by this system. What paper it is, `DocumentFiled` says."""

    occurred: ClassVar[str] = "received_on"

    sha256: str
    size: int
    """Bytes."""
    media_type: str
    received_on: date


class DocumentFiled(CaseworkFact):
    """归档: a paper of the case was filed (seed plan D1: 六有)."""

    occurred: ClassVar[str] = "dated_on"
    done_by: ClassVar[str] = "signer"

    document_id: str
    kind: DocumentKind
    number: str
    dated_on: date
    signer: Official | None = None
    sha256: str
    size: int
    media_type: str
    kept_at: str
    """档案位置: where the paper itself lies; empty for a file that this system keeps."""
    form: PaperForm | None = None
    """表册: which form of a plan it is, of other material."""


class DocumentWithdrawn(CaseworkFact):
    """撤回归档: a paper was filed by mistake. What was said of it stays on record."""

    occurred: ClassVar[str] = "withdrawn_on"

    document_id: str
    withdrawn_on: date
    reason: str
