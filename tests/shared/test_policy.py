"""Policies: the national one as it stands, every way to get one wrong, and which is in force when."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

import shared.events.casework
import shared.events.intake  # noqa: F401  # the two fill the registry
from services.supervision.rules import TABLES
from shared.deadlines import Limit, compute
from shared.events.fact import REGISTRY, Fact
from shared.policy import Policy, PolicyError, Why, in_force, line_of, load_policy
from shared.policy.rules import DayRule, TimesRule
from shared.terms import FindingKind, NoticeLevel, Role
from shared.workdays import Calendar

TEXT = (Path(__file__).parents[2] / "deploy/policies/national.toml").read_text("utf-8")
NATIONAL = load_policy(TEXT, "national.toml", rules=TABLES)
RULE = NATIONAL.rules["idle"]
assert isinstance(RULE, DayRule)
IDLE: DayRule = RULE


def line_with(words: str, text: str = TEXT) -> int:
    return next(n for n, line in enumerate(text.split("\n"), start=1) if words in line)


def changed(old: str, new: str) -> str:
    assert old in TEXT
    return TEXT.replace(old, new, 1)


def refused(text: str, facts: Mapping[str, type[Fact]] | None = None) -> PolicyError:
    with pytest.raises(PolicyError) as caught:
        load_policy(text, "national.toml", facts, TABLES)
    error = caught.value
    assert error.zh.startswith(f"national.toml 第 {error.line} 行：")
    assert error.en.startswith(f"national.toml, line {error.line}: ")
    return error


# The national policy


def test_the_national_limits_are_those_of_the_regulation() -> None:
    limits = {name: limit for name, limit in NATIONAL.limits if isinstance(limit, Limit)}
    assert {(limit.start, limit.roll) for limit in limits.values()} == {("next-day", "none")}
    assert {name: f"{limit.days} {limit.unit} {limit.basis}" for name, limit in limits.items()} == {
        "forward": "15 calendar 《信访工作条例》第二十二条",
        "notice": "15 calendar 《信访工作条例》第二十三条",
        "objection": "5 working 《信访工作条例》第二十三条",
        "handling": "60 calendar 《信访工作条例》第三十四条",
        "review_request": "30 calendar 《信访工作条例》第三十五条",
        "review": "30 calendar 《信访工作条例》第三十五条",
        "final_review_request": "30 calendar 《信访工作条例》第三十六条",
        "final_review": "30 calendar 《信访工作条例》第三十六条",
    }


def test_the_national_policy_says_the_rest_of_what_a_verdict_needs() -> None:
    assert (NATIONAL.version, NATIONAL.effective_from) == ("national-2026.7", date(2026, 1, 1))
    assert NATIONAL.limits.extension_max == 30
    days = {name: rule.days for name, rule in NATIONAL.rules.items() if isinstance(rule, DayRule)}
    assert (days["no-leader"], days["idle"], days["never-met"], days["relapse"]) == (15, 30, 60, 180)
    assert isinstance(pings := NATIONAL.rules["ping-pong"], TimesRule)
    assert pings.times == 2
    kinds = {name: rule.kind for name, rule in NATIONAL.rules.items()}
    assert (kinds["overdue"], kinds["idle"]) == (FindingKind.BREACH, FindingKind.SUSPICION)
    assert all(rule.enabled for rule in NATIONAL.rules.values())


def test_whoever_judges_nothing_reads_the_rules_without_looking_into_them() -> None:
    strange = load_policy(changed("times = 2", "times = 2\nwhatever = 33"), "national.toml")
    assert list(strange.rules) == list(tomllib.loads(TEXT)["rules"])
    assert strange.rules["ping-pong"].name == "推诿退转"


def test_the_national_ladder_leads_from_a_reminder_to_accountability() -> None:
    notices = NATIONAL.notices
    assert [notices.ladder[level].answer_days for level in NoticeLevel] == [10, 15, None]
    assert notices.ladder[NoticeLevel.ACCOUNTABILITY].limit is None
    assert notices.addressees == (Role.LEADER, Role.UNIT_HEAD, Role.PETITION_OFFICE)


def test_every_fact_that_the_national_policy_names_is_published() -> None:
    assert load_policy(TEXT, "national.toml", REGISTRY, TABLES) == NATIONAL


@pytest.mark.parametrize("fact", ["ExtensionApproved", "ProgressReported", "LeaderReplaced", "CaseDispatched"])
def test_busywork_does_not_move_the_idle_clock_and_the_policy_says_why(fact: str) -> None:
    assert NATIONAL.progress.why_not(fact) == NATIONAL.progress.ignored[fact]


def test_a_visit_moves_the_idle_clock_and_a_fact_that_is_not_listed_does_not() -> None:
    assert NATIONAL.progress.why_not("VisitLogged") is None
    unlisted = NATIONAL.progress.why_not("SomethingNew")
    assert unlisted == Why(zh="未列入实质性进展", en="not listed as substantive progress")


def test_the_days_of_rules_and_rungs_print_their_arithmetic_too() -> None:
    idle = compute(date(2026, 3, 1), IDLE.limit, Calendar())
    assert idle.due == date(2026, 3, 31)
    assert IDLE.basis in idle.lines[1].zh
    reminder = NATIONAL.notices.ladder[NoticeLevel.REMINDER]
    assert reminder.limit == Limit(10, "calendar", "next-day", "none", reminder.basis)


def test_a_policy_never_changes() -> None:
    with pytest.raises(ValidationError):
        NATIONAL.version = "other"  # type: ignore[misc]  # the type checker refuses it as well
    with pytest.raises(ValidationError):
        IDLE.days = 300  # type: ignore[misc]  # likewise


def test_a_policy_survives_being_written_as_json() -> None:
    again = Policy.model_validate_json(NATIONAL.model_dump_json())
    assert again.model_dump(mode="json") == NATIONAL.model_dump(mode="json")


# Wrong files


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("days = 60", "days = -60", "limits.handling.days 必须大于 0"),
        ('unit = "working"', 'unit = "weeks"', "limits.objection.unit 只能是 'calendar' or 'working'"),
        ('unit = "working"', 'units = "working"', "limits.objection.units 不是已知的项"),
        ("extension_max = 30", "extension_max = 0", "limits.extension_max 必须大于 0"),
        ("extension_max = 30", "extension_max = true", "limits.extension_max 必须是整数"),
        ("extension_max = 30", 'extension_max = "30"', "limits.extension_max 必须是整数"),
        ("extension_max = 30", "extension_max = 30.0", "limits.extension_max 必须是整数"),
        ("days = 180", "days = 0", "rules.relapse.days 必须大于 0"),
        ("times = 2", "times = 2\ndays = 33", "rules.ping-pong.days 不是已知的项"),
        ("[rules.ping-pong]", "[rules.pingpong]", "rules.pingpong 不是已知的项"),
        ('kind = "suspicion"', 'kind = "crime"', "rules.idle.kind 只能是 'breach' or 'suspicion'"),
        ('name = "挂账空转"', 'name = " "', "rules.idle.name 不能为空"),
        ("enabled = true", 'enabled = "yes"', "rules.no-leader.enabled 必须是 true 或 false"),
        ("effective_from = 2026-01-01", 'effective_from = "someday"', "effective_from 的值不合要求"),
        ('version = "national-2026.7"', 'version = "全国"', "version 的值不合要求"),
        ('en = "passing the case on is not handling"', 'en = ""', "progress.ignored.CaseDispatched.en 不能为空"),
        ('"petition-office"]', '"nobody"]', "notices.addressees.2 只能是"),
        ("answer_days = 15", "answer_days = -1", "notices.ladder.supervision.answer_days 必须大于 0"),
        ('rules = ["not-forwarded"', 'rules = ["not-forwarde"', "没有叫 not-forwarde 的督查规则"),
        ("[notices.ladder.reminder]", "[notices.ladder.scolding]", "notices.ladder.scolding 只能是"),
    ],
)
def test_a_wrong_value_is_refused_on_its_line(old: str, new: str, said: str) -> None:
    text = changed(old, new)
    error = refused(text)
    assert said in error.zh
    assert error.line == line_with(new.split("\n")[-1], text)


@pytest.mark.parametrize(
    ("old", "new", "said", "where"),
    [
        ("times = 2", "", "rules.ping-pong.times 缺少", "[rules.ping-pong]"),
        ("times = 2", "time = 2", "rules.ping-pong.time 不是已知的项", "times = 2"),  # before the key it leaves missing
        ('author = "huajie"', "", "author 缺少", ""),
        ('basis = "《信访工作条例》第三十四条"', "basis = ''", "limits.handling 期限须注明依据", "[limits.handling]"),
        ("answer_days = 10", "", "notices 的 ladder 缺 reminder 或其 answer_days", "[notices]"),
        ('"CaseClosed",', '"CaseClosed", "CaseDispatched",', "progress 把 CaseDispatched 两边都列了", "[progress]"),
    ],
)
def test_what_is_missing_or_at_odds_is_refused_at_its_table(old: str, new: str, said: str, where: str) -> None:
    error = refused(changed(old, new))
    assert said in error.zh
    assert error.line == line_with(where)


def test_a_value_in_place_of_a_table_is_refused() -> None:
    assert "limits 必须是一个表" in refused("limits = 3\n" + TEXT.partition("[limits]")[0]).zh


@pytest.mark.parametrize(("old", "new"), [('"PlanAdopted"', '"PlanAdoptd"'), ("CaseDispatched =", "CaseDispatch =")])
def test_an_unknown_fact_is_refused_on_its_line_with_the_nearest_one(old: str, new: str) -> None:
    error, right = refused(changed(old, new), REGISTRY), old.strip('" =')
    assert error.line == line_with(old)
    assert f"相近的：{right}" in error.zh
    assert f"near it: {right}" in error.en
    load_policy(changed(old, new), "national.toml")  # without a list of facts, names are taken as they are


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('version = "a"\nversion = "b"', 2),
        ('version = "a"\ntitle = ', 2),
        ("version = [\n1,\n", 2),
        (changed("times = 2", "times = two"), line_with("times = 2")),
    ],
)
def test_text_that_is_not_toml_is_refused_on_its_line(text: str, line: int) -> None:
    error = refused(text)
    assert "TOML" in error.zh
    assert error.line == line


def paths(value: Any, before: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    steps: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, below in steps:
        yield (*before, step)
        yield from paths(below, (*before, step))


@pytest.mark.parametrize("path", sorted(paths(tomllib.loads(TEXT)), key=str)[::13], ids=str)
def test_the_line_of_a_key_holds_the_key(path: tuple[str | int, ...]) -> None:
    value: Any = tomllib.loads(TEXT)
    for step in path:
        value = value[step]
    found = TEXT.split("\n")[line_of(TEXT, path) - 1]
    if isinstance(path[-1], str):
        assert path[-1] in found
    elif isinstance(value, dict):  # a table of an array of tables: its header
        assert found == f"[[{path[-2]}]]"
    else:
        assert (f'"{value}"' if isinstance(value, str) else str(value)) in found


def test_lines_are_found_through_comments_strings_and_quoted_keys() -> None:
    text = '# [a]\ntext = """\n[a]\nb = 1"""\n\n["a"]  # the real one\n\'b\' = 2\nc.d = { e = 3 }'
    assert line_of(text, ("a",)) == 6
    assert line_of(text, ("a", "b")) == 7
    assert line_of(text, ("a", "c", "d", "e")) == 8
    assert line_of(text, ("a", "missing")) == 6
    assert line_of(text, ("missing",)) == 1


# In force


def policy(version: str, day: date) -> Policy:
    return NATIONAL.model_copy(update={"version": version, "effective_from": day})


OLD, NEW = policy("national-2026.7", date(2026, 1, 1)), policy("national-2026.8", date(2026, 7, 1))


@pytest.mark.parametrize(
    ("day", "expected"), [(date(2026, 1, 1), OLD), (date(2026, 6, 30), OLD), (date(2026, 7, 1), NEW)]
)
def test_the_newest_policy_that_has_begun_is_in_force(day: date, expected: Policy) -> None:
    assert in_force([OLD, NEW], day) is expected
    assert in_force(iter([NEW, OLD]), day) is expected


def test_before_the_first_policy_none_is_in_force() -> None:
    with pytest.raises(PolicyError, match="2025-12-31") as caught:
        in_force([NEW, OLD], date(2025, 12, 31))
    assert caught.value.line is None


@pytest.mark.parametrize("twin", [policy("other", date(2026, 1, 1)), policy("national-2026.7", date(2026, 9, 1))])
def test_two_policies_of_one_version_or_day_are_refused_even_before_they_begin(twin: Policy) -> None:
    with pytest.raises(PolicyError, match="版本或生效日相同"):
        in_force([OLD, NEW, twin], date(2026, 8, 1))
