"""The commands about one case or unit: its history, how a verdict follows from it, its letters."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer

from deploy import printing
from deploy.options import VAR, About, AsOf, Case, Data, Json, case_id_of, client_of, moment
from deploy.processes import ProcessError
from shared.terms import FindingKind, NoticeLevel, Role
from shared.workdays import business_date

explaining = typer.Typer()

SHOWN = 300
"""Characters of a fact that are shown; `--json` gives all."""


@explaining.command()
def history(case: Case, data: Data = VAR, as_of: AsOf = None, as_json: Json = False) -> None:
    """一个案件的全部事实 / every fact of a case."""
    with client_of(data, Role.AUDITOR) as client:
        said = client.get(f"/supervision/cases/{case_id_of(client, case)}/history", as_of=moment(as_of))
    printing.as_json(said) if as_json else tell_history(said["facts"])


def tell_history(facts: Sequence[Mapping[str, Any]]) -> None:
    """A case's facts: when recorded (UTC), what, when that is claimed to have happened, and by whom; then what it says."""
    printing.line((f"案件历史 / history: {len(facts)}", "bold"))
    for fact in facts:
        said = {name: value for name, value in fact["data"].items() if value not in (None, "", [], {})}
        text = json.dumps(said, ensure_ascii=False)
        kind, mark = fact["type"].removeprefix("huajie."), "（补录 imported）" if fact.get("importedfrom") else ""
        printing.line(
            f"{fact['time'][:19]}Z  ",
            (f"{kind}{mark}", "bold"),
            f"  发生 occurred {fact['occurredat'][:10]}  {fact['actorid']}",
        )
        printing.line(f"    {text if len(text) <= SHOWN else text[:SHOWN] + '…'}", style="dim")


@explaining.command()
def explain(
    case: Case,
    data: Data = VAR,
    as_of: AsOf = None,
    about: About = None,
    as_json: Json = False,
) -> None:
    """评查结论是怎么得出的 / the derivation of the verdict: of a day, as known at a moment."""
    with client_of(data, Role.AUDITOR) as client:
        said = client.get(
            f"/supervision/cases/{case_id_of(client, case)}/explain",
            as_of=moment(as_of),
            about=about and about.date().isoformat(),
        )
    printing.as_json(said) if as_json else tell_verdict(said)


@explaining.command("explain-unit")
def explain_unit(
    unit: Annotated[str, typer.Argument(help="单位名称，如案件所载 / the unit, as its cases name it")],
    data: Data = VAR,
    region: Annotated[str | None, typer.Option(help="所在地区，默认本级 / its region, this node's by default")] = None,
    as_of: AsOf = None,
    about: About = None,
    as_json: Json = False,
) -> None:
    """单位评查：跨案件的迹象是怎么得出的 / what is found of a unit across its cases, and how it follows."""
    with client_of(data, Role.AUDITOR) as client:
        said = client.get(
            "/supervision/explain-unit",
            unit=unit,
            region=region,
            as_of=moment(as_of),
            about=about and about.date().isoformat(),
        )
    printing.as_json(said) if as_json else tell_verdict(said)


def tell_verdict(said: Mapping[str, Any]) -> None:
    """A verdict's derivation, rule by rule."""
    about, now = said.get("case_id") or f"{said['unit']} {said['book_id']}", datetime.now(UTC)
    printing.line(
        (about, "bold"), f"  评查日 day {said['day']}  截至 as of {said['as_of']}  口径 policy {said['policy']}"
    )
    if said["day"] > business_date(now).isoformat() or datetime.fromisoformat(said["as_of"]) > now:
        zh, en = (
            "尚未到来：按至今所知推算，此后再有办理，结论会变",
            "still to come: as if nothing more were done until then",
        )
        printing.line((f"{zh} / {en}", "yellow"))
    if said.get("waiting_for_history_until"):
        printing.line(f"补录未完成，{said['waiting_for_history_until']} 前不作评判 / waiting for earlier history")
    elif not said["rules"]:
        printing.line(
            "截至该日、该时刻，本案尚未登记，无可评查 / not registered by that day and moment: nothing to judge"
        )
        return
    for rule in sorted(said["rules"], key=lambda rule: not rule["shows"]):  # what shows stands first
        mark = ("● ", "red") if rule["shows"] else ("○ ", "green")
        kind = f"  {printing.label(FindingKind, rule['kind'])}" if rule["shows"] else ""
        printing.line(mark, (rule["name"], "bold"), f" ({rule['rule']}){kind}  {rule['zh']}")
        printing.line(f"    {rule['en']}", style="dim")
        for step in rule["arithmetic"]:
            printing.line(f"    {step}")
        for word, facts in (("计入 counted", rule["counted"]), ("不计 ignored", rule["ignored"])):
            for fact in facts:
                why = f"{fact['why_zh']} / {fact['why_en']}"
                printing.line(f"    {word}: {fact['on']} {fact['type']} {why}  [{fact['id']}]")
        if rule["changes_on"]:
            printing.line(f"    {rule['changes_on']} 起结论会变 / changes on that day unless something is done")
        printing.line(f"    依据 basis: {rule['basis']}", style="dim")
    if notice := said["notice"]:
        to, level = notice["addressee"]["name"], printing.label(NoticeLevel, notice["level"])
        printing.line(f"在办通知 live notice: {level} → {to}，限期 {notice['due_on']}")
    printing.line(f"下次复核 next change: {said['next_change'] or '—'}")


@explaining.command()
def letter(
    case: Case,
    notice: Annotated[str | None, typer.Option(help="提醒函、督办函：通知编号 / of this notice")] = None,
    suggestion: Annotated[str | None, typer.Option(help="建议书：建议编号 / of this suggestion")] = None,
    decision: Annotated[
        str | None, typer.Option(help="挂牌督办等处理决定：提请编号 / of this decided proposal")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="写到哪个文件 / the file to write; <case>.docx by default")] = None,
    data: Data = VAR,
) -> None:
    """交办函、督办函、建议书或处理决定，可打印的 .docx；案件处也可写单位台账编号 book-… / a letter, to be printed: how the case was
    handed down, a notice, a suggestion, a decision; of a case, or of a unit as a whole by its book.
    """
    from shared.events.histories import kind_of

    said = {"notices": notice, "suggestions": suggestion, "decisions": decision}
    named = [(kind, name) for kind, name in said.items() if name]
    if len(named) > 1:
        raise ProcessError("--notice、--suggestion、--decision 只能择一", "one of --notice, --suggestion, --decision")
    with client_of(data) as client:
        book = kind_of(case) == "book"
        case_id = case if book else case_id_of(client, case)
        if named:
            ((kind, name),) = named
            about = f"/supervision/{'books' if book else 'cases'}/{case_id}"
            made = client.fetch(f"{about}/{kind}/{quote(name, safe='')}/letter")
            file = out or letter_file(case_id, name)
        else:
            made = client.fetch(f"/intake/cases/{case_id}/assignment-letter")
            file = out or letter_file(case_id)
    printing.write(file, made)


def letter_file(*ids: str) -> Path:
    """The file of a letter that is given none, here: numbers of letters often hold what a folder's name ends with."""
    return Path("-".join(re.sub(r"[/\\\x00-\x1f]", "_", name) for name in ids) + ".docx")
