"""What supervision 督查 says. It speaks of units and officials, never of petitioners."""

from datetime import date, datetime
from typing import ClassVar

from shared.events.fact import Fact, Official, Value
from shared.terms import FindingKind, NoticeLevel


class SupervisionFact(Fact, speaker="supervision"):
    """A fact spoken by supervision."""


class Evidence(Value):
    """A fact that a verdict counted or ignored: which, of what kind, when it happened, and why it was so judged."""

    id: str
    type: str
    on: date
    why_zh: str = ""
    why_en: str = ""


class FindingRaised(SupervisionFact):
    """问题线索: a rule of the policy found something; the unit may answer it."""

    occurred: ClassVar[str] = "since"

    finding_id: str
    rule: str
    name: str
    kind: FindingKind
    basis: str
    policy: str
    since: date
    as_of: datetime
    sentence_zh: str
    sentence_en: str
    counted: tuple[Evidence, ...]
    ignored: tuple[Evidence, ...]
    arithmetic: tuple[str, ...]


class FindingRestated(FindingRaised):
    """问题更正: the finding still holds, on another ground than it was raised on; this says the whole of it anew.

    A fact that came late, or a new policy, can move the day since which it holds. The finding stays the same one.
    """


class FindingResolved(SupervisionFact):
    """问题消除: what the rule found is no longer so."""

    finding_id: str
    rule: str
    as_of: datetime
    sentence_zh: str
    sentence_en: str


class CaseStalled(SupervisionFact):
    """挂账空转: the case is on the books but idle. Said again when what makes it so has changed."""

    occurred: ClassVar[str] = "since"

    since: date
    rules: tuple[str, ...]
    sentence_zh: str
    sentence_en: str
    policy: str


class StallCleared(SupervisionFact):
    """空转解除: nothing that made the case count as idle holds any more."""

    as_of: datetime


class Addressee(Value):
    """被督办对象: who answers for the case. Never nobody: leader, else unit head, else the dispatching office."""

    role: str
    name: str
    unit: str
    person: Official | None = None
    """Who that is, where it is known: the owner leader, or who held the head's post on the day."""
    acting: Official | None = None
    """代行: who acts for them while they are on leave, and is told as well. Who is away stays answerable (seed plan D6)."""


class NoticeIssued(SupervisionFact):
    """督办通知: an official is told what is wrong and by when it must be answered (信访工作条例 Art 40)."""

    notice_id: str
    level: NoticeLevel
    addressee: Addressee
    findings: tuple[str, ...]
    sentence_zh: str
    sentence_en: str
    issued_on: date
    due_on: date | None
    follows: str | None = None
    policy: str


class NoticeClosed(SupervisionFact):
    """督办销号: what the notice asked for has happened."""

    notice_id: str
    as_of: datetime


class SweepSkipped(Value):
    """A case that a sweep did not decide, and why."""

    case_id: str
    reason: str


class SweepCompleted(SupervisionFact):
    """巡查: one pass over the cases whose answer could have changed, with its proof of completeness (law 8)."""

    as_of: datetime
    policy: str
    cases: int
    due: int
    decided: int
    skipped: tuple[SweepSkipped, ...]
    positions: dict[str, int]
