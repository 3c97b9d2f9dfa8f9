"""Histories and derivations: the same inputs give the same bytes, and the past shows what was known then."""

from datetime import timedelta

from pydantic_core import to_json

from services.supervision.queries import derivation, dossier_of, known_at
from services.supervision.rules import RULES
from shared.events.casework import HistoryImported
from shared.standard import Standard
from tests.sample import day, leader, plan, registered, report, visit
from tests.spec import recorded
from tests.supervision.lives import Late, Watched, history, moment, then_another

HERE = registered("2026-01-05")
LIFE = (HERE, leader("2026-01-06"), report("2026-01-20"), Late(visit("2026-02-01"), "2026-03-20"))


def test_the_history_of_a_moment_is_what_was_recorded_by_then_in_the_order_of_recording() -> None:
    facts = history(*LIFE)
    assert known_at(reversed(facts), None) == facts
    assert known_at(facts, facts[1].time) == facts[:2]
    assert known_at(facts, facts[0].time - timedelta(seconds=1)) == []


def test_a_derivation_has_every_rule_with_its_facts_and_its_sum(standard: Standard) -> None:
    said = derivation(standard, history(*LIFE), moment("2026-03-10"))
    assert (said["day"], said["policy"], said["facts"]) == (day("2026-03-10"), "national-2026.7", 3)
    assert [entry["rule"] for entry in said["rules"]] == list(RULES)
    idle = said["rules"][1]
    assert (idle["name"], idle["shows"], idle["since"], idle["changes_on"]) == (
        "挂账空转",
        True,
        day("2026-02-05"),
        None,
    )
    assert [e.type for e in idle["counted"]] == ["CaseRegistered"]
    assert [e.type for e in idle["ignored"]] == ["LeaderAssigned", "ProgressReported"]
    assert idle["arithmetic"][-1] == "= 到期日 2026-02-04 / due 2026-02-04"


def test_the_past_shows_what_was_known_then(standard: Standard) -> None:
    facts = history(*LIFE)
    before, after = derivation(standard, facts, moment("2026-03-19")), derivation(standard, facts, moment("2026-03-21"))
    assert (before["facts"], after["facts"]) == (3, 4)
    assert before["rules"][1]["since"] == day("2026-02-05")
    assert after["rules"][1]["since"] == day("2026-03-04")
    assert before["rules"][2]["shows"]
    assert not after["rules"][2]["shows"]
    later = [*facts, *history(*LIFE, Late(plan("2026-03-01"), "2026-04-01"))[-1:]]
    assert to_json(derivation(standard, later, moment("2026-03-19"))) == to_json(before)


def test_what_supervision_had_said_by_then_is_shown_beside_the_verdicts(standard: Standard) -> None:
    facts = history(*LIFE)
    everything = [*facts, *Watched(standard).live(facts, day("2026-04-10"), daily=False).said]
    assert derivation(standard, everything, moment("2026-02-04"))["stalled"] is None
    said = derivation(standard, everything, moment("2026-02-16"))
    assert said["stalled"].rules == ("idle",)
    assert (said["notice"].notice_id, said["next_change"]) == ("notice-2", day("2026-03-04"))
    assert derivation(standard, everything, moment("2026-04-10"))["notice"].notice_id == "notice-3"
    assert len(dossier_of(everything).words.known) == 3


def test_before_the_case_was_known_there_is_nothing_to_derive(standard: Standard) -> None:
    """Found: asking why about a moment before the registration was an IndexError."""
    said = derivation(standard, history(*LIFE), moment("2020-01-01"))
    assert (said["facts"], said["rules"], said["next_change"]) == (0, [], None)
    assert derivation(standard, history(leader("2026-01-06")), moment("2026-05-01"))["rules"] == []


def test_while_history_is_waited_for_the_derivation_says_until_when(standard: Standard) -> None:
    at = moment("2026-11-20", 12)
    announced = [recorded(registered("2024-01-05", history_follows=True), 1, now=at)]
    said = derivation(standard, announced, at + timedelta(hours=1))
    assert (said["waiting_for_history_until"], said["rules"]) == (at + timedelta(days=1), [])
    assert said["next_change"] == day("2026-11-21")
    there = [*announced, recorded(HistoryImported(steps=0), 1, now=at + timedelta(minutes=1))]
    said = derivation(standard, there, at + timedelta(hours=1))
    assert said["waiting_for_history_until"] is None
    assert said["rules"][0]["shows"]


def test_each_moment_is_judged_by_the_policy_of_its_day(standard: Standard) -> None:
    newer = then_another(standard, day("2026-03-01"), "no-leader", enabled=False)
    facts = history(HERE)
    assert derivation(newer, facts, moment("2026-02-28"))["rules"][0]["shows"]
    said = derivation(newer, facts, moment("2026-03-01"))
    assert (said["policy"], said["rules"][0]["zh"]) == ("from-2026-03-01", "现行口径未启用此规则")


def test_a_derivation_can_be_printed(standard: Standard) -> None:
    said = to_json(derivation(standard, history(*LIFE), moment("2026-03-10")))
    assert said == to_json(derivation(standard, history(*LIFE), moment("2026-03-10")))
    assert "登记已 64 天".encode() in said


def test_what_was_known_at_one_time_is_asked_about_another(standard: Standard) -> None:
    """A visit of 1 February, recorded on 20 March: what was known of 10 March then, and what was known of it later."""
    facts, march = history(*LIFE), day("2026-03-10")
    then, later = (
        derivation(standard, facts, moment("2026-03-19"), march),
        derivation(standard, facts, moment("2026-04-01"), march),
    )
    assert (then["day"], later["day"]) == (march, march)
    assert (then["rules"][1]["since"], later["rules"][1]["since"]) == (day("2026-02-05"), day("2026-03-04"))
    assert then["rules"] == derivation(standard, facts, moment("2026-03-10"))["rules"]
    again = derivation(standard, reversed(facts), moment("2026-04-01"), march)
    assert to_json(again) == to_json(later)
