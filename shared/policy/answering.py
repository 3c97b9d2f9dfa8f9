"""What a policy says about suggestions, treatments, inspections and looking back. Pure."""

from pydantic import Field

from shared.deadlines import Limit
from shared.policy.table import Count, Table, Text
from shared.terms import Body


class Suggestions(Table):
    """三项建议: within how many calendar days they are answered. Art 40 names no number; local rules say 30."""

    answer_days: Count = 30
    basis: Text = "《信访工作条例》第四十条"

    @property
    def limit(self) -> Limit:
        """The time to answer as a limit."""
        return Limit(self.answer_days, "calendar", "next-day", "none", self.basis)


class Retaliations(Table):
    """打击报复的反映: after how many days without a decision supervisors and auditors are told that it waits; None tells never.

    No rule goes by it, and it accuses nobody.
    """

    days: Count | None = None


class TreatmentRule(Table):
    """处理措施: which bodies may decide on it, and by which text."""

    bodies: tuple[Body, ...] = Field(min_length=1)
    basis: Text


class Inspections(Table):
    """实地督查: how many go, at least."""

    members: Count = 2


class ReverseInquiries(Table):
    """倒查: within how many calendar days it is concluded."""

    days: Count = 30
    basis: Text = "工作方案：办结后同一事项再次出现的，倒查办理过程"

    @property
    def limit(self) -> Limit:
        """The time to conclude as a limit."""
        return Limit(self.days, "calendar", "next-day", "none", self.basis)
