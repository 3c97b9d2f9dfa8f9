"""One command against a draft: may this actor give it, was it obeyed before, and what follows from it."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from eventsourcing.persistence import StoredEvent

from shared.decider import Command, Decider, ImportedCommand, NoSuchCase, Rejected, obey
from shared.events import Asked, Fact, Recorded, read
from shared.events.histories import NAMES, kind_of
from shared.identity import Actor
from shared.store.draft import Draft
from shared.store.refusals import Forbidden, KeyReused, Outside, Stale

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Request:
    """What surrounds a command: who gives it, and the conditions and traces that came with it."""

    actor: Actor
    key: str | None = None
    """Idempotency key. It is remembered by the facts that it led to, per case: what led to none may be decided again."""
    expected: int | None = None
    """The version of the case that the caller has seen."""
    cause: str | None = None
    correlation: str | None = None
    traceparent: str | None = None
    imported_from: str | None = None
    """The file that this was read from: its digest and sheet."""

    def asked(self, now: datetime) -> Asked:
        """What goes into the documents of what follows from it."""
        actor = self.actor
        return Asked(
            actor=actor.id,
            role=actor.role,
            unit=actor.unit,
            now=now,
            cause=self.key or self.cause,
            correlation=self.correlation,
            traceparent=self.traceparent,
            imported_from=self.imported_from,
            called=actor.called,
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """The facts that a command led to (none: it was already so), and the version of the case after it."""

    facts: tuple[Recorded, ...]
    version: int


def answer(
    draft: Draft[S],
    decider: Decider[S],
    stored: Callable[[str], Sequence[StoredEvent]],
    case_id: str,
    command: Command,
    request: Request,
    now: datetime,
) -> Answer:
    """Obey a command once, and what its facts entail on other histories.

    Raises Rejected or one of the Refused; what the draft then holds of it must be undone.
    """
    entry, actor = draft.entry(case_id), request.actor
    scope = decider.scope(entry.state)
    _permit(actor, command)
    if kind_of(case_id) not in (command.history, *command.also):
        raise Rejected(
            "another-kind",
            f"编号 {case_id} 用于{NAMES[kind_of(case_id)][0]}，此操作针对{NAMES[command.history][0]}。请核对编号。",
            f"The id {case_id} belongs to a {NAMES[kind_of(case_id)][1]}; this command is about a {NAMES[command.history][1]}."
            " Check the id.",
        )
    if scope is not None:
        _reach(actor.covers(scope), case_id)
    digest = None
    if request.key is not None:
        digest = hashlib.sha256(f"{type(command).__name__}{command.model_dump_json()}".encode()).hexdigest()[:16]
        if request.key in entry.obeyed:
            before, versions = entry.obeyed[request.key]
            if before != digest:
                raise KeyReused
            known = [*stored(case_id), *(event for event in draft.events if event.originator_id == case_id)]
            again = tuple(read(event.state) for event in known if event.originator_version in versions)
            return Answer(again, entry.version)
    if request.expected is not None and request.expected != entry.version:
        raise Stale(request.expected, entry.version)
    asked = replace(request.asked(now), command_hash=digest)
    if isinstance(command, ImportedCommand):
        asked = replace(asked, imported_from=command.imported_from)
    said = tuple(draft.say(case_id, fact, asked) for fact in _decided(draft, decider, case_id, command, asked))
    for recorded in said:
        _entailed(draft, decider, recorded, asked)
    after = draft.entry(case_id)
    if scope is None and (opened := decider.scope(after.state)) is not None:
        _reach(actor.covers(opened), case_id)
    return Answer(said, after.version)


def _entailed(draft: Draft[S], decider: Decider[S], recorded: Recorded, asked: Asked) -> None:
    """Whoever was allowed the fact is allowed what it entails. Its cause is the fact: the key belongs to the command alone."""
    asked = replace(asked, cause=recorded.id, command_hash=None)
    for history, command in decider.entails(draft.entry(recorded.case_id).state, recorded):
        for fact in _decided(draft, decider, history, command, asked):
            _entailed(draft, decider, draft.say(history, fact, asked), asked)


def _decided(draft: Draft[S], decider: Decider[S], history: str, command: Command, asked: Asked) -> list[Fact]:
    """What follows from a command. Raises Rejected; of what is not there it says what it is, as the id tells."""
    try:
        return obey(decider, draft.entry(history).state, command, asked)
    except NoSuchCase as missing:
        raise NoSuchCase(kind_of(history)) from missing


def _permit(actor: Actor, command: Command) -> None:
    if not actor.may_give(type(command).__name__, command.roles):
        allowed = sorted(command.roles)
        raise Forbidden(
            f"{actor.role.label}不能执行此操作；可由{'、'.join(role.label for role in allowed)}执行。",
            f"A {actor.role} may not do this; it takes one of: {', '.join(allowed)}.",
        )


def _reach(covered: bool, history: str) -> None:
    if not covered:
        raise Outside(kind_of(history))
