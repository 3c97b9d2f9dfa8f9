"""督办阶梯: who is told of what, and what follows when it goes unheeded. Pure."""

from collections.abc import Callable, Sequence
from datetime import date, datetime

from services.supervision.course import LAST_RUNG, OFFICE, PETITION_OFFICE, Course
from services.supervision.dossier import Dossier
from services.supervision.words import Words
from shared.deadlines import compute
from shared.directory import Directory, Unit
from shared.events import Fact, Official
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
from shared.terms import NoticeLevel, Role
from shared.workdays import Calendar, business_date

JOINT_MEETING = Addressee(role=OFFICE, name="信访工作联席会议", unit="信访工作联席会议")
"""Who is told of what the petition office itself has failed to do."""
OF_THE_OFFICE = Addressee(role=Role.PETITION_OFFICE, name="交办的信访部门", unit=PETITION_OFFICE)
"""Who answers where no unit does."""


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
    up to the last. What was found no more for a while, and is found again on the very facts of which the unit was told, as when a
    case is merged away and taken out again, goes on at the rung on which it stood.
    """
    facts: list[Fact] = []
    today = business_date(as_of)
    its = [finding for finding in findings if (policy.rules[finding.rule].about == "office") is office]
    live = words.courses(about_office=office)
    over = [course for course in live if not words.named(course) and not course.unfinished]
    facts += [NoticeClosed(notice_id=course.notice.notice_id, as_of=as_of) for course in over]
    running = next((course for course in live if course not in over and not course.on_last_rung), None)
    standing = next((course for course in live if course not in over and course.on_last_rung), None)
    proposed = {*standing.notice.findings} if standing else set[str]()
    its = [finding for finding in its if finding.finding_id not in proposed]
    notice = _next(words, its, running, standing, policy, calendar, today, answers, same)
    if notice is None:
        return facts + ([] if running is None else _supplement(words, its, running, policy, today, answers))
    late = running.keep_by if running else None
    if running is not None and late is not None:
        before = running.notice.notice_id
        facts.append(
            NoticeEscalated(notice_id=before, to=notice.notice_id, missed=running.owed, missed_on=late, as_of=as_of)
        )
    facts.append(notice)
    if notice.follows is None and notice.level is not NoticeLevel.REMINDER:
        words = words.after(notice)
        going_on = next(course for course in words.live if course.notice is notice)
        return facts + _supplement(words, its, going_on, policy, today, answers)
    if notice.level is LAST_RUNG:
        if standing is not None:  # its matters go on in the new one
            facts.append(NoticeClosed(notice_id=standing.notice.notice_id, as_of=as_of))
        rest = [finding for finding in its if finding.finding_id not in notice.findings]
        words = words.after(notice)
        begun = _next(words, rest, None, None, policy, calendar, today, answers, same)
        facts += [begun] if begun else []
    return facts


def _next(
    words: Words,
    findings: list[FindingRaised],
    course: Course | None,
    standing: Course | None,
    policy: Policy,
    calendar: Calendar,
    today: date,
    answers: Callable[[], Addressee],
    same: Callable[[Named, Named], bool],
) -> NoticeIssued | None:
    if course is not None and not words.lapsed(course, today):
        return None
    told = [f for f in findings if f.finding_id not in words.silent]
    level = NoticeLevel.REMINDER if course is None else _above(course.notice.level)
    if course is None and (stood := _stood_on(words, told, answers, today, same)):
        level = max(stood.values(), key=[*NoticeLevel].index)
        told = [f for f in told if f.finding_id in stood] if level is not NoticeLevel.REMINDER else told
    if course is not None and level is LAST_RUNG and not _was_told(course, answers(), today, same):
        level = course.notice.level
    if course is not None and level is LAST_RUNG:
        if standing is not None and standing.unfinished:
            return None  # a supervisor's word on what stands there comes first
        told = [f for f in told if f.finding_id in course.notice.findings]
    if level is None or (not told and (course is None or not course.redo)):
        return None
    limit = policy.notices.ladder[level].limit
    redo = course.notice if course and not told else None
    if standing is not None and level is LAST_RUNG:
        told = [*(f for f in words.findings.values() if f.finding_id in words.named(standing)), *told]
    return NoticeIssued(
        notice_id=f"notice-{words.notices + 1}",
        level=level,
        addressee=answers(),
        findings=redo.findings if redo else tuple(finding.finding_id for finding in told),
        sentence_zh=f"整改补课逾期：{redo.sentence_zh}" if redo else "；".join(f.sentence_zh for f in told),
        sentence_en=f"not made up for in time: {redo.sentence_en}" if redo else "; ".join(f.sentence_en for f in told),
        issued_on=today,
        due_on=compute(today, limit, calendar).due if limit else None,
        follows=course.notice.notice_id if course else None,
        policy=policy.version,
    )


def _stood_on(
    words: Words,
    found: Sequence[FindingRaised],
    answers: Callable[[], Addressee],
    today: date,
    same: Callable[[Named, Named], bool],
) -> dict[str, NoticeLevel]:
    """Of findings that are back on the facts of which the unit was told before: on which rung below the last, at most. What a
    supervisor took back, a finding or a notice, was told to nobody.
    """
    stood: dict[str, NoticeLevel] = {}
    for notice in words.issued.values():
        if notice.level is LAST_RUNG or notice.notice_id in words.taken_back:
            continue
        told = [words.known[name] for name in notice.findings if name not in words.taken_back]
        back = [its.finding_id for its in found if any(_back(before, its) for before in told)]
        if back and same((notice.addressee.unit, notice.issued_on), (answers().unit, today)):
            for name in back:
                stood[name] = max(notice.level, stood.get(name, notice.level), key=[*NoticeLevel].index)
    return stood


def _back(before: FindingRaised, now: FindingRaised) -> bool:
    """Whether a finding is another one that is back, on all the facts that it stood on."""
    stood_on = {cited.id for cited in before.counted}
    other = before.finding_id != now.finding_id and before.rule == now.rule
    return other and bool(stood_on) and stood_on <= {cited.id for cited in now.counted}


def _supplement(
    words: Words,
    findings: list[FindingRaised],
    course: Course,
    policy: Policy,
    today: date,
    answers: Callable[[], Addressee],
) -> list[Fact]:
    """What has come up while a notice is on its way, told once and at once: its own notice waits for that one."""
    done = words.silent | course.added | {*course.notice.findings}
    told = [finding for finding in findings if finding.finding_id not in done]
    if not told:
        return []
    return [
        NoticeSupplemented(
            notice_id=course.notice.notice_id,
            addressee=answers(),
            findings=tuple(finding.finding_id for finding in told),
            sentence_zh="；".join(finding.sentence_zh for finding in told),
            sentence_en="; ".join(finding.sentence_en for finding in told),
            told_on=today,
            policy=policy.version,
        )
    ]


def _was_told(course: Course, who: Addressee, today: date, same: Callable[[Named, Named], bool]) -> bool:
    """Whether somebody of the unit of this addressee was told at any rung, under whatever name."""
    told = (one.notice for one in (*course.before, course))
    return any(same((notice.addressee.unit, notice.issued_on), (who.unit, today)) for notice in told)


def _above(level: NoticeLevel) -> NoticeLevel | None:
    """The next rung; None on the last, above which only named humans decide."""
    rungs = list(NoticeLevel)
    return next(iter(rungs[rungs.index(level) + 1 :]), None)


def addressee(
    dossier: Dossier,
    policy: Policy,
    directory: Directory,
    as_of: datetime,
    *,
    about_office: bool = False,
) -> Addressee:
    """Who answers: the first, in the policy's order, whom the case has. Never nobody.

    An owner leader who is known to have left their post does not: until somebody else owns the case, it is the head of the unit.
    A unit is told under its name of the day, whatever it was called when the case was given to it. Its head is whoever held
    that post on the day, as the directory was known at the moment; unnamed where it knows none. Whoever acts for somebody on
    leave is told as well, not instead: duty is not delegated (seed plan D6).
    What the petition office itself has failed to do goes to the joint meeting (信访工作条例 Art 43).
    """
    if about_office:
        return JOINT_MEETING
    today = business_date(as_of)
    region = dossier.registered.fact.region if dossier.registered else ""
    for role in policy.notices.addressees:
        if role is Role.LEADER and dossier.leader is not None and dossier.owning is not None:
            named = dossier.leader.unit, dossier.owning.on
            unit = directory.unit(named[0], region, today, as_of, named_on=named[1])
            if unit is not None and unit.has_left(dossier.leader.leader.id, today):
                continue
            return _named(role, dossier.leader.leader, directory.called_on(named, region, today, as_of), unit, today)
        if role is Role.UNIT_HEAD and dossier.held is not None and dossier.unit:
            return head_of(dossier.held, region, directory, as_of)
    return OF_THE_OFFICE


def head_of(named: Named, region: str, directory: Directory, as_of: datetime) -> Addressee:
    """The head of the unit that is meant by a name in a region, as of a moment; unnamed where the directory knows none."""
    today = business_date(as_of)
    unit = directory.unit(named[0], region, today, as_of, named_on=named[1])
    name = directory.called_on(named, region, today, as_of)
    head = unit.head_on(today) if unit else None
    if head is not None:
        return _named(Role.UNIT_HEAD, head, name, unit, today)
    return Addressee(role=Role.UNIT_HEAD, name=f"{name}主要负责人", unit=name)


def _named(role: Role, who: Official, unit_name: str, unit: Unit | None, today: date) -> Addressee:
    acting = unit.acting_on(who.id, today) if unit else None
    name = " ".join(filter(None, (who.name, who.post)))
    if acting is not None:
        name = f"{name}（请假，{acting.name}代）"
    return Addressee(role=role, name=name, unit=unit_name, person=who, acting=acting)
