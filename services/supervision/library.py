"""书库: the books of units as supervision's log holds them, and where each case stands in them."""

from datetime import date, datetime

from services.supervision.dossier import Dossier
from services.supervision.unitbook import COUNTY, TYPES, UnitBook, Work, book_id, book_of, matters_since, unit_of
from shared.events.casework import CaseAccepted
from shared.store import Books, Log
from shared.store.beside import NOBODYS, Booked
from shared.workdays import DAY, business_date, start_of

KIND = "1"
"""How cases are entered in books. Where a version of huajie enters them in another way, all books are laid down anew."""


class LogLibrary:
    """Asked for a book, it reads what has been committed to the log; the one that was read last is kept while that holds."""

    def __init__(self, log: Log) -> None:
        self._log, self._books = log, Books(log, TYPES)
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
        pages = self._books(name, matters_since(today))
        if pages is None:
            return None
        return book_of(pages.unit, pages.region, (fact for fact in pages.facts if known is None or fact.time <= known))


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
