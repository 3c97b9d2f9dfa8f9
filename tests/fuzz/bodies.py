"""A good body for every operation that takes one: as the commands' own tests give them, or written here."""

from typing import Any

from deploy.documents import COMMANDS
from shared.http.commands import kebab
from tests.deploy.test_permissions import GIVEN
from tests.house import REGION, petition

OFFICIAL = {"id": "o-1", "name": "李某", "post": "副镇长"}
BODIES: dict[str, dict[str, Any]] = {
    "intake-register-case": petition(),
    "intake-open-petitioner": {"purpose": "回访"},
    "intake-ledger": {
        "imported_from": "abc",
        "rows": [
            {
                "sheet": "台账",
                "row": 2,
                "received_on": "2026-01-05",
                "channel": "letter",
                "region": REGION,
                "unit": "柳林镇",
                "demand": "房屋拆迁安置没有落实",
                "petitioner": {"name": "王某某"},
                "steps": [{"sheet": "办理", "row": 2, "on": "2026-01-06", "kind": "dispatch", "unit": "住建局"}],
            }
        ],
    },
    "intake-import-organisation": {
        "imported_from": "abc",
        "units": [
            {
                "sheet": "机构",
                "row": 2,
                "region": REGION,
                "name": "柳林镇",
                "established_on": "2010-01-01",
                "superior": "河阳县人民政府",
                "former_name": "柳林乡",
                "renamed_on": "2015-01-01",
            }
        ],
        "posts": [
            {
                "sheet": "任职",
                "row": 2,
                "region": REGION,
                "unit": "柳林镇",
                "name": "李某",
                "number": "LL-01",
                "post": "镇长",
                "since": "2024-01-01",
                "left_on": "2026-01-01",
                "rank": "main",
                "heads_unit": True,
                "remit": "全面工作",
            }
        ],
    },
    "intake-link-repeat-petition": {
        "petition_id": "r-1",
        "channel": "visit",
        "received_on": "2026-02-01",
        "note": "又来",
        "same_matter": "同一块地的补偿",
    },
    "intake-unlink-repeat-petition": {
        "petition_id": "r-1",
        "unlinked_on": "2026-11-20",
        "belongs_to": "case-2",
        "approved_by": OFFICIAL,
        "reason": "反映的是另一块地",
        "same_matter": "同一块地的补偿",
    },
    "intake-identify-backlog": {"criterion": "repeated", "identified_on": "2026-02-01", "note": "旧档所载"},
    "intake-dispatch-case": {
        "kind": "forward",
        "unit": "住建局",
        "dispatched_on": "2026-01-06",
        "due_on": "2026-02-06",
    },
    "casework-accept-case": {"unit": "柳林镇", "accepted_on": "2026-01-07"},
    "casework-assign-leader": {"leader": OFFICIAL, "unit": "柳林镇", "assigned_on": "2026-01-08", "reason": "分工"},
    "casework-log-visit": {
        "visit_id": "v-1",
        "kind": "home",
        "visited_on": "2026-01-09",
        "official": OFFICIAL,
        "met_petitioner": True,
        "note": "上门",
    },
    "casework-adopt-plan": {
        "adopted_on": "2026-01-10",
        "measures": [{"what": "核实", "who": "李某", "due_on": "2026-03-01"}],
    },
    "casework-approve-extension": {
        "days": 30,
        "approved_on": "2026-02-01",
        "approved_by": OFFICIAL,
        "reason": "情况复杂",
        "told_on": "2026-02-01",
    },
    "casework-issue-opinion": {
        "number": "答-1",
        "issued_on": "2026-02-19",
        "facts": "经核查属实",
        "answers": [{"demand": 1, "outcome": "explained", "reasons": "已说明"}],
        "legal_basis": "土地管理法第四十八条",
        "remedy": "三十日内可申请复查",
        "signed_by": OFFICIAL,
    },
    "casework-serve-opinion": {"number": "答-1", "outcome": "explained", "served_on": "2026-02-20", "how": "in-person"},
    "casework-report-progress": {"report_id": "p-1", "reported_on": "2026-02-20", "text": "正在办理"},
    "casework-close-case": {"closed_on": "2026-03-01", "summary": "已办结"},
    "casework-report-relapse": {"sign": "dissatisfied", "relapsed_on": "2026-04-01"},
    "casework-import-history": {"imported_from": "abc", "steps": [{"unit": "柳林镇", "accepted_on": "2026-01-07"}]},
}
SERVICE = {command.__name__: service for service, commands in COMMANDS.items() for command in commands}
for _name, _command in GIVEN.items():  # as the commands' own tests give them
    BODIES.setdefault(f"{SERVICE[_name]}-{kebab(_name)}", _command.model_dump(mode="json"))
    for _other in _command.also:
        BODIES[f"{SERVICE[_name]}-{_other}-{kebab(_name)}"] = _command.model_dump(mode="json")
"""A good body for every operation that takes one."""
