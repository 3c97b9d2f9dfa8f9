"""What a policy holds: limits, rules, ladders, lists. Pure."""

from datetime import date
from functools import cached_property
from typing import Annotated, Self

from pydantic import Field, SerializeAsAny, field_validator, model_validator

from shared.deadlines import Limit
from shared.policy.answering import Inspections, Retaliations, ReverseInquiries, Suggestions, TreatmentRule
from shared.policy.checklists import Checklist
from shared.policy.handling import Aid, Cadence, Evaluation, GoingDown, Inquiry, Leaders, OpinionTable, ReturnVisits
from shared.policy.petitions import Backlog, Focus, Jurisdiction, MatterClass, Petitions
from shared.policy.rules import RuleTable
from shared.policy.table import Count, Table, Text
from shared.terms import Category, Mark, NoticeLevel, Role, Treatment
from shared.workdays import Impossible


class Limits(Table):
    """法定期限: the limits of the 信访工作条例 (articles beside them), or of the local rules that a place follows."""

    forward: Limit  # 转送交办, Art 22: from receipt to forwarding or assigning
    notice: Limit  # 受理告知, Art 23: from receipt to telling the person in writing
    objection: Limit  # 异议, Art 23: from receipt of a dispatch to "not ours", with reasons
    handling: Limit  # 办结, Art 34: from acceptance to closing
    extension_max: Count  # 延期, Art 34: the most days by which the head of the unit may extend `handling`
    review_request: Limit  # 请求复查, Art 35: from getting the written reply
    review: Limit  # 复查, Art 35: from the request to the written decision
    final_review_request: Limit  # 请求复核, Art 36: from getting the review decision
    final_review: Limit  # 复核, Art 36: from the request to the decision; a hearing suspends it
    acceptance: Limit | None = None  # 受理决定: from receipt to taking it on, where a place sets one (浙江)
    review_acceptance: Limit | None = None  # 复查复核受理决定: from the request to taking it up (山东)
    feedback: Limit | None = (
        None  # 建议反馈: from a suggestion of the petition office to the answer (山东); Art 40 sets none
    )
    extension_by_assigner: bool = False  # 交办件延期 takes the assigning organ's word (山东)


class Why(Table):
    """A reason in both languages."""

    zh: Text
    en: Text


UNLISTED = Why(zh="未列入实质性进展", en="not listed as substantive progress")


class Progress(Table):
    """实质性进展: which facts, by type name, move the idle clock, and why others do not."""

    substantive: tuple[Text, ...] = Field(min_length=1)
    ignored: dict[Text, Why]

    @model_validator(mode="after")
    def _on_one_side(self) -> Self:
        if both := sorted({*self.substantive} & self.ignored.keys()):
            raise Impossible(f"把 {both[0]} 两边都列了，请留一处", f"lists {both[0]} on both sides; keep one")
        return self

    def why_not(self, fact: str) -> Why | None:
        """Why a fact of this type does not move the idle clock; None when it does."""
        return None if fact in self._moving else self.ignored.get(fact, UNLISTED)

    @cached_property
    def _moving(self) -> frozenset[str]:
        return frozenset(self.substantive)


class Rung(Table):
    """A rung of the ladder: by which text, and how many calendar days there are to answer; None awaits no answer.

    Whoever answers in time has `rectify_days` more for the deed; None gives none.
    """

    basis: Text
    answer_days: Count | None = None
    rectify_days: Count | None = None

    @property
    def limit(self) -> Limit | None:
        """The time to answer as a limit, so that it prints its arithmetic."""
        return Limit(self.answer_days, "calendar", "next-day", "none", self.basis) if self.answer_days else None


class Ahead(Table):
    """临期提醒: of which rules' time limits somebody is told when so many percent of one are used up."""

    shares: tuple[Annotated[int, Field(gt=0, lt=100)], ...] = ()
    rules: tuple[Text, ...] = ()


class Notices(Table):
    """督办阶梯: a notice that is not answered in time leads to the next rung."""

    addressees: tuple[Role, ...] = Field(min_length=1)  # the first of these whom the case has is told
    ladder: dict[NoticeLevel, Rung]
    ahead: Ahead = Ahead()
    hearing_days: Count = 10  # how long a unit has to answer a finding before it may be upheld unanswered

    @model_validator(mode="after")
    def _leads_on(self) -> Self:
        for level in NoticeLevel:
            rung = self.ladder.get(level)
            if rung is None or (rung.answer_days is None and level is not NoticeLevel.ACCOUNTABILITY):
                raise Impossible(f"的 ladder 缺 {level} 或其 answer_days", f"lacks ladder.{level} or its answer_days")
        return self


class Policy(Table):
    """督查口径: one version of the values that verdicts follow and name."""

    based_on: Text | None = None  # the version that this one is laid over: what is not said here is said there
    version: Annotated[str, Field(pattern=r"^[a-z][a-z0-9.-]*$")]
    title: Text
    effective_from: date  # in force from the start of this day in Asia/Shanghai
    author: Text
    basis: Text
    limits: Limits
    rules: dict[Text, SerializeAsAny[RuleTable]]  # by the id that findings carry, such as `no-leader`
    progress: Progress
    notices: Notices
    petitions: Petitions = Petitions()
    classes: tuple[MatterClass, ...] = ()
    focus: tuple[Focus, ...] = ()
    backlog: Backlog = Backlog()
    jurisdiction: Jurisdiction = Jurisdiction()
    leaders: Leaders = Leaders()
    going_down: GoingDown = GoingDown()
    cadence: Cadence = Cadence()
    return_visits: ReturnVisits = ReturnVisits()
    inquiry: Inquiry = Inquiry()
    opinion: OpinionTable = OpinionTable()
    aid: Aid = Aid()
    evaluation: Evaluation = Evaluation()
    retaliation: Retaliations = Retaliations()
    checklists: dict[str, Checklist] = Field(default_factory=dict)
    suggestions: Suggestions = Suggestions()
    treatments: dict[Treatment, TreatmentRule] = Field(default_factory=dict)
    inspections: Inspections = Inspections()
    reverse_inquiries: ReverseInquiries = ReverseInquiries()
    scores: dict[Mark, int] = Field(default_factory=dict)  # 季度考核: points per mark; what is not listed has none
    reason: str = ""  # why this version was made

    @field_validator("classes")
    @classmethod
    def _each_category_once(cls, classes: tuple[MatterClass, ...]) -> tuple[MatterClass, ...]:
        listed = [category for matters in classes for category in matters.categories]
        if twice := sorted({category for category in listed if listed.count(category) > 1}):
            raise Impossible(f"把 {twice[0]} 列了两次，请留一处", f"lists {twice[0]} twice; keep one")
        if listed and (left_out := sorted(set(Category) - set(listed))):
            raise Impossible(f"没有列入 {left_out[0]}，请补上", f"leaves {left_out[0]} out; add it")
        return classes
