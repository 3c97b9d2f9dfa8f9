"""进展: what casework says about how things stand."""

from datetime import date
from typing import ClassVar

from shared.events.casework.spoken import CaseworkFact
from shared.events.fact import Official


class ProgressReported(CaseworkFact):
    """进展汇报: somebody wrote how things stand. A report is not progress."""

    occurred: ClassVar[str] = "reported_on"

    report_id: str
    reported_on: date
    text: str
    visits: int | None = None
    """报数: how many visits it says were made in the case in the month up to this day; None when it gives no figure."""
    meetings: int | None = None
    """The same of meetings."""


class PolicyProblemReported(CaseworkFact):
    """政策性问题反馈: a unit says where a policy itself makes for petitions, and how to mend it (Art 40; seed plan D6)."""

    occurred: ClassVar[str] = "reported_on"

    reported_on: date
    unit: str
    policy: str
    """Which policy or rule."""
    problem: str
    proposal: str


class LateEntryExplained(CaseworkFact):
    """补录说明: why what had happened earlier was written down only on this day; said on the day itself, of what the unit entered
    in the case on it (信访工作条例 Art 21: 及时).
    """

    occurred: ClassVar[str] = "entered_on"

    entered_on: date
    reason: str
    by: Official
    done_from: date | None = None
    """It is said of what was done from this day; None where it was said of everything, before a reason had to say of what."""
    done_until: date | None = None
    """It is said of what was done until this day, that day included; None as before."""

    def covers(self, day: date) -> bool:
        """Whether it is said of what was done on a day: a week without a line does not explain what lay there before it."""
        return (self.done_from or day) <= day <= (self.done_until or day)


class HistoryImported(CaseworkFact):
    """补录完成: what a ledger claims of the time before this system has been laid down; verdicts are fair from here on."""

    steps: int
