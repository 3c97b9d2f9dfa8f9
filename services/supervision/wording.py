"""行文: what a notice, a suggestion or a decision says as a letter. It names the matter by its number, and no petitioner. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TypeVar

from shared.deadlines import Limit, compute
from shared.decider import NoSuchCase
from shared.events import REGISTRY, Recorded
from shared.events.intake import CaseRegistered
from shared.events.supervision import (
    Addressee,
    BookOpened,
    Evidence,
    FindingRaised,
    NoticeEscalated,
    NoticeIssued,
    NoticeSupplemented,
    NoticeWithdrawn,
    SanctionDecided,
    SanctionProposed,
    SanctionRevoked,
    SuggestionMade,
    SupervisionFact,
)
from shared.http import Problem
from shared.letters import UNNUMBERED, written_day, written_sum
from shared.masking import mask
from shared.policy.values import Rung
from shared.standard import Standard
from shared.terms import NoticeLevel, SuggestionKind

Words = dict[str, str | Sequence[str]]
W = TypeVar("W", bound=SupervisionFact)

TITLES = {
    NoticeLevel.REMINDER: "提醒函",
    NoticeLevel.SUPERVISION: "督办函",
    NoticeLevel.ACCOUNTABILITY: "拟提出追责建议告知函",
}
ARTICLES = {
    SuggestionKind.WORK: "第四十条第一款",
    SuggestionKind.POLICY: "第四十条第二款",
    SuggestionKind.ACCOUNTABILITY: "第四十条第三款",
}
LISTED = 10
"""So many facts of one kind are written out; a letter says how many more there are."""


def notice_words(history: Iterable[Recorded], notice_id: str, standard: Standard, regions: Mapping[str, str]) -> Words:
    """The words of a notice: its findings as they were stated when it was issued, whatever became of them since, and those of
    which it was supplemented.

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
        "findings": [*_findings(facts[:at], issued.findings), *_since(facts, notice_id)],
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


def decision_words(
    history: Iterable[Recorded], proposal_id: str, standard: Standard, regions: Mapping[str, str]
) -> Words:
    """The words of a treatment that a named human of the body that may has decided: 挂牌督办, 通报批评 and the like.

    Raises NoSuchCase, and Problem for one that was not decided, or decided against, or revoked.
    """
    facts = list(history)
    at, decided = _said(facts, SanctionDecided, "proposal_id", proposal_id)
    if not decided.adopted:
        raise Problem(
            409,
            "not-adopted",
            f"{proposal_id} 未获采纳，不出函。",
            f"{proposal_id} was not adopted: there is no letter of it.",
        )
    if any(isinstance(r.fact, SanctionRevoked) and r.fact.proposal_id == proposal_id for r in facts):
        raise Problem(
            409,
            "decision-revoked",
            f"{proposal_id} 的处理决定已经撤销，不再出函。",
            f"What was decided on {proposal_id} was revoked: there is no letter of it any more.",
        )
    _, proposed = _said(facts, SanctionProposed, "proposal_id", proposal_id)
    said = _matter(facts, regions)
    rule = standard.policy_on(decided.decided_on).treatments.get(decided.treatment)
    return {
        **said,
        "letter_number": decided.document,
        "organ": f"{said['place']}{decided.body.label}",
        "treatment": decided.treatment.label,
        "addressee": decided.about + (f"{decided.official.post}{decided.official.name}" if decided.official else ""),
        "basis": rule.basis if rule else "《信访工作条例》第三十九条",
        "findings": _findings(facts[:at], proposed.findings),
        "reasons": mask(decided.reasons),
        "proposal_id": proposal_id,
        "by": f"{decided.by.post}{decided.by.name}",
        "decided_on": written_day(decided.decided_on),
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
    """How the matter is named: a case by its numbers, what was found of a unit as a whole by the unit."""
    opened = next((r for r in facts if isinstance(r.fact, CaseRegistered | BookOpened)), None)
    case_id = facts[0].case_id if facts else ""
    match opened.fact if opened else None:
        case CaseRegistered() as case:
            number, received = case.original_number or "无", written_day(case.received_on)
            name = f"{case_id}号信访事项"
            about = [
                f"案件编号：{case_id}。原编号：{number}。收到日期：{received}。",
                "信访人及其诉求见系统，本函不载。",
            ]
            region = case.region
        case BookOpened() as book:
            number, received, name, region = "无", "—", f"{book.unit}信访工作", book.region
            about = [f"督查对象：{book.unit}。下列问题由其办理的各件信访事项合并得出，各件事实见系统。"]
        case _:
            raise NoSuchCase
    return {
        "place": regions.get(region[:6], region[:6]),
        "letter_number": UNNUMBERED,
        "matter": name,
        "about": about,
        "case_id": case_id,
        "original_number": number,
        "received_on": received,
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


def _since(facts: Sequence[Recorded], notice_id: str) -> Iterator[str]:
    """What has come up since and was told as well, each as it was stated then."""
    for at, recorded in enumerate(facts):
        if isinstance(recorded.fact, NoticeSupplemented) and recorded.fact.notice_id == notice_id:
            yield f"{written_day(recorded.fact.told_on)}补充告知下列问题，请一并答复。"
            yield from _findings(facts[:at], recorded.fact.findings)


def _zh(line: str) -> str:
    """Sums are written in both languages, Chinese first."""
    return line.partition(" / ")[0].removeprefix("= ")


def _fact(evidence: Evidence) -> str:
    kind = REGISTRY.get(evidence.type)
    label = (kind.__doc__ if kind and kind.__doc__ else evidence.type).partition(":")[0]
    why = f"（{mask(evidence.why_zh)}）" if evidence.why_zh and evidence.why_zh != label else ""
    return f"{written_day(evidence.on)}{label}{why}"


def _before(facts: Sequence[Recorded], issued: NoticeIssued) -> list[str]:
    """The notices that this one follows, to whom else they went, and the day that was missed in each."""
    by_id = {r.fact.notice_id: r.fact for r in facts if isinstance(r.fact, NoticeIssued)}
    missed = {r.fact.notice_id: r.fact for r in facts if isinstance(r.fact, NoticeEscalated)}
    lines, unit = list[str](), issued.addressee.unit
    while issued.follows in by_id:
        issued = by_id[issued.follows]
        gone = missed.get(issued.notice_id)
        what = f"，{written_day(gone.missed_on)}期满，{gone.missed.label}" if gone else ""
        to = f"向{issued.addressee.unit}" if issued.addressee.unit != unit else ""
        lines.insert(0, f"{written_day(issued.issued_on)}{to}发出{TITLES[issued.level]}（{issued.notice_id}）{what}。")
    return lines


def _asked(issued: NoticeIssued, rung: Rung, standard: Standard) -> list[str]:
    """What is to be done, and until when. Accountability is only ever proposed, by a human who has heard the unit."""
    if issued.due_on is None:
        return [
            "上列问题经督办仍未解决。经听取陈述申辩，由督查员认定属实的，将依照《信访工作条例》第四十条第三款提出追究责任的建议，"
            "由有权处理的机关决定；本函不作处理决定。",
            "请继续整改。对上列问题有异议的，请陈述申辩并附证据。",
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
