"""同件同文: in which cases the same file is filed, and the same words are written; and what is said in a case when another unit
had them first; and who was handed a file. Pure.

It follows from what is filed and written, in the same transaction (docs/adr/0009): no case is looked through for another.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field

from services.casework.domain.case import Case
from shared.decider import Command, Name
from shared.events import Asked, Named, Recorded
from shared.events.casework import (
    CaseworkFact,
    DocumentFiled,
    FileCited,
    FileFoundElsewhere,
    FileOpened,
    OpinionIssued,
    TextCited,
    TextFoundElsewhere,
    VisitLogged,
)
from shared.identity import UNIT_BOUND
from shared.terms import Role
from shared.verbatim import digest, plain_text
from shared.workdays import business_date

LONG_ENOUGH = 40
"""Characters of a text that is looked for elsewhere: what is shorter, everybody writes alike."""


class CiteFile(Command):
    """同件登记: follows from a paper that is filed; nobody gives it alone."""

    history: ClassVar[str] = "file"
    roles: ClassVar[frozenset[Role]] = frozenset()

    sha256: str
    case_id: Name
    unit: str


class OpenFile(Command):
    """调阅: hand out a file of a case to whoever may see its papers. It follows from asking for the file; nobody gives it alone."""

    history: ClassVar[str] = "file"
    roles: ClassVar[frozenset[Role]] = frozenset(Role)

    sha256: str
    case_id: Name


class CiteText(Command):
    """同文登记: follows from an opinion, and from the note of a visit; nobody gives it alone."""

    history: ClassVar[str] = "text"
    roles: ClassVar[frozenset[Role]] = frozenset()

    sha256: str
    case_id: Name
    unit: str
    characters: Annotated[int, Field(ge=LONG_ENOUGH)]
    fact: str


class SayElsewhere(Command):
    """见于外单位: follows from what was cited, where others had cited it before; nobody gives it alone."""

    roles: ClassVar[frozenset[Role]] = frozenset()

    cited: FileCited | TextCited
    others: tuple[Named, ...]
    """The units that had, as they were called on the day."""


@dataclass(frozen=True)
class Citations:
    """The cases in which one file is, or was, filed as a paper, or one text written; in the order in which it was."""

    cases: tuple[str, ...] = ()
    units: frozenset[Named] = frozenset()
    """Whose clerks did so, as they were called on the day."""
    opened: frozenset[tuple[str, str, date]] = frozenset()
    """Of which case the file was handed out, to whom, on which day."""

    def without(self, unit: str) -> tuple[Named, ...]:
        """The units that go by another name."""
        return tuple(sorted(named for named in self.units if named[0] != unit))


def file_history(sha256: str) -> str:
    """The name of the history of a file."""
    return f"file-{sha256}"


def text_history(sha256: str) -> str:
    """The name of the history of a text."""
    return f"text-{sha256}"


def evolve(citations: Citations, recorded: Recorded) -> Citations:
    """What a fact adds to where a file is filed, or a text is written."""
    match recorded.fact:
        case FileCited(case_id=case_id, unit=unit) | TextCited(case_id=case_id, unit=unit):
            named = {(unit, business_date(recorded.time))} if unit else set[Named]()
            return replace(citations, cases=(*citations.cases, case_id), units=citations.units | named)
        case FileOpened(case_id=case_id, opened_on=on):
            return replace(citations, opened=citations.opened | {(case_id, recorded.actor, on)})
        case _:
            return citations


def cite(citations: Citations, command: CiteFile | CiteText) -> list[CaseworkFact]:
    """Once per case."""
    if command.case_id in citations.cases:
        return []
    return [FileCited(**dict(command)) if isinstance(command, CiteFile) else TextCited(**dict(command))]


def open_file(citations: Citations, command: OpenFile, asked: Asked) -> list[CaseworkFact]:
    """Once a day of each case for each of those who ask."""
    fact = FileOpened(**dict(command), opened_on=business_date(asked.now))
    return [] if (command.case_id, asked.actor, fact.opened_on) in citations.opened else [fact]


def say_elsewhere(case: Case, command: SayElsewhere, asked: Asked) -> list[CaseworkFact]:
    """Once of each file and text; nothing where it was the same unit, whatever it was called then."""
    cited, units = command.cited, len({name for name, day in command.others if not asked.is_of((name, day))})
    said = {fact.sha256 for fact in case.all(FileFoundElsewhere)} | {
        fact.sha256 for fact in case.all(TextFoundElsewhere)
    }
    if not units or cited.sha256 in said:
        return []
    today = business_date(asked.now)
    if isinstance(cited, FileCited):
        return [FileFoundElsewhere(sha256=cited.sha256, units=units, found_on=today)]
    return [
        TextFoundElsewhere(
            sha256=cited.sha256, characters=cited.characters, fact=cited.fact, units=units, found_on=today
        )
    ]


def cited_by(recorded: Recorded) -> Iterator[tuple[str, Command]]:
    """Whatever paper is filed can be found by its digest, and what a unit writes at some length by that of its words; not what a
    ledger claims to have been written.
    """
    unit = recorded.unit or "" if recorded.role in UNIT_BOUND else ""
    match recorded.fact:
        case DocumentFiled(sha256=sha256):
            yield file_history(sha256), CiteFile(sha256=sha256, case_id=recorded.case_id, unit=unit)
        case OpinionIssued() | VisitLogged() if unit and recorded.imported_from is None:
            text = written(recorded.fact)
            if (characters := len(plain_text(text))) >= LONG_ENOUGH:
                said = digest(text)
                yield (
                    text_history(said),
                    CiteText(sha256=said, case_id=recorded.case_id, unit=unit, characters=characters, fact=recorded.id),
                )


def written(fact: OpinionIssued | VisitLogged) -> str:
    """What somebody wrote in their own words: the facts and reasons of an opinion, the note of a visit."""
    if isinstance(fact, VisitLogged):
        return fact.note
    return "".join((fact.facts, *(answer.reasons for answer in fact.answers)))


def found_by(citations: Citations, recorded: Recorded) -> Iterator[tuple[str, Command]]:
    """Where another unit had it first, that is said in the case in which it comes up again. What a ledger claims accuses
    nobody.
    """
    fact = recorded.fact
    if not isinstance(fact, FileCited | TextCited) or not fact.unit or recorded.imported_from is not None:
        return
    if others := citations.without(fact.unit):
        yield fact.case_id, SayElsewhere(cited=fact, others=others)
