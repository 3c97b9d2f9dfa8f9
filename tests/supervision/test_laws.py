"""The laws of a verdict, on any history: what it may depend on, what it must not, and what a run of the clock leads to."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic_core import to_json

from services.supervision.course import LAST_RUNG
from services.supervision.domain.judging import next_moment
from services.supervision.dossier import Dossier, evolve
from services.supervision.queries import derivation, dossier_of
from services.supervision.rules import AFTERMATH, RULES, STALLING, assess
from shared.events import Fact
from shared.events.supervision import (
    CaseStalled,
    FindingRaised,
    FindingResolved,
    FindingRestated,
    NoticeClosed,
    NoticeIssued,
    StallCleared,
)
from shared.standard import Standard
from shared.terms import NoticeLevel
from shared.workdays import DAY, start_of
from tests.sample import (
    BUREAU,
    LI,
    OTHER,
    TOWN,
    WANG,
    accepted,
    backlog,
    closed,
    dispatched,
    extension,
    leader,
    objected,
    plan,
    registered,
    relapsed,
    repeat,
    replaced,
    reply,
    report,
    visit,
)
from tests.supervision.lives import Late, Watched, history, moment, then_another

FIRST, LAST, END = date(2026, 1, 1), date(2026, 4, 30), date(2026, 7, 15)
quickly = settings(max_examples=60)

days = st.dates(FIRST, LAST).map(str)
units = st.sampled_from([TOWN, BUREAU, OTHER])
officials = st.sampled_from([LI, WANG])

NOT_SUBSTANTIVE: list[st.SearchStrategy[Fact]] = [
    st.builds(dispatched, days, units),
    st.builds(objected, days, units),
    st.builds(repeat, days),
    st.builds(backlog, days),
    st.builds(accepted, days, units),
    st.builds(leader, days, officials),
    st.builds(replaced, days, officials),
    st.builds(extension, days, st.sampled_from([10, 30, 31]), told=st.booleans()),
    st.builds(report, days),
]
SUBSTANTIVE: list[st.SearchStrategy[Fact]] = [
    st.builds(visit, days, met=st.booleans()),
    st.builds(plan, days),
    st.builds(reply, days),
    st.builds(closed, days),
    st.builds(relapsed, days),
]


def _recorded(fact: Fact, lag: int) -> Late:
    claimed = fact.claimed_time()
    assert isinstance(claimed, date)
    return Late(fact, str(max(claimed + lag * DAY, FIRST)))


@st.composite
def lives(draw: Callable[..., object], lags: tuple[int, ...] = (0, 0, 0, 1, 9, 40)) -> list[Late]:
    """A case as its speakers recorded it: in any order of days, much of it late; now and then before it happened."""
    late = st.sampled_from(lags)
    opening = st.builds(_recorded, st.builds(registered, st.dates(FIRST, FIRST + 40 * DAY).map(str)), late)
    later = st.builds(_recorded, st.one_of(*SUBSTANTIVE, *NOT_SUBSTANTIVE), late)
    facts = draw(st.tuples(opening, st.lists(later, max_size=12)))
    assert isinstance(facts, tuple)
    return sorted((facts[0], *facts[1]), key=lambda entry: entry.on)


@quickly
@given(lives((0, 1, 9, 40, -20)), st.randoms(use_true_random=False), days)
def test_a_verdict_is_a_function_of_what_is_known_and_never_of_the_order_in_which_it_came(
    standard: Standard, life: list[Late], random: object, today: str
) -> None:
    """Law 5. Found: ten facts of one day were put in the order of their numbers as text."""
    facts = history(*life)
    shuffled = facts.copy()
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis' own Random
    as_of = moment(today, 20)
    assert to_json(derivation(standard, facts, as_of)) == to_json(derivation(standard, shuffled, as_of))
    as_they_came = Dossier()
    for fact in shuffled:
        as_they_came = evolve(as_they_came, fact)
    assert as_they_came == dossier_of(facts)
    assert assess(as_they_came, standard, as_of.date()) == assess(dossier_of(facts), standard, as_of.date())


@quickly
@given(lives(), days, st.integers(1, 60), st.sampled_from(["no-leader", "idle", "never-met", "relapse"]))
def test_a_new_policy_never_changes_a_past_verdict(
    standard: Standard, life: list[Late], today: str, limit: int, rule: str
) -> None:
    """Law 6."""
    facts, as_of = history(*life), moment(today, 20)
    newer = then_another(standard, as_of.date() + DAY, rule, days=limit)
    assert to_json(derivation(newer, facts, as_of)) == to_json(derivation(standard, facts, as_of))
    assert derivation(newer, facts, as_of + DAY)["policy"] == newer.policies[-1].version


@quickly
@given(lives(), st.lists(st.one_of(NOT_SUBSTANTIVE), max_size=12), st.dates(FIRST, LAST))
def test_what_is_not_substantive_never_moves_the_idle_clock(
    standard: Standard, life: list[Late], stir: list[Fact], today: date
) -> None:
    """Law 7."""
    calm = assess(dossier_of(history(*life)), standard, today).get("idle")
    busy = assess(dossier_of(history(*life, *stir)), standard, today).get("idle")
    if calm is None or busy is None:
        assert calm == busy
        return
    assert (calm.shows, calm.since, calm.changes_on, calm.counted, calm.arithmetic) == (
        busy.shows, busy.since, busy.changes_on, busy.counted, busy.arithmetic,
    )  # fmt: skip


@quickly
@given(lives(), st.dates(FIRST, LAST))
def test_the_due_day_that_is_printed_is_the_one_that_is_used(standard: Standard, life: list[Late], today: date) -> None:
    """Law 10."""
    for rule, verdict in assess(dossier_of(history(*life)), standard, today).items():
        turns = verdict.since or verdict.changes_on
        if rule in ("no-leader", "idle", "never-met", "overdue") and turns is not None:
            due = turns - DAY
            assert verdict.arithmetic[0].startswith("起算 ")
            assert verdict.arithmetic[-1] == f"= 到期日 {due} / due {due}"
            assert verdict.arithmetic[-2].endswith(f"→ {due}")
            assert verdict.shows == (today > due)
        elif verdict.shows:
            assert verdict.arithmetic
        else:
            assert verdict.changes_on is None


@quickly
@given(lives(), st.dates(FIRST, LAST), st.sampled_from(sorted(RULES)))
def test_an_answer_changes_by_itself_on_the_day_that_it_names_and_on_no_other(
    standard: Standard, life: list[Late], today: date, rule: str
) -> None:
    known = dossier_of(history(*life)).until(today)
    if known.registered is None:
        assert assess(known, standard, today) == {}
        return
    verdict = assess(known, standard, today)[rule]
    until = verdict.changes_on or today + 200 * DAY
    assert until > today
    for n in {1, 2, 3, 10, 30, 60, (until - today).days - 1}:
        if today + n * DAY < until:
            assert assess(known, standard, today + n * DAY)[rule].shows == verdict.shows
    if verdict.changes_on is not None:
        assert assess(known, standard, verdict.changes_on)[rule].shows != verdict.shows


@settings(max_examples=15)
@given(lives((0, 0, 1, 9, 40, -20)), st.dates(FIRST + DAY, LAST))
def test_asking_only_when_it_is_due_says_the_same_as_asking_every_day(
    standard: Standard, life: list[Late], policy_from: date
) -> None:
    both = then_another(standard, policy_from, "idle", days=12)
    daily = Watched(both).live(history(*life), END, daily=True)
    asked = Watched(both).live(history(*life), END, daily=False)
    assert [(r.time, r.fact) for r in asked.said] == [(r.time, r.fact) for r in daily.said]


@quickly
@given(lives(), st.dates(FIRST, LAST))
def test_when_to_ask_again_does_not_depend_on_who_asked_last(standard: Standard, life: list[Late], today: date) -> None:
    """A case that was judged just now is not judged once more for that; the answer is that of one who judges it anew."""
    watched, as_of = Watched(standard), start_of(today)
    for fact in history(*life):
        watched.hear(fact)
    watched.judge(as_of)
    watched.judge(as_of)  # now nothing is left to say
    for on in (today, today + 40 * DAY):
        moment = start_of(on)
        assert next_moment(standard, watched.dossier, moment) == next_moment(standard, replace(watched.dossier), moment)


@settings(max_examples=25)
@given(lives(), st.sets(st.dates(FIRST, END), max_size=6))
def test_an_outage_of_the_clock_changes_when_a_thing_is_said_and_not_what_holds(
    standard: Standard, life: list[Late], up: set[date]
) -> None:
    facts, end = history(*life), END
    always = Watched(standard).live(facts, end, daily=False)
    seldom = Watched(standard)
    for on in [*sorted(up), end]:
        for fact in facts[seldom.heard :]:
            if fact.time <= start_of(on):
                seldom.hear(fact)
        seldom.judge(start_of(on))
    held, held_by_seldom = (
        {
            rule: (found.since, found.counted)
            for rule, found in watched.dossier.findings.items()
            if rule not in AFTERMATH
        }
        for watched in (always, seldom)
    )
    assert held_by_seldom == held
    assert (seldom.dossier.stalled is None) == (always.dossier.stalled is None)
    assert (seldom.dossier.notice is None) == (always.dossier.notice is None)


@settings(max_examples=40)
@given(lives((0, 0, 1, 9, 40, -20)))
def test_what_is_said_hangs_together(standard: Standard, life: list[Late]) -> None:
    """A finding is open once, a notice is live once and goes up one rung at a time, and somebody is always addressed. What is
    found is named by a live notice, or waits for one that is on its way up. No unit hears of it on the last rung first.
    """
    facts = history(*life)
    who: dict[str, set[str]] = {}
    found: dict[str, FindingRaised] = {}
    ids: set[str] = set()
    live: dict[str, NoticeIssued] = {}
    issued: list[NoticeIssued] = []
    ever: dict[str, FindingRaised] = {}
    stalled: CaseStalled | None = None
    last = None
    for written in Watched(standard).live(facts, END, daily=False).said:
        if last != (last := written.time):
            named = {name for notice in live.values() for name in notice.findings}
            untold = {f.finding_id for rule, f in found.items() if rule not in AFTERMATH} - named
            assert not untold or any(notice.level is not LAST_RUNG for notice in live.values())
        if isinstance(written.fact, FindingRaised):
            ever[written.fact.finding_id] = written.fact
        match written.fact:
            case FindingRestated() as fact:
                assert found[fact.rule].finding_id == fact.finding_id
                was = found[fact.rule]
                assert (was.since, was.counted) != (fact.since, fact.counted)
                found[fact.rule] = fact
            case FindingRaised() as fact:
                assert fact.rule not in found
                assert fact.finding_id not in ids
                ids.add(fact.finding_id)
                found[fact.rule] = fact
            case FindingResolved() as fact:
                assert found.pop(fact.rule).finding_id == fact.finding_id
            case CaseStalled() as fact:
                assert stalled is None or (stalled.since, stalled.rules, stalled.sentence_zh) != (
                    fact.since, fact.rules, fact.sentence_zh,
                )  # fmt: skip
                assert set(fact.rules) == found.keys() & STALLING
                stalled = fact
            case StallCleared():
                assert stalled is not None
                assert not found.keys() & STALLING
                stalled = None
            case NoticeIssued() as fact:
                rungs, followed = list(NoticeLevel), live.pop(fact.follows or "", None)
                its = [(ever[name].rule, {e.id for e in ever[name].counted}) for name in fact.findings]
                stood = [
                    other.level
                    for other in issued
                    for name in other.findings
                    if other.level is not LAST_RUNG
                    if any(ever[name].rule == rule and {e.id for e in ever[name].counted} <= ids for rule, ids in its)
                ]
                up, told = (
                    (rungs[rungs.index(followed.level) + 1], who[followed.notice_id])
                    if followed
                    else (max(stood, key=rungs.index, default=rungs[0]), set())
                )
                issued.append(fact)
                whoever_has_it_now = followed is not None and up is LAST_RUNG and fact.addressee.unit not in told
                assert fact.level is (followed.level if followed and whoever_has_it_now else up)
                who[fact.notice_id] = {*told, fact.addressee.unit}
                assert fact.follows == (followed.notice_id if followed else None)
                assert followed is None or (followed.due_on is not None and followed.due_on < fact.issued_on)
                assert all(notice.level is LAST_RUNG for notice in live.values())
                assert {*fact.findings} <= {f.finding_id for rule, f in found.items() if rule not in AFTERMATH}
                assert fact.addressee.name.strip()
                assert fact.addressee.unit.strip()
                live[fact.notice_id] = fact
            case NoticeClosed() as fact:
                del live[fact.notice_id]
        if isinstance(written.fact, FindingRaised) and written.fact.rule not in AFTERMATH:
            known = [fact for fact in facts if fact.time <= written.time]
            said = derivation(standard, known, written.time)
            (now,) = (entry for entry in said["rules"] if entry["rule"] == written.fact.rule)
            assert (now["zh"], now["since"], now["counted"]) == (
                written.fact.sentence_zh, written.fact.since, written.fact.counted,
            )  # fmt: skip


def test_ten_facts_of_one_day_keep_their_order() -> None:
    """The tenth is after the ninth: a relapse that was said last is what holds."""
    busy = [report(f"2026-02-{n:02}") for n in range(1, 8)]
    life = history(
        registered("2026-01-05"), accepted("2026-02-08"), *busy, closed("2026-02-08"), relapsed("2026-02-08")
    )
    assert life[-1].id == "casework:case-1:10"
    dossier = dossier_of(life)
    assert not dossier.closed
    assert dossier.facts[-1].id == "casework:case-1:10"
