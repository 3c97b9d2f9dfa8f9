"""并案与撤销并案: two cases are one matter, or turn out not to be."""

from typing import Any

from services.intake.domain import intake
from services.intake.domain.case import Case
from services.intake.domain.merging import MergeCase, TakeInCase, TakeOutCase, UnmergeCase
from shared.events import Fact
from shared.events.intake import AccusedNamed, CaseDispatched, CaseTakenIn, CaseTakenOut
from shared.standard import Standard
from shared.terms import Channel, DispatchKind
from tests.intake.handing_down import HERE, MERGED, SENT, UNMERGED, command
from tests.sample import BUREAU, OTHER, TOWN, day, dispatched, objected, repeat
from tests.spec import Spec, recorded

TAKEN = CaseTakenIn(other="case-2", merged_on=day("2026-11-05"), brought=(day("2026-10-30"),))
OUT = CaseTakenOut(other="case-2", unmerged_on=day("2026-11-07"))


def test_a_case_takes_in_another_of_its_county_once(here: Spec[Any]) -> None:
    asked = TakeInCase(other="case-2", region="610499", merged_on=day("2026-11-05"), brought=(day("2026-10-30"),))
    here.given(*HERE).when(asked).then(TAKEN)
    assert here.given(*HERE, TAKEN).state.received == (day("2026-11-02"), day("2026-10-30"))
    for before, elsewhere in ((), "610499"), (HERE, "610498"):
        said = asked.model_copy(update={"region": elsewhere})
        here.given(*before).when(said).then_rejected("merged-into-nothing")
    assert "case-2" in here.given(*HERE, MERGED).when(asked).then_rejected("merged-into-merged").zh


def test_what_was_taken_in_is_taken_out_with_its_days(here: Spec[Any]) -> None:
    asked = TakeOutCase(other="case-2", unmerged_on=day("2026-11-07"))
    here.given(*HERE, TAKEN).when(asked).then(OUT)
    assert here.given(*HERE, TAKEN, OUT).state.received == (day("2026-11-02"),)
    assert here.given(*HERE, TAKEN, OUT, TAKEN).state.received == (day("2026-11-02"), day("2026-10-30"))
    here.given(*HERE).when(asked).then()
    here.given(*HERE, TAKEN, OUT).when(TakeInCase(region="610499", **TAKEN.model_dump())).then(TAKEN)
    assert "case-2" in here.given(*HERE, TAKEN, MERGED).when(asked).then_rejected("unmerged-from-merged").zh


def test_a_merge_that_was_undone_may_be_made_again_for_another_reason(here: Spec[Any]) -> None:
    undone = here.given(*HERE, MERGED, UNMERGED)
    assert undone.state.merged is None
    undone.when(command(MergeCase)).then_rejected("merged-before-unmerged")
    again = MERGED.model_copy(update={"merged_on": day("2026-11-08"), "reason": "复核后确为同一事项"})
    undone.when(command(MergeCase, **again.model_dump())).then(again)
    the_same_day = again.model_copy(update={"merged_on": UNMERGED.unmerged_on})
    anew = here.given(*HERE, MERGED, UNMERGED).when(command(MergeCase, **the_same_day.model_dump()))
    anew.then(the_same_day)
    at_once = UNMERGED.model_copy(update={"unmerged_on": MERGED.merged_on})
    here.given(*HERE, MERGED).when(command(UnmergeCase, unmerged_on=MERGED.merged_on)).then(at_once)
    undone.when(command(UnmergeCase)).then()
    later = UNMERGED.model_copy(update={"unmerged_on": day("2026-11-09")})
    undone.when(command(UnmergeCase, unmerged_on=day("2026-11-09"))).then(later)


ASSIGNED = CaseDispatched(
    kind=DispatchKind.ASSIGN,
    unit=OTHER,
    dispatched_on=day("2026-11-03"),
    letter_number="省信交〔2026〕7号",
    due_on=day("2026-12-20"),
)
ASKED = TakeInCase(
    other="case-2", region="610499", merged_on=day("2026-11-05"), brought=(), from_above=True, assigned=ASSIGNED
)
FROM_ABOVE = CaseTakenIn(other="case-2", merged_on=day("2026-11-05"), from_above=True)


def handed_on(unit: str) -> CaseDispatched:
    said = {"unit": unit, "dispatched_on": day("2026-11-05"), "note": "随 case-2 并入", "with_case": "case-2"}
    return ASSIGNED.model_copy(update=said)


def handed_back(before: CaseDispatched | None, unit: str = TOWN) -> CaseDispatched:
    """What holds again from the day on which the other was taken out."""
    way = before or CaseDispatched(kind=DispatchKind.FORWARD, unit=unit, dispatched_on=day("2026-11-07"))
    said = {"unit": unit, "dispatched_on": day("2026-11-07"), "with_case": "case-2"}
    return way.model_copy(update={**said, "note": "case-2 拆出，其交办随之撤回"})


def test_what_was_wanted_by_a_day_from_above_is_wanted_of_the_case_that_goes_on(here: Spec[Any]) -> None:
    here.given(*HERE).when(ASKED).then(FROM_ABOVE, handed_on(OTHER))  # nobody has it yet
    here.given(*SENT).when(ASKED).then(FROM_ABOVE, handed_on(TOWN))
    later, sooner = (
        SENT[1].model_copy(update={"kind": DispatchKind.ASSIGN, "due_on": day(due)})
        for due in ("2026-12-21", "2026-12-20")
    )
    here.given(*HERE, later).when(ASKED).then(FROM_ABOVE, handed_on(TOWN))
    here.given(*HERE, sooner).when(ASKED).then(FROM_ABOVE)
    here.given(*HERE).when(ASKED.model_copy(update={"assigned": None})).then(FROM_ABOVE)


def test_a_case_brings_its_days_and_its_assignment_and_no_mere_forwarding(standard: Standard) -> None:
    decider = intake(standard)

    def brings(*facts: Fact) -> TakeInCase:
        state, told = decider.initial, [recorded(fact, n) for n, fact in enumerate((*facts, MERGED), 1)]
        for fact in told:
            state = decider.evolve(state, fact)
        ((into, asked),) = decider.entails(state, told[-1])
        assert into == MERGED.into
        assert isinstance(asked, TakeInCase)
        return asked

    town = HERE[0].model_copy(update={"region": "610499101"})
    bare = TakeInCase(other="case-1", region="610499", merged_on=MERGED.merged_on, brought=(day("2026-11-02"),))
    again = repeat("2026-11-03")
    assert brings(town, SENT[1]) == bare
    assert brings(town, again).brought == (day("2026-11-02"), day("2026-11-03"))
    assert brings(town, ASSIGNED) == bare.model_copy(update={"assigned": ASSIGNED})
    above = town.model_copy(update={"channel": Channel.ASSIGNED})
    assert brings(above) == bare.model_copy(update={"from_above": True})


def test_an_assignment_goes_with_the_case_that_is_taken_out(here: Spec[Any]) -> None:
    asked, came = TakeOutCase(other="case-2", unmerged_on=day("2026-11-07")), (FROM_ABOVE, handed_on(TOWN))
    here.given(*SENT, *came).when(asked).then(OUT, handed_back(SENT[1]))
    later = SENT[1].model_copy(update={"kind": DispatchKind.ASSIGN, "due_on": day("2026-12-31")})
    here.given(*HERE, later, *came).when(asked).then(OUT, handed_back(later))
    here.given(*HERE, FROM_ABOVE, handed_on(OTHER)).when(asked).then(OUT, handed_back(None, OTHER))
    here.given(*SENT, FROM_ABOVE).when(asked).then(OUT)  # nothing had come with it
    anew = dispatched("2026-11-06", BUREAU)
    here.given(*SENT, *came, anew).when(asked).then(OUT)
    third = CaseTakenIn(other="case-3", merged_on=day("2026-11-05"))
    with_third = handed_on(TOWN).model_copy(update={"with_case": "case-3", "due_on": day("2026-12-25")})
    here.given(*SENT, third, with_third, *came).when(asked).then(OUT, handed_back(with_third))
    gone = CaseTakenOut(other="case-3", unmerged_on=day("2026-11-06"))
    here.given(*SENT, third, with_third, *came, gone).when(asked).then(OUT, handed_back(SENT[1]))


def test_of_two_dispatches_of_one_day_the_later_word_holds(here: Spec[Any]) -> None:
    sent = [dispatched("2026-11-04", f"第{n}村") for n in range(20)]
    for n in range(1, 21):
        assert here.given(*HERE, *sent[:n]).state.holder == sent[n - 1]
    again = (dispatched("2026-11-10"), objected("2026-11-06"), objected("2026-11-12"))
    assert here.given(*SENT, *again).state.holder is None


def test_what_is_past_its_day_is_not_merged_away(here: Spec[Any]) -> None:
    past = ASSIGNED.model_copy(update={"due_on": day("2026-11-05")})
    refusal = here.given(*SENT).when(ASKED.model_copy(update={"assigned": past})).then_rejected("merged-past-its-day")
    assert "2026-11-05" in refusal.zh
    about = AccusedNamed(named_on=day("2026-11-02"), units=(OTHER,))
    here.given(*HERE, about).when(ASKED).then_rejected("dispatched-to-the-accused")


def test_a_case_is_from_above_however_it_was_assigned(here: Spec[Any]) -> None:
    def above(*facts: Fact) -> bool:
        case = here.given(*facts).state
        assert isinstance(case, Case)
        return case.from_above

    registered_so = HERE[0].model_copy(update={"channel": Channel.ASSIGNED})
    again = repeat("2026-11-04").model_copy(update={"channel": Channel.ASSIGNED})
    out = CaseTakenOut(other="case-2", unmerged_on=day("2026-11-07"))
    assert [above(*HERE), above(registered_so), above(*HERE, again)] == [False, True, True]
    assert [above(*HERE, FROM_ABOVE), above(*HERE, TAKEN), above(*HERE, FROM_ABOVE, out)] == [True, False, False]
