"""Campaigns: histories of their own, with phases, targets and reports; what is not filed is found on the day after."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from deploy.campaigning import from_template, templates
from services.supervision.domain import next_moment, supervision
from services.supervision.domain.campaign import Campaign, CampaignCommand
from services.supervision.domain.campaigns import FollowCampaign
from services.supervision.domain.registers import PublishRegister
from shared.decider import Rejected, Scope, fold, obey
from shared.events import Asked, Called, Fact
from shared.events.intake import UnitEstablished, UnitRenamed
from shared.events.supervision import (
    CampaignAccepted,
    DueReport,
    PhaseStarted,
    PublicLine,
    ReportedFigure,
    ReportFiled,
    ReportMissed,
    Shortfall,
)
from shared.identity import Actor
from shared.standard import Standard
from shared.store.draft import Draft, Entry
from shared.store.obeying import Request, answer
from shared.terms import Measure, Role
from shared.workdays import DAY, start_of
from tests.casework.test_offices import knowing
from tests.sample import BUREAU, OTHER, TOWN, day
from tests.spec import NOW, Spec, recorded
from tests.supervision.account import QIAN
from tests.supervision.campaigning import ACCEPT, FILE, OPEN, OPENED, PUBLISH, PUBLISHED

FILED = ReportFiled(
    report="2026-11",
    unit=TOWN,
    filed_on=day("2026-11-18"),
    text="化解 3 件",
    figures=(ReportedFigure(measure=Measure.RESOLVED, cases=3, total=5),),
)
FOLLOW = FollowCampaign(as_of=NOW)
STARTED = tuple(PhaseStarted(phase=phase.name, started_on=phase.starts_on) for phase in OPENED.phases)
MISSED = tuple(
    ReportMissed(report=report.report, unit=unit, due_on=report.due_on)
    for report in OPENED.reports
    for unit in (TOWN, OTHER)
)


def test_each_command_leads_to_its_fact(standard: Standard) -> None:
    here = Spec(supervision(standard))
    here.given().when(OPEN).then(OPENED)
    here.given(OPENED).when(FILE).then(FILED)
    waiting = tuple(f"{r}：{u}" for r in ("2026-10", "2026-11") for u in (TOWN, OTHER) if (r, u) != ("2026-11", TOWN))
    unmet = Shortfall(measure=Measure.RESOLVED, percent=90, cases=3, total=5, silent=(OTHER,))
    accepted = CampaignAccepted(**ACCEPT.model_dump(), open_reports=waiting, unmet=(unmet,))
    here.given(OPENED, FILED).when(ACCEPT).then(accepted.model_copy(update={"by": QIAN}))
    here.given(OPENED).when(FOLLOW).then(*STARTED, *MISSED)
    here.given(OPENED).when(PUBLISH).then(PUBLISHED)


def test_a_late_report_is_filed_and_stays_missed(standard: Standard) -> None:
    late = FILE.model_copy(update={"report": "2026-10"})
    fact = FILED.model_copy(update={"report": "2026-10", "days_late": 29})
    Spec(supervision(standard)).given(OPENED, *STARTED, *MISSED).when(late).then(fact)
    Spec(supervision(standard)).given(OPENED, *STARTED, *MISSED, fact).when(FOLLOW).then()


def reported(report: str, unit: str, cases: int, total: int, on: str = "2026-11-18") -> ReportFiled:
    figures = (ReportedFigure(measure=Measure.RESOLVED, cases=cases, total=total),)
    return FILED.model_copy(update={"report": report, "unit": unit, "figures": figures, "filed_on": day(on)})


@pytest.mark.parametrize(
    ("filed", "unmet"),
    [
        ((reported("2026-11", TOWN, 9, 10), reported("2026-11", OTHER, 9, 10)), None),
        ((reported("2026-11", TOWN, 8, 10), reported("2026-11", OTHER, 10, 10)), None),  # a share of all its cases
        ((reported("2026-11", TOWN, 8, 10), reported("2026-11", OTHER, 9, 10)), (17, 20, ())),
        ((reported("2026-11", TOWN, 0, 0), reported("2026-11", OTHER, 0, 0)), None),
        ((reported("2026-11", TOWN, 10, 10),), (10, 10, (OTHER,))),
        (
            (reported("2026-11", TOWN, 10, 10), FILED.model_copy(update={"unit": OTHER, "figures": ()})),
            (10, 10, (OTHER,)),
        ),
        (
            (
                reported("2026-11", TOWN, 10, 10),
                reported("2026-11", OTHER, 10, 10),
                reported("2026-10", OTHER, 2, 10, "2026-11-19"),  # filed late, and of an earlier day
            ),
            None,
        ),
    ],
)
def test_what_was_not_reached_by_the_units_own_word_is_named_at_the_end(
    standard: Standard, filed: tuple[ReportFiled, ...], unmet: tuple[int, int, tuple[str, ...]] | None
) -> None:
    """Found: a campaign that had set itself 90 % and reached 85 was accepted without a word of it."""
    decider = supervision(standard)
    state = fold(decider, [recorded(fact, n, "campaign-1") for n, fact in enumerate((OPENED, *filed), 1)])
    (accepted,) = obey(decider, state, ACCEPT, Asked(actor="x", role="supervisor", now=NOW))
    assert isinstance(accepted, CampaignAccepted)
    assert [(one.cases, one.total, one.silent) for one in accepted.unmet] == ([unmet] if unmet else [])
    again = decider.evolve(state, recorded(accepted, len(filed) + 2, "campaign-1"))
    assert obey(decider, again, ACCEPT, Asked(actor="x", role="supervisor", now=NOW)) == []


def test_what_was_due_before_the_acceptance_is_missed_though_nobody_had_looked(standard: Standard) -> None:
    """Found: a campaign accepted before its last reports were due, or before anybody looked, left none of them missed."""
    here = Spec(supervision(standard))
    over = CampaignAccepted(accepted_on=day("2026-11-20"), by=QIAN, conclusion="")
    here.given(OPENED, *STARTED, FILED, over).when(FOLLOW).then(
        *(one for one in MISSED if (one.report, one.unit) != (FILED.report, FILED.unit))
    )


OVER = CampaignAccepted(accepted_on=day("2026-11-19"), by=QIAN, conclusion="")


@pytest.mark.parametrize(
    ("rule", "before", "asked"),
    [
        ("no-such-case", (), FILE),
        ("no-such-case", (), ACCEPT),
        ("already-open", (OPENED,), OPEN.model_copy(update={"name": "另一专项"})),
        ("phases-overlap", (), OPEN.model_copy(update={"phases": OPEN.phases[::-1]})),
        ("beyond-its-end", (), OPEN.model_copy(update={"ends_on": day("2026-11-30")})),
        ("beyond-its-end", (), OPEN.model_copy(update={"reports": OPEN.reports[:1] * 2})),
        ("no-such-report", (OPENED,), FILE.model_copy(update={"report": "2026-09"})),
        ("no-such-report", (OPENED,), FILE.model_copy(update={"unit": BUREAU})),
        ("already-filed", (OPENED, FILED), FILE.model_copy(update={"text": "化解 4 件"})),
        ("campaign-over", (OPENED, OVER), FILE),
        ("figures-do-not-add-up", (OPENED,), FILE.model_copy(update={"figures": FILE.figures * 2})),
        (
            "figures-do-not-add-up",
            (OPENED,),
            FILE.model_copy(update={"figures": (FILE.figures[0].model_copy(update={"cases": 6}),)}),
        ),
        ("campaign-over", (OPENED, OVER), ACCEPT),
        ("no-such-case", (), PUBLISH),
        ("id-taken", (OPENED, PUBLISHED), PUBLISH.model_copy(update={"where": "镇广播"})),
        ("campaign-over", (OPENED, OVER), PUBLISH),
        ("before-it-was", (OPENED,), PUBLISH.model_copy(update={"published_on": day("2026-09-27")})),
        ("not-in-campaign", (OPENED.model_copy(update={"units": (OTHER,)}),), PUBLISH),
        ("before-the-last-phase", (OPENED,), ACCEPT.model_copy(update={"accepted_on": day("2026-10-31")})),
        ("reports-not-due", (OPENED, FILED), ACCEPT.model_copy(update={"accepted_on": day("2026-11-19")})),
        ("reports-not-due", (OPENED,), ACCEPT.model_copy(update={"accepted_on": day("2026-11-18")})),
    ],
)
def test_what_is_refused(standard: Standard, rule: str, before: tuple[Fact, ...], asked: CampaignCommand) -> None:
    Spec(supervision(standard)).given(*before).when(asked).then_rejected(rule)


def test_nothing_of_the_person_or_the_matter_is_made_public() -> None:
    """Seed plan D9 asks for the person, the demand and the conduct: there is no place to put them."""
    assert {*PublicLine.model_fields} == {"number", "unit", "leader", "state", "due_on"}
    line = PUBLISH.model_dump(mode="json")["lines"][0]
    for word in ("petitioner", "demand", "conduct"):
        with pytest.raises(ValidationError, match=word):
            PublishRegister.model_validate({**PUBLISH.model_dump(), "lines": ({**line, word: "张某某"},)})


def test_a_unit_files_its_own_reports_only(standard: Standard) -> None:
    decider = supervision(standard)
    state = fold(decider, [recorded(OPENED, 1, "campaign-1")])
    assert obey(decider, state, FILE, Asked(actor="x", role="unit-head", unit=TOWN, now=NOW)) == [FILED]
    with pytest.raises(Rejected, match="本单位"):
        obey(decider, state, FILE, Asked(actor="x", role="unit-head", unit=OTHER, now=NOW))
    assert decider.scope(state) == Scope("610499", frozenset((unit, OPENED.opened_on) for unit in (TOWN, OTHER)))


def test_a_unit_takes_part_under_its_name_of_the_day_too(standard: Standard) -> None:
    """Found: what a renamed unit filed, or answered for in the register, was refused as a stranger's, and it was found missing."""
    now = "柳林街道"
    known = knowing(
        (
            UnitEstablished(name=TOWN, region="610499", established_on=day("2010-01-01")),
            UnitRenamed(name=now, renamed_on=day("2026-11-01")),
        )
    )
    here = Spec(supervision(standard, lambda: known))
    here.given(OPENED).when(FILE.model_copy(update={"unit": now})).then(FILED)
    line = PUBLISH.lines[0].model_copy(update={"unit": now})
    publish = PUBLISH.model_copy(update={"lines": (line,)})
    said = PUBLISHED.lines[0].model_copy(update={"unit": now})
    here.given(OPENED).when(publish).then(PUBLISHED.model_copy(update={"lines": (said,)}))
    state = fold(supervision(standard), [recorded(OPENED, 1, "campaign-1")])
    theirs = Asked(
        actor="x", role="unit-head", unit=now, now=NOW, called=(Called(TOWN, until=day("2026-11-01")), Called(now))
    )
    asked = FILE.model_copy(update={"unit": now})
    assert obey(supervision(standard, lambda: known), state, asked, theirs) == [FILED]


def test_what_was_due_before_it_was_opened_was_asked_of_nobody(standard: Standard) -> None:
    """Found: a campaign opened in mid-year from a plan found every unit missing, at once, with a report due in spring."""
    before = DueReport(report="2026-09", what="月报", due_on=OPENED.opened_on - DAY)
    early = OPENED.model_copy(update={"reports": (before, *OPENED.reports)})
    here = Spec(supervision(standard))
    here.given(early).when(FOLLOW).then(*STARTED, *MISSED)
    waiting = tuple(f"{report}：{unit}" for report in ("2026-10", "2026-11") for unit in (TOWN, OTHER))
    unmet = Shortfall(measure=Measure.RESOLVED, percent=90, cases=0, total=0, silent=(TOWN, OTHER))
    accepted = CampaignAccepted(**ACCEPT.model_dump(exclude={"by"}), by=QIAN, open_reports=waiting, unmet=(unmet,))
    here.given(early).when(ACCEPT).then(accepted)


def test_a_case_is_no_campaign_and_a_campaign_no_case(standard: Standard) -> None:
    decider = supervision(standard)
    actor = Actor(id="x", role=Role.PETITION_OFFICE, unit=None, region="610499")
    draft = Draft("supervision", "610499", decider, lambda _: Entry(decider.initial))
    with pytest.raises(Rejected) as refusal:
        answer(draft, decider, lambda _: (), "case-1", OPEN, Request(actor), NOW)
    assert refusal.value.rule == "another-kind"
    assert answer(draft, decider, lambda _: (), "campaign-1", OPEN, Request(actor), NOW).version == 1


@settings(max_examples=60)
@given(st.sets(st.integers(0, 90), max_size=12))
def test_the_days_on_which_the_clock_ticks_change_nothing(standard: Standard, ticks: set[int]) -> None:
    """The same is known at the end, whenever the clock asked; and asking when it is due is enough."""
    decider = supervision(standard)
    first = datetime(2026, 9, 28, 4, tzinfo=UTC)

    def lived(moments: list[datetime]) -> Campaign:
        state = fold(decider, [recorded(OPENED, 1, "campaign-1")])
        for moment in moments:
            for fact in obey(decider, state, FollowCampaign(as_of=moment), Asked(actor="x", role="system", now=moment)):
                state = decider.evolve(state, recorded(fact, 2, "campaign-1", now=moment))
        assert isinstance(state, Campaign)
        return state

    end = first + timedelta(days=91)
    seldom = lived([*(first + timedelta(days=n) for n in sorted(ticks)), end])
    due, moments = next_moment(standard, fold(decider, [recorded(OPENED, 1, "campaign-1")]), first), []
    while due is not None and due <= end:
        moments.append(due)
        due = next_moment(standard, lived(moments), due)
    assert lived(moments) == seldom
    assert moments == [start_of(day(on)) for on in ("2026-10-01", "2026-10-21", "2026-11-01", "2026-11-20")]


@pytest.mark.parametrize("name", templates())
def test_every_template_opens_a_campaign(standard: Standard, name: str) -> None:
    template = templates()[name]
    opened = from_template(template, 2027, "610499", (TOWN,), day("2026-11-20"), QIAN)
    (fact,) = obey(
        supervision(standard), supervision(standard).initial, opened, Asked(actor="x", role="system", now=NOW)
    )
    assert fact.model_dump()["basis"].startswith("种子方案 D")
    if name == "d2-town":
        assert {report.due_on.day for report in opened.reports} == {20}
        assert len(opened.reports) == 12
    if name == "d6-district":
        assert [f"{r.due_on:%m-%d}" for r in opened.reports] == ["06-10", "07-10", "08-20", "11-01"]
