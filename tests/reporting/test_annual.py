"""The annual report: every figure is the number of the facts that it lists, and what was done with it stands beside it."""

import io
import random
from collections.abc import Iterator
from typing import Any

import pytest
from docx import Document

from services.reporting.deeds import AnnualItem, deeds
from services.reporting.yearbook import RegionYear, annual_report
from services.supervision.domain.years import AssessUnit, CirculateAssessments, SubmitAnnualReport
from shared.events.supervision import BookOpened
from shared.http.commands import kebab
from shared.identity import Actor
from shared.letters import PLACE
from shared.terms import ReportedTo, Role
from tests.house import REGION, House, house
from tests.reporting.histories import at, log
from tests.reporting.test_queries import filled
from tests.sample import OTHER, TOWN, dispatched, registered
from tests.spec import recorded
from tests.supervision.account import COMMENDED, SANCTIONED
from tests.supervision.campaigning import OPEN, PUBLISH
from tests.supervision.year_end import COUNTED, command

ZHAO = {"id": "zhao", "name": "赵某"}


def given(it: House, said: Any) -> None:
    it.give(f"/supervision/years/{kebab(type(said).__name__)}", said.model_dump(mode="json"))


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("house")) as it:
        for n, (unit, on) in enumerate([(TOWN, "2025-12-31"), (TOWN, "2026-01-01"), (OTHER, "2026-11-20")], 1):
            it.register(f"case-{n}", unit=unit, received_on=on, categories=["land", "rural"][: n - 1])
            it.arrived(f"case-{n}")
        for unit, kind in ((TOWN, "forward"), (OTHER, "assign")):
            sent = {
                "kind": kind,
                "unit": unit,
                "dispatched_on": "2026-02-01",
                "due_on": "2026-12-10",
                "letter_number": "1号",
            }
            it.give("/intake/cases/case-2/dispatch-case", sent)
        again = {"petition_id": "r-1", "channel": "visit", "received_on": "2026-03-01", "same_matter": "同一块地"}
        for petition in (again, {**again, "petition_id": "r-2"}):  # it was entered twice
            it.give("/intake/cases/case-2/link-repeat-petition", petition)
        twice = {"petition_id": "r-2", "unlinked_on": "2026-11-20", "belongs_to": "case-2", "reason": "重复录入"}
        it.give("/intake/cases/case-2/unlink-repeat-petition", {**twice, "approved_by": ZHAO})
        it.give("/intake/cases/case-2/name-accused", {"named_on": "2026-02-01", "units": [OTHER, "丙局"]})
        it.settle()
        for n, kind in enumerate(("work", "policy", "work"), 1):
            made = {"suggestion_id": f"s-{n}", "kind": kind, "addressed_to": OTHER, "text": "建立台账", "by": ZHAO}
            it.give("/supervision/cases/case-2/make-suggestion", {**made, "made_on": "2026-11-19"})
        answer = {
            "suggestion_id": "s-1",
            "answered_on": "2026-11-20",
            "adoption": "part",
            "answer": "先试行",
            "by": ZHAO,
        }
        it.give("/supervision/cases/case-2/answer-suggestion", answer)
        it.give("/supervision/campaigns/campaign-1/open-campaign", OPEN.model_dump(mode="json"))
        it.settle()
        yield it


def report(running: House, year: int = 2026, role: Role = Role.PETITION_OFFICE, **more: Any) -> dict[str, Any]:
    said: dict[str, Any] = running.get("/reporting/annual-report", role, params={"year": year}, **more)
    return said


def figures(said: dict[str, Any]) -> dict[str, tuple[int, int | None]]:
    return {f["label"]: (f["number"], f["of"]) for s in said["sections"] for f in s["figures"]}


def test_what_article_41_lists(running: House) -> None:
    said = report(running)
    assert [section["number"] for section in said["sections"]] == [1, 2, 3, 4]
    found = figures(said)
    assert {
        label: number for label, number in found.items() if label.startswith(("登记", "重复", "涉及", "被投诉"))
    } == {
        "登记信访事项": (2, None),
        "重复信访（占总件次）": (1, 3),
        "涉及领域：土地征用": (2, 2),
        "涉及领域：三农": (1, 2),
        "被投诉：丙局": (1, None),
        f"被投诉：{OTHER}": (1, None),
    }
    assert found["误作重复信访、撤销关联（不计入上项）"] == (1, None)
    assert [found[label] for label in ("转送", "交办", "年度内登记、已办结且未反弹（占在册）")] == [
        (1, None),
        (1, None),
        (0, 2),
    ]
    assert {label: number for label, number in found.items() if "改进工作" in label and number[0]} == {
        "改进工作建议": (2, None),
        "改进工作建议部分采纳": (1, 2),
        "改进工作建议未反馈": (1, 2),
    }
    assert figures(report(running, 2025))["登记信访事项"] == (1, None)


def test_every_figure_is_the_number_of_what_it_lists(running: House) -> None:
    for year in (2025, 2026):
        for section in report(running, year)["sections"]:
            for figure in section["figures"]:
                listed = running.get(f"{figure['listed']}&limit=1000")
                assert len(listed.get("facts", listed.get("cases"))) == figure["number"], figure
    facts = running.get("/reporting/annual-report/facts?year=2026&item=suggestion")["facts"]
    known = {fact["id"] for fact in running.get("/supervision/cases/case-2/facts")["facts"]}
    assert {fact["fact_id"] for fact in facts} < known
    assert [fact["outcome"] for fact in facts] == ["part", "unanswered", "unanswered"]


def test_the_facts_of_a_figure_come_in_pages(running: House) -> None:
    asked = {"year": 2026, "item": "suggestion", "limit": 2}
    first = running.get("/reporting/annual-report/facts", params=asked)
    rest = running.get("/reporting/annual-report/facts", params={**asked, "cursor": first["next"]})
    assert (len(first["facts"]), len(rest["facts"]), rest["next"]) == (2, 1, None)


def test_units_are_named_in_the_order_of_their_names(running: House) -> None:
    """Never in the order of how much was petitioned there."""
    named = [f["unit"] for s in report(running)["sections"] for f in s["figures"] if f["item"] == "complaint"]
    assert named == sorted(named)
    labels = " ".join(figures(report(running)))
    for word in ("排名", "来访", "进京", "越级", "集体"):
        assert word not in labels


def test_a_report_that_was_submitted_can_be_asked_again(running: House) -> None:
    for to in ReportedTo:
        given(running, command(SubmitAnnualReport, to=to))
    given(running, command(AssessUnit))
    given(running, command(AssessUnit, unit=OTHER, points=3))
    given(running, command(CirculateAssessments))
    given(running, command(AssessUnit, points=-5, revised_because="漏计一件"))
    running.settle()
    said = report(running, 2025)
    assert [sent["to"] for sent in said["submissions"]] == ["own-level", "office-above"]
    assert [(u["unit"], u["points"], u["circulated_on"]) for u in said["assessments"]] == [
        (TOWN, -5, None),
        (OTHER, 3, "2026-02-01"),
    ]
    assert report(running, 2026)["assessments"] == []
    ours = report(running, 2025, Role.UNIT_HEAD, unit=OTHER)
    assert [u["unit"] for u in ours["assessments"]] == [OTHER]
    assert report(running, 2025, Role.AUDITOR, region="610498")["submissions"] == []
    then = running.get("/reporting/annual-report", params={"year": 2026, "as_of": COUNTED.isoformat()})
    assert {number for number, _ in figures(then).values()} == {0}
    facts = running.get("/supervision/years/610499/2025/facts")["facts"]
    assert [fact["type"].rpartition(".")[2] for fact in facts][-2:] == ["AssessmentsCirculated", "UnitAssessed"]
    wrong = running.ask(
        "POST", "/supervision/years/assess-unit", json=command(AssessUnit).model_dump(mode="json") | {"points": 9}
    )
    assert (wrong.status_code, wrong.json()["type"]) == (409, "urn:huajie:problem:already-assessed")


def test_the_points_of_a_year_are_those_of_its_quarters(running: House) -> None:
    def points(name: str) -> dict[str, int]:
        return {s["unit"]: s["points"] for s in running.get("/reporting/scores", params={"quarter": name})["scores"]}

    assert points("2026") == points("2026Q4") != {}
    assert points("2025") == {}


def test_a_register_says_whose_a_case_is_and_nothing_of_the_person(running: House) -> None:
    path = "/reporting/campaigns/campaign-1/register"
    assert running.get(path)["without_leader"] == ["case-1", "case-2", "case-3"]
    leads = {"leader": {"id": "li", "name": "李某", "post": "副镇长"}, "unit": TOWN, "assigned_on": "2026-02-02"}
    running.give("/casework/cases/case-2/assign-leader", leads)
    running.settle()
    (line,) = running.get(path)["lines"]
    assert line == {
        "number": "case-2", "unit": OTHER, "leader": "李某 副镇长", "state": "dispatched", "due_on": "2026-12-10",
    }  # fmt: skip
    said = PUBLISH.model_dump(mode="json") | {"lines": [line]}
    running.give("/supervision/campaigns/campaign-1/publish-register", said)
    more = {**said, "lines": [{**line, "petitioner": "张某某"}]}
    answer = running.ask("POST", "/supervision/campaigns/campaign-1/publish-register", json=more)
    assert answer.status_code == 422
    running.settle()
    assert [p["document"] for p in running.get(path)["published"]] == [said["document"]]
    assert running.ask("GET", path, Role.UNIT_HEAD, unit="别的单位").status_code == 404
    assert [one["number"] for one in running.get(path, Role.UNIT_HEAD, unit=TOWN)["lines"]] == ["case-2"]


def test_the_report_is_printed_with_the_figures_that_it_has(running: House) -> None:
    said = report(running)
    path, asked = "/reporting/annual-report/letter", {"year": 2026, "as_of": said["as_of"]}
    answer = running.ask("GET", path, params=asked)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"] == f'attachment; filename="annual-{REGION}-2026.docx"'
    assert running.ask("GET", path, params=asked).content == answer.content  # as of one moment, to the byte
    text = "\n".join(p.text for p in Document(io.BytesIO(answer.content)).paragraphs)
    assert PLACE.search(text) is None
    assert "2026年度信访工作报告" in text
    for label, (number, of) in figures(said).items():
        assert (f"{label}：{number}" in text) is bool(number or of), label
    assert "张某某" not in text
    nobody = running.ask("GET", path, params={"year": 2026, "region": "510000"})
    assert nobody.status_code == 200
    empty = "\n".join(p.text for p in Document(io.BytesIO(nobody.content)).paragraphs)
    assert (empty.count("无。"), "尚未报送。" in empty) == (4, True)


def test_what_a_merge_carries_over_was_handed_down_once() -> None:
    sent = dispatched("2026-02-01")
    for fact, items in ((sent, [AnnualItem.DISPATCHED]), (sent.model_copy(update={"with_case": "case-2"}), [])):
        assert [row["item"] for _, _, row in deeds(recorded(fact), lambda *_: None)] == items


@pytest.mark.parametrize(
    ("unit", "region", "counted"), [(None, REGION, 2), (OTHER, REGION, 2), (TOWN, REGION, 0), (None, "610498", 0)]
)
def test_what_was_decided_about_a_unit_as_a_whole_counts_in_the_year(
    unit: str | None, region: str, counted: int
) -> None:
    """As it does in the unit's quarter: a book is no case, and is within the same reach."""
    about = {"about": OTHER}
    heard = [
        *log(("case-1", registered("2026-01-05", TOWN))),
        *log(
            ("book-1", BookOpened(unit=OTHER, region=REGION)),
            ("book-1", SANCTIONED.model_copy(update=about)),
            ("book-1", COMMENDED.model_copy(update=about)),
        ),
    ]
    actor = Actor("x", Role.UNIT_HEAD if unit else Role.SUPERVISOR, unit, region)
    with filled(heard, random.Random(1)) as model:
        said = figures(annual_report(model, actor, RegionYear(REGION, 2026, at(9))))
    assert said["表扬"][0] + said["处理决定：约谈"][0] == counted
