"""督查不作为: what supervision itself has left undone in a case (I15, 信访工作条例 Art 43). Pure.

The first reminder is issued by the clock, on the day of the finding. What only people can do is to serve what goes beyond a
reminder, to speak on what a unit answers, and to judge what it reports as done: while that waits nothing is the unit's to do.
Nor does anybody else conclude a reverse inquiry, or decide on what was proposed against or for a unit.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from services.supervision.cited import Cited
from services.supervision.course import Course
from services.supervision.rules.rule import Rule
from services.supervision.rules.verdict import Matter, Verdict, quiet
from services.supervision.words import Words
from shared.deadlines import Deadline, named, overdue
from shared.events.supervision import (
    CommendationDecided,
    CommendationProposed,
    NoticeAcknowledged,
    NoticeAnswered,
    NoticeServed,
    ReverseInquiryConcluded,
    ReverseInquiryOpened,
    SanctionDecided,
    SanctionProposed,
    SupervisionFact,
)
from shared.policy.rules import WatchRule
from shared.terms import NoticeLevel
from shared.workdays import DAY

NOTHING_WAITS = quiet("没有等待督查员处理的事项", "nothing waits for a supervisor")

REACHED = NoticeServed | NoticeAcknowledged | NoticeAnswered
"""What shows that a notice came to its addressee."""


@dataclass(frozen=True)
class _Waiting:
    """What waits for a supervisor, or for whoever decides, and by when it was theirs to do."""

    fact: SupervisionFact
    id: str
    by: Deadline
    zh: str
    en: str


def supervisor_idle(matter: Matter, rule: WatchRule) -> Verdict:
    """督查不作为: for so many days a 督办 was not served, or an answer or a report of a unit waited for a supervisor's word; a
    reverse inquiry (倒查) is past the day that it was given; for a month nobody decided on a treatment or a commendation.

    A notice to the joint meeting about this very failing is not looked at, nor what is proposed upon it: the sign never
    feeds itself.
    """
    waiting = sorted((*_waiting(matter, rule), *_undecided(matter, rule)), key=lambda one: (one.by.start, one.id))
    if not waiting:
        return NOTHING_WAITS
    late = [one for one in waiting if overdue(one.by, matter.today)]
    turns = [one.by.due + DAY for one in waiting if one.by.due is not None]
    coming = min((day for day in turns if day > matter.today), default=None)
    cited = late or waiting
    zh, en = "、".join(one.zh for one in cited), ", ".join(one.en for one in cited)
    return Verdict(
        bool(late),
        f"逾期没有处理：{zh}" if late else f"等待督查员处理：{zh}",
        f"left undone past its day: {en}" if late else f"waits for a supervisor: {en}",
        since=min(turns) if late else None,
        changes_on=coming,
        counted=tuple(
            Cited(id=one.id, type=type(one.fact).__name__, on=one.by.start, why_zh=one.zh, why_en=one.en)
            for one in cited
        ),
        arithmetic=tuple(line for one in cited for line in one.by.arithmetic),
    )


def _waiting(matter: Matter, rule: WatchRule) -> Iterator[_Waiting]:
    """What a unit was to have, and has not had."""
    words, rules = matter.dossier.words, matter.policy.rules
    for course in words.courses(about_office=False):
        for one in _unserved(course, words):
            notice, by = one.notice, matter.deadline(one.notice.issued_on, rule.limit)
            zh = f"{notice.notice_id}（{notice.level.label}）没有送达"
            yield _Waiting(notice, one.fact_id, by, zh, f"{notice.notice_id} ({notice.level}) not served")
        if (report := course.report) is not None:
            by = matter.deadline(report.reported_on, rule.limit)
            zh, en = f"整改报告 {report.report_id} 没有评判", f"the report {report.report_id} not judged"
            yield _Waiting(report, words.id_of(report), by, zh, en)
    contested = {
        finding.finding_id
        for finding in words.findings.values()
        if finding.finding_id in words.contested and rules[finding.rule].about == "unit"
    }
    for name in sorted(contested):
        fact = words.pleas[name]
        zh, en = f"{name} 的申辩没有认定或撤销", f"the answer to {name} neither upheld nor followed by a withdrawal"
        yield _Waiting(fact, words.id_of(fact), matter.deadline(fact.answered_on, rule.limit), zh, en)


def _unserved(course: Course, words: Words) -> Iterator[Course]:
    """The rungs above a reminder that nobody served, since the unit was last reached; an answer shows that it was."""
    for one in reversed((*course.before, course)):
        notice = one.notice
        reached = any(isinstance(fact, REACHED) and fact.notice_id == notice.notice_id for _, fact in words.said)
        if reached or notice.level is NoticeLevel.REMINDER:
            return
        yield one


def _undecided(matter: Matter, rule: WatchRule) -> Iterable[_Waiting]:
    """Reverse inquiries without a conclusion, by the day that each was given, and proposals without a decision."""
    words, waiting = matter.dossier.words, dict[tuple[str, str], _Waiting]()

    def of_a_unit(proposed: SanctionProposed) -> bool:
        found = (words.known[name] for name in proposed.findings if name in words.known)
        return any(matter.policy.rules[finding.rule].about == "unit" for finding in found)

    for identity, fact in words.said:
        match fact:
            case ReverseInquiryOpened(inquiry_id=name):
                by = named(fact.opened_on, fact.due_on, rule.basis)
                zh, en = f"倒查 {name} 没有结论", f"the reverse inquiry {name} not concluded"
                waiting["inquiry", name] = _Waiting(fact, identity, by, zh, en)
            case ReverseInquiryConcluded(inquiry_id=name):
                waiting.pop(("inquiry", name), None)
            case SanctionProposed(proposal_id=name) if of_a_unit(fact):
                by = matter.deadline(fact.proposed_on, rule.decision)
                zh, en = f"处理提请 {name} 没有决定", f"the treatment proposed by {name} not decided"
                waiting["treatment", name] = _Waiting(fact, identity, by, zh, en)
            case SanctionDecided(proposal_id=name):
                waiting.pop(("treatment", name), None)
            case CommendationProposed(commendation_id=name):
                by = matter.deadline(fact.proposed_on, rule.decision)
                zh, en = f"表扬提请 {name} 没有决定", f"the commendation {name} not decided"
                waiting["commendation", name] = _Waiting(fact, identity, by, zh, en)
            case CommendationDecided(commendation_id=name):
                waiting.pop(("commendation", name), None)
            case _:
                pass
    return waiting.values()


RULES = (
    Rule("supervisor-idle", "I15", WatchRule, supervisor_idle, absent=NOTHING_WAITS, of_the_watch=True, of_words=True),
)
