"""The commands that list: what a running node knows, for people as text and for programs as JSON."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

import typer

from deploy import printing
from deploy.options import VAR, AsOf, Data, Json, client_of, moment
from shared.terms import Awaited, BacklogCriterion, CaseState, Kept, Missed, NoticeLevel, NoticeState, Promised

lists = typer.Typer()
Limit = Annotated[int, typer.Option(min=1, help="最多列多少 / how many are listed at most")]
PAGE = 1000
"""How many rows a service gives at once."""


def listed(get: Callable[..., Any], path: str, key: str, limit: int, **asked: Any) -> dict[str, Any]:
    """The first rows of a list, read page by page; `next` is still there when it goes on."""
    said: dict[str, Any] = get(path, limit=min(limit, PAGE), **asked)
    while said["next"] and (left := limit - len(said[key])) > 0:
        more = get(path, limit=min(left, PAGE), cursor=said["next"], **asked)
        said = {**more, key: [*said[key], *more[key]]}
    return said


@lists.command()
def cases(
    data: Data = VAR,
    state: Annotated[CaseState | None, typer.Option(help="状态 / state")] = None,
    unit: Annotated[str | None, typer.Option(help="责任单位 / unit")] = None,
    leader: Annotated[str | None, typer.Option(help="包案领导 / leader")] = None,
    number: Annotated[str | None, typer.Option(help="原编号 / original number")] = None,
    stalled: Annotated[bool | None, typer.Option(help="只看（不）空转的 / stalled or not")] = None,
    as_of: AsOf = None,
    limit: Limit = 100,
    as_json: Json = False,
) -> None:
    """案件列表 / list cases, longest stalled first."""
    with client_of(data) as client:
        said = listed(
            client.get,
            "/reporting/cases",
            "cases",
            limit,
            state=state and state.value,
            unit=unit,
            leader=leader,
            number=number,
            stalled=stalled,
            as_of=moment(as_of),
        )
    if as_json:
        printing.as_json(said)
    else:
        tell_cases(said["cases"])
        tell_more(said)


def tell_more(said: Mapping[str, Any]) -> None:
    """That a list goes on, where it does: nobody takes a page for the whole."""
    if said.get("next"):
        printing.line("……未列完，请加大 --limit / there are more: give a larger --limit", style="bold")


def tell_cases(rows: Sequence[Mapping[str, Any]]) -> None:
    """A list of cases, each by its number, or by its id when it has none: every command takes either."""
    printing.table(
        "案件 / cases",
        ("案件 case", "状态", "责任单位", "包案领导", "收到", "空转自"),
        [
            (
                row["original_number"] or row["case_id"],
                printing.label(CaseState, row["state"]),
                row["unit"],
                row["leader"],
                row["received_on"],
                row["stalled_since"],
            )
            for row in rows
        ],
    )


@lists.command()
def stalled(data: Data = VAR, limit: Limit = 100, as_json: Json = False) -> None:
    """挂账空转的案件和原因 / stalled cases and why."""
    with client_of(data) as client:
        said = listed(client.get, "/reporting/cases", "cases", limit, stalled=True)
        said["unit_findings"] = client.get("/reporting/unit-findings", open=True)["findings"]
    if as_json:
        printing.as_json(said)
    else:
        tell_stalled(said["cases"], more=bool(said["next"]))
        tell_more(said)
        tell_unit_findings(said["unit_findings"])


def how_many(rows: Sequence[object], *, more: bool) -> str:
    """How many are listed; of a list that goes on, that there are more than that."""
    return f"{len(rows)}{'+' if more else ''}"


def tell_stalled(rows: Sequence[Mapping[str, Any]], *, more: bool = False) -> None:
    """Stalled cases, each with its reason in a sentence."""
    printing.line((f"挂账空转 / stalled: {how_many(rows, more=more)}", "bold"))
    for row in rows:
        leader = row["leader"] or "无包案领导 no leader"
        unit = row["unit"] or "无单位在办 in no unit's hands"
        since = f"自 since {row['stalled_since']}（截至 as of {row['stall_said_on']}）"
        printing.line(f"{row['original_number'] or row['case_id']}  {unit}  {leader}  {since}")
        printing.line(f"    {row['stall_zh']}", style="dim")


@lists.command()
def notices(
    data: Data = VAR,
    everything: Annotated[bool, typer.Option("--all", help="含已销号的 / closed ones too")] = False,
    as_of: AsOf = None,
    limit: Limit = 100,
    as_json: Json = False,
) -> None:
    """督办通知 / notices and to whom."""
    with client_of(data) as client:
        live = None if everything else True
        said = listed(client.get, "/reporting/notices", "notices", limit, live=live, as_of=moment(as_of))
    if as_json:
        printing.as_json(said)
    else:
        tell_notices(said["notices"], more=bool(said["next"]))
        tell_more(said)


def tell_notices(rows: Sequence[Mapping[str, Any]], *, why: bool = True, more: bool = False) -> None:
    """Notices and to whom, each by the ids with which it is printed and answered; the highest rung first."""
    printing.line((f"督办通知 / notices: {how_many(rows, more=more)}", "bold"))
    for row in rows:
        level, number = printing.label(NoticeLevel, row["level"]), row["original_number"] or row["case_id"]
        if row["case_id"].startswith("book-"):
            number = f"单位问题 of the unit {row['case_id']}"
        by = row["redo_by"] or row["rectify_by"] or row["due_on"] or "—"
        state = printing.label(NoticeState, row["state"]) + (
            "，" + printing.label(Missed, row["missed"]) if row["missed"] else ""
        )
        head = (
            f"{level} → {row['addressee']}（{row['unit']}）  {number} {row['notice_id']}  "
            f"{row['issued_on']} 发出，{state}，限期 due {by}"
        )
        printing.line(head)
        if why:
            printing.line(f"    {row['sentence_zh']}", style="dim")


@lists.command()
def waiting(
    item: Annotated[list[str] | None, typer.Option(help="待办事项，如 return-visit，可多个 / what waits")] = None,
    unit: Annotated[str | None, typer.Option(help="责任单位 / unit")] = None,
    leader: Annotated[str | None, typer.Option(help="包案领导 / leader")] = None,
    data: Data = VAR,
    as_of: AsOf = None,
    limit: Limit = 100,
    as_json: Json = False,
) -> None:
    """待办：异议、验收、复查复核、听证、查询、回访 / what waits for an answer, what is due soonest first."""
    with client_of(data) as client:
        asked = {"item": item, "unit": unit, "leader": leader, "as_of": moment(as_of)}
        said = listed(client.get, "/reporting/waiting", "waiting", limit, **asked)
    if as_json:
        printing.as_json(said)
    else:
        tell_waiting(said)
        tell_more(said)


def tell_waiting(said: Mapping[str, Any]) -> None:
    """What waits for an answer; what is late is said to be."""

    def about(row: Mapping[str, Any]) -> str:
        return printing.label(BacklogCriterion, row["ref"]) if row["item"] == Awaited.BACKLOG else f"{row['ref']}"

    printing.table(
        f"待办 / waiting: {said['total']}",
        ("事项", "编号 number", "责任单位", "包案领导", "提出", "到期 due"),
        [
            (
                printing.label(Awaited, row["item"]) + (f"（{about(row)}）" if row["ref"] else ""),
                row["original_number"] or row["case_id"],
                row["unit"],
                row["leader"],
                row["since"],
                f"{row['due_on']}（逾期 late）" if row["overdue"] else row["due_on"],
            )
            for row in said["waiting"]
        ],
    )


@lists.command()
def commitments(
    unit: Annotated[str | None, typer.Option(help="责任单位 / unit")] = None,
    leader: Annotated[str | None, typer.Option(help="包案领导 / leader")] = None,
    who: Annotated[str | None, typer.Option(help="责任人 / whoever is to do it")] = None,
    state: Annotated[
        list[Kept] | None, typer.Option(help="兑现情况，可多个；不给则不含已兑现的 / how it stands")
    ] = None,
    due: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="到期日不晚于 / due by this day")] = None,
    data: Data = VAR,
    as_of: AsOf = None,
    limit: Limit = 100,
    as_json: Json = False,
) -> None:
    """承诺事项：措施、会商决定、承诺、协议条款 / what was to be done: by whom, by when, and what came of it."""
    states = [one.value for one in state or [Kept.OPEN, Kept.OVERDUE, Kept.BROKEN]]
    with client_of(data) as client:
        due_to = due.date().isoformat() if due else None
        asked = {"unit": unit, "leader": leader, "who": who, "state": states, "due_to": due_to, "as_of": moment(as_of)}
        said = listed(client.get, "/reporting/commitments", "commitments", limit, **asked)
    if as_json:
        printing.as_json(said)
    else:
        tell_commitments(said)
        tell_more(said)


def tell_commitments(said: Mapping[str, Any]) -> None:
    """What was to be done by a day, and how that stands."""
    printing.table(
        f"承诺事项 / commitments: {said['total']}",
        ("事项", "来源", "编号 number", "责任人 who", "责任单位", "包案领导", "期限 due", "兑现情况"),
        [
            (
                row["what"],
                printing.label(Promised, row["source"]),
                row["original_number"] or row["case_id"],
                row["who"],
                row["unit"],
                row["leader"],
                row["due_on"],
                printing.label(Kept, row["state"]) + (f" {row['overdue_days']} 天 days" if row["overdue_days"] else ""),
            )
            for row in said["commitments"]
        ],
    )


@lists.command()
def units(
    unit: Annotated[str | None, typer.Argument(help="单位 / a unit")] = None,
    data: Data = VAR,
    everything: Annotated[bool, typer.Option("--all", help="含已消除的 / what holds no more too")] = False,
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """单位问题：跨案件的迹象 / what is found of units across their cases."""
    with client_of(data) as client:
        said = client.get("/reporting/unit-findings", unit=unit, open=None if everything else True, as_of=moment(as_of))
    printing.as_json(said) if as_json else tell_unit_findings(said["findings"])


def tell_unit_findings(rows: Sequence[Mapping[str, Any]]) -> None:
    """What was found of units across their cases, each in a sentence."""
    printing.line((f"单位问题 / found of units: {len(rows)}", "bold"))
    for row in rows:
        over = "" if row["open"] else "（已消除 resolved）"
        since = f"自 since {row['since']}（截至 as of {row['said_on']}）"
        head = f"{row['unit']}  {row['name']}{over}  {since}  {row['book_id']}/{row['finding_id']}"
        printing.line(head)
        printing.line(f"    {row['sentence_zh']}", style="dim")
