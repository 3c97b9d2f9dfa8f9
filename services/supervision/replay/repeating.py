"""复核: the clock's words once more, at the moments at which it said them, by what was known and gone by then. Pure.

And where a pass of the watch is on record that certainly asked a case, and said nothing, nothing may follow now either.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from services.supervision.domain import State, evolve
from services.supervision.domain.units import Conduct
from services.supervision.dossier import Dossier
from services.supervision.replay.asking import Answer, again, ask
from services.supervision.replay.beside import Replayed, said
from services.supervision.replay.of_units import unsaid_of_unit
from services.supervision.replay.scene import Placed, Scene, Window, Written
from services.supervision.unitbook import Library, empty


def nothing_written(_position: int) -> Library:
    """The books as they were at a place of the log, where nothing stands in any."""
    return empty


def repeated(
    scene: Scene,
    name: str,
    events: Sequence[Placed],
    window: Window,
    library_at: Callable[[int], Library] = nothing_written,
    written: Sequence[Written] = (),
) -> Replayed:
    """What was said in the window, and what the rules say at the same moments. What was said is what goes on: a difference is
    shown where it is, and not carried along. Of a unit, `written` is all that ever was in its book.
    """
    done, at = Replayed(), 0
    state: State = Dossier()
    while at < len(events):
        together = _together(events, at)
        first, answer = together[0], None
        if first.of_the_clock and first.as_of in window:
            facts = (placed.recorded.fact for placed in together)
            done.issued += [said(state, fact, first.as_of) for fact in facts if fact is not None]
            answer = _ask(scene, state, first.as_of, first.position, done, library_at(first.position))
        for placed in together:
            state = evolve(state, placed.recorded)
        at += len(together)
        following = events[at] if at < len(events) else None
        if isinstance(state, Conduct):
            unsaid_of_unit(scene, name, state, (events[at - 1], following), window, done, written, library_at)
        else:
            _silent(scene, name, state, answer, events[at - 1], following, window, done)
    return done


def _together(events: Sequence[Placed], at: int) -> Sequence[Placed]:
    """What was said in one breath: the words of one question of the clock; anything else is alone."""
    first, until = events[at], at + 1
    if first.of_the_clock:
        breath = (first.recorded.cause, first.recorded.time)
        while until < len(events) and events[until].of_the_clock:
            if (events[until].recorded.cause, events[until].recorded.time) != breath:
                break
            until += 1
    return events[at:until]


def _ask(
    scene: Scene, state: State, as_of: datetime, position: int, done: Replayed, library: Library = empty
) -> Answer:
    """Ask as of a moment, by what was gone by and known at a position."""
    answer = ask(scene.standard_at(position), partial(scene.directory_at, position), state, as_of, library)
    done.judged += 1
    done.found += [said(state, fact, as_of) for fact in answer.facts]
    return answer


def _silent(
    scene: Scene,
    name: str,
    state: State,
    answer: Answer | None,
    last: Placed,
    following: Placed | None,
    window: Window,
    done: Replayed,
) -> None:
    """Ask again where a pass on record was silent. What was left unsaid is left unsaid once."""
    if isinstance(state, Dossier) and state.registered is None:
        return
    asked, position = last.as_of if last.of_the_clock else last.recorded.time, last.position
    due = None if last.of_the_clock else asked  # a new fact makes it due at once
    for sweep in scene.passes(last, following):
        if sweep.as_of not in window or name in sweep.skipped or sweep.as_of < asked:
            continue
        if due is None:
            directory = partial(scene.directory_at, position)
            due = again(scene.standard_at(position), directory, state, answer, asked)
        if due is None:
            return
        if due <= sweep.as_of:
            answer = _ask(scene, state, sweep.as_of, sweep.position, done)
            if answer.facts:
                return
            asked, position, due = sweep.as_of, sweep.position, None
