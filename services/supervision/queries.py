"""What readers ask of supervision: a case's whole history, and the derivation of the verdict on it, as of any moment."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from services.supervision.cited import published
from services.supervision.domain.judging import BY_WORDS, changes_on, waits_until
from services.supervision.domain.units import changes_on as unit_changes_on
from services.supervision.dossier import Dossier, evolve
from services.supervision.former_names import under_one_name
from services.supervision.rules import UNIT_RULES, Verdict, assess, assess_words
from services.supervision.unitbook import UnitBook
from services.supervision.words import Words
from shared.directory import Directory
from shared.events import Recorded
from shared.events.supervision import SupervisionFact
from shared.policy import Policy
from shared.standard import Standard
from shared.workdays import business_date


def known_at(history: Iterable[Recorded], as_of: datetime | None) -> list[Recorded]:
    """The facts that had been recorded by a moment, in the order of their recording."""
    facts = [fact for fact in history if as_of is None or fact.time <= as_of]
    return sorted(facts, key=lambda fact: (fact.time, fact.service, fact.version))


def dossier_of(facts: Iterable[Recorded]) -> Dossier:
    """The dossier that these facts make. What supervision itself said stays in the order in which it was said."""
    dossier = Dossier()
    for fact in sorted(facts, key=lambda fact: (fact.service, fact.version)):
        dossier = evolve(dossier, fact)
    return dossier


def derivation(
    standard: Standard,
    history: Iterable[Recorded],
    as_of: datetime,
    about: date | None = None,
    directory: Callable[[], Directory] = Directory,
) -> dict[str, Any]:
    """Why the case is judged as it is: each rule's answer with its facts, arithmetic and next change.

    `about` is a business day in Asia/Shanghai, that of the moment when it is not given: so two times may differ, when
    something was known, and the day that is judged. A function of the facts known, also those of units, the policy and these
    alone: the same inputs give the same bytes.
    """
    dossier = dossier_of(known_at(history, as_of))
    today = about or business_date(as_of)
    policy = standard.policy_on(today)
    waits = waits_until(dossier)
    waits = waits if waits is not None and as_of < waits else None
    answers = {} if waits else assess(under_one_name(dossier, directory, today, as_of), standard, today)
    return {
        "as_of": as_of,
        "day": today,
        "policy": policy.version,
        "waiting_for_history_until": waits,
        "facts": len(dossier.facts),
        "stalled": dossier.stalled,
        "notice": dossier.notice,
        "next_change": business_date(waits) if waits else changes_on(dossier, answers, policy, today),
        "rules": _told(answers, policy),
    }


def unit_derivation(
    standard: Standard, book: UnitBook, history: Iterable[Recorded], as_of: datetime, about: date | None = None
) -> dict[str, Any]:
    """The same about a unit as a whole, by its book as it was known at the moment."""
    today = about or business_date(as_of)
    policy = standard.policy_on(today)
    words = Words()
    for fact in known_at(history, as_of):
        words = words.after(fact.fact, fact.id) if isinstance(fact.fact, SupervisionFact) else words
    answers = {rule.id: rule.ask(book.inspected(words), policy, today) for rule in UNIT_RULES}
    answers |= assess_words(words, standard, today, BY_WORDS)
    course = words.course(about_office=False)
    return {
        "unit": book.name,
        "region": book.region,
        "as_of": as_of,
        "day": today,
        "policy": policy.version,
        "facts": len(book.entries),
        "notice": course.notice if course else None,
        "next_change": unit_changes_on(standard, words, answers, today),
        "rules": _told(answers, policy),
    }


def _told(answers: Mapping[str, Verdict], policy: Policy) -> list[dict[str, Any]]:
    return [
        {
            "rule": rule,
            "name": policy.rules[rule].name,
            "basis": policy.rules[rule].basis,
            "kind": policy.rules[rule].kind,
            "shows": verdict.shows,
            "zh": verdict.zh,
            "en": verdict.en,
            "since": verdict.since,
            "changes_on": verdict.changes_on,
            "counted": published(verdict.counted),
            "ignored": published(verdict.ignored),
            "arithmetic": verdict.arithmetic,
        }
        for rule, verdict in answers.items()
    ]
