"""The tables that reports are made of. What ends in `_at`, and what is hidden below, only serves to derive the rest."""

import sqlalchemy as sa

from shared.readmodel import Sheet

CASES = Sheet(
    "cases",
    {
        "registered": sa.Boolean,
        "original_number": sa.Text,
        "received_on": sa.Date,
        "region": sa.Text,
        "channel": sa.Text,
        "categories": sa.Text,
        "headcount": sa.Integer,
        "demand": sa.Text,
        "backlog": sa.Boolean,
        "backlog_at": sa.Text,
        "merged_into": sa.Text,
        "merged_at": sa.Text,
        "route": sa.Text,
        "route_at": sa.Text,
        "refused_on": sa.Date,
        "refused_at": sa.Text,
        "repeats": sa.Integer,
        "links": sa.JSON,
        "moves": sa.JSON,
        "unit": sa.Text,
        "unit_on": sa.Date,
        "due_on": sa.Date,
        "due_at": sa.Text,
        "state": sa.Text,
        "accepted_on": sa.Date,
        "leader_id": sa.Text,
        "leader": sa.Text,
        "leader_at": sa.Text,
        "visits": sa.Integer,
        "last_visit_on": sa.Date,
        "plan_on": sa.Date,
        "extended_days": sa.Integer,
        "demands": sa.Integer,
        "roads": sa.JSON,
        "replies": sa.JSON,
        "quashed_at": sa.Text,
        "replied_on": sa.Date,
        "unanswered": sa.Integer,
        "outcome": sa.Text,
        "reply_at": sa.Text,
        "closed_on": sa.Date,
        "closing_at": sa.Text,
        "relapses": sa.Integer,
        "relapse_at": sa.Text,
        "stalled_since": sa.Date,
        "stall_zh": sa.Text,
        "stall_en": sa.Text,
        "stall_said_on": sa.Date,
        "place": sa.Text,
    },
    indexed=("state", "unit", "leader_id", "original_number", "place"),
    versioned=True,
)
"""案件. `place` sorts a list: the longest stalled first, then the longest on the books. `unit_on` is the day of the fact that
names the unit: whom a name means depends on it."""

RECUSED = Sheet("recused", {"case_id": sa.Text, "official": sa.Text}, indexed=("case_id", "official"))
"""回避: the officials who have to keep away from a case."""
HOLDERS = Sheet("holders", {"case_id": sa.Text, "unit": sa.Text, "on": sa.Date}, indexed=("case_id", "unit"))
"""经手单位: every unit that was ever named as having a case in hand, and so may see it; and when, for names change hands."""

UNITS = Sheet("units", {"document": sa.Text})
"""机构: what was said of units, document by document. Folded, they are the directory."""

FINDINGS = Sheet(
    "findings",
    {
        "case_id": sa.Text,
        "finding_id": sa.Text,
        "rule": sa.Text,
        "name": sa.Text,
        "kind": sa.Text,
        "since": sa.Date,
        "said_on": sa.Date,
        "sentence_zh": sa.Text,
        "sentence_en": sa.Text,
        "basis": sa.Text,
        "policy": sa.Text,
        "counted": sa.JSON,
        "ignored": sa.JSON,
        "arithmetic": sa.JSON,
        "open": sa.Boolean,
        "unit": sa.Text,
        "state": sa.Text,
        "answered_on": sa.Date,
        "decided_on": sa.Date,
        "decided_by": sa.Text,
        "reasons": sa.Text,
    },
    indexed=("case_id",),
    versioned=True,
)
"""问题线索, with the evidence for and against."""

BOOKS = Sheet("books", {"unit": sa.Text, "region": sa.Text, "on": sa.Date}, indexed=("unit",))
"""单位台账: the units that are looked at as a whole, as each was named on a day, by the id of its book: under that lie what
was found of it, and its notices."""

NOTICES = Sheet(
    "notices",
    {
        "case_id": sa.Text,
        "notice_id": sa.Text,
        "level": sa.Text,
        "addressee_role": sa.Text,
        "addressee": sa.Text,
        "unit": sa.Text,
        "sentence_zh": sa.Text,
        "sentence_en": sa.Text,
        "issued_on": sa.Date,
        "due_on": sa.Date,
        "live": sa.Boolean,
        "state": sa.Text,
        "served_on": sa.Date,
        "acknowledged_on": sa.Date,
        "answered_on": sa.Date,
        "rectify_by": sa.Date,
        "reported_on": sa.Date,
        "judged_on": sa.Date,
        "redo_by": sa.Date,
        "missed": sa.Text,
        "place": sa.Text,
    },
    indexed=("case_id", "place"),
    versioned=True,
)
"""督办通知. `place` sorts a list: the highest rung first, then what must be answered soonest."""

TIES = Sheet("ties", {"findings": sa.JSON, "notices": sa.JSON, "proposals": sa.JSON, "upheld_of": sa.JSON})
"""连带: of a notice the findings that it names; of a finding the notices and proposals that name it, and the facts on which it
was upheld."""

REPORTS = Sheet("reports", {"case_id": sa.Text, "reported_on": sa.Date}, indexed=("case_id", "reported_on"))
"""进展汇报: when somebody wrote how a case stands; for what is due every month."""

WAITING = Sheet(
    "waiting",
    {
        "case_id": sa.Text,
        "item": sa.Text,
        "ref": sa.Text,
        "asked_at": sa.Text,
        "answered_at": sa.Text,
        "due_on": sa.Date,
        "returns": sa.JSON,
    },
    indexed=("case_id", "item"),
    versioned=True,
)
"""待办: what was asked for, and when it was answered last; by which day, where whoever asks says so; of return
visits, the days on which any was made."""

COMMITMENTS = Sheet(
    "commitments",
    {
        "case_id": sa.Text,
        "commitment_id": sa.Text,
        "source": sa.Text,
        "what": sa.Text,
        "who": sa.Text,
        "made_on": sa.Date,
        "due_on": sa.Date,
        "binding": sa.Boolean,
        "fulfilled_on": sa.Date,
        "broken_on": sa.Date,
    },
    indexed=("case_id", "due_on"),
    versioned=True,
)
"""承诺事项: what is to be done by a day; a measure binds while its plan is the last. `commitment_id` is casework's name for it."""

PLANS = Sheet("plans", {"plans": sa.JSON})
"""一案一策: the plans of a case in their order, each with its place and the measures that have a day."""

MARKS = Sheet(
    "marks",
    {
        "case_id": sa.Text,
        "unit": sa.Text,
        "on": sa.Date,
        "mark": sa.Text,
        "ref": sa.Text,
        "fact_id": sa.Text,
        "void": sa.Boolean,
    },
    indexed=("unit", "on"),
    versioned=True,
)
"""计分事项: what counts in a unit's quarter, each with the fact that it is traced to; void when that was withdrawn."""

CAMPAIGNS = Sheet(
    "campaigns",
    {
        "name": sa.Text,
        "region": sa.Text,
        "units": sa.JSON,
        "categories": sa.JSON,
        "phases": sa.JSON,
        "targets": sa.JSON,
        "opened_on": sa.Date,
        "ends_on": sa.Date,
        "phase": sa.Text,
        "accepted_on": sa.Date,
        "conclusion": sa.Text,
        "open_cases": sa.JSON,
        "unmet": sa.JSON,
    },
    versioned=True,
)
"""专项. `phase` is the one that began last."""

FILINGS = Sheet(
    "filings",
    {
        "campaign": sa.Text,
        "report": sa.Text,
        "what": sa.Text,
        "unit": sa.Text,
        "due_on": sa.Date,
        "filed_on": sa.Date,
        "days_late": sa.Integer,
        "missed": sa.Boolean,
        "figures": sa.JSON,
        "filed_at": sa.Text,
    },
    indexed=("campaign",),
    versioned=True,
)
"""报送: what each unit of a campaign files by when, and has. `filed_at` is when that was recorded, ISO 8601."""

REGISTERS = Sheet(
    "registers",
    {
        "campaign": sa.Text,
        "document": sa.Text,
        "where": sa.Text,
        "published_on": sa.Date,
        "cases": sa.Integer,
    },
    indexed=("campaign",),
    versioned=True,
)
"""备案公布: the registers of a campaign's cases that were made public."""

DEEDS = Sheet(
    "deeds",
    {
        "case_id": sa.Text,
        "on": sa.Date,
        "item": sa.Text,
        "kind": sa.Text,
        "unit": sa.Text,
        "outcome": sa.Text,
        "fact_id": sa.Text,
        "place": sa.Text,
    },
    indexed=("case_id", "on"),
    versioned=True,
)
"""年报事项: what counts in a region's year, each with the fact that it is traced to."""

SUBMISSIONS = Sheet(
    "submissions",
    {
        "region": sa.Text,
        "year": sa.Integer,
        "to": sa.Text,
        "document": sa.Text,
        "as_of": sa.Text,
        "other": sa.Text,
        "submitted_on": sa.Date,
        "by": sa.Text,
        "fact_id": sa.Text,
    },
    versioned=True,
)
"""年度报告报送: to whom a year was reported."""

ASSESSMENTS = Sheet(
    "assessments",
    {
        "region": sa.Text,
        "year": sa.Integer,
        "unit": sa.Text,
        "grade": sa.Text,
        "points": sa.Integer,
        "as_of": sa.Text,
        "reasons": sa.Text,
        "leaders": sa.JSON,
        "revised_because": sa.Text,
        "assessed_on": sa.Date,
        "circulated_on": sa.Date,
        "by": sa.Text,
        "fact_id": sa.Text,
    },
    versioned=True,
)
"""年度考核: what a year came to for a unit, as last said."""

SHEETS = (
    CASES, HOLDERS, RECUSED, BOOKS, UNITS, FINDINGS, NOTICES, TIES, MARKS, CAMPAIGNS, FILINGS, REPORTS, REGISTERS, DEEDS,
    SUBMISSIONS, ASSESSMENTS, WAITING, COMMITMENTS, PLANS,
)  # fmt: skip
HIDDEN = frozenset(
    {
        "key",
        "known_from",
        "registered",
        "links",
        "moves",
        "unit_on",
        "demands",
        "roads",
        "replies",
        "quashed_at",
        "leader_at",
        "reply_at",
        "closing_at",
        "relapse_at",
        "backlog_at",
        "route_at",
        "merged_at",
        "refused_at",
        "due_at",
        "place",
    }
)
"""What readers are not shown."""
