"""Facts as people get them: the CloudEvents document of each, byte for byte as it was stored, published and hashed."""

import inspect
from collections.abc import Iterable
from typing import Any, Literal

from fastapi import Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from shared.events import Recorded
from shared.terms import Term


class FactDocument(BaseModel):
    """事实文书: a CloudEvents 1.0 structured document. `time` is when it was recorded, `occurredat` when it is claimed
    to have happened.
    """

    model_config = ConfigDict(extra="forbid")

    specversion: Literal["1.0"]
    id: str = Field(description="<service>:<case>:<version>")
    source: str = Field(description="/<region>/<service>")
    type: str = Field(description="huajie.<service>.<Fact>")
    subject: str = Field(description="案件编号 / the case")
    time: AwareDatetime = Field(description="记录时间，UTC / when the store recorded it")
    datacontenttype: Literal["application/json"]
    dataschema: str = Field(description="urn:huajie:<service>:<Fact>:<schema version>")
    occurredat: AwareDatetime = Field(description="发生时间 / the claimed business time")
    actorid: str = Field(description="行为人 / who")
    actorrole: str = Field(description="岗位 / in which role")
    actorunit: str | None = Field(default=None, description="单位 / of which unit")
    causationid: str | None = Field(default=None, description="the Idempotency-Key, or the fact, that led to it")
    correlationid: str | None = None
    traceparent: str | None = Field(default=None, description="W3C trace context of the request")
    commandhash: str | None = None
    importedfrom: str | None = Field(default=None, description="台账 / the digest of the ledger that claims it")
    policyversion: str | None = Field(default=None, description="口径版本 / the policy that was applied")
    prevhash: str = Field(description="SHA-256 of the case's previous document from this service; zeros for the first")
    data: dict[str, Any] = Field(description="what happened; its shape is in docs/asyncapi.json")


class Facts(BaseModel):
    """What a command led to, or all that a service has said about a case. No facts: it was already so."""

    facts: list[FactDocument]
    version: int = Field(ge=0, description="案件版本，同 ETag / the case's version in this service")


def facts_response(facts: Iterable[Recorded], version: int) -> Response:
    """The facts' own documents, with the case's version as ETag."""
    body = b'{"facts":[%b],"version":%d}' % (b",".join([fact.raw for fact in facts]), version)
    return Response(body, media_type="application/json", headers={"ETag": f'"{version}"'})


def with_labels(schemas: dict[str, Any]) -> dict[str, Any]:
    """Say beside every closed vocabulary of a document what its words are called in Chinese."""
    for kind in Term.__subclasses__():
        if kind.__name__ in schemas:
            words = "、".join(f"{word.value} {word.label}" for word in kind)
            schemas[kind.__name__]["description"] = f"{inspect.getdoc(kind)}\n\n{words}"
    return schemas


def without_null(document: dict[str, Any]) -> None:
    """Headers and query parameters are there or not; there is no way to send them as null, but FastAPI says so."""
    operations = [operation for methods in document["paths"].values() for operation in methods.values()]
    for parameter in (parameter for operation in operations for parameter in operation.get("parameters", ())):
        schema = parameter["schema"]
        if {"type": "null"} in schema.get("anyOf", ()):
            (said,) = [kind for kind in schema.pop("anyOf") if kind != {"type": "null"}]
            parameter["schema"] = {**said, **schema}
