"""Backlog, routes, objections, disputes, notices: what each command leads to, and each refusal."""

from typing import Any

import pytest

from services.intake.domain import RULES, intake
from services.intake.domain.backlog import TagCase
from services.intake.domain.desk import CaseCommand
from services.intake.domain.dispatching import DispatchCase, RaiseObjection, RuleJurisdiction, ServeNotice
from services.intake.domain.merging import MergeCase, UnmergeCase
from services.intake.domain.routing import DetermineRoute, ReportUrgent
from services.intake.domain.unlinking import UnlinkRepeatPetition
from shared.decider import Rejected, obey
from shared.directory import Directory
from shared.events import GENESIS, Asked, Fact, document, read
from shared.events.casework import InterestDeclared
from shared.events.intake import AccusedNamed, UnitEstablished, UnitRenamed
from shared.standard import Standard
from shared.terms import JurisdictionGround, Role, Route
from tests.intake.handing_down import (
    ACCUSED,
    DISPUTED,
    EXAMPLES,
    HERE,
    MERGED,
    RAISED,
    REFUSALS,
    ROUTED,
    RULED,
    SENT,
    STAYS,
    command,
    decision,
)
from tests.sample import BUREAU, LI, OTHER, TOWN, WANG, day, dispatched, objected
from tests.spec import NOW, Spec, recorded

each = pytest.mark.parametrize("kind", EXAMPLES, ids=lambda kind: kind.__name__)


@each
def test_each_command_leads_to_its_fact(here: Spec[Any], kind: type[CaseCommand]) -> None:
    before, fact = EXAMPLES[kind]
    here.given(*before).when(command(kind)).then(fact)


@each
def test_nothing_happens_to_a_case_that_is_not_there(here: Spec[Any], kind: type[CaseCommand]) -> None:
    here.given().when(command(kind)).then_rejected("no-such-case")


@each
def test_nothing_happens_tomorrow_or_before_the_petition_came(here: Spec[Any], kind: type[CaseCommand]) -> None:
    before, fact = EXAMPLES[kind]
    for on in ("2026-11-01", "2026-11-21"):
        example = here.given(*before).when(command(kind, **{str(fact.occurred): day(on)}))
        with pytest.raises(Exception, match=r"[\u4e00-\u9fff].* / .*[a-z]{3}"):
            example.then(fact)


MERGING = (MergeCase, UnmergeCase, UnlinkRepeatPetition)


@pytest.mark.parametrize("kind", [kind for kind in EXAMPLES if kind not in MERGING], ids=lambda k: k.__name__)
def test_a_merged_case_goes_on_elsewhere(here: Spec[Any], kind: type[CaseCommand]) -> None:
    refusal = here.given(*EXAMPLES[kind][0], MERGED).when(command(kind)).then_rejected("merged")
    assert "case-2" in refusal.zh


def test_every_command_of_intake_says_who_may_give_it() -> None:
    assert all(kind.roles and Role.AUDITOR not in kind.roles for kind in RULES)


@pytest.mark.parametrize(("rule", "before", "asked"), REFUSALS, ids=[f"{n}-{r[0]}" for n, r in enumerate(REFUSALS)])
def test_what_is_refused(here: Spec[Any], rule: str, before: tuple[Fact, ...], asked: CaseCommand) -> None:
    here.given(*before).when(asked).then_rejected(rule)


def test_an_objection_is_in_time_on_the_fifth_working_day(here: Spec[Any]) -> None:
    last = RAISED.model_copy(update={"raised_on": day("2026-11-11")})
    here.given(*SENT).when(command(RaiseObjection, raised_on=day("2026-11-11"))).then(last)
    refusal = (
        here.given(*SENT).when(command(RaiseObjection, raised_on=day("2026-11-12"))).then_rejected("objected-too-late")
    )
    assert "5 个工作日" in refusal.zh


def test_only_with_the_senders_consent_does_the_case_come_back(here: Spec[Any]) -> None:
    here.given(*SENT, RAISED).when(decision(False)).then(STAYS)
    back = objected("2026-11-12").model_copy(update={"reason": "事发地属柳林镇"})
    here.given(*SENT, RAISED).when(decision(True)).then(back)
    assert here.given(*SENT, RAISED, STAYS).state.holder == SENT[-1]
    assert here.given(*SENT, RAISED, back).state.holder is None


def test_the_sender_is_the_unit_that_handed_it_down(standard: Standard) -> None:
    decider = intake(standard)
    city, county = (
        Asked(actor="zhou", role=Role.PETITION_OFFICE, now=NOW, unit=unit) for unit in ("市信访局", "县信访局")
    )
    sent = document(SENT[1], region="610499", case_id="case-1", version=2, prevhash=GENESIS, asked=city)
    state = Spec(decider).given(SENT[0], read(sent), RAISED).state
    with pytest.raises(Rejected) as refusal:
        obey(decider, state, decision(True), county)
    assert (refusal.value.rule, "市信访局" in refusal.value.zh) == ("not-the-sender", True)
    assert len(obey(decider, state, decision(True), city)) == 1


@pytest.mark.parametrize(
    "said",
    [
        AccusedNamed(named_on=day("2026-11-03"), officials=(LI,)),
        InterestDeclared(declared_on=day("2026-11-03"), official=LI, ground="信访人的亲属"),
    ],
    ids=["accused", "interest"],
)
def test_whoever_has_to_keep_away_gives_no_command(standard: Standard, said: Fact) -> None:
    decider = intake(standard)
    state = Spec(decider).given(*HERE, said).state
    theirs, other = (Asked(actor=who, role=Role.PETITION_OFFICE, now=NOW) for who in (LI.id, WANG.id))
    for kind in (ReportUrgent, TagCase, MergeCase):
        assert len(obey(decider, state, command(kind), other)) == 1
        with pytest.raises(Rejected) as refusal:
            obey(decider, state, command(kind), theirs)
        assert refusal.value.rule == "recused"


@pytest.mark.parametrize("said", [command(RaiseObjection), command(ServeNotice, unit=TOWN)], ids=["objects", "tells"])
def test_nobody_speaks_for_another_unit(standard: Standard, said: CaseCommand) -> None:
    decider = intake(standard)
    state = Spec(decider).given(*SENT).state
    ours, other = (Asked(actor="x", role=Role.HANDLER, now=NOW, unit=unit) for unit in (TOWN, BUREAU))
    assert len(obey(decider, state, said, ours)) == 1
    with pytest.raises(Rejected) as refusal:
        obey(decider, state, said, other)
    assert refusal.value.rule == "another-units-word"


def test_a_unit_that_was_renamed_since_objects_under_its_name_of_the_day(standard: Standard) -> None:
    """The case lies with it under the name of the dispatch, and so does what is said of it."""
    unit = (
        UnitEstablished(name=TOWN, region="610499", established_on=day("2010-01-01")),
        UnitRenamed(name="柳林街道", renamed_on=day("2026-11-06")),
    )
    directory = Directory().plus(recorded(fact, n, "unit-00000000000000a1") for n, fact in enumerate(unit, 1))
    here = Spec(intake(standard, lambda: directory))
    here.given(*SENT).when(command(RaiseObjection, unit="柳林街道")).then(RAISED)
    here.given(*SENT, RAISED).when(decision(False).model_copy(update={"unit": "柳林街道"})).then(STAYS)
    here.given(*SENT).when(command(RaiseObjection, unit="青石街道")).then_rejected("not-dispatched-here")


def test_whoever_it_is_about_does_not_get_it_under_another_name(standard: Standard) -> None:
    unit = (
        UnitEstablished(name=BUREAU, region="610499", established_on=day("2010-01-01")),
        UnitRenamed(name="县住建和交通局", renamed_on=day("2026-11-03")),
    )
    directory = Directory().plus(recorded(fact, n, "unit-00000000000000a1") for n, fact in enumerate(unit, 1))
    asked = DispatchCase(kind="forward", unit="县住建和交通局", dispatched_on=day("2026-11-04"))
    known, unknown = Spec(intake(standard, lambda: directory)), Spec(intake(standard))
    known.given(*HERE, ACCUSED).when(asked).then_rejected("dispatched-to-the-accused")
    unknown.given(*HERE, ACCUSED).when(asked).then(dispatched("2026-11-04", "县住建和交通局"))


def test_a_ruling_sends_the_case_to_whose_it_is(here: Spec[Any]) -> None:
    sent = dispatched("2026-11-13", OTHER).model_copy(update={"note": "事发地为主"})
    here.given(*SENT, DISPUTED).when(RuleJurisdiction(**RULED.model_dump())).then(RULED, sent)


def test_some_demands_of_a_mixed_matter_take_a_road_of_their_own(here: Spec[Any]) -> None:
    two = (HERE[0].model_copy(update={"demands": ("补偿", "撤销判决")}), *HERE[1:])
    of_one = ROUTED.model_copy(update={"demands": (2,)})
    here.given(*two).when(command(DetermineRoute, demands=(2,))).then(of_one)
    here.given(*two, of_one).when(command(DetermineRoute)).then(ROUTED)
    here.given(*two).when(command(DetermineRoute, demands=(1, 2))).then_rejected("demands-not-split")


def test_another_road_is_a_new_word_and_the_same_none(here: Spec[Any]) -> None:
    back = ROUTED.model_copy(update={"route": Route.PETITION, "determined_on": day("2026-11-10")})
    here.given(*HERE, ROUTED).when(command(DetermineRoute, route="petition", determined_on=day("2026-11-10"))).then(
        back
    )
    here.given(*HERE, ROUTED).when(command(DetermineRoute, determined_on=day("2026-11-10"))).then()


def test_a_later_ground_is_taken_when_it_is_said_why_no_earlier_one_serves(here: Spec[Any]) -> None:
    ruled = RULED.model_copy(update={"ground": JurisdictionGround.HOUSEHOLD, "passed_over": "事发地已撤销"})
    sent = dispatched("2026-11-13", OTHER).model_copy(update={"note": "事发地为主"})
    here.given(*SENT, DISPUTED).when(RuleJurisdiction(**ruled.model_dump())).then(ruled, sent)
