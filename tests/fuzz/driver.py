"""Schemathesis drives one OpenAPI document against the running house, with tokens and cases that reach the deciders."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from random import Random
from typing import Any

import schemathesis
from schemathesis.engine import events, from_schema
from schemathesis.core.parameters import ParameterLocation

from deploy.documents import COMMANDS, openapi
from shared.http.commands import kebab
from shared.terms import Role
from tests.house import House
from tests.sample import BUREAU, TOWN

PRESENT = date(2026, 11, 20)


@dataclass
class Told:
    """What came of it: how many requests, how they were answered, what was wrong."""

    answers: Counter[int] = field(default_factory=Counter)
    by_operation: dict[str, Counter[int]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


def near(said: Any, chance: Random) -> Any:
    """The same with every day moved near the present."""
    if isinstance(said, str):
        try:
            day = date.fromisoformat(said)
        except ValueError:
            return said
        return (PRESENT - timedelta(days=day.toordinal() % 100)).isoformat()
    if isinstance(said, list):
        return [near(part, chance) for part in said]
    if isinstance(said, dict):
        return {name: near(part, chance) for name, part in said.items()}
    return said


ROLES = {f"{service}-{kebab(kind.__name__)}": sorted(kind.roles) for service, kinds in COMMANDS.items() for kind in kinds}
def roles_of(name):
    if name.endswith(("redrive", "rebuild")): return [Role.SYSTEM]
    return ROLES.get(name) or [Role.PETITION_OFFICE]


def drive(running: House, service: str, cases: Mapping[str, str], good: Mapping[str, Any], *, examples: int, seed: int, coverage=True) -> Told:
    config = schemathesis.Config.from_dict(
        {
            "seed": seed,
            "workers": 1,
            "base-url": f"http://127.0.0.1:{running.port}",
            "cache": {"enabled": False},
            "continue-on-failure": True,
            "suppress-health-check": ["all"],
            "generation": {"max-examples": examples, "database": "none", "no-shrink": True},
            "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx","401","403","404","409","412"]}},
            "phases": {"coverage": {"enabled": coverage}, "stateful": {"enabled": False}},
        }
    )
    schema = schemathesis.openapi.from_dict(openapi(service), config=config)
    turn = count()

    @schema.auth(refresh_interval=None)
    class Tokens:
        def get(self, case, context):
            n = next(turn)
            name = case.operation.definition.raw["operationId"]
            role = roles_of(name)[0] if n % 8 else list(Role)[n // 8 % len(Role)]
            return running.token(role, TOWN)

        def set(self, case, token, context):
            case.headers["Authorization"] = f"Bearer {token}"

    real = running.get("/reporting/cases", params={"limit": 1})["next"]

    @schema.hook
    def map_case(context, case):
        meta = case.meta
        chance = Random(repr((case.path_parameters, case.body)))
        name = case.operation.definition.raw["operationId"]
        if "case_id" in case.path_parameters and not meta.is_negative_at(ParameterLocation.PATH) and chance.random() < 0.8 and "register-case" not in name:
            case.path_parameters["case_id"] = cases.get(name) or chance.choice(sorted(cases.values()))
        if not meta.is_negative_at(ParameterLocation.HEADER):
            if "Idempotency-Key" in case.headers: case.headers["Idempotency-Key"] = f"key-{next(turn)}"
            if "If-Match" in case.headers and chance.random() < 0.7: del case.headers["If-Match"]
        if not meta.is_negative_at(ParameterLocation.QUERY) and "cursor" in (case.query or {}):
            case.query["cursor"] = real
        if isinstance(case.body, dict) and not meta.is_negative_at(ParameterLocation.BODY):
            body = near(case.body, chance)
            if chance.random() < 0.8 and name in good:
                body = {**body, **{k: v for k, v in good[name].items() if chance.random() < 0.7}}
            case.body = body
        return case

    told = Told()
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            for interaction in event.recorder.interactions.values():
                if interaction.response is not None:
                    told.answers[interaction.response.status_code] += 1
                    told.by_operation.setdefault(event.label, Counter())[interaction.response.status_code] += 1
            for cid, checks in event.recorder.checks.items():
                for check in checks:
                    if check.failure_info:
                        inter = event.recorder.interactions.get(cid)
                        told.wrong.append((event.phase.value, event.label, check.name, str(check.failure_info.failure), check.failure_info.code_sample, inter.response.content[:600].decode(errors="replace") if inter and inter.response else ""))
        elif isinstance(event, events.NonFatalError):
            told.wrong.append(("ERR", event.label, type(event.value).__name__, str(event.info), "", ""))
        elif isinstance(event, events.FatalError):
            raise event.exception
    return told
