"""书架: the books of units as they were at a place of the log, or at a moment. Each is read when it is first asked for."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from functools import cached_property
from itertools import accumulate
from operator import attrgetter

from services.supervision.one_book import composed, pages_of
from services.supervision.replay.scene import Scene, Written
from services.supervision.unitbook import Entry, Library, UnitBook, entry
from shared.directory import Directory
from shared.events import read
from shared.store.archive import Archive


class Shelves:
    """The books as the log of an archive holds them."""

    def __init__(self, archive: Archive, scene: Scene) -> None:
        self._archive, self._scene = archive, scene
        self._pages: dict[str, list[Written]] = {}
        self._whose: dict[str, tuple[str, str] | None] = {}

    def at(self, position: int) -> Library:
        """The library as it was before what lies at this position was said."""
        return self._library(self._scene.directory_at(position), lambda one: one.position < position)

    def by(self, moment: datetime) -> Library:
        """The library as it is when all has been heard that had been said by a moment."""
        heard = bisect_right(self._said_by, moment)
        units = self._scene.units
        position = units[heard].position if heard < len(units) else None
        return self._library(self._scene.directory_at(position), lambda one: one.known <= moment)

    def written(self, name: str) -> Sequence[Written]:
        """All that was ever written in a book, under whichever name of its unit, as it was heard."""
        self._read(name)
        pages = pages_of(self._scene.all_units(), name, self._whose[name])
        return sorted((one for its in pages for one in self._read(its)), key=attrgetter("position"))

    @cached_property
    def _said_by(self) -> list[datetime]:
        return list(accumulate((placed.recorded.time for placed in self._scene.units), max))

    def _library(self, directory: Directory, there: Callable[[Written], bool]) -> Library:
        def library(name: str, today: date) -> UnitBook | None:
            def pages(its: str) -> Iterator[Entry]:
                return (one.entry for one in self._read(its) if there(one))

            self._read(name)
            return composed(directory, name, self._whose[name], pages, today)

        return library

    def _read(self, name: str) -> list[Written]:
        if name not in self._pages:
            standing = self._archive.in_book(name)
            self._whose[name] = standing[0][1:] if standing else None
            self._pages[name] = [one for case_id, *_ in standing for one in self._of_case(case_id)]
        return self._pages[name]

    def _of_case(self, case_id: str) -> Iterator[Written]:
        """What is written of a case. Nothing is known before what was heard before it."""
        documents = [(position, read(raw)) for position, raw in self._archive.history(case_id)]
        known = accumulate((recorded.time for _, recorded in documents), max)
        for (position, recorded), moment in zip(documents, known, strict=True):
            if (one := entry(recorded)) is not None:
                yield Written(position, moment, one)
