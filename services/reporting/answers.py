"""What reporting answers: the shapes of its documents. Rows leave the database as they are; a test holds them to this."""

from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from shared.terms import (
    CaseState,
    Channel,
    FindingKind,
    FindingState,
    Missed,
    NoticeLevel,
    NoticeState,
    Outcome,
    Route,
)


class Shape(BaseModel):
    """A document of this service."""

    model_config = ConfigDict(extra="forbid")


class CaseRow(Shape):
    """案件: one case as every list and report counts it."""

    case_id: str
    original_number: str | None = Field(description="原编号")
    received_on: date = Field(description="收到日期")
    region: str = Field(description="问题属地 / GB/T 2260 code of the matter")
    channel: Channel = Field(description="渠道")
    categories: str = Field(description="领域，逗号分隔")
    headcount: int = Field(description="人数")
    demand: str = Field(description="诉求（前 200 字，号码已遮蔽）")
    backlog: bool = Field(description="是否认定为积案")
    route: Route | None = Field(description="办理途径；空为未确定，按信访程序 / empty: the petition procedure")
    merged_into: str | None = Field(description="并入的案件")
    refused_on: date | None = Field(description="不予受理之日；其后受理或另行交办的为空 / not taken up, since that day")
    repeats: int = Field(description="重复信访次数")
    unit: str = Field(description="现责任单位；退回后未再交办的为空 / empty when it was sent back and not sent on")
    due_on: date | None = Field(description="最近一次交办、转送的限期 / the date set by the last dispatch")
    state: CaseState = Field(description="状态")
    accepted_on: date | None = Field(description="受理日")
    leader_id: str | None
    leader: str | None = Field(description="包案领导")
    visits: int = Field(description="见面走访次数")
    last_visit_on: date | None
    plan_on: date | None = Field(description="方案日期")
    extended_days: int = Field(description="延期天数，含无效的")
    replied_on: date | None = Field(description="诉求全部答复之日；尚有未答复的、反弹或者答复被撤销后未再答复的为空")
    unanswered: int = Field(description="未答复的诉求数；另走法定途径的不计")
    outcome: Outcome | None = Field(description="最近一次送达的处理意见")
    closed_on: date | None = Field(description="办结日；反弹后为空")
    relapses: int = Field(description="反弹次数")
    stalled_since: date | None = Field(description="挂账空转自；空为未空转")
    stall_zh: str | None
    stall_en: str | None
    stall_said_on: date | None = Field(
        description="何日所说；其中的天数算至该日 / the day to which its days are counted"
    )


class Found(Shape):
    """问题线索: what a rule found, with its evidence, and what people have said of it."""

    finding_id: str
    rule: str
    name: str
    kind: FindingKind
    since: date
    said_on: date = Field(description="何日所说；其中的天数算至该日 / the day to which its days are counted")
    sentence_zh: str
    sentence_en: str
    basis: str = Field(description="依据")
    policy: str = Field(description="口径版本")
    counted: list[dict[str, Any]] = Field(description="计入的事实")
    ignored: list[dict[str, Any]] = Field(description="不计的事实及理由")
    arithmetic: list[str]
    open: bool = Field(description="是否仍存在")
    state: FindingState | None = Field(description="申辩与认定")
    answered_on: date | None = Field(description="申辩日")
    decided_on: date | None = Field(description="认定或撤销日")
    decided_by: str | None = Field(description="认定或撤销人")
    reasons: str | None = Field(description="认定或撤销的理由")


class Finding(Found):
    """问题线索: what was found of a case."""

    case_id: str
    unit: str | None = Field(description="提出时的责任单位")


class Notice(Shape):
    """督办通知: who was told, and by when it must be answered."""

    case_id: str
    original_number: str | None
    notice_id: str
    level: NoticeLevel
    addressee_role: str
    addressee: str
    unit: str
    sentence_zh: str
    sentence_en: str
    issued_on: date
    due_on: date | None
    live: bool
    state: NoticeState | None = Field(description="办理情况")
    served_on: date | None = Field(description="送达日")
    acknowledged_on: date | None = Field(description="签收日")
    answered_on: date | None = Field(description="答复日")
    rectify_by: date | None = Field(description="整改期限")
    reported_on: date | None = Field(description="整改报告日")
    judged_on: date | None = Field(description="评判日")
    redo_by: date | None = Field(description="补课期限")
    missed: Missed | None = Field(description="逾期事项；错过的期限不会被覆盖")


class UnitFinding(Found):
    """问题线索: what was found of a unit across its cases."""

    book_id: str = Field(description="单位台账编号：申辩、认定以此为址 / where it is answered")
    region: str
    unit: str


class UnitFindings(Shape):
    """单位问题: what was found of units across their cases."""

    findings: list[UnitFinding]


class OneCase(CaseRow):
    """案件，连同问题线索和督办通知."""

    findings: list[Finding]
    notices: list[Notice]


class Cases(Shape):
    """A page of cases."""

    cases: list[CaseRow]
    next: str | None = Field(description="下一页的 cursor；空为末页")


class Notices(Shape):
    """A page of notices."""

    notices: list[Notice]
    next: str | None = Field(description="下一页的 cursor；空为末页")
