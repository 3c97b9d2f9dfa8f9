"""评查: what follows from a verdict. A process manager: its commands come from facts and from the clock. Pure.

It finds, tells and records. A sanction is always a named human's decision.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import ClassVar

from services.supervision.addressees import addressee
from services.supervision.amended import amended_on
from services.supervision.domain.inspections import inquiries
from services.supervision.dossier import Dossier
from services.supervision.findings import findings
from services.supervision.former_names import under_one_name
from services.supervision.notices import notices
from services.supervision.reminders import next_reminder, reminders
from services.supervision.rules import AFTERMATH, ALL, OF_THE_WATCH, STALLING, Verdict, assess, in_order
from services.supervision.settled import Settled
from services.supervision.words import Words
from shared.decider import Command, NoSuchCase
from shared.directory import Directory
from shared.events import Fact
from shared.events.naming import Named
from shared.events.supervision import (
    Addressee,
    CaseStalled,
    FindingRaised,
    StallCleared,
    SupervisionFact,
)
from shared.policy import Policy
from shared.standard import Standard
from shared.terms import Role
from shared.workdays import DAY, UnknownYear, business_date, start_of

BY_WORDS = AFTERMATH | OF_THE_WATCH
"""The rules whose answer a word of supervision's own can change."""
BY_FACTS = ALL - BY_WORDS
"""The others."""
GRACE = timedelta(days=1)
"""How long a verdict waits for earlier history that was announced and is still being laid down."""
CLOCK = "clock:"
"""How the documents of what follows from a verdict name their cause: the clock, and the moment as of which it asked."""


class Assess(Command):
    """评查: judge the case as of a moment, by the policy in force."""

    roles: ClassVar[frozenset[Role]] = frozenset({Role.SYSTEM, Role.SUPERVISOR})

    as_of: datetime


def asked_at(moment: datetime) -> str:
    """The cause of all that is said when the clock asks as of a moment. Some facts name it themselves, and some do not."""
    return f"{CLOCK}{moment.isoformat()}"


def judge(standard: Standard, directory: Callable[[], Directory], dossier: Dossier, command: Assess) -> list[Fact]:
    """What is to be said of a case now. Raises NoSuchCase, and UnknownYear when all is said but what a rule could not decide:
    the pass names the case and the reason, until somebody says on which days people work.
    """
    if dossier.registered is None:
        raise NoSuchCase
    answers = verdicts(standard, dossier, command.as_of, directory)
    speech, today = _conclude(standard, dossier, answers, command.as_of, directory), business_date(command.as_of)
    if answers:
        if speech.facts:
            answers = with_words(standard, speech.after, today, answers)
        _settled.keep(standard, speech.after, today, answers)
    if not speech.facts and (unknown := _unknown(answers)) is not None:
        raise unknown
    return speech.facts


def _unknown(answers: Mapping[str, Verdict]) -> UnknownYear | None:
    """Why a rule could not be decided; None when all were."""
    return next((verdict.undecided for verdict in answers.values() if verdict.undecided is not None), None)


_settled = Settled()


def waits_until(dossier: Dossier) -> datetime | None:
    """Until when no verdict would be fair, because announced history is still missing. A whole second, as due rows are."""
    if dossier.registered is None or not dossier.history_missing:
        return None
    return (dossier.registered.recorded + GRACE).replace(microsecond=0)


def verdicts(
    standard: Standard, dossier: Dossier, as_of: datetime, directory: Callable[[], Directory] = Directory
) -> Mapping[str, Verdict]:
    """Every rule's answer as of a moment; none while announced history is waited for. The directory says which names of
    units are one unit's.
    """
    waits, today = waits_until(dossier), business_date(as_of)
    if waits is not None and as_of < waits:
        return {}
    return assess(under_one_name(dossier, directory, today, as_of), standard, today)


def conclude(
    standard: Standard,
    dossier: Dossier,
    answers: Mapping[str, Verdict],
    as_of: datetime,
    directory: Callable[[], Directory] = Directory,
) -> list[Fact]:
    """What follows from the verdicts and has not been said: findings, the stall, notices. Once said, nothing is left.

    What supervision has left undone is judged on the notices of the units as they then are, and told to the joint meeting;
    what follows from all notices is judged last. Here the directory tells whom a notice names, never whether there is one.
    """
    return _conclude(standard, dossier, answers, as_of, directory).facts


@dataclass
class _Speech:
    """What is said of a case in one breath. `after` is the dossier as it will be when that has been said."""

    after: Dossier
    facts: list[Fact] = field(default_factory=list)

    def say(self, facts: Sequence[Fact]) -> None:
        """Go on with these."""
        if facts:
            self.facts += facts
            self.after = self.after.saying(foretold(self.after.words, facts))


def _conclude(
    standard: Standard,
    dossier: Dossier,
    answers: Mapping[str, Verdict],
    as_of: datetime,
    directory: Callable[[], Directory],
) -> _Speech:
    speech, today = _Speech(dossier), business_date(as_of)
    if not answers:
        return speech
    policy, calendar = standard.policy_on(today), standard.calendar
    about = partial(_about, dossier, directory, as_of)

    def answering(*, office: bool) -> Addressee:
        return addressee(dossier.until(today), policy, directory(), as_of, about_office=office)

    def same(one: Named, other: Named) -> bool:
        return directory().same(one, other, dossier.registered.fact.region if dossier.registered else "")

    def find(rules: frozenset[str]) -> None:
        """They are asked again only if something has been said since."""
        said = assess(speech.after, standard, today, rules) if speech.facts else _of(answers, rules)
        speech.say(findings(speech.after.words, said, policy, as_of, about))

    def tell(*, office: bool) -> None:
        words, who = speech.after.words, partial(answering, office=office)
        speech.say(notices(words, found, policy, calendar, as_of, who, same, office=office))

    speech.say(findings(dossier.words, _of(answers, BY_FACTS), policy, as_of, about))
    standing = speech.after.findings
    found = [standing[rule.id] for rule in in_order(BY_FACTS) if rule.id in standing] if standing else []
    speech.say(_stall(dossier, found, policy, as_of))
    speech.say(inquiries(dossier, found, standard, as_of))
    tell(office=False)
    find(OF_THE_WATCH)
    found += [finding for rule, finding in speech.after.findings.items() if rule in OF_THE_WATCH]
    tell(office=True)
    speech.say(reminders(dossier, answers, policy, as_of, directory))
    find(AFTERMATH)
    return speech


def _of(answers: Mapping[str, Verdict], rules: frozenset[str]) -> dict[str, Verdict]:
    """The answers of these rules, in the order of the rules."""
    return {rule: answer for rule, answer in answers.items() if rule in rules}


def with_words(
    standard: Standard, after: Dossier, today: date, answers: Mapping[str, Verdict]
) -> Mapping[str, Verdict]:
    """Every rule's answer when words of supervision's own were added to what was judged: only theirs are asked again. They
    hold no unit against another.
    """
    return {**answers, **assess(after, standard, today, BY_WORDS)}


def foretold(words: Words, facts: Iterable[Fact]) -> Words:
    """What will have been said when these facts of our own have been."""
    for fact in facts:
        if isinstance(fact, SupervisionFact):
            words = words.after(fact)
    return words


def _about(dossier: Dossier, directory: Callable[[], Directory], as_of: datetime, named: Named | None) -> str:
    """The unit that is named, else the one that answers for the case on the day, under its name of that day; empty when none
    does.
    """
    today = business_date(as_of)
    held = named or dossier.until(today).held
    if held is None or dossier.registered is None:
        return ""
    return directory().called_on(held, dossier.registered.fact.region, today, as_of)


def _stall(dossier: Dossier, findings: list[FindingRaised], policy: Policy, as_of: datetime) -> list[Fact]:
    """The case as a whole: idle for these reasons, or idle no more."""
    reasons = [finding for finding in findings if finding.rule in STALLING]
    if not reasons:
        return [StallCleared(as_of=as_of)] if dossier.stalled else []
    stalled = CaseStalled(
        since=min(finding.since for finding in reasons),
        rules=tuple(finding.rule for finding in reasons),
        sentence_zh="；".join(finding.sentence_zh for finding in reasons),
        sentence_en="; ".join(finding.sentence_en for finding in reasons),
        policy=policy.version,
    )
    said = dossier.stalled and dossier.stalled.model_copy(update={"policy": policy.version})
    return [] if said == stalled else [stalled]


def changes_on(dossier: Dossier, answers: Mapping[str, Verdict], policy: Policy, today: date) -> date | None:
    """The next day on which an answer or a notice changes though nothing more is heard."""
    days = [verdict.changes_on for verdict in answers.values()]
    days += [dossier.next_day(today), next_reminder(answers, policy, today)]
    days += [course.keep_by + DAY for course in dossier.words.live if course.keep_by is not None]
    return min((day for day in days if day is not None and day > today), default=None)


def next_moment(
    standard: Standard, dossier: Dossier, now: datetime, directory: Callable[[], Directory] = Directory
) -> datetime | None:
    """When the case must be asked again: now, when something is still to be said, or could not be; else when an answer can
    change.
    """
    if dossier.registered is None:
        return None
    waits = waits_until(dossier)
    if waits is not None and now < waits:
        return waits
    today = business_date(now)
    answers = _settled.answers(standard, dossier, today)
    if answers is None:
        answers = verdicts(standard, dossier, now, directory)
        if conclude(standard, dossier, answers, now, directory):
            return now
    if _unknown(answers) is not None:
        return now
    days = (changes_on(dossier, answers, standard.policy_on(today), today), amended_on(standard, dossier, today))
    return min((start_of(day) for day in days if day is not None), default=None)
