"""书库: the books of units as supervision's log holds them, and where each case stands in them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

from services.supervision.dossier import Dossier
from services.supervision.one_book import bearers, home, homes, keyed
from services.supervision.unitbook import COUNTY, TYPES, UnitBook, Work, book_id, entry, matters_since, unit_of
from shared.directory import Directory, Unit
from shared.events.casework import CaseAccepted
from shared.store import Books, Log
from shared.store.beside import NOBODYS, Booked
from shared.workdays import DAY, business_date, start_of

KIND = "1"
"""How cases are entered in books. Where a version of huajie enters them in another way, all books are laid down anew."""


class LogLibrary:
    """Asked for a book, it reads what has been committed to the log; the one that was read last is kept while that holds.

    Cases stand under the names by which they name their units; the directory says which of these are one unit's.
    """

    def __init__(self, log: Log, directory: Callable[[], Directory] = Directory) -> None:
        self._log, self._directory, self._books = log, directory, Books(log, TYPES)
        self._last: tuple[tuple[str, date, int], UnitBook | None] | None = None

    def __call__(self, name: str, today: date) -> UnitBook | None:
        asked = (name, today, self._log.last_position())
        if self._last is not None and self._last[0] == asked:
            return self._last[1]
        book = self.read(name, today)
        self._last = asked, book
        return book

    def read(self, name: str, today: date, known: datetime | None = None) -> UnitBook | None:
        """The book as it was known at a moment."""
        directory, written = self._directory(), self._books.whose(name)
        whose = _whose(directory, name, written)
        if whose is None:
            return None
        unit, called, region = whose
        names = {borne for _, borne in unit.names} if unit else {called}
        pages = [self._books(book_id(region, its), matters_since(today)) for its in sorted(names)]
        facts = [fact for page in pages if page for fact in page.facts if known is None or fact.time <= known]
        entries = [*keyed(directory, filter(None, map(entry, facts)), region, known)]
        book = UnitBook.of(unit.unit_id if unit else called, entries, region)
        if written is None and not book.entries:
            return None
        if not book.entries and (bearer := directory.bearer((called, today), region, known)) is not None:
            elsewhere = home(directory, bearer, region)
            book = replace(book, goes_on_in="" if elsewhere == name else elsewhere)
        last = max((business_date(one.recorded) for one in entries), default=None)
        return replace(book, called=(unit.name_on(today) or called) if unit else called, written=last)

    def leads_to(self, name: str) -> list[str]:
        """The other books in which something stands that was written under the name of this one."""
        written = self._books.whose(name)
        if written is None:
            return []
        (unit, region), directory = written, self._directory()
        return sorted({home(directory, its, region) for its in bearers(directory, unit, region)} - {name})

    def named(self, unit: str, region: str, day: date) -> str:
        """The id of the book of the unit that is meant by a name on a day."""
        directory = self._directory()
        bearer = directory.bearer((unit, day), region)
        return book_id(region, unit) if bearer is None else home(directory, bearer, region)


def _whose(directory: Directory, name: str, written: tuple[str, str] | None) -> tuple[Unit | None, str, str] | None:
    """The unit whose book it is, where it is known; a name of it, and the region. None for what is no book."""
    if written is None:
        found = homes(directory)(name)
        return found and (found[0], found[0].names[0][1], found[1])
    called, region = written
    unit = next((its for its in bearers(directory, called, region) if home(directory, its, region) == name), None)
    return unit, called, region


def booked(state: object, now: datetime) -> Booked | None:
    """In which books a case stands: of every unit whose work anything in it is. They are asked when the day on which it was
    written is over, so that the facts of a day are read once. None for what is no case that is registered.
    """
    if not isinstance(state, Dossier) or state.registered is None:
        return None
    region = state.registered.fact.region[:COUNTY]
    work = [noted for noted in state.facts if isinstance(noted.fact, Work)]
    books: dict[str, tuple[str, str]] = {}
    taken = min((noted.on for noted in state.all(CaseAccepted)), default=date.max)
    for noted in work:
        if unit := unit_of(noted.fact, noted.unit):
            books[book_id(region, unit)] = unit, region
        elif noted.on < taken:
            books[NOBODYS] = "", region
    last = max((business_date(noted.recorded) for noted in work), default=business_date(now))
    return Booked(books, last if state.closed else None, start_of(last + DAY))
