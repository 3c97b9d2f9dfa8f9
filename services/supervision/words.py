"""督查之言: what supervision itself has said about a case, in the order in which it said it. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

from services.supervision.cited import Cited
from services.supervision.course import Course, opened
from shared.events.naming import Named
from shared.events.supervision import (
    CaseStalled,
    FindingAnswered,
    FindingRaised,
    FindingResolved,
    FindingUpheld,
    FindingWithdrawn,
    NoticeClosed,
    NoticeIssued,
    NoticeSupplemented,
    NoticeWithdrawn,
    RectificationJudged,
    StallCleared,
    SuggestionMade,
    SupervisionFact,
)

W = TypeVar("W", bound=SupervisionFact)

STANDING = (
    FindingRaised, CaseStalled, StallCleared, FindingResolved, NoticeIssued, NoticeSupplemented, NoticeClosed,
)  # fmt: skip
"""What the clock says every day; the rest is kept word for word."""


@dataclass(frozen=True)
class Words:
    """The findings, the stall, the notices, and every word about them."""

    findings: dict[str, FindingRaised] = field(default_factory=dict)
    """Open findings, by rule."""
    known: dict[str, FindingRaised] = field(default_factory=dict)
    """Every finding ever raised, as last stated, by its id."""
    stalled: CaseStalled | None = None
    live: tuple[Course, ...] = ()
    """The live notices: of those about the unit, and of those about the petition office, at most one that may still go up, and
    one on the last rung.
    """
    issued: Mapping[str, NoticeIssued] = field(default_factory=dict)
    """Every notice ever issued, by the id of its document; those of which that is known."""
    notices: int = 0
    upheld: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """On which facts each finding stood when it was upheld."""
    quiet: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Findings whose notice was withdrawn for good, and on which facts each stood then: nobody is told of them, until there is
    new evidence.
    """
    settled: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Findings that stand and were answered for, and on which facts each stood then: nothing more is asked of anybody, until
    there is new evidence.
    """
    said: tuple[tuple[str, SupervisionFact], ...] = ()
    """Everything else, each with the id of its document; empty for what is only about to be said."""
    spoken: int = 0
    """How many words there are."""

    def all(self, kind: type[W]) -> Iterator[W]:
        """The words of a type."""
        return (fact for _, fact in self.said if isinstance(fact, kind))

    def id_of(self, fact: SupervisionFact) -> str:
        """The id of a word's document."""
        return next((identity for identity, other in self.said if other == fact), "")

    def courses(self, *, about_office: bool) -> tuple[Course, ...]:
        """The live notices about the unit, or about the petition office; what may still go up comes first."""
        its = (course for course in self.live if course.about_office is about_office)
        return tuple(sorted(its, key=lambda course: course.on_last_rung))

    def course(self, *, about_office: bool) -> Course | None:
        """The one of them that may still go up, else the one on the last rung."""
        return next(iter(self.courses(about_office=about_office)), None)

    @cached_property
    def decided(self) -> dict[str, FindingUpheld | FindingWithdrawn]:
        """The findings on which a supervisor has spoken, and the last word on each. What was upheld and stands on none of the
        same facts since is undecided: nobody was heard on these.
        """
        words = (fact for _, fact in self.said if isinstance(fact, FindingUpheld | FindingWithdrawn))
        return {word.finding_id: word for word in words if not self._turned(word)}

    def _turned(self, word: FindingUpheld | FindingWithdrawn) -> bool:
        before, now = self.upheld.get(word.finding_id), self.known.get(word.finding_id)
        if not before or now is None or not now.counted or isinstance(word, FindingWithdrawn):
            return False
        return before.isdisjoint(_ids(now))

    @cached_property
    def pleas(self) -> dict[str, FindingAnswered]:
        """The findings that the unit has answered and on which no supervisor has spoken since, each with the first answer."""
        pleas: dict[str, FindingAnswered] = {}
        for _, word in self.said:
            if isinstance(word, FindingAnswered):
                pleas.setdefault(word.finding_id, word)
            elif isinstance(word, FindingUpheld | FindingWithdrawn):
                pleas.pop(word.finding_id, None)
        return pleas

    @cached_property
    def contested(self) -> frozenset[str]:
        """Findings that the unit has answered and on which no supervisor has spoken yet."""
        return frozenset(self.pleas)

    @property
    def silent(self) -> frozenset[str]:
        """Findings of which nobody is told: contested, quiet or settled."""
        return self.contested.union(self.quiet, self.settled)

    @cached_property
    def taken_back(self) -> frozenset[str]:
        """The findings and notices that a supervisor has withdrawn."""
        said = [fact for _, fact in self.said]
        findings = {fact.finding_id for fact in said if isinstance(fact, FindingWithdrawn)}
        return frozenset(findings | {fact.notice_id for fact in said if isinstance(fact, NoticeWithdrawn)})

    def heard(self, name: str) -> list[FindingAnswered]:
        """What the unit has said to a finding; not what it said to other facts, on which that finding was upheld before."""
        heard: list[FindingAnswered] = []
        for _, word in self.said:
            if isinstance(word, FindingAnswered) and word.finding_id == name:
                heard.append(word)
            elif isinstance(word, FindingUpheld) and word.finding_id == name and self.decided.get(name) is not word:
                heard.clear()
        return heard

    def addressed(self, counted: Iterable[Cited]) -> Named | None:
        """Whom a word of our own was addressed to, on which a finding stands: a suggestion, the one due first, or a notice."""
        ids = [one.id for one in counted if one.id]
        made = [fact for identity, fact in self.said if identity in ids and isinstance(fact, SuggestionMade)]
        if made:
            first = min(made, key=lambda fact: (fact.due_on, fact.suggestion_id))
            return first.addressed_to, first.made_on
        told = next((self.issued[one] for one in ids if one in self.issued), None)
        return (told.addressee.unit, told.issued_on) if told else None

    def followed(self, without: str) -> list[FindingRaised]:
        """Knock-on findings 连带问题: those about notices that named nothing but what is withdrawn, when this finding is too."""
        gone = {name for name, word in self.decided.items() if isinstance(word, FindingWithdrawn)} | {without}
        return [
            finding
            for finding in self.known.values()
            if finding.finding_id not in gone
            and (told := [self.issued[one.id] for one in finding.counted if one.id in self.issued])
            and all(gone.issuperset(notice.findings) for notice in told)
        ]

    def named(self, course: Course) -> set[str]:
        """What a live notice names, of what still holds and is not settled."""
        open_ones = (finding.finding_id for finding in self.findings.values())
        return {*course.notice.findings}.intersection(open_ones).difference(self.settled)

    def lapsed(self, course: Course, today: date) -> bool:
        """Whether the day of a live notice has gone by. Not while all that it names and that holds is contested."""
        named = self.named(course)
        contested = bool(named) and named <= self.contested
        return course.keep_by is not None and today > course.keep_by and not contested

    def withdrawn(self, rule: str, counted: frozenset[str]) -> bool:
        """Whether a finding of this rule was withdrawn that stood on all of this evidence."""
        return any(fact.rule == rule and counted <= {*fact.counted} for fact in self.all(FindingWithdrawn))

    def after(self, fact: SupervisionFact, fact_id: str = "") -> "Words":
        """The words after one more."""
        said = self.said if isinstance(fact, STANDING) else (*self.said, (fact_id, fact))
        return replace(self, said=said, spoken=self.spoken + 1, **self._changed_by(fact, fact_id))

    def _changed_by(self, fact: SupervisionFact, fact_id: str) -> dict[str, Any]:
        """What is otherwise after this word, beside what has been said."""
        match fact:
            case FindingRaised():
                return {
                    "findings": {**self.findings, fact.rule: fact},
                    "known": {**self.known, fact.finding_id: fact},
                    "quiet": _until_news(self.quiet, fact),
                    "settled": _until_news(self.settled, fact),
                }
            case FindingUpheld() if fact.finding_id in self.known:
                return {"upheld": {**self.upheld, **self._grounds({fact.finding_id})}}
            case FindingResolved() | FindingWithdrawn():
                return {"findings": {r: f for r, f in self.findings.items() if f.finding_id != fact.finding_id}}
            case CaseStalled():
                return {"stalled": fact}
            case StallCleared():
                return {"stalled": None}
            case NoticeIssued():
                before = next((c for c in self.live if c.notice.notice_id == fact.follows), None)
                course = before.followed_by(fact, fact_id) if before else opened(fact, fact_id)
                others = tuple(c for c in self.live if c is not before)
                standing = next((c for c in others if c.about_office is course.about_office and c.on_last_rung), None)
                if standing is not None and course.on_last_rung:
                    others, course = tuple(c for c in others if c is not standing), course.taking_in(standing)
                issued = {**self.issued, fact_id: fact} if fact_id else self.issued
                return {"live": (*others, course), "issued": issued, "notices": self.notices + 1}
            case NoticeClosed():
                return {"live": tuple(c for c in self.live if c.notice.notice_id != fact.notice_id)}
            case NoticeWithdrawn():
                told = {f for c in self.live if c.notice.notice_id == fact.notice_id for f in c.notice.findings}
                live = tuple(c for c in self.live if c.notice.notice_id != fact.notice_id)
                return {"live": live, "quiet": self.quiet if fact.reissue else {**self.quiet, **self._grounds(told)}}
            case RectificationJudged(done=True):
                done = next((c for c in self.live if c.notice.notice_id == fact.notice_id), None)
                return self._live_after(fact) | {
                    "settled": {**self.settled, **self._grounds(self.named(done) if done else ())}
                }
            case _ if self.live and fact.__dict__.get("notice_id"):
                return self._live_after(fact)
            case _:
                return {}

    def _grounds(self, names: Iterable[str]) -> dict[str, frozenset[str]]:
        """On which facts each of these findings stands, of those that are known."""
        return {name: _ids(self.known[name]) for name in names if name in self.known}

    def _live_after(self, fact: SupervisionFact) -> dict[str, Any]:
        name = fact.__dict__.get("notice_id")
        return {"live": tuple(c.after(fact) if c.notice.notice_id == name else c for c in self.live)}


def _ids(finding: FindingRaised) -> frozenset[str]:
    """The facts that a finding stands on."""
    return frozenset(evidence.id for evidence in finding.counted)


def _until_news(silent: Mapping[str, frozenset[str]], finding: FindingRaised) -> Mapping[str, frozenset[str]]:
    """Those of which nothing is said, without this finding if it stands on something else than it did then."""
    if _ids(finding) <= silent.get(finding.finding_id, _ids(finding)):
        return silent
    return {name: stood_on for name, stood_on in silent.items() if name != finding.finding_id}
