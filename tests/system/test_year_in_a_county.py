"""A year of an invented county, through HTTP only.

Each case is one that the rules' own tests tell: what happened before, then a command that is obeyed or refused. All their
steps are laid out by the days on which they happen, and the county's clock walks through them; then it goes on for the rest
of the year with nobody doing anything. At the end every command was obeyed, every rule that the code knows has refused,
every row of the reports equals a fold over the logs, and so does every verdict.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from deploy.documents import COMMANDS
from services.casework.domain.closing import CloseCase
from services.casework.domain.leadership import ReportOwnership
from services.casework.domain.progress import ReportProgress
from services.intake.domain.backlog import TagCase
from services.intake.domain.dispatching import DispatchCase, RuleJurisdiction
from services.intake.domain.registering import Petition
from shared.decider import Command
from shared.events import Fact
from shared.events.casework import LeaderReplaced
from shared.events.histories import kind_of
from shared.events.intake import CaseRegistered, DispatchObjected, ObjectionDeclined
from shared.http.commands import kebab
from shared.identity import UNIT_BOUND
from shared.terms import Role
from tests.casework import handling as handling_rules
from tests.casework import test_domain as casework_rules
from tests.casework import test_funds as fund_rules
from tests.casework import test_refusals as casework_refusals
from tests.casework.test_handling import REFUSALS as HANDLING_REFUSALS
from tests.house import House, house
from tests.intake import handing_down
from tests.intake import test_refusals as intake_refusals
from tests.intake.test_domain import ASSIGN, BACKLOG, REPEAT
from tests.refusals import rules
from tests.sample import TOWN, day, registered
from tests.system import account_of_a_year as account
from tests.system.books import folded, judged_alike, logged, replays_alike, rows

FIRST_DAY = day("2026-08-01")
PRESENT = day("2026-11-20")
"""The day on which the rules' own tests take place."""
LAST_DAY = day("2027-07-31")
KINDS = {command.__name__: command for commands in COMMANDS.values() for command in commands}
SERVICE = {command.__name__: service for service, commands in COMMANDS.items() for command in commands}
BESIDE = {"GiveSupport": {"wished": True}, "FormTaskForce": {"head_leads_unit": True}}
"""What a command says that its fact does not."""
ITSELF = {"merged-into-itself": "into", "compared-with-itself": "other", "unlinked-to-nothing": "belongs_to"}
"""What is refused because the case names itself, and in which field."""
SAID_BY = {
    **{type(fact).__name__: kind.__name__ for kind, fact in casework_rules.FACTS.items()},
    **{type(fact).__name__: kind.__name__ for kind, (_, fact, _) in handling_rules.EXAMPLES.items()},
    **{type(fact).__name__: kind.__name__ for kind, (_, fact) in handing_down.EXAMPLES.items()},
    **{
        "CaseDispatched": "DispatchCase",
        "BacklogIdentified": "IdentifyBacklog",
        "RepeatPetitionLinked": "LinkRepeatPetition",
        "OwnershipReported": "ReportOwnership",
    },
}
"""Which command leads to a fact."""
ELSEWHERE = {
    "no-such-case": "answered with 404: tests/shared/test_http_problems.py::test_an_unknown_case",
    "unknown-region": "this county's node knows every region: tests/shared/test_http_problems.py::test_an_unknown_region",
    "too-large": "half a megabyte of one fact: tests/shared/test_store_commands.py",
    "rank-too-low": "the national policy asks for no rank: tests/casework/test_leadership.py",
    "number-taken": "of a ledger's rows: tests/intake/test_api_ledgers.py",
    "purpose-needed": "HTTP lets no look without a purpose through: tests/intake/test_vault_secrets.py",
    "no-such-petitioner": "every registration enrols its person: tests/intake/test_vault_secrets.py",
    "petitioner-erased": "nobody erases a person over HTTP: tests/intake/test_vault_secrets.py",
    "call-back-logs-returns": "of who asks: tests/casework/test_refusals.py",
    "another-units-word": "everybody speaks for their own unit: tests/casework/test_refusals.py",
    "not-the-sender": "the offices of this year name no unit: tests/intake/test_handing_down.py",
    "interest-of-another": "of who asks: tests/casework/test_refusals.py",
    "not-the-registrar": "the offices of this year name no unit: tests/intake/test_tagging.py",
    "assigner-agrees": "of who gave the case: tests/casework/test_clocks.py",
    "section-missing": "the national policy asks for no sections: tests/casework/test_standing.py",
    "file-not-received": "of a file that did not come: tests/casework/test_papers.py",
    "not-the-file-received": "of a file that did not come: tests/casework/test_papers.py",
    "fund-too-low": "the funds of this year are full: tests/casework/test_funds_http.py",
    "no-such-endowment": "of funds, not of cases: tests/casework/test_funds.py",
    "no-such-fund": "of funds, not of cases: tests/casework/test_funds.py",
    "not-the-head": "nobody's head is entered here: tests/system/test_organisation.py",
    "rank-not-held": "nobody's head is entered here: tests/casework/test_offices.py",
    "inspects-own-unit": "nobody's post is entered here: tests/supervision/test_inspecting_units.py",
    "not-a-unit": "an address names units only by their own ids: tests/intake/test_organisation.py",
    "after-receipt": "of what registration claims: tests/intake/test_registering.py",
    "unmerged-from-merged": "of a merge that went on: tests/intake/test_merging.py",
    "unlinked": "of a number that was taken back: tests/intake/test_unlinking.py",
    "unlinked-while-merged": "of a merge that stands: tests/intake/test_unlinking.py",
    "unlinked-into-merged": "of a merge that went on: tests/intake/test_unlinking.py",
    "unknown-content": "of a registration's contents: tests/intake/test_matters.py",
    "another-kind": "an address says what it is about: tests/supervision/test_campaigns.py",
    "leader-differs": "of a ledger's column: tests/casework/test_claims.py",
    "no-such-treatment": "the national policy knows every one: tests/supervision/test_account.py",
}
"""Rules that nobody breaks in this year, and why."""


@dataclass
class Step:
    """A command on a day, and the rule that refuses it, if one does."""

    on: date
    command: str
    body: dict[str, Any]
    refused: str | None = None


@dataclass
class Life:
    """What happens in one case."""

    case_id: str
    opening: CaseRegistered
    steps: list[Step] = field(default_factory=list)


def step(said: Command | Fact, refused: str | None = None) -> Step:
    """A command, or a fact as the command that leads to it."""
    body, name = said.model_dump(mode="json", exclude_none=True), type(said).__name__
    if isinstance(said, Fact):
        on = said.claimed_time()
        assert isinstance(on, date)
        if isinstance(said, DispatchObjected | ObjectionDeclined):
            consents = isinstance(said, DispatchObjected)
            body = {"unit": said.unit, "decided_on": on.isoformat(), "consents": consents, "reason": said.reason}
            return Step(on, "DecideObjection", body)
        if isinstance(said, LeaderReplaced):
            body["assigned_on"] = body.pop("replaced_on")
            return Step(on, "AssignLeader", body)
        name = SAID_BY[name]
        body = {field: value for field, value in body.items() if field in KINDS[name].model_fields}
        body |= BESIDE.get(name, {})
        if name == "DispatchCase" and body["kind"] == "assign":
            body = {"due_on": (on + timedelta(days=60)).isoformat(), "letter_number": "清信交〔2026〕1号", **body}
        return Step(on, name, body)
    days = [value for value in dict(said).values() if isinstance(value, date)]
    return Step(max(days, default=FIRST_DAY), name, body, refused)


def lives() -> Iterator[Life]:
    """Every command once, and every refusal once."""
    told: list[tuple[tuple[Fact, ...], Command, str | None]] = [
        *((before, handling_rules.command(kind), None) for kind, (before, _, _) in handling_rules.EXAMPLES.items()),
        *((before, handing_down.command(kind), None) for kind, (before, _) in handing_down.EXAMPLES.items()),
        *(
            (casework_rules.ALREADY.get(kind, (casework_rules.HERE,)), command, None)
            for kind, command in casework_rules.COMMANDS.items()
        ),
        *((before, command, rule) for rule, before, command in HANDLING_REFUSALS),
        *((before, command, rule) for rule, before, command in handing_down.REFUSALS),
        *((before, command, rule) for rule, before, command in casework_refusals.REFUSALS),
        *((before, command, rule) for rule, before, command in intake_refusals.REFUSALS),
        (handling_rules.READY, ReportOwnership(reported_on=day("2026-09-12"), to="县联席办"), None),
        ((*handing_down.SENT, handing_down.DISPUTED), RuleJurisdiction(**handing_down.RULED.model_dump()), None),
        ((*handing_down.SENT, handing_down.RAISED), handing_down.decision(True), None),
        ((*handing_down.SENT, handing_down.RAISED), handing_down.decision(False), None),
        *((handing_down.HERE, command, None) for command in (ASSIGN, BACKLOG, REPEAT)),
        *((before, command, rule) for rule, before, command in fund_rules.RETURN_REFUSALS),
    ]
    yield Life(
        "case-2", registered("2026-08-01"), [step(handing_down.command(TagCase))]
    )  # into which others are merged
    for n, (before, command, rule) in enumerate(told):
        opening = (
            next(fact for fact in before if isinstance(fact, CaseRegistered)) if before else registered("2026-08-01")
        )
        asked = command
        if rule in ITSELF:
            asked = command.model_copy(update={ITSELF[rule]: f"life-{n}"})
        life = Life(f"life-{n}", opening, [step(fact) for fact in before if not isinstance(fact, CaseRegistered)])
        if any(type(fact).__name__ == "DispatchObjected" for fact in before) and rule:
            raised = handing_down.RAISED.model_copy(update={"raised_on": day("2026-11-05")})
            life.steps = [s for s in life.steps if s.command != "RaiseObjection"]
            life.steps.insert(1, step(raised))
        life.steps.sort(key=lambda s: s.on)
        life.steps.append(step(asked, rule))
        last = max(opening.received_on, *(s.on for s in life.steps))
        life.steps[-1].on = min(max(last, life.steps[-1].on), PRESENT)  # some are refused for what lies ahead
        yield life


def role_of(command: str) -> Role:
    """Whoever may give it; of several the first that is bound to no unit, and a call-back officer, who may log returns, last."""
    return sorted(KINDS[command].roles, key=lambda role: (role is Role.CALL_BACK, role in UNIT_BOUND, role))[0]


def body_of(opening: CaseRegistered, n: int) -> dict[str, Any]:
    """The registration of a case, for a person of its own."""
    said = opening.model_dump(mode="json", include=set(Petition.model_fields), exclude_none=True)
    return said | {"petitioner": {"name": "张某某", "phone": f"1392{n:07d}"}}


class Year:
    """The county's calendar, walked through day by day."""

    def __init__(self, it: House) -> None:
        self.house, self.given, self.refused = it, set[str](), set[str]()

    def at(self, on: date) -> None:
        """Let it be noon in Shanghai on this day."""
        self.house.clock.set(datetime(on.year, on.month, on.day, 4, tzinfo=UTC))

    def open(self, life: Life, n: int) -> None:
        """The petition comes in."""
        self.house.give(f"/intake/cases/{life.case_id}/register-case", body_of(life.opening, n))
        self.given.add("RegisterCase")

    def endow(self) -> None:
        """Money for the aid of the year is put into its fund; what was put in by mistake is taken out again."""
        mistaken = fund_rules.WITHDRAW.model_copy(update={"withdrawn_on": FIRST_DAY})
        for command in (fund_rules.endow(), mistaken, fund_rules.endow(10**8, "e-2")):
            name = type(command).__name__
            self.house.give(f"/casework/funds/{kebab(name)}", command.model_dump(mode="json"))
            self.given.add(name)

    def send(self, life: Life) -> None:
        """A file comes in for the case."""
        named = {"content-disposition": 'attachment; filename="a.pdf"'}
        path = f"/casework/cases/{life.case_id}/files"
        answer = self.house.ask("POST", path, content=b"%PDF-1.7", headers=named)
        assert answer.status_code == 201, answer.text
        self.given.add("ReceiveFile")

    def take(self, life: Life, step: Step) -> bool:
        """One step. Answers whether it was intake's, so that casework has to hear of it."""
        if step.command == "ReceiveFile":
            self.send(life)
            return False
        service, role = SERVICE[step.command], role_of(step.command)
        unit = TOWN if role in UNIT_BOUND else None
        path = f"/{service}/cases/{life.case_id}/{kebab(step.command)}"
        answer = self.house.ask("POST", path, role, unit=unit, json=step.body)
        if step.refused is None:
            assert answer.status_code == 200, (life.case_id, step, answer.text)
            self.given.add(step.command)
        else:
            assert answer.status_code == 409, (life.case_id, step, answer.text)
            assert answer.json()["type"].endswith(step.refused), (step, answer.text)
            assert re.search("[\u4e00-\u9fff]", answer.json()["detail"])
            self.refused.add(step.refused)
        return service == "intake"


@pytest.fixture
def it(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path, datetime(2026, 8, 1, 4, tzinfo=UTC)) as running:
        yield running


def test_a_year_in_a_county(it: House) -> None:
    year, all_lives = Year(it), list(lives())
    year.endow()
    coming: dict[date, list[tuple[Life, Step | None, int]]] = defaultdict(list)
    for n, life in enumerate(all_lives):
        coming[life.opening.received_on].append((life, None, n))
        for later in life.steps:
            coming[later.on].append((life, later, n))
    for on in sorted(coming):
        year.at(on)
        opening = [(life, n) for life, one, n in coming[on] if one is None]
        for life, n in opening:
            year.open(life, n)
        if opening:
            it.settle()
        for intakes in (True, False):  # of one day intake's come first, as in every dossier
            steps = [(life, one) for life, one, _ in coming[on] if one is not None]
            steps = [(life, one) for life, one in steps if (SERVICE[one.command] == "intake") is intakes]
            for life, one in steps:
                year.take(life, one)
            if steps:
                it.settle()
    year.at(PRESENT)
    for said_of in (
        account.organisation,
        account.campaigns,
        account.inspections,
        account.retaliation,
        account.findings,
        account.reverse_inquiries,
        account.year_ends,
    ):
        said_of(year)
    it.settle()
    for month in range(1, 9):  # nobody does anything any more, and supervision goes on
        year.at(PRESENT + timedelta(days=31 * month))
        it.settle()
    year.at(LAST_DAY)
    it.settle()

    other_routes = {"ImportDispatches", "ImportHistory"}
    other_routes |= {"Assess", "AssessBook", "FollowCampaign", "RecordSweep", "PublishPolicy"}  # the clock's
    assert KINDS.keys() - other_routes == year.given
    refused_at_the_counter(year, all_lives)
    known = rules()
    assert {rule: file for rule, file in known.items() if rule not in year.refused | ELSEWHERE.keys()} == {}
    assert ELSEWHERE.keys() <= known.keys() - year.refused, "no longer there, or refused after all"

    logs = {service: logged(it, service) for service in ("intake", "casework", "supervision")}
    facts = [fact for log in logs.values() for fact in log]
    registered_here = {fact.case_id for fact in logs["intake"] if kind_of(fact.case_id) == "case"}
    assert len(registered_here) == len(all_lives) + 1 + len(account.told_of_findings())
    assert rows(it) == folded(facts)
    judged_alike(it, facts)
    replays_alike(it)
    notices = [fact for fact in logs["supervision"] if fact.type == "NoticeIssued"]
    assert len(notices) > len(all_lives) / 3
    assert {CloseCase.__name__, DispatchCase.__name__, ReportProgress.__name__} <= year.given


def refused_at_the_counter(year: Year, all_lives: list[Life]) -> None:
    """What a registration may be refused for; the first is taken."""
    opening = registered("2026-11-01")
    life = Life("life-counter", opening, [])
    year.open(life, 9000)
    petition = body_of(opening, 9000)
    for rule, changes in (
        ("already-registered", {"headcount": 7}),
        ("too-many-representatives", {"headcount": 20, "representatives": 9}),
    ):
        year.take(life, Step(LAST_DAY, "RegisterCase", petition | changes, rule))
    merging = handing_down.MERGED.model_dump(mode="json") | {"merged_on": LAST_DAY.isoformat()}
    merged = next(
        life.case_id for life in all_lives if life.steps[-1].command == "MergeCase" and not life.steps[-1].refused
    )
    assigned = ASSIGN.model_dump(mode="json", exclude_none=True)
    year.take(life, Step(LAST_DAY, "DispatchCase", assigned))
    refused = (("merged-into-nothing", "nowhere"), ("merged-into-merged", merged), ("merged-past-its-day", "case-2"))
    for rule, into in refused:
        year.take(life, Step(LAST_DAY, "MergeCase", merging | {"into": into}, rule))
    again = Life("life-counter-2", opening, [])
    year.take(again, Step(LAST_DAY, "RegisterCase", petition, "likely-repeat"))
    year.house.settle()
