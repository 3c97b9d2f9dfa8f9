"""推演: what a watch that goes by another policy would have said, hearing what was heard, when it was heard. Pure.

It passes when the watch on record passed: an outage of the time is an outage here.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import accumulate

from services.supervision.domain import evolve
from services.supervision.dossier import Dossier
from services.supervision.replay.asking import again, ask
from services.supervision.replay.beside import Replayed, said
from services.supervision.replay.retelling import retold
from services.supervision.replay.scene import Placed, Scene, Window
from services.supervision.words import Words
from shared.events import Recorded
from shared.events.supervision import SupervisionFact
from shared.standard import Standard
from shared.workdays import business_date

BREATH = timedelta(minutes=1)
"""What becomes known of a case within so short a time is asked about together: a watch hears all that there is before it asks,
and a ledger's row becomes several facts.
"""


def imagined(scene: Scene, standard: Standard, name: str, events: Sequence[Placed], window: Window) -> Replayed:
    """What was said in the window, and what would have been. What had been said before it stays said.

    What people said about findings and notices is said about the same ones; about what there is none of it is moot.
    """
    done, other = Replayed(), _Imagination(scene, standard, name, window.since)
    moments = list(accumulate((placed.recorded.time for placed in events), max))  # nothing is known before it is heard
    begin = next((at for at, moment in enumerate(moments) if moment >= window.since), len(events))
    for placed in events[:begin]:
        other.hear(placed.recorded)
    live = other.dossier.words
    other.due_at(again(standard, scene.all_units, other.dossier, None, window.since))
    for at in range(begin, len(events)):
        placed, fact = events[at], events[at].recorded.fact
        if moments[at] >= window.until:
            break
        other.judge_until(moments[at], done)
        if placed.of_the_clock and fact is not None:
            if placed.as_of in window:
                done.issued.append(said(other.dossier, fact, placed.as_of))
            live = _after(live, placed.recorded)
            continue
        if isinstance(fact, SupervisionFact):
            fact = retold(fact, live, other.dossier.words)
            live = _after(live, placed.recorded)
            done.moot += fact is None
        if fact is not None:
            other.hear(placed.recorded._replace(fact=fact))
            other.due_at(_asked(events, moments, at))
    other.judge_until(window.until, done)
    return done


def _after(words: Words, recorded: Recorded) -> Words:
    fact = recorded.fact
    return words.after(fact, recorded.id) if isinstance(fact, SupervisionFact) else words


def _asked(events: Sequence[Placed], moments: Sequence[datetime], at: int) -> datetime:
    """When the clock asked after a fact: on record, when something was said right then; else as soon as all was known that came
    in the same breath.
    """
    asked = moments[at]
    for later in range(at + 1, len(events)):
        following = events[later]
        if following.of_the_clock:
            today = business_date(following.as_of) == business_date(asked)
            return max(asked, following.as_of) if today else asked
        if moments[later] - moments[at] > BREATH or business_date(moments[later]) != business_date(asked):
            return asked
        asked = moments[later]
    return asked


class _Imagination:
    """The case as it would stand."""

    def __init__(self, scene: Scene, standard: Standard, name: str, since: datetime) -> None:
        self._scene, self._standard, self._name = scene, standard, name
        self._named_anew = deque(moment for moment in scene.named_anew if moment > since)
        self.dossier = Dossier()
        self._version = 0
        self._due: datetime | None = None

    def hear(self, recorded: Recorded) -> None:
        """Take in what is given."""
        state = evolve(self.dossier, recorded)
        if isinstance(state, Dossier):
            self.dossier = state
        self._version += 1

    def due_at(self, moment: datetime | None) -> None:
        """The case must be asked at this moment too, or as soon afterwards as the watch comes by."""
        asked = self._scene.asked_by(moment) if moment else None
        self._due = min(filter(None, (self._due, asked)), default=None)

    def judge_until(self, moment: datetime, done: Replayed) -> None:
        """Ask whenever it is due before a moment, and when a name has come to mean another. What could not be judged waits
        for a fact.
        """
        while (as_of := self._next()) is not None and as_of < moment:
            self._due = None if self._due == as_of else self._due
            while self._named_anew and self._named_anew[0] <= as_of:
                self._named_anew.popleft()
            answer = ask(self._standard, self._scene.all_units, self.dossier, as_of)
            done.judged += 1
            done.found += [said(self.dossier, fact, as_of) for fact in answer.facts]
            words = self.dossier.words
            for fact in answer.facts:
                self._version += 1
                if isinstance(fact, SupervisionFact):
                    words = words.after(fact, f"supervision:{self._name}:{self._version}")
            self.dossier = replace(self.dossier, words=words)
            due = again(self._standard, self._scene.all_units, self.dossier, answer, as_of)
            self.due_at(due if due is None or due > as_of else None)

    def _next(self) -> datetime | None:
        return min(filter(None, (self._due, self._named_anew[0] if self._named_anew else None)), default=None)
