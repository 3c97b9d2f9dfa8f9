"""Registering a person's petition: the identity goes to the vault, the same matter of the same person is offered as a repeat."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from weakref import WeakValueDictionary

from rapidfuzz import fuzz

from services.intake.domain import Kept
from services.intake.domain.case import Case
from services.intake.domain.desk import REGISTERING
from services.intake.domain.registering import Petition, RegisterCase
from services.intake.matters import Matters
from services.intake.vault import Petitioner, Vault
from shared.contents import check_contents
from shared.decider import Rejected, fold
from shared.events.intake import CaseRegistered, PetitionTakenOver, RepeatDeclined, RepeatPetitionUnlinked
from shared.http.who import is_recused
from shared.identity import Actor
from shared.regions import check_region
from shared.store import Answer, Forbidden, Request, Store

ALIKE = 60.0
"""How alike two demands of one person in one region must read (0-100) to be offered as the same matter."""
READS_ALIKE = 80.0
"""The same, of whoever brought them."""
MOST = 50
"""How many matters that read alike are looked at."""


@dataclass(frozen=True)
class Candidate:
    """An earlier case of the same person that may be the same matter."""

    case_id: str
    received_on: str
    demand: str
    likeness: float


@dataclass(frozen=True)
class LikelyMatter:
    """疑似重复: another case that may be the same matter, until a human confirms it or finds that it is another."""

    case_id: str
    received_on: date
    demand: str
    likeness: float
    same_person: bool
    closed: bool


class LikelyRepeat(Rejected):
    """The same person already has a case that reads like this one. A human decides whether it is the same matter."""

    def __init__(self, candidates: list[Candidate]) -> None:
        listed = "、".join(f"{c.case_id}（{c.received_on}）" for c in candidates)
        super().__init__(
            "likely-repeat",
            f"该信访人已有相似事项：{listed}。如是同一事项，请在该案登记重复信访（link-repeat-petition）；"
            "如不是，请把这些案件编号填入 distinct_from 后再登记。",
            f"This person already has a similar case: {listed}. If it is the same matter, link a repeat petition to that"
            " case; if not, list those ids in distinct_from and register again.",
        )
        self.candidates = candidates


class Registrar:
    """What registering needs beside the log: the vault, the index of matters, the regions and content codes that are known."""

    def __init__(
        self,
        store: Store[Kept],
        vault: Vault,
        regions: Mapping[str, str],
        contents: Mapping[str, str],
        matters: Matters,
    ) -> None:
        self.store, self.vault, self.regions, self.contents, self.matters = store, vault, regions, contents, matters
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def register(
        self, case_id: str, person: Petitioner, petition: Petition, distinct_from: frozenset[str], asking: Request
    ) -> Answer:
        """Register the case. Raises LikelyRepeat, UnknownRegion, UnknownContent, and what the store raises.

        Who may not register learns nothing of the person, and leaves nothing of them in the vault.
        """
        self.check_place(asking.actor, petition.region)
        check_contents(petition.content_codes, self.contents)
        petitioner_id = await asyncio.to_thread(self.vault.admit, person)
        command = of_person(petition, petitioner_id)
        async with self.turn(petitioner_id):
            if await asyncio.to_thread(self.registered, case_id) is None:
                candidates = await asyncio.to_thread(self.candidates, command)
                if others := [c for c in candidates if c.case_id not in distinct_from]:
                    raise LikelyRepeat(others)
                await asyncio.to_thread(self.vault.file, petitioner_id, case_id)
            return await self.store.handle(case_id, command, asking)

    def turn(self, petitioner_id: str) -> asyncio.Lock:
        """Whose petitions are being registered: one after the other, or two could miss that they are the same matter."""
        return self._turns.setdefault(petitioner_id, asyncio.Lock())

    def check_place(self, actor: Actor, region: str) -> None:
        """Raise Forbidden when this actor may not register there, UnknownRegion when there is no such place."""
        if actor.role not in REGISTERING:
            raise Forbidden(
                "只有登记员和信访部门可以登记。", "Only a registrar or the petition office registers petitions."
            )
        check_region(region, self.regions)
        if not actor.covers_region(region):
            raise Forbidden("该地区不在您的管辖范围内。", "That region lies outside yours.")

    def registered(self, case_id: str) -> CaseRegistered | None:
        """What a case was registered as; None while there is no such case."""
        kept = fold(self.store.decider, self.store.history(case_id))
        return kept.registered if isinstance(kept, Case) else None

    def candidates(self, command: RegisterCase) -> list[Candidate]:
        """Earlier cases of the same person in the same region that read alike, likest first."""
        found = []
        for case_id in self.vault.filings(command.petitioner_id):
            known = self.registered(case_id)
            if known is None or (known.petitioner_id, known.region) != (command.petitioner_id, command.region):
                continue
            likeness = alike(command.demands, known.demands)
            if likeness >= ALIKE or set(known.categories) & set(command.categories):
                text = "；".join(known.demands)[:100]
                found.append(Candidate(case_id, known.received_on.isoformat(), text, round(likeness, 1)))
        return sorted(found, key=lambda c: (-c.likeness, c.case_id))

    def likely_repeats(self, case_id: str, registered: CaseRegistered, case: Case, actor: Actor) -> list[LikelyMatter]:
        """Other cases that may be the same matter: of the same person, or that read alike, likest first.

        What a human has linked, unlinked, merged or declined is not offered again; nor what lies outside the asker's region.
        """
        theirs = {other for other in self.vault.filings(registered.petitioner_id) if other != case_id}
        likest = {matter.case_id: matter.likeness for matter in self.matters.like(registered, READS_ALIKE, MOST)}
        settled = {case_id, *(its.fact.petition_id for its in case.linked)}
        settled |= {declined.other for declined in case.all(RepeatDeclined)}
        settled |= {came.other for came in case.all(PetitionTakenOver)}
        settled |= {gone.belongs_to for gone in case.all(RepeatPetitionUnlinked)}
        found = []
        for other in (theirs | likest.keys()) - settled:
            history = self.store.history(other)
            its = fold(self.store.decider, history)
            if not isinstance(its, Case) or is_recused(actor, history):
                continue
            known, merged = its.registered, its.merged
            if known is None or merged is not None or not actor.covers_region(known.region):
                continue
            likeness = likest.get(other) or round(alike(registered.demands, known.demands), 1)
            same_person = known.petitioner_id == registered.petitioner_id
            shared = set(known.categories) & set(registered.categories)
            if likeness >= (ALIKE if same_person else READS_ALIKE) or (same_person and shared):
                text = "；".join(known.demands)[:100]
                found.append(LikelyMatter(other, known.received_on, text, likeness, same_person, its.closed))
        return sorted(found, key=lambda matter: (not matter.same_person, -matter.likeness, matter.case_id))


def alike(demands: tuple[str, ...], others: tuple[str, ...]) -> float:
    """How alike two petitions read, from 0 to 100."""
    return 100.0 if demands == others else fuzz.token_set_ratio("；".join(demands), "；".join(others))


def of_person(petition: Petition, petitioner_id: str) -> RegisterCase:
    """The command to register this petition for this person."""
    said = {name: getattr(petition, name) for name in Petition.model_fields}
    return RegisterCase(petitioner_id=petitioner_id, **said)
