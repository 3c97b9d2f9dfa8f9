"""问题线索: what the rules' answers raise, restate and resolve, of a case or of a unit. Pure."""

from collections.abc import Callable, Mapping
from datetime import datetime

from services.supervision.cited import published
from services.supervision.course import PETITION_OFFICE
from services.supervision.rules import Verdict
from services.supervision.words import Words
from shared.events import Fact
from shared.events.naming import Named
from shared.events.supervision import FindingRaised, FindingResolved, FindingRestated
from shared.policy import Policy
from shared.workdays import business_date


def findings(
    words: Words,
    answers: Mapping[str, Verdict],
    policy: Policy,
    as_of: datetime,
    about: Callable[[Named | None], str],
) -> list[Fact]:
    """What is found, what is found on another ground, and what holds no more. What was withdrawn needs new evidence; what
    cannot be decided stays as it was said.

    `about` is asked which unit answers when something is said of one: whoever left a word of ours unanswered, else whoever has
    the case.
    """
    facts: list[Fact] = []
    raised = len(words.known)

    def whose(verdict: Verdict) -> str:
        return about(words.addressed(verdict.counted))

    for rule, verdict in answers.items():
        if not verdict.shows and rule not in words.findings:
            continue  # most rules find nothing, and had not
        found = words.findings.get(rule)
        if verdict.undecided is not None:
            continue
        if verdict.shows and found is None:
            if words.withdrawn(rule, frozenset(e.id for e in verdict.counted)):
                continue
            raised += 1
            facts.append(_finding(FindingRaised, f"finding-{raised}", rule, verdict, policy, as_of, whose))
        elif verdict.shows and found is not None and _moved(found, verdict):
            facts.append(_finding(FindingRestated, found.finding_id, rule, verdict, policy, as_of, whose))
        elif not verdict.shows and found is not None:
            zh, en = verdict.zh, verdict.en
            facts.append(
                FindingResolved(finding_id=found.finding_id, rule=rule, as_of=as_of, sentence_zh=zh, sentence_en=en)
            )
    return facts


def _moved(found: FindingRaised, verdict: Verdict) -> bool:
    """Whether a finding stands on another ground than it says: another day, or other facts."""
    return found.since != verdict.since or [e.id for e in found.counted] != [e.id for e in verdict.counted]


def _finding(
    kind: type[FindingRaised],
    finding_id: str,
    rule: str,
    verdict: Verdict,
    policy: Policy,
    as_of: datetime,
    whose: Callable[[Verdict], str],
) -> FindingRaised:
    settings = policy.rules[rule]
    return kind(
        finding_id=finding_id,
        rule=rule,
        name=settings.name,
        kind=settings.kind,
        basis=settings.basis,
        policy=policy.version,
        since=verdict.since or business_date(as_of),
        as_of=as_of,
        sentence_zh=verdict.zh,
        sentence_en=verdict.en,
        counted=published(verdict.counted),
        ignored=published(verdict.ignored),
        arithmetic=verdict.arithmetic,
        unit=PETITION_OFFICE if settings.about == "office" else whose(verdict),
    )
