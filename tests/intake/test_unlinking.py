"""撤销关联: a repeat petition that was linked to the wrong case counts where it is on the books, and is lost nowhere."""

from collections.abc import Iterator
from typing import Any

import pytest

from services.intake.domain import intake
from services.intake.domain.backlog import TagCase
from services.intake.domain.criteria import met_by_law
from services.intake.domain.registering import LinkRepeatPetition
from services.intake.domain.unlinking import TakeOverPetition, UnlinkRepeatPetition
from shared.decider import Rejected, obey
from shared.events import GENESIS, Asked, Fact, document, read
from shared.events.intake import CaseTakenIn, PetitionTakenOver
from shared.standard import Standard
from shared.terms import BacklogCriterion, Channel, Role
from tests.house import House, house
from tests.intake.handing_down import AGAIN, HERE, MERGED, TAKEN_BACK, TWICE, command
from tests.sample import LI, closed, day, registered, repeat, unlinked
from tests.spec import NOW, Spec, asked, recorded

TODAY = "2026-11-20"
LINK = LinkRepeatPetition(**AGAIN.model_dump())
OVER = PetitionTakenOver(
    other="case-9",
    petition_id=AGAIN.petition_id,
    received_on=day("2026-08-01"),
    entered_on=day("2026-08-02"),
    taken_over_on=day(TODAY),
)
HAND_OVER = TakeOverPetition(
    other="case-9",
    region="610499",
    linked=AGAIN,
    entered_on=day("2026-08-02"),
    taken_over_on=day(TODAY),
    same_matter="",
)
THERE = registered("2026-08-01")


def test_what_was_taken_back_counts_no_more(here: Spec[Any], standard: Standard) -> None:
    from_above = AGAIN.model_copy(update={"channel": Channel.ASSIGNED})
    linked = here.given(*HERE, closed("2026-07-30"), from_above)
    gone = here.given(*HERE, closed("2026-07-30"), from_above, TAKEN_BACK)
    assert (linked.state.from_above, gone.state.from_above) == (True, False)
    assert (len(linked.state.received), gone.state.received) == (2, (day("2026-11-02"),))
    assert (len(linked.state.repeats), gone.state.repeats) == (1, [])
    early = [registered("2026-01-05"), closed("2026-02-02"), repeat("2026-02-09")]
    for facts, met in (early, True), ([*early, unlinked(TODAY, repeat("2026-02-09"))], False):
        said = met_by_law(here.given(*facts).state, BacklogCriterion.REPEATED, standard, day(TODAY))
        assert said.met == met


def test_only_the_one_that_was_taken_back(here: Spec[Any]) -> None:
    again = repeat("2026-08-01", "p-2")
    left = here.given(*TWICE, again, TAKEN_BACK).state
    assert [its.fact for its in left.repeats] == [again]
    assert left.received == (day("2026-08-01"), day("2026-08-01"))
    other = unlinked(TODAY, later := repeat("2026-08-05", "p-2"))
    here.given(*TWICE, later).when(command(UnlinkRepeatPetition, **other.model_dump())).then(other)


def test_one_that_was_entered_twice_belongs_to_the_case_itself(here: Spec[Any]) -> None:
    itself = TAKEN_BACK.model_copy(update={"belongs_to": "case-1"})
    here.given(*TWICE).when(command(UnlinkRepeatPetition, belongs_to="case-1")).then(itself)


def test_under_its_number_it_is_not_linked_again_but_under_another(here: Spec[Any]) -> None:
    gone = here.given(*TWICE, TAKEN_BACK)
    refusal = gone.when(LINK).then_rejected("unlinked")
    assert ("case-2" in refusal.zh, TODAY in refusal.zh) == (True, True)
    gone.when(command(UnlinkRepeatPetition, reason="笔误")).then_rejected("unlinked")
    anew = AGAIN.model_copy(update={"petition_id": "p-2"})
    gone.when(LINK.model_copy(update={"petition_id": "p-2"})).then(anew)


def test_a_ledger_that_comes_again_links_nothing_anew(here: Spec[Any], standard: Standard) -> None:
    state = here.given(*TWICE, TAKEN_BACK).state
    assert obey(intake(standard), state, LINK, asked(imported_from="ledger")) == []


def test_the_case_takes_over_what_is_on_its_books(here: Spec[Any]) -> None:
    here.given(THERE).when(HAND_OVER).then(OVER)
    here.given(*HERE, AGAIN).when(HAND_OVER).then(OVER)
    why = HAND_OVER.model_copy(update={"same_matter": "同一块地"})
    linked = AGAIN.model_copy(update={"same_matter": "同一块地"})
    here.given(*HERE).when(why).then(linked, OVER)
    here.given(*HERE, AGAIN).when(why).then(OVER)  # it was linked there before
    here.given(THERE.model_copy(update={"region": "610499102"})).when(HAND_OVER).then(OVER)  # another town's


@pytest.mark.parametrize("before", [(), HERE, (registered("2026-08-01").model_copy(update={"region": "610498"}),)])
def test_no_petition_is_lost(here: Spec[Any], before: tuple[Fact, ...]) -> None:
    refusal = here.given(*before).when(HAND_OVER).then_rejected("unlinked-to-nothing")
    assert "belongs_to" in refusal.zh


def test_what_is_merged_is_taken_back_and_taken_over_in_the_case_that_goes_on(here: Spec[Any]) -> None:
    merged = MERGED.model_copy(update={"into": "case-7"})
    refusal = here.given(*TWICE, merged).when(command(UnlinkRepeatPetition)).then_rejected("unlinked-while-merged")
    assert "case-7" in refusal.zh
    assert "case-7" in here.given(THERE, merged).when(HAND_OVER).then_rejected("unlinked-into-merged").zh
    held = CaseTakenIn(other="case-3", merged_on=day("2026-11-05"), brought=(day("2026-08-01"),))
    here.given(*HERE, held).when(HAND_OVER).then(OVER)


def test_what_follows_names_the_day_on_which_it_came_into_the_books(standard: Standard) -> None:
    decider = intake(standard)

    def follows(*facts: Fact, imported: str | None = None) -> list[TakeOverPetition]:
        state, noon = decider.initial, NOW.replace(month=8, day=3)
        said = [recorded(fact, n, now=noon, imported_from=imported) for n, fact in enumerate(facts, 1)]
        for fact in said:
            state = decider.evolve(state, fact)
        return [asked for _, asked in decider.entails(state, said[-1]) if isinstance(asked, TakeOverPetition)]

    (asked_there,) = follows(*TWICE, TAKEN_BACK)
    assert (asked_there.other, asked_there.region, asked_there.entered_on) == ("case-1", "610499", day("2026-08-03"))
    (of_a_ledger,) = follows(*TWICE, TAKEN_BACK, imported="ledger")
    assert of_a_ledger.entered_on is None
    (moved_on,) = follows(*TWICE, OVER, TAKEN_BACK)
    assert moved_on.entered_on == day("2026-08-02")
    later = repeat("2026-08-05", "p-2")
    (of_two,) = follows(*TWICE, later, OVER, unlinked(TODAY, later))
    assert (of_two.linked, of_two.entered_on) == (later, day("2026-08-03"))
    town = TWICE[0].model_copy(update={"region": "610499101"})
    assert [its.region for its in follows(town, AGAIN, TAKEN_BACK)] == ["610499"]
    assert follows(*TWICE, TAKEN_BACK.model_copy(update={"belongs_to": "case-1"})) == []


def test_the_office_that_linked_it_tags_the_case_no_more(standard: Standard) -> None:
    decider = intake(standard)
    ours, theirs = (Asked(actor="x", role=Role.REGISTRAR, now=NOW, unit=unit) for unit in ("县信访局", "镇信访办"))

    def written(fact: Fact, version: int, by: Asked) -> Any:
        made = document(fact, region="610499", case_id="case-1", version=version, prevhash=GENESIS, asked=by)
        return read(made)

    begun = [written(TWICE[0], 1, ours), written(AGAIN, 2, theirs)]
    assert len(obey(decider, Spec(decider).given(*begun).state, command(TagCase), theirs)) == 1
    gone = Spec(decider).given(*begun, written(TAKEN_BACK, 3, ours)).state
    with pytest.raises(Rejected) as refusal:
        obey(decider, gone, command(TagCase), theirs)
    assert refusal.value.rule == "not-the-registrar"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("house")) as it:
        yield it


def test_a_petition_moves_to_the_case_that_it_belongs_to(running: House) -> None:
    one, two = (running.register(received_on="2026-03-02") for _ in range(2))
    link = {"petition_id": "r-1", "channel": "visit", "received_on": "2026-03-09", "same_matter": "同一块地"}
    running.give(f"/intake/cases/{one}/link-repeat-petition", link)
    back: dict[str, Any] = {"petition_id": "r-1", "unlinked_on": TODAY, "belongs_to": two, "reason": "另一块地"}
    back["approved_by"] = LI.model_dump()
    path = f"/intake/cases/{one}/unlink-repeat-petition"
    assert running.ask("POST", path, Role.REGISTRAR, json=back).status_code == 403
    for nowhere in ("none-such", two):
        answer = running.ask("POST", path, json={**back, "belongs_to": nowhere})
        assert (answer.status_code, answer.json()["type"].rsplit(":", 1)[-1]) == (409, "unlinked-to-nothing")
        assert ("/reporting/cases?number=" in answer.json()["detail_en"]) == (nowhere != two)
    said = running.give(path, {**back, "same_matter": "同为承包地"})
    assert [fact["type"] for fact in said["facts"]] == ["huajie.intake.RepeatPetitionUnlinked"]
    assert running.give(path, {**back, "same_matter": "同为承包地"})["facts"] == []
    there = running.get(f"/intake/cases/{two}/facts")["facts"]
    assert [fact["type"].rsplit(".", 1)[-1] for fact in there][-2:] == ["RepeatPetitionLinked", "PetitionTakenOver"]
    assert there[-1]["data"]["entered_on"] == TODAY
