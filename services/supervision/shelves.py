"""书架: the books of units as they were at a place of the log. What a book holds is read when it is first asked for."""

from collections.abc import Iterator
from datetime import date

from services.supervision.one_book import composed
from services.supervision.replay.scene import Scene
from services.supervision.unitbook import Entry, Library, UnitBook, entry
from shared.events import read
from shared.store.archive import Archive


class Shelves:
    """The books as the log of an archive holds them."""

    def __init__(self, archive: Archive, scene: Scene) -> None:
        self._archive, self._scene = archive, scene
        self._pages: dict[str, list[tuple[int, Entry]]] = {}
        self._whose: dict[str, tuple[str, str] | None] = {}

    def at(self, position: int) -> Library:
        """The library as it was before what lies at this position was said."""

        def library(name: str, today: date) -> UnitBook | None:
            def pages(its: str) -> Iterator[Entry]:
                return (one for at, one in self._read(its) if at < position)

            self._read(name)
            return composed(self._scene.directory_at(position), name, self._whose[name], pages, today)

        return library

    def _read(self, name: str) -> list[tuple[int, Entry]]:
        if name not in self._pages:
            standing = self._archive.in_book(name)
            self._whose[name] = standing[0][1:] if standing else None
            documents = (placed for case_id, *_ in standing for placed in self._archive.history(case_id))
            entries = ((position, entry(read(raw))) for position, raw in documents)
            self._pages[name] = [(position, one) for position, one in entries if one is not None]
        return self._pages[name]
