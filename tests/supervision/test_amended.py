"""Another policy: only what it can change is asked again, and what is not asked would have said the same."""

import re
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deploy.node import POLICIES
from services.supervision.amended import NOT_JUDGED_BY, amended, amended_on, between
from services.supervision.domain.judging import next_moment
from services.supervision.domain.policies import POLICIES as POLICIES_KNOWN
from services.supervision.domain.policies import AdoptStandard, PublishPolicy
from services.supervision.edition import JUDGES, edition
from services.supervision.publishing import publish
from services.supervision.queries import dossier_of
from services.supervision.rules import RULES, STALLING, TABLES, UNIT_RULES, assess
from shared.edition import ROOT
from shared.events import Fact, Recorded
from shared.events.supervision import StandardAdopted
from shared.policy import Policy
from shared.standard import Standard
from shared.store import Request
from shared.workdays import DAY, start_of
from tests.sample import closed, day, registered, relapsed, reply
from tests.supervision.any_life import END, FIRST, WORKED, lives
from tests.supervision.lives import Late, concluded, history, moment, rewritten
from tests.supervision.post import SYSTEM, Post
from tests.supervision.test_laws_of_all_rules import ground
from tests.supervision.test_worked import TABLES as WORKED_CASES

ALL = [*(rule.id for rule in RULES.values()), *(rule.id for rule in UNIT_RULES)]
TODAY = day("2026-06-01")


def another(policy: Policy, rule: str) -> Policy:
    """The policy with other thresholds for a rule; one that has none is used no more."""
    table = policy.rules[rule]
    counts = {name: value + 1 for name, value in table if type(value) is int}
    shares = {name: value / 2 for name, value in table if type(value) is float}
    changed = table.model_copy(update=counts | shares or {"enabled": not table.enabled})
    return policy.model_copy(update={"rules": {**policy.rules, rule: changed}})


def with_another(standard: Standard, rule: str) -> Standard:
    return rewritten(standard, lambda policy: another(policy, rule))


def said(standard: Standard, facts: list[Recorded], today: date) -> tuple[Any, Any]:
    """What is said of a case, each rule's ground, and when it is asked again."""
    dossier, now = dossier_of(facts), moment(str(today), 20)
    answers = assess(dossier, standard, today)
    return concluded(standard, dossier, now), {rule: (ground(one), one.changes_on) for rule, one in answers.items()}


@settings(max_examples=100)
@given(lives(), st.dates(FIRST, END), st.sampled_from(ALL))
def test_what_an_amendment_does_not_concern_is_judged_as_before(
    national: Standard, life: list[Late], today: date, rule: str
) -> None:
    facts, other = history(*life), with_another(national, rule)
    dossier = dossier_of(facts)
    if dossier.until(today).registered is None:
        return
    if not amended(national, other).concerns(dossier.until(today)):
        assert said(other, facts, today) == said(national, facts, today)
    assert amended(national, other).rules >= {rule}


def test_every_rule_that_another_policy_changes_is_among_those_that_it_concerns(national: Standard) -> None:
    """Other thresholds of each rule, and its worked cases with some of the others': an answer differs only where it says so."""
    differing = set[str]()
    for rule in RULES:
        other = with_another(national, rule)
        concerned = amended(national, other)
        for life in (*(case.facts for case in WORKED_CASES[rule]), *WORKED[::20]):
            dossier = dossier_of(history(*life)).until(TODAY)
            before, after = assess(dossier, national, TODAY), assess(dossier, other, TODAY)
            differs = {r for r in before if ground(before[r]) != ground(after[r])}
            assert differs <= concerned.rules
            assert not differs or concerned.concerns(dossier), (rule, differs)
            differing |= differs
    assert (
        "filled-after-stall" in between(*(s.policy_on(TODAY) for s in (national, with_another(national, "idle")))).rules
    )
    assert len(differing) > len(RULES) / 3, "hardly any threshold was moved over an edge: the test proves little"


def test_who_has_closed_a_case_is_not_called_idle(national: Standard) -> None:
    """What lets an amendment of such a rule pass by closed cases."""
    for life in WORKED:
        dossier = dossier_of([*history(*life)]).until(TODAY)
        if dossier.registered is not None and dossier.closed:
            answers = assess(dossier, national, TODAY)
            assert not [rule for rule in STALLING if answers[rule].shows or answers[rule].changes_on]


class Reads(Policy):
    """A policy that remembers which of its tables were looked at."""

    def __getattribute__(self, name: str) -> Any:
        if name in Policy.model_fields:
            _read.add(name)
        return super().__getattribute__(name)


_read: set[str] = set()


def test_no_verdict_looks_at_what_is_called_not_judged_by(national: Standard) -> None:
    watched = rewritten(national, lambda policy: Reads.model_construct(**dict(policy)))
    _read.clear()
    for life in WORKED[::2]:
        facts = history(*life)
        for today in (TODAY, TODAY + 200 * DAY):
            dossier = dossier_of(facts)
            concluded(watched, dossier, moment(str(today), 20))
            next_moment(watched, dossier, moment(str(today), 20))
    assert {"rules", "limits", "progress", "notices"} <= _read
    assert _read & NOT_JUDGED_BY <= {"version", "effective_from"}, (
        "what these say is put beside what is found, and never finds"
    )


CLOSED_CASE = history(registered("2026-01-05"), reply("2026-01-20"), closed("2026-01-21"))
OPEN_CASE = history(registered("2026-01-05"))


@pytest.mark.parametrize(
    ("change", "closed_too", "open_too"),
    [
        (lambda policy: another(policy, "idle"), True, True),
        (lambda policy: another(policy, "no-leader"), False, True),
        (lambda policy: another(policy, "relapse"), True, False),
        (lambda policy: another(policy, "urgent-late"), True, True),
        (lambda policy: another(policy, "bulk-backfill"), False, False),
        (lambda policy: policy.model_copy(update={"scores": {}}), False, False),
        (lambda policy: policy.model_copy(update={"notices": policy.notices.model_copy(update={"hearing_days": 3})}), True, True),
        (lambda policy: policy, False, False),
    ],
    ids=["idle", "no leader", "relapse", "urgent", "of a unit", "scores", "ladder", "only its name"],
)  # fmt: skip
def test_on_the_day_of_a_new_policy_only_those_are_asked_whom_it_can_concern(
    national: Standard, change: Callable[[Policy], Policy], *, closed_too: bool, open_too: bool
) -> None:
    coming = day("2031-01-01")
    newest = national.policies[-1]
    newer = change(newest).model_copy(update={"version": "newer", "effective_from": coming})
    standard = replace(national, policies=(*national.policies, newer))
    for case, concerned in ((CLOSED_CASE, closed_too), (OPEN_CASE, open_too)):
        dossier = dossier_of(case)
        assert amended_on(standard, dossier, TODAY) == (coming if concerned else None)
        later = start_of(day("2030-12-30"))
        assert (next_moment(standard, dossier, later) == start_of(coming)) is (
            concerned and not concluded(standard, dossier, later)
        )


def test_of_several_policies_to_come_the_first_that_matters_is_named(national: Standard) -> None:
    newest = national.policies[-1]
    named = newest.model_copy(update={"version": "named", "effective_from": day("2031-01-01")})
    other = another(newest, "no-leader").model_copy(update={"version": "other", "effective_from": day("2032-01-01")})
    standard = replace(national, policies=(*national.policies, other, named))
    assert amended_on(standard, dossier_of(OPEN_CASE), TODAY) == day("2032-01-01")
    assert amended_on(standard, dossier_of(CLOSED_CASE), TODAY) is None


TEXTS = {path.name: path.read_text("utf-8") for path in POLICIES.glob("*.toml")}
LIVES: Mapping[str, tuple[Fact, ...]] = {
    "open": (registered("2026-01-05"),),
    "closed": (registered("2026-01-05"), reply("2026-01-20"), closed("2026-01-21")),
    "back": (registered("2026-01-05"), reply("2026-01-20"), closed("2026-01-21"), relapsed("2026-02-21")),
}
NUMBER = r"(\[rules\.{rule}\][^\n]*\n(?:[^\[\n][^\n]*\n)*?{name} = )(\d+)"


def moved(rule: str, name: str = "days") -> Mapping[str, str]:
    """The policies that huajie ships, with one day or one time more for a rule."""
    text, times = re.subn(
        NUMBER.format(rule=rule, name=name), lambda found: f"{found[1]}{int(found[2]) + 1}", TEXTS["national.toml"]
    )
    assert times == 1
    return TEXTS | {"national.toml": text}


@pytest.mark.parametrize(
    ("texts", "asked"),
    [
        (TEXTS | {"national.toml": TEXTS["national.toml"].replace("author = ", "author = '某局' # ", 1)}, set()),
        (TEXTS | {"holidays.toml": '[2031]\nholidays = ["2031-01-01"]\n'}, {"open", "closed", "back", "book"}),
        (moved("idle"), {"open", "back", "closed"}),
        (moved("no-leader"), {"open", "back"}),
        (moved("relapse"), {"closed", "back"}),
        (moved("urgent-late"), {"open", "closed", "back"}),
        (moved("bulk-backfill", "times"), {"book"}),
    ],
    ids=["who wrote it", "a calendar", "idle", "no leader", "relapse", "urgent", "of units"],
)
async def test_going_by_another_standard_asks_those_again_whom_it_can_concern(
    tmp_path: Path, texts: Mapping[str, str], asked: set[str]
) -> None:
    """What filled-after-stall finds stays when a case is closed, and goes by the days of idle."""
    standard = Standard.of(TEXTS, TABLES)
    with closing(Post(tmp_path, standard, day("2026-12-01"))) as post:
        await publish(post.store, TEXTS, SYSTEM)
        await post.hear((name, fact) for name, facts in LIVES.items() for fact in facts)
        await post.watch.pass_over(post.evening)
        post.evening += DAY
        await post.watch.pass_over(post.evening)
        assert post.store.due(post.evening, 9) == []
        await publish(post.store, TEXTS, SYSTEM)
        assert post.store.due(post.evening, 9) == []
        await publish(post.store, texts, SYSTEM)
        assert {name.partition("-")[0] for name in post.store.due(post.evening, 9)} == asked


async def test_what_cannot_be_read_any_more_may_have_been_anything(tmp_path: Path) -> None:
    with closing(Post(tmp_path, Standard.of(TEXTS, TABLES), day("2026-12-01"))) as post:
        strange = PublishPolicy(
            version="strange-1", title="-", author="-", reason="", effective_from=TODAY, digest="0", text="x ="
        )
        await post.store.handle(POLICIES_KNOWN, strange, Request(SYSTEM))
        adopting = AdoptStandard(versions=("strange-1",), digests=("0",), holidays="", edition=edition())
        await post.store.handle(POLICIES_KNOWN, adopting, Request(SYSTEM))
        await post.hear([("closed", fact) for fact in LIVES["closed"]])
        await post.watch.pass_over(post.evening)
        await publish(post.store, TEXTS, SYSTEM)
        assert "closed" in post.store.due(post.evening, 9)


async def test_another_edition_of_huajie_asks_all_again_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(Post(tmp_path, Standard.of(TEXTS, TABLES), day("2026-12-01"))) as post:
        await publish(post.store, TEXTS, SYSTEM)
        await post.hear((name, fact) for name, facts in LIVES.items() for fact in facts)
        for _ in range(2):
            await post.watch.pass_over(post.evening)
            post.evening += DAY
        await post.watch.pass_over(post.evening)
        monkeypatch.setattr("services.supervision.publishing.edition", lambda: "another")
        await publish(post.store, TEXTS, SYSTEM)
        assert {*post.store.due(post.evening, 9)} >= {*LIVES}
        await post.watch.pass_over(post.evening)
        await publish(post.store, TEXTS, SYSTEM)
        assert post.store.due(post.evening, 9) == []
        said = [r.fact for r in post.store.history(POLICIES_KNOWN) if isinstance(r.fact, StandardAdopted)]
        assert [fact.edition for fact in said] == [edition(), "another"]


def test_the_edition_is_that_of_the_rules_and_of_what_they_stand_on() -> None:
    judges = {path.relative_to(ROOT).as_posix() for pattern in JUDGES for path in ROOT.glob(pattern)}
    assert {"services/supervision/rules/idling.py", "shared/workdays.py", "shared/events/casework/closing.py"} <= judges
    assert not [
        path for path in judges if path.startswith(("services/reporting", "shared/http", "shared/store", "tests"))
    ]
    assert re.fullmatch("[0-9a-f]{12}", edition())
