"""Schemathesis drives one OpenAPI document against the running house: with tokens, cases and days that reach the deciders.

What it generates is steered where it is valid, and left alone where it is wrong on purpose.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import date, timedelta
from multiprocessing import get_context
from random import Random
from typing import Any

import schemathesis
from schemathesis import AuthContext, Case, HookContext, Response
from schemathesis.core.failures import Failure
from schemathesis.core.parameters import ParameterLocation as Place
from schemathesis.engine import events, from_schema
from schemathesis.generation.meta import TestPhase

from deploy.documents import COMMANDS, openapi
from services.casework import files
from services.intake.api import READERS, WATCHERS
from services.intake.domain.desk import REGISTERING
from shared.http.commands import kebab
from shared.terms import Role
from tests.sample import day

PRESENT = day("2026-11-20")
"""Today, in the house that is driven."""
ROLES = {
    **{f"{s}-{kebab(kind.__name__)}": kind.roles for s, kinds in COMMANDS.items() for kind in kinds},
    **{"intake-register-case": REGISTERING, "intake-ledger": REGISTERING},
    **{"intake-open-petitioner": READERS, "intake-petitioner-looks": WATCHERS, "casework-file-looks": files.WATCHERS},
    **{"intake-likely-repeats": REGISTERING, "intake-import-organisation": REGISTERING},
    **{f"{service}-redrive": {Role.SYSTEM} for service in ("intake", "casework", "supervision", "reporting")},
    **{"reporting-rebuild": {Role.SYSTEM}},
}
"""Who may do it; whoever may read may be anybody."""
NOT_MEANT = {
    # It promises that an object stays away once it was deleted, and is there once it was made: nothing is ever deleted
    # here, and what one service is told the others hear of later.
    "use_after_free": {"enabled": False},
    "ensure_resource_availability": {"enabled": False},
    # A rule may refuse what is well formed (409), the case may have moved on since it was read (412), and no schema can say
    # how long fifty units are together in an address (414), nor that a file is what its name says (415).
    "positive_data_acceptance": {"expected-statuses": ["2xx", "401", "403", "404", "409", "412", "414", "415"]},
    "negative_data_rejection": {"expected-statuses": ["400", "401", "403", "404", "405", "413", "414", "415", "422"]},
}
"""Checks that cannot hold, or not with the statuses that schemathesis expects by itself."""


@dataclass
class Told:
    """What came of it: how the examples of each operation were answered, and what was wrong."""

    answers: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    wrong: list[str] = field(default_factory=list)

    @property
    def examples(self) -> int:
        """How many requests were made."""
        return sum(sum(answers.values()) for answers in self.answers.values())


@dataclass
class Steering:
    """What is put in the place of what was drawn."""

    port: int
    tokens: Mapping[Role, str]
    cases: Mapping[str, str]
    """By operation, a case in which it can be obeyed."""
    bodies: Mapping[str, Mapping[str, Any]]
    """By operation, a body that says something sensible."""
    known: Mapping[str, str]
    """What there is to be named in a path beside cases."""
    cursors: Mapping[str, str]
    """By path, where a list that has more than one row goes on."""
    name: str
    """Of this drive, so that no key is used in two."""
    number: int = 0

    def token(self, case: Case[Any]) -> str:
        """Mostly of somebody who may do it, and of each other role in turn."""
        number, name = self._next(), name_of(case)
        mine = sorted(ROLES.get(name, set(Role)))
        role = list(Role)[number // 8 % len(Role)] if number % 8 == 0 else mine[number % len(mine)]
        return self.tokens[role]

    def _next(self) -> int:
        self.number += 1
        return self.number

    def steered(self, case: Case[Any]) -> Case[Any]:
        """The same example nearer to what happens in a county."""
        meta, name = case.meta, name_of(case)
        assert meta is not None
        chance = Random(repr((name, case.path_parameters, case.query, case.body)))
        wrong = {place for place in Place if meta.is_negative_at(place)}
        opens = name == "intake-register-case"
        if Place.PATH not in wrong and "case_id" in case.path_parameters and not opens and chance.random() < 0.9:
            case.path_parameters["case_id"] = self.cases.get(name) or chance.choice(sorted(self.cases.values()))
        for name_in_path in case.path_parameters.keys() & self.known.keys() if Place.PATH not in wrong else ():
            if chance.random() < 0.9:
                case.path_parameters[name_in_path] = self.known[name_in_path]
        if Place.HEADER not in wrong:
            if "Idempotency-Key" in case.headers:
                case.headers["Idempotency-Key"] = f"key-{self.name}-{self._next()}"
            if "If-Match" in case.headers and chance.random() < 0.7:
                del case.headers["If-Match"]
        if Place.QUERY not in wrong and "cursor" in case.query:
            if (cursor := self.cursors.get(case.operation.path)) is None:
                del case.query["cursor"]
            else:
                case.query["cursor"] = cursor
        if Place.BODY not in wrong and isinstance(case.body, dict):
            sensible = self.bodies.get(name, {}) if chance.random() < 0.8 else {}
            kept = {part: said for part, said in sensible.items() if chance.random() < 0.7}
            case.body = {**near(case.body), **kept}
        return case


def name_of(case: Case[Any]) -> str:
    """The operation's id."""
    return str(case.operation.definition.raw["operationId"])


def near(said: Any) -> Any:
    """The same with every day moved to the hundred days before the present."""
    match said:
        case str():
            try:
                drawn = date.fromisoformat(said)
            except ValueError:
                return said
            return (PRESENT - timedelta(days=drawn.toordinal() % 100)).isoformat()
        case list():
            return [near(part) for part in said]
        case dict():
            return {name: near(part) for name, part in said.items()}
        case _:
            return said


def drive(steering: Steering, service: str, examples: int, *, short: bool) -> Told:
    """The same in a process of its own: what schemathesis makes of a document takes some 700 MB, and is not given back."""
    with ProcessPoolExecutor(1, get_context("spawn")) as alone:
        return alone.submit(tried, steering, service, examples, short=short).result()


def names_of(service: str) -> list[str]:
    """The ids of a service's operations."""
    return [
        operation["operationId"] for methods in openapi(service)["paths"].values() for operation in methods.values()
    ]


def chosen(service: str, *, short: bool) -> list[str]:
    """Which operations of a service are tried. One route serves all commands, so a `short` run takes each fourth of them."""
    commands = [f"{service}-{kebab(kind.__name__)}" for kind in COMMANDS.get(service, ())]
    left_out = {name for n, name in enumerate(commands) if short and n % 4}
    return [name for name in names_of(service) if name not in left_out]


def tried(steering: Steering, service: str, examples: int, *, short: bool) -> Told:
    """Try the operations of a service: that many random `examples` of each, and the systematic ones. A `short` run draws the
    same examples every time, and only of every tenth operation an eighth of the systematic ones.
    """
    schema = schemathesis.openapi.from_dict(
        openapi(service), config=_config(steering.port, service, examples, short=short)
    )
    seen: Counter[str] = Counter()

    @schema.auth(refresh_interval=None)
    class Tokens:
        def get(self, case: Case[Any], context: AuthContext) -> str:  # noqa: ARG002 - its shape
            return steering.token(case)

        def set(self, case: Case[Any], data: str, context: AuthContext) -> None:  # noqa: ARG002
            case.headers["Authorization"] = f"Bearer {data}"

    def filter_case(context: HookContext, case: Case[Any]) -> bool:  # noqa: ARG001
        if not short or case.meta is None or case.meta.phase.name is not TestPhase.COVERAGE:
            return True
        seen[case.operation.label] += 1
        return seen[case.operation.label] % 8 == 1

    def map_case(context: HookContext, case: Case[Any]) -> Case[Any]:  # noqa: ARG001
        return steering.steered(case)

    def filter_failure(context: HookContext, failure: Failure, case: Case[Any], response: Response) -> bool:  # noqa: ARG001
        return b"idempotency-key-reused" not in response.content  # no schema can say which keys were used

    for hook in (filter_case, map_case, filter_failure):
        schema.hook(hook)
    told = Told()
    for event in from_schema(schema).execute():
        match event:
            case events.ScenarioFinished():
                _take(told, event)
            case events.NonFatalError():
                told.wrong.append(f"{event.label}: {event.info}")
            case events.FatalError():
                raise event.exception
    return told


def _config(port: int, service: str, examples: int, *, short: bool) -> schemathesis.Config:
    names = chosen(service, short=short)
    left_out = [name for name in names_of(service) if name not in names]
    random_only = [name for n, name in enumerate(names) if short and n % 10]
    said: dict[str, Any] = {
        "base-url": f"http://127.0.0.1:{port}",
        "workers": 1,
        "cache": {"enabled": False},
        "continue-on-failure": True,
        "suppress-health-check": ["all"],
        "generation": {"max-examples": examples, "database": "none", "no-shrink": True},
        "checks": NOT_MEANT,
        "phases": {"coverage": {"generate-duplicate-query-parameters": True}, "stateful": {"enabled": False}},
        "operations": [
            *({"include-operation-id": name, "enabled": False} for name in left_out),
            *({"include-operation-id": name, "phases": {"coverage": {"enabled": False}}} for name in random_only),
        ],
    }
    return schemathesis.Config.from_dict(said | ({"seed": 1} if short else {}))


def _take(told: Told, event: events.ScenarioFinished) -> None:
    recorder = event.recorder
    for interaction in recorder.interactions.values():
        if interaction.response is not None:
            told.answers[recorder.label][interaction.response.status_code] += 1
    for case_id, checks in recorder.checks.items():
        for check in checks:
            if check.failure_info is not None:
                failed = check.failure_info
                interaction_ = recorder.interactions.get(case_id)
                answered = interaction_.response.content[:500] if interaction_ and interaction_.response else b""
                told.wrong.append(
                    f"{recorder.label} {check.name}: {failed.failure}\n{failed.code_sample}\n{answered.decode(errors='replace')}"
                )
