"""Announced history, claims of odd days, and when a case is asked again."""

from datetime import timedelta

from services.supervision.domain.judging import next_moment, waits_until
from services.supervision.queries import dossier_of
from shared.events import Fact, Recorded
from shared.events.casework import HistoryImported
from shared.events.supervision import (
    FindingRaised,
    FindingResolved,
)
from shared.standard import Standard
from tests.sample import (
    accepted,
    closed,
    day,
    leader,
    registered,
    relapsed,
    reply,
    visit,
)
from tests.spec import recorded
from tests.supervision.lives import Late, Watched, concluded, diary, history, lived, moment, then_another

HERE = registered("2026-01-05")
DILIGENT = (HERE, leader("2026-01-06"), visit("2026-01-07"), reply("2026-01-08"))
"""Idle from 2026-02-08 on, and nothing else; silent until 2026-02-07."""


FOLLOWS = registered("2024-01-05", history_follows=True)


def heard(*facts: Fact, at: str = "2026-11-20", hours: float = 12) -> list[Recorded]:
    return [recorded(fact, n, now=moment(at, hours), imported_from="f") for n, fact in enumerate(facts, 1)]


def test_no_verdict_falls_while_announced_history_is_being_laid_down(standard: Standard) -> None:
    dossier = dossier_of(heard(FOLLOWS))
    waits = moment("2026-11-21", 12)
    assert waits_until(dossier) == waits
    assert concluded(standard, dossier, waits - timedelta(seconds=1)) == []
    assert next_moment(standard, dossier, moment("2026-11-20", 13)) == waits
    assert concluded(standard, dossier, waits)


def test_the_wait_ends_on_a_whole_second_so_that_who_is_asked_when_it_is_due_may_answer() -> None:
    odd = recorded(FOLLOWS, 1, now=moment("2026-11-20", 12) + timedelta(microseconds=700_000))
    assert waits_until(dossier_of([odd])) == moment("2026-11-21", 12)


def test_verdicts_fall_as_soon_as_the_history_is_there(standard: Standard) -> None:
    dossier = dossier_of([*heard(FOLLOWS), *heard(leader("2024-01-06"), visit("2026-11-19"), HistoryImported(steps=2))])
    assert waits_until(dossier) is None
    assert concluded(standard, dossier, moment("2026-11-20", 13)) == []


def test_history_that_comes_after_the_grace_mends_the_verdicts(standard: Standard) -> None:
    late = heard(leader("2024-01-06"), visit("2026-11-19"), HistoryImported(steps=2), at="2026-11-25")
    watched = Watched(standard).live([*heard(FOLLOWS), *late], day("2026-11-26"), daily=False)
    assert {r.fact.rule for r in watched.said if isinstance(r.fact, FindingRaised)} == {
        "no-leader",
        "idle",
        "never-met",
    }
    assert watched.dossier.findings == {}
    assert watched.dossier.notice is None


def test_the_end_of_an_import_is_no_record_of_the_case(standard: Standard) -> None:
    dossier = dossier_of([*heard(FOLLOWS), *heard(HistoryImported(steps=0))])
    said = concluded(standard, dossier, moment("2026-11-20", 13))
    (idle,) = (fact for fact in said if isinstance(fact, FindingRaised) and fact.rule == "idle")
    assert idle.sentence_zh.endswith("此后没有任何记录")


def test_claims_of_any_day_break_no_rule(standard: Standard) -> None:
    odd = (
        visit("1900-01-01"),
        leader("1949-10-01"),
        accepted("1912-02-29"),
        closed("2199-12-31"),
        relapsed("2150-01-01"),
    )
    dossier = dossier_of(history(HERE, *(Late(fact, "2026-01-10") for fact in odd)))
    said = concluded(standard, dossier, moment("2026-11-20"))
    findings = {fact.rule for fact in said if isinstance(fact, FindingRaised)}
    assert findings == {"idle", "overdue"}
    assert next_moment(standard, dossier, moment("2026-11-20")) == moment("2026-11-20")


# When the case is asked again


def test_the_case_is_asked_again_when_an_answer_or_a_notice_changes(standard: Standard) -> None:
    watched = lived(standard, *DILIGENT, until="2026-01-09")
    assert watched.due == moment("2026-02-08")
    watched = lived(standard, *DILIGENT, until="2026-02-08")
    assert watched.due == moment("2026-02-19")
    assert lived(standard, *DILIGENT, until="2026-03-07").due is None


def test_the_case_is_asked_again_when_a_claim_comes_of_age(standard: Standard) -> None:
    watched = lived(standard, *DILIGENT, Late(visit("2026-02-20"), "2026-01-10"), until="2026-02-10")
    assert watched.due == moment("2026-02-19")
    watched = lived(standard, *DILIGENT, Late(visit("2026-02-20"), "2026-01-10"), until="2026-02-20")
    assert diary(watched, FindingResolved)[0] == "02-20 FindingResolved finding-1 idle"


def test_what_changed_while_the_verdict_was_written_is_asked_again_at_once(standard: Standard) -> None:
    """Found: judged a moment before midnight and written after it, a case that turned idle on that day was due nevermore."""
    dossier = dossier_of(history(*DILIGENT))
    assert concluded(standard, dossier, moment("2026-02-07", 23.99)) == []
    after_midnight = moment("2026-02-08", 0.01)
    assert next_moment(standard, dossier, after_midnight) == after_midnight


def test_a_policy_with_other_rules_makes_the_case_due_when_it_comes_into_force(standard: Standard) -> None:
    newer = then_another(standard, day("2026-01-30"), "idle", days=31)
    assert next_moment(newer, dossier_of(history(*DILIGENT)), moment("2026-01-10")) == moment("2026-01-30")
