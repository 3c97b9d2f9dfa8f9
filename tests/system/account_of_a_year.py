"""What is said in a year of units, campaigns and findings: the examples and refusals of their own tests, over HTTP.

Findings and notices are those that supervision itself came to: their ids and days stand where the examples have invented ones.
"""

from typing import TYPE_CHECKING, Any

from services.casework.domain.leadership import AssignLeader
from services.intake.domain.organisation import DissolveUnit, EstablishUnit
from services.supervision.domain.findings import AnswerFinding
from services.supervision.domain.notices import AnswerNotice
from services.supervision.domain.suggestions import AnswerSuggestion
from shared.decider import Command
from shared.events import Fact
from shared.events.supervision import ReverseInquiryOpened
from shared.http.commands import kebab
from shared.identity import UNIT_BOUND
from shared.terms import Role
from tests.intake import test_organisation as unit_rules
from tests.sample import OTHER, TOWN
from tests.supervision import account, campaigning, retaliating, year_end
from tests.supervision import test_inspecting_units as inspecting
from tests.supervision.test_account import REFUSALS
from tests.supervision.unit_days import BOOK
from tests.system.books import logged

if TYPE_CHECKING:
    from tests.system.test_year_in_a_county import Year

TODAY = "2026-11-20"
SAID: dict[str, type[Command]] = {
    **{type(fact).__name__: kind for kind, (_, fact) in unit_rules.EXAMPLES.items()},
    **{type(fact).__name__: kind for kind, (_, fact) in account.EXAMPLES.items()},
    **{type(fact).__name__: kind for kind, (_, fact) in year_end.EXAMPLES.items()},
}
"""Which command leads to a fact."""
LONG_AGO = "2026-08-01"


def say(
    year: "Year", path: str, command: Command, refused: str | None, body: dict[str, Any] | None = None, unit: str = TOWN
) -> None:
    """One command, by whoever may give it; it is obeyed, or refused by this rule."""
    kind = type(command)
    role = Role.UNIT_HEAD if Role.UNIT_HEAD in kind.roles else min(kind.roles - UNIT_BOUND)
    body = body or command.model_dump(mode="json")
    address = f"{path}/{kebab(kind.__name__)}"
    answer = year.house.ask("POST", address, role, unit=unit if role in UNIT_BOUND else None, json=body)
    if refused is None:
        assert answer.status_code == 200, (address, body, answer.text)
        year.given.add(kind.__name__)
    else:
        assert answer.status_code == 409, (address, body, answer.text)
        assert answer.json()["type"].endswith(refused), (address, body, answer.text)
        year.refused.add(refused)


def as_command(fact: Fact) -> Command:
    """The command that leads to a fact."""
    kind = SAID[type(fact).__name__]
    return kind(**{name: value for name, value in dict(fact).items() if name in kind.model_fields})


def organisation(year: "Year") -> None:
    """Each in a unit of its own, which bears a name of its own."""
    told: list[tuple[tuple[Fact, ...], Command, str | None]] = [
        (before, unit_rules.command(kind), None) for kind, (before, _) in unit_rules.EXAMPLES.items()
    ]
    told += [(before, asked, rule) for rule, before, asked in unit_rules.REFUSALS]
    for n, (before, asked, rule) in enumerate(told):
        path = f"/intake/units/unit-{n:016x}"
        for command in (*map(as_command, before), asked):
            its = command.model_copy(update={"name": f"{TOWN}{n}"}) if isinstance(command, EstablishUnit) else command
            say(year, path, its, rule if command is asked else None)
    taken = unit_rules.command(EstablishUnit, name=f"{TOWN}1")
    say(year, "/intake/units/unit-00000000000000f1", taken, "name-taken")
    itself = unit_rules.command(DissolveUnit, successor=f"unit-{1:016x}")
    say(year, f"/intake/units/unit-{1:016x}", itself, "succeeds-itself")


def campaigns(year: "Year") -> None:
    """One that is opened, reported to and accepted."""
    opened, filed, accepted = campaigning.OPEN, campaigning.FILE, campaigning.ACCEPT
    path = "/supervision/campaigns/campaign-1"
    published = campaigning.PUBLISH
    strange = published.lines[0].model_copy(update={"unit": "别的单位"})
    said: list[tuple[Command, str | None]] = [
        (opened.model_copy(update={"phases": opened.phases[::-1]}), "phases-overlap"),
        (opened.model_copy(update={"reports": opened.reports[:1] * 2}), "beyond-its-end"),
        (opened, None),
        (opened.model_copy(update={"name": "另一专项"}), "already-open"),
        (filed.model_copy(update={"report": "2026-09"}), "no-such-report"),
        (filed.model_copy(update={"figures": filed.figures * 2}), "figures-do-not-add-up"),
        (filed, None),
        (published.model_copy(update={"lines": (strange,)}), "not-in-campaign"),
        (published, None),
        (filed.model_copy(update={"text": "化解 4 件"}), "already-filed"),
        (accepted.model_copy(update={"accepted_on": "2026-10-31"}), "before-the-last-phase"),
        (accepted.model_copy(update={"accepted_on": "2026-11-18"}), "reports-not-due"),
    ]
    for command, rule in said:
        body = command.model_dump(mode="json", warnings=False)
        say(year, path, command, rule, body)
    say(year, path, filed, "another-unit", unit=OTHER)
    say(year, path, accepted, None)
    say(year, path, accepted.model_copy(update={"conclusion": "另一结论"}), "campaign-over")


def inspections(year: "Year") -> None:
    """A group goes to the town, about which there is a book since its clerks entered the first fact."""
    path, went = f"/supervision/books/{BOOK}", inspecting.inspect(differences=())
    nowhere = {"fact": "casework:nowhere:1", "says": "已入户", "seen": "查无此事"}
    for command, rule in (
        (inspecting.inspect(differences=(nowhere,)), "no-such-entry"),
        (went, None),
        (inspecting.inspect(differences=(), seen="另有所见"), "id-taken"),
    ):
        say(year, path, command, rule)


def year_ends(year: "Year") -> None:
    """The year before is reported, assessed and made known: what is refused when nothing has been said, then one after another."""
    told: list[tuple[tuple[Fact, ...], Command, str | None]] = [
        (before, year_end.command(kind), None) for kind, (before, _) in year_end.EXAMPLES.items()
    ]
    told += [(before, asked, rule) for rule, before, asked in year_end.REFUSALS]
    for before, asked, rule in sorted(told, key=lambda one: (len(one[0]), one[2] is None)):
        for command in (*map(as_command, before), asked):
            say(year, "/supervision/years", command, rule if command is asked else None)


def retaliation(year: "Year") -> None:
    """Two reports: one is passed on, one is not."""
    for n, decided in enumerate((retaliating.REFER_IT, retaliating.DISMISS_IT)):
        for command in (retaliating.REPORT_IT, decided):
            say(year, f"/supervision/retaliations/retaliation-{n:016x}", command, None)


def told_of_findings() -> list[tuple[tuple[Fact, ...], Command, str | None]]:
    """What is said before, the command, and the rule that refuses it, of cases in which no reverse inquiry was opened."""
    return [each for each in _told() if account.BACK not in each[0]]


def _told() -> list[tuple[tuple[Fact, ...], Command, str | None]]:
    told: list[tuple[tuple[Fact, ...], Command, str | None]] = [
        (before, account.command(kind), None) for kind, (before, _) in account.EXAMPLES.items()
    ]
    return told + [(before, asked, rule) for rule, before, asked in REFUSALS]


def reverse_inquiries(year: "Year") -> None:
    """One that supervision opened by itself, when a closed matter came back: what is refused, then its conclusion."""
    facts = logged(year.house, "supervision")
    opened = next(recorded for recorded in facts if isinstance(recorded.fact, ReverseInquiryOpened))
    assert isinstance(opened.fact, ReverseInquiryOpened)
    ids, path = {account.BACK.inquiry_id: opened.fact.inquiry_id}, f"/supervision/cases/{opened.case_id}"
    for _, asked, rule in sorted((one for one in _told() if account.BACK in one[0]), key=lambda one: one[2] is None):
        say(year, path, asked, rule, put(ids, asked.model_dump(mode="json")))


def findings(year: "Year") -> None:
    """Each in a case of its own, which nobody has touched since August."""
    wanted, it = told_of_findings(), year.house
    cases = [it.register(f"said-{n}", received_on="2026-08-01") for n in range(len(wanted))]
    it.settle()
    for case_id, (_, _, rule) in zip(cases, wanted, strict=True):
        if rule in ("inspects-himself", "has-a-part"):
            leads = account.WATCHED[1].model_dump(mode="json", include=set(AssignLeader.model_fields))
            it.give(f"/casework/cases/{case_id}/assign-leader", leads)
    it.settle()
    for case_id, (before, asked, rule) in zip(cases, wanted, strict=True):
        ids = known_as(year, case_id)
        path = f"/supervision/cases/{case_id}"
        for fact in before[len(account.WATCHED) :]:
            say(year, path, command := as_command(fact), None, put(ids, command.model_dump(mode="json")))
        body = put(ids, asked.model_dump(mode="json"), LONG_AGO if rule == "before-it-was" else TODAY)
        say(year, path, asked, rule, body, OTHER if isinstance(asked, AnswerSuggestion) and not rule else TOWN)
    suggested = cases[[kind.__name__ for kind in account.EXAMPLES].index("MakeSuggestion")]
    ids, path = known_as(year, suggested), f"/supervision/cases/{suggested}"
    strange: list[tuple[type[Any], str]] = [
        (AnswerFinding, "not-its-finding"),
        (AnswerNotice, "not-the-addressee"),
    ]
    for kind, rule in strange:
        asked = account.command(kind)
        say(year, path, asked, rule, put(ids, asked.model_dump(mode="json")), unit=OTHER)


def known_as(year: "Year", case_id: str) -> dict[str, str]:
    """What the examples call a finding, a notice and a fact, as they are in this case."""
    shown = year.house.get(f"/reporting/cases/{case_id}")
    idle = next(found["finding_id"] for found in shown["findings"] if found["rule"] == "idle")
    first = year.house.get(f"/supervision/cases/{case_id}/history")["facts"][0]["id"]
    return {"finding-1": idle, "notice-1": shown["notices"][0]["notice_id"], "casework:case-1:2": first}


def put(ids: dict[str, str], said: Any, on: str = TODAY) -> Any:
    """The same with these ids, and with this day for every one before today."""
    match said:
        case str() if LONG_AGO <= said < TODAY:
            return on
        case str():
            return ids.get(said, said)
        case list():
            return [put(ids, part, on) for part in said]
        case dict():
            return {name: put(ids, part, on) for name, part in said.items()}
        case _:
            return said
