"""Replay: what was said comes out again to the byte, whatever was heard when; and another policy shows what it would have said."""

import asyncio
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from pydantic_core import to_json

from deploy.node import POLICIES
from deploy.replaying import ALWAYS, Asked, replay
from services.supervision.domain.findings import AnswerFinding, WithdrawFinding
from services.supervision.domain.policies import POLICIES as SHELF
from services.supervision.publishing import standard_at
from services.supervision.queries import derivation
from services.supervision.replay import Kind, Window, compared
from services.supervision.replay.scene import OF_THE_CLOCK
from services.supervision.rules import RULES, TABLES
from shared.events import REGISTRY, Recorded
from shared.events.intake import PostTaken, UnitDissolved, UnitEstablished, UnitRenamed
from shared.events.supervision import (
    BookOpened,
    CampaignAccepted,
    CampaignOpened,
    FindingRaised,
    NoticeClosed,
    NoticeIssued,
    NoticeSupplemented,
    PolicyPublished,
    RegisterPublished,
    ReportFiled,
    RetaliationDismissed,
    RetaliationReferred,
    RetaliationReported,
    StallCleared,
    StandardAdopted,
    SweepCompleted,
    UnitInspected,
)
from shared.standard import Standard
from shared.terms import LeaderRank
from shared.workdays import DAY
from tests.sample import (
    BUREAU,
    LI,
    OTHER,
    TOWN,
    WANG,
    accepted,
    day,
    dispatched,
    leader,
    merged,
    registered,
    unmerged,
    visit,
)
from tests.spec import recorded
from tests.supervision import account, year_end
from tests.supervision.account import command
from tests.supervision.lives import Late, history, moment, rewritten, then_another
from tests.supervision.test_laws import END, FIRST, lives
from tests.supervision.watching import ALL, Days, by_another, county, log_of, of_folder, once_more, watched

IDLE = (registered("2026-01-05"), accepted("2026-01-06"), leader("2026-01-07", LI), visit("2026-01-08"))
ATTENTIVE = [moment(f"2026-{month:02}-{n:02}", 0.2) for month in range(1, 7) for n in range(1, 29)]
"""The watch passes soon after midnight, on most days of half a year."""


quickly = settings(max_examples=6, phases=(Phase.explicit, Phase.reuse, Phase.generate))
"""Half a year with a log of its own is not shrunk: that takes longer than to read it."""


def heard_at_work(draw: Callable[..., Any], life: list[Recorded]) -> Days:
    """The days of a watch that is away on some days, and hears on its return what came meanwhile."""
    away = draw(st.sets(st.dates(FIRST, END), max_size=40))
    every = {moment(str(FIRST + n * DAY), 0.2) for n in range(0, (END - FIRST).days + 1, 2)}
    moments = every | {fact.time for fact in life}
    return Days([at for at in moments if (at + timedelta(hours=8)).date() not in away], life)


@st.composite
def counties(draw: Callable[..., Any]) -> Days:
    """A case in which much comes late, and a watch that is now and then away."""
    return heard_at_work(draw, sorted(history(*draw(lives())), key=lambda fact: fact.time))


def words(draw: Callable[..., Any]) -> dict[datetime, Any]:
    """What people say of findings, refused or not."""
    told: dict[datetime, Any] = {}
    for on, n, withdraw in draw(
        st.lists(st.tuples(st.dates(FIRST, END), st.integers(1, 3), st.booleans()), max_size=4)
    ):
        name = f"finding-{n}"
        told[moment(str(on), 9)] = (
            command(WithdrawFinding, finding_id=name, withdrawn_on=on)
            if withdraw
            else command(AnswerFinding, finding_id=name, answered_on=on)
        )
    return told


@quickly
@given(st.data(), counties(), st.booleans())
def test_a_replay_says_what_was_said_to_the_byte(standard: Standard, data: Any, days: Days, twice: bool) -> None:
    days.twice, days.words = twice, words(data.draw)
    with county(days, standard) as folder:
        done = once_more(folder, standard)
        issued = [placed.recorded for placed in log_of(folder) if placed.of_the_clock]
    assert list(compared("case-1", done, to_the_byte=True)) == []
    assert len(done.found) == len(issued)
    for word, document in zip(done.found, issued, strict=True):
        assert document.raw.endswith(b',"data":' + to_json(word.fact) + b"}")


@quickly
@given(counties(), st.dates(FIRST + DAY, END), st.sampled_from(["no-leader", "idle", "never-met"]), st.integers(1, 60))
def test_another_policy_differs_by_what_a_fresh_run_under_it_says(
    standard: Standard, days: Days, since: date, rule: str, limit: int
) -> None:
    other = then_another(standard, since, rule, days=limit)
    with county(days, standard) as folder:
        imagined = by_another(folder, standard, other)
    with county(days, other) as folder:
        fresh = once_more(folder, other)
    assert [(day_of(word.as_of), plain(word.fact)) for word in imagined.found] == [
        (day_of(word.as_of), plain(word.fact)) for word in fresh.issued
    ]


@quickly
@given(st.data(), counties())
def test_the_same_policy_makes_no_difference(standard: Standard, data: Any, days: Days) -> None:
    days.words = words(data.draw)
    with county(days, standard) as folder:
        done = by_another(folder, standard, standard)
    assert list(compared("case-1", done, to_the_byte=False)) == []
    assert done.moot == 0


@pytest.mark.parametrize("facts", [2, 3])
def test_what_comes_in_one_breath_is_asked_about_once_all_of_it_was_heard(standard: Standard, facts: int) -> None:
    """A ledger's row is registered and dispatched in a blink, and judged as a whole; nothing is imagined in between."""
    at = moment("2026-05-20", 10)
    life = (registered("2026-01-05"), dispatched("2026-01-06"), leader("2026-01-07"))[:facts]
    heard = [recorded(fact, n, now=at + timedelta(milliseconds=20 * n)) for n, fact in enumerate(life, 1)]
    days = Days([moment("2026-05-20", 1), at + timedelta(seconds=2), moment("2026-05-21", 1)], heard)
    with county(days, standard) as folder:
        done = by_another(folder, standard, standard)
    assert done.issued
    assert list(compared("case-1", done, to_the_byte=False)) == []


def day_of(at: datetime) -> date:
    return (at + timedelta(hours=8)).date()


def plain(fact: Any) -> Any:
    """The word without the minute of the day at which it was said."""
    return type(fact).__name__, fact.model_dump(exclude={"as_of"})


def test_what_differs_is_told_apart(standard: Standard) -> None:
    """Idle after 12 days instead of 31: earlier; never met is not looked for: gone; and the n-th is held against the n-th."""
    days = Days([*ATTENTIVE, moment("2026-01-08", 12)], history(*IDLE))
    strict = then_another(standard, day("2026-01-02"), "idle", days=12)
    with county(days, standard) as folder:
        done = by_another(folder, standard, strict)
        idle = next(d for d in compared("case-1", done, to_the_byte=False) if d.about == "idle")
        assert (idle.kind, idle.fact, idle.unit) == (Kind.EARLIER, "FindingRaised", TOWN)
        assert (idle.said_on, idle.said_now) == (day("2026-02-08"), day("2026-01-21"))
        lax = then_another(standard, day("2026-01-02"), "idle", days=1000)
        kinds = {d.kind for d in compared("case-1", by_another(folder, standard, lax), to_the_byte=False)}
        assert kinds == {Kind.GONE, Kind.LATER}  # what is found beside it is told later
        window = Window(moment("2026-03-01"), moment("2026-04-01"))
        late = once_more(folder, standard, window)
        assert all(word.as_of in window for word in (*late.issued, *late.found))
        assert late.issued


def test_a_word_that_does_not_follow_is_found_out_and_so_is_one_that_was_left_unsaid(standard: Standard) -> None:
    """A log written by other rules than those that are asked now."""
    days = Days([*ATTENTIVE, moment("2026-01-08", 12)], history(*IDLE))
    strict = then_another(standard, day("2026-01-02"), "idle", days=12)
    lax = then_another(standard, day("2026-01-02"), "idle", days=1000)
    with county(days, standard) as folder:
        unsaid = list(compared("case-1", once_more(folder, strict), to_the_byte=True))
        assert (unsaid[0].kind, unsaid[0].said_now) == (Kind.EARLIER, day("2026-01-21"))
        gone = {d.about for d in compared("case-1", once_more(folder, lax), to_the_byte=True) if d.kind is Kind.GONE}
        assert "idle" in gone


def test_a_notice_is_addressed_by_what_was_known_and_not_by_what_was_heard_later(standard: Standard) -> None:
    """The head took the post before the notice, and it was recorded before; but supervision heard of it afterwards."""
    unit = [
        recorded(fact, n, "unit-0000000000000001", now=moment("2026-02-01", n))
        for n, fact in enumerate(
            (
                UnitEstablished(name=TOWN, region="610499", established_on=day("2010-01-01")),
                PostTaken(
                    holding_id="h-1", official=WANG, since=day("2024-03-01"), rank=LeaderRank.MAIN, heads_unit=True
                ),
            ),
            1,
        )
    ]
    late = [*history(registered("2026-01-05")), *unit]
    days = Days([at for at in ATTENTIVE if at < moment("2026-02-01") or at > moment("2026-02-02")], late)
    with county(days, standard) as folder:
        notices = [p.recorded.fact for p in log_of(folder) if isinstance(p.recorded.fact, NoticeIssued)]
        assert [notice.addressee.person is None for notice in notices[:2]] == [True, False]
        assert list(compared("case-1", once_more(folder, standard), to_the_byte=True)) == []


def passed_on() -> list[Recorded]:
    """An idle case that went from hand to hand, of units of which it is known later that one was renamed, and merged into another.
    A visit is recorded late, and for a time the case is merged.
    """
    case = history(
        *IDLE,
        dispatched("2026-01-10"),
        *(
            dispatched(on, unit)
            for on, unit in (("2026-02-10", "柳林街道"), ("2026-02-15", BUREAU), ("2026-02-18", OTHER))
        ),
        visit("2026-03-02"),
        Late(visit("2026-02-20"), "2026-03-20"),
        merged("2026-05-20"),
        unmerged("2026-05-26"),
    )
    ours, heir = "unit-0000000000000001", "unit-0000000000000002"
    gone = UnitDissolved(dissolved_on=day("2026-01-20"), reason="撤并", successor=heir)
    units = [
        recorded(fact, n, name, now=moment(at, 9))
        for n, name, fact, at in (
            (1, ours, UnitEstablished(name=TOWN, region="610499", established_on=day("2010-01-01")), "2026-01-06"),
            (2, ours, UnitRenamed(name="柳林街道", renamed_on=day("2026-01-15")), "2026-03-05"),
            (1, heir, UnitEstablished(name=BUREAU, region="610499", established_on=day("2010-01-01")), "2026-03-28"),
            (3, ours, gone, "2026-04-20"),
        )
    ]
    return sorted([*case, *units], key=lambda fact: fact.time)


async def test_three_changes_of_policy_and_a_start_in_between_are_followed_by_what_the_log_says(tmp_path: Path) -> None:
    """Files in force from different days, one of them known only later, one laid over another, one gone again."""
    national = (POLICIES / "national.toml").read_text("utf-8")
    idle = (
        'version = "{v}"\nbased_on = "{b}"\ntitle = "t"\neffective_from = {on}\nauthor = "a"\nbasis = "b"\n'
        "[rules.idle]\ndays = {n}\n"
    )
    first = {
        "national.toml": national,
        "a.toml": idle.format(v="a", b="national-2026.7", on="2026-02-01", n=20),
        "b.toml": idle.format(v="b", b="a", on="2026-03-01", n=45),
    }
    second = first | {
        "c.toml": idle.format(v="c", b="b", on="2026-04-01", n=10),
        "holidays.toml": '[2026]\nholidays = ["2026-04-07"]\nworkdays = []\n',
    }
    facts, change = passed_on(), moment("2026-03-25")
    early = Days(
        [at for at in (*ATTENTIVE, *(f.time for f in facts)) if at < change], [f for f in facts if f.time < change]
    )
    await watched(tmp_path, early, Standard.of(first, TABLES), first)
    late = Days(
        [at for at in (*ATTENTIVE, *(f.time for f in facts)) if at > change], [f for f in facts if f.time > change]
    )
    await watched(tmp_path, late, Standard.of(second, TABLES), second)
    said = [p.recorded.fact for p in log_of(tmp_path) if p.of_the_clock]
    assert {fact.policy for fact in said if isinstance(fact, FindingRaised)} == {"national-2026.7", "a", "b", "c"}
    handed = [type(fact).__name__ for fact in said if getattr(fact, "rule", "") == "ping-pong"]
    assert (handed[0], handed[-1]) == ("FindingRaised", "FindingResolved")
    assert {type(fact) for fact in said} >= {NoticeIssued, NoticeSupplemented, NoticeClosed, StallCleared}
    shelf = [placed.recorded for placed in log_of(tmp_path, SHELF)]
    then, now = Standard.of(first, TABLES), Standard.of(second, TABLES)
    for at in ("2025-12-01", "2026-03-24"):
        assert {one.version: one for one in standard_at(shelf, moment(at), now).policies} == {
            one.version: one for one in then.policies
        }
    assert standard_at(shelf, moment("2026-04-01"), now) is standard_at([], moment("2026-03-24"), now) is now
    asked = Asked(tmp_path, None, {})
    alone, together = replay(asked, 1), replay(asked, 2)
    assert alone.issued["FindingRaised"] > 2
    assert alone.found == alone.issued
    assert not alone.differences
    assert alone == together
    other = await asyncio.to_thread(
        replay, Asked(tmp_path, None, {}, ALWAYS, idle.format(v="d", b="c", on="2026-05-01", n=5)), 1
    )
    assert [d for d in other.shown if d.said_now is not None and d.said_now < day("2026-05-01")] == []


def test_a_replay_writes_nothing(standard: Standard) -> None:
    with county(Days([*ATTENTIVE, moment("2026-01-08", 12)], history(*IDLE)), standard) as folder:
        log = folder / "supervision.db"
        before = log.read_bytes()
        once_more(folder, standard)
        by_another(folder, standard, standard)
        assert log.read_bytes() == before
        assert not (folder / "supervision.db-wal").stat().st_size


@pytest.mark.parametrize("rule", sorted(RULES))
@settings(max_examples=3)
@given(life=lives(), today=st.dates(FIRST, END))
def test_law_6_holds_of_every_rule(national: Standard, rule: str, life: list[Late], today: date) -> None:
    """A policy from tomorrow on changes no verdict of today, whatever it says of whichever rule."""

    def change(policy: Any) -> Any:
        table = policy.rules[rule]
        numbers = {
            name: value + 7
            for name, value in table
            if isinstance(value, int) and not isinstance(value, bool) and name in ("days", "times", "at_least")
        }
        turned = table.model_copy(update={"enabled": not table.enabled, **numbers})
        return policy.model_copy(
            update={"version": "newer", "effective_from": today + DAY, "rules": {**policy.rules, rule: turned}}
        )

    newer = Standard((*national.policies, *rewritten(national, change).policies), national.calendar)
    facts, as_of = history(*life), moment(str(today), 20)
    assert to_json(derivation(newer, facts, as_of)) == to_json(derivation(national, facts, as_of))


def test_what_ships_is_what_the_tests_go_by(national: Standard) -> None:
    assert of_folder(POLICIES).policies == national.policies
    assert ALL.since < ALL.until


def test_whatever_nobody_says_is_the_clocks_and_asked_once_more() -> None:
    """A fact that follows from a verdict and is not among these would be taken as given, whatever the rules say now."""
    facts = {kind for kind in REGISTRY.values() if kind.speaker == "supervision"}
    by_people = {type(fact) for _, fact in (*account.EXAMPLES.values(), *year_end.EXAMPLES.values())}
    by_people |= {UnitInspected, CampaignOpened, ReportFiled, RegisterPublished, CampaignAccepted}
    by_people |= {RetaliationReported, RetaliationReferred, RetaliationDismissed}
    of_the_watch = {PolicyPublished, StandardAdopted, SweepCompleted, BookOpened}
    assert {kind for kind in facts if issubclass(kind, OF_THE_CLOCK)} == facts - by_people - of_the_watch
