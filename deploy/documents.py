"""The documents that are made from the code: OpenAPI, AsyncAPI, who may do what, and the rules of supervision."""

import inspect
import json
from functools import cache
from itertools import zip_longest
from pathlib import Path
from typing import Any

from pydantic.json_schema import models_json_schema

from deploy.node import POLICIES
from deploy.serve import APPS
from services.casework.domain import RULES as CASEWORK
from services.casework.domain.claims import ImportHistory
from services.casework.domain.funds import COMMANDS as FUND
from services.intake.domain import RULES as INTAKE
from services.intake.domain import UNIT_RULES as UNITS
from services.intake.domain.claims import ImportDispatches
from services.intake.domain.registering import RegisterCase
from services.supervision.domain import RULES as SUPERVISION
from services.supervision.domain.campaigns import COMMANDS as CAMPAIGNS
from services.supervision.domain.campaigns import FollowCampaign
from services.supervision.domain.inspections import InspectUnit
from services.supervision.domain.judging import Assess
from services.supervision.domain.policies import PublishPolicy
from services.supervision.domain.registers import PublishRegister
from services.supervision.domain.retaliation import COMMANDS as RETALIATION
from services.supervision.domain.sweeps import RecordSweep
from services.supervision.domain.units import AssessBook
from services.supervision.domain.years import RULES as YEARS
from services.supervision.rules import RULES, STALLING, TABLES, UNIT_RULES, Family
from services.supervision.rules.awaited import AWAITED
from shared.bus.streams import stream_name
from shared.decider import Command
from shared.events import REGISTRY, Fact
from shared.http.documents import FactDocument, with_labels
from shared.identity import UNIT_BOUND
from shared.policy import RuleTable, load_policy
from shared.settings import Settings
from shared.terms import FindingKind, Role

DOCS = Path(__file__).resolve().parent.parent / "docs"
SCHEMAS = "#/components/schemas/"

COMMANDS: dict[str, tuple[type[Command], ...]] = {
    "intake": (RegisterCase, *INTAKE, *UNITS, ImportDispatches),
    "casework": (*CASEWORK, ImportHistory, *FUND),
    "supervision": (
        *SUPERVISION,
        InspectUnit,
        *CAMPAIGNS,
        PublishRegister,
        *YEARS,
        *RETALIATION,
        Assess,
        AssessBook,
        FollowCampaign,
        RecordSweep,
        PublishPolicy,
    ),
}
"""Every command, by the service that obeys it."""

HEADERS: dict[str, str] = {
    "Nats-Msg-Id": "<region>.<service>.<epoch>:<position>：去重 / names the fact in its log",
    "Huajie-Origin": "<region>.<service>：出自哪个案卷 / the log that it lies in",
    "Huajie-Epoch": "案卷的纪元；从备份恢复后更换 / the log's own name; a restored log has a new one",
    "Huajie-Position": "在案卷中的位置 / the position in the log",
    "Huajie-Previous": "上一条已发布事实的位置；0 为首条 / that of the published fact before it; 0 for the first",
}
"""What travels beside a document on the bus."""

PLACES = {
    "province": "省级区划代码前两位 / first two digits of the region",
    "city": "地级，两位；本级以下为 00 / the next two; 00 at and above a province",
    "county": "县级，两位；本级以下为 00 / the last two; 00 at and above a city",
}


@cache
def openapi(service: str) -> dict[str, Any]:
    """The OpenAPI document of a service; made once, and not to be changed."""
    unused = Settings(region="610000", data=Path("unused"), nats_url="nats://127.0.0.1", policies=POLICIES)
    return APPS[service](unused).openapi()


def asyncapi() -> dict[str, Any]:
    """The AsyncAPI 3.0 document: a channel per fact that any service publishes."""
    facts = sorted(REGISTRY.values(), key=lambda fact: (fact.speaker, fact.__name__))
    _, defined = models_json_schema(
        [(FactDocument, "serialization"), *((fact, "serialization") for fact in facts)],
        ref_template=f"{SCHEMAS}{{model}}",
    )
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "huajie 化解",
            "version": "1",
            "description": "各服务发布的全部事实。每条是一份 CloudEvents 1.0 文书，发布的字节即存档的字节。\n\n"
            "Every fact that the services publish, each a CloudEvents 1.0 document; the bytes published are the bytes"
            " stored. Delivery is at least once and in the order of each log; `Huajie-Previous` shows what is missing.",
        },
        "defaultContentType": "application/cloudevents+json",
        "channels": {fact.__name__: _channel(fact) for fact in facts},
        "operations": {
            f"say{fact.__name__}": {
                "action": "send",
                "channel": {"$ref": f"#/channels/{fact.__name__}"},
                "summary": f"{fact.speaker}: {_title(fact)}",
                "messages": [{"$ref": f"#/channels/{fact.__name__}/messages/{fact.__name__}"}],
            }
            for fact in facts
        },
        "components": {
            "messages": {fact.__name__: _message(fact) for fact in facts},
            "schemas": {
                **with_labels(defined["$defs"]),
                "Headers": {
                    "type": "object",
                    "required": list(HEADERS),
                    "properties": {name: {"type": "string", "description": said} for name, said in HEADERS.items()},
                },
            },
        },
    }


def _title(fact: type[Fact]) -> str:
    return _text(fact).partition(":")[0]


def _text(fact: type[Fact]) -> str:
    return inspect.getdoc(fact) or fact.__name__


def _channel(fact: type[Fact]) -> dict[str, Any]:
    return {
        "address": f"facts.{{province}}.{{city}}.{{county}}.{fact.speaker}.{fact.__name__}",
        "title": _title(fact),
        "description": f"{_text(fact)}\n\nJetStream: {stream_name(fact.speaker)}",
        "parameters": {name: {"description": said} for name, said in PLACES.items()},
        "messages": {fact.__name__: {"$ref": f"#/components/messages/{fact.__name__}"}},
    }


def _message(fact: type[Fact]) -> dict[str, Any]:
    happened = f"`data.{fact.occurred}`" if fact.occurred else "`time`"
    return {
        "name": f"huajie.{fact.speaker}.{fact.__name__}",
        "title": _title(fact),
        "summary": _text(fact).partition(": ")[2].partition("\n")[0],
        "description": f"发生时间取自 / happened at: {happened}",
        "contentType": "application/cloudevents+json",
        "headers": {"$ref": f"{SCHEMAS}Headers"},
        "payload": {
            "allOf": [
                {"$ref": f"{SCHEMAS}{FactDocument.__name__}"},
                {
                    "type": "object",
                    "properties": {
                        "type": {"const": f"huajie.{fact.speaker}.{fact.__name__}"},
                        "dataschema": {"enum": _dataschemas(fact)},
                        "data": {"$ref": f"{SCHEMAS}{fact.__name__}"},
                    },
                },
            ]
        },
    }


def _dataschemas(fact: type[Fact]) -> list[str]:
    """Every version that may be on the bus: what was once published stays."""
    return [f"urn:huajie:{fact.speaker}:{fact.__name__}:{n}" for n in range(1, fact.schema_version + 1)]


def documents() -> dict[str, str]:
    """Every generated document: its path below docs/, and its text."""
    made = {f"openapi/{service}.json": openapi(service) for service in APPS} | {"asyncapi.json": asyncapi()}
    texts = {path: json.dumps(document, ensure_ascii=False, indent=1) + "\n" for path, document in made.items()}
    return texts | {"permissions.md": permissions(), "rules.md": rules()}


def permissions() -> str:
    """Who may give which command, and where, as a table for people; made from the commands themselves."""
    lines = [
        "# 权限 / permissions",
        "",
        "由代码生成（`./huajie docs`），逐格测试。“本单位”：案件须在本单位手中；“本地区”：案件须在本地区；空：不得执行。",
        "",
        "Made from the code (`./huajie docs`), each cell tried by a test. 本单位: cases that one's own unit holds; 本地区: cases of"
        " one's own region; empty: not allowed.",
    ]
    for service, commands in COMMANDS.items():
        lines += ["", f"## {service}", "", "| 命令 command | " + " | ".join(role.label for role in Role) + " |"]
        lines.append("|---" * (len(Role) + 1) + "|")
        for command in commands:
            word = (inspect.getdoc(command) or "").partition(":")[0]
            cells = [_reach(role) if role in command.roles else "" for role in Role]
            lines.append(f"| {word} `{command.__name__}` | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def rules() -> str:
    """Every supervision rule with its basis and thresholds, as a table for people; made from rules and national policy."""
    policy = load_policy((POLICIES / "national.toml").read_text("utf-8"), "national.toml", rules=TABLES)
    lines = [
        "# 督查规则 / rules",
        "",
        f"由代码和口径 `{policy.version}` 生成（`./huajie docs`）。认定：仅凭日期和字段；疑似：须由人核实并先听单位说明。",
        "",
        "Made from the code and the national policy. 认定 follows from dates and fields alone; 疑似 asks a human to look. Bold: a"
        " case that shows it counts as idle (挂账空转).",
        "",
        "（单位）：跨案件的迹象，按单位台账评查（docs/adr/0010）；台账导入的历史不作为依据。"
        " / across the cases of a unit, by its book; what a ledger claims accuses nobody.",
    ]
    for family in Family:
        lines += [
            "",
            f"## {family.label}",
            "",
            "| 迹象 sign | id | 名称 name | 依据 basis | 性质 kind | 参数 parameters |",
        ]
        lines.append("|---" * 6 + "|")
        listed = [(rule.sign, rule.id, "") for rule in RULES.values()]
        listed += [(rule.sign, rule.id, "（单位）") for rule in UNIT_RULES]
        for sign, rule, of in sorted(listed, key=lambda one: (int(one[0][1:]), one[1])):
            if sign.startswith(family):
                table = policy.rules[rule]
                given = table.model_dump(exclude=set(RuleTable.model_fields)).items()
                kind = "认定" if table.kind is FindingKind.BREACH else "疑似"
                name = f"**{table.name}**" if rule in STALLING else f"{table.name}{of}"
                parameters = "，".join(f"{key} = {_value(value)}" for key, value in given)
                lines.append(f"| {sign} | `{rule}` | {name} | {table.basis} | {kind} | {parameters} |")
    lines += [
        "",
        "## 尚无所据 / what no facts tell, and why it is not looked for",
        "",
        "| 迹象 sign | 内容 what | 为何 why |",
        "|---|---|---|",
    ]
    return "\n".join([*lines, *(f"| {sign} | {name} | {why} |" for sign, (name, why) in AWAITED.items())]) + "\n"


def _value(value: object) -> object:
    """A threshold in words: terms by their labels."""
    return "、".join(term.label for term in value) if isinstance(value, tuple) else value


def _reach(role: Role) -> str:
    return "本单位" if role in UNIT_BOUND else "本地区"


def write_documents(*, check: bool, folder: Path = DOCS) -> int:
    """Write the documents, or only compare them with the code. Exit code 1 when a committed one is out of date."""
    stale = 0
    for path, text in documents().items():
        file = folder / path
        written = file.read_text("utf-8") if file.exists() else ""
        if written == text:
            continue
        if check:
            stale += 1
            print(_difference(file, written, text))  # noqa: T201 - what a person, or CI, asked for
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
            print(file)  # noqa: T201 - what was written
    return 1 if stale else 0


def _difference(file: Path, written: str, text: str) -> str:
    lines = enumerate(zip_longest(written.splitlines(), text.splitlines(), fillvalue=""), 1)
    at, was, is_now = next((n, a, b) for n, (a, b) in lines if a != b)
    return (
        f"{file}:{at} 与代码不一致，请执行 ./huajie docs / differs from the code: run ./huajie docs\n"
        f"  - {was.strip()[:100]}\n  + {is_now.strip()[:100]}"
    )
