"""督办: what supervision says about who was told of what, and what came of it."""

from datetime import date, datetime
from typing import ClassVar

from shared.events.fact import Official, Value
from shared.events.supervision.spoken import SupervisionFact
from shared.terms import Missed, NoticeLevel, ServedHow


class Addressee(Value):
    """被督办对象: who answers for the case. Never nobody: leader, else unit head, else the dispatching office."""

    role: str
    name: str
    unit: str
    person: Official | None = None
    """Who that is, where it is known: the owner leader, or who held the head's post on the day."""
    acting: Official | None = None
    """代行: who acts for them while they are on leave, and is told as well. Who is away stays answerable (seed plan D6)."""


class LimitApproached(SupervisionFact):
    """临期提醒: so much of a time limit is used up. Nothing is wrong yet, and nothing is found."""

    rule: str
    name: str
    share: int
    """Percent of the limit."""
    started_on: date
    due_on: date
    addressee: Addressee
    sentence_zh: str
    sentence_en: str
    policy: str


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


class NoticeSupplemented(SupervisionFact):
    """督办补充告知: what has come up since is told while a notice is live, and is answered with it. Its day stays as it was."""

    occurred: ClassVar[str] = "told_on"

    notice_id: str
    addressee: Addressee
    findings: tuple[str, ...]
    sentence_zh: str
    sentence_en: str
    told_on: date
    policy: str


class NoticeServed(SupervisionFact):
    """督办送达: the notice reached its addressee."""

    occurred: ClassVar[str] = "served_on"

    notice_id: str
    served_on: date
    how: ServedHow
    to: str
    """Whoever took it."""


class NoticeAcknowledged(SupervisionFact):
    """督办签收: the addressee has read it."""

    occurred: ClassVar[str] = "acknowledged_on"

    notice_id: str
    acknowledged_on: date
    by: Official


class NoticeAnswered(SupervisionFact):
    """督办答复: the addressee's unit answers. An answer is a word; it gives the time for the deed (信访工作条例 Art 40)."""

    occurred: ClassVar[str] = "answered_on"

    notice_id: str
    answered_on: date
    answer: str
    by: Official
    evidence: tuple[str, ...] = ()
    rectify_by: date | None = None
    """By when what the notice asks for must be done; None when the answer gives no further time."""


class RectificationReported(SupervisionFact):
    """整改报告: what was done about a notice, with its proof."""

    occurred: ClassVar[str] = "reported_on"

    notice_id: str
    report_id: str
    reported_on: date
    what: str
    proof: tuple[str, ...]
    """Ids of facts, or numbers of papers."""
    by: Official


class RectificationJudged(SupervisionFact):
    """整改评判: a named supervisor says whether it is done; what is not is made up for by a day (整改补课, seed plan D10)."""

    occurred: ClassVar[str] = "judged_on"

    notice_id: str
    report_id: str
    judged_on: date
    done: bool
    reasons: str
    by: Official
    redo_by: date | None = None


class NoticeEscalated(SupervisionFact):
    """督办升级: a date of the notice went by, and another notice follows it. The missed date is never overwritten."""

    notice_id: str
    to: str
    missed: Missed
    missed_on: date
    as_of: datetime


class NoticeWithdrawn(SupervisionFact):
    """督办撤回: a named supervisor takes the notice back. It stays on record."""

    occurred: ClassVar[str] = "withdrawn_on"

    notice_id: str
    withdrawn_on: date
    by: Official
    reasons: str
    reissue: bool
    """Whether what is still found is to be told anew, from the first rung; otherwise it draws no further notice."""


class NoticeClosed(SupervisionFact):
    """督办销号: what the notice asked for has happened."""

    notice_id: str
    as_of: datetime
