"""Local policies: laid over the national one, in force in its place, and every way to get one wrong."""

from datetime import date
from pathlib import Path

import pytest

from deploy.node import POLICIES
from shared.deadlines import Limit, compute, explain
from shared.events import REGISTRY
from shared.policy import PolicyError, load_policies
from shared.standard import Standard
from shared.terms import JurisdictionGround
from shared.workdays import Calendar

NATIONAL = (POLICIES / "national.toml").read_text("utf-8")
LOCAL: dict[str, str] = {path.stem: path.read_text("utf-8") for path in (POLICIES / "local").glob("*.toml")}
HEAD = """version = "town-1"
based_on = "national-2026.7"
title = "镇口径"
effective_from = 2026-03-01
author = "镇党政办"
basis = "工作方案"
"""


def standard(**texts: str) -> Standard:
    """The policies of a folder that holds the national one and these."""
    return Standard.of({"national.toml": NATIONAL, **{f"{name}.toml": text for name, text in texts.items()}})


def refused(**texts: str) -> PolicyError:
    with pytest.raises(PolicyError) as caught:
        standard(**texts)
    return caught.value


def test_a_node_that_asks_for_nothing_local_has_the_national_policy() -> None:
    assert [policy.version for policy in standard().policies] == ["national-2026.7"]
    assert set(LOCAL) == {"shandong", "zhejiang"}


@pytest.mark.parametrize("name", LOCAL)
def test_a_local_policy_says_only_what_differs_names_its_source_and_that_it_is_older(name: str) -> None:
    text = LOCAL[name]
    assert len(text.splitlines()) < 50
    assert "早于《信访工作条例》" in text
    here, (nation,) = standard(**{name: text}).policy_on(date(2026, 5, 1)), standard().policies
    assert here.based_on == nation.version
    assert (here.rules, here.progress, here.notices, here.checklists) == (
        nation.rules,
        nation.progress,
        nation.notices,
        nation.checklists,
    )


def test_zhejiang() -> None:
    """浙江省信访条例 Arts 20, 23: five working days to accept, 30 days and up to 60 more, three speak for ten."""
    policy = standard(zhejiang=LOCAL["zhejiang"]).policy_on(date(2026, 5, 1))
    handling, acceptance = policy.limits.handling, policy.limits.acceptance
    assert (handling.days, handling.unit, handling.start, policy.limits.extension_max) == (
        30,
        "calendar",
        "next-day",
        60,
    )
    assert acceptance == Limit(5, "working", "next-day", "none", "《浙江省信访条例》第二十条")
    assert [policy.petitions.most_representatives(n) for n in (2, 10, 11, 60)] == [2, 3, 5, 5]
    assert "《浙江省信访条例》第二十三条" in explain(compute(date(2026, 5, 1), handling, Calendar()))


def test_shandong() -> None:
    """山东省信访条例 Arts 41, 42-44, 59."""
    limits = standard(shandong=LOCAL["shandong"]).policy_on(date(2026, 5, 1)).limits
    assert limits.extension_by_assigner
    assert limits.review_acceptance is not None
    assert limits.feedback is not None
    assert (limits.review_acceptance.days, limits.review_acceptance.unit, limits.feedback.days) == (3, "working", 30)
    assert limits.handling == standard().policies[0].limits.handling


def test_an_overlay_takes_its_bases_place_from_its_first_day_on() -> None:
    policies = standard(town=HEAD + "[limits.handling]\ndays = 45\n")
    assert policies.policy_on(date(2026, 2, 28)).version == "national-2026.7"
    assert policies.policy_on(date(2026, 3, 1)).limits.handling.days == 45


def test_a_verdict_goes_by_the_policy_of_the_day_on_which_the_limit_began() -> None:
    policies = standard(town=HEAD + "[limits.handling]\ndays = 45\n")
    assert policies.handling(date(2026, 2, 28)).due == date(2026, 4, 29)
    assert policies.handling(date(2026, 3, 1)).due == date(2026, 4, 15)


def test_an_overlay_may_lie_over_an_overlay() -> None:
    city = HEAD.replace("town-1", "city-1").replace("national-2026.7", "zhejiang-2016.7")
    policy = standard(zhejiang=LOCAL["zhejiang"], city=city + "[cadence]\nprogress_day = 15\n").policy_on(
        date(2026, 4, 1)
    )
    assert (policy.version, policy.limits.handling.days, policy.cadence.progress_day) == ("city-1", 30, 15)
    assert policy.cadence.month_end_days == 5


def test_a_list_takes_the_place_of_a_list() -> None:
    policy = standard(town=HEAD + '[jurisdiction]\ngrounds = ["competence"]\n').policy_on(date(2026, 4, 1))
    assert policy.jurisdiction.grounds == (JurisdictionGround.COMPETENCE,)


@pytest.mark.parametrize(
    ("says", "line", "wrong"),
    [
        ("[limits.handling]\ndayz = 45", 8, "limits.handling.dayz 不是已知的项"),
        ("[limits.handling]\ndays = 0", 8, "limits.handling.days 必须大于 0"),
        ("[limits.acceptance]\ndays = 5", 7, "limits.acceptance.unit 缺少"),
        ("[petitions.few]\npeople = 10", 7, "petitions.few.representatives 缺少"),
        ("[backlog.criteria.own]\nname = '一'\nbasis = '二'", 7, "backlog.criteria.own 须且只须写明"),
        ("[backlog.criteria.own]\nname = '一'\nbasis = '二'\ntimes = 3", 7, "backlog.criteria.own 须且只须写明"),
        (
            "[backlog.criteria.own]\nname = '一'\nbasis = '二'\nclosed_without = ['CaseEndedd']",
            10,
            "没有叫 CaseEndedd 的事实",
        ),
        ("[[classes]]\nname = '一'\ncategories = ['land', 'land']", 7, "classes 把 land 列了两次"),
        ("[[classes]]\nname = '一'\ncategories = ['land']", 7, "classes 没有列入"),
        ("[[focus]]\nname = '一'", 7, "focus.0 须写明 categories 或 words"),
        ("[going_down]\nweekday = 8", 8, "going_down.weekday 的值不合要求"),
        ("[cadence]\nprogress_day = 31", 8, "cadence.progress_day 的值不合要求"),
    ],
)
def test_what_is_wrong_in_an_overlay_is_refused_on_its_line(says: str, line: int, wrong: str) -> None:
    error = refused(town=HEAD + says + "\n")
    assert wrong in error.zh
    assert f"town.toml 第 {line} 行" in error.zh
    assert f"town.toml, line {line}" in error.en


def test_two_of_one_day_are_refused_when_they_are_read_and_not_when_first_asked_for() -> None:
    twin = NATIONAL.replace('"national-2026.4"', '"national-2026.4b"', 1)
    assert "版本或生效日相同" in refused(twin=twin).zh


def test_a_calendar_that_is_none_is_refused_as_a_policy_is() -> None:
    assert "holidays.toml is not TOML" in refused(holidays="[2031").en


@pytest.mark.parametrize("key", ["version", "title", "effective_from", "author", "basis"])
def test_who_lays_a_policy_over_another_says_who_and_why_themselves(key: str) -> None:
    lines = [line for line in HEAD.splitlines() if not line.startswith(key)]
    assert f"{key} 缺少" in refused(town="\n".join(lines)).zh


@pytest.mark.parametrize("base", ["national-2025.1", "town-1"])
def test_there_has_to_be_a_base_and_not_itself(base: str) -> None:
    error = refused(town=HEAD.replace('"national-2026.7"', f'"{base}"'))
    assert f"没有可依据的口径 {base}，有：national-2026.7" in error.zh
    assert error.line == 2


def test_bases_do_not_go_round_in_a_ring() -> None:
    a = HEAD.replace("national-2026.7", "b")
    b = HEAD.replace("town-1", "b").replace("national-2026.7", "town-1")
    assert "没有可依据的口径" in refused(a=a, b=b).zh


def test_an_overlay_does_not_begin_before_its_base() -> None:
    error = refused(town=HEAD.replace("2026-03-01", "2025-12-31"))
    assert (error.line, "早于所依据的 national-2026.7" in error.zh) == (4, True)


def test_two_overlays_of_one_day_are_refused() -> None:
    assert "的版本或生效日相同" in refused(town=HEAD, other=HEAD.replace("town-1", "town-2")).zh


def test_a_later_base_does_not_drop_the_local_rules_without_a_word() -> None:
    later = NATIONAL.replace("national-2026.7", "national-2026.8", 2).replace("2026-01-01", "2026-07-01")
    later = later.replace('version = "national-2026.7"', 'version = "national-2026.8"')
    error = refused(town=HEAD, later=later)
    assert "会丢掉地方口径" in error.zh
    assert "later.toml" in error.zh
    again = (
        HEAD.replace("town-1", "town-2")
        .replace("national-2026.7", "national-2026.8")
        .replace("2026-03-01", "2026-07-01")
    )
    policies = standard(town=HEAD, later=later, again=again)
    assert [policies.policy_on(date(2026, month, 1)).version for month in (2, 3, 7)] == [
        "national-2026.7",
        "town-1",
        "town-2",
    ]


ITEM = '[checklists.own]\nname = "自定"\n[checklists.own.items]\n"一项" = '


@pytest.mark.parametrize(
    ("item", "wrong"),
    [
        ('{ facts = ["CaseClosed"], by = "leader", duty = "leader" }', "CaseClosed 不写明由谁亲自办理"),
        ('{ facts = ["CaseClosed"], dated = true, duty = "leader" }', "CaseClosed 不写明办理时限"),
        ('{ facts = ["VisitLogged"], by = "boss", duty = "leader" }', "by 只能是 'leader'"),
        ('{ facts = ["VisitLogged"], where = { kindd = "home" }, duty = "leader" }', "VisitLogged 没有 kindd 一项"),
        ('{ facts = ["VisitLogged"], where = { kind = "flat" }, duty = "leader" }', "VisitLogged 的 kind 不会是 flat"),
        (
            '{ facts = ["VisitLogged"], where = { kind = ["home", "x"] }, duty = "leader" }',
            "VisitLogged 的 kind 不会是",
        ),
        (
            '{ facts = ["VisitLogged"], where = { met_petitioner = "yes" }, duty = "leader" }',
            "met_petitioner 不会是 yes",
        ),
        (
            '{ facts = ["MeetingHeld"], where = { bodies = "police" }, duty = "leader" }',
            "MeetingHeld 的 bodies 不会是 police",
        ),
        ('{ facts = ["PlanAdopted"], has = ["fund"], duty = "leader" }', "PlanAdopted 没有 fund 一项"),
        ('{ facts = ["PlanAdoptd"], duty = "leader" }', "没有叫 PlanAdoptd 的事实，相近的：PlanAdopted"),
        ('{ facts = ["PlanAdopted"], duty = "leader", when = 3 }', "when 不是已知的项"),
    ],
)
def test_what_no_fact_could_meet_is_refused_on_its_line(item: str, wrong: str) -> None:
    error = refused(town=HEAD + ITEM + item + "\n")
    assert wrong in error.zh
    assert error.line == 10


def test_the_files_of_a_folder_are_read_together(tmp_path: Path) -> None:
    for name, text in {"national": NATIONAL, **LOCAL}.items():
        (tmp_path / f"{name}.toml").write_text(text, "utf-8")
    texts = {path.name: path.read_text("utf-8") for path in tmp_path.glob("*.toml") if "shandong" not in path.name}
    assert [policy.version for policy in load_policies(texts, REGISTRY)] == ["zhejiang-2016.7"]
