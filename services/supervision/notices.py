"""督办阶梯: what is told of what was found, and what follows when it goes unheeded. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.supervision.addressees import OF_THE_OFFICE
from services.supervision.course import LAST_RUNG, Course
from services.supervision.words import Words
from shared.deadlines import compute
from shared.events import Fact
from shared.events.naming import Named
from shared.events.supervision import (
    Addressee,
    FindingRaised,
    NoticeClosed,
    NoticeEscalated,
    NoticeIssued,
    NoticeSupplemented,
)
from shared.policy import Policy
from shared.terms import NoticeLevel
from shared.workdays import Calendar, business_date


def notices(
    words: Words,
    findings: list[FindingRaised],
    policy: Policy,
    calendar: Calendar,
    as_of: datetime,
    answers: Callable[[], Addressee],
    same: Callable[[Named, Named], bool],
    *,
    office: bool,
) -> list[Fact]:
    """提醒 → 督办 → 追责建议: the next rung when a notice goes unheeded, of those about the unit, or about the office.

    Of each at most one is on its way up, and one on the last rung. `answers` is asked who does when there is one to issue, and
    `same` whether two names, each of a day, mean one unit.

    A notice is closed when nothing that it names is found any more, and nothing of it waits for a supervisor's word;
    whatever else is found begins at the first rung, so that nobody is pressed about something of which they were never
    told. While a notice is on its way, it is told beside that at once. What stands on the last rung waits for named humans,
    and keeps nobody from being told of something else. What the unit contests is pressed no further until a supervisor has
    spoken. Whoever has been given the case since, and was told at no rung, is told at the same one once more before it goes
    up to the last. Where the case was handed on yet again by then, it goes up all the same, to the office that hands it round:
    what went unheeded counts on, and nobody is pressed who was never told. What was found no more for a while, and is found
    again on the very facts of which the unit was told, as when a case is merged away and taken out again, goes on at the rung
    on which it stood.
    """
    facts: list[Fact] = []
    ladder = _Ladder(policy, calendar, business_date(as_of), answers, same)
    its = [finding for finding in findings if (policy.rules[finding.rule].about == "office") is office]
    live = words.courses(about_office=office)
    over = [course for course in live if not words.named(course) and not course.unfinished]
    facts += [NoticeClosed(notice_id=course.notice.notice_id, as_of=as_of) for course in over]
    running = next((course for course in live if course not in over and not course.on_last_rung), None)
    standing = next((course for course in live if course not in over and course.on_last_rung), None)
    proposed = {*standing.notice.findings} if standing else set[str]()
    its = [finding for finding in its if finding.finding_id not in proposed]
    if running is None:
        return facts + ladder.begin(words, its)
    notice = ladder.next(words, its, running, standing)
    if notice is None:
        return facts + ladder.supplement(words, its, running)
    if (late := running.keep_by) is not None:
        before = running.notice.notice_id
        facts.append(
            NoticeEscalated(notice_id=before, to=notice.notice_id, missed=running.owed, missed_on=late, as_of=as_of)
        )
    facts.append(notice)
    if notice.level is LAST_RUNG:
        if standing is not None:  # its matters go on in the new one
            facts.append(NoticeClosed(notice_id=standing.notice.notice_id, as_of=as_of))
        rest = [finding for finding in its if finding.finding_id not in notice.findings]
        facts += ladder.begin(words.after(notice), rest)
    return facts


@dataclass(frozen=True)
class _Ladder:
    """阶梯: what the next word on it goes by, on a day."""

    policy: Policy
    calendar: Calendar
    today: date
    answers: Callable[[], Addressee]
    same: Callable[[Named, Named], bool]

    def begin(self, words: Words, findings: list[FindingRaised]) -> list[Fact]:
        """The first notice of what was found. Where something of it is back, that goes on, and the rest is told beside it."""
        notice = self.next(words, findings, None, None)
        if notice is None or notice.level is NoticeLevel.REMINDER:
            return [notice] if notice else []
        words = words.after(notice)
        going_on = next(course for course in words.live if course.notice is notice)
        return [notice, *self.supplement(words, findings, going_on)]

    def next(
        self, words: Words, findings: list[FindingRaised], course: Course | None, standing: Course | None
    ) -> NoticeIssued | None:
        """The next notice: after the one that is on its way when its day went by, or the first of what was found."""
        if course is not None and not words.lapsed(course, self.today):
            return None
        told = [f for f in findings if f.finding_id not in words.silent]
        level = NoticeLevel.REMINDER if course is None else _above(course.notice.level)
        if course is None and (stood := self._stood_on(words, told)):
            level = max(stood.values(), key=[*NoticeLevel].index)
            told = [f for f in told if f.finding_id in stood] if level is not NoticeLevel.REMINDER else told
        who = self.answers()
        if course is not None and level is LAST_RUNG and not self._was_told(course):
            if _told_once_more(course):
                who = OF_THE_OFFICE
            else:
                level = course.notice.level
        if course is not None and level is LAST_RUNG:
            if standing is not None and standing.unfinished:
                return None  # a supervisor's word on what stands there comes first
            told = [f for f in told if f.finding_id in course.notice.findings]
        if level is None or (not told and (course is None or not course.redo)):
            return None
        limit = self.policy.notices.ladder[level].limit
        redo = course.notice if course and not told else None
        if standing is not None and level is LAST_RUNG:
            told = [*(f for f in words.findings.values() if f.finding_id in words.named(standing)), *told]
        zh, en = _sentences(told)
        return NoticeIssued(
            notice_id=f"notice-{words.notices + 1}",
            level=level,
            addressee=who,
            findings=redo.findings if redo else _ids(told),
            sentence_zh=f"整改补课逾期：{redo.sentence_zh}" if redo else zh,
            sentence_en=f"not made up for in time: {redo.sentence_en}" if redo else en,
            issued_on=self.today,
            due_on=compute(self.today, limit, self.calendar).due if limit else None,
            follows=course.notice.notice_id if course else None,
            policy=self.policy.version,
        )

    def supplement(self, words: Words, findings: list[FindingRaised], course: Course) -> list[Fact]:
        """What has come up while a notice is on its way, told once and at once: its own notice waits for that one."""
        done = words.silent | course.added | {*course.notice.findings}
        told = [finding for finding in findings if finding.finding_id not in done]
        if not told:
            return []
        zh, en = _sentences(told)
        return [
            NoticeSupplemented(
                notice_id=course.notice.notice_id,
                addressee=self.answers(),
                findings=_ids(told),
                sentence_zh=zh,
                sentence_en=en,
                told_on=self.today,
                policy=self.policy.version,
            )
        ]

    def _stood_on(self, words: Words, found: Sequence[FindingRaised]) -> dict[str, NoticeLevel]:
        """Of findings that are back on the facts of which the unit was told before: on which rung below the last, at most. What a
        supervisor took back, a finding or a notice, was told to nobody.
        """
        stood: dict[str, NoticeLevel] = {}
        for notice in words.issued.values():
            if notice.level is LAST_RUNG or notice.notice_id in words.taken_back:
                continue
            told = [words.known[name] for name in notice.findings if name not in words.taken_back]
            back = [its.finding_id for its in found if any(_back(before, its) for before in told)]
            if back and self._reached(notice):
                for name in back:
                    stood[name] = max(notice.level, stood.get(name, notice.level), key=[*NoticeLevel].index)
        return stood

    def _was_told(self, course: Course) -> bool:
        """Whether somebody of the unit that answers now was told at any rung."""
        return any(self._reached(one.notice) for one in (*course.before, course))

    def _reached(self, notice: NoticeIssued) -> bool:
        """Whether a notice went to the unit that answers now, under whatever name."""
        return self.same((notice.addressee.unit, notice.issued_on), (self.answers().unit, self.today))


def _told_once_more(course: Course) -> bool:
    """Whether it stands on the same rung as the one that it follows, because the case had been given to somebody else."""
    return bool(course.before) and course.before[-1].notice.level is course.notice.level


def _ids(findings: Sequence[FindingRaised]) -> tuple[str, ...]:
    return tuple(finding.finding_id for finding in findings)


def _sentences(findings: Sequence[FindingRaised]) -> tuple[str, str]:
    """What was found, in both languages."""
    return "；".join(one.sentence_zh for one in findings), "; ".join(one.sentence_en for one in findings)


def _back(before: FindingRaised, now: FindingRaised) -> bool:
    """Whether a finding is another one that is back, on all the facts that it stood on."""
    stood_on = {cited.id for cited in before.counted}
    other = before.finding_id != now.finding_id and before.rule == now.rule
    return other and bool(stood_on) and stood_on <= {cited.id for cited in now.counted}


def _above(level: NoticeLevel) -> NoticeLevel | None:
    """The next rung; None on the last, above which only named humans decide."""
    rungs = list(NoticeLevel)
    return next(iter(rungs[rungs.index(level) + 1 :]), None)
