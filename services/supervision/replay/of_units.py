"""单位复盘: what would have been said of a unit by another policy, and whether a silence on record was right. Pure.

A unit is asked when the day is over on which something was written of its cases, when its own answers change, and when its name
changes hands: as the watch is, at the passes on record.
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from itertools import accumulate

from services.supervision.domain.units import AssessBook, Conduct, assess_book, next_moment
from services.supervision.dossier import Dossier
from services.supervision.replay.beside import Replayed, said
from services.supervision.replay.retelling import retold
from services.supervision.replay.scene import Placed, Scene, Window, Written
from services.supervision.unitbook import Library
from services.supervision.words import Words
from shared.directory import Directory
from shared.events import Fact, Recorded
from shared.events.supervision import BookOpened, SupervisionFact
from shared.standard import Standard
from shared.workdays import DAY, business_date, start_of


def imagined_of_unit(
    scene: Scene,
    standard: Standard,
    name: str,
    events: Sequence[Placed],
    window: Window,
    written: Sequence[Written],
    library_by: Callable[[datetime], Library],
) -> Replayed:
    """What was said of a unit in the window, and what would have been. What had been said before it stays said; what people said
    is said about the same findings and notices, or is moot.
    """
    done, live = Replayed(), Words()
    other = _Imagination(scene, standard, name, library_by, _moments(scene, written))
    moments = list(accumulate((placed.recorded.time for placed in events), max))
    for placed, moment in zip(events, moments, strict=True):
        fact = placed.recorded.fact
        if moment >= window.until or not isinstance(fact, SupervisionFact):
            continue
        if moment < window.since:
            other.hear(placed.recorded, fact)
            live = live.after(fact, placed.recorded.id)
            continue
        other.judge_until(moment, window, done)
        if placed.of_the_clock and placed.as_of in window:
            done.issued.append(said(Dossier(), fact, placed.as_of))
        if not placed.of_the_clock and not isinstance(fact, BookOpened):
            told = retold(fact, live, other.words)
            done.moot += told is None
            if told is not None:
                other.hear(placed.recorded, told)
                other.due_at(moment)
        live = live.after(fact, placed.recorded.id)
    other.judge_until(window.until, window, done)
    return done


def _moments(scene: Scene, written: Sequence[Written]) -> list[datetime]:
    """When the unit is asked for what was written and heard: as the day of the entry is over, if it was heard by then; and when
    more becomes known of the units.
    """
    over = [max(one.known, start_of(business_date(one.entry.recorded) + DAY)) for one in written]
    first = min(over, default=None)
    heard = accumulate((placed.recorded.time for placed in scene.units), max)
    return sorted({*over, *(moment for moment in heard if first is not None and moment > first)})


class _Imagination:
    """The unit as it would stand."""

    def __init__(
        self,
        scene: Scene,
        standard: Standard,
        name: str,
        library_by: Callable[[datetime], Library],
        moments: Sequence[datetime],
    ) -> None:
        self._scene, self._standard, self._name, self._library_by = scene, standard, name, library_by
        asked = (scene.asked_by(moment) for moment in moments)
        self._asked = iter(sorted({moment for moment in asked if moment is not None}))
        self._next = next(self._asked, None)
        self._due: datetime | None = None
        self._conduct: Conduct | None = None
        self._version = 0

    @property
    def words(self) -> Words:
        """What has been said of it."""
        return self._conduct.words if self._conduct else Words()

    def hear(self, recorded: Recorded, fact: SupervisionFact) -> None:
        """Take in what is given."""
        self._version += 1
        if isinstance(fact, BookOpened):
            self._conduct = Conduct(self._name, fact, recorded.occurred_on, self.words.after(fact, recorded.id))
        elif self._conduct is not None:
            self._conduct = self._conduct.after(fact, recorded.id)

    def due_at(self, moment: datetime | None) -> None:
        """It must be asked at this moment too, or as soon afterwards as the watch comes by."""
        asked = self._scene.asked_by(moment) if moment else None
        self._due = min(filter(None, (self._due, asked)), default=None)

    def judge_until(self, moment: datetime, window: Window, done: Replayed) -> None:
        """Ask whenever it is due before a moment. What was due before the window is asked as that begins."""
        while (as_of := min(filter(None, (self._due, self._next)), default=None)) is not None and as_of < moment:
            self._due = None if self._due == as_of else self._due
            while self._next is not None and self._next <= as_of:
                self._next = next(self._asked, None)
            if as_of < window.since:
                self.due_at(window.since)
            else:
                self._judge(as_of, done)

    def _judge(self, as_of: datetime, done: Replayed) -> None:
        library, units = one_library(self._library_by(as_of), self._name, as_of), self._scene.all_units
        facts = answers(self._standard, units, library, self._conduct, self._name, as_of)
        done.judged += 1
        for fact in facts:
            self._version += 1
            if isinstance(fact, BookOpened):
                self._conduct = Conduct(self._name, fact, business_date(as_of), self.words)
            elif isinstance(fact, SupervisionFact) and self._conduct is not None:
                self._conduct = self._conduct.after(fact, f"supervision:{self._name}:{self._version}")
                done.found.append(said(self._conduct, fact, as_of))
        if self._conduct is not None:
            due = next_moment(self._standard, library, self._conduct, as_of)
            self.due_at(due if due is None or due > as_of else None)


def one_library(library: Library, name: str, as_of: datetime) -> Library:
    """The one book as it is on the day, read once."""
    book = library(name, business_date(as_of))
    return lambda _name, _today: book


def answers(
    standard: Standard,
    directory: Callable[[], Directory],
    library: Library,
    conduct: Conduct | None,
    name: str,
    as_of: datetime,
) -> Sequence[Fact]:
    """What the clock says of a unit when it asks as of a moment; nothing of one in whose book nothing stands yet."""
    if library(name, business_date(as_of)) is None:
        return ()
    return assess_book(standard, directory, library, conduct, AssessBook(as_of=as_of, book=name))


def unsaid_of_unit(
    scene: Scene,
    name: str,
    conduct: Conduct,
    silence: tuple[Placed, Placed | None],
    window: Window,
    done: Replayed,
    written: Sequence[Written],
    library_at: Callable[[int], Library],
) -> None:
    """Ask where a pass on record was silent about a unit, between two of the words about it, and certainly asked: by then all that
    was written had been heard before the pass before, and its day was over. What was left unsaid is left unsaid once.
    """
    positions = [one.position for one in written]
    last_days = list(accumulate((business_date(one.entry.recorded) for one in written), max))
    asked: tuple[int, int, Standard] | None = None
    due: datetime | None = None
    for sweep in scene.passes(*silence):
        before = scene.pass_before(sweep)
        if before is None or sweep.as_of not in window or name in sweep.skipped:
            continue
        standing = tuple(
            (bisect_left(positions, one.position), scene.heard_of_units(one.position), scene.standard_at(one.position))
            for one in (before, sweep)
        )
        if standing[0] != standing[1] or not standing[0][0]:
            continue
        if last_days[standing[0][0] - 1] >= business_date(sweep.as_of):
            continue
        if standing[1] == asked and (due is None or due > sweep.as_of):
            continue
        asked, standard = standing[1], standing[1][2]
        directory = partial(scene.directory_at, sweep.position)
        library = one_library(library_at(sweep.position), name, sweep.as_of)
        facts = answers(standard, directory, library, conduct, name, sweep.as_of)
        done.judged += 1
        if found := [said(conduct, fact, sweep.as_of) for fact in facts if not isinstance(fact, BookOpened)]:
            done.found += found
            return
        due = next_moment(standard, library, conduct, sweep.as_of)
