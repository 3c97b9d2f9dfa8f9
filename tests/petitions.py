"""A small decider of its own for tests of the store and the bus: repeat petitions are linked, acceptances are heard.

It speaks as intake and hears casework, with facts of the published language; what casework says comes from a `Speaker`.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar

from shared.decider import Command, Decider, Rejected, Scope
from shared.events import GENESIS, Asked, Fact, Recorded, document, sha256
from shared.events.casework import CaseAccepted
from shared.events.intake import RepeatPetitionLinked
from shared.identity import Actor
from shared.store import Delivery, Life, Log, Request, Store
from shared.store.draft import Books, Due
from shared.terms import Channel, Role

REGION = "610499"
DAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
REGISTRAR = Actor(id="registrar-1", role=Role.REGISTRAR, unit="县信访局", region=REGION)
ABROAD = Actor(id="registrar-2", role=Role.REGISTRAR, unit="邻县信访局", region="610599")
POISON = "读不得"
"""A unit that `evolve` cannot stand while `cured` is not set."""

LIFE = Life("CaseAccepted", ("CaseClosed", "CaseRelapsed"), ("CaseMerged", "CaseUnmerged"))
"""What tells that one of these cases is open."""


class Link(Command):
    """Link these petitions to the case; those that are linked already are already so."""

    roles: ClassVar[frozenset[Role]] = frozenset({Role.REGISTRAR, Role.SYSTEM})

    petitions: tuple[str, ...]


class LinkFirst(Command):
    """Link this petition if the case has none yet."""

    roles: ClassVar[frozenset[Role]] = frozenset({Role.REGISTRAR})

    petition: str


class Stumble(Command):
    """A command that a defect makes fail."""

    roles: ClassVar[frozenset[Role]] = frozenset({Role.REGISTRAR})


@dataclass(frozen=True)
class Petitions:
    """What is linked, in order, and which units have accepted the case."""

    linked: tuple[str, ...] = ()
    accepted: tuple[str, ...] = ()


class Clinic:
    """Holds whether the defect of `evolve` is mended."""

    cured = False


def linked(petition: str) -> RepeatPetitionLinked:
    return RepeatPetitionLinked(petition_id=petition, channel=Channel.LETTER, received_on=DAY)


def petitions(clinic: Clinic | None = None, scope: Scope | None = None) -> Decider[Petitions]:
    """The decider; every case lies in `scope`."""

    def evolve(state: Petitions, recorded: Recorded) -> Petitions:
        match recorded.fact:
            case RepeatPetitionLinked(petition_id=petition):
                return replace(state, linked=(*state.linked, petition))
            case CaseAccepted(unit=unit):
                if unit == POISON and clinic is not None and not clinic.cured:
                    raise ArithmeticError("this fact is too much for evolve")
                return replace(state, accepted=(*state.accepted, unit))
            case _:
                return state

    def decide(state: Petitions, command: Command, asked: Asked) -> Sequence[Fact]:  # noqa: ARG001 - a decider's shape
        match command:
            case Link(petitions=wanted):
                if "refused" in wanted:
                    raise Rejected("refused", "规则不允许。", "A rule refuses.")
                return [linked(petition) for petition in wanted if petition not in state.linked]
            case LinkFirst(petition=petition):
                return [] if state.linked else [linked(petition)]
            case _:
                raise ZeroDivisionError("a defect")

    return Decider(
        Petitions(), evolve, decide, lambda state: scope if state.linked else None, (Link, LinkFirst, Stumble)
    )


def asking(key: str | None = None, expected: int | None = None, actor: Actor = REGISTRAR) -> Request:
    return Request(actor, key=key, expected=expected)


class Clock:
    """A clock that goes on by a second whenever it is looked at."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


class Speaker:
    """Another service's log, as it comes over the bus: positions rise by `step`, documents chain per case."""

    def __init__(self, service: str = "casework", epoch: str = "e1", step: int = 1) -> None:
        self.service, self.epoch, self.step = service, epoch, step
        self.position = 0
        self._previous = 0
        self._heads: dict[str, tuple[int, str]] = {}

    def say(self, case_id: str, fact: Fact, at: datetime = NOON) -> Delivery:
        """The next fact of this log."""
        version, prevhash = self._heads.get(case_id, (0, GENESIS))
        asked = Asked(actor="tester", role="system", now=at)
        raw = document(fact, region=REGION, case_id=case_id, version=version + 1, prevhash=prevhash, asked=asked)
        self._heads[case_id] = version + 1, sha256(raw)
        return self.send(raw)

    def accept(self, case_id: str, unit: str = "柳林镇") -> Delivery:
        return self.say(case_id, CaseAccepted(unit=unit, accepted_on=DAY))

    def send(self, raw: bytes) -> Delivery:
        """Bytes as the next message of this log, whatever they are."""
        self.position += self.step
        delivery = Delivery(f"{REGION}.{self.service}", self.epoch, self.position, self._previous, raw)
        self._previous = self.position
        return delivery


def edited(raw: bytes, **changes: Any) -> bytes:
    """The document with other attributes."""
    return json.dumps({**json.loads(raw), **changes}, ensure_ascii=False).encode()


def accepted_document(case_id: str, version: int = 1, unit: str = "柳林镇") -> bytes:
    """A document of casework."""
    fact = CaseAccepted(unit=unit, accepted_on=DAY)
    asked = Asked(actor="tester", role="system", now=NOON)
    return document(fact, region=REGION, case_id=case_id, version=version, prevhash=GENESIS, asked=asked)


@asynccontextmanager
async def opened(
    log: Log,
    decider: Decider[Petitions] | None = None,
    due: Due[Petitions] | None = None,
    clock: Callable[[], datetime] | None = None,
    books: Books[Petitions] | None = None,
) -> AsyncIterator[Store[Petitions]]:
    """A store on a log that stays open."""
    store = Store("intake", REGION, log, decider or petitions(), clock or Clock(), due, books)
    try:
        yield store
    finally:
        await asyncio.to_thread(store._writer.close)


def said(store: Store[Petitions], case_id: str = "case-1") -> list[str]:
    """The petitions linked to a case, as they lie in the log."""
    return [r.fact.petition_id for r in store.history(case_id) if isinstance(r.fact, RepeatPetitionLinked)]


def heard(store: Store[Petitions], case_id: str = "case-1") -> list[str]:
    """The units that have accepted a case, as they lie in the log."""
    return [r.fact.unit for r in store.history(case_id) if isinstance(r.fact, CaseAccepted)]
