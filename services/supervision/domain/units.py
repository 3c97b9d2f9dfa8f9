"""单位评查: what follows from a unit's book: findings about the unit as a whole, and the notice to its head. Pure.

Each unit has a history of its own. Whoever heads it answers; nobody but a named supervisor upholds what was found.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import ClassVar

from services.supervision.addressees import JOINT_MEETING, head_of
from services.supervision.amended import amended_for_units_on
from services.supervision.domain.judging import BY_WORDS, foretold
from services.supervision.findings import findings
from services.supervision.notices import notices
from services.supervision.rules import AFTERMATH, OF_THE_WATCH, UNIT_RULES, Verdict, assess_words
from services.supervision.rules.verdict import quiet
from services.supervision.unitbook import Library, UnitBook, matters_since, turns
from services.supervision.words import Words
from shared.decider import Command, NoSuchCase, Scope
from shared.directory import Directory
from shared.events import Fact
from shared.events.naming import Named
from shared.events.supervision import Addressee, BookOpened, FindingRaised, SuggestionMade, SupervisionFact
from shared.standard import Standard
from shared.terms import Role
from shared.workdays import DAY, business_date, start_of


@dataclass(frozen=True)
class Conduct:
    """单位督查: what supervision has said of a unit as a whole."""

    name: str
    """The id of this history, which is that of the unit's book."""
    opened: BookOpened
    on: date
    """The day on which it was opened: whom the name meant then, is meant."""
    words: Words = field(default_factory=Words)

    @property
    def scope(self) -> Scope:
        """Everybody of the region who watches, the unit itself, and whoever was given a suggestion about it."""
        suggested = ((made.addressed_to, made.made_on) for made in self.words.all(SuggestionMade))
        return Scope(self.opened.region, frozenset({self.named, *suggested}))

    @property
    def named(self) -> Named:
        """The unit."""
        return self.opened.unit, self.on

    def staff(self, directory: Directory, day: date) -> frozenset[str]:
        """The ids of the officials who held a post of the unit on a day."""
        unit = directory.unit(self.opened.unit, self.opened.region, day, named_on=self.on)
        return frozenset(holding.taken.official.id for holding in unit.held_on(day)) if unit else frozenset()

    def after(self, fact: SupervisionFact, fact_id: str) -> "Conduct":
        """With one more word said."""
        return replace(self, words=self.words.after(fact, fact_id))


ELSEWHERE = quiet(
    "该单位更名，一并在同一台账中评查", "the unit has another name too; it is judged by one book under all its names"
)


class AssessBook(Command):
    """单位评查: judge the book of a unit as of a moment, by the policy in force."""

    roles: ClassVar[frozenset[Role]] = frozenset({Role.SYSTEM})
    history: ClassVar[str] = "book"

    as_of: datetime
    book: str


def assess_book(
    standard: Standard,
    directory: Callable[[], Directory],
    library: Library,
    conduct: Conduct | None,
    command: AssessBook,
) -> list[Fact]:
    """What is to be said of a unit now; first of all that it is looked at, or in which book that is done. Raises NoSuchCase for
    a book in which nothing stands.
    """
    today = business_date(command.as_of)
    book = library(command.book, today)
    if book is None:
        raise NoSuchCase
    said: list[Fact] = []
    if conduct is None or conduct.opened.goes_on_in != book.goes_on_in:
        opened = BookOpened(unit=book.name, region=book.region, goes_on_in=book.goes_on_in)
        conduct, said = Conduct(command.book, opened, today, conduct.words if conduct else Words()), [opened]
    answers = answered(standard, book, conduct.words, command.as_of)
    return said + conclude(standard, conduct, answers, command.as_of, directory)


def answered(standard: Standard, book: UnitBook, words: Words, as_of: datetime) -> Mapping[str, Verdict]:
    """Every rule's answer about a unit, by rule: same book, same inspections, same policies, same day, same verdict."""
    return _answered(standard, book, words, business_date(as_of))


class _Answered:
    """The book that was judged last: whoever judged it asks next when to ask again, of the very same book on the same day."""

    def __init__(self) -> None:
        self._last: tuple[Standard, UnitBook, UnitBook, date, Mapping[str, Verdict]] | None = None

    def __call__(self, standard: Standard, book: UnitBook, words: Words, today: date) -> Mapping[str, Verdict]:
        whole = book.inspected(words)
        match self._last:
            case (its, same, seen, on, answers) if its is standard and same is book and on == today:
                if seen.inspections == whole.inspections:
                    return answers
        policy = standard.policy_on(today)
        said = {rule.id: ELSEWHERE if book.goes_on_in else rule.ask(whole, policy, today) for rule in UNIT_RULES}
        self._last = standard, book, whole, today, said
        return said


_answered = _Answered()


def conclude(
    standard: Standard,
    conduct: Conduct,
    answers: Mapping[str, Verdict],
    as_of: datetime,
    directory: Callable[[], Directory] = Directory,
) -> list[Fact]:
    """What follows from the answers and has not been said: findings, the notice to the head of the unit, and, as of a case,
    what supervision leaves undone, and what follows from the words themselves.
    """
    region, today = conduct.opened.region, business_date(as_of)
    policy = standard.policy_on(today)

    def about(named: Named | None) -> str:
        return directory().called_on(named or conduct.named, region, today, as_of)

    def head() -> Addressee:
        return head_of(conduct.named, region, directory(), as_of)

    facts: list[Fact] = []

    def found(answers: Mapping[str, Verdict]) -> tuple[Words, list[FindingRaised]]:
        facts.extend(findings(foretold(conduct.words, facts), answers, policy, as_of, about))
        words = foretold(conduct.words, facts)
        return words, [words.findings[rule] for rule in answers if rule in words.findings]

    def of_words(rules: frozenset[str]) -> Mapping[str, Verdict]:
        return assess_words(foretold(conduct.words, facts), standard, today, rules)

    words, of_unit = found(answers)
    facts += notices(words, of_unit, policy, standard.calendar, as_of, head, _itself, office=False)
    words, of_office = found(of_words(OF_THE_WATCH))
    facts += notices(words, of_office, policy, standard.calendar, as_of, lambda: JOINT_MEETING, _itself, office=True)
    found(of_words(AFTERMATH))
    return facts


def _itself(_one: Named, _other: Named) -> bool:
    """A unit is told of itself, by whatever name."""
    return True


def changes_on(standard: Standard, words: Words, answers: Mapping[str, Verdict], today: date) -> date:
    """The next day on which an answer or a notice changes though nothing is written: at the latest when the year is over."""
    answers = {**answers, **assess_words(words, standard, today, BY_WORDS)}
    days = [turns(matters_since(today).year), *(verdict.changes_on for verdict in answers.values())]
    days += [course.keep_by + DAY for course in words.live if course.keep_by is not None]
    return min(day for day in days if day is not None and day > today)


def next_moment(standard: Standard, library: Library, conduct: Conduct, now: datetime) -> datetime | None:
    """When the unit must be asked again: now, when something is still to be said. None where nothing stands in its book."""
    today = business_date(now)
    book = library(conduct.name, today)
    if book is None:
        return None
    answers = answered(standard, book, conduct.words, now)
    if conclude(standard, conduct, answers, now):
        return now
    days = [changes_on(standard, conduct.words, answers, today), amended_for_units_on(standard, today)]
    if book.goes_on_in and book.written == today:  # what is written under this name today, makes that book due tomorrow
        days.append(today + DAY)
    return min(start_of(day) for day in days if day is not None)
