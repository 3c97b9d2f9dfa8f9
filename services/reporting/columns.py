"""栏目: what stands in the tables of the console, column by column, and which page a cell leads to."""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple
from urllib.parse import urlencode

from services.reporting.english import Words, aside, told
from services.reporting.pages import HOME, term
from shared.events.histories import kind_of
from shared.readmodel import Row
from shared.terms import Awaited, BacklogCriterion, CaseState, Kept, Missed, NoticeLevel, NoticeState, Promised


class Column(NamedTuple):
    """栏: its heading, what it says of a row in the reader's language, where that leads, and how it looks."""

    zh: str
    en: str
    said: Callable[[Row, Words], object]
    looks: str = ""
    to: Callable[[Row], str] = lambda _: ""
    bad: Callable[[Row], bool] = lambda _: False


def unit_page(row: Row) -> str:
    """The page of a unit."""
    return f"{HOME}/unit?{urlencode({'unit': row['unit']})}" if row["unit"] else ""


def about_page(row: Row) -> str:
    """The page of what a row is about: a case, or a unit as a whole; a campaign has none."""
    kind = kind_of(row["case_id"])
    if kind == "book":
        return unit_page(row)
    return "" if kind == "campaign" else f"{HOME}/cases/{row['case_id']}"


def _about(row: Row, t: Words) -> str:
    kind = kind_of(row["case_id"])
    if kind == "book":
        return t("单位", "the unit")
    return str(row["ref"] if kind == "campaign" else row["original_number"] or row["case_id"][:8])


def _as_is(name: str) -> Callable[[Row, Words], object]:
    return lambda row, _: row[name]


def _somebody(name: str) -> Callable[[Row, Words], object]:
    return lambda row, t: row[name] or t("（无）", "(none)")


def _as_of(sentence: str, day: date, t: Words) -> str:
    return sentence + aside(t(f"截至 {day}", f"as of {day}"), t)


def _why_stalled(row: Row, t: Words) -> str:
    return _as_of(t(row["stall_zh"], row["stall_en"]), row["stall_said_on"], t)


def _why_found(row: Row, t: Words) -> str:
    return _as_of(t(row["sentence_zh"], row["sentence_en"]), row["said_on"], t)


def _how_far(row: Row, t: Words) -> str:
    missed = aside(term(Missed, row["missed"], t), t) if row["missed"] else ""
    return term(NoticeState, row["state"], t) + missed


def _awaited(row: Row, t: Words) -> str:
    """What waits; and of what, where that says something to people."""
    item = term(Awaited, row["item"], t)
    if row["item"] == Awaited.BACKLOG:
        return item + aside(term(BacklogCriterion, row["ref"], t), t)
    return item + aside(row["ref"], t) if row["ref"] and kind_of(row["case_id"]) != "campaign" else item


def _kept(row: Row, t: Words) -> str:
    late = t(f" {row['overdue_days']} 天", f" {row['overdue_days']} days") if row["overdue_days"] else ""
    return term(Kept, row["state"], t) + late


ABOUT = Column("编号", "Number", _about, "keep", about_page)
HOLDER = Column("责任单位", "Unit", _somebody("unit"))
LEADER = Column("包案领导", "Leader", _somebody("leader"))
UNIT = Column("单位", "Unit", _as_is("unit"), "", unit_page)

CASES = (
    ABOUT,
    Column("状态", "State", lambda row, t: term(CaseState, row["state"], t), "keep"),
    HOLDER,
    LEADER,
    Column("收到", "Received", _as_is("received_on"), "keep"),
    Column("见面走访", "Visits", _as_is("visits"), "n"),
    Column(
        "空转自", "Stalled since", _as_is("stalled_since"), "keep", bad=lambda row: row["stalled_since"] is not None
    ),
    Column("诉求", "Demand", lambda row, _: row["demand"][:60] + "…" * (len(row["demand"]) > 60), "long"),
)
STALLED = (
    ABOUT,
    HOLDER,
    LEADER,
    Column("空转自", "Since", _as_is("stalled_since"), "keep"),
    Column("为什么", "Why", _why_stalled, "long"),
)
TOLD = (
    Column("层级", "Level", lambda row, t: term(NoticeLevel, row["level"], t), "keep"),
    ABOUT,
    Column("致", "To", lambda row, t: told(row["addressee"], t)),
    Column("单位", "Unit", lambda row, t: told(row["unit"], t)),
    Column("发出", "Issued", _as_is("issued_on"), "keep"),
    Column("办理情况", "State", _how_far, bad=lambda row: row["missed"] is not None),
    Column("限期", "Due", lambda row, _: row["redo_by"] or row["rectify_by"] or row["due_on"], "keep"),
)
NOTICES = (
    *TOLD,
    Column("通知", "Notice", _as_is("notice_id"), "keep"),
    Column("为什么", "Why", lambda row, t: t(row["sentence_zh"], row["sentence_en"]), "long"),
)
WAITING = (
    Column("事项", "What", _awaited),
    ABOUT,
    HOLDER,
    LEADER,
    Column("自", "Since", _as_is("since"), "keep"),
    Column("限期", "Due", _as_is("due_on"), "keep", bad=lambda row: row["overdue"]),
)
COMMITMENTS = (
    Column("要办的事", "What", _as_is("what"), "long"),
    Column("来源", "From", lambda row, t: term(Promised, row["source"], t)),
    ABOUT,
    Column("责任人", "Who", _as_is("who")),
    HOLDER,
    LEADER,
    Column("期限", "Due", _as_is("due_on"), "keep"),
    Column("兑现情况", "Kept", _kept, bad=lambda row: row["state"] in (Kept.OVERDUE, Kept.BROKEN)),
)
FOUND = (
    UNIT,
    Column("问题", "Finding", lambda row, t: t(row["name"], row["rule"].replace("-", " "))),
    Column("自", "Since", _as_is("since"), "keep"),
    Column("为什么", "Why", _why_found, "long"),
)
UNITS = (
    UNIT,
    Column("仍存在的问题", "Open findings", _as_is("open"), "n", bad=lambda row: row["open"] > 0),
    Column("已不存在的", "Ended", _as_is("ended"), "n"),
    Column("案件", "Cases", _as_is("cases"), "n"),
    Column("其中空转", "Stalled", _as_is("stalled"), "n"),
)
