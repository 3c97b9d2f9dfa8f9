"""CloudEvents 1.0 structured documents: the bytes stored are the bytes published are the bytes hashed.

`time` is when the store recorded the fact; `occurredat` is when it is claimed to have happened. Both are always there:
that is what makes back-filling visible. `prevhash` chains the documents of one case in one service.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from pydantic_core import ValidationError, from_json, to_json

from shared.events.fact import REGISTRY, Fact
from shared.events.naming import Called, Named, is_one_of
from shared.workdays import business_date

ZONE = ZoneInfo("Asia/Shanghai")
GENESIS = "0" * 64
"""The `prevhash` of a case's first document in a service."""


class Unreadable(Exception):
    """A document that is not one of ours, or from a schema that this version does not know."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks for something, when, and in which chain of causes: what goes beside a fact into its document."""

    actor: str
    role: str
    now: datetime
    unit: str | None = None
    cause: str | None = None
    correlation: str | None = None
    traceparent: str | None = None
    command_hash: str | None = None
    imported_from: str | None = None
    called: tuple[Called, ...] = ()
    """The names that the unit has borne, as far as they are known."""

    def is_of(self, *named: Named) -> bool:
        """Whether whoever asks is of one of these units."""
        return is_one_of(self.called, self.unit, named)


class Recorded(NamedTuple):
    """A fact with what its document says about it. `fact` is None for a type that this version does not know.

    A tuple, because one is made for every document that is read.
    """

    id: str
    service: str
    region: str
    type: str
    case_id: str
    version: int
    time: datetime
    occurred_at: datetime
    actor: str
    role: str
    unit: str | None
    cause: str | None
    command_hash: str | None
    imported_from: str | None
    prevhash: str
    fact: Fact | None
    raw: bytes

    @property
    def occurred_on(self) -> date:
        """The claimed business day in Asia/Shanghai."""
        return business_date(self.occurred_at)


def sha256(raw: bytes) -> str:
    """The hex digest that chains documents."""
    return hashlib.sha256(raw).hexdigest()


def document(fact: Fact, *, region: str, case_id: str, version: int, prevhash: str, asked: Asked) -> bytes:
    """The one document of a fact: written once, then stored, published and hashed as it is."""
    kind = type(fact)
    claimed = fact.claimed_time()
    if claimed is None:
        claimed = asked.now
    elif not isinstance(claimed, datetime):
        claimed = datetime.combine(claimed, time.min, ZONE)
    said: dict[str, Any] = {
        "specversion": "1.0",
        "id": f"{kind.speaker}:{case_id}:{version}",
        "source": f"/{region}/{kind.speaker}",
        "type": f"huajie.{kind.speaker}.{kind.__name__}",
        "subject": case_id,
        "time": asked.now.astimezone(UTC),
        "datacontenttype": "application/json",
        "dataschema": f"urn:huajie:{kind.speaker}:{kind.__name__}:{kind.schema_version}",
        "occurredat": claimed,
        "actorid": asked.actor,
        "actorrole": asked.role,
        "actorunit": asked.unit,
        "causationid": asked.cause,
        "correlationid": asked.correlation,
        "traceparent": asked.traceparent,
        "commandhash": asked.command_hash,
        "importedfrom": asked.imported_from,
        "policyversion": fact.__dict__.get("policy"),
        "prevhash": prevhash,
    }
    said = {name: value for name, value in said.items() if value is not None}
    said["data"] = fact
    return to_json(said)


@lru_cache(maxsize=4096)
def _fact_type(type_name: str, dataschema: str) -> type[Fact] | None:
    """The class for a document's type; None for a type not known here.

    Raises Unreadable for a known type in a version that this code cannot read: guessing would corrupt a case history.
    """
    kind = REGISTRY.get(type_name.rpartition(".")[2])
    if kind is None or type_name != f"huajie.{kind.speaker}.{kind.__name__}":
        return None
    version = dataschema.rpartition(":")[2]
    if not version.isdigit() or not 1 <= int(version) <= kind.schema_version:
        raise Unreadable(f"{type_name}: schema {dataschema} is not known here, at most version {kind.schema_version}")
    return kind


def read(raw: bytes) -> Recorded:
    """Read a document back. Raises Unreadable when it is not a fact's document or comes from a future schema."""
    try:
        said = from_json(raw)
        identity: str = said["id"]
        service, case_id, version = identity.split(":")
        kind = _fact_type(said["type"], said.get("dataschema", ""))
        return Recorded(
            id=identity,
            service=service,
            region=said["source"].split("/")[1],
            type=said["type"].rpartition(".")[2],
            case_id=case_id,
            version=int(version),
            time=datetime.fromisoformat(said["time"]),
            occurred_at=datetime.fromisoformat(said["occurredat"]),
            actor=said["actorid"],
            role=said["actorrole"],
            unit=said.get("actorunit"),
            cause=said.get("causationid"),
            command_hash=said.get("commandhash"),
            imported_from=said.get("importedfrom"),
            prevhash=said["prevhash"],
            fact=None if kind is None else kind.__pydantic_validator__.validate_python(said["data"], extra="ignore"),
            raw=raw,
        )
    except (
        ValidationError
    ) as error:  # where it is wrong, and not what stands there: the reason is shown to whoever asks
        wrong = (f"{'.'.join(map(str, at['loc']))}: {at['type']}" for at in error.errors(include_input=False))
        raise Unreadable(f"not a document of a fact: {'; '.join(wrong)}") from None
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise Unreadable(f"not a document of a fact: {error}") from error


def case_of(raw: bytes) -> str:
    """The case that a document is about, even when the document itself cannot be read; empty when it names none."""
    if opening := _OPENING.match(raw):
        return opening["subject"].decode(errors="replace")
    try:
        return str(from_json(raw)["subject"])
    except (ValueError, KeyError, TypeError):
        return ""


def recorded_at(raw: bytes) -> datetime | None:
    """When a document was recorded, even when the document itself cannot be read; None when it does not say."""
    opening = _OPENING.match(raw)
    try:
        return datetime.fromisoformat(opening["time"].decode() if opening else from_json(raw)["time"])
    except (ValueError, KeyError, TypeError):
        return None


_OPENING = re.compile(
    rb'\{"specversion":"1\.0","id":"[^"\\]*","source":"[^"\\]*","type":"[^"\\]*",'
    rb'"subject":"(?P<subject>[^"\\]*)","time":"(?P<time>[^"\\]*)"'
)
"""How every document begins that was written here. Whatever begins otherwise is parsed as a whole."""
