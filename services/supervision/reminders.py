"""临期提醒: who is told that a time limit is nearly used up, before anything is wrong. Pure."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from functools import lru_cache

from services.supervision.addressees import OF_THE_OFFICE, addressee
from services.supervision.dossier import Dossier
from services.supervision.rules import Verdict, in_order
from shared.directory import Directory
from shared.events import Fact
from shared.events.supervision import Addressee, LimitApproached
from shared.policy import Policy
from shared.workdays import DAY, business_date


@lru_cache(maxsize=1 << 14)
def share_days(start: date, due: date, shares: tuple[int, ...]) -> Mapping[int, date]:
    """On which day so many percent of a limit are used up: the same few limits run in most cases."""
    return {share: start + -(-(due - start).days * share // 100) * DAY for share in shares}


def reminders(
    dossier: Dossier,
    answers: Mapping[str, Verdict],
    policy: Policy,
    as_of: datetime,
    directory: Callable[[], Directory],
) -> list[Fact]:
    """临期提醒: the time limits that are nearly used up, each share of each limit once. Nothing is found yet."""
    facts: list[Fact] = []
    today, ahead = business_date(as_of), policy.notices.ahead
    told = {(near.rule, near.due_on, near.share) for near in dossier.words.all(LimitApproached)}
    for rule, verdict, start, due in _running(answers, policy):
        days = share_days(start, due, ahead.shares)
        share = max((share for share, day in days.items() if day <= today <= due), default=None)
        if share is not None and not any((rule, due, n) in told for n in days if n >= share):
            facts.append(
                LimitApproached(
                    rule=rule,
                    name=policy.rules[rule].name,
                    share=share,
                    started_on=start,
                    due_on=due,
                    addressee=_whose(rule, dossier.until(today), policy, directory(), as_of),
                    sentence_zh=f"期限已用 {share}%：{verdict.zh}",
                    sentence_en=f"{share}% of the limit is used up: {verdict.en}",
                    policy=policy.version,
                )
            )
    return facts


def _whose(rule: str, dossier: Dossier, policy: Policy, directory: Directory, as_of: datetime) -> Addressee:
    """Who can still keep the limit: what is the petition office's own to do, it is told itself."""
    return OF_THE_OFFICE if policy.rules[rule].about == "office" else addressee(dossier, policy, directory, as_of)


def next_reminder(answers: Mapping[str, Verdict], policy: Policy, today: date) -> date | None:
    """The next day on which a share of a limit is used up."""
    shares = policy.notices.ahead.shares
    days = (day for _, _, start, due in _running(answers, policy) for day in share_days(start, due, shares).values())
    return min((day for day in days if day > today), default=None)


def _running(answers: Mapping[str, Verdict], policy: Policy) -> Iterator[tuple[str, Verdict, date, date]]:
    """The limits that still run, of the rules of which the policy lets people be reminded: rule, answer, first and last day."""
    for rule in in_order(frozenset(policy.notices.ahead.rules)):
        verdict = answers.get(rule.id)
        if verdict is not None and not verdict.shows and verdict.start is not None and verdict.due is not None:
            yield rule.id, verdict, verdict.start, verdict.due
