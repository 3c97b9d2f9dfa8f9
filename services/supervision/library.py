"""书库: the books of units as supervision's log holds them, and where each case stands in them."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime

from services.supervision.dossier import Dossier
from services.supervision.one_book import bearers, composed, home
from services.supervision.unitbook import COUNTY, TYPES, Entry, UnitBook, Work, book_id, entry, matters_since, unit_of
from shared.directory import Directory
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

        def pages(its: str) -> Iterator[Entry]:
            page = self._books(its, matters_since(today))
            facts = (fact for fact in (page.facts if page else ()) if known is None or fact.time <= known)
            return filter(None, map(entry, facts))

        return composed(self._directory(), name, self._books.whose(name), pages, today, known)

    def leads_to(self, name: str) -> list[str]:
        """The other books in which something stands that was written under the name of this one."""
        written = self._books.whose(name)
        if written is None:
            return []
        (unit, region), directory = written, self._directory()
        return sorted({home(directory, its, region) for its in bearers(directory, unit, region)} - {name})

    def units(self, names: Iterable[str]) -> int:
        """Of how many units these books tell: one of several names is one, and a name that several bore in turn is theirs."""
        directory, units = self._directory(), set[str]()
        for name in names:
            unit, region = self._books.whose(name) or ("", "")
            units |= {home(directory, its, region) for its in bearers(directory, unit, region)} or {name}
        return len(units)

    def named(self, unit: str, region: str, day: date) -> str:
        """The id of the book of the unit that is meant by a name on a day."""
        directory = self._directory()
        bearer = directory.bearer((unit, day), region)
        return book_id(region, unit) if bearer is None else home(directory, bearer, region)


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
