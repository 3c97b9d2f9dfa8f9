"""督查不作为: what supervision itself has left undone in a case (I15, 信访工作条例 Art 43). Pure.

The first reminder is issued by the clock, on the day of the finding. What only people can do is to serve what goes beyond a
reminder, to speak on what a unit answers, and to judge what it reports as done: while that waits nothing is the unit's to do.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from services.supervision.cited import Cited
from services.supervision.course import Course
from services.supervision.rules.rule import Rule
from services.supervision.rules.verdict import Matter, Verdict, quiet
from services.supervision.words import Words
from shared.deadlines import overdue
from shared.events.supervision import (
    NoticeAcknowledged,
    NoticeAnswered,
    NoticeServed,
    SupervisionFact,
)
from shared.policy.rules import DayRule
from shared.terms import NoticeLevel
from shared.workdays import DAY

NOTHING_WAITS = quiet("没有等待督查员处理的事项", "nothing waits for a supervisor")

REACHED = NoticeServed | NoticeAcknowledged | NoticeAnswered
"""What shows that a notice came to its addressee."""


@dataclass(frozen=True)
class _Waiting:
    """What waits for a supervisor, and since when."""

    fact: SupervisionFact
    id: str
    on: date
    zh: str
    en: str


def supervisor_idle(matter: Matter, rule: DayRule) -> Verdict:
    """督查不作为: for so many days a 督办 was not served, or an answer or a report of a unit waited for a supervisor's word.

    A notice to the joint meeting about this very failing is not looked at: the sign never feeds itself.
    """
    waiting = sorted(_waiting(matter), key=lambda one: (one.on, one.id))
    if not waiting:
        return NOTHING_WAITS
    deadlines = {one.id: matter.deadline(one.on, rule.limit) for one in waiting}
    late = [one for one in waiting if overdue(deadlines[one.id], matter.today)]
    turns = [deadline.due + DAY for deadline in deadlines.values() if deadline.due is not None]
    coming = min((day for day in turns if day > matter.today), default=None)
    named = late or waiting
    zh, en = "、".join(one.zh for one in named), ", ".join(one.en for one in named)
    return Verdict(
        bool(late),
        f"超过 {rule.days} 日没有处理：{zh}" if late else f"等待督查员处理：{zh}",
        f"left undone for more than {rule.days} days: {en}" if late else f"waits for a supervisor: {en}",
        since=min(turns) if late else None,
        changes_on=coming,
        counted=tuple(
            Cited(id=one.id, type=type(one.fact).__name__, on=one.on, why_zh=one.zh, why_en=one.en) for one in named
        ),
        arithmetic=tuple(line for one in named for line in deadlines[one.id].arithmetic),
    )


def _waiting(matter: Matter) -> Iterator[_Waiting]:
    words, rules = matter.dossier.words, matter.policy.rules
    for course in words.courses(about_office=False):
        yield from _unserved(course, words)
        if course.report is not None:
            zh, en = (
                f"整改报告 {course.report.report_id} 没有评判",
                f"the report {course.report.report_id} not judged",
            )
            yield _Waiting(course.report, words.id_of(course.report), course.report.reported_on, zh, en)
    contested = {
        finding.finding_id
        for finding in words.findings.values()
        if finding.finding_id in words.contested and rules[finding.rule].about == "unit"
    }
    for name in sorted(contested):
        fact = words.pleas[name]
        zh, en = f"{name} 的申辩没有认定或撤销", f"the answer to {name} neither upheld nor followed by a withdrawal"
        yield _Waiting(fact, words.id_of(fact), fact.answered_on, zh, en)


def _unserved(course: Course, words: Words) -> Iterator[_Waiting]:
    """The rungs above a reminder that nobody served, since the unit was last reached; an answer shows that it was."""
    for one in reversed((*course.before, course)):
        notice = one.notice
        reached = any(isinstance(fact, REACHED) and fact.notice_id == notice.notice_id for _, fact in words.said)
        if reached or notice.level is NoticeLevel.REMINDER:
            return
        zh = f"{notice.notice_id}（{notice.level.label}）没有送达"
        yield _Waiting(notice, one.fact_id, notice.issued_on, zh, f"{notice.notice_id} ({notice.level}) not served")


RULES = (
    Rule("supervisor-idle", "I15", DayRule, supervisor_idle, absent=NOTHING_WAITS, of_the_watch=True, of_words=True),
)
