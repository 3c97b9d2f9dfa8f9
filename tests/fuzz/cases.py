"""A case for every command, in which it can be obeyed: what the commands' own tests give is laid down before."""

from hashlib import sha256

from services.supervision.unitbook import book_id
from shared.http.commands import kebab
from shared.identity import UNIT_BOUND
from tests.casework.test_funds import endow
from tests.house import House
from tests.intake.test_organisation import HERE
from tests.sample import TOWN
from tests.supervision.campaigning import OPEN
from tests.supervision.retaliating import REPORT_IT
from tests.system.test_year_in_a_county import SERVICE, Life, Step, body_of, lives, role_of

FILE = b"%PDF-1.7"


def laid_out(it: House) -> dict[str, str]:
    """Lay them down in a running house. Answers the case of each operation."""
    known: dict[str, str] = {}
    it.give("/casework/funds/endow-fund", endow(10**8).model_dump(mode="json"))
    wanted = [life for life in lives() if life.steps[-1].refused is None]
    for n, life in enumerate(wanted):
        it.give(f"/intake/cases/{life.case_id}/register-case", body_of(life.opening, n))
        last = life.steps[-1].command
        known.setdefault(f"{SERVICE[last]}-{kebab(last)}", life.case_id)
    it.settle()
    for service in ("intake", "casework"):
        for life in wanted:
            for step in life.steps[:-1]:
                if SERVICE[step.command] == service:
                    _take(it, life, step)
        it.settle()
    return known


def beside(it: House, cases: dict[str, str]) -> dict[str, str]:
    """A unit, a campaign, a report of retaliation, a fund, a file, letters, as a path names them. Every case has the file."""
    unit, campaign = "unit-00000000000000a1", "campaign-1"
    it.give(f"/intake/units/{unit}/establish-unit", HERE.model_dump(mode="json", exclude_none=True))
    it.give(f"/supervision/campaigns/{campaign}/open-campaign", OPEN.model_dump(mode="json"))
    retaliation = "retaliation-00000000000000a1"
    it.give(f"/supervision/retaliations/{retaliation}/report-retaliation", REPORT_IT.model_dump(mode="json"))
    named = {"content-disposition": 'attachment; filename="a.pdf"'}
    for case_id in sorted({*cases.values()}):
        it.ask("POST", f"/casework/cases/{case_id}/files", content=FILE, headers=named)
    fund = endow()
    digest = sha256(FILE).hexdigest()
    return {
        "unit_id": unit,
        "campaign_id": campaign,
        "retaliation_id": retaliation,
        "notice_id": "notice-1",
        "suggestion_id": "s-1",
        "proposal_id": "p-1",
        "book_id": book_id(fund.region, TOWN),
        "region": fund.region,
        "fund": fund.fund.value,
        "sha256": digest,
    }


def _take(it: House, life: Life, step: Step) -> None:
    role = role_of(step.command)
    path = f"/{SERVICE[step.command]}/cases/{life.case_id}/{kebab(step.command)}"
    it.give(path, step.body, role, unit=TOWN if role in UNIT_BOUND else None)
