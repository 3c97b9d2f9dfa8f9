"""提醒函、督办函、建议书: what a unit is told, as a letter to be printed. It names the matter by its number, and no petitioner."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Annotated, TypeVar

from fastapi import APIRouter, Path, Request, Response

from shared.deadlines import Limit, compute
from shared.decider import NoSuchCase
from shared.events import REGISTRY, Recorded
from shared.events.intake import CaseRegistered
from shared.events.supervision import (
    Addressee,
    Evidence,
    FindingRaised,
    NoticeEscalated,
    NoticeIssued,
    NoticeWithdrawn,
    SuggestionMade,
    SupervisionFact,
)
from shared.http import Caller, CaseId, Problem, check_may_read, runtime_of
from shared.http.letters import LETTER, printed
from shared.letters import UNNUMBERED, written_day, written_sum
from shared.masking import mask
from shared.policy.values import Rung
from shared.standard import Standard
from shared.terms import NoticeLevel, SuggestionKind

router = APIRouter(prefix="/supervision/cases/{case_id}", tags=["supervision"])

Words = dict[str, str | Sequence[str]]
W = TypeVar("W", bound=SupervisionFact)
Told = Annotated[str, Path(min_length=1, max_length=200, description="编号 / its id within the case")]

TITLES = {
    NoticeLevel.REMINDER: "提醒函",
    NoticeLevel.SUPERVISION: "督办函",
    NoticeLevel.ACCOUNTABILITY: "追责建议告知函",
}
ARTICLES = {
    SuggestionKind.WORK: "第四十条第一款",
    SuggestionKind.POLICY: "第四十条第二款",
    SuggestionKind.ACCOUNTABILITY: "第四十条第三款",
}
LISTED = 10
"""So many facts of one kind are written out; a letter says how many more there are."""


@router.get(
    "/notices/{notice_id}/letter",
    operation_id="supervision-notice-letter",
    summary="提醒函、督办函（.docx） / a notice as a letter, to be printed",
    **LETTER,
)
async def read_notice(request: Request, case_id: CaseId, notice_id: Told, actor: Caller) -> Response:
    """What is found, by which text and by which sum, what is asked and until when; for whoever may read the case."""
    runtime = runtime_of(request)
    history = await runtime.in_thread(runtime.store.history, case_id)
    check_may_read(actor, history)
    words = notice_words(history, notice_id, runtime.parts["standard"], runtime.parts["regions"])
    return await printed(runtime, "notice-letter.docx", words, f"{case_id}-{notice_id}")


@router.get(
    "/suggestions/{suggestion_id}/letter",
    operation_id="supervision-suggestion-letter",
    summary="建议书（.docx） / a suggestion in writing (Art 40), to be printed",
    **LETTER,
)
async def read_suggestion(request: Request, case_id: CaseId, suggestion_id: Told, actor: Caller) -> Response:
    """What is suggested, on which findings, and until when it is answered; for whoever may read the case."""
    runtime = runtime_of(request)
    history = await runtime.in_thread(runtime.store.history, case_id)
    check_may_read(actor, history)
    words = suggestion_words(history, suggestion_id, runtime.parts["standard"], runtime.parts["regions"])
    return await printed(runtime, "suggestion-letter.docx", words, f"{case_id}-suggestion")


def notice_words(history: Iterable[Recorded], notice_id: str, standard: Standard, regions: Mapping[str, str]) -> Words:
    """The words of a notice: its findings as they were stated when it was issued, whatever became of them since.

    Raises NoSuchCase, and Problem for a notice that is not there, or was taken back.
    """
    facts = list(history)
    at, issued = _said(facts, NoticeIssued, "notice_id", notice_id)
    if any(isinstance(r.fact, NoticeWithdrawn) and r.fact.notice_id == notice_id for r in facts):
        raise Problem(
            409,
            "notice-withdrawn",
            f"{notice_id} 已经撤回，不再出函。",
            f"{notice_id} was withdrawn: there is no letter of it any more.",
        )
    rung = standard.policy_on(issued.issued_on).notices.ladder[issued.level]
    said = _matter(facts, regions)
    return {
        **said,
        "organ": f"{said['place']}信访部门",
        "title": TITLES[issued.level],
        "basis": rung.basis,
        "notice_id": notice_id,
        "addressee": _to(issued.addressee),
        "findings": _findings(facts[:at], issued.findings),
        "before": _before(facts, issued) or "此前没有就上列问题督办。",
        "asked": _asked(issued, rung, standard),
        "issued_on": written_day(issued.issued_on),
    }


def suggestion_words(
    history: Iterable[Recorded], suggestion_id: str, standard: Standard, regions: Mapping[str, str]
) -> Words:
    """The words of a suggestion. Raises NoSuchCase, and Problem for one that was not made."""
    facts = list(history)
    at, made = _said(facts, SuggestionMade, "suggestion_id", suggestion_id)
    said = _matter(facts, regions)
    limit = standard.policy_on(made.made_on).suggestions.limit
    return {
        **said,
        "organ": facts[at].unit or f"{said['place']}信访部门",
        "kind": made.kind.label,
        "basis": f"《信访工作条例》{ARTICLES[made.kind]}",
        "suggestion_id": suggestion_id,
        "addressee": made.addressed_to,
        "findings": _findings(facts[:at], made.findings) or "见下列建议。",
        "text": mask(made.text),
        "due": f"请于{written_day(made.due_on)}前书面反馈采纳情况；不采纳或者部分采纳的，请说明理由。",
        "arithmetic": _sum_to(made.due_on, made.made_on, limit, standard),
        "by": f"{made.by.post}{made.by.name}",
        "made_on": written_day(made.made_on),
    }


def _said(facts: Sequence[Recorded], kind: type[W], name: str, said: str) -> tuple[int, W]:
    """The word of this id, and its place in the history."""
    for at, recorded in enumerate(facts):
        if isinstance(recorded.fact, kind) and getattr(recorded.fact, name) == said:
            return at, recorded.fact
    there = "、".join(getattr(r.fact, name) for r in facts if isinstance(r.fact, kind)) or "-"
    raise Problem(
        404,
        "no-such-letter",
        f"本案没有编号为 {said} 的函；现有：{there}。",
        f"This case has no {said}; there are: {there}.",
    )


def _matter(facts: Sequence[Recorded], regions: Mapping[str, str]) -> Words:
    """How the matter is named: by its numbers, and by the unit that has it."""
    registered = next((r.fact for r in facts if isinstance(r.fact, CaseRegistered)), None)
    if registered is None:
        raise NoSuchCase
    return {
        "place": regions.get(registered.region[:6], registered.region[:6]),
        "letter_number": UNNUMBERED,
        "case_id": facts[0].case_id,
        "original_number": registered.original_number or "无",
        "received_on": written_day(registered.received_on),
    }


def _to(addressee: Addressee) -> str:
    """Whoever held the post on that day; whoever acts for them is told as well."""
    if addressee.person is None:
        return addressee.name if addressee.unit in addressee.name else f"{addressee.unit}{addressee.name}"
    told = [addressee.person, *([addressee.acting] if addressee.acting else [])]
    return "、".join([f"{addressee.unit}{told[0].post}{told[0].name}", *(f"{p.post}{p.name}（代）" for p in told[1:])])


def _findings(before: Iterable[Recorded], names: Iterable[str]) -> list[str]:
    """Each with its reason, its text, its sum, and the facts that it stands on or leaves aside: as last stated by then."""
    stated = {r.fact.finding_id: r.fact for r in before if isinstance(r.fact, FindingRaised)}
    lines: list[str] = []
    for n, found in enumerate((stated[name] for name in names if name in stated), 1):
        lines.append(f"{n}. {found.name}（自{written_day(found.since)}起）。{mask(found.sentence_zh)}。")
        lines.append(f"依据：{found.basis}。")
        if found.arithmetic:
            lines.append(f"日期推算：{'；'.join(map(_zh, found.arithmetic))}。")
        for word, evidence in (("计入的事实", found.counted), ("不计的事实", found.ignored)):
            if evidence:
                more = f"等{len(evidence)}项" if len(evidence) > LISTED else ""
                lines.append(f"{word}：{'；'.join(map(_fact, evidence[:LISTED]))}{more}。")
    return lines


def _zh(line: str) -> str:
    """Sums are written in both languages, Chinese first."""
    return line.partition(" / ")[0].removeprefix("= ")


def _fact(evidence: Evidence) -> str:
    kind = REGISTRY.get(evidence.type)
    label = (kind.__doc__ if kind and kind.__doc__ else evidence.type).partition(":")[0]
    why = f"（{mask(evidence.why_zh)}）" if evidence.why_zh and evidence.why_zh != label else ""
    return f"{written_day(evidence.on)}{label}{why}"


def _before(facts: Sequence[Recorded], issued: NoticeIssued) -> list[str]:
    """The notices that this one follows, and the day that was missed in each."""
    by_id = {r.fact.notice_id: r.fact for r in facts if isinstance(r.fact, NoticeIssued)}
    missed = {r.fact.notice_id: r.fact for r in facts if isinstance(r.fact, NoticeEscalated)}
    lines: list[str] = []
    while issued.follows in by_id:
        issued = by_id[issued.follows]
        gone = missed.get(issued.notice_id)
        what = f"，{written_day(gone.missed_on)}期满，{gone.missed.label}" if gone else ""
        lines.insert(0, f"{written_day(issued.issued_on)}发出{TITLES[issued.level]}（{issued.notice_id}）{what}。")
    return lines


def _asked(issued: NoticeIssued, rung: Rung, standard: Standard) -> list[str]:
    """What is to be done, and until when. Accountability is only ever proposed: others decide."""
    if issued.due_on is None:
        return [
            "上列问题经督办仍未解决，现提出追究责任的建议，由有权处理的机关决定；本函不作处理决定。",
            "请继续整改。对上列问题有异议的，可以陈述申辩。",
        ]
    days = rung.rectify_days
    time = f"按期答复的，自答复之日起有{days}日完成整改，" if days else "完成整改后，"
    return [
        f"请于{written_day(issued.due_on)}前书面答复：逐项说明情况、已采取的措施和完成整改的日期。",
        *_sum_to(issued.due_on, issued.issued_on, rung.limit, standard),
        f"{time}请报告整改情况并附证明，由督查员评判。",
        "逾期不答复、不整改的，将依规升级督办。",
    ]


def _sum_to(due: date, start: date, limit: Limit | None, standard: Standard) -> list[str]:
    """The sum that leads to the day; none when another policy has come since, by which it would be another."""
    deadline = compute(start, limit, standard.calendar) if limit else None
    return [f"期限推算：{written_sum(deadline)}"] if deadline and deadline.due == due else []
