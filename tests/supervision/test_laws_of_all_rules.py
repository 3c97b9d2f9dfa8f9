"""The laws of a verdict, for every rule of the survey and on lives in which anything may happen in any order."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic_core import to_json

from services.supervision import dossier, former_names
from services.supervision.dossier import Dossier, evolve
from services.supervision.queries import derivation, dossier_of
from services.supervision.rules import RULES, TOPICS, Rule, Verdict, assess
from services.supervision.rules.verdict import Matter
from shared.events import REGISTRY
from shared.events.casework import HistoryImported, LeaderAssigned
from shared.events.intake import CaseRegistered, UnitFact
from shared.standard import Standard
from shared.workdays import DAY
from tests.supervision.any_life import DEEDS, END, FIRST, TABLES, lives
from tests.supervision.lives import Late, Watched, history, moment, only
from tests.supervision.worked import Worked


@settings(max_examples=1)
@given(st.data())
def test_whatever_a_rule_looks_at_occurs_in_these_lives(data: Any) -> None:
    """A fact that no life holds obeys no law: whoever lets a rule look at another one adds it to what may happen."""
    modules = (dossier, former_names, *TOPICS)
    looked_at = {thing for module in modules for thing in vars(module).values() if isinstance(thing, type)}
    of_a_case = {kind for kind in REGISTRY.values() if kind in looked_at and kind.speaker in ("intake", "casework")}
    of_units = {kind for kind in of_a_case if issubclass(kind, UnitFact)}
    drawn = {type(data.draw(deed)) for deed in DEEDS}
    assert of_a_case - of_units - drawn == {CaseRegistered, HistoryImported}  # what every life begins with
    assert any(deed.undated for deed in [data.draw(deed) for deed in DEEDS] if isinstance(deed, LeaderAssigned))


def ground(verdict: Verdict) -> tuple[Any, ...]:
    """What an answer rests on."""
    return verdict.shows, verdict.since, verdict.counted


quickly = settings(max_examples=80)


@quickly
@given(lives(), st.randoms(use_true_random=False), st.dates(FIRST, END))
def test_the_same_facts_make_the_same_bytes_in_whatever_order_they_came(
    national: Standard, life: list[Late], random: Any, today: date
) -> None:
    facts = history(*life)
    shuffled = facts.copy()
    random.shuffle(shuffled)
    as_of = moment(str(today), 20)
    assert to_json(derivation(national, facts, as_of)) == to_json(derivation(national, shuffled, as_of))
    as_they_came = Dossier()
    for fact in shuffled:
        as_they_came = evolve(as_they_came, fact)
    assert assess(as_they_came, national, today) == assess(dossier_of(facts), national, today)


@quickly
@given(lives(), st.dates(FIRST, END))
def test_an_answer_changes_by_itself_on_the_day_that_it_names_and_on_no_other(
    national: Standard, life: list[Late], today: date
) -> None:
    known = dossier_of(history(*life)).until(today)
    if known.registered is None:
        assert assess(known, national, today) == {}
        return
    answers = assess(known, national, today)
    turns = {verdict.changes_on for verdict in answers.values() if verdict.changes_on is not None}
    probes = {today + n * DAY for n in (1, 2, 9, 31, 90)} | turns | {turn - DAY for turn in turns}
    for later in sorted(day for day in probes if day > today):
        then = assess(known, national, later)
        for rule, verdict in answers.items():
            if verdict.changes_on is None or later < verdict.changes_on:
                assert ground(then[rule]) == ground(verdict), rule
            elif later == verdict.changes_on:
                assert ground(then[rule]) != ground(verdict), rule


@quickly
@given(lives(), st.dates(FIRST, END))
def test_a_sign_that_shows_has_its_day_its_facts_and_both_languages(
    national: Standard, life: list[Late], today: date
) -> None:
    case = dossier_of(history(*life))
    known = {noted.id for noted in case.until(today).facts}
    for rule, verdict in assess(case, national, today).items():
        assert verdict.shows == (verdict.since is not None), rule
        assert verdict.since is None or verdict.since <= today, rule
        assert verdict.changes_on is None or verdict.changes_on > today, rule
        assert verdict.zh, rule
        assert verdict.en, rule
        assert not verdict.shows or verdict.counted, rule
        assert {one.id for one in (*verdict.counted, *verdict.ignored)} <= known, rule


@settings(max_examples=12)
@given(lives())
def test_splitting_the_ticks_of_the_clock_anywhere_changes_nothing(national: Standard, life: list[Late]) -> None:
    """Judged every day or only when it is due: the same is said, at the same moment."""
    daily = Watched(national).live(history(*life), END, daily=True)
    asked = Watched(national).live(history(*life), END, daily=False)
    assert [(r.time, r.fact) for r in asked.said] == [(r.time, r.fact) for r in daily.said]


@quickly
@given(lives(), st.dates(FIRST, END), st.sampled_from(sorted(RULES)))
def test_no_rule_depends_on_another(national: Standard, life: list[Late], today: date, rule: str) -> None:
    case = dossier_of(history(*life))
    alone = assess(case, only(national, rule), today)
    assert not alone or alone[rule] == assess(case, national, today)[rule]


@quickly
@given(lives(), st.dates(FIRST, END), st.sampled_from([rule for rule in RULES.values() if rule.needs or rule.of_words]))
def test_where_a_rule_is_not_asked_it_would_have_found_nothing(
    national: Standard, life: list[Late], today: date, rule: Rule[Any]
) -> None:
    """Neither without the facts that it needs, nor before supervision's first word: and only a fact could change that."""
    known = [fact for fact in history(*life) if not isinstance(fact.fact, rule.needs)]
    matter = Matter(dossier_of(known).until(today), national, today)
    if matter.dossier.registered is None:
        return
    said = rule.judge(matter, rule.table_of(matter.policy))
    assert (said.shows, said.changes_on) == (False, None)
    assert not rule.of_words or said == rule.absent


@pytest.mark.parametrize("table", TABLES, ids=["I", "T", "reviews", "C", "inquiries", "B and R", "B6"])
def test_the_laws_hold_of_every_worked_case(national: Standard, table: dict[str, tuple[Worked, ...]]) -> None:
    """Chance finds some signs seldom: here each has its turn, told backwards, and asked the day before it turns."""
    for rule, cases in table.items():
        for case in cases:
            facts, backwards = history(*case.facts), Dossier()
            for fact in reversed(facts):
                backwards = evolve(backwards, fact)
            today = date.fromisoformat(case.today)
            verdict = assess(dossier_of(facts), national, today).get(rule)
            assert verdict == assess(backwards, national, today).get(rule)
            known = backwards.until(today)
            if verdict is not None and (turns := verdict.changes_on) is not None:
                assert ground(assess(known, national, turns - DAY)[rule]) == ground(verdict), rule
                assert ground(assess(known, national, turns)[rule]) != ground(verdict), rule
