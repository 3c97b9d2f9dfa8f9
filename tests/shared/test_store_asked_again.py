"""Cases that are let fall due, or looked at though they are not: those with certain facts, the open ones, all."""

import pytest

from shared.events import Fact
from shared.events.casework import CaseClosed, CaseRelapsed, VisitLogged
from shared.events.intake import CaseMerged, CaseUnmerged
from shared.store import Among, Log, beside
from shared.terms import RelapseSign, VisitKind
from tests.petitions import DAY, LIFE, NOON, Speaker, opened
from tests.sample import LI

VISITED = VisitLogged(visit_id="v", kind=VisitKind.HOME, visited_on=DAY, official=LI, met_petitioner=True)
CLOSED = CaseClosed(closed_on=DAY, summary="已办结")
RELAPSED = CaseRelapsed(relapsed_on=DAY, sign=RelapseSign.REPEAT_PETITION)
HISTORIES: dict[str, tuple[Fact, ...]] = {
    "case-open": (),
    "case-visited": (VISITED,),
    "case-closed": (VISITED, CLOSED),
    "case-back": (CLOSED, RELAPSED),
    "case-shut-again": (CLOSED, RELAPSED, CLOSED),
    "case-merged": (CaseMerged(into="case-open", merged_on=DAY, reason="同一事项"),),
    "case-unmerged": (
        CaseMerged(into="case-open", merged_on=DAY, reason="同一事项"),
        CaseUnmerged(unmerged_on=DAY, approved_by=LI, reason="误并"),
    ),
}


@pytest.mark.parametrize(
    ("among", "asked"),
    [
        (Among(LIFE), {*HISTORIES}),
        (Among(LIFE, frozenset()), set()),
        (Among(LIFE, frozenset({"VisitLogged"})), {"case-visited", "case-closed"}),
        (
            Among(LIFE, frozenset({"VisitLogged", "CaseMerged"})),
            {"case-visited", "case-closed", "case-merged", "case-unmerged"},
        ),
        (Among(LIFE, frozenset(), still_open=True), {"case-open", "case-visited", "case-back", "case-unmerged"}),
        (
            Among(LIFE, frozenset({"CaseMerged"}), still_open=True),
            {"case-open", "case-visited", "case-back", "case-unmerged", "case-merged"},
        ),
    ],
    ids=["all", "none", "a fact", "either fact", "open", "open or a fact"],
)
async def test_those_are_asked_again_whom_it_concerns(log: Log, among: Among, asked: set[str]) -> None:
    speaker, intake = Speaker(), Speaker("intake")
    async with opened(log) as store:
        for case_id, facts in HISTORIES.items():
            await store.adopt([speaker.accept(case_id)])
            for fact in facts:
                await store.adopt([(intake if fact.speaker == "intake" else speaker).say(case_id, fact)])
        await store.adopt([speaker.say("case-not-opened", VISITED)])
        assert store.due(NOON.replace(year=2027), 99) == []
        await store.ask_again(among, books=False)
        assert {*store.due(NOON.replace(year=2027), 99)} == asked


async def test_of_those_that_are_not_to_be_asked_each_has_its_turn(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.store.standing.UNASKED", 2)
    speaker = Speaker()
    async with opened(log) as store:
        assert store.resting("CaseAccepted", 7) == []
        for n in range(6):
            await store.adopt([speaker.accept(f"case-{n}")])
        log.append((), beside.due("case-3", 1, NOON))
        turns = [store.resting("CaseAccepted", turn) for turn in range(3)]
        assert sorted(case_id for seen in turns for case_id in seen) == [
            "case-0",
            "case-1",
            "case-2",
            "case-4",
            "case-5",
        ]
        assert store.resting("CaseAccepted", 3) == turns[0]
