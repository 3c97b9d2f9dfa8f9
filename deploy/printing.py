"""How results look on a terminal: tables for people, one JSON object for programs."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from services.intake.ledger import Ledger, Refusal, SheetKind
from shared.terms import (
    Awaited,
    BacklogCriterion,
    CaseState,
    Grade,
    Kept,
    Mark,
    Measure,
    Missed,
    NoticeLevel,
    NoticeState,
    Promised,
    ReportedTo,
    Term,
)

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

SHOWN = 300
"""Characters of a fact that a table shows; `--json` gives all."""


def as_json(value: Any) -> None:
    """Print a value as one JSON document."""
    print(json.dumps(value, ensure_ascii=False, indent=2, default=str))  # noqa: T201 - rich would wrap it


def label(terms: type[Term], value: str | None) -> str:
    """The Chinese word for a term's value."""
    return next((word.label for word in terms if word.value == value), "—")


def line(*said: str | tuple[str, str], style: str = "") -> None:
    """Print one line, whatever stands in it: parts of it may be styled, as (text, style)."""
    out.print(Text.assemble(*said, style=style), soft_wrap=True)


def say(text: str) -> None:
    """Tell, beside the output, what happens."""
    err.print(text, markup=False, soft_wrap=True)


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Print a table; long texts fold."""
    shown = Table(title=title, title_justify="left", title_style="bold", expand=False)
    for column in columns:
        shown.add_column(column, overflow="fold")
    for row in rows:
        shown.add_row(*(Text("—" if value is None else str(value)) for value in row))
    out.print(shown)


def counts(rows: Sequence[Mapping[str, Any]], by: str) -> None:
    """Cases and stalled cases by a column."""
    shown = [(label(CaseState, row[by]) if by == "state" else row[by], row["cases"], row["stalled"]) for row in rows]
    total = ("合计 total", sum(row["cases"] for row in rows), sum(row["stalled"] for row in rows))
    table("在册案件 / cases on the books", (by, "件数 cases", "其中空转 stalled"), [*shown, total])


def cases(rows: Sequence[Mapping[str, Any]]) -> None:
    """A list of cases, each by its number, or by its id when it has none: every command takes either."""
    table(
        "案件 / cases",
        ("案件 case", "状态", "责任单位", "包案领导", "收到", "空转自"),
        [
            (
                row["original_number"] or row["case_id"],
                label(CaseState, row["state"]),
                row["unit"],
                row["leader"],
                row["received_on"],
                row["stalled_since"],
            )
            for row in rows
        ],
    )


def stalled(rows: Sequence[Mapping[str, Any]]) -> None:
    """Stalled cases, each with its reason in a sentence."""
    line((f"挂账空转 / stalled: {len(rows)}", "bold"))
    for row in rows:
        leader = row["leader"] or "无包案领导 no leader"
        head = f"{row['original_number'] or row['case_id']}  {row['unit']}  {leader}  自 since {row['stalled_since']}"
        line(head)
        line(f"    {row['stall_zh']}", style="dim")


def notices(rows: Sequence[Mapping[str, Any]], *, why: bool = True) -> None:
    """Notices and to whom; the highest rung first."""
    line((f"督办通知 / notices: {len(rows)}", "bold"))
    for row in rows:
        level, number = label(NoticeLevel, row["level"]), row["original_number"] or row["case_id"]
        if row["case_id"].startswith("book-"):
            number = "单位问题 of the unit"
        by = row["redo_by"] or row["rectify_by"] or row["due_on"] or "—"
        state = label(NoticeState, row["state"]) + ("，" + label(Missed, row["missed"]) if row["missed"] else "")
        head = (
            f"{level} → {row['addressee']}（{row['unit']}）  {number}  {row['issued_on']} 发出，{state}，限期 due {by}"
        )
        line(head)
        if why:
            line(f"    {row['sentence_zh']}", style="dim")


def waiting(said: Mapping[str, Any]) -> None:
    """What waits for an answer; what is late is said to be."""

    def about(row: Mapping[str, Any]) -> str:
        return label(BacklogCriterion, row["ref"]) if row["item"] == Awaited.BACKLOG else f"{row['ref']}"

    table(
        f"待办 / waiting: {said['total']}",
        ("事项", "编号 number", "责任单位", "包案领导", "提出", "到期 due"),
        [
            (
                label(Awaited, row["item"]) + (f"（{about(row)}）" if row["ref"] else ""),
                row["original_number"] or row["case_id"],
                row["unit"],
                row["leader"],
                row["since"],
                f"{row['due_on']}（逾期 late）" if row["overdue"] else row["due_on"],
            )
            for row in said["waiting"]
        ],
    )


def commitments(said: Mapping[str, Any]) -> None:
    """What was to be done by a day, and how that stands."""
    table(
        f"承诺事项 / commitments: {said['total']}",
        ("事项", "来源", "编号 number", "责任人 who", "责任单位", "包案领导", "期限 due", "兑现情况"),
        [
            (
                row["what"],
                label(Promised, row["source"]),
                row["original_number"] or row["case_id"],
                row["who"],
                row["unit"],
                row["leader"],
                row["due_on"],
                label(Kept, row["state"]) + (f" {row['overdue_days']} 天 days" if row["overdue_days"] else ""),
            )
            for row in said["commitments"]
        ],
    )


def unit_findings(rows: Sequence[Mapping[str, Any]]) -> None:
    """What was found of units across their cases, each in a sentence."""
    if rows:
        line((f"单位问题 / found of units: {len(rows)}", "bold"))
    for row in rows:
        over = "" if row["open"] else "（已消除 resolved）"
        head = f"{row['unit']}  {row['name']}{over}  自 since {row['since']}  {row['book_id']}/{row['finding_id']}"
        line(head)
        line(f"    {row['sentence_zh']}", style="dim")


def scores(said: Mapping[str, Any]) -> None:
    """Units' quarters, each point with its fact."""
    line((f"季度考核 / scores {said['quarter']}", "bold"), f"  {said['policy']}")
    for score in said["scores"]:
        line(f"{score['unit']}  {score['points']:+d}")
        for item in score["items"]:
            traced = f"    {item['points']:+d}  {item['on']}  {label(Mark, item['mark'])}  {item['fact_id']}"
            line(traced, style="dim")


def annual(said: Mapping[str, Any]) -> None:
    """The annual report: what Art 41 lists, to whom it was reported, and how units were assessed. What is none is left out."""
    line((f"年度报告 / annual report {said['year']}", "bold"), f"  {said['region']}  截至 as known at {said['as_of']}")
    for section in said["sections"]:
        line(f"({section['number']}) {section['title']}")
        for figure in section["figures"]:
            share = "" if figure["of"] is None else f" ÷ {figure['of']}"
            share += "" if figure["rate"] is None else f" = {figure['rate']:.1%}"
            if figure["number"] or figure["of"]:
                line(f"    {figure['label']}  {figure['number']}{share}")
    for sent in said["submissions"]:
        line(f"报送{label(ReportedTo, sent['to'])}：{sent['submitted_on']}  {sent['document']}  {sent['other']}")
    for unit in said["assessments"]:
        told = f"通报 {unit['circulated_on']}" if unit["circulated_on"] else "尚未通报"
        line(f"考核 {unit['unit']}：{label(Grade, unit['grade'])}  {unit['points']:+d}  {told}  {unit['reasons']}")


def campaigns(said: Sequence[Mapping[str, Any]]) -> None:
    """Campaigns: targets beside what speaks against them, and reports that were missed."""
    for one in said:
        line((one["campaign"], "bold"), f"  {one['name']}  {one['phase'] or '未开始'}")
        for f in one["figures"]:
            share = "—" if f["rate"] is None else f"{f['rate']:.1%}"
            aim = (
                f"{label(Measure, f['measure'])} {share} = {f['numerator']} ÷ {f['denominator']}，目标 {f['percent']}%"
            )
            line(f"    {aim}")
        beside = f"反弹 {one['relapsed']}，重复信访 {one['repeats']}，仍存在的问题 {one['open_findings']}"
        line(f"    {beside}")
        for row in one["filings"]:
            if row["missed"]:
                late = f"，迟报 {row['filed_on']}" if row["filed_on"] else ""
                line(f"    未按期报送：{row['unit']}  {row['report']}  限期 {row['due_on']}{late}")
            for f in row["figures"]:
                if f["differs"]:
                    ours = f"所报 {f['cases']}/{f['total']}，台账 {f['counted_cases']}/{f['counted_total']}"
                    what = f"{row['unit']}  {row['report']}  {label(Measure, f['measure'])}"
                    line(f"    报数与台账不符：{what}  {ours}")


def rate(said: Mapping[str, Any]) -> None:
    """The resolution rate with both its numbers."""
    percent = "—" if said["rate"] is None else f"{said['rate']:.1%}"
    line(
        ("化解率 / resolution rate", "bold"),
        f" {percent} = {said['numerator']} ÷ {said['denominator']}",
        f"（{said['definition']}；反弹 relapsed {said['relapsed']}，不予受理 refused {said['refused']}）",
    )


def file_read(ledger: Ledger) -> None:
    """How the sheets of a file were understood."""
    for sheet in ledger.mapping:
        first, last = sheet.header_rows
        taken = [f"{c.field.label} ← {c.letter} {c.header}" for c in sheet.columns if c.field]
        kept = [f"{c.letter} {c.header}" for c in sheet.columns if not c.field]
        line(f"{sheet.sheet}（{sheet.kind.label}，表头第 {first}-{last} 行 / header rows）")
        line(f"  {'；'.join(taken)}")
        if kept and sheet.kind is SheetKind.CASES:
            line(f"  原样保留 / kept as they are: {'；'.join(kept)}")
        elif kept:
            line(f"  未导入 / left out: {'；'.join(kept)}")
    for caution in ledger.warnings[:20]:
        where = f"{caution.sheet} 第 {caution.row} 行 " if caution.row else f"{caution.sheet} "
        line(f"  注意 note: {where}{caution.column} {caution.zh} / {caution.en}")
    if ledger.ignored:
        line(f"  未导入的工作表 / sheets that were left out: {'、'.join(ledger.ignored)}")


def refusals(rows: Sequence[Refusal], errors_file: Path | None) -> None:
    """The first refused rows with the reasons, and where all of them are."""
    for refusal in rows[:20]:
        said = f"{refusal.reason_zh} / {refusal.reason_en}"
        line(f"  {refusal.sheet} 第 {refusal.row} 行 {said}")
    if errors_file:
        line(f"退回的行已写入 / refused rows are in: {errors_file}")


def organisation(said: Mapping[str, Any]) -> None:
    """The units of a day below one another, each with who holds its posts."""
    units = {unit["unit_id"]: unit for unit in said["units"]}
    tree = Tree(f"机构名册 / units and posts, {said['on']}")
    branches: dict[str | None, Tree] = {None: tree}

    def branch(unit_id: str | None, above: frozenset[str] = frozenset()) -> Tree:
        """Where a unit hangs; one whose superior is not known, or is below itself, hangs at the top."""
        if unit_id not in units or unit_id in above:
            return tree
        if unit_id not in branches:
            unit = units[unit_id]
            upper = branch(unit["superior"], above | {unit["unit_id"]})
            branches[unit_id] = upper.add(Text(f"{unit['name']}  {unit['region']}  {unit_id}"))
            for post in unit["posts"]:
                branches[unit_id].add(Text(_post(post), style="dim"))
        return branches[unit_id]

    for unit_id in units:
        branch(unit_id)
    out.print(tree, soft_wrap=True)


def _post(post: Mapping[str, Any]) -> str:
    who, marks = post["official"], ["主要负责人"] if post["heads_unit"] else []
    marks += ["请假"] if post["away"] else []
    marks += [f"{delegate['name']}代" for delegate in post["delegates"]]
    said = f"{who['post']} {who['name']}（{who['id']}）自 since {post['since']}"
    return "  ".join((said, *marks, *filter(None, [post["remit"]])))


def explained(said: Mapping[str, Any]) -> None:
    """A verdict's derivation, rule by rule."""
    about = said.get("case_id") or said["unit"]
    line((about, "bold"), f"  截至 as of {said['as_of']}  口径 policy {said['policy']}")
    if said.get("waiting_for_history_until"):
        line(f"补录未完成，{said['waiting_for_history_until']} 前不作评判 / waiting for earlier history")
    for rule in said["rules"]:
        mark = ("● ", "red") if rule["shows"] else ("○ ", "green")
        line(mark, (rule["name"], "bold"), f" ({rule['rule']})  {rule['zh']}")
        line(f"    {rule['en']}", style="dim")
        for step in rule["arithmetic"]:
            line(f"    {step}")
        for word, facts in (("计入 counted", rule["counted"]), ("不计 ignored", rule["ignored"])):
            for fact in facts:
                why = f"{fact['why_zh']} / {fact['why_en']}"
                line(f"    {word}: {fact['on']} {fact['type']} {why}  [{fact['id']}]")
        if rule["changes_on"]:
            line(f"    {rule['changes_on']} 起结论会变 / changes on that day unless something is done")
        line(f"    依据 basis: {rule['basis']}", style="dim")
    if notice := said["notice"]:
        to, level = notice["addressee"]["name"], label(NoticeLevel, notice["level"])
        line(f"在办通知 live notice: {level} → {to}，限期 {notice['due_on']}")
    line(f"下次复核 next change: {said['next_change'] or '—'}")


def history(facts: Sequence[Mapping[str, Any]]) -> None:
    """A case's facts: when recorded, when claimed to have happened, by whom, and what."""
    rows = []
    for fact in facts:
        said = {name: value for name, value in fact["data"].items() if value not in (None, "", [], {})}
        text = json.dumps(said, ensure_ascii=False)
        mark = "（补录）" if fact.get("importedfrom") else ""
        rows.append(
            (
                fact["time"][:19],
                fact["occurredat"][:10],
                fact["type"].removeprefix("huajie.") + mark,
                fact["actorid"],
                text if len(text) <= SHOWN else f"{text[:SHOWN]}…",
            )
        )
    table("案件历史 / history", ("记录 recorded (UTC)", "发生 occurred", "事实 fact", "何人 by", "内容"), rows)
