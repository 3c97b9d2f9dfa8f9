"""事项索引: which matters of a region read alike, whoever brought them. "Same matter" is same facts and reasons (Arts 19, 36).

The log is read once, then only what has been added since; a question costs one pass over the matters of one county, in C.
"""

from collections import defaultdict
from dataclasses import dataclass
from threading import Lock

from rapidfuzz import fuzz, process

from shared.events import read
from shared.events.intake import CaseRegistered
from shared.store import Log

TOPICS = tuple(f"{CaseRegistered.__name__}:{n}" for n in range(1, CaseRegistered.schema_version + 1))
BATCH = 2000
COUNTY = 6
"""Digits of a region code that name the county."""
LONGEST = 400
"""Characters of a matter's text that are compared."""


@dataclass(frozen=True)
class Matter:
    """A matter that reads like another one, from 0 to 100."""

    case_id: str
    likeness: float


class Matters:
    """Every matter that the log holds, open and closed, by county. Safe to share between threads."""

    def __init__(self, log: Log) -> None:
        self._log, self._position, self._lock = log, 0, Lock()
        self._texts: dict[str, dict[str, str]] = defaultdict(dict)

    def like(self, registered: CaseRegistered, least: float, limit: int) -> list[Matter]:
        """At most `limit` matters of the same county that read at least so alike, likest first."""
        with self._lock:
            self._catch_up()
            texts = self._texts[registered.region[:COUNTY]]
            found = process.extract(
                text_of(registered), texts, scorer=fuzz.token_set_ratio, score_cutoff=least, limit=limit
            )
        return [Matter(case_id, round(likeness, 1)) for _, likeness, case_id in found]

    def _catch_up(self) -> None:
        there = self._log.last_position()
        while added := self._log.since(self._position, BATCH, TOPICS):
            for event in added:
                recorded = read(event.state)
                if isinstance(recorded.fact, CaseRegistered):
                    self._texts[recorded.fact.region[:COUNTY]][recorded.case_id] = text_of(recorded.fact)
            self._position = added[-1].id
        self._position = max(self._position, there)


def text_of(registered: CaseRegistered) -> str:
    """What of a matter is compared: its demands, and nothing of the person."""
    return "；".join(registered.demands)[:LONGEST]
