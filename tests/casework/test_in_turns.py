"""分割剥离: a case of several demands is answered in turns, and is done when all of them are answered."""

from typing import Any

from services.casework.domain.closing import CloseCase
from services.casework.domain.demands import AssessDemand
from services.casework.domain.opinion import IssueOpinion, ServeOpinion
from services.casework.domain.review import EndCase
from shared.events.casework import Answer, CaseEnded, OpinionIssued, OpinionServed
from shared.replies import answering_all, unanswered
from shared.terms import EndGround, Outcome, ReviewVerdict, Route, ServedHow
from tests.casework.handling import CONTESTED, FOUNDED, HERE, OPEN, OPINION, command, decided
from tests.sample import closed, day, leader, routed, visit
from tests.spec import Spec

TWO = (HERE.model_copy(update={"demands": ("补偿", "道歉")}), *OPEN[1:])
SPLIT = (
    FOUNDED.model_copy(update={"assessed_on": day("2026-09-02")}),
    FOUNDED.model_copy(update={"demand": 2, "order": 2, "assessed_on": day("2026-09-02")}),
)


def opinion(demand: int, on: str) -> OpinionIssued:
    answer = Answer(demand=demand, outcome=Outcome.SUPPORTED, reasons="属实")
    return OPINION.model_copy(update={"number": f"第{demand}号", "issued_on": day(on), "answers": (answer,)})


def serving(demand: int, on: str) -> ServeOpinion:
    return ServeOpinion(number=f"第{demand}号", outcome=Outcome.SUPPORTED, served_on=day(on), how=ServedHow.IN_PERSON)


def served(demand: int, on: str) -> OpinionServed:
    return OpinionServed(**dict(serving(demand, on)), demands=(demand,))


FIRST = (opinion(1, "2026-09-06"), served(1, "2026-09-08"))
THEN = (opinion(2, "2026-09-12"), served(2, "2026-09-14"))


def issuing(demand: int, on: str) -> IssueOpinion:
    return IssueOpinion(**opinion(demand, on).model_dump())


def closing(on: str) -> CloseCase:
    return CloseCase(**closed(on).model_dump())


def test_each_opinion_answers_the_demands_whose_turn_it_is(here: Spec[Any]) -> None:
    here.given(*TWO, *SPLIT).when(issuing(1, "2026-09-06")).then(opinion(1, "2026-09-06"))
    here.given(*TWO, *SPLIT, *FIRST).when(issuing(2, "2026-09-12")).then(opinion(2, "2026-09-12"))


def test_what_was_not_split_off_is_not_passed_over(here: Spec[Any]) -> None:
    here.given(*TWO).when(issuing(1, "2026-09-06")).then_rejected("demand-unanswered")
    here.given(*TWO, SPLIT[0]).when(issuing(1, "2026-09-06")).then_rejected("demand-unanswered")
    here.given(*TWO, *SPLIT).when(issuing(2, "2026-09-06")).then_rejected("demand-unanswered")


def test_an_opinion_answers_what_is_there_and_all_of_its_latest_turn(here: Spec[Any]) -> None:
    one, two, three = (opinion(n, "2026-09-06").answers[0] for n in (1, 2, 3))

    def saying(*answers: Answer) -> IssueOpinion:
        return IssueOpinion(**opinion(1, "2026-09-06").model_dump() | {"answers": answers})

    here.given(*TWO).when(saying(one, two, three)).then_rejected("no-such-demand")
    more = HERE.model_copy(update={"demands": ("补偿", "道歉", "公开账目")})
    split = (more, *OPEN[1:], *SPLIT, SPLIT[1].model_copy(update={"demand": 3}))
    here.given(*split).when(saying(one, two)).then_rejected("demand-unanswered")
    whole = opinion(1, "2026-09-06").model_copy(update={"answers": (two, one)})
    told = served(1, "2026-09-08").model_copy(update={"demands": (1, 2)})
    later = (more, *OPEN[1:], *SPLIT, SPLIT[1].model_copy(update={"demand": 3, "order": 3}))
    here.given(*later).when(saying(two, one)).then(whole).when(serving(1, "2026-09-08")).then(told)


def test_the_demands_are_told_apart_before(here: Spec[Any]) -> None:
    judged = command(AssessDemand, demand=2, order=2)
    said = FOUNDED.model_copy(update={"demand": 2, "order": 2})
    here.given(*TWO).when(judged).then(said).when(issuing(1, "2026-09-06")).then(opinion(1, "2026-09-06"))


def test_a_reply_says_which_demands_it_answers(here: Spec[Any]) -> None:
    here.given(*TWO, *SPLIT, FIRST[0]).when(serving(1, "2026-09-08")).then(FIRST[1])
    whole = OPINION.model_copy(update={"number": "第1号"})
    here.given(*OPEN, whole).when(serving(1, "2026-09-08")).then(
        served(1, "2026-09-08").model_copy(update={"demands": ()})
    )


def test_what_is_answered_in_part_is_not_closed(here: Spec[Any]) -> None:
    met = (*TWO, leader("2026-08-07"), visit("2026-09-01"), *SPLIT, *FIRST)
    refused = here.given(*met).when(closing("2026-09-20")).then_rejected("not-ready-to-close")
    assert "第 2 项诉求的书面答复" in refused.zh
    here.given(*met, *THEN).when(closing("2026-09-13")).then_rejected("closed-too-early")
    here.given(*met, *THEN).when(closing("2026-09-20")).then(closed("2026-09-20"))


def test_what_was_quashed_answers_nobody(here: Spec[Any]) -> None:
    quashed = decided(ReviewVerdict.QUASHED, "2026-09-10")
    contested = CONTESTED.model_copy(update={"requested_on": day("2026-09-09")})
    again = here.given(*TWO, *SPLIT, *FIRST, contested, quashed)
    again.when(issuing(2, "2026-09-12")).then_rejected("demand-unanswered")


def test_a_case_is_not_ended_while_a_demand_waits_for_its_answer(here: Spec[Any]) -> None:
    ending = command(EndCase, ground=EndGround.NOT_CONTESTED, ended_on=day("2026-11-19"))
    here.given(*TWO, *SPLIT, *FIRST).when(ending).then_rejected("no-ground-to-end")
    ended = CaseEnded(**ending.model_dump())
    here.given(*TWO, *SPLIT, *FIRST, *THEN).when(ending).then(ended)


def test_what_takes_a_road_of_its_own_is_not_waited_for(here: Spec[Any]) -> None:
    away = routed("2026-09-03").model_copy(update={"demands": (2,)})
    mixed = (*TWO, away, leader("2026-08-07"), visit("2026-09-01"))
    here.given(*mixed).when(issuing(1, "2026-09-06")).then(opinion(1, "2026-09-06"))
    here.given(*mixed, *FIRST).when(closing("2026-09-20")).then(closed("2026-09-20"))
    assert here.given(*mixed).state.by_petition_procedure
    back = away.model_copy(update={"determined_on": day("2026-09-04"), "route": Route.PETITION})
    here.given(*mixed, back, *FIRST).when(closing("2026-09-20")).then_rejected("not-ready-to-close")


def test_each_reply_answers_what_it_names_and_one_that_names_nothing_all() -> None:
    first, then = FIRST[1], THEN[1]
    assert unanswered([], 2) == [1, 2]
    assert unanswered([first], 2) == [2]
    assert answering_all([first], 2) is None
    assert answering_all([first, then], 2) is then
    old = first.model_copy(update={"demands": ()})
    assert answering_all([old, then], 2) is old
