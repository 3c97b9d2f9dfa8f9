"""Registering a person's petition: the identity goes to the vault, the same matter of the same person is offered as a repeat."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz

from services.intake.domain import Case, Petition, RegisterCase
from services.intake.vault import Petitioner, Vault
from shared.decider import Rejected, fold
from shared.regions import check_region
from shared.store import Answer, Request, Store

ALIKE = 60.0
"""How alike two demands of one person in one region must read (0-100) to be offered as the same matter."""


@dataclass(frozen=True)
class Candidate:
    """An earlier case of the same person that may be the same matter."""

    case_id: str
    received_on: str
    demand: str
    likeness: float


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
    """What registering needs beside the log: the vault and the regions that this node knows."""

    def __init__(self, store: Store[Case], vault: Vault, regions: Mapping[str, str]) -> None:
        self.store, self.vault, self.regions = store, vault, regions

    async def register(
        self, case_id: str, person: Petitioner, petition: Petition, distinct_from: frozenset[str], asking: Request
    ) -> Answer:
        """Register the case. Raises LikelyRepeat, UnknownRegion, and what the store raises."""
        check_region(petition.region, self.regions)
        petitioner_id = await asyncio.to_thread(self.vault.admit, person)
        command = of_person(petition, petitioner_id)
        candidates = await asyncio.to_thread(self.candidates, command)
        if others := [c for c in candidates if c.case_id not in distinct_from | {case_id}]:
            raise LikelyRepeat(others)
        await asyncio.to_thread(self.vault.file, petitioner_id, case_id)
        return await self.store.handle(case_id, command, asking)

    def candidates(self, command: RegisterCase) -> list[Candidate]:
        """Earlier cases of the same person in the same region that read alike, likest first."""
        found = []
        demand = "；".join(command.demands)
        for case_id in self.vault.filings(command.petitioner_id):
            known = fold(self.store.decider, self.store.history(case_id)).registered
            if known is None or known.region != command.region:
                continue
            text = "；".join(known.demands)
            likeness = fuzz.token_set_ratio(demand, text) if demand != text else 100.0
            if likeness >= ALIKE or set(known.categories) & set(command.categories):
                found.append(Candidate(case_id, known.received_on.isoformat(), text[:100], round(likeness, 1)))
        return sorted(found, key=lambda c: (-c.likeness, c.case_id))


def of_person(petition: Petition, petitioner_id: str) -> RegisterCase:
    """The command to register this petition for this person."""
    said = {name: getattr(petition, name) for name in Petition.model_fields}
    return RegisterCase(petitioner_id=petitioner_id, **said)
