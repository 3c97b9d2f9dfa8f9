"""办理经过: what has come of a live notice: answered, rectified, judged, made up for, or missed. Pure."""

from dataclasses import dataclass, replace
from datetime import date

from services.supervision.cited import Cited
from shared.events.supervision import (
    NoticeAnswered,
    NoticeIssued,
    NoticeSupplemented,
    RectificationJudged,
    RectificationReported,
    SupervisionFact,
)
from shared.terms import Missed, NoticeLevel

OFFICE = "joint-meeting"
"""To whom a notice about the petition office itself goes: its own failings are not for it to follow (信访工作条例 Art 43)."""
PETITION_OFFICE = "信访部门"
"""The unit that a failing of the petition office is about, and that answers where nobody else does."""
LAST_RUNG = [*NoticeLevel][-1]
"""Above it only named humans decide."""


@dataclass(frozen=True)
class Course:
    """A live notice, with what it carries on from those that it follows."""

    notice: NoticeIssued
    fact_id: str
    by: date | None
    """The day by which the next step is owed; None when none is."""
    owed: Missed = Missed.ANSWER
    """What is missed when that day goes by."""
    answered: NoticeAnswered | None = None
    report: RectificationReported | None = None
    """A report on which no supervisor has spoken yet. While it waits nothing is the unit's to do."""
    redo: bool = False
    """Whether a supervisor has said that it is not done, and not yet that it is."""
    added: frozenset[str] = frozenset()
    """Findings that have come up since and were told as well. They go up with it to a next rung that leaves time to answer,
    never to the last.
    """
    before: tuple["Course", ...] = ()
    """What had come of the notices that it follows, in their order."""

    @property
    def about_office(self) -> bool:
        """Whether it is about the petition office itself."""
        return self.notice.addressee.role == OFFICE

    @property
    def on_last_rung(self) -> bool:
        """Whether it goes no further up: it stands until humans have decided."""
        return self.notice.level is LAST_RUNG

    @property
    def keep_by(self) -> date | None:
        """The day that the addressee has to keep."""
        return None if self.report else self.by

    @property
    def unfinished(self) -> bool:
        """Whether it stays until a supervisor says that it is done, though nothing is found any more."""
        return self.redo or self.report is not None

    @property
    def told(self) -> Cited:
        """How a verdict names the notice."""
        on = self.notice.issued_on
        return Cited(id=self.fact_id, type="NoticeIssued", on=on, why_zh="督办", why_en="the notice")

    def followed_by(self, notice: NoticeIssued, fact_id: str) -> "Course":
        """The next rung: its own day counts; what was to be made up for still is, and the missed day stays."""
        before = (*self.before, replace(self, before=()))
        return Course(notice, fact_id, notice.due_on, redo=self.redo, before=before)

    def taking_in(self, standing: "Course") -> "Course":
        """With the matters of another that stood on the last rung: they go on here, and the days that were missed stay."""
        return replace(self, before=(*standing.before, replace(standing, before=()), *self.before))

    def after(self, fact: SupervisionFact) -> "Course":
        """The course after one more word about it."""
        match fact:
            case NoticeAnswered(rectify_by=None):
                return replace(self, answered=fact)
            case NoticeAnswered():
                return replace(self, answered=fact, by=fact.rectify_by, owed=Missed.RECTIFICATION)
            case NoticeSupplemented():
                return replace(self, added=self.added | {*fact.findings})
            case RectificationReported():
                return replace(self, report=fact)
            case RectificationJudged(done=True):
                return replace(self, report=None, redo=False, by=None)
            case RectificationJudged():
                return replace(self, report=None, redo=True, by=fact.redo_by, owed=Missed.REDO)
            case _:
                return self


def opened(notice: NoticeIssued, fact_id: str) -> Course:
    """The course of a notice that follows none."""
    return Course(notice, fact_id, notice.due_on)
