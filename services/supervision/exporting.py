"""Which cases leave with an export, a few at a time: those that the asker may read and has asked for, as known at a moment."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from services.supervision.dossier import Dossier
from services.supervision.export import CaseLog, Section
from services.supervision.export.entries import happened
from services.supervision.queries import dossier_of, known_at
from shared.decider import Day, Moment, Name
from shared.http.who import belongs, is_recused
from shared.identity import Actor
from shared.store import Store

CASES_AT_ONCE = 50


class ExportAsked(BaseModel):
    """What is asked for. A filter that is not given leaves its question open; what is no filter is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal["xes", "ocel", "csv"] = Field(description="IEEE 1849 XES, OCEL 2.0 JSON, CSV")
    as_of: Moment | None = Field(None, description="截至何时所知 / as known at this moment, RFC 3339 with a zone")
    unit: Name | None = Field(None, description="现责任单位 / the unit that answers for it now")
    region: Annotated[str | None, Field(pattern=r"^[1-9][0-9]{1,11}$")] = Field(
        None, description="区划代码或其前几位 / a region code, or its first digits"
    )
    stalled: bool | None = Field(None, description="是否挂账空转 / stalled or not")
    received_from: Day | None = Field(None, description="收到日期，自 / received on this day or later")
    received_to: Day | None = Field(None, description="收到日期，至（含）/ received on this day or earlier")


def page(store: Store[Any], actor: Actor, asked: ExportAsked, section: Section, after: str) -> tuple[str | None, bytes]:
    """What the section says of the next cases, and after which case to go on; None when there are no more."""
    ids = store.case_ids(after, CASES_AT_ONCE)
    cases = (case for case_id in ids if (case := case_log(store, actor, asked, case_id)) is not None)
    written = b"".join(piece for case in cases for piece in section.each(case))
    return (ids[-1] if len(ids) == CASES_AT_ONCE else None), written


def case_log(store: Store[Any], actor: Actor, asked: ExportAsked, case_id: str) -> CaseLog | None:
    """The case as it was known; None when it is not registered by then, not asked for, or not for this actor to see.

    Whose case it is now decides who may see it, also as it was known at an earlier moment.
    """
    history = store.history(case_id)
    scope = belongs(history)
    if scope is None or not actor.covers(scope) or is_recused(actor, history):
        return None
    facts = known_at(history, asked.as_of)
    dossier = dossier_of(facts)
    if dossier.registered is None or not _wanted(dossier, asked):
        return None
    return CaseLog(case_id, dossier.registered.fact, happened(facts))


def _wanted(dossier: Dossier, asked: ExportAsked) -> bool:
    if dossier.registered is None:
        return False
    registered = dossier.registered.fact
    return (
        asked.unit in (None, dossier.unit)
        and registered.region.startswith(asked.region or "")
        and asked.stalled in (None, dossier.stalled is not None)
        and (asked.received_from is None or asked.received_from <= registered.received_on)
        and (asked.received_to is None or registered.received_on <= asked.received_to)
    )
